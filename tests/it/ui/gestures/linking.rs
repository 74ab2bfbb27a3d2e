//! Links by hand: from a port to a card, into empty space, with one end elsewhere, and by the keyboard.

use brownout::topology::{Link, Preset};
use egui::{Key, Modifiers, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::super::{Window, preset};
use super::{building, click_at, drag, drag_and_drop, drop_at, one_step, title, undo};

fn links(preset: &Preset) -> Vec<String> {
    preset.topology.links().map(|link: Link| link.id().to_string()).collect()
}

fn middle(harness: &Harness<'static, Window>, label: &str) -> Pos2 {
    harness.get_by_label(label).rect().center()
}

fn select(harness: &mut Harness<'static, Window>, node: &str) {
    let at = title(harness, node);
    click_at(harness, at, Modifiers::NONE);
}

/// A place on the canvas where nothing is.
fn nowhere(harness: &Harness<'static, Window>) -> Pos2 {
    let gate = harness.get_by_label("node gate").rect();
    pos2(gate.center().x, gate.bottom() + 60.0)
}

#[test]
fn a_drag_from_a_port_to_a_card_links_them() {
    let mut harness = building();
    select(&mut harness, "shoppers");
    let (from, to) = (middle(&harness, "port out of shoppers"), title(&harness, "shop"));
    let after = one_step(&mut harness, |harness| drag_and_drop(harness, from, to - from, Modifiers::NONE));
    assert_eq!(links(&after), ["shoppers->gate", "gate->shop", "shoppers->shop"]);
}

#[test]
fn a_card_that_does_not_fit_says_why_and_is_not_linked() {
    let mut harness = building();
    let before = preset(&harness).clone();
    select(&mut harness, "shop");
    let (from, to) = (middle(&harness, "port out of shop"), title(&harness, "shoppers"));
    drag(&mut harness, from, to - from, Modifiers::NONE);
    harness.get_by_label_contains("cannot be linked to shoppers");
    drop_at(&mut harness, to, Modifiers::NONE);
    assert!(*preset(&harness) == before);
    assert!(harness.query_by_label_contains("cannot be linked").is_none());
}

#[test]
fn into_empty_space_it_asks_what_is_to_be_there_and_makes_both_in_one_step() {
    let mut harness = building();
    select(&mut harness, "gate");
    let (from, to) = (middle(&harness, "port out of gate"), nowhere(&harness));
    let after = one_step(&mut harness, |harness| {
        drag_and_drop(harness, from, to - from, Modifiers::NONE);
        assert!(harness.query_by_label("Users").is_none(), "a gateway does not send to users");
        harness.get_by_label("Service").click();
        harness.run();
    });
    assert_eq!(links(&after), ["shoppers->gate", "gate->shop", "gate->service"]);
    assert!(after.topology.node(&"service".parse().unwrap()).is_some());
}

#[test]
fn escape_leaves_the_question_and_nothing_is_made() {
    let mut harness = building();
    let before = preset(&harness).clone();
    select(&mut harness, "gate");
    let (from, to) = (middle(&harness, "port out of gate"), nowhere(&harness));
    drag_and_drop(&mut harness, from, to - from, Modifiers::NONE);
    harness.get_by_label("Service");
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label("Service").is_none());
    assert!(*preset(&harness) == before);
}

#[test]
fn an_end_of_a_link_goes_to_another_card_and_back_when_it_is_dropped_nowhere() {
    let mut harness = building();
    // A second service to take it to.
    select(&mut harness, "gate");
    let (from, to) = (middle(&harness, "port out of gate"), nowhere(&harness));
    drag_and_drop(&mut harness, from, to - from, Modifiers::NONE);
    harness.get_by_label("Service").click();
    harness.run();
    let link = middle(&harness, "link shoppers to gate");
    click_at(&mut harness, link, Modifiers::NONE);
    let end = middle(&harness, "end of link shoppers to gate");
    let before = preset(&harness).clone();
    drag_and_drop(&mut harness, end, vec2(-20.0, 50.0), Modifiers::NONE);
    assert!(*preset(&harness) == before);
    let end = middle(&harness, "end of link shoppers to gate");
    let to = title(&harness, "service");
    let after = one_step(&mut harness, |harness| drag_and_drop(harness, end, to - end, Modifiers::NONE));
    assert_eq!(links(&after), ["shoppers->service", "gate->shop", "gate->service"]);
}

#[test]
fn a_link_whose_end_went_elsewhere_stays_selected() {
    let mut harness = building();
    let link = middle(&harness, "link shoppers to gate");
    click_at(&mut harness, link, Modifiers::NONE);
    let (end, to) = (middle(&harness, "end of link shoppers to gate"), title(&harness, "shop"));
    drag_and_drop(&mut harness, end, to - end, Modifiers::NONE);
    // Only a selected link has handles.
    harness.get_by_label("end of link shoppers to shop");
    harness.key_press(Key::Delete);
    harness.run();
    assert_eq!(links(preset(&harness)), ["gate->shop"]);
}

#[test]
fn what_undo_takes_away_is_no_longer_selected() {
    let mut harness = building();
    select(&mut harness, "gate");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::D);
    harness.run();
    undo(&mut harness);
    assert!(harness.query_by_label_contains("is no longer in the drawing").is_none());
}

#[test]
fn a_click_beside_a_port_asks_nothing_and_neither_does_a_long_press() {
    let mut harness = building();
    select(&mut harness, "gate");
    let port = middle(&harness, "port out of gate");
    for at in [port + vec2(9.0, 6.0), port - vec2(9.0, 6.0)] {
        click_at(&mut harness, at, Modifiers::NONE);
        assert!(harness.query_by_label("Service").is_none(), "{at:?}");
        select(&mut harness, "gate");
    }
    drag_and_drop(&mut harness, port + vec2(3.0, 0.0), vec2(1.0, 0.0), Modifiers::NONE);
    assert!(harness.query_by_label("Service").is_none(), "it was only held");
    click_at(&mut harness, port, Modifiers::NONE);
    harness.get_by_label("Service");
}

#[test]
fn c_and_arrows_and_enter_link_without_a_pointer() {
    let mut harness = building();
    select(&mut harness, "shoppers");
    let after = one_step(&mut harness, |harness| {
        harness.key_press(Key::C);
        harness.run();
        harness.get_by_label_contains("Link shoppers to shop: Enter");
        harness.key_press(Key::Enter);
        harness.run();
    });
    assert_eq!(links(&after), ["shoppers->gate", "gate->shop", "shoppers->shop"]);
}
