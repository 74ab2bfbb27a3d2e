//! The keyboard: which keys do what, and what tooltips say about them.

use egui::{Key, KeyboardShortcut, Modifiers, Ui};

use crate::scene::lesson::Turn;

use super::action::Action;
use super::selection::Selection;
use super::{Inputs, View};

/// Run.
pub(crate) const RUN: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Enter);
/// Stop.
pub(crate) const STOP: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Period);
/// Undo.
pub(crate) const UNDO: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Z);
/// Redo. Asked for before undo, whose keys are among its own.
pub(crate) const REDO: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::Z);
/// Open a file.
pub(crate) const OPEN: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::O);
/// Save to a file.
pub(crate) const SAVE: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::S);

/// Whether no text field wants what is typed. A button that has the focus wants only Enter and Space.
pub(crate) fn are_free(ui: &Ui) -> bool {
    !ui.ctx().text_edit_focused()
}

/// What was asked for by keys.
pub(super) fn read(ui: &Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let pressed = |shortcut: &KeyboardShortcut| ui.input_mut(|input| input.consume_shortcut(shortcut));
    if pressed(&OPEN) {
        actions.push(Action::OpenDialog);
    }
    if pressed(&SAVE) {
        actions.push(Action::Save);
    }
    if inputs.run_refused().is_none() && pressed(&RUN) {
        actions.push(Action::Run { experiment: false });
    }
    if inputs.can_stop() && pressed(&STOP) {
        actions.push(Action::Stop);
    }
    if !are_free(ui) {
        return;
    }
    if pressed(&REDO) {
        actions.push(Action::Redo);
    }
    if pressed(&UNDO) {
        actions.push(Action::Undo);
    }
    let key = |key: Key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if key(Key::Questionmark) || key(Key::F1) {
        view.keys = !view.keys;
    }
    if key(Key::F5) {
        view.present(ui.ctx());
    }
    // An open menu takes it for itself.
    if !egui::Popup::is_any_open(ui.ctx()) && key(Key::Escape) {
        escape(ui, inputs, view, actions);
    }
    if key(Key::R) {
        actions.push(Action::Reset);
    }
    if key(Key::B) {
        view.build = !view.build;
    }
    if key(Key::L) {
        view.legend = !view.legend;
    }
    for (sign, step) in [(Key::Comma, -1), (Key::Period, 1)] {
        if key(sign)
            && let Some(user) = beside(inputs, &view.selection, step)
        {
            actions.push(Action::Select(user));
        }
    }
    // A focused button takes the space bar for itself.
    if ui.memory(|memory| memory.focused().is_none()) && key(Key::Space) {
        view.frozen = !view.frozen;
    }
}

/// The user before or after the one that is selected, in a circle; without one, the first.
fn beside(inputs: &Inputs<'_>, selection: &Selection, step: i64) -> Option<Selection> {
    let mut crowds = inputs.preset.topology.nodes().filter_map(|node| Some((&node.id, node.users()?.users)));
    if let Selection::User(node, user) = selection {
        let (_, users) = crowds.find(|(id, _)| *id == node)?;
        let at = (i64::from(*user) - 1 + step).rem_euclid(i64::from(users.max(1)));
        return Some(Selection::User(node.clone(), u32::try_from(at).ok()? + 1));
    }
    crowds.next().map(|(node, _)| Selection::User(node.clone(), 1))
}

/// Leaves what was entered last.
fn escape(ui: &Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    if view.keys {
        view.keys = false;
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

/// The lesson's keys: its steps, the teacher's note and the analogy.
pub(super) fn read_lesson(ui: &Ui, view: &mut View, actions: &mut Vec<Action>) {
    let key = |key: Key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    // A field of one line has no use for these two.
    if key(Key::PageDown) {
        actions.push(Action::Lesson(Turn::Next));
    }
    if key(Key::PageUp) {
        actions.push(Action::Lesson(Turn::Back));
    }
    if are_free(ui) && key(Key::N) {
        view.lesson.note = !view.lesson.note;
    }
    if are_free(ui) && key(Key::A) {
        view.lesson.analogy = !view.lesson.analogy;
    }
}
