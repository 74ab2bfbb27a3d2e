//! What is to be done in the world. `runtime` does it and reports what came of it as events.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;

use crate::telemetry::TraceId;
use crate::topology::{Audit, Bug, LifeId, ModuleName, NodeId, RunSettings, Topology};

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Start a process for this life.
    Spawn {
        /// Which life; never asked for twice.
        life: LifeId,
    },
    /// Send a signal to a life's process (to the program itself where a keeper keeps one).
    Signal {
        /// Which life.
        life: LifeId,
        /// Which signal.
        signal: Signal,
    },
    /// Take away what a node keeps, once the process that it has is gone and before it has the next.
    LoseData {
        /// Which node.
        node: NodeId,
    },
    /// Push this view to a life as its whole configuration. A newer one replaces one that is still waiting to be sent.
    Configure {
        /// Which life.
        life: LifeId,
        /// What it must know.
        view: Arc<View>,
    },
    /// Tell a life to come to an end.
    Settle {
        /// Which life.
        life: LifeId,
        /// The last death, in microseconds of run time.
        since_us: Option<u64>,
    },
    /// Tell a draining life that nobody sends to it any more.
    Release {
        /// Which life.
        life: LifeId,
    },
    /// Read two tables in the databases at these addresses.
    Audit {
        /// Which, and what is compared.
        audit: Audit,
        /// Where the rows are.
        each: SocketAddr,
        /// Where their partners are.
        has: SocketAddr,
    },
    /// Have a life's process crash from within.
    Crash {
        /// Which life.
        life: LifeId,
    },
    /// Ask every life for the spans of this trace.
    Want {
        /// Which trace.
        trace: TraceId,
    },
}

/// A signal, by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// SIGKILL.
    Kill,
    /// SIGTERM.
    Terminate,
    /// SIGSTOP.
    Pause,
    /// SIGCONT.
    Resume,
}

/// The state of the system that configurations are made from. One view serves all lives of a revision.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Grows with every change.
    pub revision: u64,
    /// The drawing that everybody follows.
    pub topology: Arc<Topology>,
    /// Modules that nodes host although nobody is to send there: not yet, or not any more.
    pub guests: BTreeMap<NodeId, Vec<ModuleName>>,
    /// Databases in which services keep their sessions, or did in this run.
    pub session_databases: BTreeSet<NodeId>,
    /// The run's settings.
    pub run: RunSettings,
    /// Every life that has an address, by node, in the order of slots.
    pub endpoints: BTreeMap<NodeId, Vec<Endpoint>>,
    /// t = 0 in microseconds of run time; `None` while users must wait.
    pub started_us: Option<u64>,
    /// How many times faster than drawn users act, a spike included.
    pub tempo: f64,
    /// What only one life is to be, for lives that differ from what is drawn.
    pub own: BTreeMap<LifeId, Own>,
}

/// What only one life is to be.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Own {
    /// The versions of the modules that differ from the first.
    pub versions: BTreeMap<ModuleName, Version>,
    /// The port at which the slot's last life listened, where this one is to listen there, too.
    pub port: Option<u16>,
}

/// A version of a module.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Version {
    /// Counted from 1, in the order in which versions were made.
    pub number: u32,
    /// What is wrong with it.
    pub bug: Option<Bug>,
}

impl Default for Version {
    /// What was drawn: the first version, without a bug.
    fn default() -> Self {
        Self { number: 1, bug: None }
    }
}

/// One life that can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Which life.
    pub life: LifeId,
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether it takes requests.
    pub state: EndpointState,
}

/// Whether a life takes requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointState {
    /// It does.
    Ready,
    /// Not for now.
    Unready,
    /// It will exit: nothing new goes there.
    Draining,
}
