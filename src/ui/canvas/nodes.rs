//! Cards: selecting and dragging them.

use egui::{CursorIcon, Sense, Ui, WidgetInfo};

use super::Ground;
use crate::scene::{Card, Point};
use crate::topology::edit;
use crate::ui::action::Action;
use crate::ui::selection::Selection;
use crate::ui::{Inputs, View};

/// Reads clicks and drags on all cards.
pub(super) fn read(ui: &Ui, ground: &Ground<'_>, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    for card in &inputs.stage.cards {
        one(ui, ground, card, inputs, view, actions);
    }
}

fn one(ui: &Ui, ground: &Ground<'_>, card: &Card, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let rect = ground.rect(&card.rect).intersect(ground.frame);
    if !rect.is_positive() {
        return;
    }
    let response = ui.interact(rect, ui.scope_id().with(("node", &card.node)), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("node {}", card.node)));
    if response.clicked() {
        actions.push(Action::Select(Selection::node(card.node.clone())));
    }
    if response.dragged() {
        let by = response.drag_delta() / ground.camera.zoom();
        let from = view.moved.nodes.get(&card.node).copied().unwrap_or(card.rect.min);
        view.moved.nodes.insert(card.node.clone(), Point::new(from.x + by.x, from.y + by.y));
        ui.set_cursor_icon(CursorIcon::Grabbing);
    }
    if response.drag_stopped()
        && let Some(at) = view.moved.nodes.remove(&card.node)
    {
        let mut places = inputs.stage.places();
        places.insert(card.node.clone(), [at.x.round(), at.y.round()]);
        actions.push(Action::Edit(edit::place_all("move a card", places)));
    }
}
