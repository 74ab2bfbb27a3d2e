//! The scenario: steps that point at what is there, in time, with settings that can be set.

use super::Found;
use super::nodes;
use super::sessions::no_store_advice;
use crate::topology::{
    Act, Cause, Node, Period, Preset, Problem, Role, ScenarioStep, Sessions, Slot, Target, settings,
};

pub(super) fn check(preset: &Preset, problems: &mut Found) {
    if preset.run.duration.as_micros() == 0 {
        problems.push(Problem::error("run.duration", "the run has no duration").advise("set it, as in \"20s\""));
    }
    for (index, step) in preset.scenario.iter().enumerate() {
        let path = format!("scenario[{index}]");
        let before = problems.len();
        time(preset, index, &path, step, problems);
        if place(preset, &format!("{path}.on"), &step.on, step.at, problems) {
            act(preset, index, &path, step, problems);
        }
        // Whatever is wrong with it, it can be taken out.
        for problem in problems.since(before).iter_mut().filter(|problem| problem.cause.is_none()) {
            problem.cause = Some(Box::new(Cause::BadStep(index)));
        }
    }
}

fn time(preset: &Preset, index: usize, path: &str, step: &ScenarioStep, problems: &mut Found) {
    let duration = preset.run.duration;
    if step.at >= duration {
        let message = format!("{} at {} comes too late: the run ends after {duration}", step.act.name(), step.at);
        let problem = Problem::error(format!("{path}.at"), message).advise("make the run longer or the step earlier");
        problems.push(problem.because(Cause::TooLate(index)));
    }
    let sets = matches!(step.act, Act::Set(_));
    if let Some(lasts) = step.lasts {
        let problem = |message: String| Problem::error(format!("{path}.for"), message);
        if !sets && step.act != Act::Pause {
            let message = format!("{} cannot be lifted, so it takes no \"for\"", step.act.name());
            problems.push(problem(message).advise("remove for; only pause and set take it"));
        } else if lasts.as_micros() == 0 {
            let message = format!("the {} has no length", step.act.name());
            problems.push(problem(message).advise("write how long it lasts, as in for = \"5s\""));
        } else if step.over.is_some_and(|over| over > lasts) {
            let advice = "make for at least as long as over";
            problems.push(problem("the ramp would be lifted before it is up".to_owned()).advise(advice));
        }
    }
    if let Some(over) = step.over {
        let problem = |message: String| Problem::error(format!("{path}.over"), message);
        if !sets {
            let message = format!("{} happens at once, so it takes no \"over\"", step.act.name());
            problems.push(problem(message).advise("remove over; only set takes it"));
        } else if over.as_micros() == 0 {
            let advice = "write how long it takes, as in over = \"5s\", or remove over";
            problems.push(problem("the ramp has no length".to_owned()).advise(advice));
        }
    }
}

/// Whether a node or replica is there by that time; says what is missing if not.
pub(super) fn place(preset: &Preset, path: &str, on: &Target, until: Period, problems: &mut Found) -> bool {
    let problem = match on {
        Target::Link(link) => {
            let message = if preset.topology.has_link(link) {
                format!("this version of Brownout does nothing to links, and {link} is one")
            } else {
                format!("there is no link {link}")
            };
            Problem::error(path, message).advise("name a node or a replica, as in shop or shop.2")
        }
        Target::Module(module) => {
            if preset.topology.host(module).is_some() {
                return true;
            }
            let names = || preset.topology.modules.iter().map(|module| module.name.as_str()).collect();
            let advice = problems.adviser.advice(module.as_str(), names);
            Problem::error(path, format!("no node hosts the module {module}")).advise(advice)
        }
        Target::Node(id) | Target::Slot(Slot { node: id, .. }) => {
            let Some(node) = preset.topology.node(id) else {
                let ids = || preset.topology.nodes().map(|node| node.id.as_str()).collect();
                let advice = problems.adviser.advice(id.as_str(), ids);
                problems.push(Problem::error(path, format!("there is no node {:?}", id.as_str())).advise(advice));
                return false;
            };
            match on {
                Target::Slot(slot) if slot.index > node.replicas() => {
                    let most = most_replicas(preset, node, until);
                    if slot.index <= most {
                        return true;
                    }
                    let message = format!("there is no replica {slot}: {id} has {most}");
                    let last = if most > 1 { format!(" to {id}.{most}") } else { String::new() };
                    let advice = format!("name {id}.1{last}, or raise replicas of {id}");
                    Problem::error(path, message).advise(advice).because(Cause::NoReplica(slot.clone()))
                }
                Target::Slot(_) | Target::Node(_) | Target::Link(_) | Target::Module(_) => return true,
            }
        }
    };
    problems.push(problem);
    false
}

/// The most replicas that the node has had by that time: an earlier step may have raised them.
fn most_replicas(preset: &Preset, node: &Node, until: Period) -> u32 {
    let earlier =
        preset.scenario.iter().filter(|step| step.at <= until && preset.topology.node_of(&step.on) == Some(&node.id));
    let set = earlier.filter_map(|step| if let Act::Set(changes) = &step.act { Some(changes) } else { None });
    let replicas = set.flatten().filter(|(key, _)| key == "replicas").filter_map(|(_, value)| value.parse().ok());
    replicas.chain([node.replicas()]).max().unwrap_or_default()
}

fn act(preset: &Preset, index: usize, path: &str, step: &ScenarioStep, problems: &mut Found) {
    let Some(node) = preset.topology.node_of(&step.on).and_then(|id| preset.topology.node(id)) else { return };
    let Act::Set(changes) = &step.act else {
        if matches!(node.role, Role::Users(_)) {
            let message = format!("{} on the users {}: they send the load and judge the run", step.act.name(), node.id);
            problems.push(Problem::error(format!("{path}.on"), message).advise("name a gateway, service or cache"));
        }
        return;
    };
    let path = format!("{path}.with");
    if changes.is_empty() {
        problems.push(Problem::error(&path, "set changes nothing").advise("name a setting in with"));
    }
    if let Target::Slot(slot) = &step.on {
        let message = format!("settings belong to a node, and {slot} is one replica");
        problems.push(Problem::error(format!("scenario[{index}].on"), message).advise(format!("write {}", slot.node)));
    }
    let mut role = node.role.clone();
    for (key, value) in changes {
        if step.over.is_some()
            && let Err(problem) = settings::part_way(&node.role, key, value, 0.5)
        {
            problems.push(Problem { path: format!("{path}.{key}"), ..problem });
            continue;
        }
        if let Err(problem) = settings::set_role(&mut role, key, value) {
            problems.push(Problem { path: format!("{path}.{key}"), ..problem });
        }
    }
    // What was wrong before the step is told where it is written.
    let before = nodes::numbers(&path, &node.role);
    let after = nodes::numbers(&path, &role);
    problems.extend(after.into_iter().filter(|problem| !before.contains(problem)));
    if let Role::Service(service) = &role
        && service.sessions == Sessions::Store
        && preset.topology.possible_store_of(&node.id).is_none()
    {
        let message = format!("{} is to keep its sessions in a store, and none is linked", node.id);
        problems.push(Problem::error(path, message).advise(no_store_advice(&node.id)));
    }
}
