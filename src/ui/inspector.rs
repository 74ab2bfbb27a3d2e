//! The inspector: settings and figures of what is selected. Every setting can be changed while it runs.

use egui::{Grid, RichText, ScrollArea, Ui, WidgetInfo};

use crate::control::snapshot::UserState;
use crate::scene::{CellState, cells};
use crate::topology::edit::{self, Item, Step};
use crate::topology::{Affinity, Node, NodeId, Repoint, Role, Sessions, Slot};

use super::action::Action;
use super::selection::Selection;
use super::theme::Palette;
use super::{Inputs, View, person, request};
use crate::scene::words::count;

/// Draws the inspector.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &View, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| match &view.selection {
        Selection::Nothing => {
            ui.heading("Inspector");
            ui.label(RichText::new("Click a card, a replica or a user to see what it is.").color(palette.faint));
        }
        Selection::Items(_) => match view.selection.only() {
            Some(Item::Node(id)) => match inputs.preset.topology.node(id) {
                Some(node) => settings(ui, node, inputs, actions),
                None => gone(ui, palette, &id.to_string()),
            },
            Some(item) => {
                ui.heading(item.to_string());
            }
            None => {
                ui.heading(format!("{} selected", view.selection.items().count()));
            }
        },
        Selection::Cell(slot) => replica(ui, slot, inputs),
        Selection::User(node, user) => person::show(ui, node, *user, inputs, actions),
        Selection::Request(trace) => request::show(ui, *trace, inputs, actions),
    });
}

fn gone(ui: &mut Ui, palette: &Palette, name: &str) {
    ui.heading(name);
    ui.label(RichText::new("is no longer in the drawing.").color(palette.faint));
}

fn settings(ui: &mut Ui, node: &Node, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    let id = &node.id;
    ui.heading(id.to_string());
    ui.label(RichText::new(node.role.name()).color(palette.faint));
    ui.add_space(6.0);
    match &node.role {
        Role::Users(users) => {
            stepper(ui, "Users", users.users, 1..=500, |count| {
                actions.push(Action::Edit(Step::set(id, "users", count.to_string())))
            });
            fact(ui, "Thinks", &format!("{} ± {:.0} %", users.think, users.think_spread * 100.0));
            fact(ui, "Waits at most", &users.timeout.to_string());
            hurt(ui, id, inputs);
        }
        Role::Gateway(gateway) => {
            ui.label("Affinity");
            let choices = [(Affinity::None, "None"), (Affinity::Cookie, "Cookie"), (Affinity::SessionHash, "Hash")];
            if let Some(chosen) = choose(ui, "Affinity", &choices, gateway.affinity) {
                actions.push(Action::Edit(Step::set(id, "affinity", chosen.to_string())));
            }
            ui.add_space(6.0);
            ui.label("Repoint, when a replica is gone");
            let choices = [(Repoint::OnEject, "On-eject"), (Repoint::Never, "Never")];
            if let Some(chosen) = choose(ui, "Repoint", &choices, gateway.repoint) {
                actions.push(Action::Edit(Step::set(id, "repoint", chosen.to_string())));
            }
            ui.add_space(6.0);
            fact(ui, "Policy", &gateway.policy.to_string());
            fact(ui, "Waits at most", &gateway.timeout.to_string());
            fact(ui, "Retries", &gateway.retries.to_string());
            fact(ui, "Restart", &gateway.restart.to_string());
        }
        Role::Service(service) => {
            ui.label("Sessions");
            let choices = [(Sessions::Memory, "Memory"), (Sessions::Store, "Store"), (Sessions::Token, "Token")];
            if let Some(chosen) = choose(ui, "Sessions", &choices, service.sessions) {
                actions.push(Action::edit(edit::set_sessions(inputs.preset, id, chosen)));
            }
            ui.add_space(6.0);
            stepper(ui, "Replicas", service.replicas, 1..=100, |count| {
                actions.push(Action::Edit(Step::set(id, "replicas", count.to_string())));
            });
            fact(ui, "At once", &service.concurrency.to_string());
            fact(ui, "Restart", &service.restart.to_string());
            let modules: Vec<&str> = service.modules.iter().map(|module| module.as_str()).collect();
            fact(ui, "Modules", &modules.join(", "));
        }
        Role::Cache(cache) => fact(ui, "Restart", &cache.restart.to_string()),
    }
}

/// Who of a users node was hurt.
fn hurt(ui: &mut Ui, node: &NodeId, inputs: &Inputs<'_>) {
    let palette = Palette::of(ui.ctx());
    let hurt: Vec<&UserState> =
        inputs.shown.users.iter().filter(|user| user.node == *node && user.losses > 0).collect();
    ui.add_space(8.0);
    if hurt.is_empty() {
        ui.label(RichText::new("Nobody was hurt so far.").color(palette.faint));
        return;
    }
    ui.label(RichText::new(format!("{} hurt", hurt.len())).color(palette.failed));
    for user in hurt {
        let again = if user.logged_out { "logged out" } else { "logged in again" };
        let items = count(u64::from(user.items_lost), &inputs.preset.lesson.item);
        ui.label(format!("user {}: {items} lost, {again}", user.user));
    }
}

fn replica(ui: &mut Ui, slot: &Slot, inputs: &Inputs<'_>) {
    let palette = Palette::of(ui.ctx());
    ui.heading(slot.to_string());
    let Some(state) = cells::state_of(slot, inputs.shown) else {
        ui.label(RichText::new("Does not run.").color(palette.faint));
        return;
    };
    ui.label(RichText::new(CellState::from(state.state).word()).color(palette.faint));
    ui.add_space(6.0);
    fact(ui, "Life", &state.life.life.to_string());
    fact(ui, "Process", &state.pid.map_or_else(|| "none".to_owned(), |pid| pid.to_string()));
    fact(ui, "Address", &state.address.map_or_else(|| "none".to_owned(), |address| address.to_string()));
    fact(ui, "Sessions", &state.sessions.to_string());
    fact(ui, "Requests", &state.requests.to_string());
    fact(ui, "CPU", &format!("{:.1} %", state.cpu * 100.0));
    fact(ui, "Memory", &format!("{:.1} MiB", state.pss_kib as f64 / 1024.0));
}

pub(super) fn fact(ui: &mut Ui, name: &str, value: &str) {
    let palette = Palette::of(ui.ctx());
    Grid::new(name).num_columns(2).min_col_width(96.0).show(ui, |ui| {
        ui.label(RichText::new(name).color(palette.faint));
        ui.add(egui::Label::new(value).wrap());
    });
}

/// A number with a button on each side.
fn stepper(ui: &mut Ui, name: &str, value: u32, range: std::ops::RangeInclusive<u32>, set: impl FnOnce(u32)) {
    ui.horizontal(|ui| {
        ui.label(name);
        let step = |ui: &mut Ui, sign: &str, verb: &str, possible: bool| {
            let response = ui.add_enabled(possible, egui::Button::new(sign).min_size(egui::vec2(26.0, 26.0)));
            let label = format!("{verb} {}", name.to_lowercase());
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, possible, &label));
            response.on_hover_text(label.clone()).clicked()
        };
        let fewer = step(ui, "−", "fewer", value > *range.start());
        ui.label(RichText::new(value.to_string()).size(16.0));
        let more = step(ui, "+", "more", value < *range.end());
        if fewer {
            set(value - 1);
        } else if more {
            set(value + 1);
        }
    });
}

/// A row of buttons of which one is on. What was pressed, when it was another.
fn choose<T: Copy + PartialEq>(ui: &mut Ui, name: &str, choices: &[(T, &str)], now: T) -> Option<T> {
    let mut chosen = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for (value, text) in choices {
            let response = ui.add(egui::Button::new(*text).selected(*value == now));
            let label = format!("{name}: {}", text.to_lowercase());
            response.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, *value == now, &label));
            if response.clicked() && *value != now {
                chosen = Some(*value);
            }
        }
    });
    chosen
}
