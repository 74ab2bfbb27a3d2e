//! Commands that change the drawing: each is one step, made by `topology::edit` from what is selected.
#![expect(clippy::wildcard_enum_match_arm, reason = "each function is about a few of the many commands")]

use std::collections::{BTreeMap, BTreeSet};

use egui::Context;

use crate::scene;
use crate::topology::edit::{self, Item, Rectangle, Step};
use crate::topology::{GroupId, NodeId, Problem};
use crate::ui::action::Action;
use crate::ui::selection::Selection;
use crate::ui::{Inputs, View};

use super::{Command, sessions};

/// How far from it a copy is put, in points.
const ASIDE: f32 = 28.0;
/// The system answers within so many seconds with what is to be pasted; later, somebody else asked.
const ANSWERED_S: f64 = 1.0;
/// Where an edit is asked for outside of Build.
pub(super) const ONLY_IN_BUILD: &str = "Only in Build: press B first";
/// Where an edit needs something selected.
const SELECT_FIRST: &str = "Select something first";
/// Where something is to be copied, and only links are selected.
const NOTHING_TO_COPY: &str = "A link is copied with the nodes at its ends: select those";

impl Command {
    /// Why an edit cannot be made now; `None` also for what is no edit.
    pub(super) fn edit_refused(self, inputs: &Inputs<'_>, view: &View) -> Option<String> {
        let (preset, selected) = (inputs.preset, &view.selection.meant());
        let is_empty = selected.items().next().is_none();
        // Each frame asks for every button, and everything may be selected: no more is looked at than decides.
        let placed = |least: usize| placed(inputs, selected).nth(least - 1).is_some();
        let pinned = |node: &NodeId| preset.marks.pinned.contains(node);
        let (can, why) = match self {
            Self::Cut | Self::Copy | Self::Duplicate if is_empty => (false, SELECT_FIRST),
            Self::Cut | Self::Copy | Self::Duplicate => (edit::can_copy(preset, selected.as_set()), NOTHING_TO_COPY),
            Self::Delete => (!is_empty, SELECT_FIRST),
            Self::DeleteAndReconnect => {
                (edit::can_reconnect(preset, selected.as_set()), "Select a node between others first")
            }
            Self::Rename => (can_rename(selected), "Select one node, group or note first"),
            Self::Connect => (matches!(selected.nodes().take(3).count(), 1 | 2), "Select one node or two first"),
            Self::Group => (selected.nodes().next().is_some(), "Select the nodes first"),
            Self::Ungroup => (groups(inputs, selected).next().is_some(), "Select a group first"),
            Self::Align(_) => (placed(2), "Select two things or more first"),
            Self::Distribute(_) => (placed(3), "Select three things or more first"),
            Self::Pin => (selected.nodes().any(|node| !pinned(node)), "Select nodes that are not pinned first"),
            Self::Unpin => (selected.nodes().any(pinned), "Select pinned nodes first"),
            Self::AutoLayout if inputs.laying_out => (false, "It is being laid out"),
            Self::AutoLayout => (!inputs.stage.cards.is_empty(), "Nothing is drawn yet"),
            Self::ReplaceByProgram if view.build => return replaced(inputs, selected).err(),
            Self::ReplaceByProgram => (false, ""),
            Self::Paste => (true, ""),
            // As in the inspector and in lessons, which have it outside of Build too.
            Self::KeepSessions(place) => return sessions::refused(inputs, selected, place),
            _ => return None,
        };
        let why = if !view.build && self != Self::Copy { ONLY_IN_BUILD } else { why };
        (!can || why == ONLY_IN_BUILD).then(|| why.to_owned())
    }

    /// Makes the edit, with what is selected after it. Whether the command is one.
    pub(super) fn edit(self, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) -> bool {
        let (preset, selected) = (inputs.preset, view.selection.meant());
        let places = || inputs.stage.places();
        let nodes: BTreeSet<NodeId> = selected.nodes().cloned().collect();
        let step = match self {
            Self::Delete | Self::DeleteAndReconnect => {
                actions.push(Action::Select(Selection::Nothing));
                Ok(edit::remove(preset, selected.as_set(), self == Self::DeleteAndReconnect))
            }
            Self::Group => {
                edit::group(preset, &with_members(inputs, &selected, nodes), "Group").map(|(group, step)| {
                    view.renaming = Some(Item::Group(group.clone()));
                    actions.push(Action::Select(Selection::item(Item::Group(group))));
                    step
                })
            }
            Self::Ungroup => Ok(edit::ungroup(preset, &groups(inputs, &selected).collect())),
            Self::Align(edge) => Ok(edit::align(preset, &rectangles(inputs, &selected), edge)),
            Self::Distribute(axis) => Ok(edit::distribute(preset, &rectangles(inputs, &selected), axis)),
            Self::Pin | Self::Unpin => Ok(edit::pin(preset, &nodes, self == Self::Pin, &places())),
            Self::Connect if nodes.len() == 1 => {
                view.hand.begin_connecting();
                return true;
            }
            Self::Connect => connect(inputs, &nodes),
            Self::KeepSessions(place) => sessions::keep(inputs, &selected, place),
            Self::ReplaceByProgram => match replaced(inputs, &selected) {
                Ok((service, program)) => edit::replace_by_program(preset, &service, &program),
                Err(reason) => Err(Problem::error("", reason)),
            },
            Self::Cut => {
                actions.push(Action::Select(Selection::Nothing));
                Ok(edit::cut(preset, selected.as_set()))
            }
            Self::Duplicate => {
                let (step, items) = edit::duplicate(preset, selected.as_set(), [ASIDE, ASIDE], &places());
                actions.push(Action::Select(Selection::of(items)));
                Ok(step)
            }
            _ => return false,
        };
        match step {
            Ok(step) if step.edits.is_empty() => {}
            step => actions.insert(0, Action::edit(step)),
        }
        true
    }
}

/// What of the selected things has a place of its own, and where it is drawn.
fn rectangles(inputs: &Inputs<'_>, selected: &Selection) -> BTreeMap<Item, Rectangle> {
    placed(inputs, selected).map(|(item, rectangle)| (item.clone(), rectangle)).collect()
}

/// The same, one by one.
fn placed<'a>(inputs: &'a Inputs<'_>, selected: &'a Selection) -> impl Iterator<Item = (&'a Item, Rectangle)> {
    let of = |rect: scene::Rect| Rectangle { at: [rect.min.x, rect.min.y], size: [rect.size.w, rect.size.h] };
    let place = move |item: &Item| match item {
        Item::Node(node) => inputs.stage.card(node).map(|card| of(card.rect)),
        Item::Note(id) => inputs.stage.notes.iter().find(|(note, _)| note == id).map(|(_, sheet)| of(*sheet)),
        Item::Link(_) | Item::Group(_) => None,
    };
    selected.items().filter_map(move |item| Some((item, place(item)?)))
}

/// The selected groups, and those that selected nodes are in.
fn groups<'a>(inputs: &'a Inputs<'_>, selected: &'a Selection) -> impl Iterator<Item = GroupId> {
    let around = |item: &Item| match item {
        Item::Group(group) => Some(group.clone()),
        Item::Node(node) => inputs.preset.marks.group_of(node).map(|group| group.id.clone()),
        Item::Link(_) | Item::Note(_) => None,
    };
    selected.items().filter_map(around)
}

/// These nodes, with those in selected groups: who wants a group in a group is told why not.
fn with_members(inputs: &Inputs<'_>, selected: &Selection, mut nodes: BTreeSet<NodeId>) -> BTreeSet<NodeId> {
    let group = |item: &Item| if let Item::Group(id) = item { inputs.preset.marks.group(id) } else { None };
    nodes.extend(selected.items().filter_map(group).flat_map(|group| group.nodes.iter().cloned()));
    nodes
}

/// The selected service, and the program that is to take its place; else why there are none.
fn replaced(inputs: &Inputs<'_>, selected: &Selection) -> Result<(NodeId, NodeId), String> {
    let topology = &inputs.preset.topology;
    let Some(Item::Node(service)) = selected.only() else { return Err("Select one service first".to_owned()) };
    if topology.node(service).and_then(|node| node.service()).is_none() {
        return Err("Select one service first".to_owned());
    }
    let is_free = |program: &crate::topology::Program| program.modules.is_empty() && !program.command.is_empty();
    let free = topology.nodes().find(|node| node.program().is_some_and(is_free));
    let how = || format!("Draw a program, give it a command, then drag it onto {service}");
    free.map(|program| (service.clone(), program.id.clone())).ok_or_else(how)
}

/// Copies what is selected. What is in the clipboard already is not given up for nothing.
pub(super) fn copy(context: &Context, inputs: &Inputs<'_>, view: &View) {
    let text = edit::copy(inputs.preset, view.selection.meant().as_set(), &inputs.stage.places());
    if !text.is_empty() {
        context.copy_text(text);
    }
}

/// Puts in what was copied, in Build where a menu was opened for it, else at the pointer or in the middle of what is seen;
/// another text may be a whole document, which is the app's to open.
pub(crate) fn paste(context: &Context, text: String, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let now_s = context.input(|input| input.time);
    let asked = view.paste_at.take().filter(|(_, since_s)| now_s - since_s < ANSWERED_S).map(|(at, _)| at);
    if !edit::is_copied(&text) || !view.build {
        actions.push(Action::PasteText(text));
        return;
    }
    let pointer = || context.input(|input| input.pointer.hover_pos()).filter(|at| view.frame.contains(*at));
    let there = || view.camera.point(view.frame, pointer().unwrap_or(view.frame.center()));
    let at = asked.unwrap_or_else(there);
    match edit::paste(inputs.preset, &text, [at.x.round(), at.y.round()]) {
        Ok((step, items)) => actions.extend([Action::Edit(step), Action::Select(Selection::of(items))]),
        Err(problem) => actions.push(Action::Refused(problem)),
    }
}

fn can_rename(selected: &Selection) -> bool {
    matches!(selected.only(), Some(Item::Node(_) | Item::Group(_) | Item::Note(_)))
}

/// Links two nodes in the direction in which requests can go, from left to right where both can.
fn connect(inputs: &Inputs<'_>, nodes: &BTreeSet<NodeId>) -> Result<Step, Problem> {
    let mut ends: Vec<&NodeId> = nodes.iter().collect();
    let left = |node: &NodeId| inputs.stage.card(node).map_or(0.0, |card| card.rect.min.x);
    ends.sort_by(|a, b| left(a).total_cmp(&left(b)));
    let [from, to] = ends[..] else {
        return Err(Problem::error("", "a link has two ends").advise("select two nodes"));
    };
    edit::connect(inputs.preset, from, to)
        .or_else(|refused| edit::connect(inputs.preset, to, from).map_err(|_| refused))
}
