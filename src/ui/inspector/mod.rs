//! The inspector: what is selected, with every setting of it, its figures, and ways to what belongs to it. Every setting can
//! be changed while it runs. Changes nothing itself: it returns steps.

mod document;
mod field;
mod link;
mod list;
mod marks;
mod node;
mod place;
mod releases;
mod replica;
mod restart;
mod setting;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use egui::{Grid, RichText, ScrollArea, Ui};

use crate::topology::Node;
use crate::topology::edit::Item;

use super::action::Action;
use super::selection::Selection;
use super::theme::Palette;
use super::{Inputs, View, person, request};
use field::Draft;
use place::Place;
pub(super) use words::capital;

/// What the inspector remembers from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// What is written and not yet in the document.
    drafts: BTreeMap<Place, Draft>,
    /// The fields that this frame shows.
    seen: BTreeSet<Place>,
    /// Those that the frame before showed.
    seen_before: BTreeSet<Place>,
    /// The revision of the document with which the drafts were judged.
    judged: Option<u64>,
    /// The field that is written in.
    focused: Option<Place>,
    /// The setting whose explanation is kept open.
    explained: Option<&'static str>,
    /// The setting that is to be brought into sight and given the keyboard, until it was.
    wanted: Option<&'static str>,
}

impl Memory {
    /// Brings a setting of what is selected into sight and gives it the keyboard.
    pub(super) fn bring(&mut self, key: &'static str) {
        self.wanted = Some(key);
    }
}

/// Draws the inspector.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let selection = view.selection.clone();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| match &selection {
        Selection::Nothing if view.build => document::show(ui, inputs, view, actions),
        Selection::Nothing => {
            ui.heading("Inspector");
            note(ui, "Click a card, a replica or a user to see what it is.");
        }
        Selection::Items(_) => match selection.only() {
            Some(item) => one(ui, item, inputs, view, actions),
            None => several(ui, &selection, inputs, view, actions),
        },
        Selection::Cell(slot) => replica::show(ui, slot, inputs, view),
        Selection::User(node, user) => person::show(ui, node, *user, inputs, actions),
        Selection::Request(trace) => request::show(ui, *trace, inputs, actions),
    });
}

fn one(ui: &mut Ui, item: &Item, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    if let Item::Node(id) = item {
        let Some(node) = inputs.preset.topology.node(id) else { return gone(ui, &id.to_string()) };
        node::head(ui, node, inputs, actions);
        releases::show(ui, node, inputs, view, actions);
        return node::settings(ui, &[node], inputs, &mut view.inspector, actions);
    }
    let memory = &mut view.inspector;
    match item {
        Item::Node(_) => {}
        Item::Link(id) => link::show(ui, id, inputs, actions),
        Item::Group(id) => match inputs.preset.marks.group(id) {
            Some(group) => marks::group(ui, group, inputs, memory, actions),
            None => gone(ui, &item.to_string()),
        },
        Item::Note(id) => match inputs.preset.marks.note(id) {
            Some(note) => marks::note(ui, note, inputs, memory, actions),
            None => gone(ui, &item.to_string()),
        },
    }
}

/// Several things: the settings that all nodes among them have.
fn several(ui: &mut Ui, selection: &Selection, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let nodes: Vec<&Node> = selection.nodes().filter_map(|id| inputs.preset.topology.node(id)).collect();
    let others = selection.items().count() - selection.nodes().count();
    if nodes.is_empty() {
        ui.heading(format!("{others} selected"));
        return;
    }
    if let [node] = nodes.as_slice() {
        node::head(ui, node, inputs, actions);
    } else {
        node::heads(ui, &nodes);
    }
    node::settings(ui, &nodes, inputs, &mut view.inspector, actions);
    if others > 0 {
        note(ui, &format!("{others} more selected that {} no settings.", if others == 1 { "has" } else { "have" }));
    }
}

fn gone(ui: &mut Ui, name: &str) {
    ui.heading(name);
    note(ui, "is no longer in the drawing.");
}

/// A remark of less weight.
fn note(ui: &mut Ui, text: &str) {
    let palette = Palette::of(ui.ctx());
    ui.add(egui::Label::new(RichText::new(text).color(palette.faint)).wrap());
}

pub(super) fn fact(ui: &mut Ui, name: &str, value: &str) {
    let palette = Palette::of(ui.ctx());
    Grid::new(name).num_columns(2).min_col_width(96.0).show(ui, |ui| {
        ui.label(RichText::new(name).color(palette.faint));
        ui.add(egui::Label::new(value).wrap());
    });
}
