//! What is dropped from the shelf, taken away with the gap closed, and asked for by menus.

use brownout::control::Command;
use brownout::topology::Preset;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::super::script::{Script, running};
use super::super::{Window, preset, window};
use super::{building, click_at, drag_and_drop, is_selected, one_step, title, undo};

fn links(preset: &Preset) -> Vec<String> {
    preset.topology.links().map(|link| link.id().to_string()).collect()
}

fn middle(harness: &Harness<'static, Window>, label: &str) -> Pos2 {
    harness.get_by_label(label).rect().center()
}

fn press(harness: &mut Harness<'static, Window>, key: Key) {
    harness.key_press(key);
    harness.run();
}

#[test]
fn what_is_dragged_from_the_shelf_is_where_it_was_dropped() {
    let mut harness = building();
    let gate = harness.get_by_label("node gate").rect();
    let (from, to) = (middle(&harness, "place service"), pos2(gate.center().x, gate.bottom() + 60.0));
    let after = one_step(&mut harness, |harness| drag_and_drop(harness, from, to - from, Modifiers::ALT));
    assert!(after.topology.node(&"service".parse().unwrap()).is_some());
    assert!(is_selected(&harness, "node service"));
    assert!((middle(&harness, "node service") - to).length() < 40.0);
}

#[test]
fn dropped_onto_a_link_it_stands_in_between() {
    let mut harness = building();
    let (from, to) = (middle(&harness, "place service"), middle(&harness, "link gate to shop"));
    let after = one_step(&mut harness, |harness| drag_and_drop(harness, from, to - from, Modifiers::NONE));
    assert_eq!(links(&after), ["shoppers->gate", "gate->service", "service->shop"]);
}

#[test]
fn enter_drops_it_into_the_middle_and_escape_puts_it_back() {
    let mut harness = building();
    let before = preset(&harness).clone();
    harness.get_by_label("place cache").click();
    harness.run();
    press(&mut harness, Key::Escape);
    assert!(*preset(&harness) == before);
    harness.get_by_label("place cache").click();
    harness.run();
    let after = one_step(&mut harness, |harness| press(harness, Key::Enter));
    assert!(after.topology.node(&"cache".parse().unwrap()).is_some());
}

#[test]
fn a_drag_that_ends_on_no_canvas_makes_nothing() {
    let mut harness = building();
    let before = preset(&harness).clone();
    let (from, to) = (middle(&harness, "place service"), middle(&harness, "Reset"));
    drag_and_drop(&mut harness, from, to - from, Modifiers::NONE);
    let at = title(&harness, "gate");
    click_at(&mut harness, at, Modifiers::NONE);
    assert!(*preset(&harness) == before);
}

#[test]
fn delete_takes_all_that_is_selected_in_one_step_and_offers_to_close_the_gap() {
    let mut harness = building();
    let at = title(&harness, "gate");
    click_at(&mut harness, at, Modifiers::NONE);
    let before = preset(&harness).clone();
    press(&mut harness, Key::Delete);
    assert!(links(preset(&harness)).is_empty());
    harness.get_by_label_contains("shoppers no longer reaches shop");
    harness.get_by_label("Reconnect").click();
    harness.run();
    assert_eq!(links(preset(&harness)), ["shoppers->shop"]);
    assert!(harness.query_by_label("Reconnect").is_none());
    undo(&mut harness);
    undo(&mut harness);
    assert!(*preset(&harness) == before);
}

#[test]
fn the_offer_goes_when_the_removal_is_undone() {
    let mut harness = building();
    let at = title(&harness, "gate");
    click_at(&mut harness, at, Modifiers::NONE);
    press(&mut harness, Key::Delete);
    harness.get_by_label("Reconnect");
    undo(&mut harness);
    assert!(harness.query_by_label("Reconnect").is_none());
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
fn the_other_button_opens_the_menu_of_what_is_there() {
    let mut harness = building();
    let gate = harness.get_by_label("node gate").rect();
    for (at, entry) in [
        (title(&harness, "gate"), "Rename"),
        (middle(&harness, "link gate to shop"), "Delete"),
        // Nothing runs: what is meant is the node.
        (middle(&harness, "replica shop.2"), "Rename"),
        (gate.center_bottom() + vec2(0.0, 60.0), "Paste"),
    ] {
        right_click(&mut harness, at);
        assert!(harness.query_all_by_label_contains(entry).next().is_some(), "{entry}");
        harness.get_by_label("context menu");
        press(&mut harness, Key::Escape);
        assert!(harness.query_by_label("context menu").is_none());
    }
}

#[test]
fn beside_its_cards_a_frame_has_the_menu_of_its_group() {
    let mut harness = building();
    for (node, modifiers) in [("gate", Modifiers::NONE), ("shop", Modifiers::SHIFT)] {
        let at = title(&harness, node);
        click_at(&mut harness, at, modifiers);
    }
    harness.key_press_modifiers(Modifiers::COMMAND, Key::G);
    harness.run();
    press(&mut harness, Key::Enter);
    let gate = harness.get_by_label("node gate").rect();
    right_click(&mut harness, gate.center_bottom() + vec2(0.0, 12.0));
    harness.get_by_label_contains("Ungroup").click();
    harness.run();
    assert!(preset(&harness).marks.groups.is_empty());
}

#[test]
fn shift_f10_opens_the_menu_of_what_is_selected() {
    let mut harness = building();
    let at = title(&harness, "gate");
    click_at(&mut harness, at, Modifiers::NONE);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    harness.run();
    harness.get_by_label("context menu");
}

#[test]
fn what_is_deleted_while_it_runs_is_stopped_and_undo_starts_it_again() {
    let script = Script::showing(running());
    let mut harness = window(&script);
    press(&mut harness, Key::B);
    let at = title(&harness, "gate");
    click_at(&mut harness, at, Modifiers::NONE);
    press(&mut harness, Key::Delete);
    undo(&mut harness);
    let gate = "gate".parse().unwrap();
    let wanted = |command: &Command| {
        if let Command::Apply(topology) = command { Some(topology.node(&gate).is_some()) } else { None }
    };
    let applied: Vec<bool> = script.sent().iter().filter_map(wanted).collect();
    assert_eq!(applied, [false, true], "the running system follows the drawing, there and back");
}
