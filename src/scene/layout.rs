//! Where cards and the cells in them are, and the frames and notes around them. Sizes depend on role, replicas and users
//! only, never on what happens in a run, so that nothing on the canvas moves while people watch.

mod cards;
mod marks;
mod place;

use std::collections::BTreeMap;

use crate::control::Snapshot;
use crate::topology::{GroupId, Node, NodeId, NoteId, Preset, Slot};

use super::geometry::{Point, Rect, Size};

pub use cards::lamp_places;
pub use marks::{NOTE_LETTERS, NOTE_LINE, NOTE_PAD, note_lines};

/// The height of a card's title.
pub const HEADER: f32 = 46.0;
/// The space between a card's edge and what is in it.
pub const PAD: f32 = 12.0;
/// The height of a cell's two lines of text.
pub const CELL_HEAD: f32 = 48.0;
/// The room for one session mark.
pub const MARK: Size = Size { w: 20.5, h: 18.0 };

/// What a card is, as far as drawing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardKind {
    /// Virtual users, drawn as figures.
    Users,
    /// A gateway.
    Gateway,
    /// A service.
    Service,
    /// A cache.
    Cache,
}

/// A node's card.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Which node.
    pub node: NodeId,
    /// What kind of card.
    pub kind: CardKind,
    /// Its frame.
    pub rect: Rect,
    /// Its cells, by slot; none for users.
    pub cells: Vec<(Slot, Rect)>,
    /// Whether the cells are too many to show more than their state.
    pub compact: bool,
    /// The places of its users' figures.
    pub figures: Vec<Rect>,
    /// The band of its lamps; empty where there are none.
    pub lamps: Rect,
}

/// What is drawn elsewhere than the document says, while a gesture or an animation is under way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Moved {
    /// Cards, by the place of their top left corners.
    pub nodes: BTreeMap<NodeId, Point>,
    /// Notes, likewise.
    pub notes: BTreeMap<NoteId, Point>,
}

/// All cards, frames and notes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stage {
    /// The cards, in the order of the drawing.
    pub cards: Vec<Card>,
    /// The groups that anything is in, with their frames and, within these, the places of their titles.
    pub groups: Vec<(GroupId, Rect, Rect)>,
    /// The notes with their sheets.
    pub notes: Vec<(NoteId, Rect)>,
    /// Which card a node has.
    by_node: BTreeMap<NodeId, usize>,
}

impl Stage {
    /// The stage of a preset. `moved` is what is on its way, with where it is now.
    pub fn new(preset: &Preset, snapshot: &Snapshot, moved: &Moved) -> Self {
        let users: u32 = preset.topology.nodes().filter_map(Node::users).map(|users| users.users).sum();
        let running: BTreeMap<_, _> = snapshot.nodes.iter().map(|state| (&state.id, state)).collect();
        let unplaced = |node: &Node| cards::unplaced(node, users, running.get(&node.id).copied());
        let mut cards: Vec<Card> = preset.topology.nodes().map(unplaced).collect();
        place::place(preset, &mut cards);
        for card in &mut cards {
            if let Some(point) = moved.nodes.get(&card.node) {
                card.rect.min = *point;
            }
            card.fill();
        }
        let by_node = cards.iter().enumerate().map(|(at, card)| (card.node.clone(), at)).collect();
        let mut stage = Self { cards, by_node, ..Self::default() };
        stage.groups = marks::groups(&preset.marks, &stage);
        stage.notes = marks::notes(&preset.marks, moved);
        stage
    }

    /// The card of a node.
    pub fn card(&self, node: &NodeId) -> Option<&Card> {
        self.cards.get(*self.by_node.get(node)?)
    }

    /// The frame of a slot's cell.
    pub fn cell(&self, slot: &Slot) -> Option<&Rect> {
        self.card(&slot.node)?.cell(slot)
    }

    /// The smallest rectangle around everything that is drawn; `None` where nothing is.
    pub fn bounds(&self) -> Option<Rect> {
        let cards = self.cards.iter().map(|card| card.rect);
        let marks = self.groups.iter().map(|(_, frame, _)| *frame).chain(self.notes.iter().map(|(_, sheet)| *sheet));
        cards.chain(marks).reduce(|sum, rect| sum.union(&rect))
    }

    /// Where every card is, as a preset's layout keeps it, rounded to whole points.
    pub fn places(&self) -> BTreeMap<NodeId, [f32; 2]> {
        self.cards.iter().map(|card| (card.node.clone(), [card.rect.min.x.round(), card.rect.min.y.round()])).collect()
    }
}

impl Card {
    /// The frame of a slot's cell.
    pub fn cell(&self, slot: &Slot) -> Option<&Rect> {
        // Slots stand in order, so that the first look nearly always finds it.
        let likely = usize::try_from(slot.index.checked_sub(1)?).ok().and_then(|at| self.cells.get(at));
        let found = likely.filter(|(other, _)| other == slot);
        found.or_else(|| self.cells.iter().find(|(other, _)| other == slot)).map(|(_, rect)| rect)
    }
}

/// How many marks fit side by side into a cell of this width.
pub fn marks_per_row(width: f32) -> usize {
    (((width - 2.0 * 8.0) / MARK.w) as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::dots::tests::sticky;

    #[test]
    fn no_two_cards_cover_each_other_even_when_the_preset_places_them_so() {
        let mut preset = sticky();
        for place in preset.layout.values_mut() {
            *place = [0.0, 0.0];
        }
        let stage = Stage::new(&preset, &Snapshot::default(), &Moved::default());
        for (at, card) in stage.cards.iter().enumerate() {
            for other in &stage.cards[..at] {
                assert!(
                    !card.rect.closer_than(&other.rect, Size { w: 10.0, h: 10.0 }),
                    "{} covers {}",
                    card.node,
                    other.node
                );
            }
        }
    }

    #[test]
    fn places_of_the_preset_are_kept_where_there_is_room() {
        let mut preset = sticky();
        preset.layout = Stage::new(&preset, &Snapshot::default(), &Moved::default()).places();
        let again = Stage::new(&preset, &Snapshot::default(), &Moved::default());
        assert_eq!(again.places(), preset.layout);
    }

    #[test]
    fn every_cell_and_figure_lies_within_its_card() {
        let stage = Stage::new(&sticky(), &Snapshot::default(), &Moved::default());
        for card in &stage.cards {
            for rect in card.cells.iter().map(|(_, rect)| rect).chain(&card.figures) {
                assert!(rect.right() <= card.rect.right() && rect.bottom() <= card.rect.bottom(), "{}", card.node);
            }
        }
    }
}
