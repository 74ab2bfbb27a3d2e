//! The messages of the control connection.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::telemetry::{Belief, Holdings, LedgerLine, Standing, TraceId, Visits};
use crate::topology::LifeId;

use super::config::NodeConfig;

/// What a node tells the app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub enum NodeMessage {
    /// The first line: who it is. A wrong token or protocol ends the connection.
    Hello {
        /// The version of the protocol that the node speaks.
        protocol: u32,
        /// The run's secret.
        token: String,
        /// Which life it is.
        life: LifeId,
        /// Its process id.
        pid: u32,
    },
    /// It has applied this configuration.
    Applied {
        /// The configuration's revision.
        revision: u64,
    },
    /// It takes requests from now on. `address` is `None` for a node that listens nowhere (users).
    Ready {
        /// Where it listens.
        address: Option<SocketAddr>,
    },
    /// It takes no requests for now.
    Unready {
        /// Why, in a few words.
        reason: String,
    },
    /// It was asked to end (SIGTERM) and finishes what it has.
    Draining,
    /// It cannot do what it should, and exits: a program is not installed, a port cannot be bound.
    Failed {
        /// What is wrong and what to do, in a sentence.
        message: String,
    },
    /// A holder's ledger line. Written into the socket before the answer to the user leaves.
    Ledger(LedgerLine),
    /// The socket was full when a ledger line was due: this life's census cannot be trusted to be complete.
    CensusIncomplete,
    /// A user's ledger line.
    Belief(Belief),
    /// A gateway or caller decided not to send to a replica any more.
    Noticed(Noticed),
    /// What is the newest list of endpoints? Asked at its interval by a node that polls. The answer is a configuration,
    /// if there is something new, else silence.
    Poll,
    /// A gateway's visitors from outside, whenever they changed. The newest counts.
    Visits(Visits),
    /// What a database holds, whenever it was counted anew and has changed. The newest counts.
    Holds(Holdings),
    /// Everything in flight is resolved and final totals have been delivered. The last message before the app stops it.
    Settled {
        /// For a users node: the sessions that are still open.
        standings: Vec<Standing>,
    },
}

/// The moment at which a gateway or caller gave a replica up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noticed {
    /// The replica that is given up.
    pub upstream: LifeId,
    /// When, in microseconds of run time.
    pub at_us: u64,
    /// What told it.
    pub by: NoticedBy,
}

/// What told a gateway that a replica is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticedBy {
    /// A connection to it was refused.
    Refused,
    /// A connection to it ended.
    Reset,
    /// It did not answer in time.
    TimedOut,
    /// Health checks failed.
    HealthCheck,
    /// The app took it off the list.
    Told,
}

/// What the app tells a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub enum AppMessage {
    /// The node's whole configuration.
    Configure(Box<NodeConfig>),
    /// Come to an end: no new journeys, resolve what is in flight, check every session that was not checked since
    /// `since_us`, deliver final totals, say settled.
    Settle {
        /// The last death of a life that users could depend on, in microseconds of run time; `None` if there was none.
        since_us: Option<u64>,
    },
    /// Crash: end at once from within, as a bug makes a process end.
    Crash,
    /// To a draining node: nobody sends to you any more; exit when nothing is in flight.
    Released,
    /// Flush the spans of this trace, sampled or not.
    Want {
        /// Which trace.
        trace: TraceId,
    },
    /// To the keeper of a foreign program: do this to the program.
    Keeper {
        /// What to do.
        act: KeeperAct,
    },
}

/// What a keeper can do to the program it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeeperAct {
    /// SIGKILL.
    Kill,
    /// SIGABRT, as a program's own `abort` would send.
    Crash,
    /// SIGTERM.
    Terminate,
    /// SIGSTOP.
    Pause,
    /// SIGCONT.
    Resume,
}
