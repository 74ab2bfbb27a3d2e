//! Session marks: each drawn where its session's only copy is, at a place of its own, so that no mark moves because
//! another comes or goes.

use crate::scene::geometry::{Point, Rect};
use crate::scene::layout::{CELL_HEAD, MARK, TABLES, marks_per_row};
use crate::scene::paint::{Ink, Pen, Sheet, Side};
use crate::scene::{Card, CardKind, Cell, Mark};
use crate::topology::Slot;

use super::dots::gapped;
use super::{Frame, text};

/// The margin of the marks within their cell.
const MARGIN: f32 = 11.0;

/// The largest number that fits a mark.
const LARGEST: f32 = 14.0;

/// Draws the marks of a cell: filled, or hollow where the holder is dead and the user does not know.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>, card: &Card, place: &Rect, cell: &Cell) {
    let grid = Grid::of(card.kind, place, users(frame));
    if grid.room == 0 {
        return;
    }
    let here: Vec<&Mark> = cell.marks.iter().filter(|mark| !frame.moves.is_moving(&cell.slot, mark.user)).collect();
    let most = if here.len() > grid.room { grid.room.saturating_sub(2) } else { here.len() };
    for (at, mark) in here.iter().take(most).enumerate() {
        let followed = frame.emphasis.users.iter().any(|(_, user)| *user == mark.user);
        one(sheet, frame, &grid.place(grid.index(mark.user, at)), mark, followed);
    }
    if most < here.len() {
        let at = grid.place(most).left_middle();
        sheet.text(at, Side::Left, format!("+{}", here.len() - most), text::MARK, Ink::Faint, None);
    }
}

/// Draws the marks that are on their way between two cells.
pub(super) fn travelling(sheet: &mut Sheet, frame: &Frame<'_>) {
    for step in frame.moves.under_way(frame.display_us) {
        let (Some(from), Some(to)) = (spot(frame, step.from, step.user), spot(frame, step.to, step.user)) else {
            continue;
        };
        // Slow at both ends, so that the eye can catch it.
        let eased = step.share * step.share * (3.0 - 2.0 * step.share);
        let at = from.center().towards(to.center(), eased);
        let rect = Rect::new(at.x - from.size.w / 2.0, at.y - from.size.h / 2.0, from.size.w, from.size.h);
        one(sheet, frame, &rect, &Mark { user: step.user, alive: true }, false);
    }
}

/// Where a user's mark is in a cell.
fn spot(frame: &Frame<'_>, slot: &Slot, user: u32) -> Option<Rect> {
    let card = frame.stage.card(&slot.node)?;
    let grid = Grid::of(card.kind, card.cell(slot)?, users(frame));
    let cell = frame.live.cell(frame.stage.place(&slot.node)?, slot);
    let at = cell.marks.iter().position(|mark| mark.user == user).unwrap_or(0);
    Some(grid.place(grid.index(user, at).min(grid.room.saturating_sub(1))))
}

/// How many users there are to have places for: those that are drawn, or more where a scenario has more come.
fn users(frame: &Frame<'_>) -> usize {
    frame.stage.figures.max(frame.shown.sessions.users as usize)
}

/// The places for marks in a cell.
struct Grid {
    origin: Point,
    across: usize,
    room: usize,
    /// Whether there is a place for each user, so that each has an own one.
    own: bool,
}

impl Grid {
    fn of(kind: CardKind, cell: &Rect, users: usize) -> Self {
        let across = marks_per_row(cell.size.w);
        let below = if kind == CardKind::Database { TABLES } else { 0.0 };
        let rows = ((cell.size.h - CELL_HEAD - below) / MARK.h) as usize;
        let room = across * rows;
        Self { origin: Point::new(cell.min.x + MARGIN, cell.min.y + CELL_HEAD), across, room, own: users <= room }
    }

    /// Which place is a user's, whose mark is the `at`th of its cell.
    fn index(&self, user: u32, at: usize) -> usize {
        if self.own { (user as usize).saturating_sub(1) } else { at }
    }

    fn place(&self, index: usize) -> Rect {
        let (column, row) = ((index % self.across) as f32, (index / self.across) as f32);
        Rect::new(self.origin.x + column * MARK.w, self.origin.y + row * MARK.h, MARK.w - 2.0, MARK.h - 2.0)
    }
}

fn one(sheet: &mut Sheet, frame: &Frame<'_>, rect: &Rect, mark: &Mark, followed: bool) {
    let number = if mark.alive {
        sheet.rect(*rect, 4.0, Ink::Session.at(1.0), None);
        Ink::OnSession
    } else {
        sheet.rect(*rect, 2.0, Ink::Card.at(1.0), None);
        gapped(sheet, &rect.shrunk(1.1), Pen::new(2.2, Ink::Failed));
        Ink::Failed
    };
    if followed {
        sheet.rect(rect.shrunk(-2.5), 5.0, None, Pen::new(2.0, Ink::Accent));
    }
    let size = frame.legible(frame.letters(text::MARK), LARGEST).min(LARGEST);
    sheet.text(rect.center(), Side::Middle, mark.user, size, number, rect.size.w);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Emphasis;
    use super::*;
    use crate::control::Snapshot;
    use crate::scene::Picture;
    use crate::scene::dots::tests::sticky;

    #[test]
    fn users_that_a_scenario_lets_in_do_not_spill_out_of_the_cells() {
        let (preset, mut picture, emphasis) = (sticky(), Picture::default(), Emphasis::default());
        let mut crowd = Snapshot { now_us: 1, ..Snapshot::default() };
        crowd.sessions.users = 60;
        picture.receive(Arc::new(crowd), Vec::new());
        picture.draw(&preset);
        let cell = *picture.stage.cell(&"shop.1".parse().unwrap()).unwrap();
        let grid = Grid::of(CardKind::Service, &cell, users(&picture.frame(&preset, &emphasis)));
        let place = grid.place(grid.index(59, 9));
        assert!(place.bottom() <= cell.bottom(), "{place:?} in {cell:?}");
    }

    #[test]
    fn each_user_has_an_own_place_where_there_is_room_for_all() {
        let cell = Rect::new(0.0, 0.0, 262.0, CELL_HEAD + 3.0 * MARK.h + 10.0);
        let grid = Grid::of(CardKind::Service, &cell, 30);
        assert_eq!((grid.index(7, 0), grid.index(7, 3)), (6, 6), "whoever else is there");
        assert!(cell.right() >= grid.place(35).right() && cell.bottom() >= grid.place(35).bottom());
        assert_eq!(Grid::of(CardKind::Service, &cell, 120).index(77, 3), 3, "else one after the other");
    }
}
