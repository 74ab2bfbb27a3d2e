//! Stories in which a number could be wrong, or an expectation green, without anybody noticing.

use super::*;
use crate::telemetry::report::{Report, Verdict};
use crate::telemetry::{OperationBooks, Totals};
use crate::topology::{Expectation, Period, ScenarioStep};

fn at_least(metric: &str, bound: f64, during: Option<&str>) -> Expectation {
    Expectation {
        metric: metric.to_owned(),
        of: None,
        during: during.map(|window| window.parse().unwrap()),
        at_least: Some(bound),
        at_most: None,
        equals: None,
        says: String::new(),
    }
}

fn none_lost() -> Expectation {
    Expectation { at_least: None, equals: Some(0.0), ..at_least("sessions.lost", 0.0, None) }
}

fn report(stage: &mut Stage) -> Arc<Report> {
    stage.finish(Vec::new()).report.unwrap()
}

fn says(report: &Report, words: &str) -> bool {
    report.reasons.iter().any(|reason| reason.contains(words))
}

#[test]
fn what_dead_users_still_had_to_say_leaves_no_session_open() {
    let mut stage = Stage::running();
    stage.open_session(1, "a", "shop.1#1");
    stage.wait(SECOND);
    stage.act(Act::Kill, "shoppers.1");
    stage.signalled("shoppers.1#1", Signal::Kill);
    let at_us = stage.now_us;
    stage.event(Event::Exited { life: life("shoppers.1#1"), exit: Exit::Signal(9), at_us });
    // Its exit is known before its connection was read to its end.
    stage.open_session(2, "b", "shop.2#1");
    stage.event(Event::Disconnected { life: life("shoppers.1#1") });
    assert_eq!(stage.snapshot().sessions.open, 0);
    stage.wait(SECOND);
    stage.act(Act::Kill, "shop.2");
    stage.signalled("shop.2#1", Signal::Kill);
    stage.die("shop.2#1");
    let report = report(&mut stage);
    assert_eq!((report.sessions.open, report.sessions.unverified), (0, 0), "nobody believes in them any more");
}

#[test]
fn users_that_cannot_settle_leave_the_verdict_open() {
    let preset = Preset { topology: drawing(2), expect: vec![none_lost()], ..Preset::default() };
    let mut stage = Stage::running_as(preset);
    stage.act(Act::Pause, "shoppers.1");
    stage.signalled("shoppers.1#1", Signal::Pause);
    stage.command(Command::Stop);
    for id in ["gate.1#1", "shop.1#1", "shop.2#1"] {
        stage.event(Event::Settled { life: life(id), standings: Vec::new() });
    }
    let report = stage.snapshot().report.unwrap();
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert!(says(&report, "shoppers.1 did not settle"), "{:?}", report.reasons);
}

#[test]
fn a_scenario_that_was_not_played_to_its_end_proves_nothing() {
    let step =
        ScenarioStep { at: Period::secs(10), lasts: None, over: None, act: Act::Kill, on: "shop.2".parse().unwrap() };
    let preset = Preset { topology: drawing(2), expect: vec![none_lost()], scenario: vec![step], ..Preset::default() };
    let mut stage = Stage::running_as(preset);
    stage.wait(5 * SECOND);
    let report = report(&mut stage);
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert!(says(&report, "kill shop.2"), "{:?}", report.reasons);
}

#[test]
fn what_was_not_measured_does_not_hold() {
    let expect = vec![
        at_least("requests.ok_ratio", 0.99, None),
        at_least("requests.failed", 0.0, Some("10s..12s")),
        at_least("requests.ok", 0.0, Some("1s..2s")),
    ];
    let mut stage = Stage::running_as(Preset { topology: drawing(2), expect, ..Preset::default() });
    stage.wait(5 * SECOND);
    let report = report(&mut stage);
    let held: Vec<_> = report.expectations.iter().map(|expectation| (expectation.value, expectation.holds)).collect();
    assert_eq!(held, [(None, false), (None, false), (Some(0.0), true)]);
}

#[test]
fn users_who_left_still_count_among_those_who_were_hurt() {
    let mut stage = Stage::running();
    stage.open_session(1, "a", "shop.1#1");
    stage.open_session(2, "b", "shop.2#1");
    stage.log_out(2, "b", "shop.1#1");
    let mut fewer = drawing(2);
    if let Some(Role::Users(users)) = fewer.role_mut(&"shoppers".parse().unwrap()) {
        users.users = 0;
    }
    stage.command(Command::Apply(Box::new(fewer)));
    assert_eq!(stage.snapshot().sessions.users, 2);
    let report = report(&mut stage);
    assert_eq!((report.sessions.users_hurt, report.sessions.users), (1, 2));
}

#[test]
fn a_link_that_was_removed_keeps_its_books() {
    let mut stage = Stage::running();
    stage.wait(SECOND);
    let mut books = Totals { at_us: stage.now_us, ..Totals::default() };
    let sent = books.sent.entry(("shop".parse().unwrap(), Some(life("shop.1#1")))).or_default();
    sent.sent = 5;
    stage.event(Event::Totals { life: life("gate.1#1"), totals: Box::new(books) });
    let mut apart = drawing(2);
    apart.remove_link(&"gate->shop".parse().unwrap());
    stage.command(Command::Apply(Box::new(apart)));
    let report = report(&mut stage);
    let link = report.links.iter().find(|link| link.link == "gate->shop").unwrap();
    assert_eq!((link.sent, link.received), (5, 0));
    assert!(says(&report, "gate->shop do not balance"), "{:?}", report.reasons);
}

#[test]
fn after_an_edit_every_session_is_looked_after() {
    let mut stage = Stage::running();
    stage.wait(SECOND);
    stage.command(Command::Apply(Box::new(drawing(3))));
    let edited_us = stage.now_us;
    stage.wait(SECOND);
    let effects = stage.command(Command::Stop);
    assert_eq!(effects, [Effect::Settle { life: life("shoppers.1#1"), since_us: Some(edited_us) }]);
}

#[test]
fn nothing_that_is_said_after_the_report_changes_what_the_window_shows() {
    let mut stage = Stage::running();
    stage.open_session(1, "a", "shop.1#1");
    stage.wait(SECOND);
    stage.command(Command::Stop);
    for id in ["shoppers.1#1", "gate.1#1", "shop.1#1", "shop.2#1"] {
        stage.event(Event::Settled { life: life(id), standings: Vec::new() });
    }
    let report = stage.snapshot().report.unwrap();
    stage.log_out(1, "a", "shop.2#1");
    let books = OperationBooks { issued: 3, ok: 2, ..OperationBooks::default() };
    let operations = [("cart.add".to_owned(), books)].into();
    let totals = Totals { at_us: stage.now_us, operations, ..Totals::default() };
    stage.event(Event::Totals { life: life("shoppers.1#1"), totals: Box::new(totals) });
    let shown = stage.snapshot();
    assert_eq!((shown.sessions.lost, shown.sessions.open), (report.sessions.lost, report.sessions.open));
    assert_eq!((shown.total.issued, report.requests.issued), (0, 0));
}

#[test]
fn a_full_socket_leaves_a_hole_only_in_the_ledger_of_who_dies() {
    let mut stage = Stage::running();
    for id in ["shop.1#1", "shop.2#1"] {
        stage.event(Event::CensusIncomplete { life: life(id) });
    }
    stage.act(Act::Kill, "shop.2");
    stage.die("shop.2#1");
    let report = report(&mut stage);
    assert!(says(&report, "ledger of shop.2#1") && !says(&report, "shop.1#1"), "{:?}", report.reasons);
}

#[test]
fn requests_of_dead_users_stay_in_flight_and_the_books_balance() {
    let mut stage = Stage::running();
    stage.wait(SECOND);
    let books = OperationBooks { issued: 3, ok: 2, ..OperationBooks::default() };
    let operations = [("cart.add".to_owned(), books)].into();
    let totals = Totals { at_us: stage.now_us, operations, ..Totals::default() };
    stage.event(Event::Totals { life: life("shoppers.1#1"), totals: Box::new(totals) });
    stage.act(Act::Kill, "shoppers.1");
    stage.signalled("shoppers.1#1", Signal::Kill);
    stage.die("shoppers.1#1");
    let report = report(&mut stage);
    assert_eq!((report.requests.issued, report.requests.ok, report.requests.in_flight), (3, 2, 1));
}
