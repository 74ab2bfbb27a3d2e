//! The bar of Build: the experiment, the history of edits, and files.

use egui::{Button, Ui};

use super::action::Action;
use super::button::IconButton;
use super::command::Command;
use super::icons::Icon;
use super::{Inputs, View};

/// Draws the bar.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let refused = inputs.run_refused();
        let experiment = ui
            .add_enabled(refused.is_none(), IconButton::new(Icon::Triangle, "Run experiment"))
            .on_hover_text("Play the preset's scenario too, and end with a verdict");
        let experiment = match &refused {
            Some(reason) => experiment.on_disabled_hover_text(reason),
            None => experiment,
        };
        if experiment.clicked() {
            actions.push(Action::Run { experiment: true });
        }
        ui.separator();
        let (undo, redo) = inputs.undo;
        let text = Command::Undo.tip(ui.ctx());
        if ui.add_enabled(undo, Button::new("Undo")).on_hover_text(text).clicked() {
            actions.push(Action::Undo);
        }
        let text = Command::Redo.tip(ui.ctx());
        if ui.add_enabled(redo, Button::new("Redo")).on_hover_text(text).clicked() {
            actions.push(Action::Redo);
        }
        ui.separator();
        let files = Button::new("File…").selected(view.files);
        if ui.add(files).on_hover_text("Open or save a preset file").clicked() {
            view.files = !view.files;
        }
        let finished = inputs.shown.report.is_some();
        let text = "Everything that this run measured, as JSON";
        if ui.add_enabled(finished, Button::new("Save report…")).on_hover_text(text).clicked() {
            actions.push(Action::SaveReport);
        }
    });
}
