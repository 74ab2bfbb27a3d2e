//! Modules that change their process while requests go on: in which order who is told. The new host hosts the module
//! before anybody sends there, and sessions have moved before that; then callers are told; and the old host goes on
//! answering until every caller has said that it sends elsewhere, and a little longer. A node or a store that the edit
//! took out stays for as long as it is needed for that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::telemetry::SessionId;
use crate::topology::{Link, ModuleName, Node, NodeId, Sessions, Topology};

use super::cluster::Cluster;
use super::lives::{Life, Readiness};

/// How long the old host still answers after the last caller has said that it sends elsewhere: what a caller sent just
/// before may still be on its way.
const LINGER_US: u64 = 1_000_000;

/// What is between the drawing as it was and as it is to be.
#[derive(Debug, Default)]
pub(super) struct Relocation {
    /// Modules that callers still find at their old host.
    moves: BTreeMap<ModuleName, Move>,
    /// Old hosts that still answer.
    lingers: Vec<Linger>,
    /// Stores that were taken out while they held sessions which services are to take over.
    stores: BTreeMap<NodeId, Told>,
    /// Nodes as they were, for those that the drawing does not have any more.
    kept: BTreeMap<NodeId, Node>,
    /// Links of such nodes, and of old hosts.
    links: Vec<Link>,
}

#[derive(Debug)]
struct Move {
    from: NodeId,
    to: NodeId,
    /// The first revision by which the new host hosts it; `None` until it is made.
    revision: Option<u64>,
}

#[derive(Debug)]
struct Linger {
    module: ModuleName,
    at: NodeId,
    told: Told,
}

/// Whether everybody knows of a change.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    /// The first revision that told of it; `None` until it is made.
    revision: Option<u64>,
    /// When the last life had said that it knows.
    heard_us: Option<u64>,
}

impl Told {
    /// Looks who knows by now: the revisions that lives have applied.
    fn hear(&mut self, now_us: u64, applied: &[u64]) {
        if self.revision.is_some_and(|told| applied.iter().all(|applied| *applied >= told)) {
            self.heard_us.get_or_insert(now_us);
        }
    }

    /// Whether it is so long ago that nothing from before can be on its way any more.
    fn is_past(&self, now_us: u64) -> bool {
        self.heard_us.is_some_and(|at_us| now_us >= at_us + LINGER_US)
    }
}

impl Relocation {
    /// Looks at an edit. `in_force` is what everybody follows so far.
    fn begin(&mut self, in_force: &Topology, after: &Topology) {
        let before = std::mem::take(&mut self.moves);
        for module in after.modules.iter().map(|module| &module.name) {
            let (Some(from), Some(to)) = (in_force.host(module), after.host(module)) else { continue };
            if from.id == to.id {
                continue;
            }
            let known = before.get(module).filter(|known| known.from == from.id && known.to == to.id);
            let revision = known.and_then(|known| known.revision);
            self.moves.insert(module.clone(), Move { from: from.id.clone(), to: to.id.clone(), revision });
        }
        // Where a module goes back to, it is hosted anyway.
        self.lingers.retain(|linger| after.host(&linger.module).is_none_or(|host| host.id != linger.at));
        for store in stores_to_empty(in_force, after) {
            self.stores.insert(store, Told::default());
        }
        self.stores.retain(|store, _| after.node(store).is_none());
        self.keep(in_force);
    }

    /// Remembers what the nodes that are still needed are and lead to.
    fn keep(&mut self, in_force: &Topology) {
        let needed = self.needed();
        self.kept.retain(|id, _| needed.contains(id));
        self.links.retain(|link| needed.contains(&link.from) || needed.contains(&link.to));
        self.kept.extend(needed.iter().filter_map(|id| Some((id.clone(), in_force.node(id)?.clone()))));
        for link in in_force.links().filter(|link| needed.contains(&link.from) || needed.contains(&link.to)) {
            if !self.links.contains(&link) {
                self.links.push(link);
            }
        }
    }

    fn needed(&self) -> BTreeSet<NodeId> {
        let old = self.moves.values().map(|known| &known.from).chain(self.lingers.iter().map(|linger| &linger.at));
        old.chain(self.stores.keys()).cloned().collect()
    }

    fn is_over(&self) -> bool {
        self.moves.is_empty() && self.lingers.is_empty() && self.stores.is_empty()
    }

    /// The drawing that everybody is to follow for now.
    fn bridged(&self, topology: &Arc<Topology>) -> Arc<Topology> {
        if self.is_over() {
            return Arc::clone(topology);
        }
        let mut bridged = Topology::clone(topology);
        let needed = self.needed();
        for node in needed.iter().filter_map(|id| self.kept.get(id)) {
            let mut node = node.clone();
            node.role.modules_mut().into_iter().for_each(Vec::clear);
            // One that is drawn is there already.
            drop(bridged.add_node(node));
        }
        for link in self.links.iter().filter(|link| needed.contains(&link.from) || needed.contains(&link.to)) {
            drop(bridged.add_link(link.clone()));
        }
        for (module, known) in &self.moves {
            if let Some(modules) = bridged.role_mut(&known.to).and_then(crate::topology::Role::modules_mut) {
                modules.retain(|name| name != module);
            }
            if let Some(modules) = bridged.role_mut(&known.from).and_then(crate::topology::Role::modules_mut) {
                modules.push(module.clone());
            }
        }
        Arc::new(bridged)
    }

    /// The modules that nodes host although nobody is to send there: not yet, or not any more.
    fn guests(&self) -> BTreeMap<NodeId, Vec<ModuleName>> {
        let mut guests: BTreeMap<NodeId, Vec<ModuleName>> = BTreeMap::new();
        for (module, known) in &self.moves {
            guests.entry(known.to.clone()).or_default().push(module.clone());
        }
        for linger in &self.lingers {
            guests.entry(linger.at.clone()).or_default().push(linger.module.clone());
        }
        guests
    }

    /// What is told from now on is told with this revision.
    fn told(&mut self, revision: u64) {
        let untold = self.moves.values_mut().map(|known| &mut known.revision);
        let lingering = self.lingers.iter_mut().map(|linger| &mut linger.told.revision);
        let emptied = self.stores.values_mut().map(|told| &mut told.revision);
        for told in untold.chain(lingering).chain(emptied) {
            told.get_or_insert(revision);
        }
    }
}

/// Caches and databases that the edit takes out, and whose sessions a service is to keep in another way from now on: it
/// takes each over when its user comes.
fn stores_to_empty(in_force: &Topology, after: &Topology) -> BTreeSet<NodeId> {
    let mut stores = BTreeSet::new();
    for node in in_force.nodes() {
        let Some(store) = in_force.store_of(&node.id).filter(|store| after.node(&store.id).is_none()) else { continue };
        let was_stored = node.service().is_some_and(|service| service.sessions != Sessions::Memory);
        let now = after.node(&node.id).and_then(Node::service).map(|service| service.sessions);
        if was_stored && now.is_some_and(|now| now != Sessions::Store) {
            stores.insert(store.id.clone());
        }
    }
    stores
}

impl Cluster {
    /// The drawing changed, while everybody follows `in_force`: decides what must outlast the change, and brings the
    /// slots in line.
    pub(super) fn relocate(&mut self) {
        let in_force = Arc::clone(&self.in_force);
        if self.started_us.is_some() {
            self.relocation.begin(&in_force, &self.topology);
            for (module, known) in &self.relocation.moves {
                self.deploys.carry(module, &known.from, &known.to);
            }
        }
        self.enforce();
    }

    fn enforce(&mut self) {
        let bridged = self.relocation.bridged(&self.topology);
        let before = std::mem::replace(&mut self.in_force, bridged);
        self.want_slots(&before);
    }

    /// What a view says of guests; from now on they are told of.
    pub(super) fn guests_for_now(&mut self) -> BTreeMap<NodeId, Vec<ModuleName>> {
        self.relocation.told(self.revision);
        self.relocation.guests()
    }

    /// Takes the next step of every move that has come so far.
    pub(super) fn go_on_moving(&mut self) {
        if self.relocation.is_over() {
            return;
        }
        self.hear();
        let send_elsewhere = self.redirect();
        let let_go = self.end_lingering();
        let emptied = self.forget_stores();
        if send_elsewhere || let_go || emptied {
            let in_force = Arc::clone(&self.in_force);
            self.relocation.keep(&in_force);
            self.changes.of_everything();
            self.enforce();
        }
    }

    /// Notes who knows by now.
    fn hear(&mut self) {
        let now_us = self.now_us;
        let applied: Vec<u64> =
            self.lives.alive().filter(|life| sends(life)).map(|life| life.applied_revision).collect();
        let lingering = self.relocation.lingers.iter_mut().map(|linger| &mut linger.told);
        lingering.chain(self.relocation.stores.values_mut()).for_each(|told| told.hear(now_us, &applied));
    }

    /// Callers are to send to the new host once it hosts the module.
    fn redirect(&mut self) -> bool {
        let moves = &self.relocation.moves;
        let done: Vec<ModuleName> =
            moves.iter().filter(|(_, it)| self.is_up(it)).map(|(name, _)| name.clone()).collect();
        for module in &done {
            let Some(known) = self.relocation.moves.remove(module) else { continue };
            self.log.info(self.now_us, format!("{} hosts {module}: requests for it go there now", known.to));
            let linger = Linger { module: module.clone(), at: known.from, told: Told::default() };
            self.relocation.lingers.push(linger);
        }
        !done.is_empty()
    }

    /// Whether the new host can take requests, and the old one has moved its sessions.
    fn is_up(&self, known: &Move) -> bool {
        let Some(revision) = known.revision else { return false };
        let knows = |life: &Life| life.applied_revision >= revision && life.applied_revision >= life.sent_revision;
        let of = |node: &NodeId| {
            let node = node.clone();
            self.lives.alive().filter(move |life| *life.id.node() == node && !life.is_paused() && life.doom.is_none())
        };
        let starts = |life: &Life| life.readiness == Readiness::NotYet;
        let is_hosted = of(&known.to).any(|life| life.is_ready() && knows(life));
        let all_know = of(&known.to).chain(of(&known.from)).filter(|life| life.is_connected()).all(knows);
        let kept_in = self.in_force.downstream(&known.to).into_iter();
        let mut stores = kept_in.filter(|node| node.cache().is_some() || node.database().is_some());
        // Who asks for endpoints from time to time may not have heard where it is.
        let is_found = self.lookups.are_known(&known.to);
        is_hosted
            && is_found
            && all_know
            && !of(&known.to).any(|life| starts(life) || self.is_outdated(life))
            && stores.all(|store| of(&store.id).any(Life::is_ready))
    }

    /// Old hosts answer no more once nobody sends there.
    fn end_lingering(&mut self) -> bool {
        let now_us = self.now_us;
        let (over, stay): (Vec<Linger>, _) =
            std::mem::take(&mut self.relocation.lingers).into_iter().partition(|linger| linger.told.is_past(now_us));
        self.relocation.lingers = stay;
        for linger in &over {
            let text = format!("{} no longer answers for {}: everybody sends elsewhere", linger.at, linger.module);
            self.log.info(now_us, text);
        }
        !over.is_empty()
    }

    /// Lets stores go whose last session was taken over.
    fn forget_stores(&mut self) -> bool {
        if self.relocation.stores.is_empty() || !self.relocation.moves.is_empty() || !self.relocation.lingers.is_empty()
        {
            return false;
        }
        let holds = |id: &SessionId| {
            let holder = self.lives.keeper_at(self.census.session(id)?.holder()?.as_ref()?, u64::MAX);
            self.lives.get(holder).filter(|life| life.is_alive())?;
            Some(holder.node().clone())
        };
        let needed: BTreeSet<NodeId> = self.census.open().iter().filter_map(holds).collect();
        let (before, now_us) = (self.relocation.stores.len(), self.now_us);
        self.relocation.stores.retain(|store, told| needed.contains(store) || !told.is_past(now_us));
        self.relocation.stores.len() < before
    }
}

/// Whether the life sends requests to services, and was told where.
fn sends(life: &Life) -> bool {
    life.is_connected() && life.applied_revision > 0 && life.program.sends_requests()
}
