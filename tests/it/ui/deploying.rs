//! Deploys, roll backs and crashes by accessible names, and what is seen of them.

use brownout::control::snapshot::{DiscoveryState, Unlearned};
use brownout::control::{Command, Snapshot};
use brownout::topology::{Act, Bug, Deploy, Strategy, Target};
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::script::{Script, running};
use super::{Window, click, window};

fn select(harness: &mut Harness<'static, Window>, node: &str) {
    // By name: in the middle of a card there are its replicas.
    harness.get_by_label(&format!("node {node}")).click_accesskit();
    harness.run();
}

fn choose(harness: &mut Harness<'static, Window>, field: &str, choice: &str) {
    harness.get_by_role_and_label(Role::ComboBox, field).click();
    harness.run();
    // The list is drawn last; a module of that name is on the canvas, too.
    harness.get_all_by_label(choice).last().unwrap().click();
    harness.run();
}

fn acts(script: &Script) -> Vec<(Act, Target)> {
    let act = |command: Command| if let Command::Act { act, on } = command { Some((act, on)) } else { None };
    script.sent().into_iter().filter_map(act).collect()
}

#[test]
fn a_new_version_is_deployed_with_a_strategy_and_a_bug() {
    let script = Script::showing(running());
    let mut harness = window(&script);
    select(&mut harness, "shop");
    click(&mut harness, "Deploy a new version…");
    choose(&mut harness, "Module", "cart");
    choose(&mut harness, "Strategy", "Canary");
    choose(&mut harness, "Bug", "Crashes on start");
    assert!(harness.query_by_label_contains("The others follow only if it does no worse").is_some());
    click(&mut harness, "Deploy");
    let deploy = Deploy { strategy: Strategy::Canary, bug: Some(Bug::CrashOnStart) };
    assert_eq!(acts(&script), [(Act::Deploy(deploy), "module:cart".parse().unwrap())]);
    assert!(harness.query_by_label("Strategy").is_none(), "the question is answered");
}

#[test]
fn a_service_is_made_to_crash_and_what_has_no_earlier_version_is_not_rolled_back() {
    let script = Script::showing(running());
    let mut harness = window(&script);
    select(&mut harness, "shop");
    assert!(harness.get_by_label("Roll back").accesskit_node().is_disabled());
    click(&mut harness, "Crash");
    assert_eq!(acts(&script), [(Act::Crash, "shop".parse().unwrap())]);
}

#[test]
fn the_lag_of_a_consumer_is_in_the_inspector() {
    let life = |text: &str| text.parse().unwrap();
    let waits = Unlearned { consumer: life("gate.1#1"), life: life("shop.2#1"), came: false, since_us: 10_000_000 };
    let discovery = DiscoveryState {
        changes: 2,
        p95_ms: Some(750.0),
        by_consumer: vec![("gate".parse().unwrap(), 750.0)],
        unlearned: vec![waits],
    };
    let mut harness = window(&Script::showing(Snapshot { discovery, ..running() }));
    select(&mut harness, "gate");
    assert!(harness.query_by_label_contains("750.0 ms (p95)").is_some());
}
