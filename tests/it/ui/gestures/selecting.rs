//! Selecting: one, several, by a frame, by keys.

use brownout::topology::edit::Item;
use brownout::ui::selection::Selection;
use egui::{Key, Modifiers, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::super::{Window, preset};
use super::{building, click_at, drag, drop_at, is_selected, snatch, title};

const CARDS: [&str; 3] = ["node shoppers", "node gate", "node shop"];

fn selected(harness: &Harness<'static, Window>) -> Vec<&'static str> {
    CARDS.into_iter().filter(|card| is_selected(harness, card)).collect()
}

/// A free place above and left of all cards.
fn corner(harness: &Harness<'static, Window>) -> Pos2 {
    let top = CARDS.iter().map(|card| harness.get_by_label(card).rect().top()).fold(f32::INFINITY, f32::min);
    pos2(harness.get_by_label("node shoppers").rect().left() - 12.0, top - 12.0)
}

#[test]
fn shift_and_control_collect_and_give_back() {
    let mut harness = building();
    for (card, modifiers, then) in [
        ("gate", Modifiers::NONE, vec!["node gate"]),
        ("shop", Modifiers::SHIFT, vec!["node gate", "node shop"]),
        ("shoppers", Modifiers::COMMAND, CARDS.to_vec()),
        ("gate", Modifiers::SHIFT, vec!["node shoppers", "node shop"]),
        ("gate", Modifiers::NONE, vec!["node gate"]),
    ] {
        let at = title(&harness, card);
        click_at(&mut harness, at, modifiers);
        assert_eq!(selected(&harness), then);
    }
    harness.key_press(Key::Escape);
    harness.run();
    assert!(selected(&harness).is_empty());
}

#[test]
fn a_frame_selects_what_it_touches_and_shows_it_before_the_release() {
    let mut harness = building();
    let from = corner(&harness);
    let to = harness.get_by_label("node gate").rect().center() - from;
    drag(&mut harness, from, to, Modifiers::NONE);
    assert!(selected(&harness).is_empty(), "nothing is chosen before the release");
    drop_at(&mut harness, from + to, Modifiers::NONE);
    assert_eq!(selected(&harness), ["node shoppers", "node gate"]);
}

#[test]
fn a_press_beside_a_card_that_is_on_it_a_moment_later_begins_a_frame() {
    let mut harness = building();
    let before = preset(&harness).clone();
    let (from, to) = (corner(&harness), title(&harness, "shoppers") + vec2(0.0, 20.0));
    snatch(&mut harness, from, to - from);
    drop_at(&mut harness, to, Modifiers::NONE);
    assert_eq!(selected(&harness), ["node shoppers"]);
    assert!(*preset(&harness) == before, "no card was moved");
}

#[test]
fn a_frame_with_shift_adds_and_escape_gives_it_up() {
    let mut harness = building();
    let at = title(&harness, "shop");
    click_at(&mut harness, at, Modifiers::NONE);
    let from = corner(&harness);
    let by = vec2(60.0, 60.0);
    drag(&mut harness, from, by, Modifiers::SHIFT);
    drop_at(&mut harness, from + by, Modifiers::SHIFT);
    assert_eq!(selected(&harness), ["node shoppers", "node shop"]);
    drag(&mut harness, from, by, Modifiers::NONE);
    harness.key_press(Key::Escape);
    harness.run();
    drop_at(&mut harness, from + by, Modifiers::NONE);
    assert_eq!(selected(&harness), ["node shoppers", "node shop"], "Esc leaves what was selected");
}

#[test]
fn a_click_near_a_links_curve_selects_it_and_a_click_beside_does_not() {
    let mut harness = building();
    let link = harness.get_by_label("link gate to shop").rect().center();
    for (at, then) in [(link + vec2(0.0, 1.0), true), (corner(&harness) - vec2(2.0, 2.0), false)] {
        click_at(&mut harness, at, Modifiers::NONE);
        assert_eq!(is_selected(&harness, "link gate to shop"), then);
    }
}

#[test]
fn a_lesson_has_no_frames_its_background_is_pushed_about() {
    let mut harness = super::super::window(&super::super::Script::idle());
    let before = harness.get_by_label("node gate").rect();
    let from = corner(&harness);
    drag(&mut harness, from, vec2(60.0, 40.0), Modifiers::NONE);
    drop_at(&mut harness, from + vec2(60.0, 40.0), Modifiers::NONE);
    assert!(selected(&harness).is_empty());
    let moved = harness.get_by_label("node gate").rect().min - before.min;
    assert!((moved - vec2(60.0, 40.0)).length() < 10.0, "{moved:?}");
}

#[test]
fn alt_and_arrows_walk_from_card_to_card_and_enter_selects() {
    let mut harness = building();
    for (key, card) in [
        (Key::ArrowRight, "node shoppers"),
        (Key::ArrowRight, "node gate"),
        (Key::ArrowRight, "node shop"),
        (Key::ArrowLeft, "node gate"),
    ] {
        harness.key_press_modifiers(Modifiers::ALT, key);
        harness.run();
        assert!(harness.get_by_label(card).is_focused(), "{card}");
    }
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(selected(&harness), ["node gate"]);
    assert_eq!(preset(&harness).layout.len(), 3, "walking moves nothing");
}

#[test]
fn everything_can_be_selected_at_once() {
    let mut harness = building();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run();
    assert_eq!(selected(&harness), CARDS);
    assert!(is_selected(&harness, "link shoppers to gate"));
    let all = Selection::of(CARDS.iter().map(|card| Item::Node(card[5..].parse().unwrap())).collect());
    assert_eq!(all.items().count(), 3);
}
