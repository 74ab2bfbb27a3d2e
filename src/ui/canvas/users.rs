//! Users: clicking on a figure follows that user.

use std::cell::OnceCell;

use egui::{Role, Sense, Ui, WidgetInfo};

use super::interact::Pointed;
use super::{Ground, context, touch};
use crate::scene::words::count;
use crate::scene::{Card, CardKind, Figure, Mood, people};
use crate::topology::edit::Item;
use crate::ui::action::Action;
use crate::ui::command::Spot;
use crate::ui::selection::Selection;
use crate::ui::{Inputs, View};

/// Reads clicks on the figures of a users card.
pub(super) fn read(
    ui: &Ui,
    ground: &Ground<'_>,
    card: &Card,
    inputs: &Inputs<'_>,
    view: &mut View,
    pointed: &mut Option<Pointed>,
    actions: &mut Vec<Action>,
) {
    if card.kind != CardKind::Users {
        return;
    }
    let topology = &inputs.preset.topology;
    let Some(users) = topology.node(&card.node).and_then(|node| node.users()) else { return };
    // How they are is only said to who does not see it.
    let figures = OnceCell::new();
    let said = || people::figures(topology, &card.node, users.users, inputs.shown, inputs.losses);
    let shown = people::shown(&card.node, users.users, inputs.shown);
    for (at, (user, place)) in shown.zip(&card.figures).enumerate() {
        let rect = ground.rect(place);
        if !ground.sees(rect) {
            continue;
        }
        let id = ui.scope_id().with(("user", &card.node, user));
        // No stops for Tab, which would have to pass them all: comma and full stop go from user to user.
        let response = ui.interact(rect.intersect(ground.frame), id, Sense::CLICK);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Button, true, format!("user {user}"));
            let figure = figures.get_or_init(said).get(at);
            info.current_text_value = figure.map(|figure| spoken(figure, &inputs.preset.lesson.item));
            info
        });
        if touch::is_at_rest(&response) {
            continue;
        }
        if response.hovered() || response.has_focus() {
            *pointed = Some(Pointed::User(card.node.clone(), user));
        }
        if response.secondary_clicked()
            && let Some(at) = response.interact_pointer_pos()
        {
            // Nothing can be done to a user: what is meant are all of them.
            context::open(Spot::Item(Item::Node(card.node.clone())), at, view);
        }
        let modifiers = ui.input(|input| input.modifiers);
        if response.clicked() && view.build && (modifiers.shift || modifiers.command) {
            // What is collected are nodes.
            actions.push(Action::Select(view.selection.toggled(Item::Node(card.node.clone()))));
        } else if response.clicked() {
            let user = Selection::User(card.node.clone(), user);
            actions.push(Action::Select(touch::part(ground, view, &card.node, user)));
        }
    }
}

/// A figure in words, for those who do not see it.
fn spoken(figure: &Figure, item: &str) -> String {
    let mood = match figure.mood {
        Mood::Out => "no session",
        Mood::In => "logged in",
        Mood::Unaware => "session lost, does not know yet",
        Mood::LoggedOut => "logged out",
    };
    let hurt = if figure.hurt { ", was hurt" } else { "" };
    format!("{mood}, {}{hurt}", count(u64::from(figure.basket), item))
}
