//! Small pictures drawn with the painter, for no font has all of them.

use egui::epaint::PathShape;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

/// A picture that fits a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A flash: kill.
    Bolt,
    /// Two bars: pause.
    Bars,
    /// A triangle: run, resume.
    Triangle,
    /// A filled square: stop.
    Square,
    /// An arrow around: restart, reset.
    Around,
    /// A key: a session that the user carries.
    Key,
    /// A basket.
    Basket,
    /// An open door: logged out.
    Door,
    /// Stops on a path: the lessons.
    Path,
    /// Two boxes with a line between them: build.
    Boxes,
    /// A screen on its stand: present.
    Screen,
    /// Three lines: more.
    Lines,
    /// A tick: done.
    Tick,
    /// An arrow's point to the right: open further.
    Onward,
    /// A cross: put away.
    Cross,
}

/// Draws a picture into a square.
pub(crate) fn draw(painter: &Painter, icon: Icon, rect: Rect, colour: Color32) {
    let at = |x: f32, y: f32| -> Pos2 { pos2(rect.left() + x * rect.width(), rect.top() + y * rect.height()) };
    let thin = Stroke::new((rect.width() * 0.11).max(1.0), colour);
    let fill = |points: Vec<Pos2>| Shape::Path(PathShape::convex_polygon(points, colour, Stroke::NONE));
    match icon {
        // Two triangles, because a flash is not convex.
        Icon::Bolt => {
            painter.add(fill(vec![at(0.62, 0.02), at(0.16, 0.58), at(0.52, 0.58)]));
            painter.add(fill(vec![at(0.48, 0.42), at(0.84, 0.42), at(0.38, 0.98)]));
        }
        Icon::Bars => {
            painter.rect_filled(Rect::from_min_max(at(0.18, 0.12), at(0.40, 0.88)), 1.0, colour);
            painter.rect_filled(Rect::from_min_max(at(0.60, 0.12), at(0.82, 0.88)), 1.0, colour);
        }
        Icon::Triangle => {
            painter.add(fill(vec![at(0.2, 0.08), at(0.9, 0.5), at(0.2, 0.92)]));
        }
        Icon::Square => {
            painter.rect_filled(Rect::from_min_max(at(0.15, 0.15), at(0.85, 0.85)), 1.5, colour);
        }
        Icon::Around => around(painter, rect, thin),
        Icon::Key => {
            painter.circle_stroke(at(0.28, 0.5), rect.width() * 0.2, thin);
            painter.line_segment([at(0.48, 0.5), at(0.98, 0.5)], thin);
            painter.line_segment([at(0.92, 0.5), at(0.92, 0.78)], thin);
            painter.line_segment([at(0.72, 0.5), at(0.72, 0.7)], thin);
        }
        Icon::Basket => {
            painter.add(fill(vec![at(0.06, 0.42), at(0.94, 0.42), at(0.8, 0.95), at(0.2, 0.95)]));
            painter.line(vec![at(0.26, 0.42), at(0.36, 0.08), at(0.64, 0.08), at(0.74, 0.42)], thin);
        }
        Icon::Path => path(painter, rect, thin),
        Icon::Boxes => boxes(painter, rect, thin),
        Icon::Screen => screen(painter, rect, thin),
        Icon::Lines => {
            for y in [0.2, 0.5, 0.8] {
                painter.line_segment([at(0.05, y), at(0.95, y)], thin);
            }
        }
        Icon::Tick => {
            painter.line(vec![at(0.1, 0.55), at(0.4, 0.85), at(0.92, 0.18)], thin);
        }
        Icon::Onward => {
            painter.line(vec![at(0.3, 0.1), at(0.72, 0.5), at(0.3, 0.9)], thin);
        }
        Icon::Cross => {
            painter.line_segment([at(0.15, 0.15), at(0.85, 0.85)], thin);
            painter.line_segment([at(0.85, 0.15), at(0.15, 0.85)], thin);
        }
        Icon::Door => {
            painter.line(vec![at(0.2, 0.98), at(0.2, 0.04), at(0.8, 0.04), at(0.8, 0.98)], thin);
            painter.add(fill(vec![at(0.2, 0.04), at(0.56, 0.18), at(0.56, 0.98), at(0.2, 0.98)]));
        }
    }
}

fn path(painter: &Painter, rect: Rect, thin: Stroke) {
    let at = |x: f32, y: f32| rect.lerp_inside(vec2(x, y));
    painter.line_segment([at(0.2, 0.2), at(0.2, 0.8)], thin);
    for y in [0.16, 0.5, 0.84] {
        painter.circle_filled(at(0.2, y), rect.width() * 0.15, thin.color);
        painter.line_segment([at(0.52, y), at(1.0, y)], thin);
    }
}

fn boxes(painter: &Painter, rect: Rect, thin: Stroke) {
    let at = |x: f32, y: f32| rect.lerp_inside(vec2(x, y));
    for (from, to) in [(at(0.0, 0.05), at(0.42, 0.47)), (at(0.58, 0.53), at(1.0, 0.95))] {
        painter.rect_stroke(Rect::from_min_max(from, to), 1.5, thin, StrokeKind::Inside);
    }
    painter.line(vec![at(0.42, 0.26), at(0.79, 0.26), at(0.79, 0.53)], thin);
}

fn screen(painter: &Painter, rect: Rect, thin: Stroke) {
    let at = |x: f32, y: f32| rect.lerp_inside(vec2(x, y));
    painter.rect_stroke(Rect::from_min_max(at(0.0, 0.08), at(1.0, 0.72)), 1.5, thin, StrokeKind::Inside);
    painter.line_segment([at(0.5, 0.72), at(0.5, 0.94)], thin);
    painter.line_segment([at(0.24, 0.94), at(0.76, 0.94)], thin);
}

fn around(painter: &Painter, rect: Rect, stroke: Stroke) {
    let (centre, radius) = (rect.center(), rect.width() * 0.36);
    let on = |turn: f32| centre + radius * vec2(turn.cos(), turn.sin());
    let (from, to) = (-0.6_f32, 4.3_f32);
    let points = (0..=20).map(|step| on(from + (to - from) * step as f32 / 20.0)).collect();
    painter.line(points, stroke);
    let tip = on(from);
    let size = rect.width() * 0.26;
    let head = vec![tip + vec2(-size, -size * 0.1), tip + vec2(size * 0.35, size * 0.5), tip + vec2(size * 0.5, -size)];
    painter.add(Shape::Path(PathShape::convex_polygon(head, stroke.color, Stroke::NONE)));
}
