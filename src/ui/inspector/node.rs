//! One node or several: their settings, and of one what it is doing.

use egui::{RichText, Ui, WidgetInfo, vec2};

use super::setting::{self, Row};
use super::{Memory, note};
use crate::control::snapshot::{LifeState, UserState};
use crate::scene::words::count;
use crate::topology::settings::{SettingInfo, SettingKind, describe};
use crate::topology::{Node, NodeId, Role};
use crate::ui::Inputs;
use crate::ui::action::Action;
use crate::ui::selection::Selection;
use crate::ui::theme::Palette;

/// Draws what one node is and does.
pub(super) fn head(ui: &mut Ui, node: &Node, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    ui.heading(node.id.to_string());
    note(ui, node.role.name());
    running(ui, node, inputs, actions);
}

/// Draws which nodes these are.
pub(super) fn heads(ui: &mut Ui, nodes: &[&Node]) {
    ui.heading(format!("{} nodes", nodes.len()));
    let names: Vec<&str> = nodes.iter().map(|node| node.id.as_str()).collect();
    note(ui, &names.join(", "));
}

/// Draws the settings of the nodes; at least one.
pub(super) fn settings(
    ui: &mut Ui,
    nodes: &[&Node],
    inputs: &Inputs<'_>,
    memory: &mut Memory,
    actions: &mut Vec<Action>,
) {
    ui.add_space(6.0);
    let rows = common(nodes);
    match nodes {
        [_] => {}
        _ if rows.is_empty() => note(ui, "They have no setting in common."),
        _ => note(ui, "What you change here, you change in all of them, in one step."),
    }
    ui.push_id(setting::scope(nodes), |ui| {
        for info in rows {
            if let Some(row) = Row::of(nodes, info) {
                row.show(ui, inputs, memory, actions);
            }
        }
    });
    if let [node] = nodes
        && matches!(node.role, Role::Users(_))
    {
        hurt(ui, &node.id, inputs);
    }
}

/// The settings that all of these have, lists last, for those are long.
fn common(nodes: &[&Node]) -> Vec<&'static SettingInfo> {
    let Some((first, rest)) = nodes.split_first() else { return Vec::new() };
    let has = |node: &Node, info: &SettingInfo| {
        describe(&node.role).iter().any(|other| other.key == info.key && other.kind == info.kind)
    };
    let mut infos = describe(&first.role);
    infos.retain(|info| rest.iter().all(|node| has(node, info)));
    infos.sort_by_key(|info| matches!(info.kind, SettingKind::List(_)));
    infos
}

/// What the node does now: its replicas to go to, and where a gateway can be visited.
fn running(ui: &mut Ui, node: &Node, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let Some(state) = inputs.shown.nodes.iter().find(|state| state.id == node.id) else { return };
    if let (Role::Gateway(_), Some(address)) = (&node.role, state.slots.iter().find_map(|slot| slot.address)) {
        let url = format!("http://{address}/");
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().button_padding = vec2(8.0, 2.0);
            let palette = Palette::of(ui.ctx());
            ui.label(RichText::new("Address").size(13.0).color(palette.faint));
            ui.label(address.to_string());
            let button = ui.button("Copy").on_hover_text(format!("Copy {url} for a browser or curl"));
            button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, "Copy the address"));
            if button.clicked() {
                ui.ctx().copy_text(url);
            }
        });
    }
    if matches!(node.role, Role::Users(_)) || state.slots.is_empty() {
        return;
    }
    let ready = state.slots.iter().filter(|slot| slot.state == LifeState::Ready).count();
    let sessions: u32 = state.slots.iter().map(|slot| slot.sessions).sum();
    let sessions = if sessions > 0 { format!(", {}", count(u64::from(sessions), "session")) } else { String::new() };
    note(ui, &format!("{ready} of {} ready{sessions}", state.slots.len()));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        ui.spacing_mut().button_padding = vec2(7.0, 2.0);
        for slot in state.slots.iter().take(24) {
            let name = slot.slot.to_string();
            let button = ui.button(RichText::new(format!(".{}", slot.slot.index)).size(12.5));
            let label = format!("Look at {name}");
            button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &label));
            if button.on_hover_text(label).clicked() {
                actions.push(Action::Select(Selection::Cell(slot.slot.clone())));
            }
        }
    });
}

/// Who of a users node was hurt.
fn hurt(ui: &mut Ui, node: &NodeId, inputs: &Inputs<'_>) {
    let palette = Palette::of(ui.ctx());
    let hurt: Vec<&UserState> =
        inputs.shown.users.iter().filter(|user| user.node == *node && user.losses > 0).collect();
    ui.add_space(8.0);
    if hurt.is_empty() {
        note(ui, "Nobody was hurt so far.");
        return;
    }
    ui.label(RichText::new(format!("{} hurt", hurt.len())).color(palette.failed));
    for user in hurt {
        let again = if user.logged_out { "logged out" } else { "logged in again" };
        let items = count(u64::from(user.items_lost), &inputs.preset.lesson.item);
        ui.label(format!("user {}: {items} lost, {again}", user.user));
    }
}
