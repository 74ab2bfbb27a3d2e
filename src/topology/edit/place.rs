//! Steps that put things elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edit, Item, Step};
use crate::topology::field::FARTHEST;
use crate::topology::{Marks, NodeId, Preset};

/// The place in whole points on the canvas; `None` for what is no place.
pub(super) fn within_canvas(at: [f32; 2]) -> Option<[f32; 2]> {
    let place = at.map(|number| number.round().clamp(-FARTHEST, FARTHEST));
    // Clamping leaves only what is no number.
    place.iter().all(|number| number.is_finite()).then_some(place)
}

/// The step that puts every one of these nodes at its place.
pub fn place_all(label: impl Into<String>, places: BTreeMap<NodeId, [f32; 2]>) -> Step {
    let moves = places.into_iter().filter_map(|(node, at)| Some(Edit::Move { node, to: Some(within_canvas(at)?) }));
    Step::new(label, moves.collect())
}

/// The step that puts nodes and notes at these places, their upper left corners. What is there already is not moved, and
/// items that have no place of their own, links and groups, are passed over.
pub fn place_items(preset: &Preset, label: impl Into<String>, places: &BTreeMap<Item, [f32; 2]>) -> Step {
    let mut edits = Vec::new();
    let mut marks = preset.marks.clone();
    for (item, &at) in places {
        let Some(at) = within_canvas(at) else { continue };
        match item {
            Item::Node(node) if preset.topology.node(node).is_some() && preset.layout.get(node) != Some(&at) => {
                edits.push(Edit::Move { node: node.clone(), to: Some(at) });
            }
            Item::Note(id) => {
                if let Some(note) = marks.notes.iter_mut().find(|note| note.id == *id) {
                    note.at = at;
                }
            }
            Item::Node(_) | Item::Link(_) | Item::Group(_) => {}
        }
    }
    if marks != preset.marks {
        edits.push(Edit::SetMarks(marks));
    }
    Step::new(label, edits)
}

/// The step that moves nodes, notes, and groups with what is in them, by so many points. `places` says where cards are
/// drawn now. Every card that is drawn elsewhere than the preset says is put down where it is drawn, so that what was not
/// moved stays.
pub fn translate(preset: &Preset, items: &BTreeSet<Item>, by: [f32; 2], places: &BTreeMap<NodeId, [f32; 2]>) -> Step {
    let moved = nodes_of(&preset.marks, items);
    let shifted = |at: &[f32; 2]| [at[0] + by[0], at[1] + by[1]];
    let mut targets: BTreeMap<Item, [f32; 2]> = BTreeMap::new();
    for (node, at) in places {
        let to = if moved.contains(node) { shifted(at) } else { *at };
        targets.insert(Item::Node(node.clone()), to);
    }
    for note in &preset.marks.notes {
        let item = Item::Note(note.id.clone());
        if items.contains(&item) {
            targets.insert(item, shifted(&note.at));
        }
    }
    place_items(preset, move_label(items), &targets)
}

/// The nodes among these items, with those in groups among them.
pub(super) fn nodes_of(marks: &Marks, items: &BTreeSet<Item>) -> BTreeSet<NodeId> {
    let mut nodes = BTreeSet::new();
    for item in items {
        match item {
            Item::Node(id) => {
                nodes.insert(id.clone());
            }
            Item::Group(id) => nodes.extend(marks.group(id).into_iter().flat_map(|group| group.nodes.iter().cloned())),
            Item::Link(_) | Item::Note(_) => {}
        }
    }
    nodes
}

pub(super) fn move_label(items: &BTreeSet<Item>) -> String {
    match items.first() {
        Some(only) if items.len() == 1 => format!("move {only}"),
        Some(_) | None => format!("move {} things", items.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::edit::{History, add_node, add_note, group};
    use crate::topology::{GroupId, RoleKind};

    #[test]
    fn a_group_moves_with_what_is_in_it_and_what_was_not_moved_stays_where_it_was_drawn() {
        let mut preset = Preset::default();
        let mut history = History::default();
        for kind in [RoleKind::Users, RoleKind::Gateway, RoleKind::Service] {
            let step = add_node(&preset, kind, [0.0, 0.0]).1;
            history.apply(&mut preset, step).unwrap();
        }
        let (_, step) = group(&preset, &["gateway".parse().unwrap()].into(), "Edge").unwrap();
        history.apply(&mut preset, step).unwrap();
        let (note, step) = add_note(&preset, [5.0, 5.0], "Look here");
        history.apply(&mut preset, step).unwrap();
        let drawn: BTreeMap<NodeId, [f32; 2]> =
            [("users", [0.0, 0.0]), ("gateway", [300.4, 0.0]), ("service", [600.0, 0.0])]
                .map(|(id, at)| (id.parse().unwrap(), at))
                .into();
        let before = preset.clone();
        let group: GroupId = "group".parse().unwrap();
        let items = BTreeSet::from([Item::Group(group), Item::Note(note)]);
        let step = translate(&preset, &items, [10.0, -20.0], &drawn);
        assert_eq!(step.label, "move 2 things");
        history.apply(&mut preset, step).unwrap();
        let at = |id: &str| preset.layout[&id.parse::<NodeId>().unwrap()];
        assert_eq!((at("users"), at("gateway"), at("service")), ([0.0, 0.0], [310.0, -20.0], [600.0, 0.0]));
        assert_eq!(preset.marks.notes[0].at, [15.0, -15.0]);
        history.undo(&mut preset);
        assert_eq!(preset, before);
    }

    #[test]
    fn no_place_is_beyond_what_a_file_can_hold() {
        assert_eq!(within_canvas([3e9, -2.4]), Some([FARTHEST, -2.0]));
        assert_eq!(within_canvas([f32::NAN, 0.0]), None);
        assert_eq!(within_canvas([f32::INFINITY, 0.0]), Some([FARTHEST, 0.0]));
    }
}
