//! The lesson: steps that wait for what can happen, answers that can be right, blanks that can be filled. All are
//! warnings, since nothing in a lesson changes the run, and a drawing may outgrow its lesson.

use super::Found;
use crate::topology::lesson::{Blank, Part, parts};
use crate::topology::{
    Answer, LessonStep, LinkId, NodeId, Preset, Problem, Role, Sessions, Slot, Target, Topology, Until, edit, settings,
};

/// More answers than fit beside a question.
const MOST_ANSWERS: usize = 4;

pub(super) fn check(preset: &Preset, problems: &mut Found) {
    if preset.lesson.item.trim().is_empty() {
        let problem = Problem::warning("lesson.item", "the items of a cart have no name");
        problems.push(problem.advise("write it in the singular, as in item = \"page\", or remove item"));
    }
    // Each step is judged on the drawing as the steps before it leave it.
    let mut drawing = preset.clone();
    for (index, step) in preset.lesson.steps.iter().enumerate() {
        let path = format!("lesson.step[{index}]");
        until(&mut drawing, &path, step, problems);
        answers(&path, step, problems);
        blanks(&path, step, problems);
    }
}

fn until(drawing: &mut Preset, path: &str, step: &LessonStep, problems: &mut Found) {
    let path = format!("{path}.until");
    match &step.until {
        Some(Until::Done { act, on }) => target(drawing, &path, act.name(), on, problems),
        Some(Until::Setting { node, .. }) if !is_owner(&drawing.topology, node) => {
            // The same words as when it is set, but in a lesson of a thousand such steps not as often.
            let ids = || drawing.topology.nodes().map(|node| node.id.as_str()).chain(["run"]).collect();
            let advice = problems.adviser.advice(node.as_str(), ids);
            problems.push(Problem::warning(path, format!("there is no node {:?}", node.as_str())).advise(advice));
        }
        Some(Until::Setting { node, key, value }) => {
            if let Err(problem) = set(drawing, node, key, value) {
                problems.push(Problem { path, ..Problem::warning("", problem.message).advise(problem.advice) });
            }
        }
        Some(Until::Wait(period)) if period.as_micros() == 0 => {
            problems.push(Problem::warning(path, "the wait has no length").advise("write it as in wait 10s"));
        }
        Some(Until::Running | Until::Wait(_)) | None => {}
    }
}

/// Whether settings can belong to what has this name: a node, a module or the run.
fn is_owner(topology: &Topology, name: &NodeId) -> bool {
    let is_module = |name: &NodeId| name.as_str().parse().is_ok_and(|name| topology.modules.place(&name).is_some());
    topology.node(name).is_some() || name.as_str() == "run" || is_module(name)
}

/// What is wrong with the target of an act, if anything.
fn target(drawing: &Preset, path: &str, act: &str, on: &Target, problems: &mut Found) {
    let mut warn = |message: String, advice: String| problems.push(Problem::warning(path, message).advise(advice));
    let id = match on {
        Target::Module(module) => match drawing.topology.host(module) {
            Some(host) => &host.id,
            None => return warn(format!("nobody hosts the module {module} at this step"), String::new()),
        },
        Target::Node(id) | Target::Slot(Slot { node: id, .. }) | Target::Link(LinkId { from: id, .. }) => id,
    };
    let Some(node) = drawing.topology.node(id) else {
        let ids = || drawing.topology.nodes().map(|node| node.id.as_str()).collect();
        let advice = problems.adviser.advice(id.as_str(), ids);
        let message = format!("there is no node {:?} at this step", id.as_str());
        return problems.push(Problem::warning(path, message).advise(advice));
    };
    if matches!(node.role, Role::Users(_)) {
        let message = format!("{act} on the users {id}: they send the load and judge the run");
        return warn(message, "name a gateway, service or cache".to_owned());
    }
    match on {
        Target::Link(link) => {
            let message = format!("this version of Brownout does nothing to links, and {link} is one");
            warn(message, "name a node or a replica, as in shop or shop.2".to_owned());
        }
        Target::Slot(slot) if slot.index > node.replicas() => {
            let message = format!("there is no replica {slot} at this step: {id} has {}", node.replicas());
            warn(message, format!("name one of them, or raise replicas of {id}"));
        }
        Target::Slot(_) | Target::Node(_) | Target::Module(_) => {}
    }
}

/// Makes the change that a step waits for, as the window would make it.
fn set(drawing: &mut Preset, node: &NodeId, key: &str, value: &str) -> Result<(), Problem> {
    if key == "sessions" && value == Sessions::Store.to_string() {
        let step = edit::set_sessions_with_store(drawing, node)?;
        return edit::History::default().apply(drawing, step);
    }
    settings::set(drawing, &format!("{node}.{key}"), value)
}

fn answers(path: &str, step: &LessonStep, problems: &mut Found) {
    let path = format!("{path}.choices");
    let mut warn = |path: String, message: &str, advice: &str| {
        problems.push(Problem::warning(path, message).advise(advice));
    };
    if step.choices.is_empty() {
        return;
    }
    if step.predict.is_empty() {
        warn(path.clone(), "there are answers, and no question", "write the question in predict, or remove choices");
    }
    if step.choices.len() == 1 {
        warn(path.clone(), "one answer leaves nothing to choose", "add another, or remove choices for a number");
    }
    if step.choices.len() > MOST_ANSWERS {
        warn(path.clone(), "there are more answers than fit beside the question", "give it at most 4");
    }
    for (index, answer) in step.choices.iter().enumerate() {
        let path = format!("{path}[{index}]");
        let Answer { says, at_least, at_most, equals } = answer;
        if says.is_empty() {
            warn(path.clone(), "this answer has no words", "write them in says");
        }
        if at_least.is_none() && at_most.is_none() && equals.is_none() {
            warn(path.clone(), "this answer is never right", "add at_least, at_most or equals");
        }
        if let (Some(least), Some(most)) = (at_least, at_most)
            && least > most
        {
            let message = format!("no number is at least {least} and at most {most}");
            warn(format!("{path}.at_most"), &message, "raise at_most or lower at_least");
        }
    }
}

fn blanks(path: &str, step: &LessonStep, problems: &mut Found) {
    for part in parts(&step.after) {
        let Part::Unknown(name) = part else { continue };
        let message = format!("there is no blank {{{name}}}");
        let advice = problems.adviser.advice(name, || Blank::ALL.into_iter().map(Blank::name).collect());
        problems.push(Problem::warning(format!("{path}.after"), message).advise(advice));
    }
}
