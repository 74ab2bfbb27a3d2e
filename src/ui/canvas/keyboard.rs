//! The keyboard on the canvas: arrows move what is selected, Alt and an arrow walks from card to card. What a row of
//! presses moves is one step for undo.

use egui::{Key, Modifiers, Rect};

use super::hand::Gesture;
use super::moving::Move;
use super::{Ground, connect, nodes, overlay};
use crate::scene::pick::{self, Direction};
use crate::scene::{Moved, Point};
use crate::topology::edit::Item;
use crate::ui::action::Action;
use crate::ui::{View, keys};

/// How far an arrow moves things, in points of the drawing: half the distance of the grid's points.
const STEP: f32 = 14.0;
/// How far with Shift.
const FINE: f32 = 1.0;

const ARROWS: [(Key, Direction); 4] = [
    (Key::ArrowLeft, Direction::Left),
    (Key::ArrowRight, Direction::Right),
    (Key::ArrowUp, Direction::Up),
    (Key::ArrowDown, Direction::Down),
];

/// Reads the keys that are the canvas's own.
pub(super) fn read(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    // Behind an open menu arrows would do what nobody sees.
    if !keys::is_menu_open(ground.ui) {
        connect::read(ground, view, actions);
        if keys::are_free(ground.ui) && on_canvas(ground, view) {
            walk(ground, view);
            if view.build {
                nudge(ground, view);
            }
        }
    }
    end_nudge(ground, view, actions);
}

/// Whether the keyboard's focus is on the canvas, or nowhere: then the arrows are the canvas's.
fn on_canvas(ground: &Ground<'_>, view: &View) -> bool {
    view.hand.focus.is_some() || ground.ui.memory(|memory| memory.focused().is_none())
}

/// The arrow that was pressed with these modifiers, and taken.
pub(super) fn arrow(ground: &Ground<'_>, modifiers: Modifiers) -> Option<Direction> {
    let pressed = |key: Key| ground.ui.input_mut(|input| input.consume_key(modifiers, key));
    ARROWS.into_iter().find(|(key, _)| pressed(*key)).map(|(_, direction)| direction)
}

/// From the card with the focus, or the one that is selected, to the next one that way.
fn walk(ground: &Ground<'_>, view: &mut View) {
    let Some(direction) = arrow(ground, Modifiers::ALT) else { return };
    let stage = ground.inputs.stage;
    let focused = match &view.hand.focus {
        Some(Item::Node(node)) => Some(node.clone()),
        _ => view.selection.meant().nodes().next().cloned(),
    };
    let next = match focused.as_ref().and_then(|node| stage.card(node)) {
        Some(card) => {
            let others = stage.cards.iter().filter(|other| other.node != card.node);
            let places = others.map(|other| (other.node.clone(), other.rect.center()));
            pick::next(card.rect.center(), places, direction)
        }
        None => stage.cards.first().map(|card| card.node.clone()),
    };
    if let Some(node) = next {
        if let Some(rect) = overlay::place(ground, &Item::Node(node.clone())) {
            reveal(ground, rect, view);
        }
        nodes::focus(ground.ui, node, view);
    }
}

/// Brings a place of the screen into sight, as little as that takes.
pub(super) fn reveal(ground: &Ground<'_>, rect: Rect, view: &mut View) {
    let room = ground.frame.shrink(20.0);
    let into = |low: f32, high: f32, least: f32, most: f32| {
        if low < least { least - low } else { (most - high).min(0.0) }
    };
    view.camera.pan(egui::vec2(
        into(rect.left(), rect.right(), room.left(), room.right()),
        into(rect.top(), rect.bottom(), room.top(), room.bottom()),
    ));
}

/// Moves what is selected, or what has the focus, by one press of an arrow.
fn nudge(ground: &Ground<'_>, view: &mut View) {
    let (direction, step) = match (arrow(ground, Modifiers::SHIFT), arrow(ground, Modifiers::NONE)) {
        (Some(direction), _) => (direction, FINE),
        (None, Some(direction)) => (direction, STEP),
        (None, None) => return,
    };
    if view.hand.is_free() {
        view.camera.hold();
        let selected = view.selection.meant();
        let focused = view.hand.focus.iter().filter(|_| selected.items().next().is_none());
        let items = selected.items().chain(focused);
        view.hand.gesture = Move::begin(ground.inputs, items, Point::default(), &ground.seen()).map(Gesture::Nudge);
    }
    if let Some(Gesture::Nudge(moving)) = &mut view.hand.gesture {
        let unit = direction.unit();
        moving.push(Point::new(unit.x * step, unit.y * step));
        view.moved = moving.moved();
    }
}

/// Makes it an edit once no arrow is held any more.
fn end_nudge(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let held = ground.ui.input(|input| ARROWS.iter().any(|(key, _)| input.key_down(*key)));
    if held {
        return;
    }
    if let Some(Gesture::Nudge(moving)) = view.hand.gesture.take_if(|gesture| matches!(gesture, Gesture::Nudge(_))) {
        view.moved = Moved::default();
        actions.extend(moving.step_in_groups(ground.inputs).map(Action::Edit));
    }
}
