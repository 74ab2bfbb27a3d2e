//! Faces with round corners, of as few triangles as will do: egui has nine corners for each quarter of a circle, and paints
//! the line over the soft edge of the face. Most of what is cut of a drawing are faces.

use std::f32::consts::FRAC_PI_2;

use egui::emath::GuiRounding as _;
use egui::epaint::{Mesh, RectShape};
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, vec2};

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
    let corners = outline(rect, radius.min(rect.size().min_elem() / 2.0), NEAR / pixels_per_point);
    mesh(&corners, &rings(1.0 / pixels_per_point, fill, stroke), fill).into()
}

/// Where the colour of a face changes, from the outside to the inside: how far outside its edge, and to which colour.
/// Each change takes one pixel, as the soft edges of other shapes do.
fn rings(pixel: f32, fill: Color32, stroke: Stroke) -> Vec<(f32, Color32)> {
    let half = pixel / 2.0;
    let mut rings = vec![(half, Color32::TRANSPARENT)];
    if stroke.is_empty() {
        rings.push((-half, fill));
        return rings;
    }
    // A line thinner than a pixel is as much fainter.
    let share = (stroke.width / pixel).min(1.0);
    let (width, line) = (stroke.width.max(pixel), fill.blend(stroke.color.gamma_multiply(share)));
    rings.push((-half, line));
    if width > 1.01 * pixel {
        rings.push((half - width, line));
    }
    rings.push((-half - width, fill));
    rings
}

/// The triangles between the rings, and within the last one where there is anything to be seen.
fn mesh(corners: &[Corner], rings: &[(f32, Color32)], fill: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    let around = corners.len() as u32;
    mesh.reserve_vertices(corners.len() * rings.len());
    mesh.reserve_triangles(corners.len() * (2 * rings.len() - 1));
    for (outside, colour) in rings {
        corners.iter().for_each(|corner| mesh.colored_vertex(corner.at + *outside * corner.out, *colour));
    }
    for ring in 1..rings.len() as u32 {
        let (outer, inner) = ((ring - 1) * around, ring * around);
        for at in 0..around {
            let next = (at + 1) % around;
            mesh.add_triangle(outer + at, outer + next, inner + at);
            mesh.add_triangle(inner + at, outer + next, inner + next);
        }
    }
    if fill != Color32::TRANSPARENT {
        let last = (rings.len() as u32 - 1) * around;
        (2..around).for_each(|at| mesh.add_triangle(last, last + at - 1, last + at));
    }
    mesh
}

/// A corner of a face, and which way is out there.
#[derive(Debug, Clone, Copy)]
struct Corner {
    at: Pos2,
    out: Vec2,
}

/// The corners of a face, clockwise. `near`: how far the edge may be off the circle.
fn outline(rect: Rect, radius: f32, near: f32) -> Vec<Corner> {
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
            let out = vec2(turn.cos(), turn.sin());
            points.push(Corner { at: centre + reach * out, out });
        }
    }
    // Where a side is all curve, two quarters have an end in common.
    let same = |a: &Corner, b: &Corner| a.at.distance_sq(b.at) < 1e-4;
    points.dedup_by(|a, b| same(a, b));
    if points.len() > 1 && same(&points[0], &points[points.len() - 1]) {
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
            let points: Vec<Pos2> = outline(rect, radius, NEAR).iter().map(|corner| corner.at).collect();
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
            let points: Vec<Pos2> = outline(rect, radius, NEAR).iter().map(|corner| corner.at).collect();
            let top = points.iter().filter(|at| at.y.abs() < 1e-4).count();
            assert!(top >= 2, "{points:?}");
            assert!(points.windows(2).all(|pair| pair[0].distance(pair[1]) > 0.01), "{points:?}");
        }
    }

    /// How much of the ground a mesh covers: the sum of its triangles, each as far as it is opaque.
    fn covers(mesh: &Mesh) -> f32 {
        let area = |corners: &[u32]| {
            let [a, b, c] = [0, 1, 2].map(|at| mesh.vertices[corners[at] as usize]);
            let (u, v) = (b.pos - a.pos, c.pos - a.pos);
            let opaque = [a, b, c].iter().map(|corner| f32::from(corner.color.a()) / 255.0).sum::<f32>() / 3.0;
            assert!(u.x * v.y - u.y * v.x >= -1e-3, "none is turned over: {a:?} {b:?} {c:?}");
            (u.x * v.y - u.y * v.x).abs() / 2.0 * opaque
        };
        mesh.indices.chunks(3).map(area).sum()
    }

    #[test]
    fn a_face_covers_its_frame_once_whatever_its_line() {
        let (rect, radius) = (Rect::from_min_size(pos2(10.0, 20.0), vec2(300.0, 140.0)), 12.0);
        let area = rect.area() - (4.0 - std::f32::consts::PI) * radius * radius;
        let corners = outline(rect, radius, NEAR);
        for width in [0.0, 0.75, 1.0, 2.5] {
            let stroke = Stroke::new(width, Color32::RED);
            let covered = covers(&mesh(&corners, &rings(1.0, Color32::BLUE, stroke), Color32::BLUE));
            assert!((covered - area).abs() < 0.003 * area, "{covered} of {area} with a line of {width}");
            let empty = rings(1.0, Color32::TRANSPARENT, stroke);
            let line = covers(&mesh(&corners, &empty, Color32::TRANSPARENT));
            let all_around = 2.0 * (300.0 + 140.0) - 8.0 * radius + std::f32::consts::TAU * radius;
            assert!((line - width * all_around).abs() < 0.05 * all_around, "{line} with a line of {width}");
        }
    }
}
