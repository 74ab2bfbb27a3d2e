//! What the window is told of two systems: what each is doing, the time of both, and how far measuring is.

use crate::control::Snapshot;
use crate::control::snapshot::Phase;
use crate::telemetry::compare::Side;
use crate::topology::Preset;
use crate::ui::compare::{self, Clock, Mark};

use super::half::{Course as Going, Half};
use super::{Compared, Course};

impl Compared {
    /// Both halves as the window draws them.
    pub(super) fn told_halves(&self) -> [compare::Half<'_>; 2] {
        Side::BOTH.map(|side| {
            let half = &self.halves[side.index()];
            compare::Half {
                name: &half.system.name,
                preset: &half.drawn,
                picture: &half.picture,
                doing: self.doing(side),
                trouble: half.trouble(),
            }
        })
    }

    /// What one of the two is doing, in a few words.
    fn doing(&self, side: Side) -> String {
        let half = &self.halves[side.index()];
        let shown = half.picture.seen();
        let words = match (&half.course, &self.course) {
            (Going::Over(Err(_)), _) => "could not go on",
            (Going::Rest, Course::Measured(measurement)) => match measurement.current() {
                Some(run) if run.side != side => "waits: one run at a time",
                Some(_) | None => "comes to its turn",
            },
            (Going::Rest, Course::Shown(_) | Course::AtRest) => "at rest",
            (Going::Wanted(_) | Going::Begun, _) => "starting",
            (Going::Going | Going::Over(Ok(_)), _) => match shown.phase {
                Phase::Idle | Phase::Starting if shown.waits => "ready, waits for the other",
                Phase::Idle | Phase::Starting => "starting",
                Phase::Running => "running",
                Phase::Settling => "settling",
                Phase::Stopping => "stopping",
                Phase::Finished => "finished",
            },
        };
        words.to_owned()
    }

    /// The time of both, or of the one that is measured.
    pub(super) fn clock(&self) -> Clock {
        let measured = match &self.course {
            Course::Measured(measurement) => measurement.current().map(|run| &self.halves[run.side.index()]),
            Course::Shown(_) | Course::AtRest => None,
        };
        let (halves, says): (Vec<&Half>, &str) = match measured {
            Some(half) => (vec![half], "of this run"),
            None => (self.halves.iter().collect(), "since both began"),
        };
        let at_us = halves.iter().filter_map(|half| since_start_us(half)).max();
        let preset = &halves[0].drawn;
        Clock { says: says.to_owned(), at_us, until_us: preset.run.duration.as_micros(), marks: marks(preset) }
    }

    /// How far measuring is.
    pub(super) fn progress(&self) -> Option<compare::Progress> {
        let Course::Measured(measurement) = &self.course else { return None };
        let run = measurement.current()?;
        let (all_us, left_us) = measurement.lengths_us();
        let length_us = run.preset.run.duration.as_micros();
        let half = &self.halves[run.side.index()];
        let latest = half.picture.playback.latest();
        let gone_us = if matches!(half.course, Going::Going | Going::Over(_)) { gone_us(latest) } else { None };
        let gone_us = gone_us.unwrap_or(0).min(length_us);
        Some(compare::Progress {
            heading: measurement.heading().unwrap_or_default(),
            run_left_s: (length_us - gone_us).div_ceil(1_000_000),
            left_s: (left_us - gone_us).div_ceil(1_000_000),
            share: (all_us - left_us + gone_us) as f32 / all_us.max(1) as f32,
        })
    }
}

/// How long a run has gone on.
fn gone_us(snapshot: &Snapshot) -> Option<u64> {
    Some(snapshot.now_us.saturating_sub(snapshot.started_us?))
}

/// The moment on the screen, counted from the beginning of the run.
fn since_start_us(half: &Half) -> Option<u64> {
    let playback = &half.picture.playback;
    let started_us = playback.latest().started_us?;
    let since_us = playback.display_us().saturating_sub(started_us);
    Some(since_us.min(half.drawn.run.duration.as_micros()))
}

/// What a scenario does, as marks on the clock.
fn marks(preset: &Preset) -> Vec<Mark> {
    let mut marks: Vec<Mark> = preset
        .scenario
        .iter()
        .map(|step| {
            let on = step.on.to_string();
            let on = on.strip_prefix("module:").unwrap_or(&on);
            Mark { at_us: step.at.as_micros(), what: format!("{} {on}", step.act.name().replace('-', " ")) }
        })
        .collect();
    marks.sort_by_key(|mark| mark.at_us);
    marks
}
