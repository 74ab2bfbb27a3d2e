//! Visitors from outside: their names for those who do not see them, and what is known of them on hover.

use egui::{Role, Sense, WidgetInfo};

use super::Ground;
use crate::control::snapshot::VisitorState;
use crate::scene::visitors;
use crate::scene::words::count;

/// Names every visitor.
pub(super) fn read(ground: &Ground<'_>) {
    for state in ground.inputs.shown.visitors.iter() {
        let number = state.visitor.number;
        let Some(place) = visitors::place(ground.inputs.stage, &state.gateway, number) else { continue };
        let rect = ground.rect(&place);
        if !ground.sees(rect) {
            continue;
        }
        let id = ground.ui.scope_id().with(("visitor", &state.gateway, number));
        let response = ground.ui.interact(rect.intersect(ground.frame), id, Sense::hover());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Image, true, format!("visitor {number} of {}", state.gateway));
            info.current_text_value = Some(spoken(state));
            info
        });
        response.on_hover_text(format!("Visitor {number} from outside: {}", spoken(state)));
    }
}

/// A visitor in words.
fn spoken(state: &VisitorState) -> String {
    let visitor = &state.visitor;
    let session = match (visitor.session, visitor.lost) {
        (true, 0) => "logged in",
        (true, _) => "logged in again",
        (false, 0) => "no session",
        (false, _) => "lost the session",
    };
    format!("{session}, {}, {} failed", count(visitor.requests, "request"), visitor.failed)
}
