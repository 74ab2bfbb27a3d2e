//! What a scenario and expectations say of what is not there.

use super::{Edit, Fix};
use crate::topology::edit::{Step, Story};
use crate::topology::{NodeId, Period, Preset, Problem, RunSettings, Slot, Target, near};

/// How long after its last step a run goes on, so that what follows can be seen.
const AFTERWARDS: Period = Period::secs(5);

fn tell(title: impl Into<String>, story: Story) -> Fix {
    Fix::new(title, vec![Edit::SetStory(Box::new(story))])
}

/// A step of the scenario that cannot be done: on the node that was meant, or not at all.
pub(super) fn bad_step(preset: &Preset, index: usize) -> Vec<Fix> {
    let Some(step) = preset.scenario.get(index) else { return Vec::new() };
    let mut fixes = Vec::new();
    // Nothing is done to users.
    let others = preset.topology.nodes().filter(|node| node.users().is_none());
    if let Some(id) = step.on.node()
        && preset.topology.node(id).is_none()
        && let Some(meant) = near::nearest(id.as_str(), others.map(|node| node.id.as_str()))
        && let Some(on) = meant.parse().ok().and_then(|meant| elsewhere(&step.on, meant))
    {
        let mut story = Story::of(preset);
        story.scenario[index].on = on.clone();
        fixes.push(tell(format!("Do it to {on} instead"), story));
    }
    fixes.push(without_step(preset, index));
    fixes
}

/// The same target of another node; links have two.
fn elsewhere(target: &Target, node: NodeId) -> Option<Target> {
    match target {
        Target::Node(_) => Some(Target::Node(node)),
        Target::Slot(slot) => Some(Target::Slot(Slot { node, index: slot.index })),
        Target::Link(_) | Target::Module(_) => None,
    }
}

fn without_step(preset: &Preset, index: usize) -> Fix {
    let mut story = Story::of(preset);
    let step = story.scenario.remove(index);
    tell(format!("Take {} of {} out of the scenario", step.act.name(), step.on), story)
}

/// A step that comes when the run is over: a longer run, or no such step.
pub(super) fn too_late(preset: &Preset, index: usize) -> Vec<Fix> {
    let Some(step) = preset.scenario.get(index) else { return Vec::new() };
    let micros = step.at.as_micros().saturating_add(AFTERWARDS.as_micros());
    let longer = format!("{}us", micros).parse::<Period>().ok().map(|duration| {
        let edit = Edit::SetRun(RunSettings { duration, ..preset.run.clone() });
        Fix::new(format!("Let the run take {duration}"), vec![edit])
    });
    longer.into_iter().chain([without_step(preset, index)]).collect()
}

/// A replica that a node does not have: more replicas, or nothing said of it.
pub(super) fn more_replicas(preset: &Preset, problem: &Problem, slot: &Slot) -> Vec<Fix> {
    let Slot { node, index } = slot;
    let mut fixes = Vec::new();
    if *index <= crate::topology::validate::MOST_REPLICAS
        && preset.topology.node(node).is_some_and(|known| known.gateway().is_some() || known.service().is_some())
    {
        let step = Step::set(node, "replicas", index.to_string());
        fixes.push(Fix::of(format!("Give {node} {index} replicas"), step));
    }
    let entry = |list: &str| -> Option<usize> {
        problem.path.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?.0.parse().ok()
    };
    if let Some(index) = entry("scenario").filter(|&index| index < preset.scenario.len()) {
        fixes.push(without_step(preset, index));
    }
    if let Some(index) = entry("expect") {
        fixes.extend(bad_expectation(preset, index));
    }
    fixes
}

/// An expectation of what is not there or not measured goes.
pub(super) fn bad_expectation(preset: &Preset, index: usize) -> Vec<Fix> {
    let mut story = Story::of(preset);
    if index >= story.expect.len() {
        return Vec::new();
    }
    let metric = story.expect.remove(index).metric;
    vec![tell(format!("Expect nothing of {metric}"), story)]
}
