//! How it is now, as one value for the window and the progress line: [`Snapshot`], filled from what is known.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::telemetry::{SessionId, Totals};
use crate::topology::{LifeId, NodeId, Slot};

use super::cluster::Cluster;
use super::judgement::judge;
use super::lives::{Life, SlotEntry};
use super::rates::Recent;
use super::snapshot::{
    Death, Holder, LifeState, LinkState, NodeState, Phase, ReleaseState, SessionCounts, SlotState, Snapshot, UserState,
};

impl Cluster {
    pub(super) fn overview(&self, now_us: u64) -> Snapshot {
        let judgement = judge(&self.census, &self.lives);
        let points = self.timeline.points();
        let operations: Vec<_> = self.books.operations().into_iter().collect();
        let mut total = crate::telemetry::OperationBooks::default();
        operations.iter().for_each(|(_, books)| total.add(books));
        let totals = || self.books.lives().map(|(_, totals)| totals);
        Snapshot {
            phase: self.phase,
            now_us,
            waits: self.waits,
            started_us: self.started_us,
            pace: self.pace,
            spike_until_us: self.spike_until_us,
            arrivals: self.books.arrivals(),
            nodes: self.node_states(),
            links: self.link_states(),
            users: self.user_states(),
            visitors: self.visitor_states(),
            sessions: self.session_counts(),
            expectations: self.expectation_states(&judgement, &total),
            faults: self.faults.states(&self.lives, &judgement, &points, self.started_us).into(),
            total,
            settings: self.changed_settings().into(),
            operations: operations.into(),
            timeline: points,
            usage: self.usage.all(),
            log: self.log.lines(),
            outputs: self.outputs.all(&self.lives),
            trouble: self.trouble.clone(),
            spans_received: self.spans_received,
            spans_dropped: totals().map(|totals| totals.spans_dropped).sum(),
            trace_sample_ratio: sample_ratio(totals()),
            deploys: self.deploys.list().into(),
            releases: self.release_states(),
            discovery: self.lookups.state(),
            report: self.report.clone(),
        }
    }

    fn node_states(&self) -> Vec<NodeState> {
        let mut sessions: BTreeMap<&LifeId, u32> = BTreeMap::new();
        for id in self.census.open() {
            if let Some(Some(holder)) = self.census.session(id).and_then(|session| session.holder()) {
                *sessions.entry(self.lives.keeper_at(holder, self.now_us)).or_default() += 1;
            }
        }
        let drawn = self.topology.nodes().map(|node| node.id.clone());
        let mut ids: Vec<NodeId> = drawn.collect();
        for slot in self.lives.slots.keys().filter(|slot| self.topology.node(&slot.node).is_none()) {
            if !ids.contains(&slot.node) {
                ids.push(slot.node.clone());
            }
        }
        let nodes = ids.into_iter().map(|id| {
            let slots = self.lives.slots_of(&id).filter_map(|(slot, entry)| self.slot_state(slot, entry, &sessions));
            NodeState { slots: slots.collect(), id }
        });
        nodes.filter(|node| !node.slots.is_empty() || self.topology.node(&node.id).is_some()).collect()
    }

    /// The state of a slot; `None` for one that was taken out and is empty.
    fn slot_state(&self, slot: &Slot, entry: &SlotEntry, sessions: &BTreeMap<&LifeId, u32>) -> Option<SlotState> {
        let life = self.lives.current(slot)?;
        if !entry.desired && !life.is_alive() {
            return None;
        }
        Some(SlotState {
            slot: slot.clone(),
            life: life.id.clone(),
            state: life.state(),
            pid: life.pid,
            address: life.address,
            restarts_us: entry.restarts_us,
            cpu: life.cpu,
            pss_kib: life.pss_kib,
            requests: self.received_by(&life.id),
            sessions: sessions.get(&life.id).copied().unwrap_or_default(),
            tables: life.tables.clone(),
        })
    }

    fn release_states(&self) -> Arc<BTreeMap<LifeId, ReleaseState>> {
        let known = self.lives.iter().filter_map(|life| {
            let hosted = self.in_force.node(life.id.node()).map_or(&[][..], |node| node.modules());
            // What has moved away is at another place's version now.
            let versions = self.deploys.versions_of(life)?.iter().filter(|(module, _)| hosted.contains(module));
            let versions = versions.map(|(module, version)| {
                let bug = version.bug.map(|bug| format!(" ({bug})")).unwrap_or_default();
                format!("{module} {}{bug}", version.number)
            });
            Some((life.id.clone(), ReleaseState { number: life.release, versions: versions.collect() }))
        });
        Arc::new(known.collect())
    }

    /// Requests that a life received with this run's tag.
    pub(super) fn received_by(&self, life: &LifeId) -> u64 {
        self.books.life(life).map_or(0, |totals| totals.received.values().sum())
    }

    fn link_states(&self) -> Vec<LinkState> {
        let states = self.topology.links().map(|link| {
            let id = link.id();
            let (sent, received) = self.books.link(&id);
            let Recent { rate, failing, p95_ms } = self.rates.recent(&id);
            LinkState { sent: sent.sent, failed: sent.failed, received, rate, failing, p95_ms, id }
        });
        states.collect()
    }

    fn user_states(&self) -> Arc<[UserState]> {
        let states = self.census.users().map(|((node, number), user)| {
            let newest = user.newest.as_ref();
            let believed = newest.and_then(|id| self.census.session(id)).and_then(|session| session.belief.as_ref());
            let session = newest.filter(|id| self.census.open().contains(*id)).cloned();
            UserState {
                node: node.clone(),
                user: *number,
                holder: session.as_ref().map_or(Holder::None, |id| self.holder_of(id)),
                items: session.as_ref().and(believed).map_or(0, |believed| believed.items()),
                session,
                losses: user.losses,
                items_lost: user.items_lost,
                logged_out: believed.is_some_and(|believed| believed.out_us.is_some()),
            }
        });
        states.collect()
    }

    /// Where the only copy of an open session is. A life that the run's own end ended counts as alive. Who knows of the
    /// loss, and goes on with the session, has it in hand: a token whose cart died with its store.
    fn holder_of(&self, id: &SessionId) -> Holder {
        let Some(session) = self.census.session(id) else { return Holder::None };
        let life = match session.holder() {
            None => return Holder::None,
            Some(None) => return Holder::User,
            Some(Some(life)) => self.lives.keeper_at(life, self.now_us),
        };
        if self.lives.get(life).is_some_and(|life| self.lives.outlasts(life)) {
            return Holder::Life(life.clone());
        }
        let Some(LifeState::Dead(death)) = self.lives.get(life).map(Life::state) else {
            return Holder::Life(life.clone());
        };
        let end_us = self.lives.get(life).and_then(Life::end).map(|(end_us, _)| end_us);
        let is_known = |end_us| session.belief.as_ref().is_some_and(|belief| belief.lost_after(end_us));
        match (death, end_us) {
            (Death::Stopped, _) => Holder::Life(life.clone()),
            (_, Some(end_us)) if is_known(end_us) => Holder::User,
            (_, _) => Holder::Dead(life.clone()),
        }
    }

    fn session_counts(&self) -> SessionCounts {
        let sums = self.census.sums;
        let open = self.census.open();
        SessionCounts {
            users: self.user_count(),
            started: sums.started,
            open: open.len() as u64,
            lost: sums.lost(),
            logged_out: sums.logged_out,
            cart_lost: sums.carts_lost,
            doomed: open.iter().filter(|id| matches!(self.holder_of(id), Holder::Dead(_))).count() as u64,
            users_hurt: sums.users_hurt,
            items_lost: sums.items_lost,
            relogins: sums.relogins,
        }
    }

    /// Whether values can still change.
    pub(super) fn is_over(&self) -> bool {
        self.report.is_some() || matches!(self.phase, Phase::Stopping | Phase::Finished)
    }
}

/// The share of requests that were sampled for spans; 1 where none was begun.
pub(super) fn sample_ratio<'a>(totals: impl Iterator<Item = &'a Totals>) -> f64 {
    let (begun, sampled) =
        totals.fold((0, 0), |(begun, sampled), totals| (begun + totals.traces_begun, sampled + totals.traces_sampled));
    if begun == 0 { 1.0 } else { sampled as f64 / begun as f64 }
}
