//! Nodes by themselves: numbers within bounds, modules hosted once, links between roles that can be linked.

use std::collections::BTreeMap;

use super::Found;
use crate::topology::{Arrivals, Cause, ModuleName, Node, NodeId, Period, Preset, Problem, Role, Users, contract};

/// The most processes of one node.
pub(in crate::topology) const MOST_REPLICAS: u32 = 500;

/// The most virtual users of one node.
pub(in crate::topology) const MOST_USERS: u32 = 10_000;

pub(super) fn check(preset: &Preset, problems: &mut Found) {
    let topology = &preset.topology;
    let mut hosts: BTreeMap<&ModuleName, &NodeId> = BTreeMap::new();
    if !topology.nodes().any(|node| node.users().is_some()) {
        let advice = "add a node of role users";
        problems.push(
            Problem::error("", "there are no users: nobody would send a request")
                .advise(advice)
                .because(Cause::NoUsers),
        );
    }
    for (index, node) in topology.nodes().enumerate() {
        let path = format!("node[{index}]");
        problems.extend(numbers(&path, &node.role));
        match &node.role {
            Role::Users(users) => journey(&path, node, users, problems),
            Role::Service(service) => {
                if service.modules.is_empty() {
                    let message = format!("the service {} hosts no module, so nothing can be asked of it", node.id);
                    let problem =
                        Problem::warning(&path, message).advise("name modules in modules, or remove the service");
                    problems.push(problem.because(Cause::HostsNothing(node.id.clone())));
                }
                modules(preset, &path, node, &mut hosts, problems);
            }
            Role::Program(program) => {
                if program.command.is_empty() {
                    let message = format!("the program {} has no command, so there is nothing to start", node.id);
                    let advice = "name the program and its arguments, as in command = [\"python3\", \"users.py\"]";
                    problems.push(Problem::error(format!("{path}.command"), message).advise(advice));
                }
                for (at, operation) in program.operations.iter().enumerate() {
                    super::software::known(&preset.topology, &format!("{path}.operations[{at}]"), operation, problems);
                }
                modules(preset, &path, node, &mut hosts, problems);
            }
            Role::Gateway(_) | Role::Cache(_) | Role::Database(_) => {}
        }
    }
    links(preset, problems);
}

/// Says which numbers of a role's settings are out of bounds.
pub(super) fn numbers(path: &str, role: &Role) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut counts = Vec::new();
    let mut times = Vec::new();
    match role {
        Role::Users(users) => {
            counts.push(("users", users.users, MOST_USERS));
            times.push(("timeout", users.timeout));
            if !(0.0..=1.0).contains(&users.think_spread) {
                let message = format!("think_spread is {}; it must be 0 to 1", users.think_spread);
                let nearest = users.think_spread.clamp(0.0, 1.0).to_string();
                let cause = Cause::OutOfBounds { key: "think_spread", nearest };
                problems.push(Problem::error(format!("{path}.think_spread"), message).because(cause));
            }
        }
        Role::Gateway(gateway) => {
            counts.push(("replicas", gateway.replicas, MOST_REPLICAS));
            counts.push(("health_failures", gateway.health_failures, u32::MAX));
            times.extend([("timeout", gateway.timeout), ("health_interval", gateway.health_interval)]);
        }
        Role::Service(service) => {
            counts.push(("replicas", service.replicas, MOST_REPLICAS));
            counts.push(("concurrency", service.concurrency, u32::MAX));
            times.push(("session_ttl", service.session_ttl));
        }
        Role::Program(program) => {
            counts.push(("replicas", program.replicas, MOST_REPLICAS));
            times.push(("ready_within", program.ready_within));
        }
        Role::Cache(_) | Role::Database(_) => {}
    }
    problems.extend(counts.into_iter().filter_map(|(key, value, most)| within(path, key, value, most)));
    problems.extend(times.into_iter().filter_map(|(key, value)| positive(path, key, value)));
    problems
}

fn within(path: &str, key: &'static str, value: u32, most: u32) -> Option<Problem> {
    if (1..=most).contains(&value) {
        return None;
    }
    let bounds = if most == u32::MAX { "at least 1".to_owned() } else { format!("1 to {most}") };
    let cause = Cause::OutOfBounds { key, nearest: value.clamp(1, most).to_string() };
    let message = format!("{key} is {value}; it must be {bounds}");
    Some(Problem::error(format!("{path}.{key}"), message).because(cause))
}

/// What is wrong with a time that nothing could be done in.
pub(super) fn positive(path: &str, key: &'static str, value: Period) -> Option<Problem> {
    if value.as_micros() > 0 {
        return None;
    }
    let message = format!("{key} is 0s; it must be longer, as in \"500ms\"");
    let cause = Cause::OutOfBounds { key, nearest: "500ms".to_owned() };
    Some(Problem::error(format!("{path}.{key}"), message).because(cause))
}

fn journey(path: &str, node: &Node, users: &Users, problems: &mut Found) {
    let drawn = (users.think, users.think_spread);
    let usual = Users::default();
    if users.arrivals != Arrivals::None && drawn != (usual.think, usual.think_spread) {
        let message = format!("the users {} do not think: with arrivals, requests come at their own rate", node.id);
        problems.push(Problem::warning(format!("{path}.think"), message).advise("remove think, or arrivals"));
    }
    if users.journey.is_empty() {
        let message = format!("the users {} have nothing to do: their journey is empty", node.id);
        let problem = Problem::error(path, message).advise("name operations in journey, as in [\"cart.add\"]");
        problems.push(problem.because(Cause::NoJourney(node.id.clone())));
    }
}

fn modules<'a>(
    preset: &'a Preset,
    path: &str,
    node: &'a Node,
    hosts: &mut BTreeMap<&'a ModuleName, &'a NodeId>,
    problems: &mut Found,
) {
    for (index, module) in node.modules().iter().enumerate() {
        let path = format!("{path}.modules[{index}]");
        if preset.topology.module(module).is_none() {
            let names = || preset.topology.modules.iter().map(|module| module.name.as_str()).collect();
            let advice = problems.adviser.advice(module.as_str(), names);
            let problem = Problem::error(&path, format!("there is no module {:?}", module.as_str())).advise(advice);
            let cause = Cause::UnknownModule { node: node.id.clone(), module: module.clone() };
            problems.push(problem.because(cause));
        }
        if let Some(first) = hosts.insert(module, &node.id) {
            let (message, advice) = if *first == node.id {
                (format!("{first} names the module {module} twice"), "remove one of them")
            } else {
                (
                    format!("the module {module} is hosted twice: by {first} and by {}", node.id),
                    "leave it in one of them",
                )
            };
            let (module, first, second) = (module.clone(), first.clone(), node.id.clone());
            let cause = Cause::HostedTwice { module, first, second };
            problems.push(Problem::error(path, message).advise(advice).because(cause));
        }
    }
}

fn links(preset: &Preset, problems: &mut Found) {
    let topology = &preset.topology;
    let misfits = contract::misfits(topology);
    for (index, link) in topology.links().enumerate() {
        let path = format!("link[{index}]");
        if link.from == link.to {
            let message = format!("the link {} leads from a node to itself", link.id());
            let cause = Cause::CannotLink(link.id());
            problems.push(Problem::error(path, message).advise("remove it").because(cause));
            continue;
        }
        let (Some(from), Some(to)) = (topology.node(&link.from), topology.node(&link.to)) else { continue };
        if let Some(advice) = from.role.kind().cannot_send_to(to.role.kind()) {
            let message =
                format!("a {} node cannot be linked to a {} node: {}", from.role.name(), to.role.name(), link.id());
            let cause = Cause::CannotLink(link.id());
            problems.push(Problem::error(path, message).advise(advice).because(cause));
        } else if let Some(message) = misfits.get(&link.id()) {
            let advice =
                "mend the program and say so in operations and contract; until then callers get its own errors";
            let cause = Cause::DoesNotFit(link.id());
            problems.push(Problem::warning(path, message).advise(advice).because(cause));
        }
    }
}
