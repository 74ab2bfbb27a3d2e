//! A scripted system: says what it was told to say and remembers what it was asked to do.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use brownout::app::{Backend, FileAccess, Opening, Origin};
use brownout::control::snapshot::{Holder, LifeState, LinkState, NodeState, Phase, SlotState, UserState};
use brownout::control::{Command, Snapshot};
use brownout::telemetry::{SessionId, Span};
use brownout::topology::{LifeId, builtin, format};

/// A system that says what it was last told to say.
#[derive(Clone)]
pub(crate) struct Script {
    snapshot: Arc<Mutex<Arc<Snapshot>>>,
    sent: Arc<Mutex<Vec<Command>>>,
    /// Those that are still to be had beside it.
    beside: Arc<Mutex<Vec<Script>>>,
}

impl Script {
    /// Nothing runs.
    pub(crate) fn idle() -> Self {
        Self::showing(Snapshot::default())
    }

    /// This runs.
    pub(crate) fn showing(snapshot: Snapshot) -> Self {
        Self { snapshot: Arc::new(Mutex::new(Arc::new(snapshot))), sent: Arc::default(), beside: Arc::default() }
    }

    /// There are these systems to be had beside it, and no others.
    pub(crate) fn with_beside(self, mut systems: Vec<Self>) -> Self {
        systems.reverse();
        *self.beside.lock().unwrap() = systems;
        self
    }

    /// From now on this runs.
    pub(crate) fn show(&self, snapshot: Snapshot) {
        *self.snapshot.lock().unwrap() = Arc::new(snapshot);
    }

    /// What was asked for so far.
    pub(crate) fn sent(&self) -> Vec<Command> {
        self.sent.lock().unwrap().clone()
    }
}

impl Backend for Script {
    fn send(&self, command: Command) {
        self.sent.lock().unwrap().push(command);
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.lock().unwrap())
    }

    fn take_spans(&self) -> Vec<Span> {
        Vec::new()
    }

    fn beside(&self) -> io::Result<Box<dyn Backend>> {
        let next = self.beside.lock().unwrap().pop();
        next.map(|script| Box::new(script) as Box<dyn Backend>).ok_or_else(|| io::Error::other("no threads are left"))
    }
}

/// A window on `sticky-sessions`.
pub(crate) fn opening() -> Opening {
    let found = builtin::by_name("sticky-sessions").unwrap();
    let document = format::read(found.text).unwrap();
    Opening {
        preset: Some((document, Origin::Builtin("sticky-sessions".to_owned()))),
        shots: Vec::new(),
        files: FileAccess { read, save },
        report: None,
        experiment: false,
        state: None,
    }
}

fn read(path: &Path, _most: usize) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| error.to_string())
}

fn save(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| error.to_string())
}

/// `sticky-sessions` ten seconds after its start: thirty users, ten sessions in each replica.
pub(crate) fn running() -> Snapshot {
    running_as("shoppers", "gate", "shop", 30)
}

/// The same with other names and as many users.
pub(crate) fn running_as(people: &str, gate: &str, shop: &str, count: u32) -> Snapshot {
    let slot = |life: LifeId, pid: u32| SlotState {
        slot: life.slot.clone(),
        life,
        state: LifeState::Ready,
        pid: Some(pid),
        address: None,
        restarts_us: None,
        cpu: 0.01,
        pss_kib: 900,
        requests: 40,
        sessions: 10,
        tables: Default::default(),
    };
    let node = |id: &str, slots: u32, pid: u32| NodeState {
        id: id.parse().unwrap(),
        slots: (1..=slots).map(|index| slot(format!("{id}.{index}#1").parse().unwrap(), pid + index)).collect(),
    };
    let user = |user: u32| UserState {
        node: people.parse().unwrap(),
        user,
        session: Some(SessionId::from(format!("{user:032x}"))),
        holder: Holder::Life(format!("{shop}.{}#1", user % 3 + 1).parse().unwrap()),
        items: user % 5,
        losses: 0,
        items_lost: 0,
        logged_out: false,
    };
    let link = |id: &str| LinkState {
        id: id.parse().unwrap(),
        sent: 150,
        failed: 0,
        received: 150,
        rate: 15.0,
        failing: 0.0,
        p95_ms: Some(4.0),
    };
    let mut snapshot = Snapshot {
        phase: Phase::Running,
        now_us: 11_000_000,
        started_us: Some(1_000_000),
        nodes: vec![node(people, 1, 4800), node(gate, 1, 4810), node(shop, 3, 4820)],
        links: vec![link(&format!("{people}->{gate}")), link(&format!("{gate}->{shop}"))],
        users: (1..=count).map(user).collect(),
        ..Snapshot::default()
    };
    snapshot.sessions.users = count;
    snapshot.sessions.open = u64::from(count);
    snapshot
}
