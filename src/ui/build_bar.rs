//! The bar of Build: menus, the history of edits, the experiment, what is wrong, how large the drawing is, and the way to
//! everything else.

use egui::{Align, Button, Layout, Ui, WidgetInfo, vec2};

use super::action::Action;
use super::button::IconButton;
use super::command::Command;
use super::glyphs::Glyph;
use super::icons::Icon;
use super::{Inputs, View, menus, problems};

/// In a bar narrower than this, words are left out where a picture says it.
const WORDY: f32 = 1100.0;

/// Draws the bar.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let wordy = ui.available_width() >= WORDY;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        menus::show(ui, inputs, view, actions);
        ui.separator();
        let button = |ui: &mut Ui, view: &mut View, actions: &mut Vec<Action>, command, button: IconButton<'_>| {
            give(ui, command, button, inputs, view, actions);
        };
        button(ui, view, actions, Command::Undo, IconButton::new(Glyph::Undo, "Undo").bare(true));
        button(ui, view, actions, Command::Redo, IconButton::new(Glyph::Redo, "Redo").bare(true));
        ui.separator();
        let experiment = IconButton::new(Icon::Triangle, "Run experiment").bare(!wordy);
        button(ui, view, actions, Command::RunExperiment, experiment);
        problems::counter(ui, inputs, view, actions);
        if inputs.laying_out {
            ui.label("Laying out…");
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let search = IconButton::new(Glyph::Lens, Command::Palette.about().title).bare(!wordy);
            button(ui, view, actions, Command::Palette, search);
            button(ui, view, actions, Command::ZoomIn, IconButton::new(Glyph::Plus, "Zoom in").bare(true));
            zoom(ui, inputs, view, actions);
            button(ui, view, actions, Command::ZoomOut, IconButton::new(Glyph::Minus, "Zoom out").bare(true));
        });
    });
}

/// A button that gives a command, or says why it cannot.
fn give(
    ui: &mut Ui,
    command: Command,
    button: IconButton<'_>,
    inputs: &Inputs<'_>,
    view: &mut View,
    actions: &mut Vec<Action>,
) {
    let refused = command.refused(inputs, view);
    let mut tip = command.tip(ui.ctx());
    if command.step(inputs).is_some() {
        tip = format!("{}\n{tip}", command.title(inputs, view));
    }
    let response = ui.add_enabled(refused.is_none(), button).on_hover_text(&tip);
    let response = match refused {
        Some(reason) => response.on_disabled_hover_text(format!("{tip}\n{reason}")),
        None => response,
    };
    if response.clicked() {
        command.give(ui.ctx(), inputs, view, actions);
    }
}

/// How large the drawing is; a click makes it one to one.
fn zoom(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let percent = view.camera.zoom() * 100.0;
    let percent = if percent < 1.0 { format!("{percent:.1} %") } else { format!("{percent:.0} %") };
    let response = ui.add_sized(vec2(62.0, 32.0), Button::new(&percent).frame(false));
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(egui::Role::Button, true, "Zoom");
        info.current_text_value = Some(percent.clone());
        info
    });
    if response.on_hover_text(Command::ZoomTo100.tip(ui.ctx())).clicked() {
        Command::ZoomTo100.give(ui.ctx(), inputs, view, actions);
    }
}
