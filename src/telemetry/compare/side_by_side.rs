//! Two systems to be looked at side by side: each as it is drawn, and both with the same faults at the same second.

use crate::topology::validate::validate;
use crate::topology::{Preset, Severity};

/// What both are to run: their own drawings and users with the scenario, the length and the seed of the first, if its steps
/// can be played in the second too; else of the second; else without faults.
pub fn side_by_side(a: &Preset, b: &Preset) -> [Preset; 2] {
    let bare = Preset { scenario: Vec::new(), ..a.clone() };
    let scenarios = [a, b].into_iter().filter(|preset| !preset.scenario.is_empty());
    let mut common = scenarios.filter(|of| plays(a, of) && plays(b, of));
    let common = common.next().unwrap_or(&bare);
    [a, b].map(|preset| {
        let mut shown = with(preset, common);
        shown.run.seed = a.run.seed;
        shown
    })
}

/// A system with the scenario of another. What it expects of its own is not asked.
fn with(preset: &Preset, other: &Preset) -> Preset {
    Preset { scenario: other.scenario.clone(), run: other.run.clone(), expect: Vec::new(), ..preset.clone() }
}

/// Whether the scenario of another can be played in a system.
fn plays(preset: &Preset, other: &Preset) -> bool {
    !validate(&with(preset, other)).iter().any(|problem| problem.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::{Target, builtin, format};

    fn preset(name: &str) -> Preset {
        format::read(builtin::by_name(name).unwrap().text).unwrap().into_preset()
    }

    fn targets(preset: &Preset) -> Vec<String> {
        preset.scenario.iter().map(|step| step.on.to_string()).collect()
    }

    #[test]
    fn both_have_the_faults_of_the_first_at_the_same_second() {
        let (monolith, microservices) = (preset("monolith"), preset("microservices"));
        let [a, b] = side_by_side(&monolith, &microservices);
        assert_eq!(a.scenario, b.scenario);
        assert_eq!((&a.scenario, &a.run), (&monolith.scenario, &monolith.run));
        assert_eq!((&a.topology, &b.topology), (&monolith.topology, &microservices.topology));
        assert_eq!(a.run, b.run);
    }

    #[test]
    fn faults_of_what_the_other_does_not_have_are_not_played() {
        let (monolith, mut microservices) = (preset("monolith"), preset("microservices"));
        microservices.scenario[0].on = Target::Node("recommend-service".parse().unwrap());
        let [a, b] = side_by_side(&microservices, &monolith);
        assert_eq!(targets(&a), ["module:recommendations", "module:payments"], "those of the second");
        assert_eq!(a.scenario, b.scenario);
        let mut alone = preset("one-server");
        alone.scenario[0].on = "nobody".parse().unwrap();
        let mut other = preset("shared-session-store");
        other.scenario[0].on = "nobody-either".parse().unwrap();
        assert_eq!(side_by_side(&alone, &other).map(|preset| preset.scenario.len()), [0, 0]);
    }
}
