//! How large a card is and what is in it: by role, replicas and users only, never by what happens in a run.

use crate::control::snapshot::NodeState;
use crate::scene::cells::keeps_sessions;
use crate::scene::geometry::{Point, Rect, Size};
use crate::scene::people::MOST_FIGURES;
use crate::topology::{Node, Role, Slot, Topology};

use super::{CELL_HEAD, Card, CardKind, Chips, HEADER, MARK, PAD, TABLES, marks_per_row};

/// The space between cells.
const CELL_GAP: f32 = 10.0;
/// The room for one lamp and its word.
const LAMP: Size = Size { w: 74.0, h: 20.0 };
/// The least width of a users card, for its title and setting.
const LEAST_USERS: f32 = 236.0;
/// More cells than this are drawn small, without marks.
const FULL_CELLS: u32 = 12;

impl Card {
    /// Puts cells or figures inside the card's frame, cells being empty rectangles of the right size so far.
    pub(super) fn fill(&mut self) {
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
        self.chips.fill(&self.rect);
        let across = figure_columns(self.figures.len() as u32) as usize;
        // Few figures stand apart, so that they fill the card.
        let pitch = (self.rect.size.w - 2.0 * PAD) / across as f32;
        for (at, figure) in self.figures.iter_mut().enumerate() {
            let (column, row) = (at % across, at / across);
            figure.min = Point::new(left + column as f32 * pitch, top + row as f32 * figure.size.h);
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

/// How many figures stand side by side: somewhat higher than wide, like the service's cells beside them, and as many as
/// the narrowest card has room for.
fn figure_columns(figures: u32) -> u32 {
    ((f64::from(figures) * 0.8).sqrt().ceil() as u32).max(4)
}

/// A card at the origin with everything but places.
///
/// `running` is the node as it runs, where it does.
pub(super) fn unplaced(topology: &Topology, node: &Node, users: u32, running: Option<&NodeState>) -> Card {
    let mut slots: Vec<Slot> = (1..=node.replicas()).map(|index| Slot::new(node.id.clone(), index)).collect();
    // Replicas that are being scaled in keep their place until they are gone.
    let leaving = running.map_or(&[][..], |state| &state.slots[..]);
    slots.extend(leaving.iter().map(|state| &state.slot).filter(|slot| slot.index > node.replicas()).cloned());
    let compact = slots.len() as u32 > FULL_CELLS;
    let (kind, width, marks) = match &node.role {
        Role::Users(_) => (CardKind::Users, 0.0, false),
        Role::Gateway(_) => (CardKind::Gateway, 208.0, false),
        Role::Service(service) => (CardKind::Service, 262.0, topology.asks_for_sessions(service)),
        Role::Cache(_) => (CardKind::Cache, 230.0, true),
        Role::Database(_) => (CardKind::Database, 230.0, keeps_sessions(topology, node)),
        Role::Program(_) => (CardKind::Program, 230.0, false),
    };
    if let Role::Users(settings) = &node.role {
        return users_card(node, settings.users);
    }
    let mut cell = cell_size(width, users, marks, compact);
    if matches!(node.role, Role::Database(_)) && !compact {
        cell.h += TABLES;
    }
    let across = columns(slots.len() as u32) as f32;
    let down = (slots.len() as f32 / across).ceil();
    let inside = across * (cell.w + CELL_GAP) - CELL_GAP;
    let chips = Chips::of(topology, node);
    let size =
        Size { w: 2.0 * PAD + inside, h: HEADER + PAD + down * (cell.h + CELL_GAP) - CELL_GAP + chips.height(inside) };
    Card {
        node: node.id.clone(),
        kind,
        rect: Rect { min: Point::default(), size },
        cells: slots.into_iter().map(|slot| (slot, Rect { min: Point::default(), size: cell })).collect(),
        compact,
        figures: Vec::new(),
        lamps: Rect::default(),
        chips,
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
        chips: Chips::default(),
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
