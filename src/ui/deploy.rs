//! The question that a deploy asks: of what, how, and with which bug. It gives an action and changes nothing itself.

use egui::{Align, Button, ComboBox, Frame, Grid, Id, Label, Layout, Margin, Modal, RichText, Ui, vec2};

use crate::topology::{Act, Bug, Deploy, ModuleName, NodeId, Strategy, Target};

use super::action::Action;
use super::theme::Palette;
use super::{Inputs, View};

/// The width of the question.
const WIDTH: f32 = 430.0;
/// The width of the words before the lists.
const LABELS: f32 = 62.0;
/// The space between a word and its list.
const GAP: f32 = 18.0;
/// The width of the lists: up to the question's right edge.
const LISTS: f32 = WIDTH - LABELS - GAP;

/// What is chosen so far.
#[derive(Debug)]
pub(crate) struct Choice {
    node: NodeId,
    /// `None` for all modules of the node.
    module: Option<ModuleName>,
    strategy: Strategy,
    /// Which of [`BUGS`].
    bug: usize,
}

const STRATEGIES: [(Strategy, &str, &str); 3] = [
    (Strategy::Rolling, "Rolling", "One replica after the other: the new one is ready before the old one drains."),
    (Strategy::Recreate, "Recreate", "All old replicas end, then the new ones start. Nobody serves in between."),
    (Strategy::Canary, "Canary", "One replica first. The others follow only if it does no worse; else it goes back."),
];

/// The bugs that are offered, with their words.
fn bugs() -> [(Option<Bug>, &'static str); 5] {
    [
        (None, "None: a good version"),
        (Some(Bug::CrashOnStart), "Crashes on start"),
        (Some(Bug::CrashOnRequest(20)), "Crashes on its 20th request"),
        (Some(Bug::Errors(0.5)), "Answers every other request with an error"),
        (Some(Bug::Leak(crate::topology::Bytes(1 << 20))), "Leaks 1 MiB per request"),
    ]
}

impl Choice {
    /// A good version of everything on the node, rolled out.
    pub(crate) fn of(node: NodeId) -> Self {
        Self { node, module: None, strategy: Strategy::Rolling, bug: 0 }
    }

    fn action(&self) -> Action {
        let bug = bugs().get(self.bug).and_then(|(bug, _)| *bug);
        let on = self.module.clone().map_or_else(|| Target::Node(self.node.clone()), Target::Module);
        Action::Act { act: Act::Deploy(Deploy { strategy: self.strategy, bug }), on }
    }
}

/// Draws the question while it is open.
pub(super) fn show(ui: &Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let Some(choice) = &mut view.deploying else { return };
    let Some(modules) = inputs.preset.topology.node(&choice.node).map(|node| node.modules().to_vec()) else {
        view.deploying = None;
        return;
    };
    let frame = Frame::popup(ui.style()).inner_margin(Margin::same(22));
    let modal = Modal::new(Id::unique("deploy")).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(WIDTH);
        ui.heading(format!("Deploy a new version to {}", choice.node));
        ui.add_space(8.0);
        choose(ui, &modules, choice);
        ui.add_space(12.0);
        buttons(ui)
    });
    let given = modal.inner;
    if given == Some(true) {
        actions.push(choice.action());
    }
    if given.is_some() || modal.should_close() {
        view.deploying = None;
    }
}

fn choose(ui: &mut Ui, modules: &[ModuleName], choice: &mut Choice) {
    let palette = Palette::of(ui.ctx());
    let (name, says) = STRATEGIES
        .iter()
        .find(|(strategy, ..)| *strategy == choice.strategy)
        .map_or(("", ""), |(_, name, says)| (*name, *says));
    Grid::new("deploy choices").num_columns(2).min_col_width(LABELS).spacing([GAP, 10.0]).show(ui, |ui| {
        let all = "all modules";
        let chosen = choice.module.as_ref().map_or(all, ModuleName::as_str).to_owned();
        list(ui, "Module", &chosen, |ui| {
            ui.selectable_value(&mut choice.module, None, all);
            for module in modules {
                ui.selectable_value(&mut choice.module, Some(module.clone()), module.as_str());
            }
        });
        list(ui, "Strategy", name, |ui| {
            for (strategy, name, says) in STRATEGIES {
                ui.selectable_value(&mut choice.strategy, strategy, name).on_hover_text(says);
            }
        });
        ui.label("");
        ui.vertical(|ui| {
            // As high for every strategy: what is below stays where it is.
            ui.set_min_size(vec2(LISTS, 40.0));
            ui.set_max_width(LISTS);
            ui.add(Label::new(RichText::new(says).color(palette.faint)).wrap());
        });
        ui.end_row();
        let bugs = bugs();
        let chosen = bugs.get(choice.bug).map_or("", |(_, words)| words);
        list(ui, "Bug", chosen, |ui| {
            for (at, (_, words)) in bugs.iter().enumerate() {
                ui.selectable_value(&mut choice.bug, at, *words);
            }
        });
    });
}

/// A row of the grid: a word, and a list to choose from.
fn list(ui: &mut Ui, name: &str, chosen: &str, entries: impl FnOnce(&mut Ui)) {
    let label = ui.label(name);
    let list = ComboBox::from_id_salt(("deploy", name)).width(LISTS).selected_text(chosen);
    list.show_ui(ui, entries).response.labelled_by(label.id);
    ui.end_row();
}

/// Whether to deploy or not, once that is said.
fn buttons(ui: &mut Ui) -> Option<bool> {
    let palette = Palette::of(ui.ctx());
    let mut given = None;
    let room = vec2(ui.available_width(), 34.0);
    ui.allocate_ui_with_layout(room, Layout::right_to_left(Align::Center), |ui| {
        let size = vec2(84.0, 34.0);
        let deploy = Button::new(RichText::new("Deploy").color(palette.on_accent)).fill(palette.accent);
        if ui.add(deploy.min_size(size)).clicked() {
            given = Some(true);
        }
        if ui.add(Button::new("Cancel").min_size(size)).clicked() {
            given = Some(false);
        }
    });
    given
}
