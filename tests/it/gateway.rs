//! The gateway between real users and real replicas: how it spreads and ties requests, what it makes of ends of
//! replicas, and whether the books of its links balance.

mod visitors;

use std::collections::BTreeMap;

use brownout::control::Snapshot;
use brownout::control::snapshot::{Death, Holder, LifeState};
use brownout::telemetry::report::{LinkReport, Report};
use brownout::topology::{Act, LifeId, Preset};

use crate::support::live::{Live, is_ready, lively, set};

const SHOPS: [&str; 3] = ["shop.1", "shop.2", "shop.3"];

/// A shop without state of its own, far livelier than it is for people.
fn stateless(policy: &str) -> Preset {
    let mut preset = lively("shared-session-store");
    set(&mut preset, "gate.policy", policy);
    set(&mut preset, "shoppers.think", "100ms");
    preset
}

/// Waits until so many requests were answered.
fn until_answered(run: &Live, count: u64) {
    run.until("requests were answered", |snapshot| (snapshot.total.ok >= count).then_some(()));
}

/// Requests that each replica of the shop received.
fn received(report: &Report) -> Vec<u64> {
    let shop = report.nodes.iter().find(|node| node.id == "shop").unwrap();
    shop.replicas.iter().map(|replica| replica.requests).collect()
}

fn link<'a>(report: &'a Report, name: &str) -> &'a LinkReport {
    report.links.iter().find(|link| link.link == name).unwrap()
}

/// What must hold of the links when nobody died.
fn assert_balanced(report: &Report) {
    for name in ["shoppers->gate", "gate->shop"] {
        let link = link(report, name);
        assert!(link.sent > 0 && link.sent == link.received && link.unaccounted == 0, "{link:?}");
    }
}

/// Which life holds each user's session.
fn holders(run: &Live) -> BTreeMap<u32, LifeId> {
    run.until("every user's holder is known", |snapshot| {
        let held = |user: &brownout::control::snapshot::UserState| match &user.holder {
            Holder::Life(life) => Some((user.user, life.clone())),
            Holder::None | Holder::Dead(_) | Holder::User => None,
        };
        let users: BTreeMap<u32, LifeId> = snapshot.users.iter().filter_map(held).collect();
        (users.len() == snapshot.users.len()).then_some(users)
    })
}

fn now<T>(run: &Live, look: impl Fn(&Snapshot) -> T) -> T {
    run.until("there is a snapshot", |snapshot| Some(look(snapshot)))
}

#[test]
fn round_robin_gives_each_replica_a_third_and_the_books_balance() {
    let run = Live::start(stateless("round-robin"), false, false);
    until_answered(&run, 400);
    let report = run.stop();
    let received = received(&report);
    let (least, most) = (received.iter().min().unwrap(), received.iter().max().unwrap());
    assert!(most - least <= 2, "{received:?}");
    assert_eq!((report.requests.failed, report.requests.timed_out), (0, 0), "{:?}", report.requests);
    assert_balanced(&report);
}

#[test]
fn random_spreads_requests_over_all_replicas() {
    let run = Live::start(stateless("random"), false, false);
    until_answered(&run, 600);
    let report = run.stop();
    let received = received(&report);
    let total: u64 = received.iter().sum();
    assert!(received.iter().all(|&count| count * 4 > total && count * 12 < total * 5), "{received:?}");
    assert_balanced(&report);
}

#[test]
fn least_requests_avoids_a_replica_that_stands_still() {
    avoids_a_replica_that_stands_still("least-requests");
}

#[test]
fn p2c_ewma_avoids_a_replica_that_stands_still() {
    let link = avoids_a_replica_that_stands_still("p2c-ewma");
    // Those that waited took longer than all others, and both are in the figures of the link.
    let latency = link.latency_ms.unwrap();
    assert!(latency.p50 <= latency.p95 && latency.p95 <= latency.p99, "{latency:?}");
    assert!(latency.max > 10.0 * latency.p50, "{latency:?}");
}

/// Pauses one replica of three and looks how much it gets. Answers with the link's books.
fn avoids_a_replica_that_stands_still(policy: &str) -> LinkReport {
    let mut preset = stateless(policy);
    // Nothing may give the replica up: the policy alone keeps requests away.
    set(&mut preset, "gate.timeout", "60s");
    set(&mut preset, "gate.health_interval", "60s");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    run.act(Act::Pause, "shop.1");
    run.until_slot("shop.1", |slot| slot.state == LifeState::Paused);
    let others = |snapshot: &Snapshot| -> u64 {
        let shop = snapshot.nodes.iter().find(|node| node.id.as_str() == "shop").unwrap();
        shop.slots[1..].iter().map(|slot| slot.requests).sum()
    };
    let (paused, before) = (run.slot("shop.1").requests, now(&run, others));
    let elsewhere = run.until("the others are busy", |snapshot| {
        let more = others(snapshot) - before;
        (more >= 300).then_some(more)
    });
    run.act(Act::Resume, "shop.1");
    run.until_slot("shop.1", is_ready);
    let report = run.stop();
    let here = received(&report)[0] - paused;
    // While it stood still it could get as many as the others had in flight; the rest came after it went on.
    assert!(here * 4 < elsewhere, "{here} went to the replica that stood still, {elsewhere} elsewhere");
    assert_balanced(&report);
    link(&report, "gate->shop").clone()
}

#[test]
fn a_hashed_session_stays_on_its_replica_and_a_kill_moves_only_that_replicas_users() {
    let mut preset = lively("sticky-sessions");
    set(&mut preset, "gate.affinity", "session-hash");
    set(&mut preset, "shoppers.think", "200ms");
    set(&mut preset, "shop.restart", "never");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    let before = holders(&run);
    until_answered(&run, 300);
    assert_eq!(holders(&run), before);
    assert_eq!(now(&run, |snapshot| (snapshot.sessions.lost, snapshot.total.failed_total())), (0, 0));

    let killed = run.slot("shop.2").life;
    let moved = before.values().filter(|life| **life == killed).count() as u64;
    assert!(moved > 0, "{before:?}");
    run.act(Act::Kill, "shop.2");
    run.until("its users lost their sessions", |snapshot| (snapshot.sessions.lost >= moved).then_some(()));
    run.until_all_logged_in();
    for (user, life) in holders(&run) {
        assert!(life != killed && (before[&user] == life || before[&user] == killed), "user {user}: {life}");
    }
    let report = run.stop();
    assert_eq!(report.sessions.lost, moved, "{:?}", report.sessions);
    assert_eq!(report.sessions.lost_by_cause.get("killed"), Some(&moved));
    let books = link(&report, "gate->shop");
    assert_eq!(books.sent, books.received + books.unaccounted, "{books:?}");
}

#[test]
fn a_tie_that_is_never_replaced_waits_for_its_replica() {
    let mut preset = lively("sticky-to-the-dead");
    set(&mut preset, "shoppers.think", "200ms");
    set(&mut preset, "shop.restart", "2s");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    let before = holders(&run);
    let killed = run.slot("shop.2").life;
    run.act(Act::Kill, "shop.2");
    run.until_slot("shop.2", |slot| is_ready(slot) && slot.life != killed);
    run.until_all_logged_in();
    run.until("its users have logged in again", |snapshot| {
        let lost = before.values().filter(|life| **life == killed).count() as u64;
        (snapshot.sessions.relogins >= lost).then_some(())
    });
    for (user, life) in holders(&run) {
        assert_eq!(life.slot, before[&user].slot, "user {user}");
    }
    let report = run.stop();
    assert!(report.requests.failed >= 10, "{:?}", report.requests);
    assert_eq!(report.sessions.lost_by_cause.get("misrouted"), None, "{:?}", report.sessions);
}

#[test]
fn ten_kills_fail_nothing_that_may_be_repeated() {
    let mut preset = stateless("round-robin");
    set(&mut preset, "shop.restart", "now");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    for kill in 0..10 {
        let slot = SHOPS[kill % SHOPS.len()];
        let life = run.slot(slot).life;
        run.act(Act::Kill, slot);
        run.until_slot(slot, |found| is_ready(found) && found.life != life);
    }
    let report = run.stop();
    let (requests, sessions) = (&report.requests, &report.sessions);
    assert_eq!(requests.failed_idempotent, 0, "{requests:?}");
    assert_eq!((sessions.lost, sessions.cart_lost, sessions.duplicated), (0, 0, 0), "{sessions:?}");
    // What the last 200 ms before a kill brought is known to the sender alone.
    let books = link(&report, "gate->shop");
    assert_eq!(books.sent, books.received + books.unaccounted, "{books:?}");
    assert!(books.unaccounted <= 10 * 60, "{books:?}");
}

#[test]
fn a_terminated_replica_fails_no_request_and_logs_out_only_whom_it_held() {
    let run = Live::start(stateless("round-robin"), false, false);
    run.until_all_logged_in();
    terminate(&run, "shop.2");
    let report = run.stop();
    assert_eq!((report.requests.failed, report.requests.timed_out), (0, 0), "{:?}", report.requests);
    assert_eq!(report.sessions.lost, 0, "{:?}", report.sessions);
    assert_balanced(&report);

    let mut preset = lively("sticky-sessions");
    set(&mut preset, "shoppers.think", "200ms");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    let held = holders(&run).values().filter(|life| life.slot.index == 2).count() as u64;
    terminate(&run, "shop.2");
    run.until("its users noticed", |snapshot| (snapshot.sessions.lost >= held).then_some(()));
    let report = run.stop();
    assert_eq!(report.sessions.lost_by_cause, BTreeMap::from([("terminated".to_owned(), held)]));
    let others = report.requests.causes.iter().filter(|(cause, _)| cause.as_str() != "unknown_session");
    assert_eq!(others.count(), 0, "{:?}", report.requests);
}

/// Terminates a replica under load and waits until it has gone.
fn terminate(run: &Live, slot: &str) {
    let life = run.slot(slot).life;
    run.act(Act::Terminate, slot);
    run.until_slot(slot, |found| found.life != life || found.state == LifeState::Dead(Death::Terminated));
}
