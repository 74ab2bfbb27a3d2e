//! How a request or an attempt ended, and why it failed.

use serde::{Deserialize, Serialize};

/// How a request or an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Answered with 2xx, and the answer passed the user's own check.
    Ok,
    /// Answered with 2xx, but an optional call of it failed.
    Degraded,
    /// It failed.
    Failed(Cause),
    /// No answer came within the asker's own time limit.
    TimedOut,
}

impl Outcome {
    /// Whether the request did what was asked.
    pub const fn is_ok(self) -> bool {
        matches!(self, Self::Ok | Self::Degraded)
    }
}

/// Why a request or an attempt failed. The text form is the one of reports and of the `brownout-cause` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The connection was refused: nobody listens there.
    Refused,
    /// The connection ended before the answer was complete.
    Reset,
    /// A replica did not answer the gateway or a caller in time (504).
    UpstreamTimedOut,
    /// No replica was there to send to (503).
    NoUpstream,
    /// The service refused more work than its line holds (503).
    Shed,
    /// The service, while draining, refused (503).
    Draining,
    /// The session is unknown to whoever answered while it is open for the user (401).
    UnknownSession,
    /// The answer has fewer items than were acknowledged.
    CartLost,
    /// The answer has items that were never sent.
    Duplicated,
    /// The session store did not answer (503).
    StoreUnavailable,
    /// The database did not do what a step asked (503).
    DatabaseFailed,
    /// A call to another module failed (502).
    CallFailed,
    /// Nothing serves the operation (404).
    NoRoute,
    /// The answer or request broke the rules of HTTP.
    Protocol,
    /// Any other 5xx.
    #[serde(rename = "upstream_5xx")]
    Upstream5xx,
    /// Any other answer that is not 2xx.
    Status,
}

impl Cause {
    /// Every cause, in the order of reports.
    pub const ALL: [Self; 16] = [
        Self::Refused,
        Self::Reset,
        Self::UpstreamTimedOut,
        Self::NoUpstream,
        Self::Shed,
        Self::Draining,
        Self::UnknownSession,
        Self::CartLost,
        Self::Duplicated,
        Self::StoreUnavailable,
        Self::DatabaseFailed,
        Self::CallFailed,
        Self::NoRoute,
        Self::Protocol,
        Self::Upstream5xx,
        Self::Status,
    ];

    /// The text form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Reset => "reset",
            Self::UpstreamTimedOut => "upstream_timed_out",
            Self::NoUpstream => "no_upstream",
            Self::Shed => "shed",
            Self::Draining => "draining",
            Self::UnknownSession => "unknown_session",
            Self::CartLost => "cart_lost",
            Self::Duplicated => "duplicated",
            Self::StoreUnavailable => "store_unavailable",
            Self::DatabaseFailed => "database_failed",
            Self::CallFailed => "call_failed",
            Self::NoRoute => "no_route",
            Self::Protocol => "protocol",
            Self::Upstream5xx => "upstream_5xx",
            Self::Status => "status",
        }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == text)
    }

    /// The HTTP status that a gateway or service answers with when this happened behind it.
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Refused | Self::Reset | Self::CallFailed | Self::Upstream5xx => 502,
            Self::UpstreamTimedOut => 504,
            Self::NoUpstream | Self::Shed | Self::Draining | Self::StoreUnavailable | Self::DatabaseFailed => 503,
            Self::UnknownSession => 401,
            Self::NoRoute => 404,
            Self::Protocol | Self::Status => 400,
            Self::CartLost | Self::Duplicated => 200,
        }
    }

    /// What an answer with this status says, when it names no cause itself.
    pub const fn of_status(status: u16) -> Self {
        match status {
            401 => Self::UnknownSession,
            404 => Self::NoRoute,
            500..=599 => Self::Upstream5xx,
            _ => Self::Status,
        }
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_is_the_serialised_form() {
        for cause in Cause::ALL {
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.as_str());
            assert_eq!(Cause::parse(cause.as_str()), Some(cause));
        }
    }
}
