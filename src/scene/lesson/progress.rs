//! Where the learner is in a lesson: which step, what was predicted, whether the doing has begun and is over. Steps are
//! never locked, and whatever was done instead is taken as done.

use std::sync::Arc;

use crate::control::Snapshot;
use crate::control::snapshot::{FaultState, Phase};
use crate::topology::{LessonStep, Preset, Until};

use super::Turn;
use super::deed::{self, Likeness};
use super::outcome::Outcome;

/// More hands than these are in no class.
const MOST_HANDS: u32 = 999;

/// How far a step has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    /// The question waits for an answer.
    #[default]
    Asking,
    /// The learner is to do something.
    Doing,
    /// It was done, and people are finding out.
    Unfolding,
    /// Everybody knows: the numbers stand.
    Told,
}

/// What was predicted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prediction {
    /// A number.
    pub number: Option<u64>,
    /// How many hands went up for each answer.
    pub hands: Vec<u32>,
    /// Whether the learner went on without one.
    pub skipped: bool,
}

impl Prediction {
    /// Whether there is nothing to wait for any more.
    pub fn is_given(&self) -> bool {
        self.skipped || self.number.is_some() || self.hands.iter().any(|&hands| hands > 0)
    }
}

/// The lesson of one document as it goes on.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    pub(super) at: usize,
    pub(super) stage: Stage,
    pub(super) prediction: Prediction,
    pub(super) dismissed: bool,
    /// The numbers of this step as they are now, and, once they stand, as they were then.
    pub(super) outcome: Outcome,
    /// How well what was done is what was asked.
    pub(super) likeness: Option<Likeness>,
    /// Whether the scenario plays by itself and the strip only tells.
    pub(super) narrates: bool,
    /// Whether all that was done so far has been seen to its end.
    pub(super) over: bool,
    /// Whether the learner turns the steps after the run has ended.
    pub(super) leafs: bool,
    /// What earlier steps came to, for whoever goes back.
    results: Vec<Option<Kept>>,
    /// The run when the step began.
    baseline: Arc<Snapshot>,
    /// The run just before the first deed of the step.
    before: Arc<Snapshot>,
    last: Arc<Snapshot>,
    deeds: Vec<FaultState>,
    done_us: u64,
}

/// What a step came to.
#[derive(Debug, Clone)]
struct Kept {
    prediction: Prediction,
    outcome: Outcome,
    likeness: Option<Likeness>,
}

impl Progress {
    /// A run was asked for. With `experiment` the scenario does what the learner would, so the steps stand still.
    pub fn run_begins(&mut self, experiment: bool) {
        self.narrates = experiment;
    }

    /// Takes in how the document and the picture are now.
    pub fn observe(&mut self, preset: &Preset, shown: &Arc<Snapshot>) {
        let news = !Arc::ptr_eq(shown, &self.last);
        if news && (shown.now_us < self.last.now_us || shown.phase == Phase::Idle && self.last.phase != Phase::Idle) {
            self.run_anew(preset, shown);
        }
        self.leafs &= shown.phase == Phase::Finished;
        match preset.lesson.steps.get(self.at) {
            Some(step) if !self.narrates => self.follow(preset, step, shown, news),
            Some(_) | None => self.narrate(preset, shown),
        }
        if news {
            self.last = Arc::clone(shown);
        }
    }

    /// The learner did something with the strip.
    pub fn turn(&mut self, preset: &Preset, turn: Turn) {
        let answers = preset.lesson.steps.get(self.at).map_or(0, |step| step.choices.len());
        match turn {
            // The first turn after the end leads from the sum of the run back to its step.
            Turn::Next | Turn::Back if self.last.phase == Phase::Finished && !self.leafs => self.leafs = true,
            Turn::Next => self.go_to(preset, (self.at + 1).min(preset.lesson.steps.len().saturating_sub(1))),
            Turn::Back => self.go_to(preset, self.at.saturating_sub(1)),
            Turn::Guess(number) => self.prediction.number = Some(number),
            Turn::Hands { answer, count } => {
                self.prediction.hands.resize(answers, 0);
                if let Some(hands) = self.prediction.hands.get_mut(answer) {
                    *hands = count.min(MOST_HANDS);
                }
            }
            Turn::Skip => self.prediction.skipped = true,
            Turn::Dismiss => self.dismissed = true,
        }
        if self.stage == Stage::Asking && self.prediction.is_given() {
            self.stage = Stage::Doing;
        }
    }

    fn go_to(&mut self, preset: &Preset, at: usize) {
        if at == self.at {
            return;
        }
        // A step that waits for nothing is over when the learner goes on.
        let waits = preset.lesson.steps.get(self.at).is_some_and(|step| step.until.is_some());
        if !waits && self.prediction.is_given() {
            self.stage = Stage::Told;
        }
        self.keep();
        self.at = at;
        self.begin(preset, Arc::clone(&self.last));
        if let Some(Some(kept)) = self.results.get(at).cloned() {
            self.stage = Stage::Told;
            self.prediction = kept.prediction;
            self.outcome = kept.outcome;
            self.likeness = kept.likeness;
        }
    }

    /// Notes what the step came to, if its numbers stand.
    fn keep(&mut self) {
        if self.stage != Stage::Told {
            return;
        }
        if self.results.len() <= self.at {
            self.results.resize(self.at + 1, None);
        }
        self.results[self.at] =
            Some(Kept { prediction: self.prediction.clone(), outcome: self.outcome.clone(), likeness: self.likeness });
    }

    /// The step begins on this run.
    fn begin(&mut self, preset: &Preset, run: Arc<Snapshot>) {
        let asks = preset.lesson.steps.get(self.at).is_some_and(|step| !step.predict.is_empty());
        self.stage = if asks { Stage::Asking } else { Stage::Doing };
        self.prediction = Prediction::default();
        self.measure_from(run);
    }

    fn measure_from(&mut self, run: Arc<Snapshot>) {
        self.dismissed = false;
        self.over = false;
        self.outcome = Outcome::default();
        self.likeness = None;
        self.deeds.clear();
        self.before = Arc::clone(&run);
        self.baseline = run;
    }

    /// The run began again: back to the start of the step. A prediction that was not put to the test stays.
    fn run_anew(&mut self, preset: &Preset, shown: &Arc<Snapshot>) {
        let tested = matches!(self.stage, Stage::Unfolding | Stage::Told);
        if tested {
            if let Some(result) = self.results.get_mut(self.at) {
                *result = None;
            }
            self.begin(preset, Arc::clone(shown));
        } else {
            self.measure_from(Arc::clone(shown));
        }
    }

    /// Takes in what was done since the step began. Whether there is more of it than before.
    fn gather(&mut self, preset: &Preset, shown: &Arc<Snapshot>) -> bool {
        let deeds = deed::since(shown, self.baseline.faults.len());
        let more = deeds.len() > self.deeds.len();
        if more && self.deeds.is_empty() {
            self.before = Arc::clone(&self.last);
        }
        self.deeds = deeds;
        if more || self.stage != Stage::Told {
            let held = self.outcome.held;
            self.outcome = Outcome::measure(preset, &self.baseline, &self.before, shown, &self.deeds);
            // Where no act tells what was held, as in scaling in, it is what was seen to be lost at once.
            self.outcome.held = self.outcome.held.max(held).max(self.outcome.doomed);
        }
        more
    }

    fn narrate(&mut self, preset: &Preset, shown: &Arc<Snapshot>) {
        self.gather(preset, shown);
        self.over = deed::is_over(preset, shown, 0, &self.deeds);
    }

    fn follow(&mut self, preset: &Preset, step: &LessonStep, shown: &Arc<Snapshot>, news: bool) {
        let asks = !step.predict.is_empty() && !self.prediction.is_given();
        if matches!(self.stage, Stage::Asking | Stage::Doing) {
            self.stage = if asks { Stage::Asking } else { Stage::Doing };
        }
        let more = news && self.gather(preset, shown);
        match self.stage {
            Stage::Asking | Stage::Doing => {
                if self.is_done(preset, step, shown) {
                    self.done_us = shown.now_us;
                    self.stage = Stage::Unfolding;
                }
            }
            Stage::Told if more => self.did_more(preset, step, shown),
            Stage::Unfolding | Stage::Told => {}
        }
        if self.stage == Stage::Unfolding && self.is_over(preset, step, shown) {
            self.stage = Stage::Told;
            self.keep();
            let silent = step.after.is_empty() && step.predict.is_empty();
            if silent && !matches!(step.until, Some(Until::Done { .. })) {
                self.turn(preset, Turn::Next);
            }
        }
    }

    /// More was done after the step had come to its end: it belongs to the next step if that asks for it, else here.
    fn did_more(&mut self, preset: &Preset, step: &LessonStep, shown: &Arc<Snapshot>) {
        let asked_by = |step: &LessonStep| match &step.until {
            Some(Until::Done { act, on }) => deed::since(shown, self.last.faults.len())
                .iter()
                .map(|fault| deed::likeness(fault, act, on))
                .max()
                .unwrap_or(Likeness::None),
            _ => Likeness::None,
        };
        let next = preset.lesson.steps.get(self.at + 1).map_or(Likeness::None, asked_by);
        if next > asked_by(step).min(Likeness::Other) && next >= Likeness::Sibling {
            self.go_to(preset, self.at + 1);
            self.follow(preset, &preset.lesson.steps[self.at], shown, true);
        } else if asked_by(step) > Likeness::None || !matches!(step.until, Some(Until::Done { .. })) {
            self.dismissed = false;
            self.done_us = shown.now_us;
            self.likeness = self.best_likeness(step);
            self.stage = Stage::Unfolding;
        }
    }

    fn best_likeness(&self, step: &LessonStep) -> Option<Likeness> {
        let Some(Until::Done { act, on }) = &step.until else { return None };
        self.deeds.iter().map(|fault| deed::likeness(fault, act, on)).max()
    }

    /// Whether what the step waits for has happened, or something like it.
    fn is_done(&mut self, preset: &Preset, step: &LessonStep, shown: &Snapshot) -> bool {
        let runs = shown.phase == Phase::Running;
        match &step.until {
            None => false,
            Some(Until::Running) => {
                let known = shown.users.iter().filter(|user| user.session.is_some() || user.losses > 0).count();
                runs && shown.sessions.users > 0 && known as u64 >= u64::from(shown.sessions.users)
            }
            Some(Until::Wait(period)) => {
                let from_us = self.baseline.now_us.max(shown.started_us.unwrap_or(u64::MAX));
                runs && shown.now_us >= from_us.saturating_add(period.as_micros())
            }
            Some(Until::Setting { node, key, value }) => deed::is_set(preset, node, key, value),
            Some(Until::Done { .. }) => {
                self.likeness = self.best_likeness(step);
                self.likeness.is_some_and(|likeness| likeness > Likeness::None)
            }
        }
    }

    fn is_over(&self, preset: &Preset, step: &LessonStep, shown: &Snapshot) -> bool {
        match &step.until {
            Some(Until::Running | Until::Wait(_)) if self.deeds.is_empty() => true,
            _ => deed::is_over(preset, shown, self.done_us, &self.deeds),
        }
    }
}
