//! Giving a node another id, wherever a preset names it: links, layout, marks, scenario, expectations, lesson. Texts that
//! people read are not touched.

use std::collections::BTreeSet;

use super::{Edit, Step, Story};
use crate::topology::metrics::{self, Of};
use crate::topology::{Expectation, LinkId, Marks, NodeId, Preset, Problem, Slot, Target, Until};

/// The step that gives a node another id, as it was typed. Without edits when it has that id already.
///
/// # Errors
/// When there is no such node, the text is no id, or another node has it.
pub fn rename(preset: &Preset, node: &NodeId, typed: &str) -> Result<Step, Problem> {
    let typed = typed.trim();
    let to: NodeId = typed.parse().map_err(|error| {
        let problem = Problem::error(node.as_str(), format!("{error}"));
        match as_name(typed) {
            Some(name) => problem.advise(format!("write {name}")),
            None => problem,
        }
    })?;
    let label = format!("rename {node} to {to}");
    if to == *node {
        return Ok(Step::new(label, Vec::new()));
    }
    check(preset, node, &to)?;
    Ok(Step::new(label, vec![Edit::Rename { from: node.clone(), to }]))
}

/// The name that somebody meant who wrote it as people write: `My Shop` becomes `my-shop`.
fn as_name(typed: &str) -> Option<String> {
    let lower = typed.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    name.parse::<NodeId>().ok().map(|_| name)
}

fn check(preset: &Preset, from: &NodeId, to: &NodeId) -> Result<(), Problem> {
    if preset.topology.node(from).is_none() {
        return Err(super::missing("node", from.as_str()));
    }
    if preset.topology.node(to).is_some() {
        let problem = Problem::error(from.as_str(), format!("there is a node {:?} already", to.as_str()));
        return Err(problem.advise("take another name"));
    }
    Ok(())
}

/// Renames a node, and gives the edits that undo it. What named the new id before, while nothing had it, is remembered.
pub(super) fn apply(preset: &mut Preset, from: &NodeId, to: &NodeId) -> Result<Vec<Edit>, Problem> {
    check(preset, from, to)?;
    let mut undo = vec![Edit::Rename { from: to.clone(), to: from.clone() }];
    if let Some(stale) = preset.layout.remove(to) {
        undo.push(Edit::Move { node: to.clone(), to: Some(stale) });
    }
    if names_in_marks(&preset.marks, to) {
        undo.push(Edit::SetMarks(preset.marks.clone()));
    }
    let (before, mut story) = (Story::of(preset), Story::of(preset));
    // Renaming the new id to itself counts where it was named.
    if in_story(&mut story, to, to) > 0 {
        undo.push(Edit::SetStory(Box::new(before)));
    }
    preset.topology.rename_node(from, to);
    if let Some(at) = preset.layout.remove(from) {
        preset.layout.insert(to.clone(), at);
    }
    in_marks(&mut preset.marks, from, to);
    if in_story(&mut story, from, to) > 0 {
        story.tell(preset);
    }
    Ok(undo)
}

fn names_in_marks(marks: &Marks, id: &NodeId) -> bool {
    marks.pinned.contains(id) || marks.groups.iter().any(|group| group.nodes.contains(id))
}

fn in_marks(marks: &mut Marks, from: &NodeId, to: &NodeId) {
    let swap = |ids: &mut BTreeSet<NodeId>| {
        if ids.remove(from) {
            ids.insert(to.clone());
        }
    };
    swap(&mut marks.pinned);
    marks.groups.iter_mut().for_each(|group| swap(&mut group.nodes));
}

/// Renames in everything that a story points at; how many places named the node.
fn in_story(story: &mut Story, from: &NodeId, to: &NodeId) -> usize {
    let mut named = 0;
    for step in &mut story.scenario {
        named += in_target(&mut step.on, from, to);
    }
    for expectation in &mut story.expect {
        named += in_expectation(expectation, from, to);
    }
    for step in &mut story.lesson.steps {
        named += match &mut step.until {
            Some(Until::Done { on, .. }) => in_target(on, from, to),
            Some(Until::Setting { node, .. }) => in_id(node, from, to),
            Some(Until::Running | Until::Wait(_)) | None => 0,
        };
    }
    named
}

/// `of` names a node only with metrics that are counted for each place; else it names an operation.
fn in_expectation(expectation: &mut Expectation, from: &NodeId, to: &NodeId) -> usize {
    let counted = metrics::by_name(&expectation.metric).is_some_and(|metric| metric.of == Of::Place);
    let Some(of) = expectation.of.as_mut().filter(|_| counted) else { return 0 };
    let Ok(mut target) = of.parse::<Target>() else { return 0 };
    let named = in_target(&mut target, from, to);
    if named > 0 {
        *of = target.to_string();
    }
    named
}

fn in_target(target: &mut Target, from: &NodeId, to: &NodeId) -> usize {
    match target {
        Target::Node(node) | Target::Slot(Slot { node, .. }) => in_id(node, from, to),
        Target::Module(_) => 0,
        Target::Link(LinkId { from: sender, to: answerer }) => in_id(sender, from, to) + in_id(answerer, from, to),
    }
}

fn in_id(id: &mut NodeId, from: &NodeId, to: &NodeId) -> usize {
    if id != from {
        return 0;
    }
    *id = to.clone();
    1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::builtin;
    use crate::topology::edit::History;
    use crate::topology::format::read;

    fn id(text: &str) -> NodeId {
        text.parse().unwrap()
    }

    #[test]
    fn a_node_is_renamed_wherever_it_is_named_and_back() {
        let document = read(builtin::by_name("sticky-sessions").unwrap().text).unwrap();
        let mut preset = document.preset().clone();
        preset.marks.pinned.insert(id("shop"));
        // Named before anything has this id: undoing must not rename these.
        preset.marks.pinned.insert(id("till"));
        preset.layout.insert(id("till"), [7.0, 7.0]);
        preset.scenario[0].on = "till.1".parse().unwrap();
        let (first, mut history) = (preset.clone(), History::default());
        let step = rename(&preset, &id("shop"), "till").unwrap();
        history.apply(&mut preset, step).unwrap();
        assert!(document.text(&preset).contains("until = \"kill till.2\""));
        assert!(
            preset.topology.node(&id("shop")).is_none() && preset.topology.links().any(|link| link.to == id("till"))
        );
        assert_eq!(preset.layout[&id("till")], first.layout[&id("shop")]);
        history.undo(&mut preset);
        assert_eq!(preset, first);
    }

    #[test]
    fn what_is_no_free_id_is_refused_with_one_that_is() {
        let preset = read(builtin::by_name("sticky-sessions").unwrap().text).unwrap().into_preset();
        let told = |typed: &str| rename(&preset, &id("shop"), typed).unwrap_err().to_string();
        assert!(told("My Shop!").contains("write my-shop"), "{}", told("My Shop!"));
        assert!(told("gate").contains("already"));
        assert!(told("").contains("not a name"));
        assert_eq!(rename(&preset, &id("shop"), " shop ").unwrap().edits, []);
    }
}
