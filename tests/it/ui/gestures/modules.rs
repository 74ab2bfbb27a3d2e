//! Modules are taken out of their card, by hand, by keyboard and by the palette.

use brownout::app::{Opening, Origin};
use brownout::topology::{Node, Preset, Service, Sessions, format};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::super::script::{Script, opening};
use super::super::{Window, preset, window_on};
use super::{drag_and_drop, one_step, undo};

/// A window on a shop that is one service, with nothing running.
fn monolith() -> Harness<'static, Window> {
    let document = format::read(include_str!("../../../../src/topology/edit/module/shop.toml")).unwrap();
    window_on(&Script::idle(), Opening { preset: Some((document, Origin::Elsewhere)), ..opening() })
}

fn middle(harness: &Harness<'static, Window>, label: &str) -> Pos2 {
    harness.get_by_label(label).rect().center()
}

/// A place below the gateway, where nothing is.
fn below(harness: &Harness<'static, Window>) -> Pos2 {
    harness.get_by_label("node gate").rect().center_bottom() + vec2(0.0, 60.0)
}

fn carry(harness: &mut Harness<'static, Window>, module: &str, to: Pos2, modifiers: Modifiers) {
    let from = middle(harness, module);
    drag_and_drop(harness, from, to - from, modifiers);
}

fn service<'a>(preset: &'a Preset, id: &str) -> &'a Service {
    preset.topology.node(&id.parse().unwrap()).and_then(Node::service).unwrap()
}

fn hosts(preset: &Preset, id: &str) -> Vec<String> {
    service(preset, id).modules.iter().map(ToString::to_string).collect()
}

#[test]
fn a_chip_dropped_on_the_canvas_is_a_service_where_it_was_dropped() {
    let mut harness = monolith();
    let to = below(&harness);
    let after = one_step(&mut harness, |harness| carry(harness, "module payments in shop", to, Modifiers::NONE));
    assert_eq!((hosts(&after, "payments"), hosts(&after, "shop").len()), (vec!["payments".to_owned()], 5));
    assert!(after.topology.has_link(&"shop->payments".parse().unwrap()));
    let card = harness.get_by_label("node payments").rect();
    assert!((card.center().x - to.x).abs() < 12.0 && card.contains(to), "{card:?} {to:?}");
    harness.get_by_label("module payments in payments");
}

#[test]
fn dropped_on_another_service_it_moves_in_and_a_card_tells_what_changed() {
    let mut harness = monolith();
    let to = below(&harness);
    carry(&mut harness, "module payments in shop", to, Modifiers::NONE);
    let told = harness.get_by_label("what moving payments changed");
    let value = egui_kittest::kittest::NodeT::accesskit_node(&told).value().unwrap();
    assert!(value.contains("hops of orders.checkout 2 to 3"), "{value}");
    assert!(value.contains("a crash of payments now stops 1 of 7 operations, before 7 of 7"), "{value}");
    harness.get_by_label("Close").click();
    harness.run();
    assert!(harness.query_by_label("what moving payments changed").is_none());
    let to = middle(&harness, "node payments");
    carry(&mut harness, "module recommendations in shop", to, Modifiers::NONE);
    assert_eq!(hosts(preset(&harness), "payments"), ["payments", "recommendations"]);
    harness.get_by_label("what moving recommendations changed");
    undo(&mut harness);
    assert!(harness.query_by_label("what moving recommendations changed").is_none());
}

#[test]
fn dropped_where_it_came_from_or_where_it_cannot_be_nothing_changes() {
    let mut harness = monolith();
    let before = preset(&harness).clone();
    let from = middle(&harness, "module payments in shop");
    drag_and_drop(&mut harness, from, vec2(0.0, 24.0), Modifiers::NONE);
    assert!(*preset(&harness) == before);
    let gate = middle(&harness, "node gate");
    carry(&mut harness, "module payments in shop", gate, Modifiers::NONE);
    assert!(*preset(&harness) == before);
    assert!(harness.query_by_label_contains("gate cannot host payments: it is no service").is_some());
}

#[test]
fn sessions_go_to_a_store_or_with_shift_each_side_keeps_its_own() {
    for (modifiers, sessions) in [(Modifiers::NONE, Sessions::Store), (Modifiers::SHIFT, Sessions::Memory)] {
        let mut harness = monolith();
        let to = below(&harness);
        carry(&mut harness, "module cart in shop", to, modifiers);
        assert_eq!(service(preset(&harness), "cart").sessions, sessions);
    }
}

#[test]
fn the_keyboard_and_the_palette_take_a_module_out_too() {
    let mut harness = monolith();
    harness.get_by_label("module payments in shop").focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    harness.get_by_label("Move payments out").click();
    harness.run();
    assert_eq!(hosts(preset(&harness), "payments"), ["payments"]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run();
    harness
        .get_by_role_and_label(Role::TextInput, "What do you want to do or find?")
        .type_text("move payments to shop");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(hosts(preset(&harness), "shop").len(), 6);
    assert!(preset(&harness).topology.node(&"payments".parse().unwrap()).is_none());
    assert!(Vec2::ZERO != harness.get_by_label("module payments in shop").rect().size());
}
