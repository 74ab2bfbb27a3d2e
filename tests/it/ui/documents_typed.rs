//! What is typed and not yet in the document: it is saved, run and asked about as if it were, and judged by what the
//! document is now.

use brownout::app::{Opening, Origin, StateDirs};
use brownout::control::Command;
use brownout::topology::{Period, Service, builtin, format};
use egui::accesskit::Role;
use egui::{Key, Modifiers, ViewportCommand};
use egui_kittest::kittest::Queryable;

use super::documents::{Desk, sticky};
use super::preset;
use super::script::{Script, opening};

/// Selects a node.
fn select(desk: &mut Desk, node: &str) {
    desk.harness.get_by_label(&format!("node {node}")).click_accesskit();
    desk.harness.run_ok();
}

/// Writes into a field in place of what is there, and does not leave it.
fn write(desk: &mut Desk, field: &str, text: &str) {
    desk.harness.get_by_role_and_label(Role::TextInput, field).focus();
    desk.harness.run_ok();
    desk.command(Key::A);
    desk.harness.get_by_role_and_label(Role::TextInput, field).type_text(text);
    desk.harness.run_ok();
}

fn value(desk: &Desk, field: &str) -> String {
    desk.harness.get_by_role_and_label(Role::TextInput, field).value().unwrap_or_default()
}

fn shop(desk: &Desk) -> Service {
    preset(&desk.harness).topology.node(&"shop".parse().unwrap()).unwrap().service().unwrap().clone()
}

fn saved(desk: &mut Desk) -> String {
    desk.until("it is saved", |desk| desk.sees("Saved "));
    std::fs::read_to_string(desk.path("a.toml")).unwrap()
}

#[test]
fn of_two_errors_in_a_file_either_can_be_put_right_first() {
    let spoiled = sticky().replace("users = 30", "users = 0").replace("replicas = 3", "replicas = 0");
    for first in ["shop", "shoppers"] {
        let mut desk = Desk::file(&spoiled);
        let others = if first == "shop" { "shoppers" } else { "shop" };
        for node in [first, others] {
            let (field, good) = if node == "shop" { ("Replicas", "3") } else { ("Users", "30") };
            select(&mut desk, node);
            write(&mut desk, field, good);
            desk.key(Key::Enter);
        }
        let users = preset(&desk.harness).topology.node(&"shoppers".parse().unwrap()).unwrap().users().unwrap().users;
        assert_eq!((shop(&desk).replicas, users), (3, 30), "{first} first");
    }
}

#[test]
fn a_step_towards_what_is_right_is_taken() {
    let mut desk = Desk::file(&sticky().replace("on = \"shop.2\"", "on = \"shop.5\""));
    select(&mut desk, "shop");
    desk.click("more replicas");
    assert_eq!(shop(&desk).replicas, 4, "{:#?}", desk.harness.root());
    // A new mistake is still refused.
    write(&mut desk, "Replicas", "9999");
    desk.key(Key::Enter);
    assert_eq!(shop(&desk).replicas, 4);
}

#[test]
fn a_complaint_goes_when_the_document_is_what_was_written() {
    let mut desk = Desk::file(&sticky().replace("on = \"shop.2\"", "on = \"shop.4\""));
    select(&mut desk, "shop");
    desk.click("more replicas");
    write(&mut desk, "Replicas", "3");
    desk.key(Key::Enter);
    assert!(desk.sees("there is no replica shop.4: shop has 3"));
    assert_eq!(shop(&desk).replicas, 4);
    desk.command(Key::Z);
    assert_eq!((shop(&desk).replicas, value(&desk, "Replicas").as_str()), (3, "3"));
    desk.command(Key::N);
    assert_eq!(desk.title(), "Untitled", "nothing is left of it");
}

#[test]
fn saving_while_a_field_is_written_saves_what_is_written() {
    let mut desk = Desk::file(sticky());
    select(&mut desk, "shop");
    write(&mut desk, "Drain", "250ms");
    desk.command(Key::S);
    let text = saved(&mut desk);
    assert!(text.contains("drain = \"250ms\""), "{text}");
    assert!(!desk.sees("Sticky sessions *"));
}

#[test]
fn saving_while_a_name_is_written_on_the_canvas_saves_it() {
    let mut desk = Desk::file(sticky());
    select(&mut desk, "gate");
    desk.key(Key::F2);
    desk.harness.get_by_role_and_label(Role::TextInput, "name of gate").type_text("door");
    desk.harness.run_ok();
    desk.command(Key::S);
    let text = saved(&mut desk);
    assert!(text.contains("id = \"door\"") && !text.contains("id = \"gate\""), "{text}");
    assert!(desk.harness.query_by_label("name of gate").is_none());
}

#[test]
fn leaving_while_a_field_is_written_asks() {
    type Way = fn(&mut Desk);
    let ways: [Way; 2] = [
        |desk| desk.command(Key::N),
        |desk| {
            assert!(desk.ask_to_close().contains(&ViewportCommand::CancelClose));
            desk.harness.run_ok();
        },
    ];
    for leave in ways {
        let mut desk = Desk::file(sticky());
        select(&mut desk, "shop");
        write(&mut desk, "Drain", "250ms");
        leave(&mut desk);
        assert!(desk.sees("Save what you changed in Sticky sessions?"));
        desk.key(Key::Escape);
        assert_eq!(shop(&desk).drain, Period::millis(250));
    }
}

#[test]
fn what_cannot_be_taken_is_not_lost_without_a_question() {
    let mut desk = Desk::file(sticky());
    select(&mut desk, "shop");
    write(&mut desk, "Drain", "5 parsecs");
    desk.command(Key::N);
    assert!(desk.sees("Leave what you are writing?"));
    desk.answer("Cancel");
    assert_eq!((desk.title(), value(&desk, "Drain").as_str()), ("Sticky sessions", "5 parsecs"));
    desk.command(Key::N);
    desk.answer("Do not save");
    assert_eq!(desk.title(), "Untitled");
    assert!(!desk.ask_to_close().contains(&ViewportCommand::CancelClose), "nothing is left of it");
}

#[test]
fn a_run_is_begun_with_what_is_written() {
    let script = Script::idle();
    let mut harness = super::window(&script);
    harness.get_by_label("node shop").click_accesskit();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Drain").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(Role::TextInput, "Drain").type_text("250ms");
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run();
    let sent = script.sent();
    let [Command::Start(plan)] = sent.as_slice() else { panic!("{sent:?}") };
    let shop = plan.preset.topology.node(&"shop".parse().unwrap()).unwrap();
    assert_eq!(shop.service().unwrap().drain, Period::millis(250));
}

#[test]
fn what_is_written_survives_a_crash() {
    let state = tempfile::tempdir().unwrap();
    let mut desk = Desk::keeping(Opening { state: Some(StateDirs::below(state.path())), ..opening() });
    select(&mut desk, "shop");
    write(&mut desk, "Drain", "250ms");
    let kept = || {
        let files = std::fs::read_dir(state.path().join("recovery")).into_iter().flatten().flatten();
        files
            .filter_map(|file| std::fs::read_to_string(file.path()).ok())
            .any(|text| text.contains("drain = \"250ms\""))
    };
    desk.until("it is kept", |_| kept());
}

#[test]
fn what_came_from_elsewhere_is_in_no_file_and_asks_before_it_is_left() {
    let document = format::read(builtin::by_name("one-server").unwrap().text).unwrap();
    let mut desk = Desk::keeping(Opening { preset: Some((document, Origin::Elsewhere)), ..opening() });
    assert!(desk.ask_to_close().contains(&ViewportCommand::CancelClose));
    desk.harness.run_ok();
    assert!(desk.sees("is in no file yet"));
}

#[test]
fn what_a_file_says_and_was_put_away_is_no_problem_of_the_document() {
    let mut desk = Desk::file(&format!("{}\n[weather]\nrain = true\n", sticky()));
    desk.click("Lessons");
    assert!(desk.sees("Nothing is wrong with it."), "{:#?}", desk.harness.root());
}

#[test]
fn what_was_put_away_stays_away_after_a_change() {
    let mut desk = Desk::file(&format!("pinned = [\"shp\"]\n{}", sticky()));
    assert!(desk.sees("is pinned, and is no node"));
    desk.click("Hide");
    desk.click("Lessons");
    assert!(desk.sees("Nothing is wrong with it."));
    desk.edit();
    desk.click("Close the inspector");
    assert!(desk.sees("Nothing is wrong with it."), "{:#?}", desk.harness.root());
}
