//! Expectations: metrics that there are, with a bound, of an operation and in a window that can be measured.

use super::{Found, scenario, software};
use crate::topology::metrics::{self, METRICS, Metric, Of};
use crate::topology::{Cause, Expectation, OperationId, Preset, Problem, Target};

/// The request at the end of a run that checks a session; in the books it is an operation of its own.
const SESSION_CHECK: &str = "session.check";

pub(super) fn check(preset: &Preset, problems: &mut Found) {
    for (index, expectation) in preset.expect.iter().enumerate() {
        let path = format!("expect[{index}]");
        let before = problems.len();
        bounds(&path, expectation, problems);
        match metrics::by_name(&expectation.metric) {
            Some(metric) => {
                of(preset, &path, metric, expectation, problems);
                window(preset, &path, metric, expectation, problems);
            }
            None => {
                let message = format!("there is no metric {:?}", expectation.metric);
                let names = || METRICS.iter().map(|metric| metric.name).collect();
                let advice = problems.adviser.nearest(&expectation.metric, names).map_or_else(
                    || "the catalogue is in docs/preset-format.md".to_owned(),
                    |near| format!("did you mean {near}?"),
                );
                problems.push(Problem::error(format!("{path}.metric"), message).advise(advice));
            }
        }
        // Whatever is wrong with it, it can be taken out; another operation is for people to choose.
        for problem in problems.since(before).iter_mut().filter(|problem| !is_replica(problem)) {
            problem.cause = Some(Box::new(Cause::BadExpectation(index)));
        }
    }
}

fn is_replica(problem: &Problem) -> bool {
    problem.cause.as_deref().is_some_and(|cause| matches!(cause, Cause::NoReplica(_)))
}

fn bounds(path: &str, expectation: &Expectation, problems: &mut Found) {
    let Expectation { at_least, at_most, equals, .. } = expectation;
    if at_least.is_none() && at_most.is_none() && equals.is_none() {
        let message = format!("nothing is expected of {}", expectation.metric);
        problems.push(Problem::error(path, message).advise("add at_least, at_most or equals"));
    }
    if let (Some(least), Some(most)) = (at_least, at_most)
        && least > most
    {
        let message = format!("nothing is at least {least} and at most {most}");
        problems.push(Problem::error(format!("{path}.at_most"), message).advise("raise at_most or lower at_least"));
    }
}

fn of(preset: &Preset, path: &str, metric: &Metric, expectation: &Expectation, problems: &mut Found) {
    let Some(of) = &expectation.of else {
        if metric.of == Of::Place {
            let message = format!("{} is counted for each replica", metric.name);
            problems.push(Problem::error(path, message).advise("say which in of, as in of = \"shop.2\""));
        }
        if metric.of == Of::Audit {
            let message = format!("{} is counted for one audit", metric.name);
            problems.push(Problem::error(path, message).advise("say which in of, by the name of an [[audit]]"));
        }
        return;
    };
    let path = format!("{path}.of");
    if metric.of == Of::Audit {
        if preset.audits.iter().all(|audit| audit.name.as_str() != of) {
            let names = || preset.audits.iter().map(|audit| audit.name.as_str()).collect();
            let advice = problems.adviser.advice(of, names);
            problems.push(Problem::error(path, format!("there is no audit {of:?}")).advise(advice));
        }
        return;
    }
    if metric.of == Of::Run {
        let message = format!("{} is counted for the whole run, so it takes no \"of\"", metric.name);
        problems.push(Problem::error(path, message).advise("remove of"));
        return;
    }
    if metric.of == Of::Place {
        match of.parse() {
            Ok(Target::Link(link)) => {
                let message = format!("{} is counted for each replica, and {link} is a link", metric.name);
                problems.push(Problem::error(path, message).advise("name a replica, as in shop.2"));
            }
            Ok(target) => drop(scenario::place(preset, &path, &target, preset.run.duration, problems)),
            Err(error) => problems.push(Problem::error(path, format!("of: {error}"))),
        }
        return;
    }
    if of == SESSION_CHECK {
        return;
    }
    match of.parse::<OperationId>() {
        Ok(id) => {
            software::known(&preset.topology, &path, &id, problems);
        }
        Err(error) => problems.push(Problem::error(path, format!("of: {error}"))),
    }
}

fn window(preset: &Preset, path: &str, metric: &Metric, expectation: &Expectation, problems: &mut Found) {
    let Some(during) = expectation.during else { return };
    let path = format!("{path}.during");
    if !metric.windowed {
        let windowed: Vec<&str> = METRICS.iter().filter(|metric| metric.windowed).map(|metric| metric.name).collect();
        let message = format!("{} is not counted in windows of time", metric.name);
        let advice = format!("remove during; it goes with {}", windowed.join(", "));
        problems.push(Problem::error(path, message).advise(advice));
    } else if during.to > preset.run.duration {
        let message = format!("the window {during} reaches beyond the run, which ends after {}", preset.run.duration);
        problems.push(Problem::error(path, message).advise("end it earlier or make the run longer"));
    }
}
