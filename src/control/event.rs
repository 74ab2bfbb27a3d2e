//! What the world did, in the past tense. Every event of a process names its life, so late news of a dead life changes nothing.

use std::net::SocketAddr;

use crate::telemetry::{Belief, Holdings, LedgerLine, Standing, Totals, TraceId, Visits};
use crate::topology::{LifeId, ModuleName};

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The process of a life exists.
    Spawned {
        /// Which life.
        life: LifeId,
        /// Its process id.
        pid: u32,
    },
    /// The process of a life could not be started.
    SpawnFailed {
        /// Which life.
        life: LifeId,
        /// Why, in the system's words.
        message: String,
    },
    /// A life dialled in.
    Connected {
        /// Which life.
        life: LifeId,
    },
    /// A life has applied a configuration.
    Applied {
        /// Which life.
        life: LifeId,
        /// The configuration's revision.
        revision: u64,
    },
    /// A life asks for the newest list of endpoints.
    Polled {
        /// Which life.
        life: LifeId,
    },
    /// A life takes requests.
    Ready {
        /// Which life.
        life: LifeId,
        /// Where it listens; `None` for users.
        address: Option<SocketAddr>,
    },
    /// A life takes no requests for now.
    Unready {
        /// Which life.
        life: LifeId,
        /// Why.
        reason: String,
    },
    /// A life finishes what it has and will exit.
    Draining {
        /// Which life.
        life: LifeId,
    },
    /// A life cannot do what it should.
    Failed {
        /// Which life.
        life: LifeId,
        /// What is wrong and what to do.
        message: String,
    },
    /// A signal was delivered.
    Signalled {
        /// Which life.
        life: LifeId,
        /// Which signal.
        signal: super::Signal,
        /// When, in microseconds of run time: just before the system call.
        at_us: u64,
    },
    /// A life's process is gone, reaped.
    Exited {
        /// Which life.
        life: LifeId,
        /// How it ended.
        exit: Exit,
        /// When it was known, in microseconds of run time.
        at_us: u64,
    },
    /// A life's control connection was read to its end.
    Disconnected {
        /// Which life.
        life: LifeId,
    },
    /// A holder's ledger line.
    Ledger {
        /// Who wrote it.
        life: LifeId,
        /// The line.
        line: LedgerLine,
    },
    /// A life's ledger has a hole.
    CensusIncomplete {
        /// Which life.
        life: LifeId,
    },
    /// A user's ledger line.
    Belief {
        /// The users node's life.
        life: LifeId,
        /// The line.
        belief: Belief,
    },
    /// A gateway or caller gave a replica up.
    Noticed {
        /// Who noticed.
        life: LifeId,
        /// Who was given up.
        upstream: LifeId,
        /// When, in microseconds of run time.
        at_us: u64,
        /// What told it, in words for the log: "refused", "reset", "timed out", "health check", "told".
        by: &'static str,
    },
    /// A life's counters.
    Totals {
        /// Which life.
        life: LifeId,
        /// The counters.
        totals: Box<Totals>,
    },
    /// Spans arrived from a life.
    Spans {
        /// How many.
        count: u64,
        /// The traces among them that ended badly and that were not sampled: what other nodes know of these is missing.
        ended_badly: Vec<TraceId>,
    },
    /// A life has resolved everything and delivered its final totals.
    Settled {
        /// Which life.
        life: LifeId,
        /// For users: sessions still open.
        standings: Vec<Standing>,
    },
    /// A gateway's visitors from outside.
    Visits {
        /// Which life.
        life: LifeId,
        /// The visitors, and sums over all there were.
        visits: Box<Visits>,
    },
    /// What a database holds.
    Holds {
        /// Which life.
        life: LifeId,
        /// Its tables.
        holdings: Holdings,
    },
    /// What a life's process uses.
    Figures {
        /// Which life.
        life: LifeId,
        /// Share of one core since the last figure, 0 to 1 and above for several threads.
        cpu: f32,
        /// Proportional set size in KiB.
        pss_kib: u64,
    },
    /// A life's process wrote something.
    Wrote {
        /// Which life.
        life: LifeId,
        /// The lines.
        lines: Vec<super::snapshot::OutputLine>,
    },
    /// Databases were read.
    Audited {
        /// For which audit.
        name: ModuleName,
        /// What was found, or why it could not be read.
        found: Result<Audited, String>,
    },
    /// The full actual state, every second: every life that has a process now. Control converges on this alone,
    /// whatever other events were lost.
    Actual {
        /// The lives with their process ids.
        lives: Vec<(LifeId, u32)>,
    },
    /// Time passed.
    Tick,
}

impl Event {
    /// Whether this is something that a life says of what it did or saw, as opposed to what became of the life itself.
    pub(super) const fn is_testimony(&self) -> bool {
        matches!(
            self,
            Self::Ledger { .. }
                | Self::CensusIncomplete { .. }
                | Self::Belief { .. }
                | Self::Noticed { .. }
                | Self::Totals { .. }
                | Self::Spans { .. }
                | Self::Settled { .. }
                | Self::Visits { .. }
        )
    }
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// How many rows there are.
    pub rows: u64,
    /// How many of them have no partner.
    pub unmatched: u64,
    /// Some of their keys.
    pub examples: Vec<String>,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// With this exit code.
    Code(i32),
    /// By this signal's number.
    Signal(i32),
    /// It is gone, and nobody knows how.
    Unknown,
}
