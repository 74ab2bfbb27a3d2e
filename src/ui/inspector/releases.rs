//! The versions that a service runs, the deploy that goes on, how fast it is found, and the buttons that change its
//! version, make it crash, or take away what a store keeps.

use egui::{Button, RichText, Ui};

use super::{fact, note};
use crate::topology::{Discovery, Node, NodeId, Role};
use crate::ui::action::Action;
use crate::ui::command::Command;
use crate::ui::theme::Palette;
use crate::ui::{Inputs, View};

/// Draws them for a service that runs, and how fast a consumer learns.
pub(super) fn show(ui: &mut Ui, node: &Node, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    lag(ui, node, inputs);
    if !inputs.shown.nodes.iter().any(|state| state.id == node.id) {
        return;
    }
    let commands: &[Command] = match node.role {
        Role::Service(_) => &[Command::Deploy, Command::RollBack, Command::Crash],
        Role::Cache(_) | Role::Database(_) => &[Command::LoseData],
        Role::Users(_) | Role::Gateway(_) | Role::Program(_) => return,
    };
    ui.add_space(6.0);
    if node.service().is_some() {
        progress(ui, &node.id, inputs);
    }
    buttons(ui, commands, inputs, view, actions);
}

fn buttons(ui: &mut Ui, commands: &[Command], inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(6.0, 6.0);
        for &command in commands {
            let about = command.about();
            let refused = command.refused(inputs, view);
            let button = ui.add_enabled(refused.is_none(), Button::new(about.title)).on_hover_text(about.does);
            let button = if let Some(reason) = refused { button.on_disabled_hover_text(reason) } else { button };
            if button.clicked() {
                command.give(ui.ctx(), inputs, view, actions);
            }
        }
    });
}

/// What runs, and what goes on.
fn progress(ui: &mut Ui, node: &NodeId, inputs: &Inputs<'_>) {
    let palette = Palette::of(ui.ctx());
    let mut versions: Vec<String> = Vec::new();
    for (life, release) in inputs.shown.releases.iter().filter(|(life, _)| life.node() == node) {
        let lives = inputs.shown.nodes.iter().flat_map(|state| &state.slots).any(|slot| slot.life == *life);
        if lives && !versions.contains(&release.versions.join(", ")) {
            versions.push(release.versions.join(", "));
        }
    }
    fact(ui, "Versions", &if versions.is_empty() { "as drawn".to_owned() } else { versions.join("; ") });
    let Some(deploy) = inputs.shown.deploys.iter().rfind(|deploy| deploy.node == *node) else { return };
    match (deploy.outcome, &deploy.why) {
        (None, _) => {
            ui.label(deploy.progress_words());
            note(ui, &deploy.doing);
        }
        (Some(_), Some(why)) => {
            ui.add(egui::Label::new(RichText::new(why).color(palette.failed)).wrap());
        }
        (Some(_), None) => {
            let (took_s, failed) = (deploy.took_us(inputs.shown.now_us) as f64 / 1e6, deploy.requests_failed);
            note(ui, &format!("The last deploy took {took_s:.1} s; {failed} requests failed meanwhile."));
        }
    }
}

/// How fast a gateway or service learns of replicas that come and go.
fn lag(ui: &mut Ui, node: &Node, inputs: &Inputs<'_>) {
    let discovery = match &node.role {
        Role::Gateway(gateway) => gateway.discovery,
        Role::Service(service) => service.discovery,
        Role::Users(_) | Role::Cache(_) | Role::Database(_) | Role::Program(_) => Discovery::Push,
    };
    let known = inputs.shown.discovery.by_consumer.iter().find(|(id, _)| *id == node.id);
    if let Some((_, p95_ms)) = known {
        let how = if discovery == Discovery::Push { "is told" } else { "asks" };
        fact(ui, "Discovery lag", &format!("{p95_ms:.1} ms (p95); it {how}"));
    }
}
