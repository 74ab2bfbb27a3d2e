//! The canvas while nothing is drawn: what to do first, with the buttons that do it.

use egui::{Align, Area, Id, Layout, Order, Rect, RichText, Ui, vec2};

use super::action::Action;
use super::button::IconButton;
use super::command::Command;
use super::glyphs::Glyph;
use super::theme::Palette;
use super::{Inputs, View};
use crate::topology::edit::{self, History, Step};
use crate::topology::{Preset, RoleKind};

/// The room for the words.
const WIDTH: f32 = 430.0;
/// From one of the first nodes to the next.
const APART: f32 = 380.0;

/// Draws the words while the stage is empty and nothing follows the pointer.
pub(super) fn show(ui: &Ui, canvas: Rect, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    if inputs.stage.bounds().is_some() || view.placing.is_some() || view.presenter.is_some() {
        return;
    }
    let palette = Palette::of(ui.ctx());
    let width = WIDTH.min(canvas.width() - 24.0);
    let area = Area::new(Id::unique("empty")).order(Order::Middle).pivot(egui::Align2::CENTER_CENTER);
    area.fixed_pos(canvas.center()).show(ui.ctx(), |ui| {
        ui.set_width(width);
        ui.with_layout(Layout::top_down(Align::Center), |ui| {
            ui.label(RichText::new("Draw a system, run it, break it").size(20.0).color(palette.text));
            ui.add_space(4.0);
            let words = if view.build {
                "Begin with a small system and change it, or drag what you need from the left onto the canvas, link it \
                 from left to right, and press Run."
            } else {
                "Nothing is drawn yet. Build shows what can be drawn; Lessons opens a system that is drawn already."
            };
            ui.label(RichText::new(words).color(palette.faint));
            ui.add_space(10.0);
            if view.build {
                first(ui, inputs, view, actions);
                ui.add_space(4.0);
            }
            others(ui, width, inputs, view, actions);
        });
    });
}

/// The button that draws the smallest system in which something can be broken.
fn first(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let button = IconButton::new(Glyph::Boxes, "Users › gateway › service").primary();
    if ui.add(button).on_hover_text("Draws these three with their links; undo takes them back").clicked()
        && let Some(step) = smallest(inputs.preset)
    {
        view.camera.fit_again();
        actions.push(Action::Edit(step));
    }
}

/// The step that draws users, a gateway and a service with their links.
fn smallest(preset: &Preset) -> Option<Step> {
    let (mut drawn, mut edits, mut before) = (preset.clone(), Vec::new(), None);
    for (column, kind) in [RoleKind::Users, RoleKind::Gateway, RoleKind::Service].into_iter().enumerate() {
        let (node, step) = edit::add_node(&drawn, kind, [column as f32 * APART, 0.0]);
        edits.extend(step.edits.iter().cloned());
        History::default().apply(&mut drawn, step).ok()?;
        if let Some(before) = before.replace(node.clone()) {
            let step = edit::connect(&drawn, &before, &node).ok()?;
            edits.extend(step.edits.iter().cloned());
            History::default().apply(&mut drawn, step).ok()?;
        }
    }
    Some(Step::new("draw users, gateway and service", edits))
}

/// The ways to what is drawn already, or can be found.
fn others(ui: &mut Ui, width: f32, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    ui.allocate_ui_with_layout(vec2(width, 36.0), Layout::left_to_right(Align::Center), |ui| {
        let lessons = (Command::Lessons, Glyph::Path, "Open a lesson…");
        let palette = (Command::Palette, Glyph::Lens, Command::Palette.about().title);
        let build = (Command::Build, Glyph::Boxes, Command::Build.about().title);
        let all = if view.build { [lessons, palette] } else { [build, lessons] };
        let button = |(_, glyph, words): &(Command, Glyph, &'static str)| IconButton::new(*glyph, words);
        let gap = ui.spacing().item_spacing.x;
        let whole: f32 = all.iter().map(|entry| button(entry).size(ui).x + gap).sum::<f32>() - gap;
        ui.add_space(((width - whole) / 2.0).max(0.0));
        for entry in &all {
            if ui.add(button(entry)).on_hover_text(entry.0.tip(ui.ctx())).clicked() {
                entry.0.give(ui.ctx(), inputs, view, actions);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::validate::validate;

    #[test]
    fn the_smallest_system_is_one_step_and_can_run() {
        let mut preset = Preset::default();
        let step = smallest(&preset).unwrap();
        History::default().apply(&mut preset, step).unwrap();
        assert_eq!((preset.topology.nodes().count(), preset.topology.links().count()), (3, 2));
        assert_eq!(validate(&preset), []);
    }
}
