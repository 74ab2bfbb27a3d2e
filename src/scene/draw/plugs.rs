//! The mark on the end of a link whose plug does not fit: the program there is not what its callers take it for.

use crate::scene::geometry::{Point, Rect};
use crate::scene::paint::{Ink, Pen, Sheet};
use crate::scene::{Wire, layout};

use super::Frame;

/// Half of the mark's size, in world units.
const RADIUS: f32 = layout::PLUG / 2.0;

/// Draws the marks of the links of which anything can be in this part of the world.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>, world: Rect) {
    let wires = frame.stage.wire_places_in(world).map(|at| &frame.stage.wires[at]);
    wires.filter(|wire| wire.misfit.is_some()).filter_map(Wire::plug).for_each(|at| one(sheet, at));
}

/// A plug with two round pins before a socket with two slots: neither goes into the other.
fn one(sheet: &mut Sheet, at: Point) {
    let harm = Pen::new(2.0, Ink::Failed);
    sheet.circle(at, RADIUS, Ink::Card.at(1.0), harm);
    for y in [-3.0, 3.0] {
        sheet.circle(Point::new(at.x - 3.6, at.y + y), 1.8, Ink::Failed.at(1.0), None);
    }
    for y in [-4.4, 0.0, 4.4] {
        sheet.line(vec![Point::new(at.x + 2.0, at.y + y), Point::new(at.x + 6.0, at.y + y)], harm);
    }
}
