//! A button with a picture before its words. Its accessible name is its words, also where only the picture is shown.

use std::sync::Arc;

use egui::{Color32, FontId, Galley, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Widget, WidgetInfo};
use egui::{pos2, vec2};

use super::glyphs::{self, Glyph};
use super::style::RADIUS;
use super::theme::Palette;

/// Between picture and words.
const GAP: f32 = 7.0;

/// The button.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IconButton<'a> {
    icon: Glyph,
    text: &'a str,
    primary: bool,
    bare: bool,
    on: Option<bool>,
    ringed: bool,
    as_wide_as: &'a str,
}

impl<'a> IconButton<'a> {
    /// A button of ordinary weight.
    pub(crate) fn new(icon: impl Into<Glyph>, text: &'a str) -> Self {
        Self { icon: icon.into(), text, primary: false, bare: false, on: None, ringed: false, as_wide_as: "" }
    }

    /// The same, as what to press first of all.
    pub(crate) fn primary(self) -> Self {
        Self { primary: true, ..self }
    }

    /// The same, large or small as the room allows: a bare one shows only its picture.
    pub(crate) fn bare(self, bare: bool) -> Self {
        Self { bare, ..self }
    }

    /// The same, as a switch that is on or off.
    pub(crate) fn switch(self, on: bool) -> Self {
        Self { on: Some(on), ..self }
    }

    /// The same, with the ring that says: here.
    pub(crate) fn ringed(self, ringed: bool) -> Self {
        Self { ringed, ..self }
    }

    /// The same, with room for other words, so that nothing moves when it says them.
    pub(crate) fn as_wide_as(self, words: &'a str) -> Self {
        Self { as_wide_as: words, ..self }
    }

    /// The room that it takes.
    pub(crate) fn size(&self, ui: &Ui) -> Vec2 {
        let words = self.galley(ui, self.text).size();
        let height = if self.primary { 42.0 } else { 34.0 };
        if self.bare {
            return vec2(height + 4.0, height);
        }
        let width = words.x.max(self.galley(ui, self.as_wide_as).size().x);
        vec2(2.0 * self.margin() + self.icon_side(words.y) + GAP + width, height)
    }

    fn galley(&self, ui: &Ui, words: &str) -> Arc<Galley> {
        let font = FontId::proportional(if self.primary { 18.0 } else { 14.0 });
        ui.painter().layout_no_wrap(words.to_owned(), font, Color32::PLACEHOLDER)
    }

    fn margin(&self) -> f32 {
        if self.primary { 20.0 } else { 12.0 }
    }

    fn icon_side(&self, words_height: f32) -> f32 {
        if self.bare { 17.0 } else { words_height * 0.74 }
    }

    /// Face, edge and the colour of picture and words.
    fn colours(&self, ui: &Ui, response: &Response) -> (Color32, Stroke, Color32) {
        let palette = Palette::of(ui.ctx());
        let visuals = ui.style().interact(response);
        match (ui.is_enabled(), self.primary, self.on) {
            (true, true, _) => {
                let face = if response.hovered() { palette.accent.gamma_multiply(0.88) } else { palette.accent };
                (face, Stroke::NONE, palette.on_accent)
            }
            (true, false, Some(true)) => (palette.cell, Stroke::new(1.5, palette.accent), palette.accent),
            (true, false, _) if response.hovered() => (visuals.weak_bg_fill, visuals.bg_stroke, palette.text),
            (true, false, _) => (palette.cell, Stroke::new(1.0, palette.line), palette.text),
            (false, ..) => (palette.panel, Stroke::new(1.0, palette.line), palette.faint),
        }
    }
}

impl Widget for IconButton<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let galley = self.galley(ui, self.text);
        let (rect, response) = ui.allocate_exact_size(self.size(ui), Sense::click());
        let enabled = ui.is_enabled();
        response.widget_info(|| match self.on {
            Some(on) => WidgetInfo::selected(Role::Button, enabled, on, self.text),
            None => WidgetInfo::labeled(Role::Button, enabled, self.text),
        });
        let palette = Palette::of(ui.ctx());
        let (face, edge, colour) = self.colours(ui, &response);
        let painter = ui.painter();
        painter.rect(rect, RADIUS, face, edge, StrokeKind::Inside);
        if self.ringed && enabled {
            ring(ui, rect, palette.accent.gamma_multiply(0.45), 3.0);
        }
        if response.has_focus() {
            ring(ui, rect, palette.text, 2.0);
        }
        let side = self.icon_side(galley.size().y);
        let width = if self.bare { side } else { side + GAP + galley.size().x };
        let left = rect.center().x - width / 2.0;
        let at = pos2(left, rect.center().y - side / 2.0);
        glyphs::draw(painter, self.icon, Rect::from_min_size(at, Vec2::splat(side)), colour);
        if !self.bare {
            let at = pos2(left + side + GAP, rect.center().y - galley.size().y / 2.0);
            painter.galley(at, galley, colour);
        }
        response
    }
}

/// A small button that is only a picture. Whether it was clicked.
pub(crate) fn small(ui: &mut Ui, glyph: Glyph, name: &str, enabled: bool) -> bool {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(22.0, 22.0), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    let palette = Palette::of(ui.ctx());
    let (face, edge) = match enabled && response.hovered() {
        true => (palette.canvas, palette.line_strong),
        false => (palette.cell, palette.line),
    };
    ui.painter().rect(rect, RADIUS / 2, face, Stroke::new(1.0, edge), StrokeKind::Inside);
    let colour = if enabled { palette.text } else { palette.line_strong };
    glyphs::draw(ui.painter(), glyph, Rect::from_center_size(rect.center(), Vec2::splat(9.0)), colour);
    if response.has_focus() {
        ring(ui, rect.shrink(1.0), palette.text, 1.5);
    }
    response.on_hover_text(name).clicked()
}

/// A ring around something, outside of it.
pub(crate) fn ring(ui: &Ui, rect: Rect, colour: Color32, width: f32) {
    let radius = f32::from(RADIUS) + 1.0 + width;
    // What is ringed may stand at the very edge of its panel.
    let mut painter = ui.painter().clone();
    painter.set_clip_rect(ui.clip_rect().expand(6.0));
    painter.rect_stroke(rect.expand(1.0 + width), radius, Stroke::new(width, colour), StrokeKind::Inside);
}
