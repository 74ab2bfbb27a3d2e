//! Where the menu of what was clicked with the other button opens, and the keys that open it where the focus is. What is
//! in it says `command`.

use egui::containers::menu::menu_style;
use egui::{
    Align, Key, Layout, Modifiers, Popup, PopupAnchor, PopupCloseBehavior, PopupKind, Pos2, Response, SetOpenCommand,
    Ui,
};

use super::touch::Target;
use super::{Ground, drop, listed, nodes, overlay};
use crate::topology::edit::Item;
use crate::ui::action::Action;
use crate::ui::command::{self, Command, Section, Spot, TABLE};
use crate::ui::selection::Selection;
use crate::ui::{View, keys};

/// The menu that is open, and what it is about.
#[derive(Debug)]
pub(super) struct Menu {
    spot: Spot,
    at: Pos2,
    shown: bool,
    /// Whether it offers only what can be put there.
    adds: bool,
    /// What had the keyboard's focus, and gets it back.
    back: Option<Item>,
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
    let back = view.hand.focus.take();
    view.hand.menu = Some(Menu { spot, at, shown: false, adds: false, back });
}

/// Opens the menu of what can be put there.
pub(super) fn offer(ground: &Ground<'_>, at: Pos2, view: &mut View) {
    let spot = Spot::Canvas(ground.point(at));
    view.hand.menu = Some(Menu { spot, at, shown: false, adds: true, back: None });
}

/// Opens the menu of what has the focus, or is selected, by the Menu key or Shift+F10.
pub(super) fn read_keys(ground: &Ground<'_>, view: &mut View) {
    let asked = keys::are_free(ground.ui)
        && !keys::is_menu_open(ground.ui)
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
    let opened = !std::mem::replace(&mut menu.shown, true);
    let set = opened.then_some(SetOpenCommand::Bool(true));
    let layer = ground.ui.layer_id();
    Popup::new(id, ground.ui.ctx().clone(), PopupAnchor::Position(menu.at), layer)
        .kind(PopupKind::Menu)
        .layout(Layout::top_down_justified(Align::Min))
        .style(menu_style)
        .open_memory(set)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .accessible_name("context menu")
        .show(|ui| listed::show(ground, ui, opened, |ui| entries(ground, ui, &menu, view, actions)));
    if Popup::is_id_open(ground.ui.ctx(), id) {
        view.hand.menu = Some(menu);
    } else if let Some(item) = menu.back {
        ground.ui.memory_mut(|memory| memory.request_focus(nodes::id(ground.ui, &item)));
    }
}

/// What the menu offers; on the bare canvas in Build first what can be put there.
fn entries(ground: &Ground<'_>, ui: &mut Ui, menu: &Menu, view: &mut View, actions: &mut Vec<Action>) {
    if let Spot::Canvas(point) = menu.spot
        && view.build
    {
        for about in TABLE.iter().filter(|about| about.section == Section::Insert) {
            if let Command::Place(piece) = about.command
                && ui.button(about.title).on_hover_text(about.does).clicked()
            {
                drop::put(ground, piece, point, view, actions);
                ui.close();
            }
        }
        if menu.adds {
            return;
        }
        ui.separator();
    }
    command::context_menu(ui, ground.inputs, view, &menu.spot, actions);
}
