//! The window's own small pictures, beside those of the scene.

use egui::{Color32, Painter, Rect, Stroke, StrokeKind, vec2};

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
        Glyph::Onward => {
            painter.line(vec![at(0.3, 0.1), at(0.72, 0.5), at(0.3, 0.9)], thin);
        }
        Glyph::Back => {
            painter.line(vec![at(0.7, 0.1), at(0.28, 0.5), at(0.7, 0.9)], thin);
        }
        Glyph::Up => {
            painter.line(vec![at(0.1, 0.7), at(0.5, 0.28), at(0.9, 0.7)], thin);
        }
        Glyph::Down => {
            painter.line(vec![at(0.1, 0.3), at(0.5, 0.72), at(0.9, 0.3)], thin);
        }
        Glyph::Cross => {
            painter.line_segment([at(0.15, 0.15), at(0.85, 0.85)], thin);
            painter.line_segment([at(0.85, 0.15), at(0.15, 0.85)], thin);
        }
    }
}
