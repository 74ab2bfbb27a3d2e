//! A part of a drawing as a preset of its own, and putting such a part into a drawing.

use std::collections::{BTreeMap, BTreeSet};

use super::free::FreeNames;
use super::place::{nodes_of, within_canvas};
use super::{Edit, Item, starter};
use crate::topology::{
    Group, GroupId, Link, Marks, Module, ModuleName, Node, NodeId, Note, NoteId, OperationId, Preset, Role, Step,
    Topology,
};

/// The nodes, groups with what is in them, and notes among these items, with the links between those nodes and the
/// modules that they need. `places` says where cards are drawn.
pub(super) fn cut_out(preset: &Preset, items: &BTreeSet<Item>, places: &BTreeMap<NodeId, [f32; 2]>) -> Preset {
    let wanted = nodes_of(&preset.marks, items);
    let nodes: Vec<Node> = preset.topology.nodes().filter(|node| wanted.contains(&node.id)).cloned().collect();
    let inside = |link: &Link| wanted.contains(&link.from) && wanted.contains(&link.to);
    let links = preset.topology.links().filter(inside).collect();
    let place = |node: &Node| {
        let at = places.get(&node.id).or_else(|| preset.layout.get(&node.id))?;
        Some((node.id.clone(), within_canvas(*at)?))
    };
    let layout = nodes.iter().filter_map(place).collect();
    let modules = needed(&preset.topology, &nodes);
    let (topology, ..) = Topology::new(modules, nodes, links);
    let mut part = Preset { topology, layout, ..Preset::default() };
    let groups = preset.marks.groups.iter().filter(|group| items.contains(&Item::Group(group.id.clone())));
    part.marks.groups = groups.cloned().collect();
    let notes = preset.marks.notes.iter().filter(|note| items.contains(&Item::Note(note.id.clone())));
    part.marks.notes = notes.cloned().collect();
    part
}

/// The modules that these nodes host or ask for, and those that these call.
fn needed(topology: &Topology, nodes: &[Node]) -> Vec<Module> {
    let mut names: BTreeSet<&ModuleName> = BTreeSet::new();
    let mut open: Vec<&ModuleName> = Vec::new();
    for node in nodes {
        match &node.role {
            Role::Service(_) | Role::Program(_) => open.extend(node.modules()),
            Role::Users(users) => open.extend(users.operations().into_iter().map(|id: &OperationId| &id.module)),
            Role::Gateway(_) | Role::Cache(_) | Role::Database(_) => {}
        }
    }
    while let Some(name) = open.pop() {
        if !names.insert(name) {
            continue;
        }
        let operations = topology.module(name).map(|module| module.operations.as_slice()).unwrap_or_default();
        let steps = operations.iter().flat_map(|operation| &operation.steps);
        open.extend(steps.flat_map(Step::calls).map(|call| &call.module));
    }
    topology.modules.iter().filter(|module| names.contains(&module.name)).cloned().collect()
}

/// Edits that put a part into a drawing, and what is new then.
pub(super) struct Inserted {
    pub(super) edits: Vec<Edit>,
    pub(super) items: BTreeSet<Item>,
}

/// Puts a part into a drawing, shifted by so many points.
///
/// What has a name that is taken gets another. Modules that the drawing does not have come along. A module can be hosted
/// once, so a service or program that is put in hosts those of its modules that nobody hosts yet, which may be none.
/// With `join`, a node whose original is in a group of the drawing goes into that group too, unless its group comes along.
pub(super) fn put_in(preset: &Preset, part: &Preset, shift: [f32; 2], join: bool) -> Inserted {
    let mut edits = Vec::new();
    let known: BTreeSet<&ModuleName> = preset.topology.modules.iter().map(|module| &module.name).collect();
    let new = part.topology.modules.iter().filter(|module| !known.contains(&module.name)).cloned();
    let modules: Vec<Module> = preset.topology.modules.iter().cloned().chain(new).collect();
    if modules.len() > preset.topology.modules.len() {
        edits.push(Edit::SetModules(modules));
    }
    let shifted = |at: &[f32; 2]| within_canvas([at[0] + shift[0], at[1] + shift[1]]);
    let mut hosted: BTreeSet<ModuleName> = starter::hosted(&preset.topology).into_iter().cloned().collect();
    let names = new_ids(preset, part);
    for node in part.topology.nodes() {
        let Some(id) = names.get(&node.id) else { continue };
        let role = hosting_only_free(&node.role, &mut hosted);
        let at = part.layout.get(&node.id).and_then(shifted);
        edits.push(Edit::AddNode { node: Node { id: id.clone(), role }, position: None, at });
    }
    for link in part.topology.links() {
        if let (Some(from), Some(to)) = (names.get(&link.from), names.get(&link.to)) {
            let link = Link { from: from.clone(), to: to.clone() };
            edits.push(Edit::AddLink { link, position: None });
        }
    }
    let mut items: BTreeSet<Item> = names.values().cloned().map(Item::Node).collect();
    let mut marks = preset.marks.clone();
    if join {
        join_groups(&mut marks, &part.marks, &names);
    }
    put_marks(&mut marks, &part.marks, &names, shifted, &mut items);
    if marks != preset.marks {
        edits.push(Edit::SetMarks(marks));
    }
    Inserted { edits, items }
}

/// Puts copies of nodes into the groups that their originals are in, unless those groups come along.
fn join_groups(marks: &mut Marks, part: &Marks, names: &BTreeMap<NodeId, NodeId>) {
    for (from, to) in names.iter().filter(|(from, _)| part.group_of(from).is_none()) {
        if let Some(group) = marks.groups.iter_mut().find(|group| group.nodes.contains(from)) {
            group.nodes.insert(to.clone());
        }
    }
}

/// Adds the groups and notes of a part, under ids that are free.
fn put_marks(
    marks: &mut Marks,
    part: &Marks,
    names: &BTreeMap<NodeId, NodeId>,
    shifted: impl Fn(&[f32; 2]) -> Option<[f32; 2]>,
    items: &mut BTreeSet<Item>,
) {
    let mut ids = FreeNames::but(marks.groups.iter().map(|group| group.id.as_str()));
    for group in &part.groups {
        let nodes: BTreeSet<NodeId> = group.nodes.iter().filter_map(|node| names.get(node)).cloned().collect();
        if let Some(id) = ids.take::<GroupId>(group.id.as_str()).filter(|_| !nodes.is_empty()) {
            items.insert(Item::Group(id.clone()));
            marks.groups.push(Group { id, title: group.title.clone(), nodes });
        }
    }
    let mut ids = FreeNames::but(marks.notes.iter().map(|note| note.id.as_str()));
    for note in &part.notes {
        if let Some((id, at)) = ids.take::<NoteId>(note.id.as_str()).zip(shifted(&note.at)) {
            items.insert(Item::Note(id.clone()));
            marks.notes.push(Note { id, text: note.text.clone(), at });
        }
    }
}

/// For each node of the part the id that it gets.
fn new_ids(preset: &Preset, part: &Preset) -> BTreeMap<NodeId, NodeId> {
    let mut names = FreeNames::but(preset.topology.nodes().map(|node| node.id.as_str()));
    // Names that need no change are taken first, so that none of them is given to another node.
    let (free, taken): (Vec<&Node>, Vec<&Node>) =
        part.topology.nodes().partition(|node| preset.topology.node(&node.id).is_none());
    let name = |node: &Node| Some((node.id.clone(), names.take(node.id.as_str())?));
    free.into_iter().chain(taken).filter_map(name).collect()
}

/// The same role without the modules that are hosted. Those that it keeps are hosted from then on.
fn hosting_only_free(role: &Role, hosted: &mut BTreeSet<ModuleName>) -> Role {
    let mut role = role.clone();
    starter::keep_modules(&mut role, |name| hosted.insert(name.clone()));
    role
}
