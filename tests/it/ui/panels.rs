//! The inspector by its accessible names: every setting, typed, chosen, counted, explained and put back.

use brownout::control::Snapshot;
use brownout::control::snapshot::SettingState;
use brownout::topology::edit::Item;
use brownout::topology::{Arrivals, Period, Preset, Service, Sessions};
use brownout::ui::selection::Selection;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::script::{Script, running};
use super::{Window, click, preset, window};

fn select(harness: &mut Harness<'static, Window>, node: &str) {
    harness.get_by_label(&format!("node {node}")).click_accesskit();
    harness.run();
}

fn shop(preset: &Preset) -> Service {
    preset.topology.node(&"shop".parse().unwrap()).unwrap().service().unwrap().clone()
}

/// Writes into a field in place of what is there.
fn write(harness: &mut Harness<'static, Window>, field: &str, text: &str) {
    harness.get_by_role_and_label(Role::TextInput, field).focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, field).type_text(text);
    harness.run();
}

fn value(harness: &Harness<'static, Window>, field: &str) -> String {
    harness.get_by_role_and_label(Role::TextInput, field).value().unwrap_or_default()
}

fn undo(harness: &mut Harness<'static, Window>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
}

#[test]
fn every_setting_of_every_role_is_there_and_explained() {
    let mut harness = window(&Script::idle());
    let nodes: Vec<_> = preset(&harness).topology.nodes().cloned().collect();
    for node in nodes {
        select(&mut harness, node.id.as_str());
        for info in brownout::topology::settings::describe(&node.role) {
            let about = format!("About {}", info.key.replace('_', " "));
            let about = harness.get_by_label(&about);
            about.focus();
            let _ = harness.run_ok();
            harness.key_press(Key::Enter);
            harness.run();
            assert!(harness.query_by_label_contains(info.explains).is_some(), "{}: {}", node.id, info.key);
        }
    }
}

#[test]
fn what_the_scenario_made_of_a_setting_stands_below_what_is_drawn() {
    let state = |key: &str, value: &str| SettingState {
        node: "shoppers".parse().unwrap(),
        key: key.to_owned(),
        value: value.to_owned(),
    };
    // The second has come back to what is drawn.
    let settings = vec![state("users", "47"), state("think", "2s")].into();
    let mut harness = window(&Script::showing(Snapshot { settings, ..running() }));
    select(&mut harness, "shoppers");
    harness.get_by_label("The scenario has it at 47 now.");
    assert!(harness.query_by_label_contains("has it at 2s").is_none());
}

#[test]
fn a_time_is_typed_as_people_write_it_and_is_one_step() {
    let mut harness = window(&Script::idle());
    select(&mut harness, "shop");
    write(&mut harness, "Drain", "250ms");
    assert_eq!(shop(preset(&harness)).drain, Period::secs(5), "it is a draft until it is done");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(shop(preset(&harness)).drain, Period::millis(250));
    undo(&mut harness);
    assert_eq!(shop(preset(&harness)), Service { drain: Period::secs(5), ..shop(preset(&harness)) });
}

#[test]
fn what_is_wrong_is_said_while_it_is_typed_and_kept_until_it_is_right() {
    let mut harness = window(&Script::idle());
    select(&mut harness, "shop");
    write(&mut harness, "Drain", "5 parsecs");
    harness.get_by_label_contains("a time with its unit");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(value(&harness, "Drain"), "5 parsecs");
    select(&mut harness, "gate");
    select(&mut harness, "shop");
    assert_eq!(value(&harness, "Drain"), "5 parsecs", "nothing is lost");
    harness.get_by_role_and_label(Role::TextInput, "Drain").focus();
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(value(&harness, "Drain"), "5s");
    harness.get_by_label("Close the inspector");
}

#[test]
fn a_value_that_nothing_can_run_with_is_not_taken() {
    let mut harness = window(&Script::idle());
    select(&mut harness, "shop");
    write(&mut harness, "Replicas", "2k");
    assert!(harness.query_by_label_contains("at most").is_some() || harness.query_by_label_contains("2000").is_some());
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(shop(preset(&harness)).replicas, 3);
}

#[test]
fn a_field_that_is_left_for_another_selection_is_done() {
    let mut harness = window(&Script::idle());
    select(&mut harness, "shop");
    write(&mut harness, "Backlog", "2k");
    select(&mut harness, "gate");
    assert_eq!(shop(preset(&harness)).backlog, 2_000);
}

#[test]
fn buttons_count_choose_and_lead_back_to_the_default() {
    let mut harness = window(&Script::idle());
    select(&mut harness, "shop");
    click(&mut harness, "fewer replicas");
    assert_eq!(shop(preset(&harness)).replicas, 2);
    click(&mut harness, "more replicas");
    click(&mut harness, "more replicas");
    assert_eq!(shop(preset(&harness)).replicas, 4);
    click(&mut harness, "Restart: never");
    assert!(harness.query_by_role_and_label(Role::TextInput, "Restart delay").is_none());
    click(&mut harness, "Restart: after");
    write(&mut harness, "Restart delay", "2s");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(shop(preset(&harness)).restart.to_string(), "2s");
    click(&mut harness, "Reset restart to 8s");
    assert_eq!(shop(preset(&harness)).restart.to_string(), "8s");
}

#[test]
fn modules_are_taken_out_and_put_in_from_what_exists() {
    let mut harness = window(&Script::idle());
    select(&mut harness, "shop");
    let before = shop(preset(&harness)).modules;
    let module = before[0].to_string();
    harness.get_by_label(&format!("Remove {module} from modules")).click_accesskit();
    harness.run();
    assert_eq!(shop(preset(&harness)).modules, before[1..]);
    harness.get_by_label("Add to modules").click_accesskit();
    harness.run();
    harness.get_by_label(&format!("Add {module} to modules")).click_accesskit();
    harness.run();
    assert_eq!(shop(preset(&harness)).modules.len(), before.len());
    assert_eq!(shop(preset(&harness)).modules.last().unwrap().to_string(), module);
}

fn select_items(harness: &mut Harness<'static, Window>, items: &[Item]) {
    let selection = Selection::of(items.iter().cloned().collect());
    harness.state_mut().as_mut().unwrap().select(selection);
    harness.run();
}

#[test]
fn settings_of_several_nodes_are_changed_in_one_step() {
    let mut harness = window(&Script::idle());
    select_items(&mut harness, &["shop", "gate"].map(|id| Item::Node(id.parse().unwrap())));
    harness.get_by_label("2 nodes");
    assert!(harness.query_by_label("Sessions: store").is_none(), "a gateway has none");
    assert_eq!(value(&harness, "Replicas"), "", "they differ");
    harness.get_by_label("About replicas, mixed");
    write(&mut harness, "Replicas", "5");
    harness.key_press(Key::Enter);
    harness.run();
    let replicas = |harness: &Harness<'static, Window>| -> Vec<u32> {
        preset(harness).topology.nodes().filter(|node| node.users().is_none()).map(|node| node.replicas()).collect()
    };
    assert_eq!(replicas(&harness), [5, 5]);
    undo(&mut harness);
    assert_eq!(replicas(&harness), [1, 3]);
}

#[test]
fn a_link_tells_its_figures_and_leads_to_its_ends() {
    let mut harness = window(&Script::showing(running()));
    select_items(&mut harness, &[Item::Link("gate->shop".parse().unwrap())]);
    harness.get_by_label("15.0 a second");
    assert!(harness.query_by_label("cart.add").is_some());
    click(&mut harness, "Go to shop");
    harness.get_by_label("Sessions: store");
}

#[test]
fn the_document_is_described_when_nothing_is_selected() {
    let mut harness = window(&Script::idle());
    harness.key_press(Key::B);
    harness.run();
    harness.get_by_role_and_label(Role::Button, "Lessons").click();
    harness.run();
    write(&mut harness, "Title", "Two  words");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(preset(&harness).title, "Two words");
    write(&mut harness, "Duration", "2m");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(preset(&harness).run.duration, Period::secs(120));
    undo(&mut harness);
    undo(&mut harness);
    assert_ne!(preset(&harness).title, "Two words");
}

#[test]
fn two_services_get_their_sessions_into_one_store_by_one_click() {
    let mut harness = window(&Script::showing(Snapshot::default()));
    select(&mut harness, "shop");
    click(&mut harness, "Sessions: store");
    assert_eq!(shop(preset(&harness)).sessions, Sessions::Store);
    let caches = preset(&harness).topology.nodes().filter(|node| node.cache().is_some()).count();
    assert_eq!(caches, 1);
    undo(&mut harness);
    assert_eq!(shop(preset(&harness)).sessions, Sessions::Memory);
}

#[test]
fn a_rate_is_typed_as_people_write_it() {
    let mut harness = window(&Script::idle());
    select(&mut harness, "shoppers");
    write(&mut harness, "Arrivals", "2k/s");
    harness.key_press(Key::Enter);
    harness.run();
    let shoppers = preset(&harness).topology.node(&"shoppers".parse().unwrap()).unwrap().users().unwrap().clone();
    assert_eq!(shoppers.arrivals.to_string().parse(), Ok("2000/s".parse::<Arrivals>().unwrap()));
    click(&mut harness, "Reset arrivals to none");
}
