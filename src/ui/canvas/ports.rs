//! Handles of links: ports at the edges of the card that is pointed at or selected, and both ends of a selected link.

use egui::{CursorIcon, PointerButton, Rect, Response, Role, Sense, Stroke, WidgetInfo, vec2};

use super::choice::Choice;
use super::hand::{self, Gesture};
use super::wire::Wire;
use super::{Ground, nodes};
use crate::scene::{Card, Point};
use crate::topology::edit::{self, End, Item};
use crate::topology::{LinkId, NodeId};
use crate::ui::View;
use crate::ui::action::Action;
use crate::ui::selection::Selection;

/// The radius of a handle, in points of the screen.
const RADIUS: f32 = 6.5;
/// The side of the place that takes clicks.
const HIT: f32 = 24.0;
/// So near its middle a click asks what is to be linked; around it a click is on what lies there.
const NEAR: f32 = 8.0;
/// A card smaller than this has no room for handles.
const LEAST_CARD: f32 = 40.0;

/// Shows the handles and reads them.
pub(super) fn read(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    if !view.build || !view.hand.is_free() || view.placing.is_some() || view.hand.choice.is_some() {
        return;
    }
    // A press on a handle is a drag only once the pointer has left it.
    if !ground.ui.input(|input| input.pointer.any_down()) {
        view.hand.ported = near(ground, view);
    }
    let near = view.hand.ported.clone();
    let selected = view.selection.only().cloned();
    if let Some(card) = near.as_ref().and_then(|node| ground.inputs.stage.card(node)) {
        of_card(ground, card, view, actions);
    }
    match selected {
        Some(Item::Node(node)) if near.as_ref() != Some(&node) => {
            if let Some(card) = ground.inputs.stage.card(&node) {
                of_card(ground, card, view, actions);
            }
        }
        Some(Item::Link(link)) => of_link(ground, &link, view),
        _ => {}
    }
}

/// The card whose handles the pointer can reach: half of each lies outside.
fn near(ground: &Ground<'_>, view: &View) -> Option<NodeId> {
    let at = ground.point(ground.pointer()?);
    if let Some(Item::Node(node)) = &view.hand.hovered {
        return Some(node.clone());
    }
    let around = HIT / 2.0 / ground.camera.zoom();
    ground.inputs.stage.card_near(at, around).map(|card| card.node.clone())
}

fn of_card(ground: &Ground<'_>, card: &Card, view: &mut View, actions: &mut Vec<Action>) {
    if ground.len(card.rect.size.h) < LEAST_CARD {
        return;
    }
    let node = &card.node;
    for (loose, port, name, tip) in [
        (End::To, card.rect.right_middle(), format!("port out of {node}"), "Drag to whom it sends requests"),
        (End::From, card.rect.left_middle(), format!("port into {node}"), "Drag to who sends requests to it"),
    ] {
        if edit::fits(ground.inputs.preset, node, loose == End::To).is_empty() {
            continue;
        }
        let Some(response) = handle(ground, port, &name, tip) else { continue };
        if is_pulled(ground, &response) {
            pull(ground, Wire::new(node.clone(), loose, port), view);
        } else if response.clicked() {
            // By the keyboard it is the handle that is meant.
            let clicked = response.interact_pointer_pos();
            if clicked.is_none_or(|at| at.distance(ground.pos(port)) <= NEAR) {
                view.hand.choice = Some(Choice::beside(ground, card, loose));
            } else if clicked.is_some_and(|at| card.rect.contains(ground.point(at))) {
                actions.push(Action::Select(Selection::item(Item::Node(node.clone()))));
            }
        }
    }
}

fn of_link(ground: &Ground<'_>, link: &LinkId, view: &mut View) {
    let branches = ground.inputs.stage.wire(link).map_or(&[][..], |wire| &wire.branches);
    let Some(branch) = branches.get(branches.len() / 2) else { return };
    let (from, to) = (&link.from, &link.to);
    for (loose, at, name) in [
        (End::From, branch.curve.from, format!("start of link {from} to {to}")),
        (End::To, branch.curve.to, format!("end of link {from} to {to}")),
    ] {
        let Some(response) = handle(ground, at, &name, "Drag to another node") else { continue };
        if is_pulled(ground, &response) {
            pull(ground, Wire::reattach(link.clone(), loose, at), view);
        }
    }
}

/// Whether a drag begins that was pressed here, and has not only passed in the frame of the press.
fn is_pulled(ground: &Ground<'_>, response: &Response) -> bool {
    let pressed = || ground.ui.input(|input| input.pointer.press_origin());
    response.drag_started_by(PointerButton::Primary) && pressed().is_none_or(|at| response.rect.contains(at))
}

fn pull(ground: &Ground<'_>, mut wire: Wire, view: &mut View) {
    if let Some(at) = hand::pressed_at(ground) {
        (wire.from, wire.at) = (at, at);
    }
    view.camera.hold();
    view.hand.gesture = Some(Gesture::Wire(wire));
}

fn handle(ground: &Ground<'_>, at: Point, name: &str, tip: &str) -> Option<Response> {
    let place = ground.pos(at);
    let hit = Rect::from_center_size(place, vec2(HIT, HIT));
    if !ground.frame.contains(place) {
        return None;
    }
    let response = ground.ui.interact(hit, nodes::named(ground.ui, name), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let lit = response.hovered() || response.has_focus();
    let radius = if lit { RADIUS + 2.0 } else { RADIUS };
    let (face, edge) =
        if lit { (ground.palette.accent, ground.palette.card) } else { (ground.palette.card, ground.palette.accent) };
    ground.painter.circle(place, radius, face, Stroke::new(2.0, edge));
    Some(response.on_hover_cursor(CursorIcon::Crosshair).on_hover_text(tip))
}
