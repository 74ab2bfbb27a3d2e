//! The files that were open last, and a path field for where the system has no dialog.

use std::path::PathBuf;

use egui::{Button, Key, TextEdit, Ui};

use super::action::Action;
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

/// The bar with the path field: what Enter does there, and whether it is to have the keyboard now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Bar {
    saves: bool,
    begins: bool,
}

impl View {
    /// Shows the path field, which has the keyboard then; Enter saves there, or opens what is there.
    pub(crate) fn ask_for_path(&mut self, saves: bool) {
        self.files = Some(Bar { saves, begins: true });
    }
}

/// The menu of the files that were open last.
pub(super) fn recent(ui: &mut Ui, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    ui.add_enabled_ui(!inputs.recent.is_empty(), |ui| {
        let menu = ui.menu_button("Open recent", |ui| {
            ui.set_min_width(200.0);
            for recent in inputs.recent {
                let path = recent.path.display().to_string();
                if ui.button(recent.words()).on_hover_text(path).clicked() {
                    actions.push(Action::Open(recent.path.clone()));
                    ui.close();
                }
            }
        });
        menu.response.on_disabled_hover_text("No file was open yet");
    });
}

/// Draws the bar with the path field.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let Some(bar) = view.files else { return };
    let left = ui.horizontal(|ui| path_field(ui, inputs, bar, view, actions)).inner;
    view.files = if left { None } else { Some(Bar { begins: false, ..bar }) };
}

/// Whether the field was left by Esc.
fn path_field(ui: &mut Ui, inputs: &Inputs<'_>, bar: Bar, view: &mut View, actions: &mut Vec<Action>) -> bool {
    let label = ui.label("Path");
    if view.path_text.is_empty()
        && let Some(path) = inputs.path
    {
        view.path_text = path.display().to_string();
    }
    let width = (ui.available_width() - 196.0).max(120.0);
    let field = ui
        .add(TextEdit::singleline(&mut view.path_text).desired_width(width).hint_text("lesson.toml"))
        .labelled_by(label.id)
        .on_hover_text(if bar.saves { "Enter saves there" } else { "Enter opens what is there" });
    if bar.begins {
        field.request_focus();
    }
    let left_by = |key: Key| field.lost_focus() && ui.input(|input| input.key_pressed(key));
    let (entered, escaped) = (left_by(Key::Enter), left_by(Key::Escape));
    let path = PathBuf::from(view.path_text.trim());
    let named = !path.as_os_str().is_empty();
    if ui.add_enabled(named, Button::new("Open path")).clicked() || entered && named && !bar.saves {
        actions.push(Action::Open(path.clone()));
    }
    if ui.add_enabled(named, Button::new("Save path")).clicked() || entered && named && bar.saves {
        actions.push(Action::SaveTo(path));
    }
    escaped
}
