//! How fast users think: a factor on their thinking time while a run goes on. No edit of the drawing, and no part of the
//! report's preset: every run begins at the pace that was drawn.

use super::cluster::Cluster;
use super::snapshot::Phase;

/// How much faster than drawn users act. Always between a quarter and four times.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Pace(f64);

impl Pace {
    /// The paces that can be chosen one after the other.
    pub const STEPS: [Self; 5] = [Self(0.25), Self(0.5), Self(1.0), Self(2.0), Self(4.0)];

    /// A pace. `None` for what is no number or lies outside the bounds.
    pub fn new(faster: f64) -> Option<Self> {
        (0.25..=4.0).contains(&faster).then_some(Self(faster))
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
            0.25 => f.pad("×1/4"),
            0.5 => f.pad("×1/2"),
            factor => f.pad(&format!("×{factor}")),
        }
    }
}

impl Cluster {
    /// Lets users think longer or shorter from now on.
    pub(super) fn set_pace(&mut self, pace: Pace) {
        if !matches!(self.phase, Phase::Starting | Phase::Running) || self.pace == pace {
            return;
        }
        self.pace = pace;
        self.changes.of_everything();
        self.log.info(self.now_us, format!("pace {pace}: users think {}", words(pace)));
    }
}

fn words(pace: Pace) -> String {
    match pace.0 {
        1.0 => "as long as drawn".to_owned(),
        factor if factor > 1.0 => format!("{factor} times shorter"),
        factor => format!("{} times longer", 1.0 / factor),
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
        assert_eq!(said, ["×1/4", "×1/2", "×1", "×2", "×4"]);
        assert_eq!(Pace::STEPS[0].slower(), None);
    }

    #[test]
    fn only_numbers_within_the_bounds_are_paces() {
        for bad in [0.0, -1.0, 0.2, 4.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Pace::new(bad), None, "{bad}");
        }
        assert_eq!(Pace::new(0.3).and_then(Pace::faster), Some(Pace::STEPS[1]));
    }
}
