//! Paints a sheet of shapes in the window: the one of the two painters that knows egui. Text is laid out at its size on
//! the screen, so that it stays sharp.

use std::sync::Arc;

use egui::epaint::{CircleShape, PathShape, PathStroke, TextShape};
use egui::{Color32, Galley, Painter, Pos2, Rect, Shape, Stroke, vec2};

use super::crowd::{self, Crowd};
use super::letters::{self, Letters, Style};
use super::round;
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
    painter.extend(shapes(painter, sheet, transform, colour));
}

/// The shapes of a sheet, in colours of its own.
pub(crate) fn shapes(
    painter: &Painter,
    sheet: &scene::Sheet,
    transform: Transform,
    colour: impl Fn(Paint) -> Color32 + Copy,
) -> Vec<Shape> {
    let mut easel = Easel::new(painter, transform, Memory::default());
    easel.draw(sheet, colour);
    easel.shapes
}

/// Where a sheet becomes shapes of the window.
pub(super) struct Easel<'a> {
    painter: &'a Painter,
    to: Transform,
    /// What has been drawn.
    pub(super) shapes: Vec<Shape>,
    pub(super) memory: Memory,
}

/// What one frame leaves to the next, which needs as much again.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The dots.
    pub(super) dots: Crowd,
    pub(super) letters: Letters,
}

impl<'a> Easel<'a> {
    pub(super) fn new(painter: &'a Painter, to: Transform, memory: Memory) -> Self {
        Self { painter, to, shapes: Vec::new(), memory }
    }

    /// Adds what is on a sheet.
    pub(super) fn draw(&mut self, sheet: &scene::Sheet, colour: impl Fn(Paint) -> Color32 + Copy) {
        for shape in &sheet.shapes {
            self.one(shape, colour);
        }
    }

    fn one(&mut self, shape: &scene::Shape, colour: impl Fn(Paint) -> Color32 + Copy) {
        let (to, clip) = (self.to, self.painter.clip_rect());
        let fill_of = |fill: &Option<Paint>| fill.map_or(Color32::TRANSPARENT, colour);
        match shape {
            scene::Shape::Rect { rect, radius, fill, pen } => {
                let rect = to.rect(rect);
                if !clip.intersects(rect) {
                    return;
                }
                let radius = radius * to.zoom;
                let whole = pen.filter(|pen| pen.dash.is_none());
                let stroke = whole.map_or(Stroke::NONE, |pen| to.stroke(pen, colour));
                self.shapes.push(round::face(self.painter, rect, radius, fill_of(fill), stroke));
                if let Some(pen) = pen.filter(|pen| pen.dash.is_some()) {
                    self.dashed(rect, pen, colour);
                }
            }
            scene::Shape::Circle { at, radius, fill, pen } => {
                let stroke = pen.map_or(Stroke::NONE, |pen| to.stroke(pen, colour));
                let circle = CircleShape { center: to.pos(*at), radius: radius * to.zoom, fill: fill_of(fill), stroke };
                self.shapes.push(circle.into());
            }
            scene::Shape::Path { points, closed, fill, pen } => {
                let points: Vec<Pos2> = points.iter().map(|at| to.pos(*at)).collect();
                let stroke = pen.map_or(Stroke::NONE, |pen| to.stroke(pen, colour));
                if *closed {
                    let stroke = PathStroke::from(stroke);
                    self.shapes.push(PathShape { points, closed: true, fill: fill_of(fill), stroke }.into());
                } else if let Some((dash, gap)) = pen.and_then(|pen| pen.dash) {
                    self.shapes.extend(Shape::dashed_line(&points, stroke, dash * to.zoom, gap * to.zoom));
                } else {
                    self.shapes.push(Shape::line(points, stroke));
                }
            }
            scene::Shape::Curve { curve, pen } => {
                let points = [curve.from, curve.leaving, curve.arriving, curve.to].map(|at| to.pos(at));
                crowd::curve(self.painter, &mut self.shapes, points, to.stroke(*pen, colour));
            }
            scene::Shape::Text(text) => self.write(text, colour),
            scene::Shape::Blocks(blocks) => self.shapes.push(crowd::blocks(clip, blocks, to, colour)),
            scene::Shape::Lines(lines) => self.shapes.extend(crowd::lines(self.painter.ctx(), lines, to, colour)),
            scene::Shape::Dots { radius, dots } => {
                self.shapes.push(self.memory.dots.paint(self.painter, *radius, dots, to, colour));
            }
        }
    }

    /// Adds a dashed frame; dashes do not follow round corners, which are short.
    fn dashed(&mut self, rect: Rect, pen: Pen, colour: impl Fn(Paint) -> Color32) {
        let Some((dash, gap)) = pen.dash else { return };
        let stroke = self.to.stroke(pen, colour);
        let rect = rect.shrink(stroke.width / 2.0);
        let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
        self.shapes.extend(Shape::dashed_line(&corners, stroke, dash * self.to.zoom, gap * self.to.zoom));
    }

    fn write(&mut self, text: &paint::Text, colour: impl Fn(Paint) -> Color32) {
        let size = self.to.text(text.size);
        if size < LEAST_TEXT {
            return;
        }
        let room = text.room.map(|room| room * self.to.zoom);
        let galleys = self.galleys(text, size, room, colour);
        let width: f32 = galleys.iter().map(|galley| galley.size().x).sum();
        let at = self.to.pos(text.at);
        let mut left = match text.side {
            Side::Left => at.x,
            Side::Middle => at.x - width / 2.0,
            Side::Right => at.x - width,
        };
        for galley in galleys {
            let corner = egui::pos2(left, at.y - galley.size().y / 2.0);
            left += galley.size().x;
            if self.painter.clip_rect().intersects(Rect::from_min_size(corner, galley.size())) {
                self.shapes.push(TextShape::new(corner, galley, Color32::PLACEHOLDER).into());
            }
        }
    }

    /// A line of text: each of its parts alone, so that a number that changes lets its unit be; all as one where they have
    /// too little room.
    fn galleys(
        &mut self,
        text: &paint::Text,
        size: f32,
        room: Option<f32>,
        colour: impl Fn(Paint) -> Color32,
    ) -> Vec<Arc<Galley>> {
        let style = |run: &paint::Run, room| Style::new(size, colour(run.paint), run.struck, room);
        let letters = &mut self.memory.letters;
        if let [run] = &text.runs[..] {
            return vec![letters.line(self.painter, &run.text, style(run, room))];
        }
        let alone: Vec<_> =
            text.runs.iter().map(|run| letters.line(self.painter, &run.text, style(run, None))).collect();
        let width: f32 = alone.iter().map(|galley| galley.size().x).sum();
        if room.is_none_or(|room| width <= room) {
            return alone;
        }
        let runs = text.runs.iter().map(|run| (run.text.as_str(), style(run, None)));
        vec![letters::joint(self.painter, runs, room)]
    }
}
