//! Commands in words: what menus, tooltips and the list of keys say.

use std::borrow::Cow;

use egui::{Context, Key, KeyboardShortcut};

use crate::topology::edit::Item;
use crate::ui::{Inputs, View};

use super::{About, Command, Section, TABLE};

const NOTHING: About = About { command: Command::Keys, section: Section::Learn, title: "", does: "", keys: &[] };

impl Command {
    /// The command in words, with its keys.
    pub(crate) fn about(self) -> &'static About {
        TABLE.iter().find(|about| about.command == self).unwrap_or(&NOTHING)
    }

    /// Its name as a menu has it now: Undo and Redo say of what, and a note has a text and no name.
    pub(crate) fn title(self, inputs: &Inputs<'_>, view: &View) -> Cow<'static, str> {
        let title = self.about().title;
        if self == Self::Rename && matches!(view.selection.only(), Some(Item::Note(_))) {
            return "Edit text".into();
        }
        match self.step(inputs) {
            Some(step) => format!("{title}: {step}").into(),
            None => title.into(),
        }
    }

    /// The step that it would take back or make again.
    pub(crate) fn step<'a>(self, inputs: &Inputs<'a>) -> Option<&'a str> {
        if self == Self::Undo {
            inputs.undo
        } else if self == Self::Redo {
            inputs.redo
        } else {
            None
        }
    }

    /// What a tooltip says of it: what it does, and its keys.
    pub(crate) fn tip(self, context: &Context) -> String {
        let about = self.about();
        match main_keys(context, about) {
            Some(keys) => format!("{} ({keys})", about.does),
            None => about.does.to_owned(),
        }
    }

    /// Whether its keys count while somebody types into a field: those that no field has a use for.
    pub(crate) fn while_typing(self) -> bool {
        let about = self.about();
        match about.section {
            Section::Run => about.keys.iter().any(|keys| keys.modifiers.command),
            Section::File => true,
            Section::Edit => matches!(self, Self::Find | Self::FindNext | Self::FindPrevious),
            Section::Insert | Section::Arrange => false,
            Section::View => matches!(self, Self::Present),
            Section::Learn => matches!(self, Self::NextStep | Self::PreviousStep | Self::Palette),
        }
    }
}

/// The first keys of a command as people read them.
pub(crate) fn main_keys(context: &Context, about: &About) -> Option<String> {
    about.keys.first().map(|keys| spelled(context, keys))
}

/// All keys of a command as people read them.
pub(crate) fn spelled_all(context: &Context, about: &About) -> String {
    let keys: Vec<String> = about.keys.iter().map(|keys| spelled(context, keys)).collect();
    keys.join(", ")
}

/// Keys as people read them: as they are printed on the key where the toolkit has only a name, with the modifiers as the
/// platform writes them.
fn spelled(context: &Context, keys: &KeyboardShortcut) -> String {
    let named = context.format_shortcut(keys);
    let key = keys.logical_key;
    let modifiers = named.strip_suffix(key.name()).or_else(|| named.strip_suffix(key.symbol_or_name()));
    match (printed(key), modifiers) {
        (Some(printed), Some(modifiers)) => format!("{modifiers}{printed}"),
        _ => named,
    }
}

/// What is printed on a key, where the toolkit calls it otherwise.
#[expect(clippy::wildcard_enum_match_arm, reason = "there are a hundred keys, and most have a good name")]
fn printed(key: Key) -> Option<&'static str> {
    Some(match key {
        Key::Questionmark => "?",
        Key::OpenBracket => "[",
        Key::CloseBracket => "]",
        Key::Comma => ",",
        Key::Period => ".",
        Key::PageDown => "Page Down",
        Key::PageUp => "Page Up",
        Key::Plus => "+",
        Key::Minus => "−",
        Key::Equals => "=",
        _ => return None,
    })
}
