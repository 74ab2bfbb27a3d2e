//! Desired against actual: which slots there should be, which lives must begin or end, and who must be told what.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::topology::{Address, LifeId, ModuleName, Node, NodeId, Role, Slot, Topology};

use super::cluster::Cluster;
use super::discovery::polls;
use super::edits::describe;
use super::effect::{Effect, Signal, View};
use super::lives::{Connection, Life, Program, Readiness};
use super::snapshot::{Death, Phase};

/// How long a life may take to apply a configuration before it is told again.
const RESEND_US: u64 = 2_000_000;
/// How long a life that should have drained by now may go on.
const DRAIN_GRACE_US: u64 = 2_000_000;
/// How long a gateway may finish what it has.
const GATEWAY_DRAIN_US: u64 = 5_000_000;
/// How long a process may live without its control connection before it is ended.
const CUT_OFF_US: u64 = 2_000_000;
/// How long a life may take to be ready, unless it is a program that asks for more.
pub(super) const READY_WITHIN_US: u64 = 30_000_000;
/// How much longer than a program's own limit its keeper is given to say what is missing.
const KEEPER_SAYS_US: u64 = 5_000_000;

/// What consumers must be told, collected while one input is worked on.
#[derive(Debug, Default)]
pub(super) struct Changes {
    everybody: bool,
    endpoints: BTreeSet<NodeId>,
    nodes: BTreeSet<NodeId>,
    lives: BTreeSet<LifeId>,
    again: bool,
}

impl Changes {
    /// Everybody must know: the drawing changed, or the load begins.
    pub(super) fn of_everything(&mut self) {
        self.everybody = true;
    }

    /// Who sends to this node must know.
    pub(super) fn of_endpoint(&mut self, node: &NodeId) {
        self.endpoints.insert(node.clone());
    }

    /// Only the lives of this node must know: its own settings changed.
    pub(super) fn of_node(&mut self, node: &NodeId) {
        self.nodes.insert(node.clone());
    }

    /// Only this life must know: it has just dialled in.
    pub(super) fn of_life(&mut self, life: &LifeId) {
        self.lives.insert(life.clone());
    }

    /// This life must be told anew.
    pub(super) fn again(&mut self, life: &LifeId) {
        self.lives.insert(life.clone());
        self.again = true;
    }

    /// Whether nothing changed.
    pub(super) fn is_empty(&self) -> bool {
        !self.makes_a_revision() && self.lives.is_empty()
    }

    fn makes_a_revision(&self) -> bool {
        self.everybody || self.again || !self.endpoints.is_empty() || !self.nodes.is_empty()
    }
}

/// The users nodes whose settings differ, where nothing else does; else `None`.
fn only_users_changed(before: &Topology, after: &Topology) -> Option<Vec<NodeId>> {
    let same_graph = before.modules == after.modules
        && before.links().eq(after.links())
        && before.nodes().map(|node| &node.id).eq(after.nodes().map(|node| &node.id));
    let changed: Vec<(&Node, &Node)> =
        before.nodes().zip(after.nodes()).filter(|(before, after)| before != after).collect();
    let of_users = changed.iter().all(|(before, after)| before.users().is_some() && after.users().is_some());
    (same_graph && of_users).then(|| changed.iter().map(|(node, _)| node.id.clone()).collect())
}

/// How long a life of this node may take until it takes requests: a program as long as it asks for, and a little more, so
/// that its keeper can say first what is missing.
pub(super) fn ready_within_us(node: &Node) -> u64 {
    let asked_us = node.program().map_or(0, |program| program.ready_within.as_micros().saturating_add(KEEPER_SAYS_US));
    READY_WITHIN_US.max(asked_us)
}

/// How long a life of this node may finish what it has.
pub(super) fn drain_us(node: &Node) -> u64 {
    match &node.role {
        Role::Users(users) => users.timeout.as_micros(),
        Role::Gateway(_) => GATEWAY_DRAIN_US,
        Role::Service(service) => service.drain.as_micros(),
        Role::Program(program) => program.drain.as_micros(),
        Role::Cache(_) | Role::Database(_) => 0,
    }
}

impl Cluster {
    /// Makes another drawing the desired one. Nothing is restarted that need not be.
    pub(super) fn apply(&mut self, topology: Topology) {
        if !matches!(self.phase, Phase::Starting | Phase::Running) || *self.topology == topology {
            return;
        }
        for line in describe(&self.topology, &topology) {
            self.log.info(self.now_us, line);
        }
        self.apply_quietly(topology);
    }

    /// The same without a word in the log, and only to users where nothing but their own settings changed: a ramp does
    /// it many times.
    pub(super) fn apply_quietly(&mut self, topology: Topology) {
        if *self.topology == topology {
            return;
        }
        match only_users_changed(&self.topology, &topology) {
            Some(nodes) => nodes.iter().for_each(|node| self.changes.of_node(node)),
            None => self.changes.of_everything(),
        }
        self.plan.preset.topology = topology.clone();
        let before = std::mem::replace(&mut self.topology, Arc::new(topology));
        self.edited_us = Some(self.now_us);
        self.hold_ties(&before);
        self.relocate();
    }

    /// Brings the slots in line with the drawing: new ones get their first life at once, extra ones end theirs.
    /// `before` is the drawing by which those that end were started.
    pub(super) fn want_slots(&mut self, before: &Topology) {
        let now_us = self.now_us;
        let topology = Arc::clone(&self.in_force);
        let wanted: BTreeSet<Slot> = topology
            .nodes()
            .flat_map(|node| (1..=node.replicas()).map(|index| Slot::new(node.id.clone(), index)))
            .collect();
        for slot in &wanted {
            self.lives.slots.entry(slot.clone()).or_default();
        }
        for (slot, entry) in &mut self.lives.slots {
            let desired = wanted.contains(slot);
            if !desired {
                entry.restarts_us = None;
            } else if !entry.desired {
                // New, or wanted again. While its old life still ends, that life's end sets the time anew.
                entry.restarts_us = Some(now_us);
            }
            entry.desired = desired;
        }
        let slots: Vec<Slot> = self.lives.slots.keys().cloned().collect();
        for slot in slots {
            let drain_us = before.node(&slot.node).map_or(0, drain_us);
            let lives: Vec<LifeId> = self.lives.alive_in(&slot).map(|life| life.id.clone()).collect();
            for life in lives {
                self.fit_life(&life, topology.node(&slot.node), drain_us);
            }
        }
    }

    /// Ends a life whose slot is not wanted, or not as what it was started; lets one begin that is wanted again.
    fn fit_life(&mut self, id: &LifeId, node: Option<&Node>, drain_us: u64) {
        let now_us = self.now_us;
        let Some(desired) = self.lives.slots.get(&id.slot).map(|entry| entry.desired) else { return };
        let Some(life) = self.lives.get_mut(id).filter(|life| life.is_alive()) else { return };
        let fits = node.is_some_and(|node| Program::of(node) == life.program);
        if desired && fits {
            return;
        }
        // Also one that ends already must be gone in time: it may be stopped where it stands.
        life.force_us.get_or_insert(now_us + drain_us + DRAIN_GRACE_US);
        if life.doom.is_some() {
            return;
        }
        life.doom = Some(if desired { Death::Terminated } else { Death::ScaledIn });
        life.next_now = desired;
        // What never took a request has nothing to drain, and may not even listen to a gentle signal yet.
        let signal = if life.readiness == Readiness::NotYet { Signal::Kill } else { Signal::Terminate };
        self.effects.push(Effect::Signal { life: life.id.clone(), signal });
    }

    /// Begins the lives that are due.
    pub(super) fn begin_due(&mut self) {
        if !matches!(self.phase, Phase::Starting | Phase::Running) {
            return;
        }
        let now_us = self.now_us;
        let due: Vec<Slot> = self
            .lives
            .slots
            .iter()
            .filter(|(_, entry)| entry.desired && entry.restarts_us.is_some_and(|at_us| at_us <= now_us))
            .map(|(slot, _)| slot.clone())
            .filter(|slot| self.lives.alive_in(slot).next().is_none())
            .collect();
        for slot in due {
            self.begin_life(&slot);
        }
    }

    /// Begins the next life of a slot, beside what lives there.
    pub(super) fn begin_life(&mut self, slot: &Slot) {
        let Some(node) = self.in_force.node(&slot.node) else { return };
        let Some(release) = self.lives.slots.get(slot).map(|entry| entry.release) else { return };
        let release = release.unwrap_or_else(|| self.deploys.settled(&slot.node));
        let is_stable = node.service().is_some_and(|service| service.address == Address::Stable);
        let port = self.lives.newest(slot).filter(|_| is_stable).and_then(|life| life.address).map(|at| at.port());
        if let Some(life) = self.lives.begin(slot, Program::of(node), release, self.now_us) {
            if let Some(begun) = self.lives.get_mut(&life) {
                begun.port = port;
            }
            self.effects.push(Effect::Spawn { life });
        }
    }

    /// Ends what outlived its time: a drain without end, a process that lost its control connection, a start that hangs.
    pub(super) fn force_overdue(&mut self) {
        let now_us = self.now_us;
        let mut overdue = Vec::new();
        for life in self.lives.iter_mut().filter(|life| life.is_alive()) {
            let is_late = |since_us: u64, limit_us: u64| now_us >= since_us.saturating_add(limit_us);
            let hangs = life.readiness == Readiness::NotYet
                && !life.is_paused()
                && self.phase == Phase::Running
                && is_late(life.asked_us, self.in_force.node(life.id.node()).map_or(READY_WITHIN_US, ready_within_us));
            let is_cut_off = life.disconnected_us.is_some_and(|at_us| is_late(at_us, CUT_OFF_US));
            if life.force_us.is_some_and(|at_us| now_us >= at_us) || ((hangs || is_cut_off) && life.force_us.is_none())
            {
                // Asked again for as long as it is there, but not at every input.
                life.force_us = Some(now_us + CUT_OFF_US);
                overdue.push(life.id.clone());
            }
        }
        for life in overdue {
            self.log.info(now_us, format!("{} does not end by itself and is killed", life.slot));
            self.effects.push(Effect::Signal { life, signal: Signal::Kill });
        }
    }

    /// Tells draining lives that nobody sends to them any more, once everybody who could has said so.
    pub(super) fn release_drained(&mut self) {
        let mut released = Vec::new();
        for life in self.lives.alive().filter(|life| life.draining && !life.released && life.is_connected()) {
            let Some(revision) = life.drain_revision else { continue };
            let still_sends = |consumer: &Life| {
                consumer.is_connected() && consumer.list.learned() > 0 && consumer.list.learned() < revision
            };
            let consumers = self.in_force.upstream(life.id.node());
            if !self
                .lives
                .alive()
                .any(|other| consumers.iter().any(|node| node.id == *other.id.node()) && still_sends(other))
            {
                released.push(life.id.clone());
            }
        }
        for id in released {
            if let Some(life) = self.lives.get_mut(&id) {
                life.released = true;
            }
            self.effects.push(Effect::Release { life: id });
        }
    }

    /// Tells again whoever has not applied in time what it was told. Over TCP nothing is lost, so this matters only to a
    /// node that failed to act on what it read; a new revision makes it look again.
    pub(super) fn tell_again(&mut self) {
        let now_us = self.now_us;
        for life in self.lives.iter_mut() {
            let is_behind = life.is_connected() && life.applied_revision < life.sent_revision;
            if is_behind && !life.is_paused() && now_us >= life.sent_us.saturating_add(RESEND_US) {
                self.changes.again(&life.id);
            }
        }
    }

    /// Pushes configurations for all that this input changed: at most one to each life.
    pub(super) fn configure(&mut self) {
        let changes = std::mem::take(&mut self.changes);
        if matches!(self.phase, Phase::Idle | Phase::Stopping | Phase::Finished) {
            return;
        }
        if changes.makes_a_revision() || self.view.is_none() {
            self.revision += 1;
            let drawing = self.drawing_for_now();
            self.note_session_databases(&drawing);
            let guests = self.guests_for_now();
            let view = self.make_view(drawing, guests);
            self.compare_endpoints(&view);
            self.view = Some(Arc::new(view));
            for life in self.lives.iter_mut().filter(|life| life.draining && life.drain_revision.is_none()) {
                life.drain_revision = Some(self.revision);
            }
        }
        let Some(view) = self.view.clone() else { return };
        let concerned: BTreeSet<NodeId> = changes
            .endpoints
            .iter()
            .flat_map(|node| self.in_force.upstream(node))
            .map(|node| node.id.clone())
            .collect();
        for life in self.lives.iter_mut() {
            let concerns = changes.everybody
                || concerned.contains(life.id.node())
                || changes.nodes.contains(life.id.node())
                || changes.lives.contains(&life.id);
            // A life whose node was taken out, or became something else, cannot be told what to be.
            let fits = self.in_force.node(life.id.node()).is_some_and(|node| Program::of(node) == life.program);
            if concerns && fits && life.is_connected() {
                let polls = self.phase != Phase::Starting && self.in_force.node(life.id.node()).is_some_and(polls);
                let only_endpoints =
                    !changes.everybody && !changes.nodes.contains(life.id.node()) && !changes.lives.contains(&life.id);
                if polls && only_endpoints {
                    continue;
                }
                if life.told_links.is_none() {
                    let links = view.topology.downstream(life.id.node());
                    life.told_links = Some(links.into_iter().map(|node| node.id.clone()).collect());
                }
                life.sent_revision = view.revision;
                life.sent_us = self.now_us;
                let view = life.list.send(&view, polls);
                self.effects.push(Effect::Configure { life: life.id.clone(), view });
            }
        }
    }

    fn make_view(&self, topology: Arc<Topology>, guests: BTreeMap<NodeId, Vec<ModuleName>>) -> View {
        let mut endpoints: BTreeMap<NodeId, Vec<_>> = BTreeMap::new();
        for life in self.lives.alive().filter(|life| life.connection == Connection::Open) {
            if let Some(endpoint) = life.endpoint() {
                endpoints.entry(life.id.node().clone()).or_default().push(endpoint);
            }
        }
        View {
            revision: self.revision,
            topology,
            guests,
            session_databases: self.session_databases.clone(),
            run: self.plan.preset.run.clone(),
            endpoints,
            started_us: self.started_us,
            tempo: self.tempo(),
            own: self.own_views(),
        }
    }
}
