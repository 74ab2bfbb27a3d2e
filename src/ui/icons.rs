//! The scene's small pictures in the window, and buttons with them.

use egui::{Color32, Painter, Rect, Stroke, pos2, vec2};

use super::canvas::painter::{Transform, paint_in};
use crate::scene::draw::icons;
use crate::scene::{self, Ink, Sheet};

pub(crate) use icons::Icon;

/// Draws a picture into a square.
pub(crate) fn draw(painter: &Painter, icon: Icon, rect: Rect, colour: Color32) {
    let mut sheet = Sheet::default();
    icons::draw(&mut sheet, icon, &scene::Rect::new(0.0, 0.0, rect.width(), rect.height()), Ink::Text);
    paint_in(painter, &sheet, Transform { origin: rect.min, zoom: 1.0 }, |_| colour);
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
