//! The presets, as a path of cards in lesson order.

use egui::{Align2, FontId, Rect, Role, ScrollArea, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::Inputs;
use super::action::Action;
use super::theme::{CELL_RADIUS, Palette};

/// One preset that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name on the command line.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it shows, in a line or two.
    pub summary: String,
}

/// Which of the gallery's entries was chosen, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice(pub usize);

/// Draws the gallery.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    ui.label(egui::RichText::new("Lessons").size(13.0).color(palette.faint));
    ui.add_space(2.0);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        for (at, entry) in inputs.gallery.iter().enumerate() {
            if card(ui, at, entry, inputs.chosen == Some(at)) {
                actions.push(Action::Choose(Choice(at)));
            }
            ui.add_space(2.0);
        }
    });
}

fn card(ui: &mut Ui, at: usize, entry: &Entry, chosen: bool) -> bool {
    let palette = Palette::of(ui.ctx());
    let width = ui.available_width();
    let text_width = width - 50.0;
    let title = ui.painter().layout(entry.title.clone(), FontId::proportional(14.0), palette.text, text_width);
    let mut job =
        egui::text::LayoutJob::simple(entry.summary.clone(), FontId::proportional(12.0), palette.faint, text_width);
    job.wrap.max_rows = 4;
    let summary = ui.painter().layout_job(job);
    let height = (title.size().y + summary.size().y + 22.0).max(48.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, format!("preset {}", entry.title)));
    let (face, edge) = match (chosen, response.hovered() || response.has_focus()) {
        (true, _) => (palette.cell, egui::Stroke::new(2.0, palette.accent)),
        (false, true) => (palette.cell, egui::Stroke::new(1.0, palette.line_strong)),
        (false, false) => (palette.card, egui::Stroke::new(1.0, palette.line)),
    };
    let painter = ui.painter();
    painter.rect(rect, CELL_RADIUS, face, edge, StrokeKind::Inside);
    let badge = Rect::from_center_size(pos2(rect.left() + 21.0, rect.top() + 22.0), vec2(24.0, 24.0));
    let (fill, text) = if chosen { (palette.accent, palette.on_accent) } else { (palette.canvas, palette.faint) };
    painter.circle_filled(badge.center(), 12.0, fill);
    painter.text(badge.center(), Align2::CENTER_CENTER, at + 1, FontId::proportional(13.0), text);
    let left = rect.left() + 41.0;
    let below = rect.top() + 11.0 + title.size().y;
    painter.galley(pos2(left, rect.top() + 9.0), title, palette.text);
    painter.galley(pos2(left, below), summary, palette.faint);
    response.on_hover_text(&entry.summary).clicked()
}
