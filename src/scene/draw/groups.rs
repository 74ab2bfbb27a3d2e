//! Groups: a quiet frame with a title behind what belongs together.

use crate::scene::geometry::Point;
use crate::scene::paint::{Ink, Pen, Sheet, Side};
use crate::topology::GroupId;
use crate::topology::edit::Item;

use super::{Frame, text};

/// Corner radius of frames.
const RADIUS: f32 = 18.0;
/// The space at the left of a title.
const INDENT: f32 = 18.0;
/// The largest letters that the band of a title has room for.
const LARGEST: f32 = 24.0;
/// About how wide a letter is, as a share of its size.
const LETTER: f32 = 0.56;
/// A title that has to be cut has at least so much room on the screen, in points.
const LEAST_TITLE: f32 = 64.0;

/// Draws the frames of all groups, below everything else, with their titles where these have room in them.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>) {
    for (id, rect, title) in &frame.stage.groups {
        let item = Item::Group(id.clone());
        let (face, edge, letters) = if frame.emphasis.items.contains(&item) {
            (Ink::Accent.at(0.07), Pen::new(frame.thick(2.0), Ink::Accent), Ink::Accent)
        } else if frame.emphasis.hovered.as_ref() == Some(&item) {
            (Ink::LineStrong.at(0.10), Pen::new(frame.thick(1.5), Ink::LineStrong), Ink::Text)
        } else {
            (Ink::LineStrong.at(0.07), Pen::new(frame.thick(1.0), Ink::LineStrong.at(0.45)), Ink::Faint)
        };
        sheet.rect(*rect, RADIUS, face, edge);
        if !is_outside(frame) {
            let at = Point::new(title.min.x + INDENT, title.center().y + 1.0);
            sheet.text(at, Side::Left, words(frame, id), size(frame), letters, title.size.w - 2.0 * INDENT);
        }
    }
}

/// Writes the titles that from afar are larger than their band: above the frames, over everything else, and only where
/// there is room for letters.
pub(super) fn titles(sheet: &mut Sheet, frame: &Frame<'_>) {
    let Some(sight) = frame.sight.filter(|_| is_outside(frame)) else { return };
    let size = size(frame);
    for (id, rect, _) in frame.stage.groups.iter().filter(|(_, rect, _)| rect.meets(&sight.world)) {
        let words = words(frame, id);
        let needed = (words.chars().count() as f32 * size * LETTER).min(LEAST_TITLE / sight.zoom);
        if rect.size.w < needed {
            continue;
        }
        let item = Item::Group(id.clone());
        let ink = if frame.emphasis.items.contains(&item) { Ink::Accent } else { Ink::Faint };
        let at = Point::new(rect.min.x, rect.min.y - size * 0.7);
        sheet.text(at, Side::Left, words, size, ink, rect.size.w);
    }
}

/// Whether titles have no room in their bands.
fn is_outside(frame: &Frame<'_>) -> bool {
    size(frame) > LARGEST
}

fn size(frame: &Frame<'_>) -> f32 {
    frame.readable(frame.letters(text::NAME))
}

fn words<'a>(frame: &Frame<'a>, id: &'a GroupId) -> &'a str {
    let title = frame.preset.marks.group(id).map_or("", |group| group.title.as_str());
    if title.is_empty() { id.as_str() } else { title }
}
