//! Logs and charts by their accessible names.

use std::sync::Arc;

use brownout::control::Snapshot;
use brownout::control::snapshot::{Death, FaultState, NodeUsage, Output, OutputLine, TimelinePoint, Usage, UsagePoint};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::script::{Script, running};
use super::{Window, click, window};

fn output(life: &str, lines: &[(u64, &str)], end: Option<(u64, Death)>) -> Output {
    let lines = lines.iter().map(|&(at_us, raw)| OutputLine::read(at_us, raw)).collect();
    Output { life: life.parse().unwrap(), lines, left_out: 0, end }
}

fn after_a_kill() -> Snapshot {
    let mut snapshot = running();
    snapshot.outputs = [
        output("gate.1#1", &[(1_100_000, "<6>ready"), (5_100_000, "<4>shop.2#1 is given up: reset")], None),
        output(
            "shop.2#1",
            &[(1_000_000, "<6>started"), (4_900_000, "the last words")],
            Some((5_000_000, Death::Killed)),
        ),
        output("shop.2#2", &[(9_000_000, "<6>started again")], None),
    ]
    .into();
    snapshot.timeline =
        (0..10).map(|second| TimelinePoint { second, ok: 30 + second, ..TimelinePoint::default() }).collect();
    snapshot.faults = vec![FaultState {
        at_us: 5_000_000,
        kind: "kill",
        on: "shop.2".to_owned(),
        life: Some("shop.2#1".parse().unwrap()),
        held: Some(10),
        noticed_after_ms: None,
        recovered_after_ms: None,
        lifted_us: None,
    }]
    .into();
    let points = (1..=10).map(|n| UsagePoint { cpu: 0.25, pss_kib: 1024 * n }).collect();
    snapshot.usage = Arc::new(Usage { step_s: 1, nodes: vec![NodeUsage { node: "shop".parse().unwrap(), points }] });
    snapshot
}

fn build(snapshot: Snapshot) -> Harness<'static, Window> {
    let mut harness = window(&Script::showing(snapshot));
    harness.key_press(Key::B);
    harness.run_ok();
    harness
}

#[test]
fn the_last_words_of_a_dead_replica_are_read_from_its_inspector() {
    let mut harness = window(&Script::showing(after_a_kill()));
    harness.get_by_label("replica shop.2").click();
    harness.run_ok();
    harness.get_by_label("started again");
    harness.get_by_label("Show its log").click_accesskit();
    harness.run_ok();
    harness.get_by_label("Log of: shop.2");
    harness.get_by_label("the last words");
    harness.get_by_label_contains("killed (SIGKILL)");
    assert!(harness.query_by_label_contains("is given up").is_none(), "the gateway's words are not its own");
}

#[test]
fn a_search_says_how_many_lines_have_it_and_steps_through_them() {
    let mut harness = build(after_a_kill());
    click(&mut harness, "Logs");
    harness.get_by_role_and_label(Role::TextInput, "Search the log").focus();
    harness.run_ok();
    harness.get_by_role_and_label(Role::TextInput, "Search the log").type_text("STARTED");
    harness.run_ok();
    harness.get_by_label("2 of 2");
    click(&mut harness, "Next match");
    harness.get_by_label("1 of 2");
    click(&mut harness, "Previous match");
    harness.get_by_label("2 of 2");
}

#[test]
fn only_what_is_grave_is_shown_on_demand() {
    let mut harness = build(after_a_kill());
    click(&mut harness, "Logs");
    harness.get_by_label("started again");
    click(&mut harness, "Lines: All lines");
    click(&mut harness, "Warnings");
    harness.get_by_label_contains("is given up");
    assert!(harness.query_by_label("started again").is_none());
}

#[test]
fn a_chart_says_in_words_what_it_shows_and_another_can_be_chosen() {
    let mut harness = build(after_a_kill());
    let figure = |harness: &Harness<'static, Window>, words: &str| {
        assert!(harness.query_by_label_contains(words).is_some(), "{words}");
    };
    figure(&harness, "Chart of Answers (answers a second), 10 seconds; ok/s now 39, at most 39");
    figure(&harness, "kill shop.2 at 4 s");
    click(&mut harness, "Line ok/s");
    assert!(harness.query_by_label_contains("ok/s now").is_none());
    click(&mut harness, "Chart of: Answers");
    click(&mut harness, "Memory");
    figure(&harness, "shop now 10, at most 10");
    click(&mut harness, "Let the chart stand still, while the run goes on");
    click(&mut harness, "Let the chart follow the run");
    click(&mut harness, "See less time, closer");
    harness.get_by_label("Let the chart follow the run");
}
