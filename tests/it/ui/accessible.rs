//! Whatever can be pressed, typed into or pulled has a name and a role, in every view.

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{By, NodeT, Queryable};

use super::script::{Script, running};
use super::{Window, window};

/// The roles of what somebody uses, rather than reads.
const USED: [Role; 11] = [
    Role::Button,
    Role::CheckBox,
    Role::ComboBox,
    Role::Link,
    Role::ListBoxOption,
    Role::MenuItem,
    Role::MultilineTextInput,
    Role::RadioButton,
    Role::Slider,
    Role::SpinButton,
    Role::TextInput,
];

/// Fails where something that is used has no name, and says what it is.
pub(super) fn all_are_named(harness: &Harness<'static, Window>, view: &str) {
    let used = By::new().predicate(|node| USED.contains(&node.role()));
    let mut count = 0;
    for node in harness.query_all(used) {
        let node = node.accesskit_node();
        // A text that stands beside a field names it.
        let named = node.label().is_some_and(|label| !label.trim().is_empty()) || node.labelled_by().next().is_some();
        assert!(named, "in {view}: {:?} at {:?} has no name", node.role(), node.bounding_box());
        count += 1;
    }
    assert!(count > 5, "in {view} there are only {count} controls");
}

#[test]
fn every_control_and_everything_on_the_canvas_has_a_name() {
    for script in [Script::idle(), Script::showing(running())] {
        let mut harness = window(&script);
        all_are_named(&harness, "the lesson");
        harness.key_press(Key::B);
        harness.run_ok();
        all_are_named(&harness, "Build");
        for item in ["node shoppers", "node gate", "node shop", "link gate to shop"] {
            harness.get_by_label(item).click_accesskit();
            harness.run_ok();
            all_are_named(&harness, item);
        }
        for (keys, view) in
            [((Modifiers::COMMAND, Key::K), "the palette"), ((Modifiers::NONE, Key::Questionmark), "keys")]
        {
            harness.key_press_modifiers(keys.0, keys.1);
            harness.run_ok();
            all_are_named(&harness, view);
            harness.key_press(Key::Escape);
            harness.run_ok();
        }
        harness.key_press_modifiers(Modifiers::COMMAND, Key::N);
        harness.run_ok();
        all_are_named(&harness, "a new document");
    }
}

#[test]
fn what_is_selected_is_said_to_be() {
    let mut harness = window(&Script::idle());
    harness.key_press(Key::B);
    harness.run_ok();
    let selected = |harness: &Harness<'static, Window>, label: &str| {
        harness.get_by_label(label).accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    assert!(!selected(&harness, "node gate"));
    harness.get_by_label("node gate").click_accesskit();
    harness.run_ok();
    assert!(selected(&harness, "node gate") && !selected(&harness, "node shop"));
}
