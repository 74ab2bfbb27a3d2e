//! The question which two systems are to be compared. It gives an action and changes nothing itself.

use std::path::PathBuf;

use egui::{
    Align, Button, ComboBox, Frame, Grid, Id, Label, Layout, Margin, Modal, RichText, Role, TextEdit, Ui, WidgetInfo,
};

use super::Wish;
use crate::telemetry::compare::ONE_AT_A_TIME;
use crate::ui::action::Action;
use crate::ui::theme::Palette;
use crate::ui::{Inputs, View};

/// Which system is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// The open document, as it is drawn now.
    Open,
    /// The built-in preset of this name.
    Builtin(String),
    /// What is in this file.
    File(PathBuf),
}

/// The built-in presets that are the same system in two ways.
const PARTNERS: [(&str, &str); 1] = [("monolith", "microservices")];
/// The width of the choices.
const WIDTH: f32 = 446.0;
/// How wide the question is.
const QUESTION: f32 = 480.0;

/// What is chosen so far.
#[derive(Debug)]
pub(crate) struct Choice {
    picks: [Pick; 2],
    /// What was written as paths.
    paths: [String; 2],
}

impl Choice {
    /// The open document, and what it is best compared with.
    pub(crate) fn of(inputs: &Inputs<'_>) -> Self {
        Self { picks: [Pick::Open, partner(inputs)], paths: Default::default() }
    }

    /// Why these two cannot be compared; `None` when they can.
    fn refused(&self, inputs: &Inputs<'_>) -> Option<String> {
        let picks = self.picks();
        if picks.iter().any(|pick| matches!(pick, Pick::File(path) if path.as_os_str().is_empty())) {
            return Some("Write the path of the file first".to_owned());
        }
        let is_builtin =
            |pick: &Pick| matches!((pick, open(inputs)), (Pick::Builtin(name), Some(open)) if *name == open);
        let same = picks[0] == picks[1] || !inputs.dirty && picks.contains(&Pick::Open) && picks.iter().any(is_builtin);
        if same {
            return Some("These are one and the same: choose two that differ".to_owned());
        }
        let unfit = picks.contains(&Pick::Open).then(|| inputs.run_problem()).flatten();
        unfit.map(|problem| format!("The open drawing cannot run yet: {problem}"))
    }

    /// What is chosen, with the paths as they were written.
    fn picks(&self) -> [Pick; 2] {
        let written = |at: usize| match &self.picks[at] {
            Pick::File(path) if path.as_os_str().is_empty() => Pick::File(self.paths[at].trim().into()),
            pick @ (Pick::Open | Pick::Builtin(_) | Pick::File(_)) => pick.clone(),
        };
        [written(0), written(1)]
    }
}

/// The name of the built-in preset that is open.
fn open(inputs: &Inputs<'_>) -> Option<String> {
    inputs.chosen.and_then(|chosen| inputs.gallery.get(chosen)).map(|entry| entry.name.clone())
}

/// What the open document is best compared with: the same in the other way, else the lesson after it.
fn partner(inputs: &Inputs<'_>) -> Pick {
    let open = open(inputs);
    let pairs = PARTNERS.iter().flat_map(|&(one, other)| [(one, other), (other, one)]);
    let mut other = pairs.filter(|(one, _)| open.as_deref() == Some(*one)).map(|(_, other)| other.to_owned());
    let next = inputs.chosen.map_or(0, |chosen| chosen + 1);
    let after = || inputs.gallery.get(next).or(inputs.gallery.first()).map(|entry| entry.name.clone());
    other.next().or_else(after).map_or(Pick::Open, Pick::Builtin)
}

/// Draws the question while it is open.
pub(in crate::ui) fn show(ui: &Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let Some(choice) = &mut view.compare.choice else { return };
    let frame = Frame::popup(ui.style()).inner_margin(Margin::same(22));
    let modal = Modal::new(Id::unique("compare")).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(QUESTION.min(ui.ctx().content_rect().width() - 80.0));
        ui.heading("Compare two systems");
        ui.add_space(4.0);
        let about = "Both run at the same time, side by side: the same seed, and the same faults at the same second. Then \
                     both can be measured.";
        ui.add(Label::new(about).wrap());
        ui.add_space(8.0);
        Grid::new("systems").num_columns(2).min_col_width(20.0).spacing([14.0, 10.0]).show(ui, |ui| {
            for at in 0..2 {
                system(ui, at, inputs, choice);
            }
        });
        ui.add_space(6.0);
        let faint = Palette::of(ui.ctx()).faint;
        let ends = if inputs.is_running() { " What runs now is ended; the drawing stays." } else { "" };
        ui.add(Label::new(RichText::new(format!("{ONE_AT_A_TIME}{ends}")).size(13.0).color(faint)).wrap());
        ui.add_space(12.0);
        buttons(ui, choice.refused(inputs))
    });
    let given = modal.inner;
    if given == Some(true) {
        actions.push(Action::Compare(Wish::Begin(choice.picks())));
    }
    if given.is_some() || modal.should_close() {
        view.compare.choice = None;
    }
}

/// The row of one system: the list, and the field for a path where one is wanted.
fn system(ui: &mut Ui, at: usize, inputs: &Inputs<'_>, choice: &mut Choice) {
    let letter = ["A", "B"][at];
    let label = ui.label(letter);
    let pick = &mut choice.picks[at];
    let response = ComboBox::from_id_salt(("system", at)).width(WIDTH).height(320.0).truncate();
    let response = response.selected_text(words(pick, inputs)).show_ui(ui, |ui| {
        let recent =
            inputs.recent.iter().filter(|recent| !recent.missing).map(|recent| Pick::File(recent.path.clone()));
        let builtin = inputs.gallery.iter().map(|entry| Pick::Builtin(entry.name.clone()));
        for offer in [Pick::Open].into_iter().chain(builtin).chain(recent).chain([Pick::File(PathBuf::new())]) {
            let words = words(&offer, inputs);
            ui.selectable_value(pick, offer, words);
        }
    });
    response.response.labelled_by(label.id);
    ui.end_row();
    if matches!(pick, Pick::File(path) if path.as_os_str().is_empty()) {
        let path =
            TextEdit::singleline(&mut choice.paths[at]).desired_width(WIDTH).hint_text("Path, as in system.toml");
        ui.label("");
        let field = ui.add(path);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, format!("Path of {letter}")));
        ui.end_row();
    }
}

/// A system in the list.
fn words(pick: &Pick, inputs: &Inputs<'_>) -> String {
    match pick {
        Pick::Open => {
            let title = if inputs.preset.title.is_empty() { "Untitled" } else { &inputs.preset.title };
            format!("The open drawing: {title}")
        }
        Pick::Builtin(name) => {
            let entry = inputs.gallery.iter().find(|entry| entry.name == *name);
            entry.map_or_else(|| name.clone(), |entry| entry.title.clone())
        }
        Pick::File(path) if path.as_os_str().is_empty() => "A file…".to_owned(),
        Pick::File(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
    }
}

/// Whether to compare or not, once that is said.
fn buttons(ui: &mut Ui, refused: Option<String>) -> Option<bool> {
    let palette = Palette::of(ui.ctx());
    let mut given = None;
    let room = egui::vec2(ui.available_width(), 34.0);
    ui.allocate_ui_with_layout(room, Layout::right_to_left(Align::Center), |ui| {
        let size = egui::vec2(84.0, 34.0);
        let words = RichText::new("Side by side");
        let button = match &refused {
            None => Button::new(words.color(palette.on_accent)).fill(palette.accent),
            Some(_) => Button::new(words),
        };
        let response = ui.add_enabled(refused.is_none(), button.min_size(size));
        if response.clicked() {
            given = Some(true);
        }
        if ui.add(Button::new("Cancel").min_size(size)).clicked() {
            given = Some(false);
        }
        if let Some(reason) = refused {
            ui.add(Label::new(RichText::new(reason).size(13.0).color(palette.failed)).wrap());
        }
    });
    given
}
