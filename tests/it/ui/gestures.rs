//! Everything that the hand can do on the canvas, by accessible names: what it does to the document, and that one undo
//! takes it back.

mod linking;
mod looking;
mod making;
mod menus;
mod modules;
mod moving;
mod parts;
mod selecting;
mod writing;

use brownout::topology::Preset;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::script::Script;
use super::{Window, preset, window};

/// The window in Build, with nothing running.
pub(super) fn building() -> Harness<'static, Window> {
    let mut harness = window(&Script::idle());
    harness.key_press(Key::B);
    harness.run();
    harness
}

/// A place on a card's title, where no cell is.
pub(super) fn title(harness: &Harness<'static, Window>, node: &str) -> Pos2 {
    harness.get_by_label(&format!("node {node}")).rect().left_top() + vec2(24.0, 8.0)
}

/// Presses and releases.
pub(crate) fn click_at(harness: &mut Harness<'static, Window>, at: Pos2, modifiers: Modifiers) {
    let button = PointerButton::Primary;
    harness.event_modifiers(Event::PointerMoved(at), modifiers);
    harness.event_modifiers(Event::PointerButton { pos: at, button, pressed: true, modifiers }, modifiers);
    harness.step();
    harness.event_modifiers(Event::PointerButton { pos: at, button, pressed: false, modifiers }, modifiers);
    harness.run();
}

/// Clicks twice, one click soon after the other.
pub(super) fn double_click_at(harness: &mut Harness<'static, Window>, pos: Pos2) {
    harness.event(Event::PointerMoved(pos));
    harness.run();
    for pressed in [true, false, true, false] {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        // All in one frame: frames of tests are far apart.
        harness.input_mut().events.push(Event::PointerButton { pos, button, pressed, modifiers });
    }
    harness.run();
}

/// Presses, moves in a few steps, and does not release yet.
pub(super) fn drag(harness: &mut Harness<'static, Window>, from: Pos2, by: Vec2, modifiers: Modifiers) {
    button(harness, from, true, modifiers);
    for step in 1..=4 {
        let at = from + by * (step as f32 / 4.0);
        harness.event_modifiers(Event::PointerMoved(at), modifiers);
        harness.run();
    }
}

/// Presses and moves on before a frame is drawn.
pub(super) fn snatch(harness: &mut Harness<'static, Window>, from: Pos2, by: Vec2) {
    harness.event(Event::PointerMoved(from));
    harness.run();
    let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
    let pressed = Event::PointerButton { pos: from, button, pressed: true, modifiers };
    let events = [pressed, Event::PointerMoved(from + by / 2.0), Event::PointerMoved(from + by)];
    harness.input_mut().events.extend(events);
    harness.run();
}

/// Releases.
pub(super) fn drop_at(harness: &mut Harness<'static, Window>, at: Pos2, modifiers: Modifiers) {
    button(harness, at, false, modifiers);
}

fn button(harness: &mut Harness<'static, Window>, pos: Pos2, pressed: bool, modifiers: Modifiers) {
    harness.event_modifiers(Event::PointerMoved(pos), modifiers);
    harness.run();
    harness
        .event_modifiers(Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers }, modifiers);
    harness.run();
}

/// The whole of a drag.
pub(crate) fn drag_and_drop(harness: &mut Harness<'static, Window>, from: Pos2, by: Vec2, modifiers: Modifiers) {
    drag(harness, from, by, modifiers);
    drop_at(harness, from + by, modifiers);
}

/// Undoes one step.
pub(super) fn undo(harness: &mut Harness<'static, Window>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
}

/// Whether something is marked as selected, as a screen reader hears it.
pub(super) fn is_selected(harness: &Harness<'static, Window>, label: &str) -> bool {
    harness.get_by_label(label).accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
}

/// What one gesture did: what the document was before, and is now; and that one undo gives the former.
pub(super) fn one_step(
    harness: &mut Harness<'static, Window>,
    gesture: impl FnOnce(&mut Harness<'static, Window>),
) -> Preset {
    let before = preset(harness).clone();
    gesture(harness);
    let after = preset(harness).clone();
    assert!(after != before, "the gesture changed nothing");
    undo(harness);
    assert!(*preset(harness) == before, "one undo does not give what was before");
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    harness.run();
    assert!(*preset(harness) == after, "redo does not give what was after");
    after
}
