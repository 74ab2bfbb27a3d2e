//! Payments crash again and again while everybody checks out: what do the databases hold afterwards?

use crate::telemetry::compare::kinds::INCONSISTENT;
use crate::telemetry::compare::trial::{Reading, Trial, change_roles, host};
use crate::telemetry::report::Report;
use crate::topology::{Act, Period, Preset, Restart, Role, ScenarioStep, Target};

use super::VITAL;
use super::checkout::only_checkouts;

/// When payments crash, in seconds.
const CRASHES: [u64; 4] = [3, 7, 11, 15];

pub(in crate::telemetry::compare) const TRIAL: Trial = Trial {
    name: "interrupted",
    about: "users only check out, payments crash four times, with the process that hosts them, and the next process starts \
            at once; afterwards the databases are read",
    yields: &[&INCONSISTENT],
    prepare,
    read,
};

fn prepare(preset: &Preset) -> Result<Preset, String> {
    if preset.audits.is_empty() {
        return Err("it has no audit".to_owned());
    }
    let on = Target::Node(host(preset, VITAL)?.id.clone());
    let mut prepared = only_checkouts(preset, 18)?;
    prepared.audits.clone_from(&preset.audits);
    change_roles(&mut prepared, |role| {
        if let Role::Service(service) = role {
            service.restart = Restart::Now;
        }
    });
    let crash = |at| ScenarioStep { at: Period::secs(at), lasts: None, over: None, act: Act::Crash, on: on.clone() };
    prepared.scenario.extend(CRASHES.map(crash));
    Ok(prepared)
}

fn read(_: &Preset, report: &Report) -> Vec<Reading> {
    let unmatched: Option<u64> = report.audits.iter().map(|audit| audit.unmatched).sum();
    unmatched.map(|value| Reading { kind: &INCONSISTENT, value: value as f64 }).into_iter().collect()
}
