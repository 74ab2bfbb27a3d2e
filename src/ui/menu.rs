//! The menu behind More: how things look, and what is seldom wanted.

use egui::{Stroke, Theme, Ui};

use super::action::Action;
use super::command::{Command, entry};
use super::theme::Palette;
use super::{Inputs, View};

/// Draws the menu.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    ui.set_min_width(240.0);
    ui.scope(|ui| choices(ui, inputs, view));
    ui.separator();
    entry(ui, Command::Compare, inputs, view, actions);
    entry(ui, Command::SaveHandout, inputs, view, actions);
    if inputs.shown.report.is_some() {
        entry(ui, Command::SaveReport, inputs, view, actions);
    }
    entry(ui, Command::Keys, inputs, view, actions);
}

/// What is on or off.
fn choices(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View) {
    // Menus draw no edges, and a box without one is not seen.
    let edge = Stroke::new(1.0, Palette::of(ui.ctx()).line_strong);
    let widgets = &mut ui.visuals_mut().widgets;
    (widgets.inactive.bg_stroke, widgets.hovered.bg_stroke) = (edge, edge);
    let mut dark = ui.ctx().theme() == Theme::Dark;
    if ui.checkbox(&mut dark, "Dark colours").changed() {
        ui.ctx().set_theme(if dark { Theme::Dark } else { Theme::Light });
        // This frame has begun in the old colours; a window at rest would keep the mixture.
        ui.ctx().request_repaint();
    }
    ui.checkbox(&mut view.reduce_motion, "Reduce motion")
        .on_hover_text("Requests become numbers on the links, and marks change at once");
    ui.add_enabled_ui(inputs.strip.has_analogy, |ui| {
        ui.checkbox(&mut view.lesson.analogy, "Everyday words")
            .on_hover_text("Name what is drawn after something from daily life (A)")
            .on_disabled_hover_text("This lesson has no words from daily life");
    });
    ui.add_enabled_ui(!inputs.strip.note.is_empty(), |ui| {
        ui.checkbox(&mut view.lesson.note, "Teacher's notes")
            .on_hover_text("What a teacher may say to this step (N)")
            .on_disabled_hover_text("This step has no note");
    });
    ui.checkbox(&mut view.legend, "Legend").on_hover_text("What the shapes mean (L)");
}
