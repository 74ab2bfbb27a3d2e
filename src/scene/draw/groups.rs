//! Groups: a quiet frame with a title behind what belongs together.

use crate::scene::geometry::Point;
use crate::scene::paint::{Ink, Pen, Sheet, Side};
use crate::topology::edit::Item;

use super::{Frame, text};

/// Corner radius of frames.
const RADIUS: f32 = 18.0;
/// The space at the left of a title.
const INDENT: f32 = 18.0;

/// Draws the frames of all groups, below everything else.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>) {
    for (id, rect, title) in &frame.stage.groups {
        let item = Item::Group(id.clone());
        let (face, edge, letters) = if frame.emphasis.items.contains(&item) {
            (Ink::Accent.at(0.07), Pen::new(2.0, Ink::Accent), Ink::Accent)
        } else if frame.emphasis.hovered.as_ref() == Some(&item) {
            (Ink::LineStrong.at(0.10), Pen::new(1.5, Ink::LineStrong), Ink::Text)
        } else {
            (Ink::LineStrong.at(0.07), Pen::new(1.0, Ink::LineStrong.at(0.45)), Ink::Faint)
        };
        sheet.rect(*rect, RADIUS, face, edge);
        let words = frame.preset.marks.group(id).map_or("", |group| group.title.as_str());
        let words = if words.is_empty() { id.as_str() } else { words };
        let size = frame.readable(frame.letters(text::NAME));
        let at = Point::new(title.min.x + INDENT, title.center().y + 1.0);
        sheet.text(at, Side::Left, words, size, letters, title.size.w - 2.0 * INDENT);
    }
}
