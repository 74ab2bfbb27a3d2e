//! How fast users act: a factor on their thinking time and on the rate of arrivals while a run goes on, and a spike on
//! top of it. No edit of the drawing, and no part of the report's preset: every run begins at the pace that was drawn.

use super::cluster::Cluster;
use super::snapshot::Phase;

/// How many times faster users act during a spike.
const SPIKE: f64 = 5.0;
/// How long a spike lasts.
const SPIKE_US: u64 = 5_000_000;
/// Changes of the pace that follow each other within this time are one line of the log.
const PULL_US: u64 = 3_000_000;

/// How much faster than drawn users act. Always between a tenth and ten times.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Pace(f64);

impl Pace {
    /// The paces that can be chosen one after the other.
    pub const STEPS: [Self; 7] = [Self(0.1), Self(0.25), Self(0.5), Self(1.0), Self(2.0), Self(4.0), Self(10.0)];

    /// A pace. `None` for what is no number or lies outside the bounds.
    pub fn new(faster: f64) -> Option<Self> {
        (0.1..=10.0).contains(&faster).then_some(Self(faster))
    }

    /// How many times faster than drawn.
    pub const fn factor(self) -> f64 {
        self.0
    }

    /// The next faster step, where there is one.
    pub fn faster(self) -> Option<Self> {
        Self::STEPS.into_iter().find(|step| *step > self)
    }

    /// The next slower step, where there is one.
    pub fn slower(self) -> Option<Self> {
        Self::STEPS.into_iter().rev().find(|step| *step < self)
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self(1.0)
    }
}

impl std::fmt::Display for Pace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            0.1 => f.pad("×1/10"),
            0.25 => f.pad("×1/4"),
            0.5 => f.pad("×1/2"),
            factor => f.pad(&format!("×{factor}")),
        }
    }
}

impl Cluster {
    /// Lets users act slower or faster from now on.
    pub(super) fn set_pace(&mut self, pace: Pace) {
        if !matches!(self.phase, Phase::Starting | Phase::Running) || self.pace == pace {
            return;
        }
        self.pace = pace;
        self.tell_users();
        let words = format!("pace {pace}: users act {}", words(pace));
        match self.pace_line {
            // One line for one pull at the slider.
            Some((line, at_us)) if self.now_us < at_us + PULL_US => self.log.rewrite(line, words),
            _ => self.pace_line = Some((self.log.info_line(self.now_us, words), self.now_us)),
        }
    }

    /// Only users need to know how fast they act.
    fn tell_users(&mut self) {
        for node in self.topology.nodes().filter(|node| node.users().is_some()) {
            self.changes.of_node(&node.id);
        }
    }

    /// Lets users act much faster for a moment; while one spike goes on, a second one makes it longer.
    pub(super) fn spike(&mut self) {
        if self.phase != Phase::Running {
            return;
        }
        if self.spike_until_us.is_none() {
            self.tell_users();
        }
        self.spike_until_us = Some(self.now_us + SPIKE_US);
        self.log.info(self.now_us, format!("spike: users act {SPIKE} times as fast for {} s", SPIKE_US / 1_000_000));
    }

    /// Ends a spike whose time is over.
    pub(super) fn end_spike(&mut self) {
        if self.spike_until_us.is_some_and(|until_us| until_us <= self.now_us) {
            self.spike_until_us = None;
            self.tell_users();
            self.log.info(self.now_us, "the spike is over".to_owned());
        }
    }

    /// How many times faster than drawn users act now.
    pub(super) fn tempo(&self) -> f64 {
        self.pace.factor() * if self.spike_until_us.is_some() { SPIKE } else { 1.0 }
    }
}

fn words(pace: Pace) -> String {
    match pace.0 {
        1.0 => "as drawn".to_owned(),
        factor if factor > 1.0 => format!("{factor} times as fast"),
        factor => format!("at {:.0} % of their speed", factor * 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_from_one_end_to_the_other_and_no_further() {
        let mut pace = Pace::STEPS[0];
        let mut said = vec![pace.to_string()];
        while let Some(next) = pace.faster() {
            assert_eq!(next.slower(), Some(pace));
            pace = next;
            said.push(pace.to_string());
        }
        assert_eq!(said, ["×1/10", "×1/4", "×1/2", "×1", "×2", "×4", "×10"]);
        assert_eq!(Pace::STEPS[0].slower(), None);
    }

    #[test]
    fn only_numbers_within_the_bounds_are_paces() {
        for bad in [0.0, -1.0, 0.09, 10.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Pace::new(bad), None, "{bad}");
        }
        assert_eq!(Pace::new(0.3).and_then(Pace::faster), Some(Pace::STEPS[2]));
    }
}
