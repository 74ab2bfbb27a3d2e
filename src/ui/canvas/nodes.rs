//! The cards, links, groups and notes as things with a name, a role and a state, that the pointer and the keyboard reach.

use std::collections::BTreeSet;

use egui::{EventFilter, Id, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2};

use super::Ground;
use super::touch::{self, Target};
use crate::scene::{self, Card, Point, Wire};
use crate::topology::NodeId;
use crate::topology::edit::Item;
use crate::ui::View;
use crate::ui::action::Action;

/// With more cards in sight than this there is no widget for each: what is pressed is looked for instead.
const MOST_CARDS: usize = 400;
/// Cards of this size in points of the screen, and smaller ones, likewise.
const LEAST_CARD: f32 = 24.0;
/// The size of the place on a link that takes the keyboard's focus, in points of the screen.
const LINK: f32 = 24.0;
/// Where on a link that place is, as a share of its length: the first that no card covers.
const SHARES: [f32; 5] = [0.5, 0.38, 0.62, 0.25, 0.75];

/// The widget of an item.
pub(super) fn id(ui: &Ui, item: &Item) -> Id {
    ui.scope_id().with(("item", item))
}

/// The widget of something else on the canvas.
pub(super) fn named(ui: &Ui, name: &str) -> Id {
    ui.scope_id().with(("named", name))
}

/// Whether there are so many cards, or so small ones, that they are no widgets.
pub(super) fn are_dense(ground: &Ground<'_>) -> bool {
    let seen = ground.seen();
    let small = |card: &Card| ground.len(card.rect.size.h.min(card.rect.size.w)) < LEAST_CARD;
    ground.inputs.stage.places_in(seen).nth(MOST_CARDS).is_some() || ground.inputs.stage.cards_in(seen).all(small)
}

/// Makes the groups' titles, and reads what is done on them. They lie below everything else.
pub(super) fn groups(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    for (id, frame, title) in &ground.inputs.stage.groups {
        let members = ground.inputs.preset.marks.group(id).map_or(0, |group| group.nodes.len());
        let value = || format!("{members} nodes");
        if ground.sees(ground.rect(frame)) {
            one(ground, &Item::Group(id.clone()), ground.rect(title), value, view, actions);
        }
    }
}

/// Makes the notes.
pub(super) fn notes(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    for (id, sheet) in &ground.inputs.stage.notes {
        let rect = ground.rect(sheet);
        if ground.sees(rect) {
            let text = || ground.inputs.preset.marks.note(id).map(|note| note.text.clone()).unwrap_or_default();
            one(ground, &Item::Note(id.clone()), rect, text, view, actions);
        }
    }
}

/// Makes the cards: all in sight or, where they are too many or too small, those that are selected or have the focus.
pub(super) fn cards(ground: &Ground<'_>, dense: bool, view: &mut View, actions: &mut Vec<Action>) {
    let stage = ground.inputs.stage;
    let cards: Vec<&Card> = if dense {
        let known: BTreeSet<&Item> = view.selection.only().into_iter().chain(&view.hand.focus).collect();
        let card = |item: &Item| if let Item::Node(node) = item { stage.card(node) } else { None };
        known.into_iter().filter_map(card).collect()
    } else {
        stage.cards_in(ground.seen()).collect()
    };
    for card in cards {
        let role = || ground.inputs.preset.topology.node(&card.node).map_or("", |node| node.role.name()).to_owned();
        one(ground, &Item::Node(card.node.clone()), ground.rect(&card.rect), role, view, actions);
    }
}

/// Makes the links: a place near the middle of each, for those who come by the keyboard. The pointer finds them anywhere.
pub(super) fn links(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let seen = ground.seen();
    // Of the few in sight: to look every card up for every link takes long.
    let cards: Vec<scene::Rect> = ground.inputs.stage.cards_in(seen).map(|card| card.rect).collect();
    for wire in ground.inputs.stage.wires_in(seen) {
        let Some(at) = handle(&cards, wire) else { continue };
        let rect = Rect::from_center_size(ground.pos(at), vec2(LINK, LINK));
        let words = || format!("requests from {} to {}", wire.link.from, wire.link.to);
        one(ground, &Item::Link(wire.link.clone()), rect, words, view, actions);
    }
}

/// The place on a link that stands for it: near its middle, where no card lies over it.
fn handle(cards: &[scene::Rect], wire: &Wire) -> Option<Point> {
    let curve = wire.branches.get(wire.branches.len() / 2)?.curve;
    let free = |at: &Point| !cards.iter().any(|card| card.contains(*at));
    SHARES.into_iter().map(|share| curve.at(share)).find(free)
}

/// What an item is called by those who do not see it.
pub(super) fn name(item: &Item) -> String {
    match item {
        Item::Node(id) => format!("node {id}"),
        Item::Link(id) => format!("link {} to {}", id.from, id.to),
        Item::Group(id) => format!("group {id}"),
        Item::Note(id) => format!("note {id}"),
    }
}

/// Makes one widget, and reads it. `value`: what is said of it to those who do not see it, made only where one listens.
fn one(
    ground: &Ground<'_>,
    item: &Item,
    rect: Rect,
    value: impl Fn() -> String,
    view: &mut View,
    actions: &mut Vec<Action>,
) {
    let rect = rect.intersect(ground.frame);
    if !rect.is_positive() {
        return;
    }
    let response = ground.ui.interact(rect, id(ground.ui, item), Sense::click_and_drag());
    let selected = view.selection.has(item);
    response.widget_info(|| {
        let mut info = WidgetInfo::selected(Role::Button, true, selected, name(item));
        info.current_text_value = Some(value());
        info
    });
    if touch::is_at_rest(&response) {
        return;
    }
    keep_arrows(ground.ui, &response, item, view);
    touch::read(ground, Target::Item(item.clone()), &response, view, actions);
}

/// Arrows move what is selected; the focus goes on by Tab and by Alt and an arrow.
fn keep_arrows(ui: &Ui, response: &Response, item: &Item, view: &mut View) {
    if response.has_focus() {
        view.hand.focus = Some(item.clone());
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
}

/// Gives the keyboard's focus to a node's card.
pub(super) fn focus(ui: &Ui, node: NodeId, view: &mut View) {
    let item = Item::Node(node);
    ui.memory_mut(|memory| memory.request_focus(id(ui, &item)));
    view.hand.focus = Some(item);
}
