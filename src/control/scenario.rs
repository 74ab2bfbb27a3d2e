//! The scenario's clock: which step is due, which pause is over, and when the run ends by itself.

use std::collections::BTreeSet;

use crate::topology::{LifeId, ScenarioStep};

use super::cluster::Cluster;
use super::command::Plan;
use super::snapshot::Phase;

/// What is still to come.
#[derive(Debug, Default)]
pub(super) struct Scenario {
    /// In the order of time; what is done is taken off the end.
    steps: Vec<ScenarioStep>,
    /// Pauses with an end.
    lifts: BTreeSet<(u64, LifeId)>,
}

impl Scenario {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut steps = if plan.scenario { plan.preset.scenario.clone() } else { Vec::new() };
        steps.sort_by_key(|step| step.at);
        steps.reverse();
        Self { steps, lifts: BTreeSet::new() }
    }

    /// Ends the pause of this life then.
    pub(super) fn lift_at(&mut self, at_us: u64, life: LifeId) {
        self.lifts.insert((at_us, life));
    }

    /// The steps that were not played, the next one first.
    pub(super) fn left(&self) -> impl Iterator<Item = &ScenarioStep> {
        self.steps.iter().rev()
    }

    fn next_step(&mut self, since_start_us: u64) -> Option<ScenarioStep> {
        self.steps.pop_if(|step| step.at.as_micros() <= since_start_us)
    }

    fn next_lift(&mut self, now_us: u64) -> Option<LifeId> {
        self.lifts.first().filter(|(at_us, _)| *at_us <= now_us)?;
        self.lifts.pop_first().map(|(_, life)| life)
    }
}

impl Cluster {
    /// Does what is due, and settles when the run's time is over.
    pub(super) fn play(&mut self) {
        let Some(started_us) = self.started_us else { return };
        let since_start_us = self.now_us.saturating_sub(started_us);
        while let Some(life) = self.scenario.next_lift(self.now_us) {
            self.lift(&life);
        }
        self.shape();
        while let Some(step) = self.scenario.next_step(since_start_us) {
            self.play_step(&step);
        }
        if self.phase == Phase::Running && self.plan.ends && since_start_us >= self.plan.preset.run.duration.as_micros()
        {
            self.stop();
        }
    }
}
