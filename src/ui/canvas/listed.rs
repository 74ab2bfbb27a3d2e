//! A menu that opened on the canvas has the keyboard: arrows go from entry to entry and not beyond, whatever lies behind it.

use egui::{EventFilter, FocusDirection, Id, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use super::{Ground, keyboard};
use crate::scene::pick::Direction;

/// Where the focus is before the first entry and after the last one, where it stays.
const ENDS: [&str; 2] = ["beginning of the menu", "end of the menu"];

/// Draws entries between two ends, and reads the arrows. `opened`: just now, so that it takes the focus.
pub(super) fn show(ground: &Ground<'_>, ui: &mut Ui, opened: bool, entries: impl FnOnce(&mut Ui)) {
    let [first, last] = ENDS.map(|end| ui.scope_id().with(end));
    let focused = ui.memory(|memory| memory.focused());
    if let Some(id) = focused {
        // Else the toolkit takes an arrow for the way to what is nearest, which may be behind the menu.
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    }
    let way = match keyboard::arrow(ground, egui::Modifiers::NONE) {
        Some(Direction::Down) if focused != Some(last) => Some(FocusDirection::Next),
        Some(Direction::Up) if focused != Some(first) => Some(FocusDirection::Previous),
        _ => None,
    };
    if let Some(way) = way.filter(|_| focused.is_some()) {
        ui.memory_mut(|memory| memory.move_focus(way));
        ui.request_repaint();
    }
    end(ui, first, ENDS[0]);
    entries(ui);
    end(ui, last, ENDS[1]);
    if opened {
        // At first a menu is only measured: what is drawn in it then gives the focus back.
        ui.memory_mut(|memory| memory.request_focus(first));
        ui.request_repaint();
    }
}

fn end(ui: &Ui, id: Id, name: &str) {
    let place = Rect::from_min_size(ui.next_widget_position(), vec2(1.0, 1.0));
    let response = ui.interact(place, id, Sense::FOCUSABLE);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
}
