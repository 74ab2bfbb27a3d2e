//! Where cards stand: where the preset says, else in the column that their links ask for, and never on each other.

use std::collections::BTreeMap;

use crate::scene::geometry::{Point, Rect, Size};
use crate::scene::visitors;
use crate::topology::Preset;

use super::{Card, depth};

/// The space between cards that are moved apart sideways, for links to be seen.
const CARD_GAP: f32 = 92.0;
/// Cards nearer to each other than this, sideways and upright, are moved apart where the preset does not place both.
const LEAST_GAP: Size = Size { w: 72.0, h: 24.0 };
/// The same where it does: what somebody put there stays there unless it would touch something.
const TOUCH: Size = Size { w: 4.0, h: 4.0 };
/// Cards whose left edges are nearer than this stand in one column.
const SAME_COLUMN: f32 = 40.0;
/// A card that made way for so many others goes below them all: a crowd in one place takes no time without end.
const MOST_PASSES: usize = 64;
/// The side of a square of [`Placed`].
const SQUARE: f32 = 512.0;

/// Puts the cards where the preset says. What it does not place stands in the column that its links ask for, and cards
/// that would cover each other are moved right until they do not.
pub(super) fn place(preset: &Preset, cards: &mut [Card]) {
    wish(preset, cards);
    let wished: Vec<Point> = cards.iter().map(|card| card.rect.min).collect();
    let mut order: Vec<usize> = (0..cards.len()).collect();
    order.sort_by(|&a, &b| wished[a].x.total_cmp(&wished[b].x).then(wished[a].y.total_cmp(&wished[b].y)));
    let mut placed = Placed::default();
    for (at, &index) in order.iter().enumerate() {
        let fixed = preset.layout.contains_key(&cards[index].node);
        let mut rect = if fixed { cards[index].rect } else { visitors::footprint(&cards[index]) };
        let mut passes = 0;
        while let Some(before) = placed.first_near(&rect, fixed) {
            let (other, neighbour) = (order[before], placed.rects[before]);
            if passes >= MOST_PASSES.min(at) {
                rect.min.y = placed.bottom + 2.0 * LEAST_GAP.h;
                break;
            }
            passes += 1;
            if (wished[index].x - wished[other].x).abs() < SAME_COLUMN {
                rect.min.y = neighbour.bottom() + 2.0 * LEAST_GAP.h;
            } else {
                rect.min.x = neighbour.right() + CARD_GAP;
            }
        }
        placed.enter(rect, fixed);
        cards[index].rect.min = rect.min;
    }
}

/// Puts every card where it would stand if it were alone.
fn wish(preset: &Preset, cards: &mut [Card]) {
    let is_placed = |card: &Card| preset.layout.contains_key(&card.node);
    let depths = if cards.iter().all(is_placed) { BTreeMap::new() } else { depth::depths(preset) };
    let tallest = cards.iter().map(|card| card.rect.size.h).fold(0.0, f32::max);
    for card in cards.iter_mut() {
        card.rect.min = match preset.layout.get(&card.node) {
            Some([x, y]) => Point::new(*x, *y),
            None => {
                let column = depths.get(&card.node).copied().unwrap_or(0);
                Point::new(column as f32 * 420.0, (tallest - card.rect.size.h) / 2.0)
            }
        };
    }
}

/// The cards that have their place, by the squares of a grid that they or the gaps around them touch.
#[derive(Default)]
struct Placed {
    rects: Vec<Rect>,
    /// Which of them the preset places.
    fixed: Vec<bool>,
    squares: BTreeMap<(i32, i32), Vec<usize>>,
    bottom: f32,
}

impl Placed {
    fn enter(&mut self, rect: Rect, fixed: bool) {
        self.bottom = if self.rects.is_empty() { rect.bottom() } else { self.bottom.max(rect.bottom()) };
        for square in squares(&rect, Size::default()) {
            self.squares.entry(square).or_default().push(self.rects.len());
        }
        self.rects.push(rect);
        self.fixed.push(fixed);
    }

    /// Of those nearer than the least gap, the one that was placed first.
    fn first_near(&self, rect: &Rect, fixed: bool) -> Option<usize> {
        let gap = |before: usize| if fixed && self.fixed[before] { TOUCH } else { LEAST_GAP };
        let here = squares(rect, LEAST_GAP).filter_map(|square| self.squares.get(&square));
        here.flatten().copied().filter(|&before| rect.closer_than(&self.rects[before], gap(before))).min()
    }
}

/// The squares that a rectangle touches, with a gap around it.
fn squares(rect: &Rect, gap: Size) -> impl Iterator<Item = (i32, i32)> {
    // The cast saturates; what lies that far out shares a square.
    let square = |length: f32| (length / SQUARE).floor().clamp(-1e6, 1e6) as i32;
    let rows = square(rect.min.y - gap.h)..=square(rect.bottom() + gap.h);
    let columns = square(rect.min.x - gap.w)..=square(rect.right() + gap.w);
    columns.flat_map(move |column| rows.clone().map(move |row| (column, row)))
}

#[cfg(test)]
mod tests {
    use crate::control::Snapshot;
    use crate::scene::geometry::{Point, Size};
    use crate::scene::{Moved, Stage};
    use crate::topology::{builtin, format};

    /// The room for a lesson's drawing in a window of 1280×800, at the least zoom that shows all of it.
    const ROOM: Size = Size { w: 980.0 / 0.4, h: 442.0 / 0.4 };

    #[test]
    fn lessons_are_drawn_where_their_files_say_and_small_enough_to_be_read() {
        for found in builtin::all() {
            let preset = format::read(found.text).unwrap().into_preset();
            let stage = Stage::new(&preset, &Snapshot::default(), &Moved::default());
            for card in &stage.cards {
                let [x, y] = preset.layout[&card.node];
                assert_eq!(card.rect.min, Point::new(x, y), "{}: {} made way for another", found.name, card.node);
            }
            let size = stage.bounds().unwrap().size;
            assert!(size.w <= ROOM.w && size.h <= ROOM.h, "{}: {size:?}", found.name);
        }
    }
}
