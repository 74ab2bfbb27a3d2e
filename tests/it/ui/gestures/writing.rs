//! Names, titles and texts, written where they stand; and groups and notes from their making on.

use brownout::topology::{NodeId, Preset};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::super::{Window, preset};
use super::{building, click_at, double_click_at, drag_and_drop, is_selected, one_step, title, undo};

fn write(harness: &mut Harness<'static, Window>, text: &str) {
    harness.event(Event::Text(text.to_owned()));
    harness.run();
}

fn press(harness: &mut Harness<'static, Window>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

fn select(harness: &mut Harness<'static, Window>, nodes: &[&str]) {
    for (at, node) in nodes.iter().enumerate() {
        let place = title(harness, node);
        click_at(harness, place, if at == 0 { Modifiers::NONE } else { Modifiers::SHIFT });
    }
}

fn names(preset: &Preset) -> Vec<&str> {
    preset.topology.nodes().map(|node| node.id.as_str()).collect()
}

#[test]
fn f2_writes_another_name_and_what_was_selected_stays_so() {
    let mut harness = building();
    select(&mut harness, &["gate"]);
    press(&mut harness, Modifiers::NONE, Key::F2);
    let after = one_step(&mut harness, |harness| {
        write(harness, "front");
        press(harness, Modifiers::NONE, Key::Enter);
    });
    assert_eq!(names(&after), ["shoppers", "front", "shop"]);
    assert!(is_selected(&harness, "node front"));
}

#[test]
fn a_name_that_is_taken_says_so_while_it_is_typed_and_enter_does_not_take_it() {
    let mut harness = building();
    let before = preset(&harness).clone();
    select(&mut harness, &["gate"]);
    press(&mut harness, Modifiers::NONE, Key::F2);
    write(&mut harness, "shop");
    harness.get_by_label_contains("there is a node \"shop\" already");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.get_by_role_and_label(Role::TextInput, "name of gate");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.query_by_label("name of gate").is_none());
    assert!(*preset(&harness) == before);
}

#[test]
fn a_double_click_on_a_title_writes_and_a_click_elsewhere_takes_it() {
    let mut harness = building();
    let at = title(&harness, "shop");
    double_click_at(&mut harness, at);
    let after = one_step(&mut harness, |harness| {
        write(harness, "till");
        let away = title(harness, "shoppers");
        click_at(harness, away, Modifiers::NONE);
    });
    assert_eq!(names(&after), ["shoppers", "gate", "till"]);
}

#[test]
fn a_new_group_is_given_its_title_at_once_moves_as_one_and_is_left_by_dragging_out() {
    let mut harness = building();
    select(&mut harness, &["gate", "shop"]);
    press(&mut harness, Modifiers::COMMAND, Key::G);
    write(&mut harness, "Back end");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(preset(&harness).marks.groups[0].title, "Back end");
    let frame = harness.get_by_label("group group").rect();
    let grip = frame.left_center() + vec2(40.0, 0.0);
    let before = preset(&harness).layout.clone();
    let after = one_step(&mut harness, |harness| drag_and_drop(harness, grip, vec2(0.0, 24.0), Modifiers::ALT));
    let by = |node: &str| {
        let id: NodeId = node.parse().unwrap();
        after.layout[&id][1] - before.get(&id).map_or(0.0, |at| at[1])
    };
    assert!(by("shop") > 10.0 && by("gate") > 10.0);
    assert_eq!(after.marks.groups[0].nodes.len(), 2);
    let at = title(&harness, "gate");
    let out = vec2(harness.get_by_label("group group").rect().left() - at.x - 14.0, 0.0);
    let after = one_step(&mut harness, |harness| drag_and_drop(harness, at, out, Modifiers::ALT));
    assert_eq!(after.marks.groups[0].nodes.len(), 1, "{:?}", after.marks);
}

#[test]
fn dropped_into_a_frame_a_card_is_a_member_of_the_group() {
    let mut harness = building();
    select(&mut harness, &["shop"]);
    press(&mut harness, Modifiers::COMMAND, Key::G);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    let (at, into) = (title(&harness, "gate"), title(&harness, "shop"));
    let after = one_step(&mut harness, |harness| {
        drag_and_drop(harness, at, into - at + vec2(0.0, 4.0), Modifiers::ALT);
    });
    assert_eq!(after.marks.groups[0].nodes.len(), 2);
}

#[test]
fn a_note_is_written_over_several_lines_moved_and_taken_back() {
    let mut harness = building();
    harness.get_by_label("place note").click();
    harness.run();
    let made = one_step(&mut harness, |harness| {
        harness.key_press(Key::Enter);
        harness.run();
        press(harness, Modifiers::NONE, Key::Escape);
    });
    let note = &made.marks.notes[0];
    let label = format!("note {}", note.id);
    let at = harness.get_by_label(&label).rect().center();
    click_at(&mut harness, at, Modifiers::NONE);
    press(&mut harness, Modifiers::NONE, Key::F2);
    harness.get_by_role_and_label(Role::MultilineTextInput, &format!("text of {label}"));
    let after = one_step(&mut harness, |harness| {
        write(harness, "Here");
        press(harness, Modifiers::NONE, Key::Enter);
        write(harness, "it hurts");
        press(harness, Modifiers::COMMAND, Key::Enter);
    });
    assert_eq!(after.marks.notes[0].text, "Here\nit hurts");
    let at = harness.get_by_label(&label).rect().center();
    let moved = one_step(&mut harness, |harness| drag_and_drop(harness, at, vec2(30.0, 10.0), Modifiers::ALT));
    assert!(moved.marks.notes[0].at[0] > after.marks.notes[0].at[0]);
    undo(&mut harness);
    assert_eq!(preset(&harness).marks.notes[0].at, after.marks.notes[0].at);
}

#[test]
fn escape_takes_what_was_written_on_a_note_and_undo_takes_it_back() {
    let mut harness = building();
    harness.get_by_label("place note").click();
    harness.run();
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.get_by_label_contains("or Esc when it is written");
    let after = one_step(&mut harness, |harness| {
        write(harness, "Much was written");
        press(harness, Modifiers::NONE, Key::Escape);
    });
    assert_eq!(after.marks.notes[0].text, "Much was written");
    assert!(harness.query_by_label_contains("text of note").is_none(), "the field is left");
}
