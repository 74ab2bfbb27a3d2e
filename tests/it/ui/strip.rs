//! The lesson's strip at the sizes that people have: what a step says, asks and wants done is read without scrolling.

use brownout::control::Snapshot;
use brownout::control::snapshot::Phase;
use brownout::topology::{LessonStep, builtin, format};
use egui::{Key, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::Window;
use super::script::Script;
use super::sizes::window_of;

/// The height of the row in which a learner answers.
const ROW: f32 = 38.0;

/// The texts of a step that are on the screen and not all within the strip.
fn hidden(harness: &Harness<'static, Window>, step: &LessonStep) -> Vec<String> {
    let asks = !step.predict.is_empty();
    let strip = harness.get_by_label("canvas").rect().top();
    let row = harness.query_by_label("Skip").map_or(strip, |skip| skip.rect().center().y - ROW / 2.0);
    let answers = step.choices.first().map(|answer| format!("A: {}", answer.says)).unwrap_or_default();
    let mut texts = vec![step.predict.as_str(), &answers];
    // What is to be done stands there once the question is answered, or is a button in the row.
    if !asks {
        texts.push(&step.act);
    }
    let mut found = Vec::new();
    for text in texts.into_iter().filter(|text| !text.is_empty()) {
        for node in harness.query_all_by_label_contains(text) {
            let is_label = node.accesskit_node().role() == egui::accesskit::Role::Label;
            if is_label && node.rect().bottom() > row + 0.5 {
                found.push(format!("{text:?} ends at {} below {row}", node.rect().bottom()));
            }
        }
    }
    found
}

fn check(size: Vec2) {
    let mut found = Vec::new();
    for preset in builtin::all() {
        let document = format::read(preset.text).unwrap().into_preset();
        let running = Snapshot { phase: Phase::Running, ..Snapshot::default() };
        let mut harness = window_of(size, 1.0, &document, &Script::showing(running));
        for (at, step) in document.lesson.steps.iter().enumerate() {
            let faults = hidden(&harness, step);
            found.extend(faults.into_iter().map(|fault| format!("{} {}: {fault}", preset.name, at + 1)));
            harness.key_press(Key::PageDown);
            harness.run_ok();
        }
    }
    assert!(found.is_empty(), "{} of them at {size:?}\n{}", found.len(), found.join("\n"));
}

#[test]
fn what_a_step_wants_is_read_without_scrolling() {
    check(vec2(1280.0, 800.0));
}

#[test]
fn in_a_small_window_it_is_read_without_scrolling_too() {
    check(vec2(1000.0, 640.0));
}
