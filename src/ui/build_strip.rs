//! What Build keeps of the lesson's strip and of the score: one line, for the room belongs to the drawing.

use egui::{Align, Label, Layout, RichText, Ui, WidgetInfo};

use super::score;
use super::theme::Palette;
use super::{Inputs, View};

/// The height of the line.
pub(super) const HEIGHT: f32 = 20.0;

/// Draws the line.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &View) {
    let palette = Palette::of(ui.ctx());
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let [people, items, requests] = score::score(inputs.shown, inputs.words(view));
        let idle = inputs.shown.phase == crate::control::snapshot::Phase::Idle;
        let hurt = inputs.shown.sessions.users_hurt > 0;
        if idle {
            ui.label(RichText::new("nothing runs yet").color(palette.faint));
        } else {
            let colour = if hurt { palette.failed } else { palette.faint };
            for (text, colour) in [(requests, palette.faint), (items, colour), (people, colour)] {
                ui.label(RichText::new(text).color(colour));
            }
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let colour = if inputs.strip.harm { palette.failed } else { palette.text };
            let headline = RichText::new(&inputs.strip.headline).size(15.0).color(colour);
            let label = ui.add(Label::new(headline).truncate());
            label.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &inputs.strip.headline));
        });
    });
}
