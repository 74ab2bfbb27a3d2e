//! The modules of a card as chips, and the calls between them that stay in the process as thin lines.

use crate::scene::Card;
use crate::scene::geometry::{Curve, Point, Rect};
use crate::scene::layout::chips::InProcess;
use crate::scene::paint::{Ink, Pen, Sheet, Side};

use super::{Frame, LEAST_LETTERS, names, text};

/// The space between a chip's edge and its name.
const PAD: f32 = 8.0;
/// The thickness of a line for one call, and of each further one.
const LINE: (f32, f32) = (1.2, 0.6);
/// No line is thicker.
const THICKEST: f32 = 3.0;
/// The length of an arrow's head.
const HEAD: f32 = 5.0;
/// How far a line between chips of one column swings out.
const SWING: f32 = 22.0;

/// Draws the chips of a card, where they can be read: without their names they tell nothing.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>, card: &Card) {
    if frame.on_screen(text::SMALL) < LEAST_LETTERS {
        return;
    }
    let places: Vec<Rect> = card.chips.places.iter().map(|(_, chip)| *chip).collect();
    for line in &card.chips.calls {
        between(sheet, card, &places, line);
    }
    for (module, chip) in &card.chips.places {
        one(sheet, frame, chip, module.as_str(), Ink::Text);
    }
    if let Some((count, chip)) = &card.chips.more {
        one(sheet, frame, chip, &format!("+{count}"), Ink::Faint);
    }
}

fn one(sheet: &mut Sheet, frame: &Frame<'_>, chip: &Rect, words: &str, ink: Ink) {
    sheet.rect(*chip, chip.size.h / 2.0, Ink::Cell.at(1.0), Pen::new(1.0, Ink::Line));
    // Letters for a class would not fit into a chip.
    let size = text::SMALL.min(frame.letters(text::SMALL));
    let room = chip.size.w - 2.0 * PAD;
    sheet.text(chip.center(), Side::Middle, names::fitted(words, size, room), size, ink, room);
}

/// A line with an arrow from one chip to another.
fn between(sheet: &mut Sheet, card: &Card, places: &[Rect], line: &InProcess) {
    let (Some(from), Some(to)) = (places.get(line.from), places.get(line.to)) else { return };
    let (curve, leftwards) = way(&card.rect, from, to);
    let width = (LINE.0 + LINE.1 * (line.calls - 1) as f32).min(THICKEST);
    let pen = Pen::new(width, Ink::Link);
    sheet.curve(curve, pen);
    let back = if leftwards { HEAD } else { -HEAD };
    let tip = curve.to;
    let side = |down: f32| Point::new(tip.x + back, tip.y + down);
    sheet.polygon(vec![side(-HEAD * 0.6), tip, side(HEAD * 0.6)], Ink::Link.at(1.0), None);
}

/// The way from one chip to another through the space between columns, and whether it arrives leftwards.
fn way(card: &Rect, from: &Rect, to: &Rect) -> (Curve, bool) {
    let ahead = to.min.x - from.min.x;
    if ahead.abs() < 1.0 {
        // In one column it swings out to where there is room.
        let is_last = from.right() + SWING > card.right();
        let ends = |rect: &Rect| if is_last { rect.left_middle() } else { rect.right_middle() };
        return (swung(ends(from), ends(to), if is_last { [-SWING; 2] } else { [SWING; 2] }), !is_last);
    }
    let (begin, end) =
        if ahead > 0.0 { (from.right_middle(), to.left_middle()) } else { (from.left_middle(), to.right_middle()) };
    let half = (end.x - begin.x) / 2.0;
    (swung(begin, end, [half, -half]), ahead < 0.0)
}

/// A curve that leaves and arrives level, swinging out this far to the right.
fn swung(from: Point, to: Point, [leaving, arriving]: [f32; 2]) -> Curve {
    let out = |at: Point, by: f32| Point::new(at.x + by, at.y);
    Curve { from, leaving: out(from, leaving), arriving: out(to, arriving), to }
}
