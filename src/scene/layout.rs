//! Where cards and the cells in them are. Sizes depend on role, replicas and users only, never on what happens in a run,
//! so that nothing on the canvas moves while people watch.

use std::collections::BTreeMap;

use crate::control::Snapshot;
use crate::topology::{Node, NodeId, NoteId, Preset, Role, Slot};

use super::geometry::{Point, Rect, Size};
use super::people::MOST_FIGURES;

/// The height of a card's title.
pub const HEADER: f32 = 46.0;
/// The space between a card's edge and what is in it.
pub const PAD: f32 = 12.0;
/// The space between cells.
const CELL_GAP: f32 = 10.0;
/// The height of a cell's two lines of text.
pub const CELL_HEAD: f32 = 48.0;
/// The room for one session mark.
pub const MARK: Size = Size { w: 20.5, h: 18.0 };
/// The room for one lamp and its word.
const LAMP: Size = Size { w: 74.0, h: 20.0 };
/// The least width of a users card, for its title and setting.
const LEAST_USERS: f32 = 236.0;
/// The space between cards that are moved apart sideways, for links to be seen.
const CARD_GAP: f32 = 92.0;
/// Cards nearer to each other than this, sideways and upright, are moved apart.
const LEAST_GAP: Size = Size { w: 72.0, h: 24.0 };
/// Cards whose left edges are nearer than this stand in one column.
const SAME_COLUMN: f32 = 40.0;
/// More cells than this are drawn small, without marks.
const FULL_CELLS: u32 = 12;

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

/// All cards.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stage {
    /// The cards, in the order of the drawing.
    pub cards: Vec<Card>,
}

impl Stage {
    /// The cards of a preset. `moved` is what is on its way, with where it is now.
    pub fn new(preset: &Preset, snapshot: &Snapshot, moved: Option<&Moved>) -> Self {
        let users: u32 = preset.topology.nodes().filter_map(Node::users).map(|users| users.users).sum();
        let mut cards: Vec<Card> = preset.topology.nodes().map(|node| unplaced(node, users, snapshot)).collect();
        place(preset, &mut cards);
        for card in &mut cards {
            if let Some(at) = moved.and_then(|moved| moved.nodes.get(&card.node)) {
                card.rect.min = *at;
            }
            card.fill();
        }
        Self { cards }
    }

    /// The card of a node.
    pub fn card(&self, node: &NodeId) -> Option<&Card> {
        self.cards.iter().find(|card| card.node == *node)
    }

    /// The frame of a slot's cell.
    pub fn cell(&self, slot: &Slot) -> Option<&Rect> {
        self.card(&slot.node)?.cells.iter().find(|(other, _)| other == slot).map(|(_, rect)| rect)
    }

    /// The smallest rectangle around all cards; `None` without cards.
    pub fn bounds(&self) -> Option<Rect> {
        self.cards.iter().map(|card| card.rect).reduce(|sum, rect| sum.union(&rect))
    }

    /// Where every card is, as a preset's layout keeps it, rounded to whole points.
    pub fn places(&self) -> BTreeMap<NodeId, [f32; 2]> {
        self.cards.iter().map(|card| (card.node.clone(), [card.rect.min.x.round(), card.rect.min.y.round()])).collect()
    }
}

impl Card {
    /// Puts cells or figures inside the card's frame, cells being empty rectangles of the right size so far.
    fn fill(&mut self) {
        let (left, top) = (self.rect.min.x + PAD, self.rect.min.y + HEADER);
        let columns = columns(self.cells.len() as u32) as usize;
        for (at, (_, cell)) in self.cells.iter_mut().enumerate() {
            let (column, row) = (at % columns, at / columns);
            cell.min = Point::new(
                left + column as f32 * (cell.size.w + CELL_GAP),
                top + row as f32 * (cell.size.h + CELL_GAP),
            );
        }
        self.lamps.min = Point::new(left, self.rect.bottom() - PAD / 2.0 - self.lamps.size.h);
        let across = figure_columns(self.figures.len() as u32) as usize;
        for (at, figure) in self.figures.iter_mut().enumerate() {
            let (column, row) = (at % across, at / across);
            figure.min = Point::new(left + column as f32 * figure.size.w, top + row as f32 * figure.size.h);
        }
    }
}

/// How many cells of a card stand side by side.
fn columns(cells: u32) -> u32 {
    match cells {
        0..=5 => 1,
        6..=FULL_CELLS => 2,
        _ => f64::from(cells).sqrt().ceil() as u32,
    }
}

/// How many figures stand side by side: somewhat higher than wide, like the service's cells beside them.
fn figure_columns(figures: u32) -> u32 {
    ((f64::from(figures) * 0.8).sqrt().ceil() as u32).max(3)
}

/// How many marks fit side by side into a cell of this width.
pub fn marks_per_row(width: f32) -> usize {
    (((width - 2.0 * 8.0) / MARK.w) as usize).max(1)
}

/// A card at the origin with everything but places.
fn unplaced(node: &Node, users: u32, snapshot: &Snapshot) -> Card {
    let running = snapshot.nodes.iter().find(|state| state.id == node.id);
    let mut slots: Vec<Slot> = (1..=node.replicas()).map(|index| Slot::new(node.id.clone(), index)).collect();
    // Replicas that are being scaled in keep their place until they are gone.
    let leaving = running.map_or(&[][..], |state| &state.slots[..]);
    slots.extend(leaving.iter().map(|state| &state.slot).filter(|slot| slot.index > node.replicas()).cloned());
    let compact = slots.len() as u32 > FULL_CELLS;
    let (kind, width, marks) = match &node.role {
        Role::Users(_) => (CardKind::Users, 0.0, false),
        Role::Gateway(_) => (CardKind::Gateway, 208.0, false),
        Role::Service(_) => (CardKind::Service, 262.0, true),
        Role::Cache(_) => (CardKind::Cache, 230.0, true),
    };
    if let Role::Users(settings) = &node.role {
        return users_card(node, settings.users);
    }
    let cell = cell_size(width, users, marks, compact);
    let across = columns(slots.len() as u32) as f32;
    let down = (slots.len() as f32 / across).ceil();
    let size = Size {
        w: 2.0 * PAD + across * (cell.w + CELL_GAP) - CELL_GAP,
        h: HEADER + PAD + down * (cell.h + CELL_GAP) - CELL_GAP,
    };
    Card {
        node: node.id.clone(),
        kind,
        rect: Rect { min: Point::default(), size },
        cells: slots.into_iter().map(|slot| (slot, Rect { min: Point::default(), size: cell })).collect(),
        compact,
        figures: Vec::new(),
        lamps: Rect::default(),
    }
}

fn users_card(node: &Node, users: u32) -> Card {
    let shown = users.min(MOST_FIGURES);
    let figure = if shown <= 60 { Size { w: 46.0, h: 52.0 } } else { Size { w: 38.0, h: 44.0 } };
    let across = figure_columns(shown);
    let w = (2.0 * PAD + across as f32 * figure.w).max(LEAST_USERS);
    let lamps = lamp_band(node.users().map_or(0, |users| users.operations().len()), w - 2.0 * PAD);
    let more = if users > shown { 20.0 } else { 0.0 };
    let size = Size { w, h: HEADER + PAD + shown.div_ceil(across) as f32 * figure.h + more + lamps.h };
    Card {
        node: node.id.clone(),
        kind: CardKind::Users,
        rect: Rect { min: Point::default(), size },
        cells: Vec::new(),
        compact: false,
        figures: vec![Rect { min: Point::default(), size: figure }; shown as usize],
        lamps: Rect { min: Point::default(), size: lamps },
    }
}

/// The size of the band for this many lamps in a card that is this wide inside.
fn lamp_band(lamps: usize, width: f32) -> Size {
    let rows = lamps.div_ceil(lamp_columns(lamps, width));
    Size { w: width, h: if lamps == 0 { 0.0 } else { rows as f32 * LAMP.h + 8.0 } }
}

/// How many lamps stand side by side, so that the rows are about equal.
fn lamp_columns(lamps: usize, width: f32) -> usize {
    let most = ((width / LAMP.w) as usize).max(1);
    lamps.div_ceil(lamps.div_ceil(most).max(1)).max(1)
}

/// The places of this many lamps in their band.
pub fn lamp_places(band: &Rect, lamps: usize) -> Vec<Rect> {
    let across = lamp_columns(lamps, band.size.w);
    let width = band.size.w / across as f32;
    let place = |at: usize| {
        let (column, row) = ((at % across) as f32, (at / across) as f32);
        Rect::new(band.min.x + column * width, band.min.y + 6.0 + row * LAMP.h, width, LAMP.h)
    };
    (0..lamps).map(place).collect()
}

/// The size of one cell: room for every user's mark, up to three rows.
fn cell_size(width: f32, users: u32, marks: bool, compact: bool) -> Size {
    if compact {
        return Size { w: 92.0, h: 40.0 };
    }
    let rows = if marks { (users as usize).div_ceil(marks_per_row(width)).clamp(1, 3) } else { 0 };
    Size { w: width, h: CELL_HEAD + if marks { rows as f32 * MARK.h + 10.0 } else { 6.0 } }
}

/// Puts the cards where the preset says. What it does not place stands in the column that its links ask for, and cards
/// that would cover each other are moved right until they do not.
fn place(preset: &Preset, cards: &mut [Card]) {
    let depth = depths(preset);
    let tallest = cards.iter().map(|card| card.rect.size.h).fold(0.0, f32::max);
    for card in cards.iter_mut() {
        card.rect.min = match preset.layout.get(&card.node) {
            Some([x, y]) => Point::new(*x, *y),
            None => {
                let column = depth.get(&card.node).copied().unwrap_or(0);
                Point::new(column as f32 * 420.0, (tallest - card.rect.size.h) / 2.0)
            }
        };
    }
    let wished: Vec<Point> = cards.iter().map(|card| card.rect.min).collect();
    let mut order: Vec<usize> = (0..cards.len()).collect();
    order.sort_by(|&a, &b| wished[a].x.total_cmp(&wished[b].x).then(wished[a].y.total_cmp(&wished[b].y)));
    let mut crowded = false;
    for at in 0..order.len() {
        // Each pass clears one neighbour, so as many passes as neighbours are enough.
        for _ in 0..at {
            let rect = cards[order[at]].rect;
            let near = order[..at].iter().find(|&&other| rect.closer_than(&cards[other].rect, LEAST_GAP));
            let Some(&other) = near else { break };
            crowded = true;
            let neighbour = cards[other].rect;
            if (wished[order[at]].x - wished[other].x).abs() < SAME_COLUMN {
                cards[order[at]].rect.min.y = neighbour.bottom() + 2.0 * LEAST_GAP.h;
            } else {
                cards[order[at]].rect.min.x = neighbour.right() + CARD_GAP;
            }
        }
    }
    if crowded {
        centre_rows(&wished, cards);
    }
}

/// Brings cards that a preset puts at one height to one middle.
fn centre_rows(wished: &[Point], cards: &mut [Card]) {
    for at in 0..cards.len() {
        let row = |other: usize| (wished[other].y - wished[at].y).abs() < 1.0;
        let tallest =
            (0..cards.len()).filter(|&other| row(other)).map(|other| cards[other].rect.size.h).fold(0.0, f32::max);
        if (cards[at].rect.min.y - wished[at].y).abs() < 1.0 {
            cards[at].rect.min.y += (tallest - cards[at].rect.size.h) / 2.0;
        }
    }
}

/// How many links lie between a node and the nearest that nobody sends to. Cycles end where they began.
fn depths(preset: &Preset) -> BTreeMap<NodeId, usize> {
    let mut depths: BTreeMap<NodeId, usize> = BTreeMap::new();
    let links: Vec<_> = preset.topology.links().collect();
    let nodes: Vec<_> = preset.topology.nodes().map(|node| node.id.clone()).collect();
    for node in &nodes {
        depths.insert(node.clone(), 0);
    }
    for _ in 0..nodes.len() {
        for link in &links {
            let next = depths.get(&link.from).copied().unwrap_or(0) + 1;
            if next < nodes.len()
                && let Some(depth) = depths.get_mut(&link.to)
            {
                *depth = (*depth).max(next);
            }
        }
    }
    depths
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
        let stage = Stage::new(&preset, &Snapshot::default(), None);
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
        preset.layout = Stage::new(&preset, &Snapshot::default(), None).places();
        let again = Stage::new(&preset, &Snapshot::default(), None);
        assert_eq!(again.places(), preset.layout);
    }

    #[test]
    fn every_cell_and_figure_lies_within_its_card() {
        let stage = Stage::new(&sticky(), &Snapshot::default(), None);
        for card in &stage.cards {
            for rect in card.cells.iter().map(|(_, rect)| rect).chain(&card.figures) {
                assert!(rect.right() <= card.rect.right() && rect.bottom() <= card.rect.bottom(), "{}", card.node);
            }
        }
    }
}
