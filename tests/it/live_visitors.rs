//! Visitors from outside, with a real HTTP client at a real gateway: they are known again by their cookie, they are
//! seen, their requests become dots, and the run's own books do not know them.

use std::cell::RefCell;
use std::sync::Arc;

use brownout::control::snapshot::VisitorState;
use brownout::scene::{Dot, Picture, Point, visitors};
use brownout::telemetry::{Span, SpanKind};
use brownout::topology::Act;
use serde_json::Value;

use crate::support::browser::Browser;
use crate::support::live::{Live, is_ready, lively, set};

/// A system with one user who says next to nothing.
fn quiet(preset: &str) -> Live {
    let mut preset = lively(preset);
    set(&mut preset, "shoppers.users", "1");
    set(&mut preset, "shoppers.think", "300s");
    set(&mut preset, "shop.restart", "now");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    run
}

fn until_visitor(run: &Live, what: &str, is: impl Fn(&VisitorState) -> bool) -> VisitorState {
    run.until(what, |snapshot| snapshot.visitors.iter().find(|state| is(state)).cloned())
}

#[test]
fn a_visitor_with_cookies_logs_in_is_seen_and_stays_out_of_the_books() {
    let run = quiet("sticky-sessions");
    let mut browser = Browser::new(run.slot("gate.1").address.unwrap());
    let page = browser.get("/");
    assert_eq!(page.status, 200);
    for said in ["You are visitor 1 of gate", "data-path=\"/accounts/login\"", "data-path=\"/cart/view\""] {
        assert!(page.body.contains(said), "{said} is not in {}", page.body);
    }
    until_visitor(&run, "the visitor is there", |state| state.visitor.requests == 1 && !state.visitor.session);
    assert_eq!(browser.get("/cart/view").status, 401);
    assert_eq!(browser.post("/accounts/login", "{}").status, 200);
    assert_eq!(browser.post("/cart/add", "{\"item\":\"visitor-1\"}").status, 200);
    let cart: Value = serde_json::from_str(&browser.get("/cart/view").body).unwrap();
    assert_eq!(cart["items"], serde_json::json!(["visitor-1"]));
    let state = until_visitor(&run, "the visitor is logged in", |state| state.visitor.requests == 5);
    assert_eq!((state.visitor.number, state.visitor.failed, state.visitor.session), (1, 1, true));

    let holder = browser.holder.clone().unwrap();
    run.act(Act::Kill, holder.split('#').next().unwrap());
    run.until_slot(holder.split('#').next().unwrap(), |slot| is_ready(slot) && slot.life.to_string() != holder);
    assert_eq!(browser.get("/cart/view").status, 401);
    until_visitor(&run, "the visitor lost the session", |state| state.visitor.lost == 1 && !state.visitor.session);
    let report = run.stop();
    assert_eq!((report.visitors.visitors, report.visitors.requests, report.visitors.sessions_lost), (1, 6, 1));
    let checks = report.operations.iter().filter(|operation| operation.name == "session.check").map(|o| o.issued);
    assert_eq!(report.requests.issued - checks.sum::<u64>(), 1, "the user's log-in: {:?}", report.requests);
    assert!(report.sessions.users == 1 && report.sessions.started <= 2, "{:?}", report.sessions);
}

#[test]
fn the_requests_of_a_visitor_are_dots_that_begin_at_the_visitors_figure() {
    let run = quiet("sticky-sessions");
    let mut browser = Browser::new(run.slot("gate.1").address.unwrap());
    assert_eq!(browser.post("/accounts/login", "{}").status, 200);
    let spans = RefCell::new(Vec::<Span>::new());
    let (root, snapshot) = run.until("the spans of the request have come", |snapshot| {
        let mut spans = spans.borrow_mut();
        spans.extend(run.take_spans());
        let at = |span: &Span, node: &str| span.life.node().as_str() == node;
        let root = spans.iter().find(|span| span.kind == SpanKind::Request && at(span, "gate"))?;
        let served = spans.iter().any(|span| span.trace == root.trace && at(span, "shop"));
        (served && !snapshot.visitors.is_empty()).then(|| (root.clone(), snapshot.clone()))
    });
    let preset = lively("sticky-sessions");
    let mut picture = Picture::default();
    picture.receive(Arc::new(snapshot), spans.into_inner());
    let mut way = Vec::new();
    // Its wire time is drawn many times as long as it was, so all of it is seen within two seconds.
    for step in 0..100 {
        picture.go_to(root.start_us + step * 20_000);
        picture.draw(&preset);
        way.extend(picture.dots.dots.iter().find(|dot| dot.trace() == root.trace).map(Dot::at));
    }
    let home = visitors::place(&picture.stage, &"gate.1".parse().unwrap(), 1).unwrap();
    let shop = picture.stage.card(&"shop".parse().unwrap()).unwrap().rect;
    let near = |at: Option<&Point>| at.is_some_and(|at| at.distance(home.center()) < 60.0);
    assert!(near(way.first()) && near(way.last()), "from {home:?} and back: {way:?}");
    assert!(way.iter().any(|at| at.x >= shop.min.x - 30.0), "by way of a replica: {way:?}");
}

#[test]
fn a_program_without_cookies_is_one_visitor() {
    let run = quiet("sticky-sessions");
    let address = run.slot("gate.1").address.unwrap();
    for _ in 0..5 {
        assert_eq!(Browser::new(address).get("/cart/view").status, 401);
    }
    let state = until_visitor(&run, "it is counted", |state| state.visitor.requests == 5);
    assert_eq!(state.visitor.number, 1);
}
