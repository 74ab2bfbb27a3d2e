//! Build as a drawing tool: menus, the shelf, problems where they are, the minimap, automatic layout.

use egui::accesskit::{Role, Toggled};
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use brownout::topology::NodeId;

use super::script::Script;
use super::{Window, click, preset, window};

/// A window in Build.
fn building() -> Harness<'static, Window> {
    let mut harness = window(&Script::idle());
    harness.key_press(Key::B);
    harness.run();
    harness
}

fn press(harness: &mut Harness<'static, Window>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

/// Selects a node without the pointer: the middle of a card may be a cell.
fn select(harness: &mut Harness<'static, Window>, node: &str) {
    harness.get_by_label(&format!("node {node}")).click_accesskit();
    harness.run();
}

/// The first button with a label like that.
fn button<'a>(harness: &'a Harness<'static, Window>, like: impl Fn(String) -> bool) -> egui_kittest::Node<'a> {
    let buttons: Vec<_> = harness.get_all_by_role(Role::Button).collect();
    let found = buttons.into_iter().find(|node| node.accesskit_node().label().is_some_and(&like));
    found.expect("a button like that")
}

fn ids(harness: &Harness<'static, Window>) -> Vec<String> {
    preset(harness).topology.nodes().map(|node| node.id.to_string()).collect()
}

#[test]
fn a_copy_is_put_beside_and_undo_takes_it_away_in_one_step() {
    let mut harness = building();
    let before = preset(&harness).clone();
    select(&mut harness, "shop");
    press(&mut harness, Modifiers::COMMAND, Key::D);
    assert_eq!(ids(&harness), ["shoppers", "gate", "shop", "shop-2"]);
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(*preset(&harness), before);
}

#[test]
fn delete_takes_out_what_is_selected_but_only_in_build() {
    let mut harness = building();
    select(&mut harness, "gate");
    press(&mut harness, Modifiers::NONE, Key::B);
    press(&mut harness, Modifiers::NONE, Key::Delete);
    assert_eq!(ids(&harness).len(), 3, "nothing is deleted by accident in a lesson");
    press(&mut harness, Modifiers::NONE, Key::B);
    select(&mut harness, "gate");
    press(&mut harness, Modifiers::SHIFT, Key::Delete);
    assert_eq!(ids(&harness), ["shoppers", "shop"]);
    let links: Vec<String> = preset(&harness).topology.links().map(|link| link.id().to_string()).collect();
    assert_eq!(links, ["shoppers->shop"], "what it linked is linked");
}

#[test]
fn a_frame_is_drawn_around_what_is_selected_and_taken_away() {
    let mut harness = building();
    press(&mut harness, Modifiers::COMMAND, Key::A);
    press(&mut harness, Modifiers::COMMAND, Key::G);
    assert_eq!(preset(&harness).marks.groups.len(), 1);
    assert_eq!(preset(&harness).marks.groups[0].nodes.len(), 3);
    // The name can be written at once; Enter leaves it as it is.
    press(&mut harness, Modifiers::NONE, Key::Enter);
    press(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::G);
    assert!(preset(&harness).marks.groups.is_empty());
}

#[test]
fn menus_show_keys_and_what_cannot_be_done_is_disabled() {
    let mut harness = building();
    click(&mut harness, "Arrange");
    harness.get_by_label_contains("Lay out");
    assert!(harness.get_by_label_contains("Align left").accesskit_node().is_disabled(), "one needs two things");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    press(&mut harness, Modifiers::COMMAND, Key::A);
    click(&mut harness, "Arrange");
    harness.get_by_label_contains("Align top").click();
    harness.run();
    let tops: Vec<f32> = preset(&harness).layout.values().map(|at| at[1]).collect();
    assert_eq!(tops.len(), 3);
    assert!(tops.iter().all(|top| *top == tops[0]), "{tops:?}");
}

#[test]
fn the_shelf_gives_out_what_is_to_be_placed() {
    let mut harness = building();
    click(&mut harness, "place cache");
    let held = |harness: &Harness<'static, Window>| {
        harness.get_by_role_and_label(Role::Button, "place cache").accesskit_node().toggled()
    };
    assert_eq!(held(&harness), Some(Toggled::True));
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(held(&harness), Some(Toggled::False));
}

#[test]
fn an_empty_canvas_says_what_to_do_first() {
    let mut harness = building();
    press(&mut harness, Modifiers::COMMAND, Key::N);
    harness.get_by_label("Draw a system, run it, break it");
    assert!(harness.query_by_label_contains("problem").is_none(), "of nothing there is nothing wrong");
    click(&mut harness, "Open a lesson…");
    harness.run();
    assert!(harness.query_all_by_label_contains("preset ").count() > 1);
}

#[test]
fn a_problem_is_a_badge_where_it_is_and_a_line_in_the_list_that_leads_there() {
    let mut harness = building();
    assert!(harness.query_by_label_contains("problem").is_none());
    select(&mut harness, "gate");
    press(&mut harness, Modifiers::NONE, Key::Delete);
    let badge = harness
        .get_all_by_role(Role::Button)
        .find(|node| node.accesskit_node().label().is_some_and(|label| label.starts_with("problem: ")));
    let badge = badge.expect("a badge").rect();
    assert!(harness.get_by_label("node shoppers").rect().expand(20.0).intersects(badge));
    let is_counter = |label: String| label.ends_with(" problem") || label.ends_with(" problems");
    button(&harness, is_counter).click();
    harness.run();
    button(&harness, |label| label.starts_with("There is no way from shoppers")).click();
    harness.run();
    harness.get_by_label("Close the inspector");
}

#[test]
fn a_thing_has_one_badge_that_tells_all_its_problems_and_one_link_is_missed_once() {
    let mut harness = building();
    select(&mut harness, "gate");
    press(&mut harness, Modifiers::NONE, Key::Delete);
    let badges = || harness.query_all_by_label_contains("problem: ").collect::<Vec<_>>();
    assert_eq!(badges().len(), 1);
    let message = badges()[0].accesskit_node().label().unwrap();
    assert!(message.contains("accounts.login, cart.add, cart.view and orders.checkout need"), "{message}");
    select(&mut harness, "shop");
    press(&mut harness, Modifiers::NONE, Key::Delete);
    let badges: Vec<_> = harness.query_all_by_label_contains("problem: ").collect();
    let at = harness.get_by_label("node shoppers").rect();
    assert_eq!(badges.len(), 1, "{at:?}");
    let message = badges[0].accesskit_node().label().unwrap();
    assert!(message.contains("the modules accounts, cart and orders"), "{message}");
}

#[test]
fn undo_says_of_what() {
    let mut harness = building();
    select(&mut harness, "gate");
    press(&mut harness, Modifiers::NONE, Key::Delete);
    click(&mut harness, "Edit");
    assert!(harness.query_by_label_contains("Undo: remove gate").is_some());
}

#[test]
fn a_badge_offers_the_edit_that_mends_it_and_undo_takes_that_back() {
    let mut harness = building();
    select(&mut harness, "gate");
    press(&mut harness, Modifiers::NONE, Key::Delete);
    let before = preset(&harness).clone();
    harness.get_all_by_label_contains("problem: there is no way from shoppers").next().unwrap().click_accesskit();
    harness.run();
    click(&mut harness, "Link shoppers to shop");
    let links: Vec<String> = preset(&harness).topology.links().map(|link| link.id().to_string()).collect();
    assert_eq!(links, ["shoppers->shop"]);
    assert!(harness.query_by_label_contains("problem: there is no way").is_none());
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(*preset(&harness), before);
}

#[test]
fn the_minimap_comes_when_the_drawing_is_larger_than_the_canvas_and_leads_elsewhere() {
    let mut harness = building();
    assert!(harness.query_by_label("minimap").is_none());
    for _ in 0..4 {
        press(&mut harness, Modifiers::NONE, Key::Plus);
    }
    let before = harness.get_by_label("node gate").rect();
    let map = harness.get_by_label("minimap").rect();
    let at = map.left_top() + vec2(30.0, 30.0);
    harness.drag_at(at);
    harness.run();
    harness.hover_at(at + vec2(8.0, 0.0));
    harness.run();
    harness.drop_at(at + vec2(8.0, 0.0));
    harness.run();
    assert_ne!(harness.query_by_label("node gate").map(|node| node.rect()), Some(before));
    press(&mut harness, Modifiers::NONE, Key::M);
    assert!(harness.query_by_label("minimap").is_none(), "put away, it stays away");
    press(&mut harness, Modifiers::NONE, Key::M);
    harness.get_by_label("minimap");
    press(&mut harness, Modifiers::NONE, Key::Num0);
    press(&mut harness, Modifiers::NONE, Key::M);
    assert!(harness.query_by_label("minimap").is_none());
}

#[test]
fn the_zoom_is_shown_and_goes_to_one_to_one() {
    let mut harness = building();
    let zoom = |harness: &Harness<'static, Window>| harness.get_by_label("Zoom").value().unwrap_or_default();
    press(&mut harness, Modifiers::NONE, Key::Num1);
    assert_eq!(zoom(&harness), "100 %");
    click(&mut harness, "Zoom in");
    assert_eq!(zoom(&harness), "120 %");
    select(&mut harness, "gate");
    press(&mut harness, Modifiers::NONE, Key::Num2);
    assert_eq!(zoom(&harness), "125 %");
}

#[test]
fn a_click_that_is_over_within_one_frame_zooms_as_well() {
    let mut harness = building();
    let pos = harness.get_by_label("Zoom in").rect().center();
    press(&mut harness, Modifiers::NONE, Key::Num1);
    harness.hover_at(pos);
    harness.run();
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Primary, Modifiers::NONE);
        harness.input_mut().events.push(egui::Event::PointerButton { pos, button, pressed, modifiers });
    }
    harness.run();
    assert_eq!(harness.get_by_label("Zoom").value().as_deref(), Some("120 %"));
}

#[test]
fn the_drawing_is_laid_out_in_one_step_and_what_is_pinned_stays() {
    let mut harness = building();
    let gate: NodeId = "gate".parse().unwrap();
    select(&mut harness, "gate");
    click(&mut harness, "Arrange");
    harness.get_by_label("Pin").click();
    harness.run();
    assert!(preset(&harness).marks.pinned.contains(&gate));
    let before = preset(&harness).clone();
    press(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
    // It is computed on a thread of its own; its answer asks for a frame.
    let done = (0..10_000).any(|_| {
        std::thread::yield_now();
        harness.step();
        preset(&harness).layout != before.layout
    });
    assert!(done);
    harness.run();
    assert_eq!(preset(&harness).layout.get(&gate), before.layout.get(&gate));
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(*preset(&harness), before);
}

#[test]
fn the_other_button_shows_what_can_be_done_there() {
    let mut harness = building();
    let pos = harness.get_by_label("canvas").rect().left_bottom() + vec2(20.0, -80.0);
    harness.hover_at(pos);
    harness.run();
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Secondary, Modifiers::NONE);
        harness.event(egui::Event::PointerButton { pos, button, pressed, modifiers });
        harness.run();
    }
    harness.get_by_label_contains("Select all");
}
