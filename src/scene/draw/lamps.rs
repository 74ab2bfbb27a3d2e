//! Service lamps on the users' card, one for each operation: all out is a blackout, one out is a brownout.

use crate::scene::geometry::{Point, Rect};
use crate::scene::lamps::{Lamp, LampState};
use crate::scene::layout::lamp_places;
use crate::scene::paint::{Ink, Pen, Sheet, Side};
use crate::topology::Users;

use super::{Frame, text};

/// The largest name that has room beside its lamp.
const LARGEST: f32 = 14.0;

/// Draws the lamps of what these users ask for into their band of the card.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>, users: &Users, band: &Rect) {
    if band.size.h <= 0.0 {
        return;
    }
    sheet
        .line(vec![Point::new(band.min.x, band.min.y), Point::new(band.right(), band.min.y)], Pen::new(1.0, Ink::Line));
    let asked: Vec<String> = users.operations().into_iter().map(ToString::to_string).collect();
    let lamps: Vec<&Lamp> = frame.lamps.iter().filter(|lamp| asked.contains(&lamp.operation)).collect();
    for (lamp, place) in lamps.iter().zip(lamp_places(band, lamps.len())) {
        one(sheet, frame, &place, lamp);
    }
}

fn one(sheet: &mut Sheet, frame: &Frame<'_>, place: &Rect, lamp: &Lamp) {
    let at = Point::new(place.min.x + 8.0, place.center().y);
    let words = lamp_sign(sheet, at, lamp.state);
    let name = lamp.name();
    let size = frame.legible(frame.letters(text::SMALL), LARGEST);
    sheet.text(Point::new(at.x + 12.0, at.y), Side::Left, name, size, words, place.size.w - 22.0);
}

/// Draws the sign of a lamp, eight units around a point, and gives the ink for the words beside it.
pub fn lamp_sign(sheet: &mut Sheet, at: Point, state: LampState) -> Ink {
    match state {
        LampState::Dark => {
            sheet.circle(at, 5.0, None, Pen::new(1.3, Ink::LineStrong));
            Ink::Faint
        }
        LampState::Lit => {
            sheet.circle(at, 8.0, Ink::Ok.at(0.2), None);
            sheet.circle(at, 5.0, Ink::Ok.at(1.0), None);
            Ink::Text
        }
        LampState::Brownout => {
            // The edge between the halves and the face is dark in both themes; this one is seen on either ground.
            sheet.circle(at, 6.2, Ink::Card.at(1.0), Pen::new(1.0, Ink::LineStrong));
            sheet.circle(at, 5.0, Ink::Card.at(1.0), Pen::new(1.4, Ink::DegradedEdge));
            let half = (0..=8).map(|step| {
                let turn = std::f32::consts::PI * (0.5 + step as f32 / 8.0);
                Point::new(at.x + 5.0 * turn.cos(), at.y + 5.0 * turn.sin())
            });
            sheet.polygon(half.collect(), Ink::Degraded.at(1.0), Pen::new(1.0, Ink::DegradedEdge));
            Ink::Text
        }
        LampState::Out => {
            sheet.circle(at, 5.5, Ink::Card.at(1.0), Pen::new(1.6, Ink::Failed));
            for (x, y) in [(3.2, 3.2), (3.2, -3.2)] {
                let ends = vec![Point::new(at.x - x, at.y - y), Point::new(at.x + x, at.y + y)];
                sheet.line(ends, Pen::new(1.6, Ink::Failed));
            }
            Ink::Failed
        }
    }
}
