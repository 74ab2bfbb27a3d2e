//! Opening and saving: the system's dialogs, and a path field that needs none.

use std::path::PathBuf;

use egui::{Key, TextEdit, Ui};

use super::action::Action;
use super::command::Command;
use super::{Inputs, View};

/// Draws the bar with the path field.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let text = Command::Open.tip(ui.ctx());
        if ui.button("Open…").on_hover_text(text).clicked() {
            actions.push(Action::OpenDialog);
        }
        let text = Command::SaveAs.tip(ui.ctx());
        if ui.button("Save…").on_hover_text(text).clicked() {
            actions.push(Action::SaveDialog);
        }
        ui.separator();
        let label = ui.label("Path");
        if view.path_text.is_empty()
            && let Some(path) = inputs.path
        {
            view.path_text = path.display().to_string();
        }
        let width = (ui.available_width() - 180.0).max(120.0);
        let field = ui
            .add(TextEdit::singleline(&mut view.path_text).desired_width(width).hint_text("lesson.toml"))
            .labelled_by(label.id);
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let path = PathBuf::from(view.path_text.trim());
        let named = !path.as_os_str().is_empty();
        if ui.add_enabled(named, egui::Button::new("Open path")).clicked() || entered && named {
            actions.push(Action::Open(path.clone()));
        }
        if ui.add_enabled(named, egui::Button::new("Save path")).clicked() {
            actions.push(Action::SaveTo(path));
        }
    });
}
