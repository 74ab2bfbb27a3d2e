//! The document as a whole, when nothing is selected: what it is called, how it runs, how large it is and what is wrong.

use egui::{RichText, Ui, vec2};

use super::field::{self, Field};
use super::place::Place;
use super::{Memory, fact, note, setting, words};
use crate::scene::words::count;
use crate::topology::settings::{self, SettingInfo};
use crate::topology::{Problem, RunSettings, Severity};
use crate::ui::action::Action;
use crate::ui::theme::Palette;
use crate::ui::{Inputs, View};

/// How many problems are spelled out; the others are on the drawing.
const SPELLED: usize = 6;

/// Draws the document.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let preset = inputs.preset;
    let memory = &mut view.inspector;
    ui.heading("Document");
    text(ui, (Place::Title, "Title", "Without a title", 1), preset.title.clone(), inputs, memory, actions);
    let summary = preset.summary.clone();
    text(ui, (Place::Summary, "Summary", "What it shows, in a sentence or two", 4), summary, inputs, memory, actions);
    ui.add_space(6.0);
    let palette = Palette::of(ui.ctx());
    ui.label(RichText::new("Run").strong().color(palette.text));
    for info in settings::describe_run() {
        run(ui, info, inputs, memory, actions);
    }
    ui.add_space(6.0);
    let topology = &preset.topology;
    let sum = |count: usize| count as u64;
    fact(ui, "Nodes", &sum(topology.nodes().count()).to_string());
    fact(ui, "Links", &sum(topology.links().count()).to_string());
    fact(ui, "Processes", &topology.nodes().map(|node| u64::from(node.replicas())).sum::<u64>().to_string());
    ui.add_space(6.0);
    problems(ui, &inputs.open_problems(view));
}

fn text(
    ui: &mut Ui,
    (place, name, hint, lines): (Place, &str, &str, usize),
    now: String,
    inputs: &Inputs<'_>,
    memory: &mut Memory,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui.ctx());
    ui.label(RichText::new(name).size(13.0).color(palette.faint));
    let width = ui.available_width();
    Field { place: place.clone(), name, now, hint, width, lines }.show(ui, inputs, memory, actions);
    field::complaint(ui, memory, &place);
}

fn run(ui: &mut Ui, info: &'static SettingInfo, inputs: &Inputs<'_>, memory: &mut Memory, actions: &mut Vec<Action>) {
    let written =
        |run: &RunSettings| settings::get_run(run, info.key).map_or_else(String::new, |value| value.to_string());
    let default = written(&RunSettings::default());
    let meaning = format!("{}.\n{}\nBy default {default}.", info.explains, words::example(info.kind));
    let (name, place) = (words::name(info.key), Place::Run(info.key));
    let is_open = memory.explained == Some(info.key);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if setting::about(ui, &name, &name, is_open).on_hover_text(&meaning).clicked() {
            memory.explained = (!is_open).then_some(info.key);
        }
        ui.add_space((ui.available_width() - 112.0).max(0.0));
        ui.spacing_mut().button_padding = vec2(5.0, 3.0);
        let now = written(&inputs.preset.run);
        Field { place: place.clone(), name: &name, now, hint: &default, width: 104.0, lines: 1 }
            .show(ui, inputs, memory, actions);
    });
    if is_open {
        ui.add(egui::Label::new(RichText::new(meaning).size(12.5)).wrap());
    }
    field::complaint(ui, memory, &place);
}

/// What is wrong and was not put away, what prevents a run first.
fn problems(ui: &mut Ui, problems: &[&Problem]) {
    let palette = Palette::of(ui.ctx());
    if problems.is_empty() {
        note(ui, "Nothing is wrong with it.");
        return;
    }
    ui.label(RichText::new(count(problems.len() as u64, "problem")).strong().color(palette.failed));
    for problem in problems.iter().take(SPELLED) {
        let colour = if problem.severity == Severity::Error { palette.failed } else { palette.text };
        let text = RichText::new(words::capital(&problem.message)).size(12.5).color(colour);
        ui.add(egui::Label::new(text).wrap()).on_hover_text(words::capital(&problem.advice));
    }
}
