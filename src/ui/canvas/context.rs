//! Where the menu of what was clicked with the other button opens, and the keys that open it where the focus is. What is
//! in it says `command`.

use egui::containers::menu::menu_style;
use egui::{
    Align, Key, Layout, Modifiers, Popup, PopupAnchor, PopupCloseBehavior, PopupKind, Pos2, Response, SetOpenCommand,
};

use super::touch::Target;
use super::{Ground, overlay};
use crate::topology::edit::Item;
use crate::ui::action::Action;
use crate::ui::command::{self, Spot};
use crate::ui::selection::Selection;
use crate::ui::{View, keys};

/// The menu that is open, and what it is about.
#[derive(Debug)]
pub(super) struct Menu {
    spot: Spot,
    at: Pos2,
    shown: bool,
}

/// Opens the menu of what was clicked with the other button.
pub(super) fn read(ground: &Ground<'_>, target: &Target, response: &Response, view: &mut View) {
    if response.secondary_clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        let point = ground.point(at);
        // Inside a frame a press is on the ground, so that a marquee can begin there; its menu is the group's.
        let group = ground.inputs.stage.group_at(point).filter(|_| view.build);
        let spot = match (target, group) {
            (Target::Item(item), _) => Spot::Item(item.clone()),
            (Target::Background, Some(group)) => Spot::Item(Item::Group(group.clone())),
            (Target::Background, None) => Spot::Canvas(point),
        };
        open(spot, at, view);
    }
}

/// Opens a menu there.
pub(super) fn open(spot: Spot, at: Pos2, view: &mut View) {
    view.hand.menu = Some(Menu { spot, at, shown: false });
}

/// Opens the menu of what has the focus, or is selected, by the Menu key or Shift+F10.
pub(super) fn read_keys(ground: &Ground<'_>, view: &mut View) {
    let asked = keys::are_free(ground.ui)
        && ground.ui.input_mut(|input| {
            input.consume_key(Modifiers::NONE, Key::Menu) || input.consume_key(Modifiers::SHIFT, Key::F10)
        });
    if !asked {
        return;
    }
    let item: Option<Item> = view.hand.focus.clone().or_else(|| view.selection.items().next().cloned());
    let (spot, at) = match (&view.selection, item) {
        (Selection::Cell(slot), None) => {
            let cell = ground.inputs.stage.cell(slot).map(|cell| ground.rect(cell).center());
            (Spot::Replica(slot.clone()), cell)
        }
        (_, Some(item)) => {
            let place = overlay::place(ground, &item).map(|rect| rect.center());
            (Spot::Item(item), place)
        }
        (_, None) => (Spot::Canvas(ground.point(ground.frame.center())), None),
    };
    let centre = ground.frame.center();
    open(spot, at.filter(|at| ground.frame.contains(*at)).unwrap_or(centre), view);
}

/// Shows the menu that is open.
pub(super) fn show(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let Some(mut menu) = view.hand.menu.take() else { return };
    let id = ground.ui.scope_id().with("context menu");
    let set = (!menu.shown).then_some(SetOpenCommand::Bool(true));
    menu.shown = true;
    let layer = ground.ui.layer_id();
    Popup::new(id, ground.ui.ctx().clone(), PopupAnchor::Position(menu.at), layer)
        .kind(PopupKind::Menu)
        .layout(Layout::top_down_justified(Align::Min))
        .style(menu_style)
        .open_memory(set)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .accessible_name("context menu")
        .show(|ui| command::context_menu(ui, ground.inputs, view, &menu.spot, actions));
    if Popup::is_id_open(ground.ui.ctx(), id) {
        view.hand.menu = Some(menu);
    }
}
