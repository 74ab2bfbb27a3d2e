//! Why an operation is not done: what the asker is told, and what the books call it.

use crate::telemetry::Cause;

/// An operation that ends without its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The HTTP status of the answer.
    pub(super) status: u16,
    /// What the books call it.
    pub(super) cause: Cause,
    /// What happened and what to do, for a person.
    pub(super) words: String,
}

impl Refusal {
    /// A refusal with the status that belongs to its cause.
    pub(super) fn new(cause: Cause, words: impl Into<String>) -> Self {
        Self::with_status(cause.http_status(), cause, words)
    }

    /// A refusal whose status says more than its cause.
    pub(super) fn with_status(status: u16, cause: Cause, words: impl Into<String>) -> Self {
        Self { status, cause, words: words.into() }
    }

    /// Nobody here knows the session that the request names, or it names none.
    pub(super) fn unknown_session() -> Self {
        Self::new(Cause::UnknownSession, "unknown session: log in (again)")
    }
}
