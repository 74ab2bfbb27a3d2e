//! Which group a node is in after it was dropped: one whose frame it was dropped into, none when it was dropped outside.

use std::collections::{BTreeMap, BTreeSet};

use super::place::{move_label, nodes_of};
use super::{Edit, Item, Rectangle, Step, translate};
use crate::topology::{Group, GroupId, Marks, NodeId, Preset};

/// The group that each of these moved nodes is in once it is dropped. `rectangles` says where all cards are then, and
/// `frame` makes a group's frame of the rectangle around its members.
///
/// A group that moves as a whole stays as it is. Else frames are taken without what moves: a node whose middle is in a
/// frame belongs to that group, its own first; a node that is in none belongs to none.
pub fn memberships(
    marks: &Marks,
    moved: &BTreeSet<NodeId>,
    rectangles: &BTreeMap<NodeId, Rectangle>,
    frame: impl Fn(Rectangle) -> Rectangle,
) -> BTreeMap<NodeId, Option<GroupId>> {
    let still = |group: &Group| {
        let members = group.nodes.iter().filter(|node| !moved.contains(*node));
        let around = members.filter_map(|node| rectangles.get(node)).copied().reduce(|all, next| all.around(&next))?;
        Some((group.id.clone(), frame(around)))
    };
    let frames: Vec<(GroupId, Rectangle)> = marks.groups.iter().filter_map(still).collect();
    let group_of = |node: &NodeId| {
        let own = marks.group_of(node).map(|group| &group.id);
        let (own_moves, middle) = (own.is_some_and(|own| frames.iter().all(|(id, _)| id != own)), rectangles.get(node));
        let Some(middle) = middle.filter(|_| !own_moves).map(Rectangle::centre) else { return own.cloned() };
        let around = || frames.iter().filter(|(_, frame)| frame.contains(middle)).map(|(id, _)| id);
        around().find(|id| Some(*id) == own).or_else(|| around().next()).cloned()
    };
    moved.iter().map(|node| (node.clone(), group_of(node))).collect()
}

/// The step that moves these items by so many points, as [`translate`] does, and lets nodes that are dropped into or out
/// of a group's frame join or leave it. `rectangles` says where cards are drawn now.
pub fn drop_into_groups(
    preset: &Preset,
    items: &BTreeSet<Item>,
    by: [f32; 2],
    rectangles: &BTreeMap<NodeId, Rectangle>,
    frame: impl Fn(Rectangle) -> Rectangle,
) -> Step {
    let places = rectangles.iter().map(|(node, rectangle)| (node.clone(), rectangle.at)).collect();
    let mut step = translate(preset, items, by, &places);
    let moved = nodes_of(&preset.marks, items);
    let after = rectangles.iter().map(|(node, rectangle)| {
        let shift = if moved.contains(node) { by } else { [0.0, 0.0] };
        let at = [rectangle.at[0] + shift[0], rectangle.at[1] + shift[1]];
        (node.clone(), Rectangle { at, ..*rectangle })
    });
    let groups = memberships(&preset.marks, &moved, &after.collect(), frame);
    let marks_of = |edit: &Edit| if let Edit::SetMarks(marks) = edit { Some(marks.clone()) } else { None };
    let before = step.edits.iter().find_map(marks_of).unwrap_or_else(|| preset.marks.clone());
    let marks = regrouped(before.clone(), &groups);
    if marks != before {
        step.edits.retain(|edit| !matches!(edit, Edit::SetMarks(_)));
        step.edits.push(Edit::SetMarks(marks));
    }
    step.label = move_label(items);
    step
}

/// The marks with these nodes in these groups, and without groups that lose their last node.
fn regrouped(mut marks: Marks, groups: &BTreeMap<NodeId, Option<GroupId>>) -> Marks {
    marks.groups.retain_mut(|group| {
        let before = group.nodes.len();
        group.nodes.retain(|node| groups.get(node).is_none_or(|to| to.as_ref() == Some(&group.id)));
        let joining = groups.iter().filter(|(_, to)| to.as_ref() == Some(&group.id));
        group.nodes.extend(joining.map(|(node, _)| node.clone()));
        !group.nodes.is_empty() || before == 0
    });
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::RoleKind;
    use crate::topology::edit::{History, add_node, group};

    /// Four cards of 100 by 50 in a row; the first two are a group with a frame 10 points around.
    fn row() -> (Preset, BTreeMap<NodeId, Rectangle>) {
        let mut preset = Preset::default();
        let mut rectangles = BTreeMap::new();
        for index in 0..4u8 {
            let at = [f32::from(index) * 200.0, 0.0];
            let (id, step) = add_node(&preset, RoleKind::Service, at);
            History::default().apply(&mut preset, step).unwrap();
            rectangles.insert(id, Rectangle { at, size: [100.0, 50.0] });
        }
        let (_, step) = group(&preset, &ids(&["service", "service-2"]), "Two").unwrap();
        History::default().apply(&mut preset, step).unwrap();
        (preset, rectangles)
    }

    fn ids(names: &[&str]) -> BTreeSet<NodeId> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    /// The members of the group after these nodes were dropped so far to the right; `None` when the group is gone.
    fn members(names: &[&str], by: f32) -> Option<BTreeSet<NodeId>> {
        let (mut preset, rectangles) = row();
        let items: BTreeSet<Item> = ids(names).into_iter().map(Item::Node).collect();
        let frame = |around: Rectangle| Rectangle {
            at: around.at.map(|at| at - 10.0),
            size: around.size.map(|size| size + 20.0),
        };
        let step = drop_into_groups(&preset, &items, [by, 0.0], &rectangles, frame);
        History::default().apply(&mut preset, step).unwrap();
        preset.marks.groups.first().map(|group| group.nodes.clone())
    }

    #[test]
    fn a_node_joins_where_it_is_dropped_and_leaves_where_it_is_taken_out() {
        assert_eq!(members(&["service-3"], -250.0), Some(ids(&["service", "service-2", "service-3"])));
        assert_eq!(members(&["service-3"], -10.0), Some(ids(&["service", "service-2"])));
        assert_eq!(members(&["service-2"], 150.0), Some(ids(&["service"])));
        assert_eq!(members(&["service-2"], -150.0), Some(ids(&["service", "service-2"])));
    }

    #[test]
    fn a_whole_group_that_moves_stays_together() {
        assert_eq!(members(&["service", "service-2"], 5000.0), Some(ids(&["service", "service-2"])));
    }
}
