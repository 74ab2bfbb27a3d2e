//! The panel at the bottom of Build: charts, events, what replicas wrote, and the verdict. In a wide window the charts keep their side.

use egui::{CentralPanel, Frame, Margin, Panel, Ui, WidgetInfo, vec2};

use super::lesson::verdict;
use super::look::Sizes;
use super::{Inputs, View, chart, log, replica_log, theme};
use crate::topology::Slot;

/// One of the things shown there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    /// The run second by second.
    Charts,
    /// What happened, in words.
    #[default]
    Events,
    /// What processes wrote.
    Logs,
    /// What became of each thing that the preset expects.
    Verdict,
}

/// What the panel remembers from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    tab: Tab,
    /// Whether there was a verdict in the last frame.
    judged: bool,
    pub(super) chart: chart::Memory,
    pub(super) logs: replica_log::Memory,
}

impl Memory {
    /// Shows this tab, with what the lives of this slot wrote.
    pub(super) fn show_log_of(&mut self, slot: &Slot, tab: Tab) {
        self.tab = tab;
        self.logs.only(slot);
    }

    /// Brings a verdict to the front when it comes, and goes back when another run begins.
    fn judge(&mut self, judged: bool) {
        if judged != self.judged {
            self.judged = judged;
            if judged {
                self.tab = Tab::Verdict;
            } else if self.tab == Tab::Verdict {
                self.tab = Tab::Events;
            }
        }
    }
}

/// Draws the panel's inside.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View) {
    let wide = ui.ctx().content_rect().width() >= theme::WIDE;
    let judged = verdict::is_there(inputs);
    view.bottom.judge(judged);
    let mut all = vec![Tab::Charts, Tab::Events, Tab::Logs];
    all.extend(judged.then_some(Tab::Verdict));
    if !wide {
        tabs(ui, &all, inputs, &mut view.bottom);
        return shown(ui, view.bottom.tab, inputs, view);
    }
    if view.bottom.tab == Tab::Charts {
        view.bottom.tab = Tab::Events;
    }
    let width = ui.available_width();
    let events = Panel::right("log")
        .frame(Frame::new().inner_margin(Margin { left: 12, ..Margin::ZERO }))
        .default_size(Sizes::or(view.sizes.events, width * 0.45))
        .min_size(260.0)
        .max_size(width - 320.0)
        .resizable(true)
        .show(ui, |ui| {
            // A panel that can be resized would shrink to what is in it.
            ui.set_min_size(ui.available_size());
            tabs(ui, &all[1..], inputs, &mut view.bottom);
            shown(ui, view.bottom.tab, inputs, view);
        });
    view.sizes.events = Sizes::of(events.response.rect.width());
    CentralPanel::no_frame().show(ui, |ui| chart::show(ui, inputs, view));
}

fn shown(ui: &mut Ui, tab: Tab, inputs: &Inputs<'_>, view: &mut View) {
    match tab {
        Tab::Charts => chart::show(ui, inputs, view),
        Tab::Events => log::show(ui, inputs),
        Tab::Logs => replica_log::show(ui, inputs, &mut view.bottom.logs),
        Tab::Verdict => verdict::show(ui, inputs),
    }
}

/// The tabs, and beside them what belongs to the one that is on.
fn tabs(ui: &mut Ui, tabs: &[Tab], inputs: &Inputs<'_>, memory: &mut Memory) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(5.0, 4.0);
        ui.spacing_mut().button_padding = vec2(8.0, 3.0);
        for &tab in tabs {
            let (text, about) = match tab {
                Tab::Charts => ("Charts", "The run second by second"),
                Tab::Events => ("Events", "What happened, in words"),
                Tab::Logs => ("Logs", "What each process wrote, dead ones included"),
                Tab::Verdict => ("Verdict", "What the run was to show, and whether it did"),
            };
            let response = ui.selectable_label(memory.tab == tab, text).on_hover_text(about);
            response.widget_info(|| WidgetInfo::selected(egui::Role::Tab, true, memory.tab == tab, text));
            if response.clicked() {
                memory.tab = tab;
            }
        }
        if memory.tab == Tab::Logs {
            ui.add_space(6.0);
            replica_log::controls(ui, inputs, &mut memory.logs);
        }
    });
}
