//! The menus of Build: every command by its section, with its keys.

use egui::containers::menu::menu_style;
use egui::{Color32, MenuBar, Style, TextStyle, Ui, vec2};

use super::action::Action;
use super::command::{Command, entry};
use super::placing::Piece;
use super::{Inputs, View, files};
use crate::scene::CardKind;
use crate::topology::Sessions;
use crate::topology::edit::{Axis, Edge};

/// The commands of a menu, in parts with a line between them.
type Parts = &'static [&'static [Command]];

const FILE: Parts = &[
    &[Command::New, Command::Open],
    &[Command::Save, Command::SaveAs, Command::Share],
    &[Command::Path],
    &[Command::SaveReport, Command::SaveHandout],
];

const EDIT: Parts = &[
    &[Command::Undo, Command::Redo],
    &[Command::Cut, Command::Copy, Command::Paste, Command::Duplicate],
    &[Command::Delete, Command::DeleteAndReconnect, Command::Rename],
    &[
        Command::KeepSessions(Sessions::Memory),
        Command::KeepSessions(Sessions::Store),
        Command::KeepSessions(Sessions::Token),
    ],
    &[Command::ReplaceByProgram],
    &[Command::SelectAll, Command::Find, Command::FindNext, Command::FindPrevious],
];

const INSERT: Parts = &[
    &[
        Command::Place(Piece::Node(CardKind::Users)),
        Command::Place(Piece::Node(CardKind::Gateway)),
        Command::Place(Piece::Node(CardKind::Service)),
        Command::Place(Piece::Node(CardKind::Cache)),
        Command::Place(Piece::Node(CardKind::Database)),
        Command::Place(Piece::Node(CardKind::Program)),
        Command::Place(Piece::Note),
    ],
    &[Command::Connect],
];

const ARRANGE: Parts = &[
    &[Command::AutoLayout, Command::Pin, Command::Unpin],
    &[Command::Group, Command::Ungroup],
    &[
        Command::Align(Edge::Left),
        Command::Align(Edge::Centre),
        Command::Align(Edge::Right),
        Command::Align(Edge::Top),
        Command::Align(Edge::Middle),
        Command::Align(Edge::Bottom),
    ],
    &[Command::Distribute(Axis::Across), Command::Distribute(Axis::Down)],
];

const VIEW: Parts = &[
    &[Command::ZoomIn, Command::ZoomOut, Command::ZoomTo100, Command::Fit, Command::ZoomToSelection],
    &[Command::Minimap, Command::Figures, Command::Legend],
    &[Command::Compare],
    &[Command::DarkColours, Command::ReduceMotion],
    &[Command::Palette, Command::Keys],
];

/// The menus with their names.
const MENUS: [(&str, Parts); 5] =
    [("File", FILE), ("Edit", EDIT), ("Insert", INSERT), ("Arrange", ARRANGE), ("View", VIEW)];

/// The free space beside a menu's name.
const PAD: f32 = 9.0;

/// Draws the menus, side by side.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let font = TextStyle::Button.resolve(ui.style());
    let name = |name: &str| ui.painter().layout_no_wrap(name.to_owned(), font.clone(), Color32::PLACEHOLDER).size().x;
    // A bar of menus takes all the room that it gets.
    let width = MENUS.iter().map(|(title, _)| name(title) + 2.0 * PAD).sum::<f32>();
    ui.allocate_ui(vec2(width, 32.0), |ui| {
        MenuBar::new().style(style).ui(ui, |ui| {
            for (name, parts) in MENUS {
                ui.menu_button(name, |ui| menu(ui, parts, inputs, view, actions));
            }
        });
    });
}

fn style(style: &mut Style) {
    menu_style(style);
    style.spacing.button_padding = vec2(PAD, 7.0);
    style.spacing.item_spacing.x = 0.0;
}

fn menu(ui: &mut Ui, parts: Parts, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    ui.set_min_width(230.0);
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            ui.separator();
        }
        for command in *part {
            entry(ui, *command, inputs, view, actions);
            if *command == Command::Open {
                files::recent(ui, inputs, actions);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::command::{Section, TABLE};

    #[test]
    fn whatever_changes_or_saves_the_drawing_is_in_a_menu() {
        let offered: Vec<Command> =
            MENUS.iter().flat_map(|(_, parts)| parts.iter().flat_map(|part| part.iter().copied())).collect();
        let sections = [Section::File, Section::Edit, Section::Insert, Section::Arrange];
        for about in TABLE.iter().filter(|about| sections.contains(&about.section)) {
            assert!(offered.contains(&about.command), "{} is in no menu", about.title);
        }
    }
}
