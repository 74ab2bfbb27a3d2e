//! What was clicked or taken hold of on the canvas, and what that means: selecting, and the beginning of a gesture.

use std::collections::BTreeSet;

use egui::response::Flags;
use egui::{CursorIcon, PointerButton, Response};

use super::Ground;
use super::context;
use super::hand::{self, Gesture};
use super::marquee::Marquee;
use super::moving::Move;
use crate::scene::layout::HEADER;
use crate::scene::{Point, Rect};
use crate::topology::NodeId;
use crate::topology::edit::Item;
use crate::ui::View;
use crate::ui::action::Action;
use crate::ui::selection::Selection;

/// So near a dot, in points of the screen, a click hits it.
const NEAR_DOT: f32 = 14.0;
/// So near a link's curve.
const NEAR_LINK: f32 = 8.0;
/// So near a group's frame.
const NEAR_FRAME: f32 = 6.0;

/// What a press can be on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A node, link, group or note.
    Item(Item),
    /// Nothing of that.
    Background,
}

/// Whether nothing is done to a widget, by pointer or keyboard: to most of them, in most frames. Then there is nothing to be
/// read of it.
pub(super) fn is_at_rest(response: &Response) -> bool {
    response.flags.difference(Flags::ENABLED).is_empty() && !response.has_focus()
}

/// Reads one part of the canvas: clicks on it, and where a drag from it leads.
pub(super) fn read(
    ground: &Ground<'_>,
    target: Target,
    response: &Response,
    view: &mut View,
    actions: &mut Vec<Action>,
) {
    let modifiers = ground.ui.input(|input| input.modifiers);
    let additive = view.build && (modifiers.shift || modifiers.command);
    if response.clicked() {
        let at = response.interact_pointer_pos().map(|at| ground.point(at));
        let selection = clicked(&target, at, additive, ground, view);
        if selection != view.selection {
            actions.push(Action::Select(selection));
        }
    }
    if response.double_clicked()
        && view.build
        && view.placing.is_none()
        && target == Target::Background
        && let Some(at) = response.interact_pointer_pos()
    {
        context::offer(ground, at, view);
    }
    if response.double_clicked() && view.build && can_write(ground, &target, response) {
        view.renaming = if let Target::Item(item) = &target { Some(item.clone()) } else { None };
    }
    context::read(ground, &target, response, view);
    if response.drag_started_by(PointerButton::Primary)
        && view.hand.gesture.is_none()
        && view.placing.is_none()
        && let Some(from) = hand::pressed_at(ground)
    {
        begin(ground, pressed_on(ground, from, view.build), from, additive, view, actions);
    }
}

/// What was pressed there. A press and the moves after it may come in one frame: the toolkit says then what the pointer has
/// reached meanwhile.
fn pressed_on(ground: &Ground<'_>, from: Point, build: bool) -> Target {
    let target = at(ground, from, build);
    if matches!(target, Target::Item(Item::Node(_))) {
        return target;
    }
    let note = ground.inputs.stage.notes.iter().rfind(|(_, sheet)| sheet.contains(from));
    note.map_or(target, |(id, _)| Target::Item(Item::Note(id.clone())))
}

/// What a click on a replica or a user selects. While nothing runs there is nothing to be seen of them, and what is meant in
/// Build is their node; who has that already goes deeper.
pub(super) fn part(ground: &Ground<'_>, view: &View, node: &NodeId, part: Selection) -> Selection {
    let outer = Selection::node(node.clone());
    let deeper = view.selection == outer || view.selection.meant() == outer;
    if view.build && !ground.inputs.is_running() && !deeper { outer } else { part }
}

/// Whether a double click there is on a text that can be written: the title of a card, of a group, or a note.
fn can_write(ground: &Ground<'_>, target: &Target, response: &Response) -> bool {
    match target {
        Target::Item(Item::Node(node)) => {
            let at = response.interact_pointer_pos().map(|at| ground.point(at));
            let card = ground.inputs.stage.card(node);
            at.zip(card).is_some_and(|(at, card)| at.y < card.rect.min.y + HEADER)
        }
        Target::Item(Item::Group(_) | Item::Note(_)) => true,
        Target::Item(Item::Link(_)) | Target::Background => false,
    }
}

/// What is selected after a click.
fn clicked(target: &Target, at: Option<Point>, additive: bool, ground: &Ground<'_>, view: &View) -> Selection {
    let near = reach_of_dots(target, additive, view.build, super::least_dot(ground.ui));
    let dot = at.zip(near).and_then(|(at, near)| ground.inputs.dots.dot_at(at, near / ground.camera.zoom()));
    match (target, dot) {
        (_, Some(request)) => Selection::Request(request),
        (Target::Item(item), None) if additive => view.selection.toggled(item.clone()),
        (Target::Item(item), None) => Selection::item(item.clone()),
        (Target::Background, None) if additive => view.selection.clone(),
        (Target::Background, None) => Selection::Nothing,
    }
}

/// So near a dot, in points of the screen, a click hits it before the target below; `None` where it never does. A moving dot
/// is hard to hit, so near it counts as hit. But a busy link has always one near, and in Build it is the link that one works
/// on: there a dot must be hit itself.
fn reach_of_dots(target: &Target, additive: bool, build: bool, radius: f32) -> Option<f32> {
    match target {
        _ if additive => None,
        Target::Item(Item::Link(_)) if build => Some(radius),
        Target::Item(Item::Link(_)) | Target::Background => Some(NEAR_DOT),
        Target::Item(Item::Node(_) | Item::Group(_) | Item::Note(_)) => None,
    }
}

/// Begins what a drag from here means: moving what is taken hold of, or a frame around what is to be selected. Outside
/// Build the background is pushed about, and nothing else is selected or moved than the card itself.
fn begin(ground: &Ground<'_>, target: Target, from: Point, additive: bool, view: &mut View, actions: &mut Vec<Action>) {
    view.camera.hold();
    view.hand.gesture = match target {
        Target::Background if !view.build => Some(Gesture::Pan(from, PointerButton::Primary)),
        Target::Background | Target::Item(Item::Link(_)) => {
            Some(Gesture::Marquee(Marquee::begin(from, &view.selection, additive)))
        }
        Target::Item(item) => {
            ground.ui.set_cursor_icon(CursorIcon::Grabbing);
            let mut items: BTreeSet<Item> = [item.clone()].into();
            if view.build && (additive || view.selection.has(&item)) {
                items.extend(view.selection.items().cloned());
            }
            if view.build && !view.selection.has(&item) {
                actions.push(Action::Select(Selection::of(items.clone())));
            }
            Move::begin(ground.inputs, &items, from, &ground.seen()).map(Gesture::Move)
        }
    };
}

/// What is there, for a press that no widget took: what a spatial query finds.
pub(super) fn at(ground: &Ground<'_>, at: Point, build: bool) -> Target {
    let inputs = ground.inputs;
    if let Some(node) = inputs.stage.card_at(at).map(|card| card.node.clone()) {
        return Target::Item(Item::Node(node));
    }
    if let Some(link) = inputs.stage.link_near(at, NEAR_LINK / ground.camera.zoom()).cloned() {
        return Target::Item(Item::Link(link));
    }
    let near = NEAR_FRAME / ground.camera.zoom();
    let on_edge = |frame: &Rect| frame.shrunk(-near).contains(at) && !frame.shrunk(near).contains(at);
    let group = inputs.stage.groups.iter().rfind(|(_, frame, title)| on_edge(frame) || title.contains(at));
    match group {
        Some((id, ..)) if build => Target::Item(Item::Group(id.clone())),
        Some(_) | None => Target::Background,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_link_is_clicked_before_its_dots_in_build() {
        let link = Target::Item(Item::Link("gate->shop".parse().unwrap()));
        let reach = |target: &Target, additive, build| reach_of_dots(target, additive, build, 4.0);
        assert_eq!(reach(&link, false, true), Some(4.0));
        assert_eq!(reach(&link, true, true), None, "what is collected are items");
        assert_eq!(reach(&link, false, false), Some(NEAR_DOT));
        assert_eq!(reach(&Target::Background, false, true), Some(NEAR_DOT));
        assert_eq!(reach(&Target::Item(Item::Node("shop".parse().unwrap())), false, true), None);
    }
}
