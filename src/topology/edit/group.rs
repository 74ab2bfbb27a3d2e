//! Groups: making one around nodes, giving it another title, and taking its frame away.

use std::collections::BTreeSet;

use super::free::FreeNames;
use super::{Edit, Step};
use crate::topology::{Group, GroupId, NodeId, Preset, Problem};

/// The id of the new group, and the step that puts a frame around these nodes. Nodes leave the group that they were in.
///
/// # Errors
/// When none of the nodes is there, or a whole group is among them: groups hold nodes and no groups, so it would be lost.
pub fn group(preset: &Preset, nodes: &BTreeSet<NodeId>, title: &str) -> Result<(GroupId, Step), Problem> {
    let nodes: BTreeSet<NodeId> = nodes.iter().filter(|id| preset.topology.node(id).is_some()).cloned().collect();
    if nodes.is_empty() {
        return Err(Problem::error("", "there is nothing to group").advise("select the nodes first"));
    }
    if let Some(whole) = preset.marks.groups.iter().find(|group| is_whole(group, &nodes)) {
        let name = if whole.title.is_empty() { whole.id.as_str() } else { &whole.title };
        let problem = Problem::error("", format!("{name} is a group already, and a group cannot be in another one"));
        return Err(problem.advise("ungroup it first"));
    }
    let mut marks = preset.marks.clone();
    for group in &mut marks.groups {
        group.nodes.retain(|node| !nodes.contains(node));
    }
    let mut names = FreeNames::but(preset.marks.groups.iter().map(|group| group.id.as_str()));
    let id = names.take::<GroupId>("group").ok_or_else(|| Problem::error("", "no id is free for a group"))?;
    let title = one_line(title);
    let label = format!("group {} nodes", nodes.len());
    marks.groups.push(Group { id: id.clone(), title, nodes });
    Ok((id, Step::new(label, vec![Edit::SetMarks(marks)])))
}

/// Whether all of a group is among these nodes.
fn is_whole(group: &Group, nodes: &BTreeSet<NodeId>) -> bool {
    !group.nodes.is_empty() && group.nodes.is_subset(nodes)
}

/// The step that takes the frames of these groups away and leaves what is in them.
pub fn ungroup(preset: &Preset, groups: &BTreeSet<GroupId>) -> Step {
    let mut marks = preset.marks.clone();
    marks.groups.retain(|group| !groups.contains(&group.id));
    let edits = if marks == preset.marks { Vec::new() } else { vec![Edit::SetMarks(marks)] };
    Step::new("ungroup", edits)
}

/// The step that writes another title on a group's frame. Without edits when it is that title already.
///
/// # Errors
/// When there is no such group.
pub fn retitle(preset: &Preset, group: &GroupId, title: &str) -> Result<Step, Problem> {
    let title = one_line(title);
    let mut marks = preset.marks.clone();
    let known = marks.groups.iter_mut().find(|known| known.id == *group);
    known.ok_or_else(|| super::missing("group", group.as_str()))?.title = title;
    let edits = if marks == preset.marks { Vec::new() } else { vec![Edit::SetMarks(marks)] };
    Ok(Step::new(format!("rename the group {group}"), edits))
}

/// A title stands in one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::RoleKind;
    use crate::topology::edit::{History, add_node};

    #[test]
    fn nodes_go_from_group_to_group_but_no_group_into_another() {
        let mut preset = Preset::default();
        let mut history = History::default();
        for _ in 0..4 {
            let step = add_node(&preset, RoleKind::Service, [0.0, 0.0]).1;
            history.apply(&mut preset, step).unwrap();
        }
        let ids = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect::<BTreeSet<NodeId>>();
        for (names, expected) in
            [(&["service", "service-2"][..], &[2][..]), (&["service-2", "service-3", "no"], &[1, 2][..])]
        {
            let (_, step) = group(&preset, &ids(names), "Back\nend").unwrap();
            history.apply(&mut preset, step).unwrap();
            assert_eq!(preset.marks.groups.iter().map(|group| group.nodes.len()).collect::<Vec<_>>(), expected);
        }
        for names in [&["service", "service-4"][..], &["service-2", "service-3"], &["service", "service-2"]] {
            let refused = group(&preset, &ids(names), "All").unwrap_err();
            assert_eq!(refused.message, "Back end is a group already, and a group cannot be in another one");
        }
        let id = preset.marks.groups[1].id.clone();
        assert_eq!(preset.marks.groups[1].title, "Back end");
        let step = retitle(&preset, &id, "Shop").unwrap();
        history.apply(&mut preset, step).unwrap();
        assert_eq!(retitle(&preset, &id, " Shop ").unwrap().edits, []);
        let step = ungroup(&preset, &[id].into());
        history.apply(&mut preset, step).unwrap();
        assert_eq!(preset.marks.groups.len(), 1);
        assert!(group(&preset, &ids(&["no"]), "").is_err());
    }
}
