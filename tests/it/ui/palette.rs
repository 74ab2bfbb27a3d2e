//! The command palette and Find, by the keyboard and by accessible names.

use brownout::app::{Opening, Origin};
use brownout::topology::{Sessions, format};
use egui::accesskit::{Role, Toggled};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::script::{Script, opening, running};
use super::{Window, preset, window, window_on};

const FIELD: &str = "What do you want to do or find?";

/// Asks the palette for this.
fn ask(harness: &mut Harness<'static, Window>, text: &str) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, FIELD).type_text(text);
    harness.run();
}

fn press(harness: &mut Harness<'static, Window>, key: Key) {
    harness.key_press(key);
    harness.run();
}

fn options(harness: &Harness<'static, Window>) -> Vec<String> {
    let options = harness.query_all_by_role(Role::ListBoxOption);
    options.filter_map(|option| option.accesskit_node().label()).collect()
}

#[test]
fn enter_gives_the_best_command_and_the_palette_is_gone() {
    let mut harness = window(&Script::idle());
    assert!(harness.query_by_label("Insert").is_none());
    ask(&mut harness, "build");
    assert_eq!(options(&harness)[0], "Build");
    press(&mut harness, Key::Enter);
    harness.get_by_label("Insert");
    assert!(harness.query_by_label(FIELD).is_none());
    // What was chosen of late stands first.
    ask(&mut harness, " ");
    assert_eq!(options(&harness)[0], "Build");
}

#[test]
fn what_cannot_be_done_now_says_why_and_is_not_done() {
    let script = Script::idle();
    let mut harness = window(&script);
    ask(&mut harness, "stop");
    let stop = harness.get_by_role_and_label(Role::ListBoxOption, "Stop");
    assert_eq!(stop.value().as_deref(), Some("Nothing runs"));
    assert!(stop.accesskit_node().is_disabled());
    press(&mut harness, Key::Enter);
    assert!(script.sent().is_empty());
}

#[test]
fn commands_are_found_by_the_words_that_people_use() {
    let mut harness = window(&Script::idle());
    for (typed, command) in [
        ("store", "Keep sessions in a store"),
        ("store", "Add a cache"),
        ("redis", "Keep sessions in a store"),
        ("move sessions", "Keep sessions in tokens"),
        ("jwt", "Keep sessions in tokens"),
        ("load balancer", "Add a gateway"),
        ("crash", "Crash"),
        ("unplug", "Kill"),
        ("shortcuts", "Keys…"),
        ("tidy", "Lay out"),
        ("search", "Find…"),
        ("replay", "Watch again"),
    ] {
        ask(&mut harness, typed);
        let found = options(&harness);
        assert!(found.iter().take(5).any(|name| name == command), "{typed:?} finds {found:?}");
        press(&mut harness, Key::Escape);
    }
}

#[test]
fn the_sessions_move_to_a_store_by_a_command_and_one_undo_takes_it_back() {
    let mut harness = window(&Script::idle());
    let before = preset(&harness).clone();
    ask(&mut harness, "move sessions to the store");
    press(&mut harness, Key::Enter);
    let shop = "shop".parse().unwrap();
    let service = preset(&harness).topology.node(&shop).and_then(|node| node.service()).unwrap();
    assert_eq!(service.sessions, Sessions::Store);
    assert!(preset(&harness).topology.store_of(&shop).is_some());
    ask(&mut harness, "keep sessions in a store");
    let again = harness.get_by_role_and_label(Role::ListBoxOption, "Keep sessions in a store");
    assert_eq!(again.value().as_deref(), Some("They are kept there already"));
    press(&mut harness, Key::Escape);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
    assert!(*preset(&harness) == before);
}

#[test]
fn a_node_and_a_replica_are_selected_and_shown() {
    let mut harness = window(&Script::showing(running()));
    ask(&mut harness, "gate");
    press(&mut harness, Key::Enter);
    harness.get_by_label("Close the inspector");
    harness.get_by_label("Affinity: hash");
    ask(&mut harness, "shop.2");
    harness.get_by_role_and_label(Role::ListBoxOption, "shop.2").click();
    harness.run();
    assert!(harness.query_by_label("Affinity: hash").is_none());
    harness.get_by_label("Close the inspector");
}

#[test]
fn arrows_walk_through_the_list_and_escape_leaves_it() {
    let mut harness = window(&Script::idle());
    ask(&mut harness, "zoom");
    let chosen = |harness: &Harness<'static, Window>| {
        let mut all = harness.query_all_by_role(Role::ListBoxOption);
        let found = all.find(|option| option.accesskit_node().toggled() == Some(Toggled::True));
        found.and_then(|option| option.accesskit_node().label())
    };
    let all = options(&harness);
    assert!(all.len() >= 4, "{all:?}");
    press(&mut harness, Key::ArrowDown);
    assert_eq!(chosen(&harness).as_ref(), Some(&all[1]));
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::ArrowUp);
    assert_eq!(chosen(&harness).as_ref(), all.last());
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label(FIELD).is_none());
}

#[test]
fn a_preset_is_opened_by_its_title() {
    let mut harness = window(&Script::idle());
    let before = preset(&harness).title.clone();
    ask(&mut harness, "one server");
    press(&mut harness, Key::Enter);
    assert_ne!(preset(&harness).title, before);
    assert_eq!(preset(&harness).title, "One server");
}

#[test]
fn find_walks_through_what_matches_by_name_role_or_module() {
    let mut harness = window(&Script::idle());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Find a node").type_text("service");
    harness.run();
    harness.get_by_label("1 found");
    press(&mut harness, Key::Enter);
    harness.get_by_label("1 of 1");
    harness.get_by_label("Close the inspector");
    press(&mut harness, Key::F3);
    harness.get_by_label("1 of 1");
    harness.get_by_label("Close find").click();
    harness.run();
    assert!(harness.query_by_label("Find next").is_none());
}

#[test]
fn find_says_when_nothing_is_called_that_and_escape_closes_it() {
    let mut harness = window(&Script::idle());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Find a node").type_text("nobody");
    harness.run();
    harness.get_by_label("nothing");
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("Find next").is_none());
}

#[test]
fn a_setting_that_is_asked_for_is_shown_and_has_the_keyboard() {
    let mut harness = window(&Script::idle());
    ask(&mut harness, "session ttl");
    harness.key_press(Key::Enter);
    harness.run();
    assert!(harness.get_by_label("Session TTL").is_focused());
}

#[test]
fn each_of_many_nodes_can_be_found_and_then_has_a_name_even_from_afar() {
    let nodes: String = (1..=500).map(|at| format!("[[node]]\nid = \"s{at}\"\nrole = \"service\"\n")).collect();
    let places: String = (1..=500).map(|at| format!("s{at} = [{}, {}]\n", at % 25 * 320, at / 25 * 220)).collect();
    let document = format::read(&format!("format = 1\n{nodes}[layout]\n{places}")).unwrap();
    let opening = Opening { preset: Some((document, Origin::Builtin("many".to_owned()))), ..opening() };
    let mut harness = window_on(&Script::idle(), opening);
    assert!(harness.query_by_label("node s321").is_none(), "so many are no widgets");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Find a node").type_text("s321");
    harness.run();
    press(&mut harness, Key::Enter);
    harness.get_by_label("node s321");
    harness.get_by_label("Close find").click();
    harness.run();
    press(&mut harness, Key::Num0);
    assert!(harness.query_by_label("node s320").is_none(), "everything is in sight again");
    assert_eq!(harness.get_by_label("node s321").accesskit_node().toggled(), Some(Toggled::True));
    ask(&mut harness, "s123");
    press(&mut harness, Key::Enter);
    assert_eq!(harness.get_by_label("node s123").accesskit_node().toggled(), Some(Toggled::True));
}

#[test]
fn after_a_search_with_few_results_the_list_is_as_high_as_before() {
    let mut harness = window(&Script::idle());
    let height = |harness: &Harness<'static, Window>| harness.get_by_role(Role::ListBox).rect().height();
    ask(&mut harness, "");
    let whole = height(&harness);
    assert!(whole > 300.0, "{whole}");
    press(&mut harness, Key::Escape);
    ask(&mut harness, "lost in the middle");
    assert_eq!(options(&harness), ["Lost in the middle"]);
    press(&mut harness, Key::Escape);
    ask(&mut harness, "");
    assert_eq!(height(&harness), whole);
}

#[test]
fn a_node_that_is_called_exactly_that_is_found_first() {
    let text = opening().preset.unwrap().0.source().replace("shoppers", "users");
    let opening = Opening { preset: Some((format::read(&text).unwrap(), Origin::Elsewhere)), ..opening() };
    let mut harness = window_on(&Script::idle(), opening);
    ask(&mut harness, "users");
    let found = options(&harness);
    assert_eq!(found[0], "users", "{found:?}");
    assert!(found.iter().any(|name| name == "Add users"));
}
