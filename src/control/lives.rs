//! What is known of every process that the run ever had: slots and the lives that filled them. Facts only; what is done
//! about them is decided in `lifecycle`, `reconcile` and `course`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::topology::{DatabaseEngine, Engine, LifeId, Node, NodeId, Role, Slot};

use super::discovery::EndpointList;
use super::effect::{Endpoint, EndpointState, Signal};
use super::event::Exit;
use super::log::LineNumber;
use super::snapshot::{Death, LifeState};

/// How many moments of being given up are kept for each life.
const MAX_NOTICES: usize = 256;
/// A crash is known only when the process is reaped; who gave it up this shortly before saw the crash itself.
const CRASH_SEEN_US: u64 = 1_000_000;

/// All slots and lives of a run.
#[derive(Debug, Default)]
pub(super) struct Lives {
    pub(super) slots: BTreeMap<Slot, SlotEntry>,
    all: BTreeMap<LifeId, Life>,
}

/// A place for a process. It stays known after it was scaled in, so that no life's id is ever used again.
#[derive(Debug, Default)]
pub(super) struct SlotEntry {
    /// Whether the drawing has it.
    pub(super) desired: bool,
    /// The number of the newest life; 0 before the first.
    pub(super) newest: u32,
    /// When the next life is due.
    pub(super) restarts_us: Option<u64>,
    /// The release of its next lives, where that is not the node's.
    pub(super) release: Option<u32>,
    /// How many lives in a row crashed right after their start.
    pub(super) quick_crashes: u32,
}

/// What a process was started as. When the drawing asks for another program, it must be a new process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    Users,
    Gateway,
    Service,
    Cache(Engine),
    Database(DatabaseEngine),
    /// A command, which says by itself which program it is.
    Command(u64),
}

impl Program {
    pub(super) fn of(node: &Node) -> Self {
        match &node.role {
            Role::Users(_) => Self::Users,
            Role::Gateway(_) => Self::Gateway,
            Role::Service(_) => Self::Service,
            Role::Cache(cache) => Self::Cache(cache.engine),
            Role::Database(database) => Self::Database(database.engine),
            Role::Program(program) => Self::Command(fingerprint(&program.command)),
        }
    }

    /// Whether it sends requests to services.
    pub(super) const fn sends_requests(self) -> bool {
        match self {
            Self::Users | Self::Gateway | Self::Service | Self::Command(_) => true,
            Self::Cache(_) | Self::Database(_) => false,
        }
    }

    /// Whether it keeps data that can be taken away.
    pub(super) const fn keeps_data(self) -> bool {
        match self {
            Self::Cache(_) | Self::Database(_) => true,
            Self::Users | Self::Gateway | Self::Service | Self::Command(_) => false,
        }
    }

    pub(super) const fn role(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Gateway => "gateway",
            Self::Service => "service",
            Self::Cache(_) => "cache",
            Self::Database(_) => "database",
            Self::Command(_) => "program",
        }
    }
}

/// A number that differs where the command does.
fn fingerprint(command: &[String]) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    command.hash(&mut hasher);
    hasher.finish()
}

/// A stretch of time; without an end while it lasts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) from_us: u64,
    pub(super) to_us: Option<u64>,
}

impl Stretch {
    /// Whether it went on at this moment, or had ended at most `margin_us` before.
    fn covers(&self, at_us: u64, margin_us: u64) -> bool {
        self.from_us <= at_us && self.to_us.is_none_or(|to_us| to_us.saturating_add(margin_us) >= at_us)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Connection {
    #[default]
    Never,
    Open,
    Closed,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Readiness {
    #[default]
    NotYet,
    Ready,
    Unready,
}

/// One life.
#[derive(Debug)]
pub(super) struct Life {
    pub(super) id: LifeId,
    pub(super) program: Program,
    /// The release of its node that it runs.
    pub(super) release: u32,
    /// The port that it is to listen at, where it is not to choose one.
    pub(super) port: Option<u16>,
    /// The nodes that its first configuration linked it to: all that a program ever learns of. `None` before that.
    pub(super) told_links: Option<Vec<NodeId>>,
    /// Whether it was said that it goes on without a link.
    pub(super) told_outdated: bool,
    pub(super) asked_us: u64,
    pub(super) pid: Option<u32>,
    pub(super) address: Option<SocketAddr>,
    pub(super) connection: Connection,
    pub(super) disconnected_us: Option<u64>,
    pub(super) readiness: Readiness,
    /// When it first took requests.
    pub(super) ready_us: Option<u64>,
    pub(super) draining: bool,
    /// The revision that told its consumers that it drains.
    pub(super) drain_revision: Option<u64>,
    pub(super) released: bool,
    pub(super) sent_revision: u64,
    pub(super) sent_us: u64,
    pub(super) applied_revision: u64,
    pub(super) list: EndpointList,
    /// Times at which it was stopped where it stands.
    pub(super) pauses: Vec<Stretch>,
    /// Times at which it said that it takes no requests.
    pub(super) unready: Vec<Stretch>,
    /// When gateways and callers gave it up.
    pub(super) noticed: Vec<u64>,
    pub(super) last_signal_us: u64,
    /// Whether it was asked to stop where it stands, and not to go on since.
    pub(super) pause_asked: bool,
    /// The end that was asked for.
    pub(super) doom: Option<Death>,
    /// Whether the next life begins at once, whatever the restart policy.
    pub(super) next_now: bool,
    /// When its patience ends: a life that should be gone by then is killed.
    pub(super) force_us: Option<u64>,
    /// When the signal that ends it was delivered.
    pub(super) ending_signal_us: Option<u64>,
    pub(super) exit: Option<Exited>,
    /// Whether its ledger has been read to its end.
    pub(super) census_closed: bool,
    /// Whether its ledger is known to have a hole.
    pub(super) census_incomplete: bool,
    /// Whether the last full list of processes lacked it.
    pub(super) missing: bool,
    pub(super) settle_asked: bool,
    pub(super) settled: bool,
    /// The log's line of its death, as long as that may need correction.
    pub(super) death_line: Option<LineNumber>,
    pub(super) failure: Option<String>,
    pub(super) cpu: f32,
    /// What it holds, where it is a database.
    pub(super) tables: Arc<[(String, u64)]>,
    /// Whether its data was taken away when it was killed.
    pub(super) loses_data: bool,
    pub(super) pss_kib: u64,
    /// Figures between t = 0 and settling, and how many of them showed a busy core.
    pub(super) figures: u32,
    pub(super) busy_figures: u32,
}

/// The end of a process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exited {
    pub(super) exit: Exit,
    pub(super) at_us: u64,
    /// When the control plane heard of it.
    pub(super) heard_us: u64,
    pub(super) death: Death,
}

impl Life {
    fn new(id: LifeId, program: Program, release: u32, asked_us: u64) -> Self {
        Self {
            id,
            program,
            release,
            port: None,
            told_links: None,
            told_outdated: false,
            asked_us,
            pid: None,
            address: None,
            connection: Connection::Never,
            disconnected_us: None,
            readiness: Readiness::NotYet,
            ready_us: None,
            draining: false,
            drain_revision: None,
            released: false,
            sent_revision: 0,
            sent_us: 0,
            applied_revision: 0,
            list: EndpointList::default(),
            pauses: Vec::new(),
            unready: Vec::new(),
            noticed: Vec::new(),
            last_signal_us: 0,
            pause_asked: false,
            doom: None,
            next_now: false,
            force_us: None,
            ending_signal_us: None,
            exit: None,
            census_closed: false,
            census_incomplete: false,
            missing: false,
            settle_asked: false,
            settled: false,
            death_line: None,
            failure: None,
            cpu: 0.0,
            pss_kib: 0,
            tables: Arc::default(),
            loses_data: false,
            figures: 0,
            busy_figures: 0,
        }
    }

    /// Whether its process may exist.
    pub(super) fn is_alive(&self) -> bool {
        self.exit.is_none()
    }

    /// Whether it can be told something.
    pub(super) fn is_connected(&self) -> bool {
        self.is_alive() && self.connection == Connection::Open
    }

    pub(super) fn is_paused(&self) -> bool {
        self.pauses.last().is_some_and(|pause| pause.to_us.is_none())
    }

    /// Whether it does what it is there for.
    pub(super) fn is_ready(&self) -> bool {
        self.is_connected() && self.readiness == Readiness::Ready && !self.draining
    }

    /// Whether it takes requests and nobody has asked for its end.
    pub(super) fn is_wanted(&self) -> bool {
        self.is_ready() && self.doom.is_none()
    }

    pub(super) fn state(&self) -> LifeState {
        match (self.exit, self.readiness) {
            (Some(exited), _) => LifeState::Dead(exited.death),
            _ if self.is_paused() => LifeState::Paused,
            _ if self.draining => LifeState::Draining,
            (None, Readiness::NotYet) => LifeState::Starting,
            (None, Readiness::Ready) => LifeState::Ready,
            (None, Readiness::Unready) => LifeState::Unready,
        }
    }

    /// Where and how it can be sent to. A paused life is listed as it was: that it does not answer is for gateways to
    /// notice.
    pub(super) fn endpoint(&self) -> Option<Endpoint> {
        if !self.is_connected() {
            return None;
        }
        let state = match self.readiness {
            // One that is taken out will say that it drains, but what is sent there meanwhile would be sent in vain.
            _ if self.draining || self.doom == Some(Death::ScaledIn) => EndpointState::Draining,
            Readiness::Ready => EndpointState::Ready,
            Readiness::Unready => EndpointState::Unready,
            Readiness::NotYet => return None,
        };
        Some(Endpoint { life: self.id.clone(), address: self.address?, state })
    }

    /// When and how its end began, unless the run's own end ended it: from then on what it holds is as good as gone.
    /// A terminated life still drains after that moment.
    pub(super) fn end(&self) -> Option<(u64, Death)> {
        let death = self.exit.map(|exited| exited.death).or(self.doom)?;
        if death == Death::Stopped {
            return None;
        }
        let exit_us = self.exit.map(|exited| self.seen_gone_us(exited));
        let at_us = match (self.ending_signal_us, exit_us) {
            (Some(signal), Some(exit)) => signal.min(exit),
            (signal, exit) => signal.or(exit)?,
        };
        Some((at_us, death))
    }

    fn seen_gone_us(&self, exited: Exited) -> u64 {
        let known_us = exited.at_us.min(self.disconnected_us.unwrap_or(u64::MAX));
        if exited.death != Death::Crashed {
            return known_us;
        }
        // Whoever gave it up while it was stopped saw that, not the crash.
        let stood = |at_us: u64| self.pauses.iter().any(|pause| pause.covers(at_us, 0));
        let seen = self.noticed.iter().copied().filter(|&at_us| at_us <= known_us && at_us + CRASH_SEEN_US >= known_us);
        let seen = seen.filter(|&at_us| !stood(at_us));
        seen.min().unwrap_or(known_us)
    }

    /// Whether it was stopped, said that it takes nothing, or had been given up, at this moment or up to `margin_us`
    /// before.
    pub(super) fn was_unreachable(&self, at_us: u64, margin_us: u64) -> bool {
        let covers = |stretch: &Stretch| stretch.covers(at_us, margin_us);
        self.pauses.iter().any(covers)
            || self.unready.iter().any(covers)
            || self.noticed.iter().any(|&noticed| noticed <= at_us && noticed.saturating_add(margin_us) >= at_us)
    }

    pub(super) fn notice(&mut self, at_us: u64) {
        if self.noticed.len() < MAX_NOTICES && !self.noticed.contains(&at_us) {
            self.noticed.push(at_us);
        }
    }

    /// A signal was delivered. One that is older than the last is late news and only tells when the end began.
    pub(super) fn signalled(&mut self, signal: Signal, at_us: u64) {
        if matches!(signal, Signal::Kill | Signal::Terminate) {
            let known = self.ending_signal_us.unwrap_or(u64::MAX);
            self.ending_signal_us = Some(known.min(at_us));
        }
        if at_us < self.last_signal_us || !self.is_alive() {
            return;
        }
        self.last_signal_us = at_us;
        match signal {
            Signal::Pause if !self.is_paused() => self.pauses.push(Stretch { from_us: at_us, to_us: None }),
            Signal::Resume => close(&mut self.pauses, at_us),
            Signal::Pause | Signal::Kill | Signal::Terminate => {}
        }
    }

    pub(super) fn set_readiness(&mut self, readiness: Readiness, now_us: u64) {
        if readiness == Readiness::Unready && self.readiness != Readiness::Unready {
            self.unready.push(Stretch { from_us: now_us, to_us: None });
        } else if readiness == Readiness::Ready {
            close(&mut self.unready, now_us);
        }
        self.readiness = readiness;
    }

    /// Its process is gone. Its death is what was asked for, else it crashed.
    pub(super) fn exited(&mut self, exit: Exit, at_us: u64, now_us: u64) -> Death {
        let death = self.doom.unwrap_or(Death::Crashed);
        close(&mut self.pauses, at_us);
        close(&mut self.unready, at_us);
        self.exit = Some(Exited { exit, at_us, heard_us: now_us, death });
        self.cpu = 0.0;
        self.census_closed = self.connection == Connection::Closed;
        death
    }
}

fn close(stretches: &mut [Stretch], at_us: u64) {
    if let Some(last) = stretches.last_mut() {
        last.to_us.get_or_insert(at_us);
    }
}

impl Lives {
    pub(super) fn get(&self, id: &LifeId) -> Option<&Life> {
        self.all.get(id)
    }

    pub(super) fn get_mut(&mut self, id: &LifeId) -> Option<&mut Life> {
        self.all.get_mut(id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Life> {
        self.all.values()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Life> {
        self.all.values_mut()
    }

    /// The lives whose process may exist.
    pub(super) fn alive(&self) -> impl Iterator<Item = &Life> {
        self.iter().filter(|life| life.is_alive())
    }

    /// The newest life of a slot.
    pub(super) fn newest(&self, slot: &Slot) -> Option<&Life> {
        let entry = self.slots.get(slot)?;
        self.all.get(&LifeId { slot: slot.clone(), life: entry.newest })
    }

    /// The lives of a slot whose process may exist, the oldest first. More than one while a deploy changes them over.
    pub(super) fn alive_in(&self, slot: &Slot) -> impl DoubleEndedIterator<Item = &Life> {
        let (first, last) = (LifeId { slot: slot.clone(), life: 0 }, LifeId { slot: slot.clone(), life: u32::MAX });
        self.all.range(first..=last).map(|(_, life)| life).filter(|life| life.is_alive())
    }

    /// The life that fills a slot: the newest that takes requests, else the newest that is alive, else the newest.
    pub(super) fn current(&self, slot: &Slot) -> Option<&Life> {
        let mut alive = self.alive_in(slot).rev();
        let newest_alive = self.alive_in(slot).next_back();
        alive.find(|life| life.is_ready()).or(newest_alive).or_else(|| self.newest(slot))
    }

    /// The slots of a node, in order, scaled-in ones included.
    pub(super) fn slots_of(&self, node: &NodeId) -> impl Iterator<Item = (&Slot, &SlotEntry)> {
        self.slots.range(Slot::new(node.clone(), 0)..=Slot::new(node.clone(), u32::MAX))
    }

    /// Enters the next life of a slot and returns its id, which was never used before.
    pub(super) fn begin(&mut self, slot: &Slot, program: Program, release: u32, now_us: u64) -> Option<LifeId> {
        let entry = self.slots.get_mut(slot)?;
        entry.newest += 1;
        entry.restarts_us = None;
        let id = LifeId { slot: slot.clone(), life: entry.newest };
        self.all.insert(id.clone(), Life::new(id.clone(), program, release, now_us));
        Some(id)
    }
}
