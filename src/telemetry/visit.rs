//! Visitors from outside: who sends requests to a gateway without being one of the run's virtual users. They are in no
//! books, and no expectation counts them.

use serde::{Deserialize, Serialize};

/// As many visitors of one gateway process are told apart; a further one takes the seat of who was silent longest.
pub const MOST_VISITORS: u32 = 8;

/// One visitor, as the gateway knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// The visitor's seat, from 1 to [`MOST_VISITORS`].
    pub number: u32,
    /// Requests so far.
    pub requests: u64,
    /// Of these, those that were answered with 4xx or 5xx, or not at all.
    pub failed: u64,
    /// Whether a session was given to the visitor and, as far as the gateway saw, is still there.
    pub session: bool,
    /// How often an answer said that a session that had been given is unknown.
    pub lost: u32,
    /// When the last request was answered, in microseconds of run time.
    pub last_us: u64,
}

/// All visitors of one gateway process. The sums count those whose seat was taken, too, so they only grow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visits {
    /// Visitors so far.
    pub visitors: u64,
    /// Of these, those whose seat another has taken.
    pub forgotten: u64,
    /// Requests of all of them.
    pub requests: u64,
    /// Of these, those that failed.
    pub failed: u64,
    /// Sessions that visitors were given and that are unknown now.
    pub lost: u64,
    /// Who has a seat, by number.
    pub present: Vec<Visitor>,
}
