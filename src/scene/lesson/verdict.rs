//! What a run that is over says about each thing that the preset expects: shown or not, or not tried, where the faults that
//! would have shown it were never played.

use crate::control::Snapshot;
use crate::control::snapshot::Phase;
use crate::topology::{Expectation, Preset, ScenarioStep};

use super::deed::{self, Likeness};

/// Something that the preset expects, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What is expected, in words.
    pub says: String,
    /// What became of it.
    pub standing: Standing,
}

/// What became of something that is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was so.
    Shown,
    /// It was not so.
    NotShown,
    /// What it is about never happened.
    NotTried,
    /// Nobody knows.
    NotMeasured,
}

/// The points of a run that is over; none while it goes on, or where it could not.
pub(super) fn points(preset: &Preset, shown: &Snapshot, experiment: bool) -> Vec<Point> {
    if shown.phase != Phase::Finished || shown.trouble.is_some() || shown.started_us.is_none() {
        return Vec::new();
    }
    let of = |(at, state): (usize, &crate::control::snapshot::ExpectationState)| {
        let tried = preset.expect.get(at).is_none_or(|expected| was_tried(preset, shown, expected, experiment));
        let standing = match state.holds {
            _ if !tried => Standing::NotTried,
            Some(true) => Standing::Shown,
            Some(false) => Standing::NotShown,
            None => Standing::NotMeasured,
        };
        Point { says: state.says.clone(), standing }
    };
    shown.expectations.iter().enumerate().map(of).collect()
}

/// Whether everything was done that an expectation is about. A fault by hand has no time of its own, so that nothing can be
/// said about a window of the experiment's.
fn was_tried(preset: &Preset, shown: &Snapshot, expected: &Expectation, experiment: bool) -> bool {
    let before = |step: &&ScenarioStep| expected.during.is_none_or(|window| step.at < window.to);
    let mut due = preset.scenario.iter().filter(before).peekable();
    let timed = due.peek().is_some() && expected.during.is_some();
    (experiment || !timed) && due.all(|step| was_played(step, shown, experiment))
}

/// Whether a step of the experiment was played, or somebody did the like.
fn was_played(step: &ScenarioStep, shown: &Snapshot, experiment: bool) -> bool {
    let seconds = shown.timeline.last().map_or(0, |point| u64::from(point.second) + 1);
    let in_time = experiment && step.at.as_micros() <= seconds * 1_000_000;
    in_time || shown.faults.iter().any(|fault| deed::likeness(fault, &step.act, &step.on) >= Likeness::Sibling)
}

/// The score in people, after how much of what the preset expects was shown.
pub(super) fn headline(people: &str, points: &[Point], shown: &Snapshot, experiment: bool) -> String {
    let are = |standing: Standing| points.iter().filter(|point| point.standing == standing).count();
    let (all, held, untried) = (points.len(), are(Standing::Shown), are(Standing::NotTried));
    match (experiment, untried) {
        _ if all == 0 => people.to_owned(),
        (true, 0) if held == all => format!("Lesson shown. {people}"),
        (_, 0) => format!("{held} of {all} points shown. {people}"),
        (true, untried) => format!("{held} of {all} points shown, {untried} not tried. {people}"),
        (false, untried) if untried == all || shown.faults.is_empty() => {
            format!("It was only run, without the experiment. {people}")
        }
        (false, untried) => {
            format!("{held} of {all} points shown, {untried} not tried without the experiment. {people}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::snapshot::{ExpectationState, TimelinePoint};

    /// A run of this preset that is over after so many seconds, in which everything that is expected was so.
    fn over(preset: &Preset, seconds: u32) -> Snapshot {
        let state = |_: &Expectation| ExpectationState { says: String::new(), value: None, holds: Some(true) };
        let last = TimelinePoint { second: seconds - 1, ..TimelinePoint::default() };
        Snapshot {
            phase: Phase::Finished,
            started_us: Some(0),
            expectations: preset.expect.iter().map(state).collect(),
            timeline: vec![last].into(),
            ..Snapshot::default()
        }
    }

    #[test]
    fn what_was_not_played_is_not_tried() {
        let text = crate::topology::builtin::by_name("sticky-sessions").unwrap().text;
        let preset = crate::topology::format::read(text).unwrap().into_preset();
        let (early, late) = (over(&preset, 5), over(&preset, 25));
        let are = |points: &[Point], standing| !points.is_empty() && points.iter().all(|it| it.standing == standing);
        let run = points(&preset, &late, false);
        assert!(are(&run, Standing::NotTried), "{run:?}");
        assert_eq!(headline("Well.", &run, &late, false), "It was only run, without the experiment. Well.");
        let played = points(&preset, &late, true);
        assert!(are(&played, Standing::Shown), "{played:?}");
        assert_eq!(headline("Well.", &played, &late, true), "Lesson shown. Well.");
        assert!(are(&points(&preset, &early, true), Standing::NotTried), "stopped before the kill");
        assert_eq!(points(&preset, &Snapshot { phase: Phase::Running, ..late }, true), []);
    }
}
