//! Looking about: pushing the drawing and zooming change nothing else.

use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, TouchPhase, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::super::Window;
use super::{building, click_at, drag_and_drop, title};

/// How large a card is on the screen.
fn size(harness: &Harness<'static, Window>) -> Vec2 {
    harness.get_by_label("node gate").rect().size()
}

/// Everything is fitted in, at another zoom than 100 %.
fn fitted() -> Harness<'static, Window> {
    let mut harness = building();
    harness.key_press(Key::Num0);
    harness.run();
    harness.set_size(vec2(1000.0, 640.0));
    harness.run();
    harness
}

#[test]
fn pushing_what_was_fitted_in_keeps_its_size() {
    let mut harness = fitted();
    let (before, at) = (size(&harness), title(&harness, "gate"));
    harness.key_down(Key::Space);
    harness.run();
    drag_and_drop(&mut harness, at, vec2(20.0, 0.0), Modifiers::NONE);
    harness.key_up(Key::Space);
    harness.run();
    assert!((size(&harness) - before).length() < 0.5, "{:?}, not {before:?}", size(&harness));
}

#[test]
fn the_middle_button_pushes_what_was_fitted_in_and_keeps_its_size() {
    let mut harness = fitted();
    let (before, at) = (harness.get_by_label("node gate").rect(), title(&harness, "gate"));
    let button = |pos, pressed| {
        let (button, modifiers) = (PointerButton::Middle, Modifiers::NONE);
        Event::PointerButton { pos, button, pressed, modifiers }
    };
    for event in [
        Event::PointerMoved(at),
        button(at, true),
        Event::PointerMoved(at + vec2(10.0, 0.0)),
        Event::PointerMoved(at + vec2(20.0, 0.0)),
        button(at + vec2(20.0, 0.0), false),
    ] {
        harness.event(event);
        harness.run();
    }
    let moved = harness.get_by_label("node gate").rect();
    assert!((moved.size() - before.size()).length() < 0.5, "{moved:?}, not {before:?}");
    assert!((moved.min - before.min - vec2(20.0, 0.0)).length() < 1.0, "{moved:?}, not {before:?}");
}

#[test]
fn a_link_by_the_keyboard_moves_nothing() {
    let mut harness = fitted();
    let at = title(&harness, "shoppers");
    click_at(&mut harness, at, Modifiers::NONE);
    let before = harness.get_by_label("node gate").rect();
    harness.key_press(Key::C);
    harness.run();
    harness.get_by_label_contains("Link shoppers to");
    let then = harness.get_by_label("node gate").rect();
    assert!((then.min - before.min).length() + (then.max - before.max).length() < 0.5, "{then:?}, not {before:?}");
}

#[test]
fn a_notch_of_the_wheel_with_control_zooms_by_about_a_fifth() {
    let mut harness = fitted();
    let at = title(&harness, "gate");
    harness.event(Event::PointerMoved(at));
    harness.run();
    let before = size(&harness);
    let notch = Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, 1.0),
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::COMMAND,
    };
    harness.event_modifiers(notch, Modifiers::COMMAND);
    harness.run();
    let by = size(&harness).x / before.x;
    assert!((1.15..1.25).contains(&by), "{by}");
}
