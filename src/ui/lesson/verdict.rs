//! What a finished run was to show, and whether it did, in words.

use egui::{Label, RichText, ScrollArea, Ui};

use crate::control::snapshot::ExpectationState;
use crate::ui::theme::Palette;

/// Draws the verdict: a line for each expectation, for side by side they would be cut.
pub(super) fn show(ui: &mut Ui, expectations: &[ExpectationState]) {
    let palette = Palette::of(ui.ctx());
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 1.0);
        ui.spacing_mut().interact_size.y = 0.0;
        for expectation in expectations {
            let (word, colour) = match expectation.holds {
                Some(true) => ("shown", palette.ok),
                Some(false) => ("not shown", palette.failed),
                None => ("not measured", palette.faint),
            };
            ui.horizontal(|ui| {
                ui.label(RichText::new(word).size(13.0).strong().color(colour));
                let says = RichText::new(&expectation.says).size(13.0).color(palette.text);
                ui.add(Label::new(says).truncate());
            });
        }
    });
}
