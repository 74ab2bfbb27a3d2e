//! A program that is dropped on a service takes its place: which one the hand is over, and how that is shown.

use egui::{CursorIcon, Stroke, StrokeKind};

use super::Ground;
use super::moving::Move;
use crate::scene::{Point, Rect};
use crate::topology::NodeId;
use crate::ui::Inputs;

/// The program that is moved, and the service that it would replace here.
pub(super) fn target<'a>(inputs: &'a Inputs<'_>, moving: &'a Move, at: Point) -> Option<(&'a NodeId, &'a NodeId)> {
    let topology = &inputs.preset.topology;
    let program = moving.only_node().filter(|id| topology.node(id).is_some_and(|node| node.program().is_some()))?;
    let under =
        inputs.stage.cards_in(Rect::between(at, at)).filter(|card| card.node != *program && card.rect.contains(at));
    let service = under.map(|card| &card.node).find(|id| topology.node(id).is_some_and(|n| n.service().is_some()))?;
    Some((program, service))
}

/// Shows what letting go would do.
pub(super) fn show(ground: &Ground<'_>, moving: &Move, at: Point) {
    let Some((program, service)) = target(ground.inputs, moving, at) else { return };
    let Some(card) = ground.inputs.stage.card(service) else { return };
    ground.ui.set_cursor_icon(CursorIcon::Alias);
    let rect = ground.rect(&card.rect);
    ground.painter.rect_stroke(rect, 8.0, Stroke::new(3.0, ground.palette.accent), StrokeKind::Outside);
    let words = format!("{program} takes the place of {service}");
    let font = egui::FontId::proportional(14.0);
    let galley = ground.painter.layout_no_wrap(words, font, ground.palette.on_accent);
    let plate = egui::Rect::from_center_size(
        rect.center_bottom() + egui::vec2(0.0, 18.0),
        galley.size() + egui::vec2(18.0, 8.0),
    );
    ground.painter.rect_filled(plate, 8.0, ground.palette.accent);
    ground.painter.galley(plate.min + egui::vec2(9.0, 4.0), galley, ground.palette.on_accent);
}
