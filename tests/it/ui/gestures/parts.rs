//! Replicas and users in their cards: a click means their node first, and what edits are asked for there are its.

use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::super::script::{Script, running};
use super::super::{Window, preset, window};
use super::{building, click_at, is_selected};

fn click(harness: &mut Harness<'static, Window>, label: &str) {
    let rect = harness.get_by_label(label).rect();
    // The buttons of a replica are at its right.
    click_at(harness, rect.lerp_inside(vec2(0.3, 0.5)), Modifiers::NONE);
}

fn press(harness: &mut Harness<'static, Window>, key: Key) {
    harness.key_press(key);
    harness.run();
}

#[test]
fn the_first_click_on_a_part_selects_its_node_and_the_next_one_the_part() {
    for (part, node) in [("replica shop.2", "node shop"), ("user 3", "node shoppers")] {
        let mut harness = building();
        click(&mut harness, part);
        assert!(is_selected(&harness, node), "{part}");
        click(&mut harness, part);
        assert!(!is_selected(&harness, node), "{part}");
    }
}

#[test]
fn while_it_runs_a_click_selects_the_replica() {
    let mut harness = window(&Script::showing(running()));
    press(&mut harness, Key::B);
    click(&mut harness, "replica shop.2");
    assert!(!is_selected(&harness, "node shop"));
}

#[test]
fn with_a_part_selected_the_keys_of_edits_are_about_its_node() {
    for (part, node, key) in [
        ("replica shop.2", "shop", Key::Delete),
        ("user 3", "shoppers", Key::Delete),
        ("replica shop.2", "shop", Key::F2),
        ("user 3", "shoppers", Key::C),
    ] {
        let mut harness = building();
        click(&mut harness, part);
        click(&mut harness, part);
        press(&mut harness, key);
        let is_gone = preset(&harness).topology.node(&node.parse().unwrap()).is_none();
        let is_named = harness.query_by_label("name of shop").is_some();
        let is_linked = harness.query_by_label_contains("Link shoppers to").is_some();
        assert_eq!(
            [is_gone, is_named, is_linked],
            [key == Key::Delete, key == Key::F2, key == Key::C],
            "{part} {key:?}"
        );
    }
}

#[test]
fn a_copy_of_a_part_is_one_of_its_node() {
    let mut harness = building();
    click(&mut harness, "replica shop.2");
    click(&mut harness, "replica shop.2");
    let before = preset(&harness).topology.nodes().count();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::D);
    harness.run();
    assert_eq!(preset(&harness).topology.nodes().count(), before + 1);
}
