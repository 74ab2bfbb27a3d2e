//! Users: clicking on a figure follows that user.

use egui::{Role, Sense, Ui, WidgetInfo};

use super::Ground;
use super::interact::Pointed;
use crate::scene::words::count;
use crate::scene::{Card, Figure, Mood, people};
use crate::ui::Inputs;
use crate::ui::action::Action;
use crate::ui::selection::Selection;

/// Reads clicks on the figures of a users card.
pub(super) fn read(
    ui: &Ui,
    ground: &Ground<'_>,
    card: &Card,
    inputs: &Inputs<'_>,
    pointed: &mut Option<Pointed>,
    actions: &mut Vec<Action>,
) {
    let topology = &inputs.preset.topology;
    let Some(users) = topology.node(&card.node).and_then(|node| node.users()) else { return };
    let figures = people::figures(topology, &card.node, users.users, inputs.shown, inputs.losses);
    for (figure, place) in figures.iter().zip(&card.figures) {
        let rect = ground.rect(place);
        if !ground.sees(rect) {
            continue;
        }
        let id = ui.scope_id().with(("user", &card.node, figure.user));
        // No stops for Tab, which would have to pass them all: comma and full stop go from user to user.
        let response = ui.interact(rect.intersect(ground.frame), id, Sense::CLICK);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Button, true, format!("user {}", figure.user));
            info.current_text_value = Some(spoken(figure, &inputs.preset.lesson.item));
            info
        });
        if response.hovered() || response.has_focus() {
            *pointed = Some(Pointed::User(card.node.clone(), figure.user));
        }
        if response.clicked() {
            actions.push(Action::Select(Selection::User(card.node.clone(), figure.user)));
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
