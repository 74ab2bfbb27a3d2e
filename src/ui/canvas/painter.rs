//! Paints a sheet of shapes in the window: the one of the two painters that knows egui. Text is laid out at its size on
//! the screen, so that it stays sharp.

use egui::epaint::{CubicBezierShape, PathShape, PathStroke, TextShape};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontFamily, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, vec2};

use super::crowd;
use crate::scene;
use crate::scene::paint::{self, Paint, Pen, Side};
use crate::ui::theme;

/// Below this size text is left out: it could not be read.
const LEAST_TEXT: f32 = 4.0;
/// No line is thinner: it could not be seen.
pub(super) const LEAST_WIDTH: f32 = 0.75;
/// Text sizes are rounded so that an octave of zoom has this many: sharp text, few glyphs to keep.
const TEXT_STEPS: f32 = 8.0;

/// From world units to points of the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Transform {
    /// Where the world's origin is.
    pub(crate) origin: Pos2,
    /// Points per unit.
    pub(crate) zoom: f32,
}

impl Transform {
    /// Where a point is.
    pub(crate) fn pos(&self, at: scene::Point) -> Pos2 {
        self.origin + self.zoom * vec2(at.x, at.y)
    }

    /// Where a rectangle is.
    pub(crate) fn rect(&self, rect: &scene::Rect) -> Rect {
        Rect::from_min_size(self.pos(rect.min), self.zoom * vec2(rect.size.w, rect.size.h))
    }

    fn stroke(&self, pen: Pen, colour: impl Fn(Paint) -> Color32) -> Stroke {
        Stroke::new((pen.width * self.zoom).max(LEAST_WIDTH), colour(pen.paint))
    }

    /// A text size, rounded down to one of a few.
    fn text(&self, size: f32) -> f32 {
        let steps = ((size * self.zoom).max(1.0).log2() * TEXT_STEPS).floor();
        (steps / TEXT_STEPS).exp2()
    }
}

/// Paints a sheet in the colours of the theme that is on.
pub(crate) fn paint(painter: &Painter, sheet: &scene::Sheet, transform: Transform) {
    let theme = theme::current(painter.ctx());
    paint_in(painter, sheet, transform, |paint| theme::colour(theme, paint));
}

/// Paints a sheet in colours of its own.
pub(crate) fn paint_in(
    painter: &Painter,
    sheet: &scene::Sheet,
    transform: Transform,
    colour: impl Fn(Paint) -> Color32 + Copy,
) {
    for shape in &sheet.shapes {
        one(painter, shape, transform, colour);
    }
}

fn one(painter: &Painter, shape: &scene::Shape, to: Transform, colour: impl Fn(Paint) -> Color32 + Copy) {
    let fill_of = |fill: &Option<Paint>| fill.map_or(Color32::TRANSPARENT, colour);
    match shape {
        scene::Shape::Rect { rect, radius, fill, pen } => {
            let rect = to.rect(rect);
            if !painter.clip_rect().intersects(rect) {
                return;
            }
            let radius = radius * to.zoom;
            match pen {
                Some(pen) if pen.dash.is_some() => {
                    painter.rect_filled(rect, radius, fill_of(fill));
                    dashed(painter, rect, *pen, to, colour);
                }
                Some(pen) => {
                    painter.rect(rect, radius, fill_of(fill), to.stroke(*pen, colour), StrokeKind::Inside);
                }
                None => {
                    painter.rect_filled(rect, radius, fill_of(fill));
                }
            }
        }
        scene::Shape::Circle { at, radius, fill, pen } => {
            let stroke = pen.map_or(Stroke::NONE, |pen| to.stroke(pen, colour));
            painter.circle(to.pos(*at), radius * to.zoom, fill_of(fill), stroke);
        }
        scene::Shape::Path { points, closed, fill, pen } => {
            let points: Vec<Pos2> = points.iter().map(|at| to.pos(*at)).collect();
            let stroke = pen.map_or(Stroke::NONE, |pen| to.stroke(pen, colour));
            if *closed {
                let stroke = PathStroke::from(stroke);
                painter.add(PathShape { points, closed: true, fill: fill_of(fill), stroke });
            } else if let Some((dash, gap)) = pen.and_then(|pen| pen.dash) {
                painter.extend(Shape::dashed_line(&points, stroke, dash * to.zoom, gap * to.zoom));
            } else {
                painter.line(points, stroke);
            }
        }
        scene::Shape::Curve { curve, pen } => {
            let points = [curve.from, curve.leaving, curve.arriving, curve.to].map(|at| to.pos(at));
            let stroke = to.stroke(*pen, colour);
            painter.add(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke));
        }
        scene::Shape::Text(text) => write(painter, text, to, colour),
        scene::Shape::Blocks(blocks) => crowd::blocks(painter, blocks, to, colour),
        scene::Shape::Lines(lines) => crowd::lines(painter, lines, to, colour),
        scene::Shape::Dots { radius, dots } => crowd::dots(painter, *radius, dots, to, colour),
    }
}

/// Draws a dashed frame; dashes do not follow round corners, which are short.
fn dashed(painter: &Painter, rect: Rect, pen: Pen, to: Transform, colour: impl Fn(Paint) -> Color32) {
    let Some((dash, gap)) = pen.dash else { return };
    let stroke = to.stroke(pen, colour);
    let rect = rect.shrink(stroke.width / 2.0);
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    painter.extend(Shape::dashed_line(&corners, stroke, dash * to.zoom, gap * to.zoom));
}

fn write(painter: &Painter, text: &paint::Text, to: Transform, colour: impl Fn(Paint) -> Color32) {
    let size = to.text(text.size);
    if size < LEAST_TEXT {
        return;
    }
    let font = FontId::new(size, FontFamily::Proportional);
    let mut job = LayoutJob::default();
    if let Some(room) = text.room {
        job.wrap = TextWrapping::truncate_at_width(room * to.zoom);
    }
    for run in &text.runs {
        let ink = colour(run.paint);
        let strikethrough = if run.struck { Stroke::new((size * 0.1).max(1.0), ink) } else { Stroke::NONE };
        job.append(
            &run.text,
            0.0,
            TextFormat { font_id: font.clone(), color: ink, strikethrough, ..TextFormat::default() },
        );
    }
    let galley = painter.layout_job(job);
    let at = to.pos(text.at);
    let left = match text.side {
        Side::Left => at.x,
        Side::Middle => at.x - galley.size().x / 2.0,
        Side::Right => at.x - galley.size().x,
    };
    let corner = egui::pos2(left, at.y - galley.size().y / 2.0);
    if painter.clip_rect().intersects(Rect::from_min_size(corner, galley.size())) {
        painter.add(TextShape::new(corner, galley, Color32::PLACEHOLDER));
    }
}
