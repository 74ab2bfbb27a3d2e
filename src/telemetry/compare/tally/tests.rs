//! Trials and the table, on a recorded report.

use super::*;
use crate::telemetry::compare::{Better, Figure};
use crate::telemetry::report::ExpectationReport;
use crate::topology::{builtin, format};

fn preset(name: &str) -> Preset {
    format::read(builtin::by_name(name).unwrap().text).unwrap().into_preset()
}

fn trial(name: &str) -> &'static Trial {
    TRIALS.iter().find(|trial| trial.name == name).unwrap()
}

/// A report in which the questions of a prepared preset are answered so.
fn answered(prepared: &Preset, answer: impl Fn(&str, &str) -> f64) -> Report {
    let recorded = include_str!("report.json");
    let mut report: Report = serde_json::from_str(recorded).unwrap();
    let expectations = prepared.expect.iter().map(|asked| ExpectationReport {
        metric: asked.metric.clone(),
        of: asked.of.clone(),
        during: asked.during.map(|window| window.to_string()),
        at_least: asked.at_least,
        at_most: None,
        equals: None,
        value: Some(answer(&asked.metric, asked.of.as_deref().unwrap_or_default())),
        holds: true,
        says: String::new(),
    });
    report.expectations = expectations.collect();
    report
}

fn figure(comparison: &Comparison, name: &str) -> Figure {
    let found = comparison.figures().find(|figure| figure.name == name);
    found.unwrap_or_else(|| panic!("{name} in {comparison:#?}")).clone()
}

#[test]
fn what_is_counted_in_the_drawing_needs_no_run() {
    let (monolith, microservices) = (preset("monolith"), preset("microservices"));
    let comparison = Tally::new(("monolith", &monolith), ("microservices", &microservices)).comparison();
    let processes = figure(&comparison, "processes to start");
    assert!(processes.a < processes.b && processes.better == Better::A && processes.proxy, "{processes:?}");
    let rewritten = figure(&comparison, "modules to write anew when accounts changes its language");
    assert_eq!((rewritten.a, rewritten.b, rewritten.better), (7.0, 1.0, Better::B));
    assert!(comparison.doubts.is_empty(), "{:?}", comparison.doubts);
    assert!(!comparison.left_out.is_empty(), "nothing was run");
}

#[test]
fn an_operation_counts_as_served_where_nine_in_ten_of_its_requests_were_ok() {
    let microservices = preset("microservices");
    let mut tally = Tally::new(("a", &microservices), ("b", &microservices));
    let crashes = trial("crashes");
    let prepared = crashes.prepare(&microservices).unwrap();
    let dark = answered(&prepared, |_, _| 0.0);
    tally.enter(crashes, Side::A, &prepared, &dark);
    let browned = answered(&prepared, |_, of| if of == "recommendations.suggest" { 0.89 } else { 0.9 });
    tally.enter(crashes, Side::B, &prepared, &browned);
    let served = figure(&tally.comparison(), "operations served while recommendations is down");
    assert_eq!((served.a, served.better), (0.0, Better::B));
    assert!((served.b - 7.0 / 8.0).abs() < 1e-9, "{served:?}");
}

#[test]
fn videos_gained_are_set_against_the_memory_of_the_added_processes() {
    let monolith = preset("monolith");
    let rush = trial("rush");
    let prepared = rush.prepare(&monolith).unwrap();
    let asked = |metric: &str| prepared.expect.iter().filter(|asked| asked.metric == metric).count();
    assert_eq!(asked("replicas.memory_mib"), 3);
    let report = answered(&prepared, |metric, of| match metric {
        "replicas.memory_mib" => 50.0,
        "requests.ok" if of == "video.watch" => 120.0,
        _ => 10.0,
    });
    let readings = rush.read(&prepared, &report);
    let value = |unit: &str| readings.iter().find(|reading| reading.kind.unit == unit).unwrap().value;
    assert_eq!((value("processes"), value("MiB")), (3.0, 150.0));
    // 120 in six seconds after 120 in four: ten a second less.
    assert!((value("videos/s per MiB") + 10.0 / 150.0).abs() < 1e-9, "{readings:?}");
}

#[test]
fn what_a_system_does_not_have_is_left_out_with_the_reason() {
    let (shop, sticky) = (preset("monolith"), preset("sticky-sessions"));
    let mut tally = Tally::new(("shop", &shop), ("sticky", &sticky));
    let rush = trial("rush");
    let why = rush.prepare(&sticky).unwrap_err();
    tally.impossible(rush, Side::B, why);
    let comparison = tally.comparison();
    let left_out = comparison.left_out.iter().find(|it| it.name == "extra memory for 4 × video").unwrap();
    assert!(left_out.why.contains("nothing to measure") || left_out.why.contains("video"), "{left_out:?}");
    assert!(comparison.doubts.iter().any(|doubt| doubt.contains("what the software does")), "{comparison:#?}");
}

#[test]
fn the_median_of_several_readings_counts() {
    let monolith = preset("monolith");
    let mut tally = Tally::new(("a", &monolith), ("b", &monolith));
    let checkout = trial("checkout");
    let prepared = checkout.prepare(&monolith).unwrap();
    for (served, late) in [(900.0, 0.1), (5_000.0, 0.2), (1_000.0, 0.3)] {
        let mut report = answered(&prepared, |_, _| 0.0);
        report.start.served_after_ms = Some(served);
        report.fidelity.generator_late_p99_ms = late;
        tally.enter(checkout, Side::A, &prepared, &report);
        tally.enter(checkout, Side::B, &prepared, &report);
    }
    assert_eq!(figure(&tally.comparison(), "from Run to the first served request").a, 1_000.0);
}

#[test]
fn every_trial_yields_what_it_says_and_prepares_presets_that_can_run() {
    for name in ["monolith", "microservices", "hot-spot", "hot-spot-monolith"] {
        let preset = preset(name);
        for trial in TRIALS {
            let prepared = trial.prepare(&preset).unwrap();
            let problems = crate::topology::validate::validate(&prepared);
            let errors = problems.iter().filter(|problem| problem.severity == crate::topology::Severity::Error);
            assert_eq!(errors.count(), 0, "{name}, {}: {problems:#?}", trial.name);
            let readings = (trial.read)(&prepared, &answered(&prepared, |_, _| 1.0));
            assert!(
                readings.iter().all(|reading| trial.yields.contains(&reading.kind)),
                "{}: {readings:?}",
                trial.name
            );
        }
    }
}

#[test]
fn bytes_of_a_checkout_are_those_of_what_it_calls_and_of_nothing_else() {
    let microservices = preset("microservices");
    let checkout = trial("checkout");
    let prepared = checkout.prepare(&microservices).unwrap();
    let mut report = answered(&prepared, |_, _| 1.0);
    let checkouts = report.operations.iter_mut().find(|books| books.name == "orders.checkout").unwrap();
    checkouts.issued = 10;
    let call = |operation: &str, link: &str| crate::telemetry::report::CallReport {
        operation: operation.to_owned(),
        link: link.to_owned(),
        answered: 10,
        request_bytes: 3_000,
        answer_bytes: 1_000,
    };
    report.calls = vec![
        call("orders.checkout", "gate->order-service"),
        call("payments.charge", "order-service->payment-service"),
        call("accounts.login", "gate->user-service"),
    ];
    let readings = checkout.read(&prepared, &report);
    let bytes = readings.iter().find(|reading| reading.kind.unit == "bytes").unwrap();
    assert_eq!(bytes.value, 800.0);
}
