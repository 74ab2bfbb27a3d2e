//! The frame that is drawn around what is to be selected. What it touches is selected; links only where it touches
//! nothing else, for they are everywhere.

use std::collections::BTreeSet;

use crate::scene::{Point, Rect, pick};
use crate::topology::edit::Item;
use crate::ui::Inputs;
use crate::ui::selection::Selection;

/// A frame from where the button was pressed to where the pointer is.
#[derive(Debug)]
pub(super) struct Marquee {
    from: Point,
    pub(super) to: Point,
    /// What stays selected besides.
    kept: BTreeSet<Item>,
}

impl Marquee {
    /// Begins here, in addition to what is selected already or in place of it.
    pub(super) fn begin(from: Point, selection: &Selection, additive: bool) -> Self {
        let kept = if additive { selection.items().cloned().collect() } else { BTreeSet::new() };
        Self { from, to: from, kept }
    }

    /// The frame.
    pub(super) fn rect(&self) -> Rect {
        Rect::between(self.from, self.to)
    }

    /// What is selected by it.
    pub(super) fn items(&self, inputs: &Inputs<'_>) -> BTreeSet<Item> {
        let mut items = touched(inputs, &self.rect());
        items.extend(self.kept.iter().cloned());
        items
    }

    /// The same as a selection.
    pub(super) fn selection(&self, inputs: &Inputs<'_>) -> Selection {
        Selection::of(self.items(inputs))
    }
}

/// What a frame touches. A group is selected only as a whole: one draws frames within it, too.
fn touched(inputs: &Inputs<'_>, rect: &Rect) -> BTreeSet<Item> {
    let cards = inputs.stage.cards_in(*rect);
    let mut items: BTreeSet<Item> = cards.map(|card| Item::Node(card.node.clone())).collect();
    let notes = inputs.stage.notes.iter().filter(|(_, note)| note.meets(rect));
    items.extend(notes.map(|(id, _)| Item::Note(id.clone())));
    let groups = inputs.stage.groups.iter().filter(|(_, frame, _)| rect.covers(frame));
    items.extend(groups.map(|(id, ..)| Item::Group(id.clone())));
    if items.is_empty() {
        let near = inputs.stage.wires_in(*rect);
        let crossed = near.filter(|wire| wire.branches.iter().any(|branch| pick::passes(&branch.curve, rect)));
        items.extend(crossed.map(|wire| Item::Link(wire.link.clone())));
    }
    items
}
