//! The question that a deploy asks: of what, how, and with which bug. It gives an action and changes nothing itself.

use egui::{Align, Button, ComboBox, Frame, Grid, Id, Layout, Margin, Modal, RichText, Ui};

use crate::topology::{Act, Bug, Deploy, ModuleName, NodeId, Strategy, Target};

use super::action::Action;
use super::theme::Palette;
use super::{Inputs, View};

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
        ui.set_width(430.0);
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
    let strategy = STRATEGIES.iter().find(|(strategy, ..)| *strategy == choice.strategy);
    Grid::new("deploy choices").num_columns(2).spacing([18.0, 10.0]).show(ui, |ui| {
        let label = ui.label("Module");
        let all = "all modules";
        let chosen = choice.module.as_ref().map_or(all, ModuleName::as_str);
        ComboBox::from_id_salt("deploy module")
            .width(290.0)
            .selected_text(chosen)
            .show_ui(ui, |ui| {
                ui.selectable_value(&mut choice.module, None, all);
                for module in modules {
                    ui.selectable_value(&mut choice.module, Some(module.clone()), module.as_str());
                }
            })
            .response
            .labelled_by(label.id);
        ui.end_row();
        let label = ui.label("Strategy");
        let chosen = strategy.map_or("", |(_, name, _)| name);
        ComboBox::from_id_salt("deploy strategy")
            .width(290.0)
            .selected_text(chosen)
            .show_ui(ui, |ui| {
                for (strategy, name, says) in STRATEGIES {
                    ui.selectable_value(&mut choice.strategy, strategy, name).on_hover_text(says);
                }
            })
            .response
            .labelled_by(label.id);
        ui.end_row();
        let label = ui.label("Bug");
        let bugs = bugs();
        let chosen = bugs.get(choice.bug).map_or("", |(_, words)| words);
        ComboBox::from_id_salt("deploy bug")
            .width(290.0)
            .selected_text(chosen)
            .show_ui(ui, |ui| {
                for (at, (_, words)) in bugs.iter().enumerate() {
                    ui.selectable_value(&mut choice.bug, at, *words);
                }
            })
            .response
            .labelled_by(label.id);
        ui.end_row();
    });
    ui.add_space(6.0);
    let says = strategy.map_or("", |(.., says)| says);
    ui.add(egui::Label::new(RichText::new(says).color(palette.faint)).wrap());
}

/// Whether to deploy or not, once that is said.
fn buttons(ui: &mut Ui) -> Option<bool> {
    let palette = Palette::of(ui.ctx());
    let mut given = None;
    let room = egui::vec2(ui.available_width(), 34.0);
    ui.allocate_ui_with_layout(room, Layout::right_to_left(Align::Center), |ui| {
        let size = egui::vec2(84.0, 34.0);
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
