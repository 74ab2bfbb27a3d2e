//! Commands as entries of menus, with their keys and, where they are refused, the reason; and the menu of what was clicked
//! with the other button.

use egui::{Button, Rect, Response, Role, Ui, WidgetInfo, vec2};

use crate::scene::Point;
use crate::topology::edit::Item;
use crate::topology::{ModuleName, Slot};
use crate::ui::action::Action;
use crate::ui::glyphs::{self, Glyph};
use crate::ui::selection::Selection;
use crate::ui::theme::Palette;
use crate::ui::{Inputs, View};

use super::{Command, main_keys, modules};

/// What was clicked with the other button.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Spot {
    /// A node, a link, a group or a note.
    Item(Item),
    /// A replica.
    Replica(Slot),
    /// A module in its card.
    Module(ModuleName),
    /// The background, at this point of the drawing.
    Canvas(Point),
}

/// One command as an entry of a menu. Whether it was given.
pub(crate) fn entry(
    ui: &mut Ui,
    command: Command,
    inputs: &Inputs<'_>,
    view: &mut View,
    actions: &mut Vec<Action>,
) -> bool {
    let about = command.about();
    let title = command.title(inputs, view);
    let mut button = Button::new(&*title).truncate();
    if let Some(keys) = main_keys(ui.ctx(), about) {
        button = button.shortcut_text(keys);
    }
    let on = command.is_on(ui.ctx(), inputs, view);
    let refused = command.refused(inputs, view);
    let mut response = ui.add_enabled(refused.is_none(), button);
    if let Some(on) = on {
        response.widget_info(|| WidgetInfo::selected(Role::Button, refused.is_none(), on, &*title));
        if on {
            tick(ui, &response);
        }
    }
    response = response.on_hover_text(about.does);
    if let Some(reason) = refused {
        response = response.on_disabled_hover_text(reason);
    }
    let given = response.clicked();
    if given {
        command.give(ui.ctx(), inputs, view, actions);
        ui.close();
    }
    given
}

/// The mark of what is on, in a column before the keys.
fn tick(ui: &Ui, response: &Response) {
    let place = Rect::from_center_size(response.rect.right_center() - vec2(52.0, 0.0), vec2(13.0, 13.0));
    glyphs::draw(ui.painter(), Glyph::Tick, place, Palette::of(ui.ctx()).accent);
}

/// The menu of what was clicked with the other button. Selects it first, unless it is among what is selected, for the
/// commands are about what is selected.
pub(crate) fn context_menu(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, spot: &Spot, actions: &mut Vec<Action>) {
    match spot {
        Spot::Item(item) if !view.selection.has(item) => view.selection = Selection::item(item.clone()),
        Spot::Replica(slot) => view.selection = Selection::Cell(slot.clone()),
        Spot::Item(_) | Spot::Canvas(_) | Spot::Module(_) => {}
    }
    ui.set_min_width(220.0);
    if let Spot::Module(module) = spot {
        modules::entries(ui, inputs, module, actions);
    }
    let mut is_first = true;
    for part in parts(spot) {
        let belongs =
            |command: &&Command| command.belongs_to_selected(inputs, view) && command.is_the_one(inputs, view);
        let part: Vec<_> = part.iter().filter(belongs).collect();
        if part.is_empty() {
            continue;
        }
        if !is_first {
            ui.separator();
        }
        is_first = false;
        for command in part {
            let given = entry(ui, *command, inputs, view, actions);
            if let Spot::Canvas(at) = spot
                && given
                && *command == Command::Paste
            {
                // The text comes later, when the pointer is where the entry was.
                view.paste_at = Some((*at, ui.input(|input| input.time)));
            }
        }
    }
}

impl Command {
    /// Whether it applies where its opposite does not: a menu of what was clicked shows no dead twin.
    fn is_the_one(self, inputs: &Inputs<'_>, view: &View) -> bool {
        const TWINS: [(Command, Command); 3] =
            [(Command::Group, Command::Ungroup), (Command::Pin, Command::Unpin), (Command::Pause, Command::Resume)];
        let other = TWINS.into_iter().find_map(
            |(one, other)| {
                if self == one { Some(other) } else { (self == other).then_some(one) }
            },
        );
        other.is_none_or(|other| self.refused(inputs, view).is_none() || other.refused(inputs, view).is_some())
    }
}

/// The commands of a menu, in parts with a line between them.
fn parts(spot: &Spot) -> &'static [&'static [Command]] {
    const SEE: &[Command] = &[Command::ZoomToSelection];
    const CLIPBOARD: &[Command] = &[Command::Cut, Command::Copy, Command::Duplicate];
    const DELETE: &[Command] = &[Command::Delete, Command::DeleteAndReconnect];
    match spot {
        Spot::Item(Item::Node(_)) => &[
            &[Command::Rename, Command::Connect, Command::Group, Command::Ungroup, Command::Pin, Command::Unpin],
            &[Command::Deploy, Command::RollBack, Command::Crash, Command::LoseData],
            &[Command::ReplaceByProgram],
            CLIPBOARD,
            DELETE,
            SEE,
        ],
        Spot::Item(Item::Link(_)) => &[&[Command::Delete], SEE],
        Spot::Item(Item::Group(_)) => &[&[Command::Rename, Command::Ungroup], CLIPBOARD, &[Command::Delete], SEE],
        Spot::Item(Item::Note(_)) => &[&[Command::Rename], CLIPBOARD, &[Command::Delete], SEE],
        Spot::Replica(_) => &[
            &[Command::Kill, Command::Crash, Command::Pause, Command::Resume, Command::Restart, Command::LoseData],
            &[Command::Deploy, Command::RollBack],
            SEE,
        ],
        Spot::Module(_) => &[],
        Spot::Canvas(_) => &[
            &[Command::Paste, Command::SelectAll],
            &[Command::AutoLayout, Command::Fit, Command::ZoomTo100],
            &[Command::Undo, Command::Redo],
        ],
    }
}
