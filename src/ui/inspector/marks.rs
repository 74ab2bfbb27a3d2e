//! A group with its title and members, and a note with its text.

use egui::{RichText, Ui, WidgetInfo, vec2};

use super::field::{self, Field};
use super::place::Place;
use super::{Memory, note as remark};
use crate::topology::{Group, Note};
use crate::ui::Inputs;
use crate::ui::action::Action;
use crate::ui::selection::Selection;
use crate::ui::theme::Palette;

/// Draws a group.
pub(super) fn group(ui: &mut Ui, group: &Group, inputs: &Inputs<'_>, memory: &mut Memory, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    ui.heading("Group");
    ui.label(RichText::new("Title").size(13.0).color(palette.faint));
    let place = Place::Group(group.id.clone());
    let width = ui.available_width();
    let (now, hint) = (group.title.clone(), group.id.as_str());
    Field { place: place.clone(), name: "Title", now, hint, width, lines: 1 }.show(ui, inputs, memory, actions);
    field::complaint(ui, memory, &place);
    ui.add_space(8.0);
    ui.label(RichText::new("In it").size(13.0).color(palette.faint));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().button_padding = vec2(8.0, 4.0);
        for node in &group.nodes {
            let button = ui.button(node.as_str());
            let label = format!("Go to {node}");
            button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &label));
            if button.on_hover_text(label).clicked() {
                actions.push(Action::Select(Selection::node(node.clone())));
            }
        }
    });
    remark(ui, "Drop a node into the frame to put it in, or outside to take it out.");
}

/// Draws a note.
pub(super) fn note(ui: &mut Ui, note: &Note, inputs: &Inputs<'_>, memory: &mut Memory, actions: &mut Vec<Action>) {
    ui.heading("Note");
    let place = Place::Note(note.id.clone());
    let width = ui.available_width();
    let now = note.text.clone();
    Field { place: place.clone(), name: "Text", now, hint: "What others should know", width, lines: 6 }
        .show(ui, inputs, memory, actions);
    field::complaint(ui, memory, &place);
    remark(ui, "A click elsewhere keeps what you wrote; Esc puts it away.");
}
