//! The window by its accessible names, with a scripted system behind it: what a click sends, what a snapshot shows.

mod accessible;
mod build;
mod comparing;
mod deploying;
mod documents;
mod documents_kept;
mod documents_shared;
mod documents_typed;
mod editing;
pub(crate) mod gestures;
mod lesson;
mod palette;
mod panels;
mod panels_logs;
mod programs;
mod rest;
pub(crate) mod script;
mod sizes;
mod strip;
mod time;

use brownout::app::{App, Opening};
use brownout::control::Command;
use brownout::control::snapshot::{Death, ExpectationState, FaultState, LifeState, Phase};
use brownout::topology::{Act, Affinity, Preset, Repoint, Sessions, Target};
use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use script::{Script, opening, running};

/// The app, made in the first frame, for it needs the context that the harness makes.
pub(crate) type Window = Option<App>;

pub(crate) fn window(script: &Script) -> Harness<'static, Window> {
    window_on(script, opening())
}

pub(crate) fn window_on(script: &Script, opening: Opening) -> Harness<'static, Window> {
    let (script, mut opening) = (script.clone(), Some(opening));
    let frame = move |ui: &mut egui::Ui, app: &mut Window| {
        if let Some(opening) = opening.take() {
            *app = Some(App::new(ui.ctx(), opening, Box::new(script.clone())));
        }
        let Some(app) = app else { return };
        app.advance(ui.ctx());
        app.show(ui);
    };
    let mut harness = Harness::builder().with_size(vec2(1280.0, 800.0)).with_max_steps(40).build_ui_state(frame, None);
    harness.run();
    harness
}

fn preset<'a>(harness: &'a Harness<'static, Window>) -> &'a Preset {
    harness.state().as_ref().unwrap().preset()
}

fn click(harness: &mut Harness<'static, Window>, label: &str) {
    harness.get_by_label(label).click();
    harness.run();
}

fn sessions_of(command: &Command) -> Option<Sessions> {
    let Command::Apply(topology) = command else { return None };
    Some(topology.node(&"shop".parse().unwrap())?.service()?.sessions)
}

#[test]
fn an_idle_window_comes_to_rest() {
    let mut harness = window(&Script::idle());
    // `run` panics when the window asks for frames without end.
    assert!(harness.run() <= 4);
}

#[test]
fn run_starts_the_drawing_once() {
    let script = Script::idle();
    let mut harness = window(&script);
    click(&mut harness, "Run");
    click(&mut harness, "Run");
    let sent = script.sent();
    let [Command::Start(plan)] = sent.as_slice() else { panic!("{sent:?}") };
    assert!(!plan.scenario && !plan.ends && plan.preset == *preset(&harness));
}

#[test]
fn an_experiment_plays_the_scenario_and_ends() {
    let script = Script::idle();
    let mut harness = window(&script);
    assert!(harness.query_by_label("Run experiment").is_none(), "it is for engineers");
    harness.key_press(Key::B);
    harness.run();
    click(&mut harness, "Run experiment");
    assert!(matches!(script.sent().as_slice(), [Command::Start(plan)] if plan.scenario && plan.ends));
}

#[test]
fn a_click_on_a_cells_flash_kills_that_replica() {
    let script = Script::showing(running());
    click(&mut window(&script), "Kill shop.2");
    let sent = script.sent();
    let target = Target::Slot("shop.2".parse().unwrap());
    assert!(matches!(sent.as_slice(), [Command::Act { act: Act::Kill, on }] if *on == target), "{sent:?}");
}

#[test]
fn switching_sessions_while_it_runs_applies_the_new_drawing_and_undo_applies_the_old() {
    let script = Script::showing(running());
    let mut harness = window(&script);
    // Not by the pointer: the middle of the card is a cell.
    harness.get_by_label("node shop").click_accesskit();
    harness.run();
    click(&mut harness, "Sessions: store");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
    let modes: Vec<_> = script.sent().iter().filter_map(sessions_of).collect();
    assert_eq!(modes, [Sessions::Store, Sessions::Memory]);
}

#[test]
fn a_kill_is_not_an_edit_and_undo_says_so() {
    let script = Script::showing(running());
    let mut harness = window(&script);
    click(&mut harness, "Kill shop.2");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
    harness.get_by_label("A kill cannot be undone: Restart now, or Reset (R)");
    assert_eq!(script.sent().len(), 1);
    click(&mut harness, "Dismiss");
    assert!(harness.query_by_label_contains("cannot be undone").is_none());
}

#[test]
fn dragging_a_card_is_one_step_that_undo_takes_back() {
    let mut harness = window(&Script::idle());
    let before = harness.get_by_label("node gate").rect();
    let start = before.left_top() + vec2(20.0, 6.0);
    harness.drag_at(start);
    harness.run();
    for step in 1..=4 {
        harness.hover_at(start + vec2(0.0, 20.0) * step as f32);
        harness.run();
    }
    harness.drop_at(start + vec2(0.0, 80.0));
    harness.run();
    let moved = preset(&harness).layout.clone();
    assert!(!moved.is_empty());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
    assert_ne!(preset(&harness).layout, moved);
    assert!((harness.get_by_label("node gate").rect().top() - before.top()).abs() < 1.0);
}

#[test]
fn the_score_on_the_screen_is_the_snapshots() {
    let mut snapshot = running();
    snapshot.sessions.users_hurt = 10;
    snapshot.sessions.items_lost = 27;
    snapshot.total.issued = 391;
    snapshot.total.timed_out = 12;
    let harness = window(&Script::showing(snapshot));
    harness.get_by_label("10 of 30 users hurt");
    harness.get_by_label("27 items lost");
    harness.get_by_label("391 requests, 12 failed");
}

#[test]
fn a_dead_replica_says_so_and_offers_its_next_life() {
    let mut snapshot = running();
    let shop = &mut snapshot.nodes[2].slots[1];
    shop.state = LifeState::Dead(Death::Killed);
    shop.restarts_us = Some(snapshot.now_us + 7_000_000);
    let script = Script::showing(snapshot);
    let mut harness = window(&script);
    let cell = harness.get_by_role_and_label(Role::Button, "replica shop.2");
    assert!(cell.value().unwrap().starts_with("KILLED"));
    assert!(harness.query_by_label("Kill shop.2").is_none());
    click(&mut harness, "Restart shop.2 now");
    assert!(matches!(script.sent().as_slice(), [Command::Act { act: Act::Restart, .. }]));
}

fn kill_of_shop_2() -> FaultState {
    FaultState {
        at_us: 5_000_000,
        kind: "kill",
        on: "shop.2".to_owned(),
        life: Some("shop.2#1".parse().unwrap()),
        held: Some(0),
        noticed_after_ms: None,
        recovered_after_ms: None,
        lifted_us: None,
    }
}

#[test]
fn a_run_that_could_not_go_on_shows_nothing_and_can_be_run_again() {
    let mut snapshot = running();
    snapshot.phase = Phase::Finished;
    snapshot.started_us = None;
    snapshot.trouble = Some("sessions.1: redis-server is not installed".to_owned());
    let holds = Some(true);
    snapshot.expectations = vec![ExpectationState { says: "nobody waits".to_owned(), value: None, holds }];
    let script = Script::showing(snapshot);
    let mut harness = window(&script);
    harness.get_by_label_contains("redis-server is not installed");
    assert!(harness.query_by_label_contains("nobody waits").is_none());
    click(&mut harness, "Run");
    assert_eq!(script.sent().len(), 1);
}

#[test]
fn a_finished_run_says_what_was_shown_and_what_was_not() {
    let mut snapshot = running();
    snapshot.phase = Phase::Finished;
    snapshot.faults = vec![kill_of_shop_2()].into();
    let point = |says: &str, holds| ExpectationState { says: says.to_owned(), value: None, holds: Some(holds) };
    snapshot.expectations = vec![point("a kill loses sessions", true), point("nobody waits", false)];
    let mut harness = window(&Script::showing(snapshot));
    let told = |harness: &Harness<'static, Window>| {
        harness.get_by_label("1 of 2 points shown. 0 of 30 users noticed.");
        for words in ["shown", "a kill loses sessions", "not shown", "nobody waits"] {
            harness.get_by_label(words);
        }
    };
    told(&harness);
    // In Build the drawing keeps its room, and the points are in the panel below.
    harness.key_press(Key::B);
    harness.run();
    told(&harness);
    let tab = harness.get_by_role_and_label(Role::Tab, "Verdict").rect();
    let canvas = harness.get_by_label("canvas").rect();
    assert!(tab.top() > canvas.bottom() && canvas.top() < 160.0, "{tab} below {canvas}");
}

#[test]
fn the_strip_does_not_ask_to_run_what_runs() {
    let harness = window(&Script::showing(running()));
    assert!(harness.query_by_label_contains("Press Run").is_none());
    harness.get_by_label_contains("Each numbered mark is one user's session.");
}

#[test]
fn affinity_and_repointing_are_set_in_words_that_presets_know() {
    let script = Script::showing(running());
    let mut harness = window(&script);
    harness.get_by_label("node gate").click_accesskit();
    harness.run();
    click(&mut harness, "Affinity: hash");
    click(&mut harness, "Repoint: never");
    assert_eq!(script.sent().len(), 2);
    let gate = preset(&harness).topology.node(&"gate".parse().unwrap()).unwrap().gateway().unwrap().clone();
    assert_eq!((gate.affinity, gate.repoint), (Affinity::SessionHash, Repoint::Never));
}

#[test]
fn every_user_and_replica_can_be_found_by_name() {
    let harness = window(&Script::showing(running()));
    let is_there = |name: String| assert!(harness.query_by_label(&name).is_some(), "{name}");
    (1..=30).for_each(|user| is_there(format!("user {user}")));
    (1..=3).for_each(|index| is_there(format!("replica shop.{index}")));
}

#[test]
fn a_file_that_cannot_be_opened_is_reported_once_and_the_document_stays() {
    let mut harness = window(&Script::idle());
    let before = preset(&harness).clone();
    click(&mut harness, "Build");
    click(&mut harness, "File");
    click(&mut harness, "Path…");
    harness.get_by_role_and_label(Role::TextInput, "Path").focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Path").type_text("/nowhere/at-all.toml");
    harness.run();
    click(&mut harness, "Open path");
    // The file is read on a thread of its own; its answer asks for a frame.
    let said = (0..10_000).any(|_| {
        std::thread::yield_now();
        harness.step();
        harness.query_by_label_contains("Cannot open /nowhere/at-all.toml").is_some()
    });
    assert!(said);
    assert_eq!(*preset(&harness), before);
}
