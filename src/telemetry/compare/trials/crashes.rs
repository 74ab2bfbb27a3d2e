//! Two parts crash, one after the other: the least and a vital one. Who is still served, and how soon are they back?

use crate::telemetry::compare::kinds::{
    BACK_AFTER, FAILED_IN_CRASHES, Kind, SERVED_WITHOUT_MINOR, SERVED_WITHOUT_VITAL,
};
use crate::telemetry::compare::trial::{Reading, Trial, answer, asked, bare, host, probe, restart_services, window};
use crate::telemetry::report::Report;
use crate::topology::{Act, Period, Preset, ScenarioStep, Target, Window};

use super::{MINOR, SERVED, VITAL};

/// When each crashes, in seconds.
const CRASHES: [(&str, u64, &Kind); 2] = [(MINOR, 4, &SERVED_WITHOUT_MINOR), (VITAL, 13, &SERVED_WITHOUT_VITAL)];
/// What crashed starts again after so many seconds, which is longer than is looked.
const DOWN: u64 = 4;

pub(in crate::telemetry::compare) const TRIAL: Trial = Trial {
    name: "crashes",
    about: "recommendations crashes, and nine seconds later payments, each with the process that hosts it",
    yields: &[&SERVED_WITHOUT_MINOR, &SERVED_WITHOUT_VITAL, &FAILED_IN_CRASHES, &BACK_AFTER],
    prepare,
    read,
};

fn prepare(preset: &Preset) -> Result<Preset, String> {
    let mut prepared = bare(preset, 21);
    restart_services(&mut prepared, Period::secs(DOWN));
    for (module, at, _) in CRASHES {
        let on = Target::Node(host(preset, module)?.id.clone());
        prepared.scenario.push(ScenarioStep { at: Period::secs(at), lasts: None, over: None, act: Act::Crash, on });
        let down = down(at);
        prepared.expect.extend(asked(preset).iter().map(|name| probe("requests.ok_ratio", Some(name), Some(down))));
    }
    Ok(prepared)
}

/// When the part that crashed then is certainly down, and everybody knows.
fn down(at: u64) -> Window {
    window(at + 1, at + DOWN)
}

fn read(prepared: &Preset, report: &Report) -> Vec<Reading> {
    let operations = asked(prepared);
    let mut readings = Vec::new();
    for (_, at, kind) in CRASHES {
        let shares =
            operations.iter().filter_map(|name| answer(report, "requests.ok_ratio", Some(name), Some(down(at))));
        let shares: Vec<f64> = shares.collect();
        if !shares.is_empty() {
            let served = shares.iter().filter(|&&share| share >= SERVED).count();
            readings.push(Reading { kind, value: served as f64 / shares.len() as f64 });
        }
    }
    let back: Vec<f64> = report.faults.iter().filter_map(|fault| fault.back_after_ms).collect();
    if back.len() >= CRASHES.len() {
        readings.push(Reading { kind: &BACK_AFTER, value: back.iter().sum::<f64>() / back.len() as f64 });
    }
    let failed = report.requests.failed + report.requests.timed_out;
    readings.push(Reading { kind: &FAILED_IN_CRASHES, value: failed as f64 });
    readings
}
