//! Removing what is selected. What a scenario, an expectation or a lesson says of a removed node stays, and becomes a
//! problem with its own mend, so that undoing brings everything back.

use std::collections::{BTreeMap, BTreeSet};

use super::place::nodes_of;
use super::{Edit, Item, Step};
use crate::topology::{Link, LinkId, Marks, NodeId, Preset};

/// The step that removes these items, a group with what is in it: to keep that, a group is ungrouped. Its frame goes with
/// its last node, too.
///
/// With `reconnect`, what sent requests to a removed node is linked to what the node sent requests to, also through
/// several removed nodes, where roles allow that and the link is not there.
pub fn remove(preset: &Preset, items: &BTreeSet<Item>, reconnect: bool) -> Step {
    let nodes = nodes_among(preset, items);
    let mut edits: Vec<Edit> = Vec::new();
    let links = preset.topology.links().map(|link| link.id());
    let gone = links.filter(|id| items.contains(&Item::Link(id.clone()))).filter(|id| !touches(id, &nodes));
    edits.extend(gone.map(Edit::RemoveLink));
    edits.extend(nodes.iter().cloned().map(Edit::RemoveNode));
    if reconnect {
        edits.extend(bridges(preset, &nodes).into_iter().map(|link| Edit::AddLink { link, position: None }));
    }
    let marks = marks_without(&preset.marks, items, &nodes);
    if marks != preset.marks {
        edits.push(Edit::SetMarks(marks));
    }
    Step::new(label(items), edits)
}

/// Whether removing these items with `reconnect` would draw any link.
pub fn can_reconnect(preset: &Preset, items: &BTreeSet<Item>) -> bool {
    !bridges(preset, &nodes_among(preset, items)).is_empty()
}

fn nodes_among(preset: &Preset, items: &BTreeSet<Item>) -> BTreeSet<NodeId> {
    nodes_of(&preset.marks, items).into_iter().filter(|id| preset.topology.node(id).is_some()).collect()
}

fn touches(link: &LinkId, nodes: &BTreeSet<NodeId>) -> bool {
    nodes.contains(&link.from) || nodes.contains(&link.to)
}

/// The links that close the gaps which these nodes leave.
fn bridges(preset: &Preset, gone: &BTreeSet<NodeId>) -> Vec<Link> {
    let mut after: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    let links: Vec<Link> = preset.topology.links().collect();
    for link in links.iter().filter(|link| gone.contains(&link.from)) {
        after.entry(link.from.clone()).or_default().push(link.to.clone());
    }
    let mut bridges: Vec<Link> = Vec::new();
    let mut drawn = BTreeSet::new();
    for entry in links.iter().filter(|link| gone.contains(&link.to) && !gone.contains(&link.from)) {
        for to in beyond(&entry.to, &after, gone) {
            let link = Link { from: entry.from.clone(), to };
            if super::connect::may_link(preset, &link).is_ok() && drawn.insert(link.id()) {
                bridges.push(link);
            }
        }
    }
    bridges
}

/// Where requests that reach this removed node would have gone on to, outside of what is removed.
fn beyond(first: &NodeId, after: &BTreeMap<NodeId, Vec<NodeId>>, gone: &BTreeSet<NodeId>) -> Vec<NodeId> {
    let mut seen = BTreeSet::from([first.clone()]);
    let mut open = vec![first.clone()];
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        for next in after.get(&node).into_iter().flatten().filter(|next| seen.insert((*next).clone())) {
            if gone.contains(next) { open.push(next.clone()) } else { found.push(next.clone()) }
        }
    }
    found
}

/// The marks without what is removed, and without groups that have lost their last node.
pub(super) fn marks_without(marks: &Marks, items: &BTreeSet<Item>, nodes: &BTreeSet<NodeId>) -> Marks {
    let mut marks = marks.clone();
    marks.pinned.retain(|id| !nodes.contains(id));
    marks.notes.retain(|note| !items.contains(&Item::Note(note.id.clone())));
    marks.groups.retain_mut(|group| {
        let before = group.nodes.len();
        group.nodes.retain(|id| !nodes.contains(id));
        let emptied = group.nodes.is_empty() && before > 0;
        !emptied && !items.contains(&Item::Group(group.id.clone()))
    });
    marks
}

fn label(items: &BTreeSet<Item>) -> String {
    let mut items = items.iter();
    match (items.next(), items.next()) {
        (Some(only), None) => format!("remove {only}"),
        (_, _) => format!("remove {} things", items.len() + 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::builtin;
    use crate::topology::edit::{History, group};
    use crate::topology::format::read;

    fn items(names: &[&str]) -> BTreeSet<Item> {
        let item = |name: &&str| match name.contains("->") {
            true => Item::Link(name.parse().unwrap()),
            false => Item::Node(name.parse().unwrap()),
        };
        names.iter().map(item).collect()
    }

    fn store() -> Preset {
        read(builtin::by_name("shared-session-store").unwrap().text).unwrap().into_preset()
    }

    fn links(preset: &Preset) -> Vec<String> {
        preset.topology.links().map(|link| link.id().to_string()).collect()
    }

    #[test]
    fn removing_a_gateway_links_its_users_to_its_services_where_asked() {
        for (reconnect, expected) in [(true, vec!["shop->sessions", "shoppers->shop"]), (false, vec!["shop->sessions"])]
        {
            let mut preset = store();
            let step = remove(&preset, &items(&["gate"]), reconnect);
            History::default().apply(&mut preset, step).unwrap();
            assert_eq!(links(&preset), expected);
        }
        assert!(can_reconnect(&store(), &items(&["gate"])));
        assert!(!can_reconnect(&store(), &items(&["shop"])), "users and gateways send nothing to a cache");
    }

    #[test]
    fn links_nodes_and_what_marks_them_go_in_one_step_and_come_back() {
        let mut preset = store();
        preset.marks.pinned = ["gate", "shop"].map(|id| id.parse().unwrap()).into();
        let mut history = History::default();
        let (_, step) = group(&preset, &["shop".parse().unwrap()].into(), "Backend").unwrap();
        history.apply(&mut preset, step).unwrap();
        let first = preset.clone();
        let step = remove(&preset, &items(&["shop", "gate->shop", "shoppers->gate"]), true);
        history.apply(&mut preset, step).unwrap();
        assert_eq!((links(&preset), preset.marks.groups.len(), preset.marks.pinned.len()), (vec![], 0, 1));
        history.undo(&mut preset);
        assert_eq!(preset, first);
    }

    #[test]
    fn a_group_goes_with_what_is_in_it() {
        let mut preset = store();
        let nodes = ["shop", "sessions"].map(|id| id.parse().unwrap()).into();
        let (back, step) = group(&preset, &nodes, "Back").unwrap();
        let mut history = History::default();
        history.apply(&mut preset, step).unwrap();
        let step = remove(&preset, &[Item::Group(back)].into(), false);
        history.apply(&mut preset, step).unwrap();
        assert_eq!(preset.topology.nodes().map(|node| node.id.as_str()).collect::<Vec<_>>(), ["shoppers", "gate"]);
        assert_eq!((links(&preset), preset.marks.groups.len()), (vec!["shoppers->gate".to_owned()], 0));
    }
}
