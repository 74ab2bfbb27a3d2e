//! Cards: their frames and titles, selecting and dragging them.

use egui::{Align2, CursorIcon, Sense, Ui, WidgetInfo, vec2};

use super::brush::Brush;
use crate::scene::layout::{HEADER, PAD};
use crate::scene::{Card, CardKind, Point};
use crate::topology::{Affinity, Engine, Node, Role, Sessions};
use crate::ui::action::{Action, Edit};
use crate::ui::selection::Selection;
use crate::ui::theme::{CANVAS_SMALL, CARD_RADIUS, CARD_TITLE};
use crate::ui::{Inputs, View};

/// Draws the frames of all cards, and reads clicks and drags.
pub(super) fn show(ui: &Ui, brush: &Brush<'_>, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    for card in &inputs.stage.cards {
        let Some(node) = inputs.preset.topology.node(&card.node) else { continue };
        interact(ui, brush, card, inputs, view, actions);
        frame(brush, card, node, &view.selection);
    }
}

fn interact(ui: &Ui, brush: &Brush<'_>, card: &Card, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let rect = brush.rect(&card.rect).intersect(brush.frame);
    if !rect.is_positive() {
        return;
    }
    let response = ui.interact(rect, ui.scope_id().with(("node", &card.node)), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("node {}", card.node)));
    if response.clicked() {
        actions.push(Action::Select(Selection::Node(card.node.clone())));
    }
    if response.dragged() {
        let by = response.drag_delta() / brush.camera.zoom();
        let from = view.dragged.take().filter(|(id, _)| *id == card.node).map_or(card.rect.min, |(_, at)| at);
        view.dragged = Some((card.node.clone(), Point::new(from.x + by.x, from.y + by.y)));
        ui.set_cursor_icon(CursorIcon::Grabbing);
    }
    if response.drag_stopped()
        && let Some((id, at)) = view.dragged.take()
    {
        let mut places = inputs.stage.places();
        places.insert(id, [at.x.round(), at.y.round()]);
        actions.push(Action::Edit(Edit::Places(places)));
    }
}

fn frame(brush: &Brush<'_>, card: &Card, node: &Node, selection: &Selection) {
    let palette = brush.palette;
    let rect = brush.rect(&card.rect);
    if !brush.sees(rect) {
        return;
    }
    let shadow = rect.translate(vec2(0.0, brush.len(3.0))).expand(brush.len(1.5));
    brush.painter.rect_filled(shadow, brush.len(CARD_RADIUS + 1.0), palette.shadow);
    let stroke = if *selection == Selection::Node(card.node.clone()) {
        brush.stroke(2.5, palette.accent)
    } else {
        brush.stroke(1.0, palette.line)
    };
    brush.face(rect, CARD_RADIUS, palette.card, stroke);
    let top = rect.left_top() + vec2(brush.len(PAD + 2.0), brush.len(6.0));
    let name = brush.text(top, Align2::LEFT_TOP, &card.node, CARD_TITLE, palette.text);
    let below = egui::pos2(top.x, rect.top() + brush.len(HEADER - 20.0));
    brush.text(below, Align2::LEFT_TOP, describe(node), CANVAS_SMALL, palette.faint);
    let right = egui::pos2(rect.right() - brush.len(PAD + 2.0), name.center().y);
    brush.text(right, Align2::RIGHT_CENTER, role(card.kind), CANVAS_SMALL, palette.faint);
}

fn role(kind: CardKind) -> &'static str {
    match kind {
        CardKind::Users => "users",
        CardKind::Gateway => "gateway",
        CardKind::Service => "service",
        CardKind::Cache => "cache",
    }
}

/// A node's most telling setting, in words.
fn describe(node: &Node) -> String {
    match &node.role {
        Role::Users(users) => format!("{} people, a request every {} or so", users.users, users.think),
        Role::Gateway(gateway) => match gateway.affinity {
            Affinity::None => "any replica answers".to_owned(),
            Affinity::Cookie => "sticky by cookie".to_owned(),
            Affinity::SessionHash => "sticky by hash".to_owned(),
        },
        Role::Service(service) => match service.sessions {
            Sessions::Memory => "sessions in each replica's memory".to_owned(),
            Sessions::Store => "sessions in the shared store".to_owned(),
            Sessions::Token => "sessions in a token the user carries".to_owned(),
        },
        Role::Cache(cache) => match cache.engine {
            Engine::Builtin => "built-in key-value store".to_owned(),
            Engine::Redis => "redis-server".to_owned(),
        },
    }
}
