//! Users as figures: the same number as their session's mark, a basket, and what was done to them.

use std::collections::BTreeSet;

use egui::{Align2, Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::brush::Brush;
use crate::control::snapshot::{Holder, UserState};
use crate::scene::people::{self, MOST_FIGURES};
use crate::scene::{Card, Figure, Mood, cells};
use crate::topology::NodeId;
use crate::ui::action::Action;
use crate::ui::icons::{self, Icon};
use crate::ui::selection::Selection;
use crate::ui::theme::{CANVAS_SMALL, MARK_TEXT};
use crate::ui::toolbar::count;
use crate::ui::{Inputs, View};

/// Draws the figures of a users card, and reads clicks on them.
pub(super) fn show(
    ui: &Ui,
    brush: &Brush<'_>,
    card: &Card,
    inputs: &Inputs<'_>,
    view: &View,
    actions: &mut Vec<Action>,
) {
    let Some(users) = inputs.preset.topology.node(&card.node).and_then(|node| node.users()) else { return };
    let mut figures = people::figures(&card.node, users.users, inputs.shown, inputs.losses);
    let keys = key_bearers(inputs);
    figures.iter_mut().for_each(|figure| figure.key |= keys.contains(&(&card.node, figure.user)));
    for (figure, place) in figures.iter().zip(&card.figures) {
        let rect = brush.rect(place);
        if !brush.sees(rect) {
            continue;
        }
        let id = ui.scope_id().with(("user", &card.node, figure.user));
        let response = ui.interact(rect.intersect(brush.frame), id, Sense::click());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Button, true, format!("user {}", figure.user));
            info.current_text_value = Some(spoken(figure));
            info
        });
        let selection = Selection::User(card.node.clone(), figure.user);
        if view.selection == selection || response.hovered() {
            brush.face(rect.shrink(brush.len(1.0)), 6.0, brush.palette.cell, brush.stroke(1.0, brush.palette.line));
        }
        if response.clicked() {
            actions.push(Action::Select(selection));
        }
        draw(brush, rect, place.size.w, figure);
    }
    if users.users > MOST_FIGURES {
        let rect = brush.rect(&card.rect);
        let more = format!("and {} more; the hurt are always among those shown", users.users - MOST_FIGURES);
        let at = rect.center_bottom() - vec2(0.0, brush.len(9.0));
        brush.text(at, Align2::CENTER_BOTTOM, more, CANVAS_SMALL, brush.palette.faint);
    }
}

/// Who carries a token while only the items are in a store: the store holds the cart, the user the session.
fn key_bearers<'a>(inputs: &Inputs<'a>) -> BTreeSet<(&'a NodeId, u32)> {
    let bears = |user: &&UserState| match &user.holder {
        Holder::Life(life) | Holder::Dead(life) => cells::keeps_carts(&inputs.preset.topology, &life.slot.node),
        Holder::None | Holder::User => false,
    };
    inputs.shown.users.iter().filter(bears).map(|user| (&user.node, user.user)).collect()
}

/// A figure in words, for those who do not see it.
fn spoken(figure: &Figure) -> String {
    let mood = match figure.mood {
        Mood::Out => "no session",
        Mood::In => "logged in",
        Mood::Unaware => "session lost, does not know yet",
        Mood::LoggedOut => "logged out",
    };
    let hurt = if figure.hurt { ", was hurt" } else { "" };
    format!("{mood}, {}{hurt}", count(u64::from(figure.basket), "item"))
}

fn draw(brush: &Brush<'_>, rect: Rect, width: f32, figure: &Figure) {
    let palette = brush.palette;
    // All sizes below are those of a figure 46 wide.
    let unit = brush.len(width / 46.0);
    let at = |x: f32, y: f32| rect.left_top() + vec2(x, y) * unit;
    let (fill, edge, number) = match figure.mood {
        Mood::In => (palette.session, palette.session, palette.on_session),
        Mood::Out => (Color32::TRANSPARENT, palette.line_strong, palette.faint),
        Mood::Unaware => (palette.card, palette.failed, palette.failed),
        Mood::LoggedOut => (palette.harm_face, palette.failed, palette.failed),
    };
    let stroke = egui::Stroke::new((1.4 * unit).max(0.8), edge);
    brush.painter.circle(at(15.0, 10.0), 5.6 * unit, fill, stroke);
    let body = Rect::from_min_max(at(4.5, 18.0), at(25.5, 39.0));
    let round = (8.0 * unit) as u8;
    let radius = egui::CornerRadius { nw: round, ne: round, sw: round / 3, se: round / 3 };
    brush.painter.rect(body, radius, fill, stroke, egui::StrokeKind::Inside);
    let scale = width / 46.0;
    brush.text(body.center(), Align2::CENTER_CENTER, figure.user, MARK_TEXT * scale, number);
    if figure.hurt {
        notch(brush, body, unit);
    }
    belongings(brush, &at, unit, scale, figure);
}

/// A notch in the shoulder: this one was hit, and it stays to be seen.
fn notch(brush: &Brush<'_>, body: Rect, unit: f32) {
    let palette = brush.palette;
    let (x, y) = (body.left(), body.bottom());
    let points = vec![pos2(x - unit, y + unit), pos2(x + 9.0 * unit, y + unit), pos2(x - unit, y - 9.0 * unit)];
    brush.painter.add(egui::Shape::convex_polygon(points, palette.failed, egui::Stroke::new(1.2 * unit, palette.card)));
}

/// What a user has in hand: a basket with its count, an open door, a question, a key.
fn belongings(brush: &Brush<'_>, at: &impl Fn(f32, f32) -> egui::Pos2, unit: f32, scale: f32, figure: &Figure) {
    let palette = brush.palette;
    let icon = |icon: Icon, x: f32, y: f32, side: f32, colour: Color32| {
        let rect = Rect::from_min_size(at(x, y), vec2(side, side) * unit);
        icons::draw(&brush.painter, icon, rect, colour);
    };
    match figure.mood {
        Mood::LoggedOut => icon(Icon::Door, 29.5, 19.0, 13.0, palette.failed),
        Mood::Unaware => {
            brush.text(at(36.0, 11.0), Align2::CENTER_CENTER, "?", 15.0 * scale, palette.failed);
            icon(Icon::Basket, 29.0, 18.0, 13.0, palette.faint);
        }
        Mood::In => icon(Icon::Basket, 29.0, 18.0, 13.0, palette.text),
        Mood::Out => {}
    }
    if matches!(figure.mood, Mood::In | Mood::Unaware) {
        brush.text(at(35.5, 37.0), Align2::CENTER_CENTER, figure.basket, MARK_TEXT * scale, palette.text);
    }
    if figure.key {
        icon(Icon::Key, 25.0, 2.0, 14.0, palette.degraded);
    }
    if let Some(items) = figure.just_lost {
        let text = format!("−{items}");
        brush.text(at(35.5, 8.0), Align2::CENTER_CENTER, text, 13.0 * scale, palette.failed);
    }
}
