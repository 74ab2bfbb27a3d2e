//! Where cards and the cells in them are, and the frames and notes around them. Sizes depend on role, replicas and users
//! only, never on what happens in a run, so that nothing on the canvas moves while people watch.

mod cards;
pub mod chips;
mod depth;
mod marks;
mod place;
mod wires;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::control::Snapshot;
use crate::control::snapshot::SlotState;
use crate::topology::contract;
use crate::topology::{GroupId, Link, LinkId, Node, NodeId, NoteId, Preset, Slot};

use super::geometry::{Point, Rect, Size};
use super::visitors;

pub use cards::lamp_places;
pub use chips::Chips;
pub use marks::{NOTE_LETTERS, NOTE_LINE, NOTE_PAD, note_lines};
pub use wires::{CHORDS, Wire};

/// The height of a card's title.
pub const HEADER: f32 = 46.0;
/// The size of the mark of a plug that does not fit.
pub const PLUG: f32 = 20.0;
/// The space between a card's edge and what is in it.
pub const PAD: f32 = 12.0;
/// The height of a cell's two lines of text.
pub const CELL_HEAD: f32 = 48.0;
/// The height of the line at the end of a database's cell in which its tables are.
pub(super) const TABLES: f32 = 20.0;
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
    /// A database.
    Database,
    /// A program.
    Program,
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
    /// Its modules.
    pub chips: Chips,
}

/// What is drawn elsewhere than the document says, while a gesture or an animation is under way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Moved {
    /// Cards, by the place of their top left corners.
    pub nodes: BTreeMap<NodeId, Point>,
    /// Notes, likewise.
    pub notes: BTreeMap<NoteId, Point>,
    /// Nodes that would leave their groups if they stayed where they are now; frames are drawn without them.
    pub leaving: BTreeSet<NodeId>,
}

/// All cards, links, frames and notes.
#[derive(Debug, Clone, Default)]
pub struct Stage {
    /// The cards, in the order of the drawing.
    pub cards: Vec<Card>,
    /// The links, in the order of the drawing.
    pub wires: Vec<Wire>,
    /// The groups that anything is in, with their frames and, within these, the places of their titles.
    pub groups: Vec<(GroupId, Rect, Rect)>,
    /// The notes with their sheets.
    pub notes: Vec<(NoteId, Rect)>,
    /// As many users have a figure.
    pub figures: usize,
    /// How many slots each node had.
    slots: Arc<[(NodeId, u32)]>,
    bounds: Option<Rect>,
    edition: Edition,
    origin: Edition,
    index: Index,
}

/// Which state of a stage this is: no other one, of this stage or another, is equal to it as long as it is known.
#[derive(Debug, Clone, Default)]
pub struct Edition(Arc<()>);

impl PartialEq for Edition {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Stage {
    /// The stage of a preset. `moved` is what is on its way, with where it is now.
    pub fn new(preset: &Preset, snapshot: &Snapshot, moved: &Moved) -> Self {
        let users: u32 = preset.topology.nodes().filter_map(Node::users).map(|users| users.users).sum();
        let running: BTreeMap<_, _> = snapshot.nodes.iter().map(|state| (&state.id, state)).collect();
        let unplaced = |node: &Node| cards::unplaced(&preset.topology, node, users, running.get(&node.id).copied());
        let mut cards: Vec<Card> = preset.topology.nodes().map(unplaced).collect();
        place::place(preset, &mut cards);
        cards.iter_mut().for_each(Card::fill);
        let mut index = Index::of(&cards);
        let wire = |link: Link| {
            let (from, to) = (index.card(&link.from)?, index.card(&link.to)?);
            let misfit = contract::misfit(&preset.topology, &link.id());
            Some(Wire { misfit, ..Wire::new(link.id(), from, to, &cards) })
        };
        let wires: Vec<Wire> = preset.topology.links().filter_map(wire).collect();
        index.connect(&wires);
        let figures = cards.iter().map(|card| card.figures.len()).sum();
        let notes = marks::notes(&preset.marks, &Moved::default());
        let slots = slot_counts(snapshot).map(|(node, slots)| (node.clone(), slots)).collect();
        let (edition, origin, groups) = Default::default();
        let mut stage = Self { cards, wires, groups, notes, figures, slots, bounds: None, edition, origin, index };
        stage.drag(preset, moved);
        stage.groups = marks::groups(&preset.marks, &stage);
        stage.measure();
        stage
    }

    /// Whether something is to be moved, or put back, for everything to be where it is now.
    pub fn is_other(&self, moved: &Moved) -> bool {
        let index = &self.index;
        !moved.notes.is_empty()
            || index.notes_dragged
            || moved.leaving != index.leaving
            || !self.dragged(moved).eq(index.dragged.iter().copied())
    }

    fn dragged(&self, moved: &Moved) -> impl Iterator<Item = (usize, Point)> {
        moved.nodes.iter().filter_map(|(node, at)| Some((self.index.card(node)?, *at)))
    }

    /// Puts the cards and notes that are on their way where they are now, and those that no longer are back. Nothing else
    /// moves.
    pub fn drag(&mut self, preset: &Preset, moved: &Moved) {
        self.put(preset, moved);
        self.measure();
    }

    fn put(&mut self, preset: &Preset, moved: &Moved) {
        if !moved.notes.is_empty() || self.index.notes_dragged {
            self.edition = Edition::default();
            self.notes = marks::notes(&preset.marks, moved);
            self.index.notes_dragged = !moved.notes.is_empty();
        }
        let now: Vec<(usize, Point)> = self.dragged(moved).collect();
        if now == self.index.dragged && moved.leaving == self.index.leaving {
            return;
        }
        self.edition = Edition::default();
        self.index.leaving.clone_from(&moved.leaving);
        let before = std::mem::replace(&mut self.index.dragged, now);
        let mut wires: BTreeSet<usize> = BTreeSet::new();
        let back: Vec<(usize, Point)> = before.into_iter().map(|(at, _)| (at, self.index.home[at])).collect();
        for (at, place) in back.into_iter().chain(self.index.dragged.clone()) {
            self.cards[at].rect.min = place;
            self.cards[at].fill();
            self.index.frames[at] = self.cards[at].rect;
            wires.extend(&self.index.wires_of[at]);
        }
        for at in wires {
            self.wires[at].lay(&self.cards);
            self.index.bounds[at] = self.wires[at].bounds;
        }
        self.groups = marks::groups(&preset.marks, self);
    }

    /// Whether it would be laid out in the same way for this snapshot: by it cards have room for slots.
    pub fn has_slots_of(&self, snapshot: &Snapshot) -> bool {
        slot_counts(snapshot).eq(self.slots.iter().map(|(node, slots)| (node, *slots)))
    }

    /// Another one whenever anything on the stage, or the document that it was made from, has changed.
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// Which stage it was made from, if nothing but cards was dragged since.
    pub fn origin(&self) -> &Edition {
        &self.origin
    }

    /// The card of a node.
    pub fn card(&self, node: &NodeId) -> Option<&Card> {
        self.cards.get(self.place(node)?)
    }

    /// The place of a node's card among the cards.
    pub fn place(&self, node: &NodeId) -> Option<usize> {
        self.index.card(node)
    }

    /// The link as it lies.
    pub fn wire(&self, link: &LinkId) -> Option<&Wire> {
        self.wires.get(self.wire_place(link)?)
    }

    /// The place of a link among the links.
    pub fn wire_place(&self, link: &LinkId) -> Option<usize> {
        let wires = self.index.wires_of.get(self.index.card(&link.from)?)?;
        wires.iter().copied().find(|&at| self.wires.get(at).is_some_and(|wire| wire.link == *link))
    }

    /// The frame of a slot's cell.
    pub fn cell(&self, slot: &Slot) -> Option<&Rect> {
        self.card(&slot.node)?.cell(slot)
    }

    /// The cards of which any part lies in a rectangle, in the order of the drawing.
    pub fn cards_in(&self, rect: Rect) -> impl Iterator<Item = &Card> {
        self.places_in(rect).map(|at| &self.cards[at])
    }

    /// The places of these cards among the cards. The frames stand side by side in memory: to look at ten thousand takes
    /// some ten microseconds, so that no grid is needed.
    pub fn places_in(&self, rect: Rect) -> impl Iterator<Item = usize> {
        self.index.frames.iter().enumerate().filter(move |(_, frame)| frame.meets(&rect)).map(|(at, _)| at)
    }

    /// The frames of the cards.
    pub fn frames(&self) -> &[Rect] {
        &self.index.frames
    }

    /// The topmost card at a point.
    pub fn card_at(&self, at: Point) -> Option<&Card> {
        self.card_near(at, 0.0)
    }

    /// The topmost card that reaches this close to a point, sideways and upright.
    pub fn card_near(&self, at: Point, reach: f32) -> Option<&Card> {
        let place = self.index.frames.iter().rposition(|frame| frame.shrunk(-reach).contains(at))?;
        self.cards.get(place)
    }

    /// The group with the topmost frame around a point.
    pub fn group_at(&self, at: Point) -> Option<&GroupId> {
        self.groups.iter().rfind(|(_, frame, _)| frame.contains(at)).map(|(group, ..)| group)
    }

    /// The links of which any part may lie in a rectangle, in the order of the drawing.
    pub fn wires_in(&self, rect: Rect) -> impl Iterator<Item = &Wire> {
        self.wire_places_in(rect).map(|at| &self.wires[at])
    }

    /// The places of these links among the links.
    pub fn wire_places_in(&self, rect: Rect) -> impl Iterator<Item = usize> {
        self.index.bounds.iter().enumerate().filter(move |(_, bounds)| bounds.meets(&rect)).map(|(at, _)| at)
    }

    /// The link nearest to a point, within this radius.
    pub fn link_near(&self, at: Point, radius: f32) -> Option<&LinkId> {
        let around = Rect { min: at, ..Rect::default() }.shrunk(-radius);
        let near = self.wires_in(around).filter_map(|wire| Some((wire.distance(at, radius)?, wire)));
        let nearest = near.min_by(|(a, _), (b, _)| a.total_cmp(b));
        nearest.map(|(_, wire)| &wire.link)
    }

    /// The smallest rectangle around everything that is drawn; `None` where nothing is.
    pub fn bounds(&self) -> Option<Rect> {
        self.bounds
    }

    fn measure(&mut self) {
        let cards = self.cards.iter().map(visitors::footprint);
        let marks = self.groups.iter().map(|(_, frame, _)| *frame).chain(self.notes.iter().map(|(_, sheet)| *sheet));
        self.bounds = cards.chain(marks).reduce(|sum, rect| sum.union(&rect));
    }

    /// Where every card is, as a preset's layout keeps it, rounded to whole points.
    pub fn places(&self) -> BTreeMap<NodeId, [f32; 2]> {
        self.cards.iter().map(|card| (card.node.clone(), [card.rect.min.x.round(), card.rect.min.y.round()])).collect()
    }
}

/// How many slots each node of a snapshot has.
fn slot_counts(snapshot: &Snapshot) -> impl Iterator<Item = (&NodeId, u32)> {
    let highest = |slots: &[SlotState]| slots.iter().map(|state| state.slot.index).max().unwrap_or(0);
    snapshot.nodes.iter().map(move |node| (&node.id, highest(&node.slots)))
}

/// What is found by it: cards by node, links by card, frames by place.
#[derive(Debug, Clone, Default, PartialEq)]
struct Index {
    by_node: BTreeMap<NodeId, usize>,
    /// Where each card stands when it is not dragged.
    home: Vec<Point>,
    /// The frames of the cards.
    frames: Vec<Rect>,
    /// What holds each link.
    bounds: Vec<Rect>,
    /// The links that begin or end at a card.
    wires_of: Vec<Vec<usize>>,
    /// The cards that are dragged, and where they are.
    dragged: Vec<(usize, Point)>,
    /// The nodes without which the frames of their groups are drawn.
    leaving: BTreeSet<NodeId>,
    /// Whether notes are not where the document says.
    notes_dragged: bool,
}

impl Index {
    fn of(cards: &[Card]) -> Self {
        Self {
            by_node: cards.iter().enumerate().map(|(at, card)| (card.node.clone(), at)).collect(),
            home: cards.iter().map(|card| card.rect.min).collect(),
            frames: cards.iter().map(|card| card.rect).collect(),
            bounds: Vec::new(),
            wires_of: vec![Vec::new(); cards.len()],
            dragged: Vec::new(),
            leaving: BTreeSet::new(),
            notes_dragged: false,
        }
    }

    fn connect(&mut self, wires: &[Wire]) {
        self.bounds = wires.iter().map(|wire| wire.bounds).collect();
        for (at, wire) in wires.iter().enumerate() {
            self.wires_of[wire.from].push(at);
            if wire.to != wire.from {
                self.wires_of[wire.to].push(at);
            }
        }
    }

    fn card(&self, node: &NodeId) -> Option<usize> {
        self.by_node.get(node).copied()
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
    use crate::topology::edit::{History, Step, group};

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
    fn a_row_is_not_brought_to_one_middle_onto_what_stands_below_it() {
        // Two columns in two rows: the left ones are low, the right ones so high that the second makes way.
        let node =
            |id: &str, replicas: u32| format!("[[node]]\nid = \"{id}\"\nrole = \"service\"\nreplicas = {replicas}\n");
        let nodes = [("a", 1), ("b", 1), ("c", 3), ("d", 3)].map(|(id, replicas)| node(id, replicas)).concat();
        let text = format!("format = 1\n{nodes}[layout]\na = [0, 0]\nb = [0, 200]\nc = [400, 0]\nd = [400, 200]\n");
        let preset = crate::topology::format::read(&text).unwrap().into_preset();
        let stage = Stage::new(&preset, &Snapshot::default(), &Moved::default());
        for (at, card) in stage.cards.iter().enumerate() {
            for other in &stage.cards[..at] {
                assert!(!card.rect.meets(&other.rect), "{} covers {}", card.node, other.node);
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
    fn few_users_fill_the_width_of_their_card() {
        for users in 4..=10 {
            let mut preset = sticky();
            let set = Step::set(&preset.topology.nodes().next().unwrap().id.clone(), "users", users.to_string());
            History::default().apply(&mut preset, set).unwrap();
            let stage = Stage::new(&preset, &Snapshot::default(), &Moved::default());
            let card = &stage.cards[0];
            let furthest = card.figures.iter().map(Rect::right).fold(0.0, f32::max);
            assert!(card.rect.right() - PAD - furthest < 10.0, "{users}: {furthest} in {:?}", card.rect);
        }
    }

    #[test]
    fn a_frame_lets_go_of_what_leaves_its_group() {
        let mut preset = sticky();
        let names = ["gate", "shop"].map(|name| name.parse::<NodeId>().unwrap());
        let step = group(&preset, &names.iter().cloned().collect(), "Back").unwrap().1;
        History::default().apply(&mut preset, step).unwrap();
        let mut stage = Stage::new(&preset, &Snapshot::default(), &Moved::default());
        let far = Moved { nodes: [(names[0].clone(), Point::new(-9000.0, 0.0))].into(), ..Moved::default() };
        stage.drag(&preset, &far);
        assert!(stage.groups[0].1.size.w > 9000.0);
        stage.drag(&preset, &Moved { leaving: [names[0].clone()].into(), ..far });
        let (frame, shop) = (stage.groups[0].1, stage.card(&names[1]).unwrap().rect);
        assert!(frame.covers(&shop) && frame.size.w < shop.size.w + 60.0, "{frame:?}");
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
