//! What is still to be run for a comparison, in which order, and what came of it: each trial with the first system and then
//! with the second, never both at once. Who runs it, and shows it, is the caller's.

use crate::telemetry::report::Report;
use crate::topology::Preset;

use super::form::Comparison;
use super::tally::{Side, Tally};
use super::trial::{TRIALS, Trial};

/// One run of a comparison.
#[derive(Debug)]
pub struct Run {
    /// The trial that it is part of.
    pub trial: &'static Trial,
    /// Of which system.
    pub side: Side,
    /// What is run, to its end.
    pub preset: Preset,
}

/// A comparison under way.
#[derive(Debug)]
pub struct Measurement {
    names: [String; 2],
    tally: Tally,
    runs: Vec<Run>,
    /// How many of them are done.
    done: usize,
}

impl Measurement {
    /// A comparison of two systems, each with what it is called, of which nothing was run yet. They are run with the seeds
    /// that their presets have.
    pub fn of(a: (&str, &Preset), b: (&str, &Preset)) -> Self {
        let mut tally = Tally::new(a, b);
        let mut runs = Vec::new();
        for trial in TRIALS {
            for (side, (_, preset)) in [(Side::A, a), (Side::B, b)] {
                match trial.prepare(preset) {
                    Ok(preset) => runs.push(Run { trial, side, preset }),
                    Err(why) => tally.impossible(trial, side, why),
                }
            }
        }
        Self { names: [a.0.to_owned(), b.0.to_owned()], tally, runs, done: 0 }
    }

    /// What is to be run now; `None` when everything was.
    pub fn current(&self) -> Option<&Run> {
        self.runs.get(self.done)
    }

    /// The same in words: *trial 3 of 6: crashes, microservices*.
    pub fn heading(&self) -> Option<String> {
        let run = self.current()?;
        let trials = |runs: &[Run]| {
            let mut names: Vec<&str> = runs.iter().map(|run| run.trial.name).collect();
            names.dedup();
            names.len()
        };
        let (at, all) = (trials(self.runs.get(..=self.done)?), trials(&self.runs));
        Some(format!("trial {at} of {all}: {}, {}", run.trial.name, self.names[run.side.index()]))
    }

    /// How long all runs take together, and those that are not done yet, in microseconds of run time.
    pub fn lengths_us(&self) -> (u64, u64) {
        let length = |runs: &[Run]| runs.iter().map(|run| run.preset.run.duration.as_micros()).sum();
        (length(&self.runs), length(self.runs.get(self.done..).unwrap_or_default()))
    }

    /// The current run has ended: with this report, or this reason why there is none.
    pub fn enter(&mut self, outcome: Result<&Report, String>) {
        let Some(run) = self.runs.get(self.done) else { return };
        match outcome {
            Ok(report) => self.tally.enter(run.trial, run.side, &run.preset, report),
            Err(why) => self.tally.impossible(run.trial, run.side, why),
        }
        self.done += 1;
    }

    /// What came of running languages and stores together, or why they were not run.
    pub fn enter_polyglot(&mut self, preset: &Preset, report: Result<&Report, &str>) {
        self.tally.enter_polyglot(preset, report);
    }

    /// The table, as far as it is known.
    pub fn comparison(&self) -> Comparison {
        self.tally.comparison()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::{builtin, format};

    fn preset(name: &str) -> Preset {
        format::read(builtin::by_name(name).unwrap().text).unwrap().into_preset()
    }

    #[test]
    fn each_trial_is_run_with_the_first_system_and_then_with_the_second() {
        let (a, b) = (preset("monolith"), preset("microservices"));
        let mut measurement = Measurement::of(("monolith", &a), ("microservices", &b));
        let (all_us, left_us) = measurement.lengths_us();
        assert!(all_us == left_us && all_us > 60_000_000);
        let mut headings = Vec::new();
        while let Some(heading) = measurement.heading() {
            headings.push(heading);
            measurement.enter(Err("it was not run".to_owned()));
        }
        let sides: Vec<_> = headings.iter().map(|heading| heading.rsplit_once(", ").unwrap().1).collect();
        assert_eq!(sides, ["monolith", "microservices"].repeat(TRIALS.len()));
        let all = TRIALS.len();
        assert_eq!(headings[0], format!("trial 1 of {all}: {}, monolith", TRIALS[0].name));
        assert_eq!(headings[2 * all - 1], format!("trial {all} of {all}: {}, microservices", TRIALS[all - 1].name));
        assert_eq!(measurement.lengths_us(), (all_us, 0));
        let left_out = measurement.comparison().left_out;
        assert!(left_out.iter().any(|it| it.why == "monolith: it was not run"), "{left_out:?}");
    }

    #[test]
    fn what_a_system_cannot_do_is_not_run() {
        let (a, b) = (preset("one-server"), preset("shared-session-store"));
        let mut measurement = Measurement::of(("a", &a), ("b", &b));
        for heading in ["trial 1 of 2: deploy, a", "trial 1 of 2: deploy, b", "trial 2 of 2: checkout, a"] {
            assert_eq!(measurement.heading().as_deref(), Some(heading));
            measurement.enter(Err("it broke".to_owned()));
        }
        let left_out = measurement.comparison().left_out;
        assert!(left_out.iter().any(|it| it.why.contains("nobody hosts a module video")), "{left_out:?}");
    }
}
