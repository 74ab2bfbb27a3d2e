//! The window's own small pictures, beside those of the scene.

use egui::{Color32, Painter, Pos2, Rect, Stroke, StrokeKind, vec2};

use super::icons::{self, Icon};

/// A picture that fits a square.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    /// One of the scene.
    Scene(Icon),
    /// Stops on a path: the lessons.
    Path,
    /// Two boxes with a line between them: build.
    Boxes,
    /// Two halves of one frame: compare.
    Halves,
    /// A screen on its stand: present.
    Screen,
    /// Three lines: more.
    Lines,
    /// A tick: done.
    Tick,
    /// An arrow's point to the right: open further.
    Onward,
    /// An arrow's point to the left: back.
    Back,
    /// A cross: put away.
    Cross,
    /// An arrow that turns back: undo.
    Undo,
    /// An arrow that turns on: redo.
    Redo,
    /// A lens: search.
    Lens,
    /// A plus: larger.
    Plus,
    /// A minus: smaller.
    Minus,
    /// A triangle with a mark of exclamation: a problem.
    Problem,
    /// An arrow's point upwards: before.
    Up,
    /// An arrow's point downwards: after.
    Down,
}

impl From<Icon> for Glyph {
    fn from(icon: Icon) -> Self {
        Self::Scene(icon)
    }
}

/// Draws a picture into a square.
pub(crate) fn draw(painter: &Painter, glyph: Glyph, rect: Rect, colour: Color32) {
    let at = |x: f32, y: f32| rect.lerp_inside(vec2(x, y));
    let thin = Stroke::new((rect.width() * 0.11).max(1.0), colour);
    let frame = |from: (f32, f32), to: (f32, f32)| {
        let frame = Rect::from_min_max(at(from.0, from.1), at(to.0, to.1));
        painter.rect_stroke(frame, 1.5, thin, StrokeKind::Inside);
    };
    match glyph {
        Glyph::Scene(icon) => icons::draw(painter, icon, rect, colour),
        Glyph::Path => {
            painter.line_segment([at(0.2, 0.2), at(0.2, 0.8)], thin);
            for y in [0.16, 0.5, 0.84] {
                painter.circle_filled(at(0.2, y), rect.width() * 0.15, colour);
                painter.line_segment([at(0.52, y), at(1.0, y)], thin);
            }
        }
        Glyph::Boxes => {
            frame((0.0, 0.05), (0.42, 0.47));
            frame((0.58, 0.53), (1.0, 0.95));
            painter.line(vec![at(0.42, 0.26), at(0.79, 0.26), at(0.79, 0.53)], thin);
        }
        Glyph::Halves => {
            frame((0.0, 0.1), (1.0, 0.9));
            painter.line_segment([at(0.5, 0.1), at(0.5, 0.9)], thin);
        }
        Glyph::Screen => {
            frame((0.0, 0.08), (1.0, 0.72));
            painter.line_segment([at(0.5, 0.72), at(0.5, 0.94)], thin);
            painter.line_segment([at(0.24, 0.94), at(0.76, 0.94)], thin);
        }
        Glyph::Lines => {
            for y in [0.2, 0.5, 0.8] {
                painter.line_segment([at(0.05, y), at(0.95, y)], thin);
            }
        }
        Glyph::Tick => {
            painter.line(vec![at(0.1, 0.55), at(0.4, 0.85), at(0.92, 0.18)], thin);
        }
        Glyph::Onward => arrow(painter, thin, [at(0.3, 0.1), at(0.72, 0.5), at(0.3, 0.9)]),
        Glyph::Back => arrow(painter, thin, [at(0.7, 0.1), at(0.28, 0.5), at(0.7, 0.9)]),
        Glyph::Up => arrow(painter, thin, [at(0.1, 0.7), at(0.5, 0.28), at(0.9, 0.7)]),
        Glyph::Down => arrow(painter, thin, [at(0.1, 0.3), at(0.5, 0.72), at(0.9, 0.3)]),
        Glyph::Cross => {
            painter.line_segment([at(0.15, 0.15), at(0.85, 0.85)], thin);
            painter.line_segment([at(0.85, 0.15), at(0.15, 0.85)], thin);
        }
        Glyph::Undo => turn(painter, rect, thin, |x| x),
        Glyph::Redo => turn(painter, rect, thin, |x| 1.0 - x),
        Glyph::Lens => {
            painter.circle_stroke(at(0.42, 0.42), rect.width() * 0.32, thin);
            painter.line_segment([at(0.66, 0.66), at(0.95, 0.95)], thin);
        }
        Glyph::Plus => {
            painter.line_segment([at(0.1, 0.5), at(0.9, 0.5)], thin);
            painter.line_segment([at(0.5, 0.1), at(0.5, 0.9)], thin);
        }
        Glyph::Minus => {
            painter.line_segment([at(0.1, 0.5), at(0.9, 0.5)], thin);
        }
        Glyph::Problem => {
            painter.line(vec![at(0.5, 0.08), at(0.97, 0.92), at(0.03, 0.92), at(0.5, 0.08)], thin);
            painter.line_segment([at(0.5, 0.38), at(0.5, 0.62)], thin);
            painter.circle_filled(at(0.5, 0.77), rect.width() * 0.06, colour);
        }
    }
}

/// An arrow's point through these three places.
fn arrow(painter: &Painter, thin: Stroke, places: [Pos2; 3]) {
    painter.line(places.to_vec(), thin);
}

/// An arrow that turns around; mirrored by what is done to its x.
fn turn(painter: &Painter, rect: Rect, thin: Stroke, x: impl Fn(f32) -> f32) {
    let at = |across: f32, down: f32| rect.lerp_inside(vec2(x(across), down));
    painter.line(vec![at(0.4, 0.1), at(0.1, 0.38), at(0.4, 0.66)], thin);
    painter.line(vec![at(0.1, 0.38), at(0.62, 0.38), at(0.85, 0.5), at(0.9, 0.68), at(0.8, 0.86), at(0.5, 0.92)], thin);
}
