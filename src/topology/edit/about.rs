//! Which things of the drawing a problem is about, so that the canvas can show it where it belongs.

use super::Item;
use crate::topology::metrics::{self, Of};
use crate::topology::{Cause, NodeId, Preset, Problem, Target, Until};

/// What a problem that validation found is about; empty when it is about the preset as a whole. Only what is there.
pub fn about(preset: &Preset, problem: &Problem) -> Vec<Item> {
    let nodes = |ids: &[&NodeId]| ids.iter().map(|id| Item::Node((*id).clone())).collect();
    let items: Vec<Item> = match problem.cause.as_deref() {
        Some(Cause::NoWay { from, to } | Cause::HostedTwice { first: from, second: to, .. }) => nodes(&[from, to]),
        Some(Cause::SessionsApart(several) | Cause::LeftOut(several) | Cause::NotHosted { needed_by: several, .. }) => {
            nodes(&several.iter().collect::<Vec<_>>())
        }
        Some(Cause::InTwoGroups(node)) => nodes(&[node]),
        Some(Cause::CannotLink(link) | Cause::DoesNotFit(link)) => vec![Item::Link(link.clone())],
        Some(_) | None => by_path(preset, &problem.path),
    };
    let mut there: Vec<Item> = items.into_iter().filter(|item| is_there(preset, item)).collect();
    there.dedup();
    there
}

fn is_there(preset: &Preset, item: &Item) -> bool {
    match item {
        Item::Node(id) => preset.topology.node(id).is_some(),
        Item::Link(id) => preset.topology.has_link(id),
        Item::Group(id) => preset.marks.group(id).is_some(),
        Item::Note(id) => preset.marks.note(id).is_some(),
    }
}

fn by_path(preset: &Preset, path: &str) -> Vec<Item> {
    let first = path.split('.').next().unwrap_or_default();
    if first == "lesson" {
        return lesson(preset, path);
    }
    let Some((list, index)) = entry(first) else { return Vec::new() };
    let topology = &preset.topology;
    let item = match list {
        "node" => topology.nodes().nth(index).map(|node| Item::Node(node.id.clone())),
        "link" => topology.links().nth(index).map(|link| Item::Link(link.id())),
        "group" => preset.marks.groups.get(index).map(|group| Item::Group(group.id.clone())),
        "note" => preset.marks.notes.get(index).map(|note| Item::Note(note.id.clone())),
        "scenario" => preset.scenario.get(index).and_then(|step| target(preset, &step.on)),
        "expect" => expectation(preset, index),
        "module" => {
            let host = topology.modules.get(index).and_then(|module| topology.host(&module.name));
            host.map(|node| Item::Node(node.id.clone()))
        }
        _ => None,
    };
    item.into_iter().collect()
}

/// `node[2]` as its list and index.
fn entry(segment: &str) -> Option<(&str, usize)> {
    let (list, index) = segment.split_once('[')?;
    Some((list, index.strip_suffix(']')?.parse().ok()?))
}

fn target(preset: &Preset, target: &Target) -> Option<Item> {
    match target {
        Target::Link(link) => Some(Item::Link(link.clone())),
        Target::Node(_) | Target::Slot(_) | Target::Module(_) => {
            preset.topology.node_of(target).cloned().map(Item::Node)
        }
    }
}

fn expectation(preset: &Preset, index: usize) -> Option<Item> {
    let expectation = preset.expect.get(index)?;
    let counted = metrics::by_name(&expectation.metric).is_some_and(|metric| metric.of == Of::Place);
    expectation.of.as_ref().filter(|_| counted)?.parse().ok().and_then(|of| target(preset, &of))
}

fn lesson(preset: &Preset, path: &str) -> Vec<Item> {
    let step = path.split('.').nth(1).and_then(entry).and_then(|(_, index)| preset.lesson.steps.get(index));
    let item = match step.and_then(|step| step.until.as_ref()) {
        Some(Until::Done { on, .. }) => target(preset, on),
        Some(Until::Setting { node, .. }) => Some(Item::Node(node.clone())),
        Some(Until::Running | Until::Wait(_)) | None => None,
    };
    item.into_iter().collect()
}
