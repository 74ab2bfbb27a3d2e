//! A replica: what it is doing, and the last lines that it wrote.

use egui::{RichText, Ui};

use super::{fact, note};
use crate::scene::{CellState, cells};
use crate::topology::Slot;
use crate::ui::theme::Palette;
use crate::ui::{Inputs, View, bottom, replica_log};

/// How many of the last lines are shown here; the whole is in the log.
const LAST_LINES: usize = 6;

/// Draws a replica.
pub(super) fn show(ui: &mut Ui, slot: &Slot, inputs: &Inputs<'_>, view: &mut View) {
    ui.heading(slot.to_string());
    match cells::state_of(slot, inputs.shown) {
        None => note(ui, "Does not run."),
        Some(state) => {
            note(ui, CellState::from(state.state).word());
            ui.add_space(6.0);
            fact(ui, "Life", &state.life.life.to_string());
            if let Some(release) = inputs.shown.releases.get(&state.life) {
                fact(ui, "Version", &release.versions.join(", "));
            }
            fact(ui, "Process", &state.pid.map_or_else(|| "none".to_owned(), |pid| pid.to_string()));
            fact(ui, "Address", &state.address.map_or_else(|| "none".to_owned(), |address| address.to_string()));
            let topology = &inputs.preset.topology;
            let node = topology.node(&slot.node);
            if state.sessions > 0 || node.is_some_and(|node| cells::keeps_sessions(topology, node)) {
                fact(ui, "Sessions", &state.sessions.to_string());
            }
            if node.is_some_and(|node| node.database().is_some()) {
                let tables = cells::tables(state);
                fact(ui, "Rows", if tables.is_empty() { "no tables yet" } else { &tables });
            }
            // Stores speak protocols of their own, in which nothing tells the run's requests from others.
            if node.is_none_or(|node| node.database().is_none() && node.cache().is_none()) {
                fact(ui, "Requests", &state.requests.to_string());
            }
            fact(ui, "CPU", &format!("{:.1} %", state.cpu * 100.0));
            fact(ui, "Memory", &format!("{:.1} MiB", state.pss_kib as f64 / 1024.0));
        }
    }
    let mut outputs = inputs.shown.outputs.iter().filter(|output| output.life.slot == *slot);
    let Some(newest) = outputs.next_back() else { return };
    let palette = Palette::of(ui.ctx());
    ui.add_space(8.0);
    ui.label(RichText::new(format!("The last that life {} wrote", newest.life.life)).color(palette.faint));
    for line in newest.lines.iter().rev().take(LAST_LINES).rev() {
        let colour = replica_log::colour(palette, line.level);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            replica_log::mark(ui, line.level);
            ui.add(egui::Label::new(RichText::new(&*line.text).size(12.0).color(colour)).wrap());
        });
    }
    let text = "Search all that its lives wrote, dead ones included";
    if ui.button("Show its log").on_hover_text(text).clicked() {
        view.build = true;
        view.bottom.show_log_of(slot, bottom::Tab::Logs);
    }
}
