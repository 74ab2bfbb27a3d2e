//! The bar at the top: Run and Reset, the title, and what to show. What only engineers need is in the bar of Build.

use egui::{Align, Label, Layout, Popup, PopupCloseBehavior, RichText, Ui, vec2};

use crate::control::Snapshot;
use crate::control::snapshot::Phase;
use crate::scene::lesson::Control;

use super::action::Action;
use super::button::IconButton;
use super::command::Command;
use super::glyphs::Glyph;
use super::icons::Icon;
use super::theme::Palette;
use super::{Inputs, View, menu};

/// In a bar narrower than this, what to show is chosen by pictures alone.
const WORDY: f32 = 1100.0;

/// Draws the bar.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        run_buttons(ui, inputs, false, actions);
        ui.separator();
        let choices = Choices::new(ui, view);
        let room = (ui.available_width() - choices.width(ui)).max(0.0);
        ui.allocate_ui_with_layout(vec2(room, 42.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_width(room);
            title(ui, inputs);
        });
        choices.show(ui, inputs, view, actions);
    });
}

/// Run, which turns into Stop while it runs, and Reset.
pub(super) fn run_buttons(ui: &mut Ui, inputs: &Inputs<'_>, bare: bool, actions: &mut Vec<Action>) {
    if inputs.is_running() {
        let stop = IconButton::new(Icon::Square, "Stop").as_wide_as("Run");
        let stop = if bare { stop.bare(true) } else { stop.primary() };
        let tip = Command::Stop.tip(ui.ctx());
        let response = ui.add_enabled(inputs.can_stop(), stop).on_hover_text(tip);
        if response.on_disabled_hover_text("It comes to its end").clicked() {
            actions.push(Action::Stop);
        }
    } else {
        let refused = inputs.run_refused();
        let run = IconButton::new(Icon::Triangle, "Run").as_wide_as("Stop");
        let run = if bare { run.bare(true) } else { run.primary() };
        let run = run.ringed(inputs.strip.highlight == Some(Control::Run));
        let tip = Command::Run.tip(ui.ctx());
        let run = ui.add_enabled(refused.is_none(), run).on_hover_text(tip);
        let run = match &refused {
            Some(reason) => run.on_disabled_hover_text(reason),
            None => run,
        };
        if run.clicked() {
            actions.push(Action::Run { experiment: false });
        }
    }
    let reset = ui
        .add_enabled(inputs.latest.phase != Phase::Idle, IconButton::new(Icon::Around, "Reset").bare(bare))
        .on_hover_text(Command::Reset.tip(ui.ctx()))
        .on_disabled_hover_text("It is at its beginning");
    if reset.clicked() {
        actions.push(Action::Reset);
    }
}

fn title(ui: &mut Ui, inputs: &Inputs<'_>) {
    let palette = Palette::of(ui.ctx());
    let name = if inputs.preset.title.is_empty() { "Untitled" } else { &inputs.preset.title };
    let name = if inputs.dirty { format!("{name} *") } else { name.to_owned() };
    let after = phase(inputs.shown);
    // As wide whatever the number of seconds, for the title may be cut where this begins.
    let room = if ui.available_width() > 330.0 { 130.0 } else { 0.0 };
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width() - room);
        ui.add(Label::new(RichText::new(name).heading()).truncate());
    });
    if room > 0.0 {
        ui.add(Label::new(RichText::new(after).color(palette.faint)).truncate());
    }
}

/// What the run is doing, in words.
fn phase(snapshot: &Snapshot) -> String {
    let seconds = snapshot.started_us.map_or(0, |start| snapshot.now_us.saturating_sub(start) / 1_000_000);
    match snapshot.phase {
        Phase::Idle => String::new(),
        Phase::Starting => "starting".to_owned(),
        Phase::Running => format!("running for {seconds} s"),
        Phase::Settling => "settling".to_owned(),
        Phase::Stopping => "stopping".to_owned(),
        Phase::Finished => format!("finished after {seconds} s"),
    }
}

/// What to show: a row at the right end, in the order of reading and of Tab.
struct Choices {
    lessons: IconButton<'static>,
    build: IconButton<'static>,
    present: IconButton<'static>,
    more: IconButton<'static>,
}

impl Choices {
    fn new(ui: &Ui, view: &View) -> Self {
        let bare = ui.ctx().content_rect().width() < WORDY;
        Self {
            lessons: IconButton::new(Glyph::Path, "Lessons").switch(view.shows_lessons()).bare(bare),
            build: IconButton::new(Glyph::Boxes, "Build").switch(view.build).bare(bare),
            present: IconButton::new(Glyph::Screen, "Present").bare(bare),
            more: IconButton::new(Glyph::Lines, "More").bare(bare),
        }
    }

    fn width(&self, ui: &Ui) -> f32 {
        let all = [&self.lessons, &self.build, &self.present, &self.more];
        all.iter().map(|button| button.size(ui).x + ui.spacing().item_spacing.x).sum()
    }

    fn show(self, ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
        let buttons =
            [(Command::Lessons, self.lessons), (Command::Build, self.build), (Command::Present, self.present)];
        for (command, button) in buttons {
            if ui.add(button).on_hover_text(command.tip(ui.ctx())).clicked() {
                command.give(ui.ctx(), inputs, view, actions);
            }
        }
        let more = ui.add(self.more).on_hover_text("Colours, motion, legend, keys");
        Popup::menu(&more)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .width(250.0)
            .gap(8.0)
            .show(|ui| menu::show(ui, inputs, view, actions));
    }
}
