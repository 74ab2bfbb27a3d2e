//! Faults under the real control plane that hit more than a replica: the users, the gateway, and what the spans tell.

use std::collections::BTreeMap;

use brownout::runtime::Options;
use brownout::telemetry::report::Report;
use brownout::telemetry::{Cause, Outcome, SpanKind, TraceId};
use brownout::topology::{Act, format};

use crate::support::live::{Live, is_ready, lively, set};
use crate::support::program::BROWNOUT;

fn assert_balanced(report: &Report) {
    let requests = &report.requests;
    assert_eq!(
        requests.issued,
        requests.ok + requests.failed + requests.timed_out + requests.in_flight,
        "{requests:#?}"
    );
    assert!(report.reasons.iter().all(|reason| !reason.contains("do not balance")), "{:?}", report.reasons);
}

/// With no sampling at all, the hops of a request that told a user of a lost session are fetched from everybody.
#[test]
fn the_trace_of_a_lost_session_is_whole_though_it_was_not_sampled() {
    let options = Options { traces_per_second: 0, ..Options::new(BROWNOUT.into()) };
    let run = Live::start_with(options, lively("sticky-sessions"), false, false);
    run.until_all_logged_in();
    assert!(run.take_spans().is_empty(), "nothing is sampled");
    run.act(Act::Kill, "shop.2");

    let seen = std::cell::RefCell::new(BTreeMap::<TraceId, Vec<(SpanKind, String)>>::new());
    let lost = std::cell::RefCell::new(Vec::new());
    run.until("a lost session's trace has all its hops", |_| {
        for span in run.take_spans() {
            if span.kind == SpanKind::Request && span.outcome == Outcome::Failed(Cause::UnknownSession) {
                lost.borrow_mut().push(span.trace);
            }
            seen.borrow_mut().entry(span.trace).or_default().push((span.kind, span.life.node().to_string()));
        }
        let (seen, lost) = (seen.borrow(), lost.borrow());
        let has = |trace: &TraceId, kind, node: &str| seen[trace].contains(&(kind, node.to_owned()));
        let whole = |trace: &&TraceId| {
            has(trace, SpanKind::Client, "shoppers")
                && has(trace, SpanKind::Server, "gate")
                && has(trace, SpanKind::Client, "gate")
                && has(trace, SpanKind::Server, "shop")
        };
        (!lost.is_empty() && lost.iter().all(|trace| whole(&trace))).then_some(())
    });
    assert_eq!(run.stop().telemetry.trace_sample_ratio, 0.0);
}

#[test]
fn a_run_whose_users_are_killed_goes_on_and_reports() {
    let run = Live::start(lively("sticky-sessions"), false, false);
    run.until_all_logged_in();
    run.act(Act::Kill, "shoppers.1");
    run.until("nobody believes in a session", |snapshot| (snapshot.sessions.open == 0).then_some(()));
    run.act(Act::Restart, "shoppers.1");
    run.until_all_logged_in();
    let report = run.stop();
    assert_balanced(&report);
    let sessions = &report.sessions;
    assert_eq!((sessions.lost, sessions.relogins, sessions.unverified), (0, 0, 0), "{sessions:#?}");
    assert_eq!((sessions.started, sessions.open), (60, 30), "{sessions:#?}");
}

#[test]
fn a_run_whose_users_stay_dead_comes_to_its_end() {
    let run = Live::start(lively("sticky-sessions"), false, false);
    run.until_all_logged_in();
    run.act(Act::Kill, "shoppers.1");
    run.act(Act::Kill, "shop.1");
    run.until_slot("shop.1", |slot| !is_ready(slot));
    let report = run.stop();
    assert_balanced(&report);
    assert_eq!((report.sessions.lost, report.sessions.open), (0, 0), "{:#?}", report.sessions);
}

#[test]
fn a_killed_gateway_fails_requests_but_loses_no_session() {
    let mut preset = lively("sticky-sessions");
    set(&mut preset, "gate.restart", "1s");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    run.act(Act::Kill, "gate.1");
    run.until_slot("gate.1", |slot| !is_ready(slot));
    run.until_slot("gate.1", is_ready);
    let failed =
        run.until("users noticed", |snapshot| Some(snapshot.total.failed_total()).filter(|&failed| failed > 0));
    let ok = run.until("users go on", |snapshot| Some(snapshot.total.ok));
    run.until("users go on", |snapshot| (snapshot.total.ok > ok + 60).then_some(()));
    let report = run.stop();
    assert_balanced(&report);
    assert!(report.requests.failed >= failed);
    assert_eq!((report.sessions.lost, report.sessions.unverified), (0, 0), "{:#?}", report.sessions);
    assert_eq!(report.requests.in_flight, 0, "{:#?}", report.requests);
}

#[test]
fn a_scenario_that_switches_to_the_store_and_then_kills_loses_nothing() {
    let scenario = r#"
[[scenario]]
at = "3s"
do = "set"
on = "shop"
with = { sessions = "store" }

[[scenario]]
at = "5s"
do = "kill"
on = "shop.2"

[[expect]]
metric = "sessions.lost"
equals = 0
"#;
    let source = brownout::topology::builtin::by_name("shared-session-store").unwrap().text;
    let (drawing, _) = source.split_once("[[scenario]]").unwrap();
    let drawing = drawing.replace(r#"sessions = "store""#, r#"sessions = "memory""#);
    let drawing = drawing.replace(r#"affinity = "none""#, r#"affinity = "cookie""#);
    let text = format!("{drawing}{scenario}").replace(r#"duration = "25s""#, r#"duration = "8s""#);
    let mut preset = format::read(&text).unwrap().into_preset();
    set(&mut preset, "shoppers.think", "500ms");
    let run = Live::start(preset, true, true);
    let report = run.report();
    assert_balanced(&report);
    let sessions = &report.sessions;
    assert_eq!((sessions.lost, sessions.unverified, sessions.held_by_killed), (0, 0, 0), "{sessions:#?}");
    assert!(sessions.open >= 30, "{sessions:#?}");
    assert!(report.expectations[0].holds);
    assert_eq!(report.faults.iter().map(|fault| fault.kind.as_str()).collect::<Vec<_>>(), ["set", "kill"]);
    for replica in report.nodes.iter().flat_map(|node| &node.replicas) {
        assert_eq!(replica.lives, 1, "{} was restarted", replica.slot);
    }
}
