//! What came back for one request, reduced to what a user can judge. Pure.

use serde::Deserialize;

use crate::telemetry::{Cause, SessionId};
use crate::topology::LifeId;

/// How one request ended for the user who sent it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ending {
    /// An answer came, whatever it says.
    Answered(Answer),
    /// No answer came, for this cause.
    Failed(Cause),
    /// No answer came within the user's patience.
    TimedOut,
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Answer {
    /// The HTTP status.
    pub(super) status: u16,
    /// The cause that the answer names itself.
    pub(super) cause: Option<Cause>,
    /// The life that says it answered.
    pub(super) by: Option<LifeId>,
    /// What a 2xx answer delivered.
    pub(super) body: Body,
}

impl Answer {
    /// Why it is no 2xx; `None` when it is.
    pub(super) fn failure(&self) -> Option<Cause> {
        match self.status {
            200..=299 => None,
            status => Some(self.cause.unwrap_or(Cause::of_status(status))),
        }
    }
}

/// The body of a service's answer. What is not of this form delivered nothing that a user believes in.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Body {
    /// The session that was created or touched.
    pub(super) session: Option<SessionId>,
    /// What the last `read` step saw.
    pub(super) items: Option<Vec<String>>,
    /// Whether an optional call failed.
    pub(super) degraded: bool,
}
