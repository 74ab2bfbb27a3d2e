//! Paints a drawing in small into a frame.

use egui::epaint::CubicBezierShape;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2};

use crate::scene::{self, Miniature, Paint, Pen, Theme};
use crate::ui::theme;

/// Paints it as large as the frame allows, in its middle.
pub(super) fn show(painter: &Painter, frame: Rect, miniature: &Miniature) {
    let world = miniature.bounds;
    let zoom = (frame.width() / world.size.w).min(frame.height() / world.size.h);
    let centre = world.center();
    let pen = Small { frame, zoom, centre, theme: theme::theme(painter.ctx()) };
    for shape in &miniature.sheet.shapes {
        pen.paint(painter, shape);
    }
}

/// From the world to the frame.
struct Small {
    frame: Rect,
    zoom: f32,
    centre: scene::Point,
    theme: Theme,
}

impl Small {
    fn pos(&self, at: scene::Point) -> Pos2 {
        let middle = self.frame.center();
        pos2(middle.x + (at.x - self.centre.x) * self.zoom, middle.y + (at.y - self.centre.y) * self.zoom)
    }

    fn fill(&self, paint: Option<Paint>) -> Color32 {
        paint.map_or(Color32::TRANSPARENT, |paint| theme::colour(self.theme.colour(paint)))
    }

    fn stroke(&self, pen: Option<Pen>) -> Stroke {
        pen.map_or(Stroke::NONE, |pen| Stroke::new((pen.width * self.zoom).max(0.75), self.fill(Some(pen.paint))))
    }

    fn line(&self, painter: &Painter, points: &[Pos2], pen: Pen) {
        let stroke = self.stroke(Some(pen));
        match pen.dash {
            Some((dash, gap)) => {
                painter.extend(Shape::dashed_line(points, stroke, dash * self.zoom, gap * self.zoom));
            }
            None => {
                painter.line(points.to_vec(), stroke);
            }
        }
    }

    fn paint(&self, painter: &Painter, shape: &scene::Shape) {
        match shape {
            scene::Shape::Rect { rect, radius, fill, pen } => {
                let far = scene::Point::new(rect.right(), rect.bottom());
                let frame = Rect::from_min_max(self.pos(rect.min), self.pos(far));
                let whole = pen.filter(|pen| pen.dash.is_none());
                painter.rect(frame, radius * self.zoom, self.fill(*fill), self.stroke(whole), StrokeKind::Inside);
                if let Some(pen) = pen.filter(|pen| pen.dash.is_some()) {
                    let corners = [frame.left_top(), frame.right_top(), frame.right_bottom(), frame.left_bottom()];
                    self.line(painter, &[&corners[..], &corners[..1]].concat(), pen);
                }
            }
            scene::Shape::Circle { at, radius, fill, pen } => {
                painter.circle(self.pos(*at), radius * self.zoom, self.fill(*fill), self.stroke(*pen));
            }
            scene::Shape::Path { points, pen, .. } => {
                let points: Vec<Pos2> = points.iter().map(|at| self.pos(*at)).collect();
                if let Some(pen) = pen {
                    self.line(painter, &points, *pen);
                }
            }
            scene::Shape::Curve { curve, pen } => {
                let points = [curve.from, curve.leaving, curve.arriving, curve.to].map(|at| self.pos(at));
                if pen.dash.is_some() {
                    let points: Vec<Pos2> = curve.points(12).into_iter().map(|at| self.pos(at)).collect();
                    self.line(painter, &points, *pen);
                } else {
                    let stroke = self.stroke(Some(*pen));
                    painter.add(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke));
                }
            }
            // Too small to be read.
            scene::Shape::Text(_) => {}
        }
    }
}
