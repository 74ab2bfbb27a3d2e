//! New versions, crashes and how they are found, with real processes.

use std::net::SocketAddr;

use brownout::control::Snapshot;
use brownout::control::snapshot::{Death, DeployOutcome, DeployState, LifeState};
use brownout::telemetry::report::Report;
use brownout::topology::{Act, Bug, Deploy, Preset, Strategy, builtin, format};

use crate::support::live::{Live, is_ready, lively, set};

fn deploy(strategy: Strategy, bug: Option<Bug>) -> Act {
    Act::Deploy(Deploy { strategy, bug })
}

/// A shop whose sessions are in a store.
fn with_store() -> Preset {
    let mut preset = lively("shared-session-store");
    set(&mut preset, "shop.restart", "now");
    preset
}

fn last(snapshot: &Snapshot) -> Option<DeployState> {
    snapshot.deploys.last().filter(|deploy| deploy.outcome.is_some()).cloned()
}

fn until_over(run: &Live, deploys: usize) -> DeployState {
    run.until("the deploy is over", |snapshot| (snapshot.deploys.len() == deploys).then(|| last(snapshot)).flatten())
}

fn assert_balanced(report: &Report) {
    assert!(report.reasons.iter().all(|reason| !reason.contains("do not balance")), "{:?}", report.reasons);
}

#[test]
fn a_rolling_deploy_and_its_roll_back_fail_no_request_and_lose_no_session_in_a_store() {
    let run = Live::start(with_store(), false, false);
    run.until_all_logged_in();
    run.act(deploy(Strategy::Rolling, None), "shop");
    let over = until_over(&run, 1);
    assert_eq!((over.outcome, over.moved, over.requests_failed), (Some(DeployOutcome::Done), 3, 0), "{over:#?}");
    assert!(over.capacity_lost_replica_s < 0.5, "{over:#?}");
    run.act(Act::RollBack, "shop");
    let over = until_over(&run, 2);
    assert_eq!((over.outcome, over.is_back, over.requests_failed), (Some(DeployOutcome::Done), true, 0), "{over:#?}");
    let report = run.stop();
    assert_eq!((report.sessions.lost, report.requests.failed, report.requests.timed_out), (0, 0, 0));
    assert_eq!(report.deploys.len(), 2);
    assert!(report.discovery.changes >= 12 && report.discovery.lag_ms.is_some(), "{:?}", report.discovery);
    assert_balanced(&report);
}

#[test]
fn what_crashes_on_start_leaves_the_old_replicas_or_nothing() {
    let run = Live::start(with_store(), false, false);
    run.until_all_logged_in();
    run.act(deploy(Strategy::Rolling, Some(Bug::CrashOnStart)), "module:payments");
    let over = until_over(&run, 1);
    assert_eq!((over.outcome, over.requests_failed), (Some(DeployOutcome::Stuck), 0), "{over:#?}");
    assert_eq!(over.why.as_deref(), Some("payments 2 crashed 3 times on start"));
    run.until("the old replicas go on", |snapshot| {
        let shop = snapshot.nodes.iter().find(|node| node.id.as_str() == "shop")?;
        shop.slots.iter().all(|slot| slot.state == LifeState::Ready && slot.life.life == 1).then_some(())
    });
    run.act(deploy(Strategy::Recreate, Some(Bug::CrashOnStart)), "shop");
    let over = until_over(&run, 2);
    assert_eq!(over.outcome, Some(DeployOutcome::Stuck));
    assert!(over.capacity_lost_replica_s > 1.0, "{over:#?}");
    run.act(Act::RollBack, "shop");
    let over = until_over(&run, 3);
    assert_eq!(over.outcome, Some(DeployOutcome::Done), "{over:#?}");
    run.until_slot("shop.2", is_ready);
    run.stop();
}

#[test]
fn a_canary_that_answers_errors_goes_back_by_itself() {
    let mut preset = with_store();
    set(&mut preset, "shoppers.think", "100ms");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    run.act(deploy(Strategy::Canary, Some(Bug::Errors(0.6))), "shop");
    let over = until_over(&run, 1);
    assert_eq!(over.outcome, Some(DeployOutcome::RolledBack), "{over:#?}");
    assert!(over.why.as_deref().is_some_and(|why| why.contains("of the canary's requests failed")), "{over:#?}");
    let report = run.stop();
    assert!(report.deploys[0].requests_failed > 0);
    assert_eq!(report.deploys[0].outcome, "rolled_back");
}

#[test]
fn a_crash_ends_a_process_from_within_and_its_sessions_are_lost_with_it() {
    let run = Live::start(lively("sticky-sessions"), false, false);
    run.until_all_logged_in();
    run.act(Act::Crash, "shop.2");
    run.until_slot("shop.2", |slot| slot.state == LifeState::Dead(Death::Crashed));
    run.until("its users know", |snapshot| (snapshot.sessions.lost > 0 && snapshot.sessions.doomed == 0).then_some(()));
    let report = run.stop();
    let census = report.sessions.census.iter().find(|census| census.life == "shop.2#1").unwrap();
    assert_eq!((census.death.as_str(), census.held.is_empty()), ("crashed", false));
    assert_eq!(report.sessions.lost_by_cause.get("crashed"), Some(&report.sessions.lost));
    assert!(report.log.iter().any(|line| line.text.contains("shop.2 crashed (signal 6)")), "{:#?}", report.log);
}

#[test]
fn who_polls_learns_late_and_with_a_stable_address_need_not() {
    let mut preset = with_store();
    set(&mut preset, "gate.discovery", "poll 2s");
    set(&mut preset, "shop.address", "stable");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    let before: Option<SocketAddr> = run.slot("shop.2").address;
    run.act(Act::Kill, "shop.2");
    run.until("the gateway is seen to have the old address", |snapshot| {
        let of_gate = |waits: &&brownout::control::snapshot::Unlearned| waits.consumer.node().as_str() == "gate";
        snapshot.discovery.unlearned.iter().find(of_gate).map(|_| ())
    });
    let after = run.until_slot("shop.2", |slot| slot.life.life == 2 && is_ready(slot));
    assert_eq!(after.address, before);
    run.until("everybody knows", |snapshot| snapshot.discovery.unlearned.is_empty().then_some(()));
    let report = run.stop();
    assert!(report.discovery.by_consumer["gate"].max > 20.0, "{:?}", report.discovery);
    assert_balanced(&report);
}

/// The users' operations that were served well less than nearly always, with a buggy version of recommendations.
fn hurt_by_a_bad_deploy(preset: &str) -> Vec<String> {
    let bad = format::read(builtin::by_name("bad-deploy").unwrap().text).unwrap().into_preset();
    let mut drawn = format::read(builtin::by_name(preset).unwrap().text).unwrap().into_preset();
    drawn.scenario = bad.scenario;
    drawn.expect.clear();
    drawn.run.duration = brownout::topology::Period::secs(16);
    let report = Live::start(drawn, true, true).report();
    let share = |ok: u64, issued: u64| ok as f64 / issued.max(1) as f64;
    let hurt = report.operations.iter().filter(|operation| share(operation.ok, operation.issued) < 0.99);
    let names = hurt.map(|operation| operation.name.clone()).filter(|name| name != "session.check");
    names.filter(|name| name != "accounts.login").collect()
}

#[test]
fn one_bad_deploy_is_a_brownout_of_microservices_and_a_blackout_of_the_monolith() {
    assert_eq!(hurt_by_a_bad_deploy("bad-deploy"), ["recommendations.suggest"]);
    let all = ["accounts.profile", "cart.add", "cart.view", "catalog.browse", "orders.checkout"];
    let hurt = hurt_by_a_bad_deploy("monolith");
    let missing: Vec<&str> = all.into_iter().filter(|name| !hurt.iter().any(|hurt| hurt == name)).collect();
    assert!(missing.is_empty(), "{missing:?} were served all the while");
}
