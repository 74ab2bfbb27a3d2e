//! Notes: a sheet of paper with a folded corner, and what somebody wrote on it.

use crate::scene::geometry::{Point, Rect};
use crate::scene::layout::{NOTE_LETTERS, NOTE_LINE, NOTE_PAD, note_lines};
use crate::scene::paint::{Ink, Pen, Sheet, Side};
use crate::topology::edit::Item;

use super::{Detail, Frame};

/// The side of the folded corner.
const FOLD: f32 = 14.0;

/// Draws all notes.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>) {
    for (id, rect) in &frame.stage.notes {
        let Some(note) = frame.preset.marks.note(id) else { continue };
        let item = Item::Note(id.clone());
        let edge = if frame.emphasis.items.contains(&item) {
            Pen::new(frame.thick(2.0), Ink::Accent)
        } else if frame.emphasis.hovered.as_ref() == Some(&item) {
            Pen::new(frame.thick(1.5), Ink::LineStrong)
        } else {
            Pen::new(frame.thick(1.0), Ink::LineStrong.at(0.45))
        };
        paper(sheet, rect, edge);
        if frame.sight.is_some_and(|sight| sight.detail() != Detail::Full) {
            continue;
        }
        for (at, line) in note_lines(&note.text).iter().enumerate() {
            let place = Point::new(rect.min.x + NOTE_PAD, rect.min.y + NOTE_PAD + NOTE_LINE * (at as f32 + 0.5));
            // The first line ends before the fold.
            let room = rect.size.w - 2.0 * NOTE_PAD - if at == 0 { FOLD / 2.0 } else { 0.0 };
            sheet.text(place, Side::Left, line, NOTE_LETTERS, Ink::Text, room + NOTE_PAD / 2.0);
        }
    }
}

/// Draws the sheet with its corner folded over.
fn paper(sheet: &mut Sheet, rect: &Rect, edge: Pen) {
    let (right, top) = (rect.right(), rect.min.y);
    let (left, bottom) = (rect.min.x, rect.bottom());
    let (fold, below) = (Point::new(right - FOLD, top), Point::new(right, top + FOLD));
    let outline = vec![rect.min, fold, below, Point::new(right, bottom), Point::new(left, bottom)];
    let shadow = outline.iter().map(|at| Point::new(at.x, at.y + 2.0)).collect();
    sheet.polygon(shadow, Ink::Shadow.at(1.0), None);
    sheet.polygon(outline, Ink::Cell.at(1.0), edge);
    sheet.polygon(vec![fold, below, Point::new(right - FOLD, top + FOLD)], Ink::Line.at(1.0), edge);
}
