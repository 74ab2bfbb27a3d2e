//! The clipboard, groups, and what follows from an edit, wherever it was asked for.

use brownout::app::{Opening, Origin};
use brownout::topology::{Preset, format};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, OutputCommand, PointerButton, Pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::gestures::{building, click_at, is_selected, one_step, title, undo};
use super::script::{Script, opening};
use super::{Window, click, preset, window_on};

/// A window in Build on a drawing whose file says no places.
fn unplaced() -> Harness<'static, Window> {
    let text = brownout::topology::builtin::by_name("sticky-sessions").unwrap().text;
    let text = text.split("[layout]").next().unwrap();
    on(text)
}

fn on(text: &str) -> Harness<'static, Window> {
    let opening = Opening { preset: Some((format::read(text).unwrap(), Origin::Elsewhere)), ..opening() };
    let mut harness = window_on(&Script::idle(), opening);
    press(&mut harness, Modifiers::NONE, Key::B);
    harness
}

fn press(harness: &mut Harness<'static, Window>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

fn select(harness: &mut Harness<'static, Window>, label: &str) {
    harness.get_by_label(label).click_accesskit();
    harness.run();
}

/// Chooses the best of what the palette finds.
fn ask(harness: &mut Harness<'static, Window>, text: &str) {
    press(harness, Modifiers::COMMAND, Key::K);
    harness.get_by_role_and_label(Role::TextInput, "What do you want to do or find?").type_text(text);
    harness.run();
    press(harness, Modifiers::NONE, Key::Enter);
}

fn group(harness: &mut Harness<'static, Window>, nodes: &[&str]) {
    for (at, node) in nodes.iter().enumerate() {
        let place = title(harness, node);
        click_at(harness, place, if at == 0 { Modifiers::NONE } else { Modifiers::SHIFT });
    }
    press(harness, Modifiers::COMMAND, Key::G);
    // The title stays as it is.
    press(harness, Modifiers::NONE, Key::Enter);
}

/// What this key of the clipboard copies.
fn copied(harness: &mut Harness<'static, Window>, event: Event) -> Option<String> {
    harness.input_mut().events.push(event);
    harness.step();
    let text = |command: &OutputCommand| {
        if let OutputCommand::CopyText(text) = command { Some(text.clone()) } else { None }
    };
    let text = harness.output().platform_output.commands.iter().find_map(text);
    harness.run();
    text
}

fn ids(preset: &Preset) -> Vec<String> {
    preset.topology.nodes().map(|node| node.id.to_string()).collect()
}

fn right_click(harness: &mut Harness<'static, Window>, pos: Pos2) {
    harness.event(Event::PointerMoved(pos));
    for pressed in [true, false] {
        let (button, modifiers) = (PointerButton::Secondary, Modifiers::NONE);
        harness.event(Event::PointerButton { pos, button, pressed, modifiers });
        harness.step();
    }
    harness.run();
}

#[test]
fn a_group_is_cut_with_what_is_in_it_and_a_copy_after_that_keeps_the_clipboard() {
    let mut harness = building();
    group(&mut harness, &["gate", "shop"]);
    let before = preset(&harness).clone();
    let text = copied(&mut harness, Event::Cut).unwrap();
    assert_eq!((ids(preset(&harness)), preset(&harness).marks.groups.len()), (vec!["shoppers".to_owned()], 0));
    assert_eq!(copied(&mut harness, Event::Copy), None, "nothing is selected any more");
    harness.event(Event::Paste(text));
    harness.run();
    assert_eq!(ids(preset(&harness)), ids(&before));
    assert_eq!(preset(&harness).marks.groups.len(), 1);
    undo(&mut harness);
    undo(&mut harness);
    assert!(*preset(&harness) == before);
}

#[test]
fn a_link_alone_is_neither_copied_nor_cut_and_the_menu_says_why() {
    let mut harness = building();
    let before = preset(&harness).clone();
    select(&mut harness, "link gate to shop");
    assert_eq!(copied(&mut harness, Event::Copy), None);
    assert_eq!(copied(&mut harness, Event::Cut), None);
    assert!(*preset(&harness) == before);
    press(&mut harness, Modifiers::COMMAND, Key::K);
    harness.get_by_role_and_label(Role::TextInput, "What do you want to do or find?").type_text("cut");
    harness.run();
    let cut = harness.get_by_role_and_label(Role::ListBoxOption, "Cut");
    assert_eq!(cut.value().as_deref(), Some("A link is copied with the nodes at its ends: select those"));
}

#[test]
fn delete_takes_a_group_with_what_is_in_it_and_ungroup_keeps_that() {
    let mut harness = building();
    group(&mut harness, &["gate", "shop"]);
    let after = one_step(&mut harness, |harness| press(harness, Modifiers::NONE, Key::Delete));
    assert_eq!((ids(&after), after.marks.groups.len()), (vec!["shoppers".to_owned()], 0));
    undo(&mut harness);
    select(&mut harness, "group group");
    press(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::G);
    assert_eq!((ids(preset(&harness)).len(), preset(&harness).marks.groups.len()), (3, 0));
}

#[test]
fn a_group_in_a_group_is_refused_with_words_and_nothing_changes() {
    let mut harness = building();
    group(&mut harness, &["gate", "shop"]);
    let before = preset(&harness).clone();
    press(&mut harness, Modifiers::COMMAND, Key::A);
    press(&mut harness, Modifiers::COMMAND, Key::G);
    harness.get_by_label_contains("a group cannot be in another one");
    assert!(*preset(&harness) == before);
}

#[test]
fn a_menu_shows_of_two_opposites_the_one_that_applies() {
    let mut harness = building();
    let entries = |harness: &Harness<'static, Window>| {
        harness.get_by_label("context menu");
        let buttons = harness.get_all_by_role(Role::Button);
        buttons.filter_map(|node| node.accesskit_node().label()).collect::<Vec<String>>()
    };
    let has = |entries: &[String], word: &str| entries.iter().any(|entry| entry.starts_with(word));
    let at = title(&harness, "gate");
    right_click(&mut harness, at);
    let first = entries(&harness);
    assert!(has(&first, "Pin") && has(&first, "Group"), "{first:?}");
    assert!(!has(&first, "Unpin") && !has(&first, "Ungroup"), "{first:?}");
    harness.get_by_role_and_label(Role::Button, "Pin").click();
    harness.run();
    right_click(&mut harness, at);
    let then = entries(&harness);
    assert!(has(&then, "Unpin") && !has(&then, "Pin"), "{then:?}");
}

#[test]
fn a_menus_paste_puts_it_where_the_menu_was_opened() {
    let mut harness = building();
    select(&mut harness, "node gate");
    let text = copied(&mut harness, Event::Copy).unwrap();
    let gate = harness.get_by_label("node gate").rect();
    // Where there is room, so that nothing has to make some.
    let at = gate.left_bottom() + vec2(-20.0, 60.0);
    right_click(&mut harness, at);
    let entry = harness
        .get_all_by_role(Role::Button)
        .find(|node| node.accesskit_node().label().is_some_and(|label| label.starts_with("Paste")));
    let pos = entry.unwrap().rect().center();
    assert!((pos - at).length() > 20.0);
    harness.event(Event::PointerMoved(pos));
    for pressed in [true, false] {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        harness.event(Event::PointerButton { pos, button, pressed, modifiers });
    }
    // As the system answers, in the next frame.
    harness.event(Event::Paste(text));
    harness.run();
    // What is pasted is brought into sight, and everything moves with it.
    let moved = harness.get_by_label("node gate").rect().min - gate.min;
    let pasted = harness.get_by_label("node gate-2").rect().min - moved;
    assert!((pasted - at).length() < 12.0, "{pasted:?} is not {at:?}");
}

#[test]
fn the_palettes_edits_have_the_same_offers_as_keys() {
    let mut harness = building();
    select(&mut harness, "node gate");
    ask(&mut harness, "delete");
    assert_eq!(ids(preset(&harness)), ["shoppers", "shop"]);
    click(&mut harness, "Reconnect");
    assert!(preset(&harness).topology.has_link(&"shoppers->shop".parse().unwrap()));
}

#[test]
fn what_a_fix_adds_out_of_sight_is_brought_into_sight() {
    let service = |at: usize| format!("[[node]]\nid = \"s{at}\"\nrole = \"service\"\n");
    let nodes: String = (1..=6).map(service).collect();
    let places: String = (1..=6).map(|at| format!("s{at} = [{}, 0]\n", at * 900)).collect();
    let mut harness = on(&format!("format = 1\n{nodes}[layout]\n{places}"));
    press(&mut harness, Modifiers::NONE, Key::Num1);
    // The new users stand to the left of everything.
    let canvas = harness.get_by_label("canvas").rect();
    select(&mut harness, "node s4");
    press(&mut harness, Modifiers::NONE, Key::Num2);
    assert!(harness.query_by_label("node s1").is_none_or(|node| !canvas.contains(node.rect().center())));
    let counter = harness
        .get_all_by_role(Role::Button)
        .find(|node| node.accesskit_node().label().is_some_and(|label| label.ends_with(" problems")));
    counter.unwrap().click();
    harness.run();
    click(&mut harness, "Add users");
    harness.run();
    let users = harness.get_by_label("node users").rect();
    assert!(canvas.contains_rect(users.shrink(2.0)), "{users:?} is not in {canvas:?}");
}

#[test]
fn in_a_drawing_without_places_nothing_moves_when_something_is_deleted() {
    let mut harness = unplaced();
    let place = |harness: &Harness<'static, Window>, node: &str| harness.get_by_label(node).rect().min;
    let before = ["node shoppers", "node shop"].map(|node| place(&harness, node));
    select(&mut harness, "node gate");
    let after = one_step(&mut harness, |harness| press(harness, Modifiers::NONE, Key::Delete));
    assert_eq!(after.layout.len(), 2);
    let now = ["node shoppers", "node shop"].map(|node| place(&harness, node));
    for (before, now) in before.into_iter().zip(now) {
        assert!((before - now).length() < 2.0, "{before:?} {now:?}");
    }
}

#[test]
fn an_arrow_key_while_cards_fly_lands_them_where_they_belong() {
    let laid_out = |key: Option<Key>| {
        let mut harness = building();
        select(&mut harness, "node shop");
        let before = preset(&harness).layout.clone();
        let at = harness.get_by_label("node gate").rect();
        // Step by step: a whole run might see the flight from its beginning to its end.
        harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
        let flies = (0..10_000).any(|_| {
            std::thread::yield_now();
            harness.step();
            harness.get_by_label("node gate").rect() != at
        });
        assert!(flies && (key.is_none() || preset(&harness).layout == before), "it is on its way");
        if let Some(key) = key {
            harness.key_press(key);
        }
        harness.run();
        (preset(&harness).layout.clone(), is_selected(&harness, "node shop"))
    };
    let (expected, _) = laid_out(None);
    let (landed, selected) = laid_out(Some(Key::ArrowDown));
    assert!(selected);
    for (node, at) in &expected {
        let moved = landed[node][1] - at[1];
        assert_eq!((landed[node][0], moved > 0.0), (at[0], node.as_str() == "shop"), "{node}: {landed:?} {expected:?}");
    }
}
