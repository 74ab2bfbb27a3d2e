//! A change is brought to one part: how long does it take, and who fails meanwhile? And what if the change has a bug?

use crate::telemetry::compare::kinds::{DEPLOY_FAILED, DEPLOY_TOOK, REPLACED, STOPPED_BY_BUG};
use crate::telemetry::compare::trial::{Reading, Trial, answer, asked, bare, host, probe, restart_services, window};
use crate::telemetry::report::Report;
use crate::topology::{Act, Bug, Deploy, Period, Preset, ScenarioStep, Strategy, Target, Window};

use super::{MINOR, SERVED};

/// What is changed.
const CHANGED: &str = "orders";
/// When the new version comes, in seconds.
const AT: u64 = 4;
/// The process of the buggy version ends at this request for its module.
const NTH: u32 = 3;
/// What crashed starts again after so many seconds.
const DOWN: u64 = 6;

pub(in crate::telemetry::compare) const DEPLOY: Trial = Trial {
    name: "deploy",
    about: "a new version of orders without a mistake is rolled out, with the process that hosts it",
    yields: &[&DEPLOY_TOOK, &DEPLOY_FAILED, &REPLACED],
    prepare: |preset| prepare(preset, CHANGED, None, AT + 8),
    read: read_deploy,
};

pub(in crate::telemetry::compare) const BUG: Trial = Trial {
    name: "bug",
    about: "a new version of recommendations is rolled out, whose process ends at its third request for recommendations",
    yields: &[&STOPPED_BY_BUG],
    prepare: |preset| {
        let mut prepared = prepare(preset, MINOR, Some(Bug::CrashOnRequest(NTH)), AT + 8)?;
        restart_services(&mut prepared, Period::secs(DOWN));
        let names = asked(preset);
        prepared.expect.extend(names.iter().map(|name| probe("requests.ok_ratio", Some(name), Some(stopped()))));
        Ok(prepared)
    },
    read: read_bug,
};

fn prepare(preset: &Preset, module: &str, bug: Option<Bug>, secs: u64) -> Result<Preset, String> {
    let mut prepared = bare(preset, secs);
    let on = Target::Module(host(preset, module).and_then(|_| module.parse().map_err(|_| "no module".to_owned()))?);
    let act = Act::Deploy(Deploy { strategy: Strategy::Rolling, bug });
    prepared.scenario.push(ScenarioStep { at: Period::secs(AT), lasts: None, over: None, act, on });
    Ok(prepared)
}

/// When the buggy version is certainly there, and has met its third request.
fn stopped() -> Window {
    window(AT + 4, AT + 7)
}

fn read_deploy(prepared: &Preset, report: &Report) -> Vec<Reading> {
    let mut readings = Vec::new();
    if let Some(deploy) = report.deploys.iter().find(|deploy| deploy.outcome == "done") {
        readings.push(Reading { kind: &DEPLOY_TOOK, value: deploy.took_s });
        readings.push(Reading { kind: &DEPLOY_FAILED, value: deploy.requests_failed as f64 });
    }
    if let Ok(host) = host(prepared, CHANGED) {
        readings.push(Reading { kind: &REPLACED, value: host.modules().len() as f64 });
    }
    readings
}

fn read_bug(prepared: &Preset, report: &Report) -> Vec<Reading> {
    let operations = asked(prepared);
    let share = |name: &String| answer(report, "requests.ok_ratio", Some(name), Some(stopped()));
    let shares: Vec<f64> = operations.iter().filter_map(share).collect();
    if shares.is_empty() || report.deploys.is_empty() {
        return Vec::new();
    }
    let failing = shares.iter().filter(|&&share| share < SERVED).count();
    vec![Reading { kind: &STOPPED_BY_BUG, value: failing as f64 / shares.len() as f64 }]
}
