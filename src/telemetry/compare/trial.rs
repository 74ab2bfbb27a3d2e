//! A trial: one experiment that both systems go through. It changes a preset, is run, and yields figures of the report.
//! What a trial wants to know of a window of the run it asks for as an expectation: the one catalogue of metrics.

use crate::telemetry::report::Report;
use crate::topology::{Expectation, ModuleName, Node, Period, Preset, Restart, Role, RunSettings, Window, metrics};

use super::kinds::{DISCOVERY_LAG, FIRST_SERVED, Kind};
use super::trials;

/// One experiment.
#[derive(Debug)]
pub struct Trial {
    /// What it is called.
    pub name: &'static str,
    /// What is done, in a sentence.
    pub about: &'static str,
    /// The figures that it yields.
    pub yields: &'static [&'static Kind],
    pub(super) prepare: fn(&Preset) -> Result<Preset, String>,
    pub(super) read: fn(&Preset, &Report) -> Vec<Reading>,
}

/// A measured value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Of which figure.
    pub kind: &'static Kind,
    /// The value, in the figure's unit.
    pub value: f64,
}

/// Every trial, in the order in which they are run. A new one is a file in `trials/` and a line here.
pub const TRIALS: &[Trial] = &[
    trials::deploy::DEPLOY,
    trials::deploy::BUG,
    trials::rush::TRIAL,
    trials::crashes::TRIAL,
    trials::checkout::TRIAL,
    trials::interrupted::TRIAL,
];

impl Trial {
    /// The preset of this experiment on that system.
    ///
    /// # Errors
    /// Why it cannot be made of it: it has no such module.
    pub fn prepare(&self, preset: &Preset) -> Result<Preset, String> {
        (self.prepare)(preset)
    }

    /// What the run of a prepared preset yields.
    pub fn read(&self, prepared: &Preset, report: &Report) -> Vec<Reading> {
        let mut readings = (self.read)(prepared, report);
        let served = report.start.served_after_ms;
        readings.extend(served.map(|value| Reading { kind: &FIRST_SERVED, value }));
        let lag = report.discovery.lag_ms.map(|lag| lag.p50);
        readings.extend(lag.map(|value| Reading { kind: &DISCOVERY_LAG, value }));
        readings
    }
}

/// The drawing and its load, and nothing of what happens to it.
pub(super) fn bare(preset: &Preset, secs: u64) -> Preset {
    Preset {
        title: preset.title.clone(),
        run: RunSettings { duration: Period::secs(secs), warmup: Period::secs(1), ..preset.run.clone() },
        topology: preset.topology.clone(),
        ..Preset::default()
    }
}

/// The node that hosts a module.
pub(super) fn host<'a>(preset: &'a Preset, module: &str) -> Result<&'a Node, String> {
    let name: Option<ModuleName> = module.parse().ok();
    let host = name.and_then(|name| preset.topology.host(&name));
    host.ok_or_else(|| format!("nobody hosts a module {module}"))
}

/// Changes every node of one kind.
pub(super) fn change_roles(preset: &mut Preset, change: impl Fn(&mut Role)) {
    let ids: Vec<_> = preset.topology.nodes().map(|node| node.id.clone()).collect();
    for id in ids {
        if let Some(role) = preset.topology.role_mut(&id) {
            change(role);
        }
    }
}

/// The same restart delay for everything that hosts modules, so that the two systems differ by what they are only.
pub(super) fn restart_services(preset: &mut Preset, delay: Period) {
    change_roles(preset, |role| match role {
        Role::Service(service) => service.restart = Restart::After(delay),
        Role::Program(program) => program.restart = Restart::After(delay),
        Role::Users(_) | Role::Gateway(_) | Role::Cache(_) | Role::Database(_) => {}
    });
}

/// Every operation that users ask for, once each.
pub(super) fn asked(preset: &Preset) -> Vec<String> {
    let mut operations = Vec::new();
    for operation in preset.topology.nodes().filter_map(Node::users).flat_map(|users| users.operations()) {
        let name = operation.to_string();
        if !operations.contains(&name) {
            operations.push(name);
        }
    }
    operations
}

/// Seconds of the run as a window.
pub(super) fn window(from: u64, to: u64) -> Window {
    Window { from: Period::secs(from), to: Period::secs(to) }
}

/// A question to the run. Whatever is measured holds.
pub(super) fn probe(metric: &str, of: Option<&str>, during: Option<Window>) -> Expectation {
    debug_assert!(metrics::by_name(metric).is_some(), "{metric}");
    Expectation {
        metric: metric.to_owned(),
        of: of.map(str::to_owned),
        during,
        at_least: Some(0.0),
        at_most: None,
        equals: None,
        says: String::new(),
    }
}

/// The answer to a question.
pub(super) fn answer(report: &Report, metric: &str, of: Option<&str>, during: Option<Window>) -> Option<f64> {
    let during = during.map(|window| window.to_string());
    let asked = report.expectations.iter().find(|expectation| {
        expectation.metric == metric && expectation.of.as_deref() == of && expectation.during == during
    });
    asked?.value
}
