//! Answers that the gateway gives itself.

use std::io::Write;

use crate::telemetry::Cause;
use crate::wire::headers;

use super::head::Refusal;

/// What the gateway says itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Own {
    /// The status.
    pub(super) status: u16,
    /// Why, when it is no good answer.
    pub(super) cause: Option<Cause>,
    /// What is told the client.
    pub(super) words: &'static str,
}

impl Own {
    /// The answer to a request that could not be answered behind the gateway.
    pub(super) fn failed(cause: Cause) -> Self {
        let words = match cause {
            Cause::Refused => "the replica refused the connection",
            Cause::Reset => "the replica closed the connection before its answer was complete",
            Cause::UpstreamTimedOut => "the replica did not answer in time",
            Cause::NoUpstream => "no replica takes requests",
            Cause::NoRoute => "no linked node serves this module",
            Cause::Protocol => "the replica's answer breaks the rules of HTTP",
            Cause::Shed
            | Cause::Draining
            | Cause::UnknownSession
            | Cause::CartLost
            | Cause::Duplicated
            | Cause::StoreUnavailable
            | Cause::DatabaseFailed
            | Cause::CallFailed
            | Cause::Upstream5xx
            | Cause::Status => "the request could not be answered",
        };
        // A bad answer is not the client's fault, as a bad request would be.
        let status = if cause == Cause::Protocol { 502 } else { cause.http_status() };
        Self { status, cause: Some(cause), words }
    }

    /// The answer to a client for whom there is no place.
    pub(super) const fn full() -> Self {
        Self { status: 503, cause: Some(Cause::Shed), words: "the gateway has all the connections that it can serve" }
    }

    /// The answer to a refused request.
    pub(super) fn refused(refusal: Refusal) -> Self {
        Self { status: refusal.status, cause: Some(Cause::Protocol), words: refusal.words }
    }

    /// The answer to the gateway's own health paths.
    pub(super) fn health(fit: bool) -> Self {
        if fit {
            Self { status: 200, cause: None, words: "ok" }
        } else {
            Self { status: 503, cause: Some(Cause::Draining), words: "the gateway is about to end" }
        }
    }

    /// Writes the whole answer to the end of `out`. `head`: without its body. `close`: says that it is the last one.
    pub(super) fn write(self, head: bool, close: bool, out: &mut Vec<u8>) {
        let what = if self.cause.is_some() { "error" } else { "status" };
        let length = what.len() + self.words.len() + 7;
        // Writing into memory cannot fail.
        let _ = write!(out, "HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        if let Some(cause) = self.cause {
            let _ = write!(out, "{}: {cause}\r\n", headers::CAUSE);
        }
        let _ = write!(out, "content-type: application/json\r\ncontent-length: {length}\r\n");
        out.extend_from_slice(if close { b"connection: close\r\n\r\n" } else { b"\r\n" });
        if !head {
            let _ = write!(out, "{{\"{what}\":\"{}\"}}", self.words);
        }
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        417 => "Expectation Failed",
        431 => "Request Header Fields Too Large",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => "Error",
    }
}
