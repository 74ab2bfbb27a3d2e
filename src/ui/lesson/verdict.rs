//! What a finished run was to show, and whether it did, in words; and what its databases held.

use egui::{Label, RichText, ScrollArea, Ui};

use crate::scene::lesson::Standing;
use crate::ui::Inputs;
use crate::ui::theme::Palette;

/// Whether there is anything to say.
pub(in crate::ui) fn is_there(inputs: &Inputs<'_>) -> bool {
    !inputs.strip.points.is_empty()
}

/// Draws the verdict: a line for each expectation, for side by side they would be cut, after one for each audit.
pub(in crate::ui) fn show(ui: &mut Ui, inputs: &Inputs<'_>) {
    let palette = Palette::of(ui.ctx());
    let points = &inputs.strip.points;
    ScrollArea::vertical().id_salt("verdict").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 1.0);
        ui.spacing_mut().interact_size.y = 0.0;
        if points.iter().any(|point| point.standing == Standing::NotTried) {
            let words = "Not tried: its faults were not played. Run experiment plays them.";
            ui.label(RichText::new(words).size(12.5).color(palette.faint));
        }
        for audit in inputs.shown.report.iter().flat_map(|report| &report.audits) {
            let colour = if audit.unmatched == Some(0) { palette.ok } else { palette.failed };
            line(ui, "audited", colour, &format!("{}: {}", audit.name, audit.found()));
        }
        for point in points {
            let (word, colour) = match point.standing {
                Standing::Shown => ("shown", palette.ok),
                Standing::NotShown => ("not shown", palette.failed),
                Standing::NotTried => ("not tried", palette.faint),
                Standing::NotMeasured => ("not measured", palette.faint),
            };
            line(ui, word, colour, &point.says);
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
