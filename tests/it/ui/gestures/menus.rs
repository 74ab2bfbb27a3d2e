//! Menus on the canvas: they have the keyboard to themselves, and put things where they were opened.

use brownout::topology::RoleKind;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::super::script::Script;
use super::super::{Window, preset, window};
use super::{building, click_at, double_click_at, is_selected, one_step, title};

fn press(harness: &mut Harness<'static, Window>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

/// The menu of the gateway, opened by keys.
fn opened() -> Harness<'static, Window> {
    let mut harness = building();
    let at = title(&harness, "gate");
    click_at(&mut harness, at, Modifiers::NONE);
    press(&mut harness, Modifiers::SHIFT, Key::F10);
    harness.get_by_label("context menu");
    harness
}

/// A place on the canvas where nothing is.
fn nowhere(harness: &Harness<'static, Window>) -> Pos2 {
    let gate = harness.get_by_label("node gate").rect();
    pos2(gate.center().x, gate.bottom() + 60.0)
}

fn right_click(harness: &mut Harness<'static, Window>, at: Pos2) {
    for pressed in [true, false] {
        harness.event(Event::PointerMoved(at));
        let (button, modifiers) = (PointerButton::Secondary, Modifiers::NONE);
        harness.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        harness.step();
    }
    harness.run();
}

#[test]
fn arrows_walk_through_an_open_menu_and_the_card_behind_it_stays() {
    let mut harness = opened();
    let before = preset(&harness).clone();
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::ArrowUp);
    assert!(*preset(&harness) == before);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    harness.get_by_role_and_label(Role::TextInput, "name of gate");
}

#[test]
fn at_its_end_the_arrows_stay_in_the_menu() {
    let mut harness = opened();
    for _ in 0..30 {
        press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    }
    assert!(harness.get_by_label("end of the menu").is_focused());
    for _ in 0..30 {
        press(&mut harness, Modifiers::NONE, Key::ArrowUp);
    }
    assert!(harness.get_by_label("beginning of the menu").is_focused());
}

#[test]
fn plain_keys_do_nothing_behind_an_open_menu() {
    let script = Script::idle();
    let mut harness = window(&script);
    press(&mut harness, Modifiers::NONE, Key::B);
    let at = title(&harness, "gate");
    right_click(&mut harness, at);
    harness.get_by_label("context menu");
    let before = preset(&harness).clone();
    for key in [Key::Delete, Key::R, Key::C, Key::ArrowRight] {
        press(&mut harness, Modifiers::NONE, key);
    }
    assert!(*preset(&harness) == before && script.sent().is_empty());
    press(&mut harness, Modifiers::NONE, Key::Escape);
    press(&mut harness, Modifiers::NONE, Key::Delete);
    assert!(*preset(&harness) != before, "closed, it leaves the keys to the drawing");
}

#[test]
fn a_user_has_the_menu_of_the_node() {
    let mut harness = building();
    let user = harness.get_by_label("user 2").rect().center();
    right_click(&mut harness, user);
    harness.get_by_label("context menu");
    assert!(is_selected(&harness, "node shoppers"));
    assert!(harness.query_by_label("Add a service").is_none());
}

#[test]
fn a_double_click_where_nothing_is_offers_what_can_be_put_there() {
    let mut harness = building();
    let at = nowhere(&harness);
    let after = one_step(&mut harness, |harness| {
        double_click_at(harness, at);
        harness.get_by_label("Add a service").click();
        harness.run();
    });
    assert_eq!(after.topology.nodes().filter(|node| node.role.kind() == RoleKind::Service).count(), 2);
    assert!((harness.get_by_label("node service").rect().center() - at).length() < 60.0);
}

#[test]
fn the_menu_of_the_canvas_puts_things_where_it_was_opened() {
    let mut harness = building();
    let at = nowhere(&harness) + vec2(0.0, 10.0);
    let after = one_step(&mut harness, |harness| {
        right_click(harness, at);
        harness.get_by_label("Add a note").click();
        harness.run();
        press(harness, Modifiers::NONE, Key::Escape);
    });
    let note = format!("note {}", after.marks.notes[0].id);
    assert!((harness.get_by_label(&note).rect().center() - at).length() < 60.0);
}
