//! What operations write: lost between two databases when a process crashes in the middle, kept together by a transaction,
//! found again by a saga; with the built-in database and with a real PostgreSQL.

use std::collections::BTreeMap;

use brownout::telemetry::report::{AuditReport, Report};
use brownout::telemetry::{Outcome, Span, TraceId};
use brownout::topology::{Act, Preset, builtin, format};

use crate::support::live::{Live, is_ready, set};

fn preset(name: &str) -> Preset {
    format::read(builtin::by_name(name).unwrap().text).unwrap().into_preset()
}

/// The same software in one process with one database, in which a purchase is a transaction.
fn monolith() -> Preset {
    let text = builtin::by_name("lost-in-the-middle").unwrap().text;
    let text = text.replace("name = \"checkout\" ", "transaction = true\nname = \"checkout\" ");
    let (software, rest) = text.split_once("[[node]]\nid = \"order-service\"").unwrap();
    let (_, rest) = rest.split_once("# --- what happens to it").unwrap();
    let (what_happens, _) = rest.split_once("[layout]").unwrap();
    let nodes = "[[node]]\nid = \"shop\"\nrole = \"service\"\nmodules = [\"orders\", \"payments\"]\nconcurrency = 64\n\
                 restart = \"now\"\n[[node]]\nid = \"shop-db\"\nrole = \"database\"\n\
                 [[link]]\nfrom = \"buyers\"\nto = \"gate\"\n[[link]]\nfrom = \"gate\"\nto = \"shop\"\n\
                 [[link]]\nfrom = \"shop\"\nto = \"shop-db\"\n#";
    format::read(&format!("{software}{nodes}{what_happens}")).unwrap().into_preset()
}

fn with_postgres(mut preset: Preset) -> Preset {
    let databases: Vec<String> =
        preset.topology.nodes().filter(|node| node.database().is_some()).map(|node| node.id.to_string()).collect();
    for database in databases {
        set(&mut preset, &format!("{database}.engine"), "postgres");
    }
    preset
}

fn paid(report: &Report) -> &AuditReport {
    let [audit] = report.audits.as_slice() else { panic!("{:#?}", report.audits) };
    assert_eq!(audit.problem, None);
    assert!(audit.rows > Some(0), "{audit:#?}");
    audit
}

/// Crashes the node that hosts the orders so often, each time when it works again.
fn crash(run: &Live, slot: &str, times: u32) {
    for life in 1..=times {
        run.until_slot(slot, |found| is_ready(found) && found.life.life >= life && found.requests > 20);
        run.act(Act::Crash, "module:orders");
        run.until("it has crashed", |snapshot| {
            let deaths = snapshot.faults.iter().filter(|fault| fault.kind == "crash").count();
            (deaths >= life as usize).then_some(())
        });
        run.until_slot(slot, |found| found.life.life > life);
    }
    run.until_slot(slot, is_ready);
}

/// Crashes a process between the two writes until somebody was met there, and gives the audit.
fn lost(preset: Preset) {
    let run = Live::start(preset, false, false);
    crash(&run, "order-service.1", 6);
    let report = run.stop();
    let audit = paid(&report);
    assert!(audit.unmatched >= Some(1), "{audit:#?}");
    assert!(!audit.examples.is_empty());
}

/// Crashes the process that drives sagas; whoever comes next goes on with them.
fn found_again(preset: Preset) {
    let run = Live::start(preset, false, false);
    crash(&run, "order-service.1", 6);
    // A saga is left to its owner for three seconds; then others may take it.
    let crashed_at_us = run.until("the last crash is over", |snapshot| Some(snapshot.now_us));
    run.until("whoever is left has taken everything over", |snapshot| {
        (snapshot.now_us > crashed_at_us + 8_000_000).then_some(())
    });
    let report = run.stop();
    let audit = paid(&report);
    assert_eq!(audit.unmatched, Some(0), "{audit:#?}");
}

#[test]
fn a_crash_between_two_databases_leaves_charges_without_orders() {
    lost(preset("lost-in-the-middle"));
}

#[test]
fn a_crash_between_two_real_databases_leaves_charges_without_orders() {
    lost(with_postgres(preset("lost-in-the-middle")));
}

#[test]
fn a_saga_brings_every_charge_to_its_order() {
    found_again(preset("saga"));
}

#[test]
fn a_saga_over_real_databases_brings_every_charge_to_its_order() {
    found_again(with_postgres(preset("saga")));
}

/// The traces of which the charge was written, and neither the order nor the end of the transaction.
fn between(spans: &[Span]) -> Vec<TraceId> {
    let mut traces: BTreeMap<TraceId, Vec<&str>> = BTreeMap::new();
    for span in spans.iter().filter(|span| span.outcome == Outcome::Ok) {
        traces.entry(span.trace).or_default().push(&span.name);
    }
    let cut = |names: &&Vec<&str>| {
        names.contains(&"insert charges") && !names.contains(&"insert orders") && !names.contains(&"commit")
    };
    traces.iter().filter(|(_, names)| cut(names)).map(|(trace, _)| *trace).collect()
}

fn together(preset: Preset) {
    let run = Live::start(preset, false, false);
    let (mut spans, mut lives) = (Vec::new(), 0);
    // Who is met by a crash is chance, and a process that crashes takes its last spans along.
    while between(&spans).is_empty() {
        lives += 1;
        assert!(lives < 30, "no crash met anybody between the two writes");
        run.until_slot("shop.1", |found| is_ready(found) && found.life.life >= lives && found.requests > 20);
        run.act(Act::Crash, "module:orders");
        run.until_slot("shop.1", |found| found.life.life > lives);
        spans.extend(run.take_spans());
        // What was under way in the life that is there now is not over: only the dead tell.
        let alive = run.slot("shop.1").life;
        spans.retain(|span| span.life != alive);
    }
    let report = run.stop();
    let crashed = report.faults.iter().filter(|fault| fault.kind == "crash").count();
    assert_eq!(crashed, lives as usize);
    let audit = paid(&report);
    assert_eq!(audit.unmatched, Some(0), "{audit:#?}");
}

#[test]
fn in_one_process_with_one_database_a_transaction_loses_nothing() {
    together(monolith());
}

#[test]
fn in_one_process_with_a_real_database_a_transaction_loses_nothing() {
    together(with_postgres(monolith()));
}
