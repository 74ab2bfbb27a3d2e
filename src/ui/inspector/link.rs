//! A link: where it leads, what is called over it, and how that goes.

use egui::{RichText, Ui, WidgetInfo, vec2};

use super::{fact, gone, note};
use crate::scene::words::count;
use crate::topology::calls::calls_over;
use crate::topology::contract::Plug;
use crate::topology::{LinkId, NodeId, Role};
use crate::ui::Inputs;
use crate::ui::action::Action;
use crate::ui::selection::Selection;
use crate::ui::theme::Palette;

/// Draws a link.
pub(super) fn show(ui: &mut Ui, id: &LinkId, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let topology = &inputs.preset.topology;
    let (Some(_), Some(to)) = (topology.node(&id.from), topology.node(&id.to)) else {
        gone(ui, &id.to_string());
        return;
    };
    ui.heading("Link");
    end(ui, "From", &id.from, actions);
    end(ui, "To", &id.to, actions);
    ui.add_space(8.0);
    figures(ui, id, inputs);
    ui.add_space(8.0);
    let palette = Palette::of(ui.ctx());
    ui.label(RichText::new("Called over it").color(palette.faint));
    let calls = calls_over(topology, id);
    match Plug::of(topology, id) {
        Some(plug) => contract(ui, &plug),
        None => calls.iter().for_each(|call| drop(ui.label(call.to_string()))),
    }
    if matches!(to.role, Role::Cache(_)) {
        note(ui, "Sessions and carts, in the Redis protocol.");
    } else if to.database().is_some() {
        note(ui, "Rows of tables, in the PostgreSQL protocol.");
    } else if calls.is_empty() {
        note(ui, "Nothing that users ask for goes this way.");
    }
}

/// What a program is asked for, and whether it is what its callers take it for.
fn contract(ui: &mut Ui, plug: &Plug) {
    let palette = Palette::of(ui.ctx());
    for asked in &plug.operations {
        let version = format!("{}, version {}", asked.operation, asked.version);
        if asked.known && asked.version == plug.speaks {
            ui.label(version);
        } else {
            ui.label(RichText::new(format!("{version}: does not fit")).color(palette.failed));
        }
    }
    fact(ui, "The program speaks", &format!("version {}", plug.speaks));
    if let Some(misfit) = plug.misfit() {
        note(ui, &format!("The plug does not fit: {misfit}."));
    }
}

fn end(ui: &mut Ui, name: &str, node: &NodeId, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    ui.horizontal(|ui| {
        ui.spacing_mut().button_padding = vec2(8.0, 4.0);
        ui.add_sized(
            vec2(44.0, 22.0),
            egui::Label::new(RichText::new(name).color(palette.faint)).halign(egui::Align::LEFT),
        );
        let button = ui.button(node.as_str());
        let label = format!("Go to {node}");
        button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &label));
        if button.on_hover_text(label).clicked() {
            actions.push(Action::Select(Selection::node(node.clone())));
        }
    });
}

fn figures(ui: &mut Ui, id: &LinkId, inputs: &Inputs<'_>) {
    let Some(state) = inputs.shown.links.iter().find(|state| state.id == *id) else {
        note(ui, "Its figures are here while it runs.");
        return;
    };
    fact(ui, "Rate", &format!("{:.1} a second", state.rate));
    fact(ui, "p95", &state.p95_ms.map_or_else(|| "none now".to_owned(), |p95| format!("{p95:.1} ms")));
    fact(ui, "Failing", &format!("{:.1} a second", state.failing));
    let share = if state.sent > 0 { 100.0 * state.failed as f64 / state.sent as f64 } else { 0.0 };
    fact(ui, "So far", &format!("{}, {share:.1} % failed", count(state.sent, "request")));
}
