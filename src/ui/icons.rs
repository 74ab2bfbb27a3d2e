//! Small pictures drawn with the painter, for no font has all of them.

use egui::epaint::PathShape;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

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
        Icon::Door => {
            painter.line(vec![at(0.2, 0.98), at(0.2, 0.04), at(0.8, 0.04), at(0.8, 0.98)], thin);
            painter.add(fill(vec![at(0.2, 0.04), at(0.56, 0.18), at(0.56, 0.98), at(0.2, 0.98)]));
        }
    }
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

/// A button with a picture before its words, with the same accessible name as its words.
pub(crate) struct IconButton<'a> {
    /// The picture.
    pub(crate) icon: Icon,
    /// The words.
    pub(crate) text: &'a str,
    /// Whether it is what to press first.
    pub(crate) primary: bool,
}

impl egui::Widget for IconButton<'_> {
    fn ui(self, ui: &mut egui::Ui) -> egui::Response {
        let palette = super::theme::Palette::of(ui.ctx());
        let height = if self.primary { 34.0 } else { 30.0 };
        let font = egui::FontId::proportional(if self.primary { 16.0 } else { 14.0 });
        let galley = ui.painter().layout_no_wrap(self.text.to_owned(), font, Color32::PLACEHOLDER);
        let icon_size = galley.size().y * 0.72;
        let margin = if self.primary { 18.0 } else { 10.0 };
        let size = vec2(2.0 * margin + icon_size + 7.0 + galley.size().x, height);
        let (rect, response) = ui.allocate_exact_size(size, egui::Sense::click());
        let enabled = ui.is_enabled();
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, enabled, self.text));
        let visuals = ui.style().interact(&response);
        let (face, edge, colour) = if self.primary && enabled {
            let face = if response.hovered() { palette.accent.gamma_multiply(0.88) } else { palette.accent };
            (face, Stroke::NONE, palette.on_accent)
        } else {
            let colour = if enabled { palette.text } else { palette.faint };
            (visuals.weak_bg_fill, visuals.bg_stroke, colour)
        };
        let painter = ui.painter();
        painter.rect(rect, 7.0, face, edge, egui::StrokeKind::Inside);
        if response.has_focus() {
            painter.rect_stroke(rect.expand(2.0), 9.0, Stroke::new(2.0, palette.accent), egui::StrokeKind::Inside);
        }
        let icon_at = pos2(rect.left() + margin, rect.center().y - icon_size / 2.0);
        draw(painter, self.icon, Rect::from_min_size(icon_at, vec2(icon_size, icon_size)), colour);
        let text_at = pos2(icon_at.x + icon_size + 7.0, rect.center().y - galley.size().y / 2.0);
        painter.galley(text_at, galley, colour);
        response
    }
}
