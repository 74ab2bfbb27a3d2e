//! The canvas while nothing is drawn: what to do first, with the buttons that do it.

use egui::{Align, Area, Id, Layout, Order, Rect, RichText, Ui, vec2};

use super::action::Action;
use super::button::IconButton;
use super::command::Command;
use super::glyphs::Glyph;
use super::theme::Palette;
use super::{Inputs, View};

/// The room for the words.
const WIDTH: f32 = 430.0;

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
                "Drag Users, a Gateway and a Service from the left onto the canvas, link them from left to right, and \
                 press Run. Or open a lesson and change it."
            } else {
                "Nothing is drawn yet. Build shows what can be drawn; Lessons opens a system that is drawn already."
            };
            ui.label(RichText::new(words).color(palette.faint));
            ui.add_space(8.0);
            ui.allocate_ui_with_layout(vec2(width, 36.0), Layout::left_to_right(Align::Center), |ui| {
                let first = if view.build { None } else { Some((Command::Build, Glyph::Boxes)) };
                let others = [(Command::Palette, Glyph::Lens), (Command::Lessons, Glyph::Path)];
                let all: Vec<_> = first.into_iter().chain(others).collect();
                let button = |(command, glyph): &(Command, Glyph)| IconButton::new(*glyph, command.about().title);
                let gap = ui.spacing().item_spacing.x;
                let whole: f32 = all.iter().map(|entry| button(entry).size(ui).x + gap).sum::<f32>() - gap;
                ui.add_space(((width - whole) / 2.0).max(0.0));
                for entry in &all {
                    if ui.add(button(entry)).on_hover_text(entry.0.tip(ui.ctx())).clicked() {
                        entry.0.give(ui.ctx(), inputs, view, actions);
                    }
                }
            });
        });
    });
}
