//! Draws in world units at the camera's zoom: text is laid out at its size on the screen, so that it stays sharp.

use std::sync::Arc;

use egui::epaint::CubicBezierShape;
use egui::{Align2, Color32, FontFamily, FontId, Galley, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, vec2};

use super::camera::Camera;
use crate::scene;
use crate::ui::theme::Palette;

/// Below this size text is left out: it could not be read.
const LEAST_TEXT: f32 = 5.0;

/// A painter with the camera in hand.
pub(crate) struct Brush<'a> {
    /// Draws.
    pub(crate) painter: Painter,
    /// The canvas on the screen.
    pub(crate) frame: Rect,
    /// The view.
    pub(crate) camera: Camera,
    /// The colours.
    pub(crate) palette: &'a Palette,
}

impl Brush<'_> {
    /// A length on the screen.
    pub(crate) fn len(&self, length: f32) -> f32 {
        length * self.camera.zoom()
    }

    /// A place on the screen.
    pub(crate) fn pos(&self, at: scene::Point) -> Pos2 {
        self.camera.pos(self.frame, at)
    }

    /// A rectangle on the screen.
    pub(crate) fn rect(&self, rect: &scene::Rect) -> Rect {
        self.camera.rect(self.frame, rect)
    }

    /// Whether a rectangle of the screen is seen at all.
    pub(crate) fn sees(&self, rect: Rect) -> bool {
        self.painter.clip_rect().intersects(rect)
    }

    /// A line's thickness on the screen: never thinner than can be seen.
    pub(crate) fn stroke(&self, width: f32, colour: Color32) -> Stroke {
        Stroke::new((width * self.camera.zoom()).max(0.75), colour)
    }

    /// Lays a line of text out.
    pub(crate) fn layout(&self, text: impl ToString, size: f32, colour: Color32) -> Arc<Galley> {
        let font = FontId::new(self.camera.text(size), FontFamily::Proportional);
        self.painter.layout_no_wrap(text.to_string(), font, colour)
    }

    /// Writes a line of text, and says where it ended up. `at` is on the screen.
    pub(crate) fn text(&self, at: Pos2, anchor: Align2, text: impl ToString, size: f32, colour: Color32) -> Rect {
        if self.camera.text(size) < LEAST_TEXT {
            return Rect::from_min_size(at, vec2(0.0, 0.0));
        }
        let galley = self.layout(text, size, colour);
        let rect = anchor.anchor_size(at, galley.size());
        self.painter.galley(rect.min, galley, colour);
        rect
    }

    /// Draws a face with a solid frame.
    pub(crate) fn face(&self, rect: Rect, radius: f32, fill: Color32, stroke: Stroke) {
        self.painter.rect(rect, self.len(radius), fill, stroke, StrokeKind::Inside);
    }

    /// Draws a dashed frame. `dash` and `gap` in world units.
    pub(crate) fn dashed(&self, rect: Rect, stroke: Stroke, dash: f32, gap: f32) {
        let rect = rect.shrink(stroke.width / 2.0);
        let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
        self.painter.extend(Shape::dashed_line(&corners, stroke, self.len(dash), self.len(gap)));
    }

    /// Fills a rectangle with slanted lines.
    pub(crate) fn hatch(&self, rect: Rect, colour: Color32) {
        let painter = self.painter.with_clip_rect(self.painter.clip_rect().intersect(rect));
        let step = self.len(9.0).max(4.0);
        let stroke = self.stroke(1.0, colour);
        let mut x = rect.left() - rect.height();
        while x < rect.right() {
            painter.line_segment([egui::pos2(x, rect.bottom()), egui::pos2(x + rect.height(), rect.top())], stroke);
            x += step;
        }
    }

    /// Draws a curve.
    pub(crate) fn curve(&self, curve: &scene::Curve, stroke: Stroke) {
        let points = [curve.from, curve.leaving, curve.arriving, curve.to].map(|at| self.pos(at));
        self.painter.add(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke));
    }

    /// Draws a piece of a curve, from one share of it to another.
    pub(crate) fn part(&self, curve: &scene::Curve, from: f32, to: f32, stroke: Stroke) {
        let points = (0..=16).map(|step| self.pos(curve.at(from + (to - from) * step as f32 / 16.0))).collect();
        self.painter.line(points, stroke);
    }
}
