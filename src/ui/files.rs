//! Opening and saving: the system's dialogs, the files that were open last, and a path field that needs no dialog.

use std::path::PathBuf;

use egui::{Button, Key, Popup, PopupCloseBehavior, TextEdit, Ui};

use super::action::Action;
use super::command::Command;
use super::{Inputs, View};

/// A file that was open before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it was not there when it was last looked for.
    pub missing: bool,
}

impl Recent {
    /// Its name, and whether it is missing.
    pub(crate) fn words(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy();
        if self.missing { format!("{name} (missing)") } else { name.into_owned() }
    }
}

/// Draws the bar with the path field.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let mut button = |ui: &mut Ui, words: &str, command: Command, action: Action| {
            if ui.button(words).on_hover_text(command.tip(ui.ctx())).clicked() {
                actions.push(action);
            }
        };
        button(ui, "New", Command::New, Action::New);
        button(ui, "Open…", Command::Open, Action::OpenDialog);
        button(ui, "Save", Command::Save, Action::Save);
        button(ui, "Save as…", Command::SaveAs, Action::SaveDialog);
        button(ui, "Share", Command::Share, Action::Share);
        recent(ui, inputs, actions);
        ui.separator();
        path_field(ui, inputs, view, actions);
    });
}

/// The button that lists the files that were open last.
fn recent(ui: &mut Ui, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let button = ui.add_enabled(!inputs.recent.is_empty(), Button::new("Recent"));
    let button = button.on_hover_text("The files that were open last").on_disabled_hover_text("No file was open yet");
    Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClick).gap(6.0).show(|ui| {
        for recent in inputs.recent {
            let path = recent.path.display().to_string();
            if ui.button(recent.words()).on_hover_text(path).clicked() {
                actions.push(Action::Open(recent.path.clone()));
            }
        }
    });
}

fn path_field(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
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
    if ui.add_enabled(named, Button::new("Open path")).clicked() || entered && named {
        actions.push(Action::Open(path.clone()));
    }
    if ui.add_enabled(named, Button::new("Save path")).clicked() {
        actions.push(Action::SaveTo(path));
    }
}
