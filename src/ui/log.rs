//! The event log: what happened, in order, in words.

use egui::{RichText, ScrollArea, Ui};

use crate::control::snapshot::{LogEntry, LogLevel};

use super::Inputs;
use super::theme::Palette;

/// Draws the log; the newest line is in sight.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>) {
    let palette = Palette::of(ui.ctx());
    let log = &inputs.shown.log;
    if log.is_empty() {
        ui.label(RichText::new("Nothing has happened yet.").color(palette.faint));
        return;
    }
    // As high as a line of text is, not as something that is pressed.
    let row = ui.text_style_height(&egui::TextStyle::Body);
    ui.spacing_mut().interact_size.y = row;
    ui.spacing_mut().item_spacing.y = 2.0;
    ScrollArea::vertical().auto_shrink(false).stick_to_bottom(true).show_rows(ui, row, log.len(), |ui, rows| {
        for entry in log.get(rows).unwrap_or_default() {
            line(ui, entry, inputs.shown.started_us, palette);
        }
    });
}

fn line(ui: &mut Ui, entry: &LogEntry, started_us: Option<u64>, palette: &Palette) {
    let since = entry.at_us as f64 / 1e6 - started_us.unwrap_or(0) as f64 / 1e6;
    let colour = match entry.level {
        LogLevel::Info => palette.text,
        LogLevel::Fault => palette.accent,
        LogLevel::Harm => palette.failed,
    };
    ui.horizontal(|ui| {
        ui.label(RichText::new(format!("{since:6.1} s")).monospace().color(palette.faint));
        ui.add(egui::Label::new(RichText::new(&entry.text).size(13.0).color(colour)).truncate())
            .on_hover_text(&entry.text);
    });
}
