//! The trials of a comparison, one run after the other: each begins when nothing of any other is left, so that none takes
//! the processor from another.

use crate::telemetry::compare::{Measurement, polyglot};

use super::Compared;
use super::half::{Course, Half};

/// Why languages and stores are not seen run together here.
const NOT_HERE: &str = "it starts programs: the command line runs it, with --allow-programs";

impl Compared {
    /// Begins to measure both. A table that is there already goes when the new one comes.
    pub(super) fn measure(&mut self) {
        self.rest();
        let [a, b] = &self.halves;
        let mut second = b.system.preset.clone();
        second.run.seed = a.system.preset.run.seed;
        let mut measurement = Measurement::of((&a.system.name, &a.system.preset), (&b.system.name, &second));
        if let Some(polyglot) = polyglot() {
            measurement.enter_polyglot(&polyglot, Err(NOT_HERE));
        }
        self.course = super::Course::Measured(Box::new(measurement));
    }
}

/// Goes on with the trials. Whether the last one is over.
pub(super) fn go_on(measurement: &mut Measurement, halves: &mut [Half; 2]) -> bool {
    let over = measurement.current().map(|run| &mut halves[run.side.index()]);
    if let Some(half) = over
        && let Course::Over(outcome) = &half.course
    {
        measurement.enter(outcome.as_deref().map_err(Clone::clone));
        half.rest();
    }
    // In the same frame, for without news there may be no other.
    if let Some(run) = measurement.current()
        && halves.iter().all(Half::is_clear)
    {
        halves[run.side.index()].play(run.preset.clone(), false);
    }
    measurement.current().is_none()
}
