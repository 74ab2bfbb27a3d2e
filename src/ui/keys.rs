//! The keyboard: gives the commands whose keys are pressed. Which keys those are says `command`.

use egui::{Event, Key, KeyboardShortcut, Modifiers, Ui};

use super::action::Action;
use super::command::{self, About, Command, TABLE};
use super::selection::Selection;
use super::{Inputs, View};

/// Whether no text field wants what is typed. A button that has the focus wants only Enter and Space.
pub(crate) fn are_free(ui: &Ui) -> bool {
    !ui.ctx().text_edit_focused()
}

/// Whether a menu is open: plain keys are its own then, and nobody sees what they would do behind it.
pub(crate) fn is_menu_open(ui: &Ui) -> bool {
    egui::Popup::is_any_open(ui.ctx())
}

/// What was asked for by keys.
pub(super) fn read(ui: &Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    if view.asking.is_some() {
        // The palette has the keyboard to itself; its own keys close it.
        if let [keys] = Command::Palette.about().keys
            && ui.input_mut(|input| input.consume_shortcut(keys))
        {
            view.ask();
        }
        return;
    }
    let free = are_free(ui);
    let menu = is_menu_open(ui);
    // An open menu takes it for itself.
    if free && !menu && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        escape(ui, inputs, view, actions);
    }
    if free {
        clipboard(ui, inputs, view, actions);
    }
    for command in pressed(ui, free, menu) {
        command.give(ui.ctx(), inputs, view, actions);
    }
    if free && !menu && tapped(ui, view) {
        Command::Freeze.give(ui.ctx(), inputs, view, actions);
    }
}

/// Whether the space bar was pressed and released with nothing in between: held, it pushes the drawing about. A focused
/// button takes it for itself.
fn tapped(ui: &Ui, view: &mut View) -> bool {
    let released = ui.input(|input| input.key_released(Key::Space));
    released && !view.hand.take_panned() && ui.memory(|memory| memory.focused().is_none())
}

/// The keys of the clipboard, which come as what they mean.
#[expect(clippy::wildcard_enum_match_arm, reason = "other events are not asked for")]
fn clipboard(ui: &Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let is = |event: &Event| matches!(event, Event::Copy | Event::Cut | Event::Paste(_));
    let events: Vec<Event> = ui.input(|input| input.events.iter().filter(|event| is(event)).cloned().collect());
    for event in events {
        match event {
            Event::Copy => Command::Copy.give(ui.ctx(), inputs, view, actions),
            Event::Cut => Command::Cut.give(ui.ctx(), inputs, view, actions),
            Event::Paste(text) => command::paste(ui.ctx(), text, inputs, view, actions),
            _ => {}
        }
    }
}

/// The commands whose keys were pressed. Keys with more modifiers are looked at first, for the toolkit takes a Shift too
/// many for none. Behind an open menu only those count that have Ctrl in them.
fn pressed(ui: &Ui, free: bool, menu: bool) -> Vec<Command> {
    // The space bar has its own way: see `tapped`.
    let counts = |about: &About| free || about.command.while_typing();
    let mut all: Vec<(&KeyboardShortcut, Command)> = TABLE
        .iter()
        .filter(|about| counts(about))
        .flat_map(|about| about.keys.iter().map(|keys| (keys, about.command)))
        .collect();
    all.sort_by_key(|(keys, _)| std::cmp::Reverse(weight(keys.modifiers)));
    let is_plain = |keys: &KeyboardShortcut| !(keys.modifiers.command || keys.modifiers.ctrl);
    all.retain(|(keys, _)| keys.logical_key != Key::Space && !(menu && is_plain(keys)));
    let down = |keys: &KeyboardShortcut| ui.input_mut(|input| input.consume_shortcut(keys));
    all.into_iter().filter(|(keys, _)| down(keys)).map(|(_, command)| command).collect()
}

fn weight(modifiers: Modifiers) -> u8 {
    u8::from(modifiers.command || modifiers.ctrl) + u8::from(modifiers.shift) + u8::from(modifiers.alt)
}

/// Leaves what was entered last.
fn escape(ui: &Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    if inputs.moment.again.is_some() {
        actions.push(Action::WatchAgain(false));
    } else if view.keys {
        view.keys = false;
    } else if view.find.is_some() {
        view.find = None;
    } else if view.gallery_opened {
        view.gallery_opened = false;
    } else if inputs.notice.is_some() {
        actions.push(Action::Dismiss);
    } else if view.selection != Selection::Nothing {
        actions.push(Action::Select(Selection::Nothing));
    } else if view.presenter.is_some() {
        view.present(ui.ctx());
    }
}
