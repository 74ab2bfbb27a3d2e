//! The course of a run: starting, running, settling, stopping, finished; and what happens by itself as time passes.

use std::sync::Arc;

use crate::telemetry::Standing;
use crate::topology::{LifeId, Node, Slot};

use super::arrivals::Arrivals;
use super::cluster::Cluster;
use super::command::Plan;
use super::effect::{Effect, Signal};
use super::lifecycle::words_of_exit;
use super::lives::{Life, Program, Readiness};
use super::reconcile::{READY_WITHIN_US, ready_within_us};
use super::scenario::Scenario;
use super::snapshot::{Death, Phase};
use super::timeline::Timeline;

/// Beyond three of the users' time limits: what settling of users may take.
const SETTLE_USERS_US: u64 = 2_000_000;
/// What settling of all others may take.
const SETTLE_OTHERS_US: u64 = 2_000_000;
/// How long after that the last words of dead lives are waited for.
const LAST_WORDS_US: u64 = 1_500_000;

/// How far settling has come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Course {
    /// Not begun.
    #[default]
    Open,
    /// Users resolve what they began.
    Users { until_us: u64 },
    /// All others deliver their last totals.
    Others { until_us: u64 },
    /// The databases are read.
    Audits { until_us: u64 },
}

impl Cluster {
    /// Begins a run, where none is under way.
    pub(super) fn start(&mut self, plan: Plan) {
        if !matches!(self.phase, Phase::Idle | Phase::Finished) {
            return;
        }
        // Revisions grow over runs too, so that no node can take an old view for a newer one.
        *self = Self { now_us: self.now_us, revision: self.revision, ..Self::default() };
        self.begun_us = self.now_us;
        self.phase = Phase::Starting;
        self.topology = Arc::new(plan.preset.topology.clone());
        self.in_force = Arc::clone(&self.topology);
        self.timeline = Timeline::new(&plan.preset.expect);
        self.arrivals = Arrivals::new(&plan.preset.expect);
        self.scenario = Scenario::new(&plan);
        self.plan = plan;
        let processes: u32 = self.topology.nodes().map(Node::replicas).sum();
        self.log.info(self.now_us, format!("starting {processes} processes"));
        self.want_slots(&Arc::clone(&self.topology));
        self.begin_due();
    }

    /// Ends the run with a report; one that never began to run, without.
    pub(super) fn stop(&mut self) {
        match self.phase {
            Phase::Starting => self.abort(),
            Phase::Running => self.settle(),
            Phase::Idle | Phase::Settling | Phase::Stopping | Phase::Finished => {}
        }
    }

    /// Ends every process at once.
    pub(super) fn abort(&mut self) {
        self.waits = false;
        if matches!(self.phase, Phase::Starting | Phase::Running | Phase::Settling) {
            self.stop_processes();
        }
    }

    /// The run cannot go on.
    pub(super) fn fail(&mut self, message: String) {
        self.log.harm(self.now_us, message.clone());
        self.trouble.get_or_insert(message);
        self.abort();
    }

    /// What happens by itself as time passes.
    pub(super) fn advance(&mut self) {
        self.close_censuses();
        match self.phase {
            Phase::Idle | Phase::Finished => return,
            Phase::Starting => self.go_when_ready(),
            Phase::Running => {
                self.play();
                self.renew_programs();
                self.go_on_moving();
            }
            Phase::Settling => self.go_on_settling(),
            Phase::Stopping => {}
        }
        self.begin_due();
        self.go_on_with_deploys();
        self.force_overdue();
        self.release_drained();
        self.let_go_of_ties();
        self.tell_again();
        self.mark_time();
        if self.phase == Phase::Stopping && self.lives.alive().next().is_none() {
            self.phase = Phase::Finished;
            self.log.info(self.now_us, "finished: no process is left");
        }
    }

    fn mark_time(&mut self) {
        let Some(started_us) = self.started_us else { return };
        let until_us = self.ended_us.unwrap_or(self.now_us);
        let (open, lost) = (self.census.open().len() as u64, self.census.sums.lost());
        self.timeline.advance(until_us.saturating_sub(started_us), open, lost);
        self.usage.advance(until_us.saturating_sub(started_us), &self.lives);
    }

    /// t = 0, once every slot is ready and everybody has applied what it was told.
    fn go_when_ready(&mut self) {
        if let Some(message) = self.early_death() {
            return self.fail(message);
        }
        let is_ready = |slot: &Slot| self.lives.newest(slot).is_some_and(Life::is_ready);
        let missing: Vec<String> = self
            .lives
            .slots
            .iter()
            .filter(|(slot, entry)| entry.desired && !is_ready(slot))
            .map(|(slot, _)| slot.to_string())
            .collect();
        let knows_all = |life: &Life| !life.is_connected() || life.applied_revision >= life.sent_revision;
        let all_ready = missing.is_empty() && self.changes.is_empty() && self.lives.iter().all(knows_all);
        self.waits = all_ready && self.plan.waits && !self.may_go;
        if self.waits {
            return;
        }
        if all_ready {
            self.phase = Phase::Running;
            self.started_us = Some(self.now_us);
            self.changes.of_everything();
            let took_ms = (self.now_us - self.begun_us) / 1000;
            self.log.info(self.now_us, format!("everything is ready after {took_ms} ms: users begin"));
            return;
        }
        let within_us = self.topology.nodes().map(ready_within_us).max().unwrap_or(READY_WITHIN_US);
        if self.now_us >= self.begun_us.saturating_add(within_us) {
            let who = if missing.is_empty() { "its configuration".to_owned() } else { missing.join(", ") };
            let within_s = within_us / 1_000_000;
            self.fail(format!("not everything was ready within {within_s} s; still missing: {who}"));
        }
    }

    /// The end of a life that nobody asked for, before the run began. Its own last words are preferred, so they are
    /// waited for.
    fn early_death(&self) -> Option<String> {
        self.lives.iter().find_map(|life| {
            let exited = life.exit.filter(|exited| life.census_closed && exited.death == Death::Crashed)?;
            Some(format!("{} ended before it was ready{}", life.id.slot, words_of_exit(exited.exit)))
        })
    }

    fn settle(&mut self) {
        self.phase = Phase::Settling;
        self.ended_us = Some(self.now_us);
        self.cut_off_deploys();
        self.log.info(self.now_us, "settling: no new journeys, sessions are checked");
        for entry in self.lives.slots.values_mut() {
            entry.restarts_us = None;
        }
        let timeout_us = self.topology.nodes().filter_map(Node::users).map(|users| users.timeout.as_micros()).max();
        let until_us = self.now_us + 3 * timeout_us.unwrap_or_default() + SETTLE_USERS_US;
        self.course = Course::Users { until_us };
        self.ask_to_settle(|life| life.program == Program::Users);
    }

    fn ask_to_settle(&mut self, whom: impl Fn(&Life) -> bool) {
        let since_us = self.last_harm_us();
        for life in self.lives.iter_mut().filter(|life| whom(life)) {
            if life.is_connected() && !life.is_paused() && life.readiness != Readiness::NotYet {
                life.settle_asked = true;
                self.effects.push(Effect::Settle { life: life.id.clone(), since_us });
            }
        }
    }

    /// The last death, pause or edit since t = 0: what users saw before it proves nothing.
    fn last_harm_us(&self) -> Option<u64> {
        let started_us = self.started_us?;
        let ends = self.lives.iter().filter_map(Life::end).map(|(at_us, _)| at_us);
        let pauses = self.lives.iter().flat_map(|life| &life.pauses).map(|pause| pause.from_us);
        ends.chain(pauses).chain(self.edited_us).filter(|&at_us| at_us >= started_us).max()
    }

    fn go_on_settling(&mut self) {
        let now_us = self.now_us;
        let waits = self
            .lives
            .iter()
            .any(|life| life.settle_asked && !life.settled && life.is_connected() && !life.is_paused());
        match self.course {
            Course::Users { until_us } if !waits || now_us >= until_us => {
                self.course = Course::Others { until_us: now_us + SETTLE_OTHERS_US };
                self.ask_to_settle(|life| life.program != Program::Users);
            }
            Course::Others { until_us } if !waits || now_us >= until_us => {
                let all_read = self.lives.iter().all(|life| life.is_alive() || life.census_closed);
                if (all_read || now_us >= until_us + LAST_WORDS_US) && !self.begin_audits() {
                    self.conclude();
                }
            }
            Course::Audits { until_us } if self.is_audited() || now_us >= until_us => self.conclude(),
            Course::Open | Course::Users { .. } | Course::Others { .. } | Course::Audits { .. } => {}
        }
    }

    fn conclude(&mut self) {
        self.report = Some(Arc::new(self.make_report()));
        self.stop_processes();
    }

    pub(super) fn settled(&mut self, id: &LifeId, standings: &[Standing]) {
        let Some(life) = self.lives.get_mut(id) else { return };
        life.settled = true;
        for standing in standings {
            self.census.stand(standing);
        }
    }

    fn stop_processes(&mut self) {
        self.phase = Phase::Stopping;
        self.ended_us.get_or_insert(self.now_us);
        self.cut_off_deploys();
        for entry in self.lives.slots.values_mut() {
            entry.restarts_us = None;
        }
        for life in self.lives.iter_mut().filter(|life| life.is_alive()) {
            life.doom.get_or_insert(Death::Stopped);
            life.force_us = None;
            self.effects.push(Effect::Signal { life: life.id.clone(), signal: Signal::Kill });
        }
    }
}
