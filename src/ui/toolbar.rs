//! The bar at the top: the preset's title, Run and its companions, the score with people first, and what to show.

use egui::{Align, Label, Layout, RichText, Ui, vec2};

use crate::control::Snapshot;
use crate::control::snapshot::Phase;
use crate::scene::lesson::Control;
use crate::topology::Preset;

use super::action::Action;
use super::icons::{Icon, IconButton};
use super::theme::Palette;
use super::{Inputs, View, keys, lesson};

/// The height of the line with the score: a button's.
const SCORE_HEIGHT: f32 = 30.0;

/// Draws the bar.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        run_buttons(ui, inputs, actions);
        ui.separator();
        title(ui, inputs);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            toggles(ui, view);
            ui.separator();
            history(ui, inputs, view, actions);
        });
    });
    ui.add_space(2.0);
    // As high whatever it says, for the canvas below must not move.
    ui.allocate_ui_with_layout(vec2(ui.available_width(), SCORE_HEIGHT), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_height(SCORE_HEIGHT);
        scoreboard(ui, inputs, actions);
    });
}

fn run_buttons(ui: &mut Ui, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let refused = inputs.run_refused();
    let button = |icon, text, primary| IconButton { icon, text, primary };
    let tip = |text: &str, keys: &str| format!("{text} ({keys})");
    let run = ui
        .add_enabled(refused.is_none(), button(Icon::Triangle, "Run", true))
        .on_hover_text(tip("Start every process and let the users in", &ui.ctx().format_shortcut(&keys::RUN)));
    let run = match &refused {
        Some(reason) => run.on_disabled_hover_text(reason),
        None => run,
    };
    lesson::ring_if(ui, inputs.strip, &Control::Run, run.rect);
    if run.clicked() {
        actions.push(Action::Run { experiment: false });
    }
    let experiment = ui
        .add_enabled(refused.is_none(), button(Icon::Triangle, "Run experiment", false))
        .on_hover_text("Play the preset's scenario too, and end with a verdict");
    if experiment.clicked() {
        actions.push(Action::Run { experiment: true });
    }
    let stop = ui
        .add_enabled(inputs.can_stop(), button(Icon::Square, "Stop", false))
        .on_hover_text(tip("Settle what is in flight, then end", &ui.ctx().format_shortcut(&keys::STOP)));
    if stop.clicked() {
        actions.push(Action::Stop);
    }
    let reset = ui
        .add_enabled(inputs.latest.phase != Phase::Idle, button(Icon::Around, "Reset", false))
        .on_hover_text(tip("Back to the beginning", "R"));
    if reset.clicked() {
        actions.push(Action::Reset);
    }
}

fn title(ui: &mut Ui, inputs: &Inputs<'_>) {
    let name = if inputs.preset.title.is_empty() { "Untitled" } else { &inputs.preset.title };
    let name = if inputs.dirty { format!("{name} *") } else { name.to_owned() };
    ui.add(Label::new(RichText::new(name).heading()).truncate());
}

fn history(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    ui.toggle_value(&mut view.files, "File…").on_hover_text("Open or save a preset file");
    let (undo, redo) = inputs.undo;
    let tip = |ui: &Ui, text: &str, keys| format!("{text} ({})", ui.ctx().format_shortcut(keys));
    let text = tip(ui, "Make the edit that was taken back again", &keys::REDO);
    if ui.add_enabled(redo, egui::Button::new("Redo")).on_hover_text(text).clicked() {
        actions.push(Action::Redo);
    }
    let text = tip(ui, "Take the last edit back", &keys::UNDO);
    if ui.add_enabled(undo, egui::Button::new("Undo")).on_hover_text(text).clicked() {
        actions.push(Action::Undo);
    }
}

fn toggles(ui: &mut Ui, view: &mut View) {
    let dark = ui.ctx().theme() == egui::Theme::Dark;
    if ui.button(if dark { "Light" } else { "Dark" }).on_hover_text("Change the colours").clicked() {
        ui.ctx().set_theme(if dark { egui::Theme::Light } else { egui::Theme::Dark });
        // This frame has begun in the old colours; a window at rest would keep the mixture.
        ui.ctx().request_repaint();
    }
    ui.toggle_value(&mut view.build, "Build").on_hover_text("Show inspector, chart and event log (B)");
    ui.toggle_value(&mut view.gallery, "Presets").on_hover_text("Show the presets to choose from");
}

/// The score in words: people first, requests second.
pub(super) fn score(snapshot: &Snapshot) -> [String; 3] {
    let sessions = &snapshot.sessions;
    let failed = snapshot.total.failed_total() + snapshot.total.timed_out;
    [
        format!("{} of {} users hurt", sessions.users_hurt, sessions.users),
        format!("{} lost", count(sessions.items_lost, "item")),
        format!("{}, {failed} failed", count(snapshot.total.issued, "request")),
    ]
}

/// A number of what is counted, in words.
pub(super) fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// The title of the window: what is open, and who was hurt.
pub(crate) fn headline(preset: &Preset, snapshot: &Snapshot) -> String {
    let title = if preset.title.is_empty() { "Untitled" } else { &preset.title };
    if snapshot.phase == Phase::Idle {
        return format!("{title} – Brownout");
    }
    let [people, items, _] = score(snapshot);
    format!("{title} · {people} · {items} – Brownout")
}

fn scoreboard(ui: &mut Ui, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    ui.spacing_mut().item_spacing.x = 10.0;
    if inputs.shown.phase == Phase::Idle {
        ui.label(RichText::new("Nothing runs yet").color(palette.faint).size(16.0));
        return;
    }
    let sessions = &inputs.shown.sessions;
    let [people, items, requests] = score(inputs.shown);
    let colour = |number: u64| if number > 0 { palette.failed } else { palette.text };
    ui.label(RichText::new(people).size(19.0).color(colour(sessions.users_hurt)));
    ui.label(RichText::new("·").size(19.0).color(palette.faint));
    ui.label(RichText::new(items).size(19.0).color(colour(sessions.items_lost)));
    ui.label(RichText::new("·").size(19.0).color(palette.faint));
    ui.label(RichText::new(requests).size(15.0).color(palette.faint));
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if inputs.shown.report.is_some()
            && ui.button("Save report…").on_hover_text("Everything that this run measured, as JSON").clicked()
        {
            actions.push(Action::SaveReport);
        }
        ui.label(RichText::new(phase(inputs.shown)).size(15.0).color(palette.faint));
    });
}

fn phase(snapshot: &Snapshot) -> String {
    let seconds = snapshot.started_us.map_or(0, |start| snapshot.now_us.saturating_sub(start) / 1_000_000);
    match snapshot.phase {
        Phase::Idle => String::new(),
        Phase::Starting => "starting".to_owned(),
        Phase::Running => format!("running for {seconds} s"),
        Phase::Settling => "settling: what is in flight comes to its end".to_owned(),
        Phase::Stopping => "stopping".to_owned(),
        Phase::Finished => format!("finished after {seconds} s"),
    }
}
