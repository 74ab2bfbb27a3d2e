//! What the palette can find, and what happens when it is chosen.

use egui::Context;

use crate::topology::edit::Item;
use crate::topology::settings;
use crate::topology::{Node, NodeId, Slot};
use crate::ui::action::Action;
use crate::ui::command::{Command, Departure, TABLE, main_keys};
use crate::ui::gallery::Choice;
use crate::ui::selection::Selection;
use crate::ui::{Inputs, View};

use super::departures;

/// Settings of all nodes are found while none is selected, unless there are more nodes than this.
const MOST_SET: usize = 60;

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A command is given.
    Command(Command),
    /// Something drawn is selected and shown.
    Item(Item),
    /// A replica is selected and shown.
    Replica(Slot),
    /// A preset is opened.
    Preset(usize),
    /// A module leaves its service.
    Module(Departure),
    /// A node's setting is shown.
    Setting(NodeId, &'static str),
}

/// One line of the list.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) wanted: Wanted,
    /// What is searched and shown.
    pub(super) words: String,
    /// Further words by which it is found.
    pub(super) other_words: &'static str,
    /// What stands at the right: keys, or what kind of thing it is.
    pub(super) beside: String,
    /// Why it cannot be chosen now.
    pub(super) refused: Option<String>,
}

/// Everything that there is to find with this text.
pub(super) fn entries(text: &str, context: &Context, inputs: &Inputs<'_>, view: &View) -> Vec<Entry> {
    let mut all = commands(context, inputs, view);
    let found = |wanted, words: String, beside: &'static str| Entry {
        wanted,
        words,
        // What kind of thing it is, is a word for it.
        other_words: beside,
        beside: beside.to_owned(),
        refused: None,
    };
    let (topology, marks) = (&inputs.preset.topology, &inputs.preset.marks);
    for node in topology.nodes() {
        let item = Wanted::Item(Item::Node(node.id.clone()));
        all.push(found(item, node.id.to_string(), node.role.name()));
    }
    for card in &inputs.stage.cards {
        let slots = card.cells.iter().map(|(slot, _)| slot);
        all.extend(slots.map(|slot| found(Wanted::Replica(slot.clone()), slot.to_string(), "replica")));
    }
    for group in &marks.groups {
        all.push(found(Wanted::Item(Item::Group(group.id.clone())), group.title.clone(), "group"));
    }
    for note in &marks.notes {
        let first = note.text.lines().next().unwrap_or_default().to_owned();
        all.push(found(Wanted::Item(Item::Note(note.id.clone())), first, "note"));
    }
    for link in topology.links() {
        let words = format!("{} to {}", link.from, link.to);
        all.push(found(Wanted::Item(Item::Link(link.id())), words, "link"));
    }
    for (at, preset) in inputs.gallery.iter().enumerate() {
        all.push(found(Wanted::Preset(at), preset.title.clone(), "preset"));
    }
    let departures = departures::found(text, inputs.preset, &view.asked_before);
    all.extend(departures.into_iter().map(|departure| {
        let words = departure.title();
        found(Wanted::Module(departure), words, "module")
    }));
    let selected = view.selection.nodes().next().is_some();
    let few = topology.nodes().nth(MOST_SET).is_none();
    let meant = |node: &&Node| if selected { view.selection.nodes().any(|id| *id == node.id) } else { few };
    for node in topology.nodes().filter(meant) {
        for info in settings::describe(&node.role) {
            let wanted = Wanted::Setting(node.id.clone(), info.key);
            all.push(found(wanted, format!("{}: {}", node.id, info.key.replace('_', " ")), "setting"));
        }
    }
    all
}

fn commands(context: &Context, inputs: &Inputs<'_>, view: &View) -> Vec<Entry> {
    let asked = TABLE.iter().filter(|about| about.command != Command::Palette);
    let entry = |about: &crate::ui::command::About| Entry {
        wanted: Wanted::Command(about.command),
        words: about.title.to_owned(),
        other_words: about.command.other_words(),
        beside: main_keys(context, about).unwrap_or_default(),
        refused: about.command.refused(inputs, view),
    };
    asked.map(entry).collect()
}

impl Wanted {
    /// Whether it is a command.
    pub(super) fn is_command(&self) -> bool {
        matches!(self, Self::Command(_))
    }

    /// Does it, or shows it.
    pub(super) fn give(self, context: &Context, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
        match self {
            Self::Command(command) => command.give(context, inputs, view, actions),
            Self::Item(item) => view.show_selected(context, inputs, Selection::item(item)),
            Self::Replica(slot) => view.show_selected(context, inputs, Selection::Cell(slot)),
            Self::Module(departure) => departure.give(inputs, actions),
            Self::Preset(at) => actions.push(Action::Choose(Choice(at))),
            Self::Setting(node, key) => {
                view.build = true;
                view.selection = Selection::node(node);
                view.inspector.bring(key);
            }
        }
    }
}
