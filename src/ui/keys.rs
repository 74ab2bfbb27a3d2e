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
    // An open menu takes it for itself.
    if free
        && !egui::Popup::is_any_open(ui.ctx())
        && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape))
    {
        escape(ui, inputs, view, actions);
    }
    if free {
        clipboard(ui, inputs, view, actions);
    }
    for command in pressed(ui, free) {
        command.give(ui.ctx(), inputs, view, actions);
    }
    if free && tapped(ui, view) {
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
/// many for none.
fn pressed(ui: &Ui, free: bool) -> Vec<Command> {
    // The space bar has its own way: see `tapped`.
    let counts = |about: &About| free || about.command.while_typing();
    let mut all: Vec<(&KeyboardShortcut, Command)> = TABLE
        .iter()
        .filter(|about| counts(about))
        .flat_map(|about| about.keys.iter().map(|keys| (keys, about.command)))
        .collect();
    all.sort_by_key(|(keys, _)| std::cmp::Reverse(weight(keys.modifiers)));
    all.retain(|(keys, _)| keys.logical_key != Key::Space);
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
