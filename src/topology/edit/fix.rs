//! One-click mends of what validation finds: for each problem that has obvious ones, the steps that make it go away.

mod links;
mod modules;
mod settings;
mod story;

use super::place::within_canvas;
use super::{Edit, Step, set_sessions_with_store};
use crate::topology::{Cause, NodeId, Preset, Problem};

/// More ways than this to mend one thing are no longer obvious.
const MOST: usize = 3;

/// A way to mend a problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// What a button for it says, as in "Link orders to payments".
    pub title: String,
    /// What it does.
    pub step: Step,
}

impl Fix {
    fn new(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        let title = title.into();
        let mut label = title.clone();
        if let Some(first) = label.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        Self { title, step: Step::new(label, edits) }
    }

    /// A step under another name.
    fn of(title: impl Into<String>, step: Step) -> Self {
        Self::new(title, step.edits)
    }
}

/// The ways to mend a problem that validation found in this preset, the most obvious first; at most three. Each can be
/// applied as it is, and then the problem is not there any more.
pub fn fixes(preset: &Preset, problem: &Problem) -> Vec<Fix> {
    let Some(cause) = problem.cause.as_deref() else { return Vec::new() };
    let mut fixes = match cause {
        Cause::NoUsers => modules::add_users(preset),
        Cause::NoModules => modules::add_modules(preset),
        Cause::NoJourney(users) => modules::give_journey(preset, users),
        Cause::NoLogin(users) => modules::log_in(preset, users),
        Cause::NotHosted { modules, needed_by } => modules::host(preset, modules, needed_by),
        Cause::HostedTwice { module, first, second } => modules::host_once(preset, module, first, second),
        Cause::HostsNothing(service) => modules::host_free(preset, service),
        Cause::UnknownModule { node, module } => modules::unknown(preset, node, module),
        Cause::UnknownOperation(operation) => modules::unknown_operation(preset, problem, operation),
        Cause::NoWay { from, to } => links::draw(preset, from, to),
        Cause::LeadsNowhere(gateway) => links::lead(preset, gateway),
        Cause::CannotLink(link) => links::turn_around(preset, link),
        Cause::NoStore(service) => settings::store(preset, service),
        Cause::NoDatabase(service) => links::database(preset, service),
        Cause::SessionsApart(services) => settings::one_store(preset, services),
        Cause::OutOfBounds { key, nearest } => settings::nearest(preset, problem, key, nearest),
        Cause::MayRunTwice { module, operation, step } => settings::once(preset, *module, *operation, *step),
        Cause::BadStep(index) => story::bad_step(preset, *index),
        Cause::TooLate(index) => story::too_late(preset, *index),
        Cause::NoReplica(slot) => story::more_replicas(preset, problem, slot),
        Cause::BadExpectation(index) => story::bad_expectation(preset, *index),
        Cause::StalePlace(node) => forget_place(node),
        Cause::StaleMark(node) => forget_mark(preset, node),
        Cause::InTwoGroups(node) => one_group(preset, node),
        Cause::EmptyGroup => empty_groups(preset),
        // The one is in the file and not in the drawing, the other in a program's code: an edit reaches neither.
        Cause::LeftOut(_) | Cause::DoesNotFit(_) => Vec::new(),
    };
    fixes.truncate(MOST);
    fixes
}

fn forget_place(node: &NodeId) -> Vec<Fix> {
    vec![Fix::new(format!("Forget the place of {node}"), vec![Edit::Move { node: node.clone(), to: None }])]
}

fn forget_mark(preset: &Preset, node: &NodeId) -> Vec<Fix> {
    let mut marks = preset.marks.clone();
    marks.pinned.remove(node);
    for group in &mut marks.groups {
        group.nodes.remove(node);
    }
    marks.groups.retain(|group| !group.nodes.is_empty());
    vec![Fix::new(format!("Forget {node}"), vec![Edit::SetMarks(marks)])]
}

fn one_group(preset: &Preset, node: &NodeId) -> Vec<Fix> {
    let in_it = preset.marks.groups.iter().enumerate().filter(|(_, group)| group.nodes.contains(node));
    let leave = |(kept, group): (usize, &crate::topology::Group)| {
        let mut marks = preset.marks.clone();
        for (_, other) in marks.groups.iter_mut().enumerate().filter(|(index, _)| *index != kept) {
            other.nodes.remove(node);
        }
        marks.groups.retain(|group| !group.nodes.is_empty());
        Fix::new(format!("Leave {node} in {}", group.id), vec![Edit::SetMarks(marks)])
    };
    in_it.map(leave).collect()
}

fn empty_groups(preset: &Preset) -> Vec<Fix> {
    let mut marks = preset.marks.clone();
    marks.groups.retain(|group| !group.nodes.is_empty());
    vec![Fix::new("Remove groups with nothing in them", vec![Edit::SetMarks(marks)])]
}

/// A place left of everything, or right of a node.
fn left_of_all(preset: &Preset) -> [f32; 2] {
    let corner = preset.layout.values().copied().reduce(|[a, b], [x, y]| [a.min(x), b.min(y)]);
    corner.map_or([0.0, 0.0], |[x, y]| [x - DISTANCE, y])
}

/// A place to the right of a node.
fn right_of(preset: &Preset, node: &NodeId) -> [f32; 2] {
    let at = preset.layout.get(node).copied().unwrap_or_default();
    within_canvas([at[0] + DISTANCE, at[1]]).unwrap_or_default()
}

/// How far from its neighbour a new node is drawn, in points.
const DISTANCE: f32 = 360.0;

/// A link, if it can be drawn, as a fix.
fn link(preset: &Preset, from: &NodeId, to: &NodeId) -> Option<Fix> {
    let step = super::connect(preset, from, to).ok()?;
    Some(Fix::of(format!("Link {from} to {to}"), step))
}

#[cfg(test)]
mod tests;
