//! A model of the world that the control plane commands: processes, their connections, sessions in them, and users with
//! beliefs. Its events reach the control plane late, out of order between sources, twice, and some never.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;

use brownout::control::{Effect, Event, Exit, Signal, View};
use brownout::telemetry::{LedgerKind, LedgerLine, OperationBooks, Outcome, SessionId, Totals};
use brownout::topology::{LifeId, Sessions};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::users::User;

/// One process.
pub(crate) struct Process {
    pub(crate) pid: u32,
    connects_us: Option<u64>,
    pub(crate) connected: bool,
    inbox: VecDeque<(u64, Arc<View>)>,
    pub(crate) view: Option<Arc<View>>,
    ready_us: u64,
    pub(crate) ready: bool,
    pub(crate) paused: bool,
    terminate: bool,
    drains_until_us: Option<u64>,
    released: bool,
    settle: bool,
    pub(crate) sessions: BTreeMap<SessionId, u32>,
}

/// Where events come from. Events of one source keep their order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Processes,
    Connection(LifeId),
    Collector(LifeId),
}

pub(crate) struct World {
    pub(crate) rng: ChaCha8Rng,
    /// Whether something was deployed: then a slot may change over, and has two lives meanwhile.
    pub(crate) deploys: bool,
    /// Whether new lives of the service crash on start.
    pub(crate) flawed: bool,
    pub(crate) now_us: u64,
    next_pid: u32,
    pub(crate) processes: BTreeMap<LifeId, Process>,
    pub(crate) spawned: BTreeSet<LifeId>,
    /// When a signal that ends a life, or its crash, hit it.
    pub(crate) ending: BTreeMap<LifeId, u64>,
    /// What dead lives held when they died.
    pub(crate) buried: BTreeMap<LifeId, BTreeSet<SessionId>>,
    queue: BTreeMap<(u64, u64), Event>,
    sequence: u64,
    last_us: BTreeMap<Source, u64>,
    listed_us: u64,
    pub(crate) users: Vec<User>,
    pub(crate) books: OperationBooks,
    /// Sessions that users lost, by the ended life that held them; `None` while their holder was well.
    pub(crate) lost: BTreeMap<Option<LifeId>, Vec<SessionId>>,
}

impl World {
    pub(crate) fn new(seed: u64, users: usize) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(seed),
            deploys: false,
            flawed: false,
            now_us: 0,
            next_pid: 100,
            processes: BTreeMap::new(),
            spawned: BTreeSet::new(),
            ending: BTreeMap::new(),
            buried: BTreeMap::new(),
            queue: BTreeMap::new(),
            sequence: 0,
            last_us: BTreeMap::new(),
            listed_us: 0,
            users: (0..users).map(|_| User::default()).collect(),
            books: OperationBooks::default(),
            lost: BTreeMap::new(),
        }
    }

    /// A moment that no other event has.
    pub(crate) fn stamp(&mut self) -> u64 {
        self.now_us += 1;
        self.now_us
    }

    /// Sends an event on its way.
    pub(crate) fn emit(&mut self, source: Source, event: Event) {
        let can_be_lost = if let Event::Exited { life, .. } = &event {
            // Without its exit, nobody can say to the microsecond when a process crashed.
            self.ending.contains_key(life)
        } else {
            matches!(event, Event::Spawned { .. } | Event::Totals { .. })
        };
        if can_be_lost && self.rng.random_bool(0.05) {
            return;
        }
        let delay_us = if self.rng.random_bool(0.05) { 400_000 } else { 20_000 };
        let at_us = self.now_us + self.rng.random_range(0..delay_us);
        let last_us = self.last_us.entry(source).or_default();
        let at_us = at_us.max(*last_us);
        *last_us = at_us;
        for _ in 0..1 + u32::from(self.rng.random_bool(0.05)) {
            self.sequence += 1;
            self.queue.insert((at_us, self.sequence), event.clone());
        }
    }

    /// The next event that has arrived by now.
    pub(crate) fn next_event(&mut self) -> Option<Event> {
        let entry = self.queue.first_entry().filter(|entry| entry.key().0 <= self.now_us)?;
        Some(entry.remove())
    }

    /// Does what the control plane asks for.
    pub(crate) fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Spawn { life } => self.spawn(life),
            Effect::Signal { life, signal } => self.signal(&life, signal),
            Effect::Configure { life, view } => {
                let due_us = self.now_us + self.rng.random_range(0..30_000);
                if let Some(process) = self.processes.get_mut(&life) {
                    process.inbox.push_back((due_us, view));
                }
            }
            Effect::Settle { life, .. } => {
                if let Some(process) = self.processes.get_mut(&life) {
                    process.settle = true;
                }
            }
            Effect::Release { life } => {
                if let Some(process) = self.processes.get_mut(&life) {
                    process.released = true;
                }
            }
            Effect::Crash { life } => {
                if self.processes.get(&life).is_some_and(|process| !process.paused) && !self.ending.contains_key(&life)
                {
                    self.crash(&life);
                }
            }
            Effect::Want { .. } | Effect::Audit { .. } | Effect::LoseData { .. } => {}
        }
    }

    fn spawn(&mut self, life: LifeId) {
        assert!(self.spawned.insert(life.clone()), "{life} spawned twice");
        let beside = self.processes.keys().filter(|other| other.slot == life.slot).count();
        assert!(beside <= usize::from(self.deploys), "{life} spawned beside {beside} predecessors");
        self.next_pid += 1;
        let pid = self.next_pid;
        let process = Process {
            pid,
            connects_us: Some(self.now_us + self.rng.random_range(1_000..80_000)),
            connected: false,
            inbox: VecDeque::new(),
            view: None,
            ready_us: self.rng.random_range(0..100_000),
            ready: false,
            paused: false,
            terminate: false,
            drains_until_us: None,
            released: false,
            settle: false,
            sessions: BTreeMap::new(),
        };
        self.processes.insert(life.clone(), process);
        self.emit(Source::Processes, Event::Spawned { life, pid });
    }

    fn signal(&mut self, life: &LifeId, signal: Signal) {
        let at_us = self.stamp();
        let Some(process) = self.processes.get_mut(life) else { return };
        match signal {
            Signal::Pause => process.paused = true,
            Signal::Resume => process.paused = false,
            Signal::Terminate => process.terminate = true,
            Signal::Kill => {}
        }
        let dies = match signal {
            Signal::Kill => true,
            Signal::Terminate => !process.ready,
            Signal::Pause | Signal::Resume => false,
        };
        if matches!(signal, Signal::Kill | Signal::Terminate) {
            self.ending.entry(life.clone()).or_insert(at_us);
        }
        self.emit(Source::Processes, Event::Signalled { life: life.clone(), signal, at_us });
        if dies {
            self.die(life, Exit::Signal(if signal == Signal::Kill { 9 } else { 15 }));
        }
    }

    /// Ends a process that nobody asked to end.
    pub(crate) fn crash(&mut self, life: &LifeId) {
        let at_us = self.stamp();
        self.die(life, Exit::Code(1));
        self.ending.entry(life.clone()).or_insert(at_us);
    }

    fn die(&mut self, life: &LifeId, exit: Exit) {
        let at_us = self.now_us;
        let Some(process) = self.processes.remove(life) else { return };
        self.buried.insert(life.clone(), process.sessions.into_keys().collect());
        self.emit(Source::Processes, Event::Exited { life: life.clone(), exit, at_us });
        if process.connected {
            self.emit(Source::Connection(life.clone()), Event::Disconnected { life: life.clone() });
        }
    }

    /// Lets the processes do what is due.
    pub(crate) fn step(&mut self, dt_us: u64) {
        self.now_us += dt_us;
        for life in self.processes.keys().cloned().collect::<Vec<_>>() {
            self.live(&life);
        }
        if self.now_us >= self.listed_us + 1_000_000 {
            self.listed_us = self.now_us;
            let lives = self.processes.iter().map(|(life, process)| (life.clone(), process.pid)).collect();
            self.emit(Source::Processes, Event::Actual { lives });
        }
    }

    fn say(&mut self, life: &LifeId, event: impl FnOnce(LifeId) -> Event) {
        self.emit(Source::Connection(life.clone()), event(life.clone()));
    }

    fn live(&mut self, life: &LifeId) {
        let now_us = self.now_us;
        let Some(process) = self.processes.get_mut(life).filter(|process| !process.paused) else { return };
        if process.connects_us.is_some_and(|at_us| at_us <= now_us) {
            process.connects_us = None;
            process.connected = true;
            return self.say(life, |life| Event::Connected { life });
        }
        if process.inbox.front().is_some_and(|(due_us, _)| *due_us <= now_us) {
            let Some((_, view)) = process.inbox.pop_front() else { return };
            let is_flawed = self.flawed
                && !process.ready
                && view.own.get(life).is_some_and(|own| own.versions.values().any(|version| version.bug.is_some()));
            if is_flawed {
                return self.crash(life);
            }
            let old = process.view.replace(Arc::clone(&view));
            assert!(old.is_none_or(|old| old.revision < view.revision), "{life} was told an old revision");
            process.ready_us += if process.ready { 0 } else { now_us };
            let revision = view.revision;
            self.say(life, |life| Event::Applied { life, revision });
            return self.adapt(life);
        }
        if process.view.is_some() && !process.ready && process.ready_us <= now_us {
            process.ready = true;
            let address = (life.node().as_str() != "shoppers").then(|| SocketAddr::from(([127, 0, 0, 1], 1)));
            return self.say(life, |life| Event::Ready { life, address });
        }
        if process.terminate && process.drains_until_us.is_none() {
            process.drains_until_us = Some(now_us + 1_000_000);
            return self.say(life, |life| Event::Draining { life });
        }
        if process.drains_until_us.is_some_and(|at_us| at_us <= now_us) || process.released {
            return self.die(life, Exit::Code(0));
        }
        if std::mem::take(&mut process.settle) {
            self.settle(life);
        }
    }

    fn settle(&mut self, life: &LifeId) {
        let standings = if life.node().as_str() == "shoppers" { self.check_sessions() } else { Vec::new() };
        self.report(life);
        self.say(life, |life| Event::Settled { life, standings });
    }

    /// Sends a life's counters.
    pub(crate) fn report(&mut self, life: &LifeId) {
        let at_us = self.stamp();
        let mut totals = Totals { at_us, ..Totals::default() };
        if life.node().as_str() == "shoppers" {
            totals.operations.insert("cart.add".to_owned(), self.books.clone());
        }
        self.emit(Source::Collector(life.clone()), Event::Totals { life: life.clone(), totals: Box::new(totals) });
    }

    /// Counts a request and its end.
    pub(crate) fn count(&mut self, outcome: Outcome) {
        self.books.issued += 1;
        self.books.settle(outcome, false);
    }

    /// Where a service keeps sessions by what it was told, and the store that it may use.
    pub(crate) fn keeps(&self, life: &LifeId) -> (Sessions, Option<LifeId>) {
        let view = self.processes.get(life).and_then(|process| process.view.as_ref());
        let mode = view.and_then(|view| Some(view.topology.node(life.node())?.service()?.sessions));
        let store = view.and_then(|view| view.endpoints.iter().find(|(node, _)| node.as_str() == "store"));
        let store = store.and_then(|(_, endpoints)| endpoints.first()).map(|endpoint| endpoint.life.clone());
        let store = store.filter(|store| self.processes.get(store).is_some_and(|process| !process.paused));
        (mode.unwrap_or_default(), store)
    }

    /// A service that was switched to a store moves what it holds there.
    fn adapt(&mut self, life: &LifeId) {
        let (Sessions::Store, Some(store)) = self.keeps(life) else { return };
        let Some(process) = self.processes.get_mut(life) else { return };
        for (session, items) in std::mem::take(&mut process.sessions) {
            if let Some(store) = self.processes.get_mut(&store) {
                store.sessions.insert(session.clone(), items);
            }
            self.write(life, Some(&store), &session, LedgerKind::Created, items);
            self.write(life, Some(life), &session, LedgerKind::Moved, items);
        }
    }

    /// Writes a line into a holder's ledger.
    pub(crate) fn write(
        &mut self,
        by: &LifeId,
        holder: Option<&LifeId>,
        session: &SessionId,
        kind: LedgerKind,
        items: u32,
    ) {
        let line = LedgerLine { at_us: self.stamp(), holder: holder.cloned(), session: session.clone(), kind, items };
        self.say(by, |life| Event::Ledger { life, line });
    }
}
