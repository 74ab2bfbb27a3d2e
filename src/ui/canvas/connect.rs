//! Drawing a link by the keyboard: from the selected node, with arrows to the card that is meant, and Enter.

use egui::Modifiers;

use super::Ground;
use super::hand::Gesture;
use super::keyboard;
use super::wire::Wire;
use crate::scene::Point;
use crate::scene::pick::{self, Direction};
use crate::topology::NodeId;
use crate::topology::edit::{End, Item};
use crate::ui::View;
use crate::ui::action::Action;

/// Begins when it was asked for, goes on by arrows, ends by Enter; Esc is read before.
pub(super) fn read(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    if view.hand.take_connecting() && view.build && view.hand.is_free() && view.placing.is_none() {
        begin(ground, view);
    }
    let entered = matches!(view.hand.gesture, Some(Gesture::Connect(_))) && view.hand.take_entered();
    let Some(Gesture::Connect(wire)) = &mut view.hand.gesture else { return };
    let arrow = keyboard::arrow(ground, Modifiers::NONE).or_else(|| keyboard::arrow(ground, Modifiers::ALT));
    if let Some(direction) = arrow {
        let from = wire.over.as_ref().map_or(&wire.fixed, |(node, _)| node).clone();
        if let Some(next) = next(ground, wire, &from, direction) {
            aim(ground, wire, next);
        }
    }
    if entered {
        // As the document is now.
        let step = wire.over.take().and_then(|(node, _)| wire.step(ground.inputs, &node).ok());
        view.hand.gesture = None;
        actions.extend(step.map(Action::Edit));
    }
}

/// Begins at the selected node, or the one with the focus, with the first card that it fits to.
fn begin(ground: &Ground<'_>, view: &mut View) {
    let focused = if let Some(Item::Node(node)) = &view.hand.focus { Some(node) } else { None };
    let Some(node) = view.selection.meant().nodes().next().or(focused).cloned() else { return };
    let Some(card) = ground.inputs.stage.card(&node) else { return };
    let mut wire = Wire::new(node.clone(), End::To, card.rect.right_middle());
    let first = Direction::ALL.into_iter().rev().find_map(|direction| next(ground, &wire, &node, direction));
    let right = next(ground, &wire, &node, Direction::Right);
    if let Some(target) = right.or(first) {
        aim(ground, &mut wire, target);
        view.hand.gesture = Some(Gesture::Connect(wire));
    }
}

/// The next card that way that the link fits to.
fn next(ground: &Ground<'_>, wire: &Wire, from: &NodeId, direction: Direction) -> Option<NodeId> {
    let stage = ground.inputs.stage;
    let from = stage.card(from)?.rect.center();
    let fits = stage.cards.iter().filter(|card| card.node != wire.fixed && wire.fits(ground.inputs, &card.node));
    pick::next(from, fits.map(|card| (card.node.clone(), card.rect.center())), direction)
}

fn aim(ground: &Ground<'_>, wire: &mut Wire, node: NodeId) {
    wire.at = ground.inputs.stage.card(&node).map_or(Point::default(), |card| card.rect.left_middle());
    wire.aim(ground.inputs, Some(node));
}

/// What is said about it.
pub(super) fn words(wire: &Wire) -> String {
    match &wire.over {
        Some((node, _)) => format!("Link {} to {node}: Enter. Arrows choose another, Esc gives it up.", wire.fixed),
        None => format!("Link {}: arrows choose to whom", wire.fixed),
    }
}
