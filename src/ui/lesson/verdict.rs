//! What a finished run was to show, and whether it did: two columns, in words.

use egui::{Grid, Label, RichText, ScrollArea, Ui};

use crate::control::snapshot::ExpectationState;
use crate::ui::theme::Palette;

/// Draws the verdict.
pub(super) fn show(ui: &mut Ui, expectations: &[ExpectationState]) {
    let palette = Palette::of(ui.ctx());
    let column = (ui.available_width() - 24.0) / 2.0;
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        Grid::new("verdict").num_columns(2).spacing([16.0, 1.0]).show(ui, |ui| {
            for pair in expectations.chunks(2) {
                for expectation in pair {
                    let (word, colour) = match expectation.holds {
                        Some(true) => ("shown", palette.ok),
                        Some(false) => ("not shown", palette.failed),
                        None => ("not measured", palette.faint),
                    };
                    ui.horizontal(|ui| {
                        ui.set_width(column);
                        ui.spacing_mut().item_spacing.x = 6.0;
                        ui.label(RichText::new(word).size(13.0).strong().color(colour));
                        let says = RichText::new(&expectation.says).size(13.0).color(palette.text);
                        ui.add(Label::new(says).truncate());
                    });
                }
                ui.end_row();
            }
        });
    });
}
