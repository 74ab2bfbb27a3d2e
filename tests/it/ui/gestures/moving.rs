//! Moving: by dragging, with guides, along an axis, by arrows; and giving it up.

use brownout::topology::{NodeId, Preset};
use egui::{Event, Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::super::{Window, preset};
use super::{building, click_at, drag, drag_and_drop, drop_at, one_step, snatch, title, undo};

fn place(preset: &Preset, node: &str) -> [f32; 2] {
    preset.layout[&node.parse::<NodeId>().unwrap()]
}

fn click(harness: &mut Harness<'static, Window>, node: &str, modifiers: Modifiers) {
    let at = title(harness, node);
    click_at(harness, at, modifiers);
}

#[test]
fn a_drag_moves_everything_that_is_selected_by_as_much() {
    let mut harness = building();
    // From here on the places are in the document.
    let at = title(&harness, "shoppers");
    drag_and_drop(&mut harness, at, vec2(0.0, 30.0), Modifiers::ALT);
    let before = preset(&harness).clone();
    click(&mut harness, "gate", Modifiers::NONE);
    click(&mut harness, "shop", Modifiers::SHIFT);
    let at = title(&harness, "shop");
    let after = one_step(&mut harness, |harness| drag_and_drop(harness, at, vec2(0.0, 90.0), Modifiers::ALT));
    let by = |node: &str| place(&after, node)[1] - place(&before, node)[1];
    assert!(by("shop") > 40.0 && (by("shop") - by("gate")).abs() <= 1.0, "{} {}", by("shop"), by("gate"));
    assert_eq!(place(&after, "shoppers"), place(&before, "shoppers"));
}

#[test]
fn what_comes_near_a_line_snaps_to_it_unless_alt_is_held() {
    let mut harness = building();
    let top =
        |harness: &Harness<'static, Window>, node: &str| harness.get_by_label(&format!("node {node}")).rect().top();
    let (at, off) = (title(&harness, "gate"), top(&harness, "shoppers") - top(&harness, "gate"));
    // Three points short of being in line with the top of the shoppers, on the side where no other line is.
    drag_and_drop(&mut harness, at, vec2(0.0, off - 3.0), Modifiers::NONE);
    assert!((top(&harness, "gate") - top(&harness, "shoppers")).abs() < 1.0);
    let at = title(&harness, "gate");
    drag_and_drop(&mut harness, at, vec2(0.0, 12.0), Modifiers::ALT);
    drag_and_drop(&mut harness, at + vec2(0.0, 12.0), vec2(0.0, -8.0), Modifiers::ALT);
    let left = top(&harness, "gate") - top(&harness, "shoppers");
    assert!((left - 4.0).abs() < 1.5, "{left}");
}

#[test]
fn shift_keeps_to_one_axis() {
    let mut harness = building();
    let at = title(&harness, "shop");
    let before = harness.get_by_label("node shop").rect().min;
    drag_and_drop(&mut harness, at, vec2(20.0, 70.0), Modifiers::SHIFT);
    let moved = harness.get_by_label("node shop").rect().min - before;
    assert!(moved.x.abs() < 1.0 && moved.y > 50.0, "{moved:?}");
}

#[test]
fn escape_gives_a_move_up() {
    let mut harness = building();
    let (before, at) = (preset(&harness).clone(), title(&harness, "gate"));
    let rect = harness.get_by_label("node gate").rect();
    drag(&mut harness, at, vec2(0.0, 80.0), Modifiers::NONE);
    assert!((harness.get_by_label("node gate").rect().top() - rect.top()).abs() > 40.0);
    harness.key_press(Key::Escape);
    harness.run();
    assert!((harness.get_by_label("node gate").rect().top() - rect.top()).abs() < 1.0);
    drop_at(&mut harness, at + vec2(0.0, 80.0), Modifiers::NONE);
    assert!(*preset(&harness) == before);
}

#[test]
fn a_press_on_a_card_that_has_left_it_a_moment_later_moves_the_card() {
    let mut harness = building();
    let (at, gate) = (title(&harness, "gate"), harness.get_by_label("node gate").rect());
    let by = vec2(0.0, gate.height() + 40.0);
    snatch(&mut harness, at, by);
    drop_at(&mut harness, at + by, Modifiers::ALT);
    let moved = harness.get_by_label("node gate").rect().min - gate.min;
    assert!((moved.y - by.y).abs() < 12.0, "{moved:?}");
}

#[test]
fn a_card_beside_its_neighbour_stays_where_it_was_let_go() {
    let mut harness = building();
    let at = title(&harness, "shop");
    drag_and_drop(&mut harness, at, vec2(0.0, 12.0), Modifiers::ALT);
    let rect = |harness: &Harness<'static, Window>, node: &str| harness.get_by_label(&format!("node {node}")).rect();
    let by = vec2(rect(&harness, "gate").right() - rect(&harness, "shop").left() + 6.0, 0.0);
    let at = title(&harness, "shop");
    drag(&mut harness, at, by, Modifiers::NONE);
    let (held, gate) = (rect(&harness, "shop"), rect(&harness, "gate"));
    drop_at(&mut harness, at + by, Modifiers::NONE);
    assert!((rect(&harness, "shop").min - held.min).length() < 2.0, "{:?}, held at {held:?}", rect(&harness, "shop"));
    assert!((rect(&harness, "gate").min - gate.min).length() < 2.0);
}

#[test]
fn a_window_that_loses_the_focus_gives_a_move_up() {
    let mut harness = building();
    let (before, at) = (preset(&harness).clone(), title(&harness, "gate"));
    let rect = harness.get_by_label("node gate").rect();
    drag(&mut harness, at, vec2(0.0, 80.0), Modifiers::NONE);
    harness.event(Event::WindowFocused(false));
    harness.run();
    assert!((harness.get_by_label("node gate").rect().top() - rect.top()).abs() < 1.0);
    drop_at(&mut harness, at + vec2(0.0, 80.0), Modifiers::NONE);
    assert!(*preset(&harness) == before);
}

#[test]
fn another_document_gives_a_move_up() {
    let mut harness = building();
    let (before, at) = (preset(&harness).clone(), title(&harness, "shop"));
    drag_and_drop(&mut harness, at, vec2(0.0, 60.0), Modifiers::ALT);
    let at = title(&harness, "gate");
    drag(&mut harness, at, vec2(0.0, 80.0), Modifiers::NONE);
    undo(&mut harness);
    drop_at(&mut harness, at + vec2(0.0, 80.0), Modifiers::NONE);
    assert!(*preset(&harness) == before);
}

#[test]
fn arrows_move_what_is_selected_by_a_step_of_the_grid_and_with_shift_by_a_point() {
    let mut harness = building();
    let at = title(&harness, "gate");
    drag_and_drop(&mut harness, at, vec2(0.0, 60.0), Modifiers::ALT);
    let before = place(preset(&harness), "gate");
    click(&mut harness, "gate", Modifiers::NONE);
    let after = one_step(&mut harness, |harness| {
        harness.key_press(Key::ArrowDown);
        harness.run();
    });
    assert_eq!(place(&after, "gate"), [before[0], before[1] + 14.0]);
    let after = one_step(&mut harness, |harness| {
        harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowUp);
        harness.run();
    });
    assert_eq!(place(&after, "gate"), [before[0], before[1] + 13.0]);
}

#[test]
fn arrows_that_are_held_make_one_step() {
    let mut harness = building();
    let at = title(&harness, "gate");
    drag_and_drop(&mut harness, at, vec2(0.0, 60.0), Modifiers::ALT);
    let before = place(preset(&harness), "gate");
    let after = one_step(&mut harness, |harness| {
        harness.key_down(Key::ArrowDown);
        harness.run();
        harness.key_down(Key::ArrowDown);
        harness.run();
        harness.key_up(Key::ArrowDown);
        harness.run();
    });
    assert_eq!(place(&after, "gate"), [before[0], before[1] + 28.0]);
}

#[test]
fn space_and_a_drag_push_the_drawing_about_and_do_not_freeze_the_picture() {
    let mut harness = building();
    let before = preset(&harness).clone();
    let (rect, at) = (harness.get_by_label("node gate").rect(), title(&harness, "gate"));
    harness.key_down(Key::Space);
    harness.run();
    drag_and_drop(&mut harness, at, vec2(48.0, 32.0), Modifiers::NONE);
    harness.key_up(Key::Space);
    harness.run();
    let moved = harness.get_by_label("node gate").rect().min - rect.min;
    assert!((moved - vec2(48.0, 32.0)).length() < 2.0, "{moved:?}");
    assert!(*preset(&harness) == before);
    assert!(harness.query_by_label("Frozen").is_none());
}
