//! Service discovery, measured: which replicas came and went, who was told, and how long it took until each consumer
//! acted on it. Consumers that poll get a newer list only when they ask.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::telemetry::Latency;
use crate::topology::{Discovery, LifeId, Node, NodeId, Role};

use super::cluster::Cluster;
use super::effect::{Endpoint, EndpointState, View};
use super::snapshot::{DiscoveryState, Phase, Unlearned};

/// How many changes are watched at once; older ones are given up, and counted.
const MAX_OPEN: usize = 1_000;
/// How many configurations may be on their way to one life; of older ones nobody hears any more.
const MAX_SENT: usize = 64;

/// Whether a node asks for endpoints instead of being told.
pub(super) fn polls(node: &Node) -> bool {
    let discovery = match &node.role {
        Role::Gateway(gateway) => gateway.discovery,
        Role::Service(service) => service.discovery,
        Role::Users(_) | Role::Cache(_) | Role::Database(_) | Role::Program(_) => Discovery::Push,
    };
    discovery != Discovery::Push
}

/// The list of endpoints that one life acts on.
#[derive(Debug, Default)]
pub(super) struct EndpointList {
    /// What was sent and not yet applied: the revision, and the revision whose endpoints it carried.
    sent: VecDeque<(u64, u64)>,
    /// The revision whose endpoints it acts on.
    learned: u64,
    /// The revision whose endpoints it was given last.
    as_of: u64,
    /// Those endpoints, for a life that polls.
    given: Option<BTreeMap<NodeId, Vec<Endpoint>>>,
    /// Whether it asked for a newer list.
    asked: bool,
}

impl EndpointList {
    /// The revision whose endpoints the life acts on; 0 before it has any.
    pub(super) fn learned(&self) -> u64 {
        self.learned
    }

    /// The view to be sent: to one that polls and did not ask, with the endpoints that it was given last.
    pub(super) fn send(&mut self, view: &Arc<View>, polls: bool) -> Arc<View> {
        let asked = std::mem::take(&mut self.asked);
        let old = self.given.as_ref().filter(|_| polls && !asked).cloned();
        let (as_of, view) = match old {
            Some(mut endpoints) => {
                // Where a node is that it never heard of, it learns with the drawing.
                for (node, list) in &view.endpoints {
                    endpoints.entry(node.clone()).or_insert_with(|| list.clone());
                }
                (self.as_of, Arc::new(View { endpoints, ..View::clone(view) }))
            }
            None => (view.revision, Arc::clone(view)),
        };
        self.as_of = as_of;
        self.given = polls.then(|| view.endpoints.clone());
        if self.sent.len() == MAX_SENT {
            self.sent.pop_front();
        }
        self.sent.push_back((view.revision, as_of));
        view
    }

    /// The life acts on what it was sent up to this revision.
    pub(super) fn applied(&mut self, revision: u64) {
        while let Some((_, as_of)) = self.sent.pop_front_if(|(sent, _)| *sent <= revision) {
            self.learned = self.learned.max(as_of);
        }
    }
}

/// A replica that came or went, as long as some consumer does not know.
#[derive(Debug)]
struct Change {
    life: LifeId,
    came: bool,
    at_us: u64,
    revision: u64,
    waiting: BTreeSet<LifeId>,
}

/// The changes of a run, and how long consumers took to learn of them.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    open: VecDeque<Change>,
    changes: u64,
    given_up: u64,
    lags: BTreeMap<NodeId, Latency>,
    /// The newest revision that changed endpoints.
    changed_revision: u64,
}

impl Lookups {
    /// Whether every consumer of a node acts on a list that has all of its lives.
    pub(super) fn are_known(&self, node: &NodeId) -> bool {
        !self.open.iter().any(|change| change.came && change.life.node() == node)
    }

    /// Every lag so far.
    pub(super) fn lag(&self) -> Latency {
        let mut all = Latency::default();
        self.lags.values().for_each(|lags| all.add(lags));
        all
    }

    /// The lags by consumer.
    pub(super) fn by_consumer(&self) -> &BTreeMap<NodeId, Latency> {
        &self.lags
    }

    /// How many changes there were, and how many of them were given up before everybody knew.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.changes, self.given_up)
    }

    pub(super) fn state(&self) -> DiscoveryState {
        let waits = self.open.iter().flat_map(|change| {
            let of = |consumer: &LifeId| Unlearned {
                consumer: consumer.clone(),
                life: change.life.clone(),
                came: change.came,
                since_us: change.at_us,
            };
            change.waiting.iter().map(of)
        });
        let p95_ms = |lags: &Latency| lags.quantile_us(0.95).map(|us| us as f64 / 1e3);
        DiscoveryState {
            changes: self.changes,
            p95_ms: p95_ms(&self.lag()),
            by_consumer: self
                .lags
                .iter()
                .map(|(node, lags)| (node.clone(), p95_ms(lags).unwrap_or_default()))
                .collect(),
            unlearned: waits.collect(),
        }
    }
}

/// The lives that take requests.
fn ready(view: &View) -> BTreeSet<&LifeId> {
    let all = view.endpoints.values().flatten();
    all.filter(|endpoint| endpoint.state == EndpointState::Ready).map(|endpoint| &endpoint.life).collect()
}

impl Cluster {
    /// Notes which replicas came and went between the last view and the next.
    pub(super) fn compare_endpoints(&mut self, next: &View) {
        let Some(last) = self.view.as_ref() else { return };
        if last.endpoints != next.endpoints {
            self.lookups.changed_revision = next.revision;
        }
        if self.phase != Phase::Running {
            return;
        }
        let (before, after) = (ready(last), ready(next));
        let came = after.difference(&before).map(|life| ((*life).clone(), true));
        let went = before.difference(&after).map(|life| ((*life).clone(), false));
        for (life, came) in came.chain(went).collect::<Vec<_>>() {
            self.note_change(life, came, next.revision);
        }
    }

    fn note_change(&mut self, life: LifeId, came: bool, revision: u64) {
        let consumers = self.in_force.upstream(life.node());
        let is_consumer = |other: &&super::lives::Life| {
            other.is_connected() && other.list.learned() > 0 && consumers.iter().any(|node| node.id == *other.id.node())
        };
        let waiting: BTreeSet<LifeId> = self.lives.alive().filter(is_consumer).map(|other| other.id.clone()).collect();
        if waiting.is_empty() {
            return;
        }
        let exit_us = self.lives.get(&life).and_then(|life| life.exit).map(|exited| exited.at_us);
        let at_us = exit_us.unwrap_or(self.now_us).min(self.now_us);
        self.lookups.changes += 1;
        if self.lookups.open.len() == MAX_OPEN {
            self.lookups.open.pop_front();
            self.lookups.given_up += 1;
        }
        self.lookups.open.push_back(Change { life, came, at_us, revision, waiting });
    }

    /// A life acts on a newer list: it has learned of the changes in it.
    pub(super) fn learned(&mut self, id: &LifeId) {
        let Some(learned) = self.lives.get(id).map(|life| life.list.learned()) else { return };
        let now_us = self.now_us;
        for change in self.lookups.open.iter_mut().filter(|change| change.revision <= learned) {
            if change.waiting.remove(id) {
                let lags = self.lookups.lags.entry(id.node().clone()).or_default();
                lags.record(now_us.saturating_sub(change.at_us));
            }
        }
        self.lookups.open.retain(|change| !change.waiting.is_empty());
    }

    /// Who is gone will not learn any more.
    pub(super) fn forget_consumer(&mut self, id: &LifeId) {
        for change in &mut self.lookups.open {
            change.waiting.remove(id);
        }
        self.lookups.open.retain(|change| !change.waiting.is_empty());
    }

    /// A life asks for the newest list. It hears nothing when it has that.
    pub(super) fn polled(&mut self, id: &LifeId) {
        let changed = self.lookups.changed_revision;
        let Some(life) = self.lives.get_mut(id).filter(|life| life.is_connected()) else { return };
        if life.list.as_of < changed {
            life.list.asked = true;
            self.changes.again(id);
        }
    }
}
