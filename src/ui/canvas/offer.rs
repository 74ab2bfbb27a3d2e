//! What is offered after a removal: to close the gap that a node left between what sent to it and what it sent to.

use egui::{Area, Frame, Id, Margin, Order, Rect, RichText, Stroke, vec2};

use super::Ground;
use crate::topology::edit::{self, Edit, Item, Step};
use crate::topology::{LinkId, NodeId};
use crate::ui::action::Action;
use crate::ui::{Inputs, View};

/// How long it is offered, in seconds.
const SECONDS: f64 = 9.0;
/// About how large the notice is.
const SIZE: egui::Vec2 = vec2(250.0, 60.0);

/// Links that would close a gap.
#[derive(Debug)]
pub(super) struct Offer {
    gone: Vec<NodeId>,
    links: Vec<LinkId>,
    at: crate::scene::Point,
    /// Until when, in seconds of the window's time, once it is shown.
    until_s: Option<f64>,
}

/// Looks whether one of these actions leaves a gap that could be closed.
pub(super) fn watch(inputs: &Inputs<'_>, actions: &[Action], view: &mut View) {
    for action in actions {
        if let Action::Edit(step) = action {
            view.hand.offer = offer(inputs, step);
        }
    }
}

fn offer(inputs: &Inputs<'_>, step: &Step) -> Option<Offer> {
    let removed = |edit: &Edit| if let Edit::RemoveNode(id) = edit { Some(id.clone()) } else { None };
    let gone: Vec<NodeId> = step.edits.iter().filter_map(removed).collect();
    let reconnects = step.edits.iter().any(|edit| matches!(edit, Edit::AddLink { .. }));
    let cards = gone.iter().filter_map(|node| inputs.stage.card(node)).map(|card| card.rect);
    let at = cards.reduce(|sum, rect| sum.union(&rect))?.center();
    let items = gone.iter().cloned().map(Item::Node).collect();
    let bridged = |edit: Edit| if let Edit::AddLink { link, .. } = edit { Some(link.id()) } else { None };
    let links: Vec<LinkId> = edit::remove(inputs.preset, &items, true).edits.into_iter().filter_map(bridged).collect();
    (!reconnects && !links.is_empty()).then_some(Offer { gone, links, at, until_s: None })
}

/// Shows the notice where the removed nodes were, as long as they are gone and the links can be drawn.
pub(super) fn show(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let Some(mut offer) = view.hand.offer.take() else { return };
    let preset = ground.inputs.preset;
    let steps: Result<Vec<Step>, _> =
        offer.links.iter().map(|link| edit::connect(preset, &link.from, &link.to)).collect();
    let Ok(steps) = steps else { return };
    let now_s = ground.ui.input(|input| input.time);
    let until_s = *offer.until_s.get_or_insert(now_s + SECONDS);
    if offer.gone.iter().any(|node| preset.topology.node(node).is_some()) || now_s >= until_s {
        return;
    }
    ground.ui.request_repaint_after_secs((until_s - now_s) as f32);
    let words = match &offer.links[..] {
        [only] => format!("{} no longer reaches {}", only.from, only.to),
        links => format!("{} ways are cut", links.len()),
    };
    let place = Rect::from_center_size(ground.pos(offer.at), SIZE);
    let place = ground.frame.shrink(8.0).left_top().max(place.min).min(ground.frame.right_bottom() - SIZE);
    let palette = ground.palette;
    let face = Frame::new()
        .fill(palette.panel)
        .stroke(Stroke::new(1.0, palette.line_strong))
        .corner_radius(8)
        .inner_margin(Margin::symmetric(12, 8));
    let area = Area::new(Id::unique("reconnect")).order(Order::Middle).fixed_pos(place);
    let (taken, declined) = area
        .show(ground.ui.ctx(), |ui| {
            face.show(ui, |ui| {
                ui.label(RichText::new(words).color(palette.text).size(13.0));
                ui.horizontal(|ui| {
                    let taken = ui.button("Reconnect").on_hover_text("Link what is left to each other").clicked();
                    (taken, ui.button("Leave it").clicked())
                })
                .inner
            })
            .inner
        })
        .inner;
    if taken {
        let edits = steps.into_iter().flat_map(|step| step.edits).collect();
        actions.push(Action::Edit(Step::new("reconnect", edits)));
    } else if !declined {
        view.hand.offer = Some(offer);
    }
}
