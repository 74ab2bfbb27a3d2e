//! The legend: what the shapes mean.

use crate::scene::Look;
use crate::scene::geometry::{Point, Rect};
use crate::scene::paint::{Ink, Pen, Sheet, Side};

use super::dots::{dot, gapped};
use super::people::notch;

/// The legend's height, in points of the screen.
pub const HEIGHT: f32 = 26.0;
const TEXT: f32 = 12.0;
/// The space before the first entry and after the last.
const ENDS: f32 = 13.0;
/// The space between two entries.
const APART: f32 = 16.0;
/// The space between a sign and its words.
const BESIDE: f32 = 6.0;
/// A user whose marks are shown.
const SOMEBODY: &str = "7";

/// What each shape means, and how wide the words are.
const SHAPES: [(Sign, &str, f32); 8] = [
    (Sign::Dot(Look::Ok), "ok", 13.0),
    (Sign::Dot(Look::Retried), "retried", 35.0),
    (Sign::Dot(Look::Degraded), "degraded", 50.0),
    (Sign::Dot(Look::Failed), "failed", 29.0),
    (Sign::Dot(Look::Lost), "session lost", 59.0),
    (Sign::Mark, "a session, where its only copy is", 157.0),
    (Sign::Hollow, "gone, its user does not know", 145.0),
    (Sign::Hurt, "a user who was hurt", 102.0),
];

/// Requests are dots; sessions bear the number of their user, so that a lost one is not taken for a request.
enum Sign {
    Dot(Look),
    Mark,
    Hollow,
    Hurt,
}

impl Sign {
    fn width(&self) -> f32 {
        match self {
            Self::Dot(_) => 12.0,
            Self::Mark | Self::Hollow => 17.0,
            Self::Hurt => 13.0,
        }
    }

    /// Draws it around a point.
    fn draw(&self, sheet: &mut Sheet, at: Point) {
        let mark = Rect::new(at.x - self.width() / 2.0, at.y - 7.0, self.width(), 14.0);
        let number = |sheet: &mut Sheet, ink: Ink| sheet.text(at, Side::Middle, SOMEBODY, TEXT - 1.0, ink, None);
        match self {
            Self::Dot(look) => dot(sheet, at, 4.5, *look, 1.0),
            Self::Mark => {
                sheet.rect(mark, 3.5, Ink::Session.at(1.0), None);
                number(sheet, Ink::OnSession);
            }
            Self::Hollow => {
                gapped(sheet, &mark.shrunk(0.5), Pen::new(2.2, Ink::Failed));
                number(sheet, Ink::Failed);
            }
            Self::Hurt => {
                let body = Rect::new(mark.min.x, at.y - 1.5, mark.size.w, 10.0);
                sheet.circle(Point::new(at.x, at.y - 5.5), 3.4, Ink::Session.at(1.0), None);
                sheet.rect(body, 3.0, Ink::Session.at(1.0), None);
                notch(sheet, &body, 0.55);
            }
        }
    }
}

/// How wide so many of the entries are.
fn wide(shown: usize) -> f32 {
    let entries = SHAPES[..shown].iter().map(|(sign, _, words)| sign.width() + BESIDE + words + APART);
    entries.sum::<f32>() - APART + 2.0 * ENDS
}

/// How wide the legend is.
pub fn width() -> f32 {
    wide(SHAPES.len())
}

/// The legend with its top left corner at a point. The last entries are left out where it would be wider than `room`.
pub fn legend(at: Point, room: f32) -> Sheet {
    let mut shown = SHAPES.len();
    while shown > 1 && wide(shown) > room {
        shown -= 1;
    }
    let mut sheet = Sheet::default();
    sheet.rect(Rect::new(at.x, at.y, wide(shown), HEIGHT), HEIGHT / 2.0, Ink::Card.at(1.0), Pen::new(1.0, Ink::Line));
    let (mut x, y) = (at.x + ENDS, at.y + HEIGHT / 2.0);
    for (sign, words, width) in &SHAPES[..shown] {
        sign.draw(&mut sheet, Point::new(x + sign.width() / 2.0, y));
        x += sign.width() + BESIDE;
        sheet.text(Point::new(x, y), Side::Left, words, TEXT, Ink::Text, None);
        x += width + APART;
    }
    sheet
}
