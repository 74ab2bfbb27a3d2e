//! What a finished run was to show, and whether it did, in words; and what its databases held.

use egui::{Label, RichText, ScrollArea, Ui};

use crate::control::Snapshot;
use crate::ui::theme::Palette;

/// Draws the verdict: a line for each expectation, for side by side they would be cut, after one for each audit.
pub(super) fn show(ui: &mut Ui, shown: &Snapshot) {
    let palette = Palette::of(ui.ctx());
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 1.0);
        ui.spacing_mut().interact_size.y = 0.0;
        for audit in shown.report.iter().flat_map(|report| &report.audits) {
            let colour = if audit.unmatched == Some(0) { palette.ok } else { palette.failed };
            line(ui, "audited", colour, &format!("{}: {}", audit.name, audit.found()));
        }
        for expectation in shown.expectations.iter() {
            let (word, colour) = match expectation.holds {
                Some(true) => ("shown", palette.ok),
                Some(false) => ("not shown", palette.failed),
                None => ("not measured", palette.faint),
            };
            line(ui, word, colour, &expectation.says);
        }
    });
}

fn line(ui: &mut Ui, word: &str, colour: egui::Color32, says: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(word).size(13.0).strong().color(colour));
        let says = RichText::new(says).size(13.0).color(Palette::of(ui.ctx()).text);
        ui.add(Label::new(says).truncate());
    });
}
