//! Orders crash again and again between a charge and its order: what do the databases hold afterwards?

use crate::telemetry::compare::kinds::INCONSISTENT;
use crate::telemetry::compare::trial::{Reading, Trial, change_roles, host};
use crate::telemetry::report::Report;
use crate::topology::{Act, OperationId, Period, Preset, Restart, Role, ScenarioStep, Step, Target};

use super::PURCHASE;
use super::checkout::{BUSY, only_checkouts};

/// When orders crash, in seconds.
const CRASHES: [u64; 4] = [3, 7, 11, 15];
/// How long a checkout takes longer between the charge and the order, so that few crashes meet some of them.
const BETWEEN: Period = Period::millis(30);

pub(in crate::telemetry::compare) const TRIAL: Trial = Trial {
    name: "interrupted",
    about: "users only check out, and between charge and order another 30 ms pass; orders crash four times, with the process \
            that hosts them, and the next process starts at once; afterwards the databases are read",
    yields: &[&INCONSISTENT],
    prepare,
    read,
};

fn prepare(preset: &Preset) -> Result<Preset, String> {
    if preset.audits.is_empty() {
        return Err("it has no audit".to_owned());
    }
    let purchase: OperationId = PURCHASE.parse().map_err(|_| format!("{PURCHASE} is no operation"))?;
    let on = Target::Node(host(preset, purchase.module.as_str())?.id.clone());
    let mut prepared = only_checkouts(preset, BUSY, 18)?;
    linger(&mut prepared, &purchase)?;
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

/// Lets time pass after the last call of an operation.
fn linger(prepared: &mut Preset, operation: &OperationId) -> Result<(), String> {
    let mut modules = prepared.topology.modules.iter_mut();
    let operations = modules.find(|module| module.name == operation.module).map(|module| &mut module.operations);
    let found = operations.into_iter().flatten().find(|known| *known.name == *operation.operation);
    let steps = found.map(|known| &mut known.steps).ok_or_else(|| format!("there is no {operation}"))?;
    let last = steps.iter().rposition(|step| matches!(step, Step::Call { .. }));
    let last = last.ok_or_else(|| format!("{operation} calls nobody"))?;
    steps.insert(last + 1, Step::Wait { wait: BETWEEN });
    Ok(())
}

fn read(_: &Preset, report: &Report) -> Vec<Reading> {
    let unmatched: Option<u64> = report.audits.iter().map(|audit| audit.unmatched).sum();
    unmatched.map(|value| Reading { kind: &INCONSISTENT, value: value as f64 }).into_iter().collect()
}
