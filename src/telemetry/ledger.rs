//! The two session ledgers. Whoever holds sessions writes what it holds; every user writes what it believes. Neither
//! reads the other, so that after a kill the two can be compared as sets of session ids.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::topology::LifeId;

/// The id of one session: 16 random bytes in hexadecimal, made by the service that created it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct SessionId(pub Arc<str>);

impl From<String> for SessionId {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.0.as_ref().to_owned()
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One line of a holder's ledger: what it did to one session that it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    /// When, in microseconds of run time.
    pub at_us: u64,
    /// The life that holds the session: the writer itself for sessions in its memory, the store's life for sessions in
    /// a store. `None` for a token, which the user holds.
    pub holder: Option<LifeId>,
    /// Which session.
    pub session: SessionId,
    /// What was done.
    pub kind: LedgerKind,
    /// How many items the session has afterwards.
    pub items: u32,
}

/// What a holder did to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerKind {
    /// It exists now, here: created, or arrived from another holder.
    Created,
    /// Its items changed.
    Changed,
    /// The user ended it.
    Ended,
    /// Nobody touched it for its time to live.
    Expired,
    /// It left for another holder, whose own line says `created`.
    Moved,
}

/// One line of a user's own ledger: what the system has acknowledged to that user, or how it broke its word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belief {
    /// When the user learned it, in microseconds of run time.
    pub at_us: u64,
    /// Which user, from 1.
    pub user: u32,
    /// Which session.
    pub session: SessionId,
    /// What the user learned.
    pub kind: BeliefKind,
}

/// What a user learned about a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BeliefKind {
    /// Its creation was acknowledged: it is open. `again` when the user had to log in again.
    Opened {
        /// The life that answered, when the answer said so.
        by: Option<LifeId>,
        /// Whether it replaces a session that was lost.
        again: bool,
    },
    /// The user believes in this many items now.
    Items {
        /// How many.
        items: u32,
    },
    /// The user sent its end, so it is no longer open.
    Ended,
    /// The answer was *unknown session* while it was open: logged out.
    LoggedOut {
        /// How many acknowledged items went with it.
        items_lost: u32,
        /// The life that gave the answer, when the answer said so.
        by: Option<LifeId>,
    },
    /// The answer had fewer items than were acknowledged; the session itself goes on.
    CartLost {
        /// How many acknowledged items were missing.
        items_lost: u32,
        /// The life that gave the answer, when the answer said so.
        by: Option<LifeId>,
    },
    /// The answer had items that the user never sent.
    Duplicated {
        /// How many.
        items: u32,
    },
}

/// How a session that is still open at the end of a run stands, as its user knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Which user.
    pub user: u32,
    /// Which session.
    pub session: SessionId,
    /// When the last request was sent whose answer agreed with all that the user believed; `None` if there was none.
    pub verified_us: Option<u64>,
    /// How many items the user believes in.
    pub items: u32,
}
