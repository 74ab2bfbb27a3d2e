//! Dots: shape first, colour second.

use egui::{Color32, Pos2, Shape, Stroke, pos2, vec2};

use super::brush::Brush;
use crate::scene::Look;
use crate::scene::dots::Dots;
use crate::ui::theme::DOT_RADIUS;

/// Draws all dots.
pub(super) fn show(brush: &Brush<'_>, dots: &Dots) {
    // A dot must be seen from the back of the room, however far out the canvas is zoomed.
    let radius = brush.len(DOT_RADIUS).max(4.0);
    for dot in &dots.dots {
        shape(brush, brush.pos(dot.at()), radius, dot.look(), dot.opacity());
    }
}

/// Draws one dot; the legend draws the same.
pub(super) fn shape(brush: &Brush<'_>, at: Pos2, radius: f32, look: Look, opacity: f32) {
    let painter = &brush.painter;
    let colour = brush.palette.look(look).gamma_multiply(opacity);
    let halo = brush.palette.card.gamma_multiply(opacity);
    match look {
        Look::Ok => {
            painter.circle(at, radius, colour, Stroke::new(1.2, halo));
        }
        Look::Retried => {
            painter.circle(at, radius + 0.5, halo, Stroke::new(radius * 0.42, colour));
            painter.circle_filled(at, radius * 0.36, colour);
        }
        Look::Degraded => {
            let edge = Stroke::new(1.2, brush.palette.degraded_edge.gamma_multiply(opacity));
            painter.add(Shape::convex_polygon(triangle(at, radius * 1.35), colour, edge));
        }
        Look::Failed => cross(brush, at, radius * 1.15, colour, halo),
        Look::Lost => hollow(brush, at, radius * 1.15, colour, halo),
    }
}

fn triangle(at: Pos2, radius: f32) -> Vec<Pos2> {
    vec![at + vec2(0.0, -radius), at + vec2(radius * 0.9, radius * 0.65), at + vec2(-radius * 0.9, radius * 0.65)]
}

fn cross(brush: &Brush<'_>, at: Pos2, radius: f32, colour: Color32, halo: Color32) {
    for stroke in [Stroke::new(radius * 0.95, halo), Stroke::new(radius * 0.5, colour)] {
        let arm = vec2(radius, radius) * 0.85;
        brush.painter.line_segment([at - arm, at + arm], stroke);
        brush.painter.line_segment([at - arm.rot90(), at + arm.rot90()], stroke);
    }
}

/// A square outline with a gap at its lower right: something is missing.
fn hollow(brush: &Brush<'_>, at: Pos2, radius: f32, colour: Color32, halo: Color32) {
    let r = radius;
    brush.painter.rect_filled(egui::Rect::from_center_size(at, vec2(2.6 * r, 2.6 * r)), 2.0, halo);
    let points = vec![
        pos2(at.x + r, at.y + r * 0.1),
        pos2(at.x + r, at.y - r),
        pos2(at.x - r, at.y - r),
        pos2(at.x - r, at.y + r),
        pos2(at.x + r * 0.1, at.y + r),
    ];
    brush.painter.line(points, Stroke::new(r * 0.42, colour));
}
