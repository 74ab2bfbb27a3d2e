//! The legend: what the shapes mean.

use crate::scene::Look;
use crate::scene::geometry::{Point, Rect};
use crate::scene::paint::{Ink, Pen, Sheet, Side};

use super::dots::{dot, gapped};
use super::people::notch;

/// The legend's height, in points of the screen.
pub const HEIGHT: f32 = 26.0;
const TEXT: f32 = 12.0;

/// What each shape means, and the room for its words.
const SHAPES: [(Sign, &str, f32); 8] = [
    (Sign::Dot(Look::Ok), "ok", 38.0),
    (Sign::Dot(Look::Retried), "retried", 64.0),
    (Sign::Dot(Look::Degraded), "degraded", 76.0),
    (Sign::Dot(Look::Failed), "failed", 58.0),
    (Sign::Dot(Look::Lost), "session lost", 92.0),
    (Sign::Mark, "a session, where its only copy is", 206.0),
    (Sign::Hollow, "gone, its user does not know", 186.0),
    (Sign::Notch, "a user who was hurt", 134.0),
];

enum Sign {
    Dot(Look),
    Mark,
    Hollow,
    Notch,
}

/// How wide the legend is.
pub fn width() -> f32 {
    SHAPES.iter().map(|(_, _, room)| room).sum::<f32>() + 14.0
}

/// The legend with its top left corner at a point. The last entries are left out where it would be wider than `room`.
pub fn legend(at: Point, room: f32) -> Sheet {
    let mut shown = SHAPES.len();
    let wide = |shown: usize| SHAPES[..shown].iter().map(|(_, _, room)| room).sum::<f32>() + 14.0;
    while shown > 1 && wide(shown) > room {
        shown -= 1;
    }
    let mut sheet = Sheet::default();
    sheet.rect(Rect::new(at.x, at.y, wide(shown), HEIGHT), HEIGHT / 2.0, Ink::Card.at(1.0), Pen::new(1.0, Ink::Line));
    let mut x = at.x + 16.0;
    for (sign, words, room) in &SHAPES[..shown] {
        let place = Point::new(x, at.y + HEIGHT / 2.0);
        let frame = Rect::new(x - 6.0, place.y - 6.0, 13.0, 12.0);
        match sign {
            Sign::Dot(look) => dot(&mut sheet, place, 4.5, *look, 1.0),
            Sign::Mark => sheet.rect(frame, 3.5, Ink::Session.at(1.0), None),
            Sign::Notch => {
                sheet.rect(frame, 3.5, Ink::Session.at(1.0), None);
                notch(&mut sheet, &frame, 0.6);
            }
            Sign::Hollow => gapped(&mut sheet, &frame, Pen::new(2.2, Ink::Failed)),
        }
        sheet.text(Point::new(x + 11.0, place.y), Side::Left, words, TEXT, Ink::Text, None);
        x += room;
    }
    sheet
}
