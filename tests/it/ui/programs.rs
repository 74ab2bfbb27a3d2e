//! Programs in the window: nothing starts before it is allowed, a program takes the place of a service, and a plug that
//! does not fit says so.

use brownout::app::{Opening, Origin};
use brownout::control::Command;
use brownout::control::Snapshot;
use brownout::control::snapshot::Phase;
use brownout::topology::format;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::gestures::{drag_and_drop, title};
use super::script::{Script, opening};
use super::{Window, click, preset, window_on};

const DRAWING: &str = r#"
    format = 1
    title = "Two hosts"
    [[module]]
    name = "accounts"
    contract = 2
    operation = [{ name = "check", steps = [] }]
    [[node]]
    id = "people"
    role = "users"
    journey = ["accounts.check"]
    [[node]]
    id = "shop"
    role = "service"
    modules = ["accounts"]
    [[node]]
    id = "python"
    role = "program"
    command = ["python3", "users.py", "two words"]
    contract = 1
    [[link]]
    from = "people"
    to = "shop"
    [layout]
    people = [0, 0]
    shop = [400, 0]
    python = [400, 300]
"#;

fn drawn(script: &Script) -> Harness<'static, Window> {
    let document = format::read(DRAWING).unwrap();
    window_on(script, Opening { preset: Some((document, Origin::Elsewhere)), ..opening() })
}

fn build(script: &Script) -> Harness<'static, Window> {
    let mut harness = drawn(script);
    harness.key_press(Key::B);
    harness.run();
    harness
}

/// Drags the program's card onto the service's.
fn replace(harness: &mut Harness<'static, Window>) {
    let (from, to) = (title(harness, "python"), harness.get_by_label("node shop").rect().center());
    drag_and_drop(harness, from, to - from, Modifiers::ALT);
}

#[test]
fn a_drawing_with_programs_asks_once_before_it_starts_anything() {
    let script = Script::idle();
    let mut harness = drawn(&script);
    click(&mut harness, "Run");
    harness.get_by_label("Start this program?");
    harness.get_by_label("python3 users.py \"two words\"");
    click(&mut harness, "Cancel");
    assert!(script.sent().is_empty(), "{:?}", script.sent());
    click(&mut harness, "Run");
    click(&mut harness, "Start them");
    assert!(matches!(script.sent().as_slice(), [Command::Start(_)]));
    script.show(Snapshot { phase: Phase::Running, ..Snapshot::default() });
    harness.run();
    script.show(Snapshot::default());
    harness.run();
    click(&mut harness, "Run");
    assert!(harness.query_by_label("Start this program?").is_none(), "it was allowed");
    assert_eq!(script.sent().len(), 2);
}

#[test]
fn a_program_dropped_on_a_service_takes_its_place_in_one_step() {
    let mut harness = build(&Script::idle());
    let before = preset(&harness).clone();
    replace(&mut harness);
    let after = preset(&harness).clone();
    assert!(after.topology.node(&"shop".parse().unwrap()).is_none());
    assert!(after.topology.has_link(&"people->python".parse().unwrap()));
    // It speaks version 1, and callers rely on version 2.
    harness.get_by_label(
        "the plug of people to python does not fit: it speaks version 1 of accounts, and callers rely on version 2",
    );
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
    assert!(*preset(&harness) == before);
}

#[test]
fn a_program_that_is_drawn_into_a_running_system_is_asked_about() {
    let script = Script::showing(Snapshot { phase: Phase::Running, ..Snapshot::default() });
    let mut harness = build(&script);
    replace(&mut harness);
    assert!(script.sent().is_empty(), "{:?}", script.sent());
    click(&mut harness, "Start them");
    assert!(matches!(script.sent().as_slice(), [Command::Apply(_)]), "{:?}", script.sent());
}

#[test]
fn a_command_is_written_as_in_a_terminal_and_its_arguments_stay_as_they_are() {
    let mut harness = build(&Script::idle());
    harness.get_by_label("node python").click_accesskit();
    harness.run();
    let field = |harness: &Harness<'static, Window>| {
        harness.get_by_role_and_label(Role::TextInput, "Command").value().unwrap_or_default()
    };
    assert_eq!(field(&harness), "python3 users.py \"two words\"");
    harness.get_by_role_and_label(Role::TextInput, "Command").focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(Role::TextInput, "Command").type_text("sh -c 'echo a, b' --port={port}");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let program = preset(&harness).topology.node(&"python".parse().unwrap()).unwrap().program().unwrap().clone();
    assert_eq!(program.command, ["sh", "-c", "echo a, b", "--port={port}"]);
    assert_eq!(field(&harness), "sh -c \"echo a, b\" --port={port}");
}
