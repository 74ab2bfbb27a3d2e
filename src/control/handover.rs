//! Ties of users to replicas that must outlast an edit. One edit may move sessions into a store and untie users at the
//! same time; but until a replica has moved its sessions, only that replica can answer their users. So a gateway keeps
//! its ties until every replica behind it has said that it applied the edit, which it says after its last session moved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::topology::{Affinity, Gateway, NodeId, Repoint, Role, Sessions, Topology};

use super::cluster::Cluster;
use super::lives::Life;

/// What ties users to replicas.
type Ties = (Affinity, Repoint);

/// Gateways that still tie users as before, and for whose sake.
#[derive(Debug, Default)]
pub(super) struct Handover {
    ties: BTreeMap<NodeId, Ties>,
    movers: BTreeSet<NodeId>,
    /// The first revision that told the movers to move; `None` until it is made.
    revision: Option<u64>,
}

impl Handover {
    /// Looks at an edit: keeps what must be kept. What is held back already stays so while its reason lasts.
    fn begin(&self, before: &Topology, after: &Topology) -> Self {
        let moves = |id: &NodeId| {
            let sessions = |topology: &Topology| topology.node(id)?.service().map(|service| service.sessions);
            let leaves_memory = sessions(before) == Some(Sessions::Memory) || self.movers.contains(id);
            let has_new_place = sessions(after).is_some_and(|sessions| sessions != Sessions::Memory);
            leaves_memory && has_new_place && after.store_of(id).is_some()
        };
        let movers: BTreeSet<NodeId> = after.nodes().map(|node| node.id.clone()).filter(moves).collect();
        let mut ties = BTreeMap::new();
        for node in after.nodes() {
            let Role::Gateway(wanted) = &node.role else { continue };
            let known = before.node(&node.id).and_then(|node| gateway(&node.role)).map(ties_of);
            let Some(tied) = self.ties.get(&node.id).copied().or(known) else { continue };
            let leads_to_a_mover = after.downstream(&node.id).iter().any(|node| movers.contains(&node.id));
            if leads_to_a_mover && tied.0 != Affinity::None && tied != ties_of(wanted) {
                ties.insert(node.id.clone(), tied);
            }
        }
        Self { ties, movers, revision: None }
    }

    /// The drawing as gateways are to follow it for now.
    fn bridged(&self, topology: &Arc<Topology>) -> Arc<Topology> {
        if self.ties.is_empty() {
            return Arc::clone(topology);
        }
        let mut bridged = Topology::clone(topology);
        for (id, &(affinity, repoint)) in &self.ties {
            if let Some(Role::Gateway(gateway)) = bridged.role_mut(id) {
                gateway.affinity = affinity;
                gateway.repoint = repoint;
            }
        }
        Arc::new(bridged)
    }
}

fn gateway(role: &Role) -> Option<&Gateway> {
    if let Role::Gateway(gateway) = role { Some(gateway) } else { None }
}

const fn ties_of(gateway: &Gateway) -> Ties {
    (gateway.affinity, gateway.repoint)
}

impl Cluster {
    /// The drawing changed from `before`: decides which ties must outlast the change.
    pub(super) fn hold_ties(&mut self, before: &Topology) {
        let handover = self.handover.begin(before, &self.topology);
        for gateway in handover.ties.keys().filter(|gateway| !self.handover.ties.contains_key(*gateway)) {
            self.log.info(self.now_us, format!("{gateway} keeps its users tied until their sessions have moved"));
        }
        self.handover = handover;
    }

    /// The drawing that configurations are made from.
    pub(super) fn drawing_for_now(&mut self) -> Arc<Topology> {
        if !self.handover.movers.is_empty() {
            self.handover.revision.get_or_insert(self.revision);
        }
        self.handover.bridged(&self.in_force)
    }

    /// Lets go of ties whose sessions have moved.
    pub(super) fn let_go_of_ties(&mut self) {
        let Some(revision) = self.handover.revision else { return };
        let moves = |life: &Life| {
            let is_mover = self.handover.movers.contains(life.id.node());
            is_mover && life.is_connected() && !life.is_paused() && life.applied_revision < revision
        };
        if !self.lives.alive().any(moves) {
            for gateway in std::mem::take(&mut self.handover).ties.into_keys() {
                self.log.info(self.now_us, format!("{gateway} unties its users: their sessions have moved"));
                self.changes.of_everything();
            }
        }
    }
}
