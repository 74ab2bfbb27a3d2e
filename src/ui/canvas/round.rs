//! Faces with round corners, of as few corners as will do: egui has nine for each quarter of a circle, and most of what is cut
//! of a drawing are faces.

use std::f32::consts::FRAC_PI_2;

use egui::emath::GuiRounding as _;
use egui::epaint::{PathShape, PathStroke, RectShape};
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, vec2};

/// The edge keeps so near to the circle, in pixels.
const NEAR: f32 = 0.2;
/// egui has few points for corners of a smaller radius, in points.
const LEAST_RADIUS: f32 = 3.0;

/// A face whose line lies within its frame.
pub(super) fn face(painter: &Painter, rect: Rect, radius: f32, fill: Color32, stroke: Stroke) -> Shape {
    let pixels_per_point = painter.pixels_per_point();
    let side = rect.size().min_elem();
    let radius = radius.min(side / 2.0);
    // So narrow a one is a line, which egui has rules for.
    if radius < LEAST_RADIUS || side <= 2.0 * stroke.width + 2.0 {
        return RectShape::new(rect, radius, fill, stroke, StrokeKind::Inside).into();
    }
    let rect = rect.round_to_pixels(pixels_per_point);
    let points = outline(rect, radius.min(rect.size().min_elem() / 2.0), NEAR / pixels_per_point);
    let stroke = PathStroke::from(stroke).inside();
    PathShape { points, closed: true, fill, stroke }.into()
}

/// The corners of a face, clockwise. `near`: how far the edge may be off the circle.
fn outline(rect: Rect, radius: f32, near: f32) -> Vec<Pos2> {
    // The ends of a quarter lie on the sides, and what is between them is pushed out by seven tenths of the sagitta: the edge is
    // then about as far outside the circle at its corners as inside it where a chord has an end of the quarter.
    let push = 0.7;
    // The sagitta of a chord that spans twice the angle `half` is r (1 - cos half).
    let half = (1.0 - near / push / radius).clamp(-1.0, 1.0).acos();
    let chords = (FRAC_PI_2 / (2.0 * half)).ceil().clamp(1.0, 32.0) as u16;
    let half = FRAC_PI_2 / f32::from(chords) / 2.0;
    let bulge = push * radius * (1.0 - half.cos());
    let inner = rect.shrink(radius);
    let centres = [inner.right_bottom(), inner.left_bottom(), inner.left_top(), inner.right_top()];
    let mut points = Vec::with_capacity(4 * (usize::from(chords) + 1));
    for (quarter, centre) in (0_u8..).zip(centres) {
        for step in 0..=chords {
            let turn = FRAC_PI_2 * (f32::from(quarter) + f32::from(step) / f32::from(chords));
            let is_end = step == 0 || step == chords;
            let reach = if is_end { radius } else { radius + bulge };
            points.push(centre + reach * vec2(turn.cos(), turn.sin()));
        }
    }
    // Where a side is all curve, two quarters have an end in common.
    let same = |a: &mut Pos2, b: &mut Pos2| a.distance_sq(*b) < 1e-4;
    points.dedup_by(|a, b| same(a, b));
    if points.len() > 1 && points[0].distance_sq(points[points.len() - 1]) < 1e-4 {
        points.pop();
    }
    points
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    /// How far outside a face with round corners a point is, or, where it is inside, less than nothing.
    fn outside(at: Pos2, rect: Rect, radius: f32) -> f32 {
        let from_middle = (at - rect.center()).abs() - (rect.size() / 2.0 - vec2(radius, radius));
        from_middle.max(vec2(0.0, 0.0)).length() + from_middle.max_elem().min(0.0) - radius
    }

    #[test]
    fn an_outline_keeps_near_the_circle_with_few_corners() {
        for (radius, most) in [(3.0, 12), (6.0, 16), (9.0, 20), (12.0, 20), (24.0, 28), (60.0, 44)] {
            let rect = Rect::from_min_size(pos2(10.0, 20.0), vec2(300.0, 140.0));
            let points = outline(rect, radius, NEAR);
            assert!(points.len() <= most, "{} at {radius}", points.len());
            for (at, next) in points.iter().zip(points.iter().cycle().skip(1)) {
                for share in [0.0, 0.25, 0.5, 0.75] {
                    let off = outside(at.lerp(*next, share), rect, radius);
                    assert!(off.abs() <= NEAR + 1e-3, "{off} at {radius}");
                }
            }
        }
    }

    #[test]
    fn the_sides_are_where_the_frame_is() {
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(80.0, 18.0));
        for radius in [4.0, 9.0] {
            let points = outline(rect, radius, NEAR);
            let top = points.iter().filter(|at| at.y.abs() < 1e-4).count();
            assert!(top >= 2, "{points:?}");
            assert!(points.windows(2).all(|pair| pair[0].distance(pair[1]) > 0.01), "{points:?}");
        }
    }
}
