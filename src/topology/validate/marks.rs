//! Groups, notes, pins and the layout: what is drawn and not run, so that all of it is a warning.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use crate::topology::{Cause, GroupId, NodeId, Preset, Problem};

pub(super) fn check(preset: &Preset, problems: &mut Found) {
    groups(preset, problems);
    let mut notes = BTreeSet::new();
    for (index, note) in preset.marks.notes.iter().enumerate() {
        if !notes.insert(&note.id) {
            let message = format!("there are two notes with the id {:?}", note.id.as_str());
            problems.push(Problem::warning(format!("note[{index}].id"), message).advise("give this one another id"));
        }
    }
    for id in missing(preset, preset.marks.pinned.iter()) {
        let message = format!("{:?} is pinned, and is no node", id.as_str());
        let problem = Problem::warning("pinned", message).advise(advice(preset, id, "take it out of pinned", problems));
        problems.push(problem.because(Cause::StaleMark(id.clone())));
    }
    for id in missing(preset, preset.layout.keys()) {
        let message = format!("the layout has a place for {:?}, which is no node", id.as_str());
        let problem = Problem::warning(format!("layout.{id}"), message).advise("remove the line");
        problems.push(problem.because(Cause::StalePlace(id.clone())));
    }
}

fn groups(preset: &Preset, problems: &mut Found) {
    let mut ids = BTreeSet::new();
    let mut members: BTreeMap<&NodeId, &GroupId> = BTreeMap::new();
    for (index, group) in preset.marks.groups.iter().enumerate() {
        let path = format!("group[{index}]");
        if !ids.insert(&group.id) {
            let message = format!("there are two groups with the id {:?}", group.id.as_str());
            problems.push(Problem::warning(format!("{path}.id"), message).advise("give this one another id"));
        }
        if group.nodes.is_empty() {
            let message = format!("the group {} has nothing in it, so it is not drawn", group.id);
            let problem = Problem::warning(&path, message).advise("name nodes in nodes, or remove the group");
            problems.push(problem.because(Cause::EmptyGroup));
        }
        let path = format!("{path}.nodes");
        for node in missing(preset, group.nodes.iter()) {
            let message = format!("the group {} names {:?}, which is no node", group.id, node.as_str());
            let problem =
                Problem::warning(&path, message).advise(advice(preset, node, "take it out of nodes", problems));
            problems.push(problem.because(Cause::StaleMark(node.clone())));
        }
        for node in &group.nodes {
            let Some(first) = members.insert(node, &group.id) else { continue };
            let message = format!("{node} is in two groups: {first} and {}", group.id);
            let problem = Problem::warning(&path, message).advise("leave it in one of them");
            problems.push(problem.because(Cause::InTwoGroups(node.clone())));
        }
    }
}

fn missing<'a>(preset: &Preset, ids: impl Iterator<Item = &'a NodeId>) -> impl Iterator<Item = &'a NodeId> {
    ids.filter(|id| preset.topology.node(id).is_none())
}

/// The node that was probably meant, else this.
fn advice(preset: &Preset, id: &NodeId, otherwise: &str, problems: &mut Found) -> String {
    let nodes = || preset.topology.nodes().map(|node| node.id.as_str()).collect();
    problems
        .adviser
        .nearest(id.as_str(), nodes)
        .map_or_else(|| otherwise.to_owned(), |near| format!("did you mean {near}?"))
}
