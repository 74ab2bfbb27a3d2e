//! The canvas: cards, cells, links, users and traffic, with an own painter. Everything that can be clicked has an
//! accessible name.

mod brush;
pub(crate) mod camera;
mod cells;
mod interact;
mod legend;
mod links;
mod nodes;
mod states;
mod traffic;
mod users;

use egui::{Role, Sense, Ui, WidgetInfo};

use super::action::Action;
use super::theme::Palette;
use super::{Inputs, View};
use brush::Brush;

/// Draws the canvas and reads what was done on it.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let frame = ui.available_rect_before_wrap();
    view.camera.fit(frame, inputs.stage.bounds());
    let background = ui.interact(frame, ui.scope_id().with("canvas"), Sense::click_and_drag());
    background.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "canvas"));
    interact::navigate(ui, frame, &background, inputs, view, actions);
    let brush = Brush { painter: ui.painter_at(frame), frame, camera: view.camera, palette: Palette::of(ui.ctx()) };
    interact::grid(&brush);
    nodes::show(ui, &brush, inputs, view, actions);
    links::show(&brush, inputs);
    for card in &inputs.stage.cards {
        users::show(ui, &brush, card, inputs, view, actions);
        cells::show(ui, &brush, card, inputs, view, actions);
    }
    traffic::show(&brush, inputs.dots);
    legend::show(&brush, inputs, view);
    ui.advance_cursor_after_rect(frame);
}
