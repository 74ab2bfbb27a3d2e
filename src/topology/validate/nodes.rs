//! Nodes by themselves: numbers within bounds, modules hosted once, links between roles that can be linked, the layout.

use std::collections::BTreeMap;

use crate::topology::{ModuleName, Node, NodeId, Preset, Problem, Role, Service, Users, near};

/// The most processes of one node.
pub(crate) const MOST_REPLICAS: u32 = 500;

/// The most virtual users of one node.
pub(crate) const MOST_USERS: u32 = 10_000;

pub(super) fn check(preset: &Preset, problems: &mut Vec<Problem>) {
    let topology = &preset.topology;
    let mut hosts: BTreeMap<&ModuleName, &NodeId> = BTreeMap::new();
    if !topology.nodes().any(|node| node.users().is_some()) {
        let advice = "add a node of role users";
        problems.push(Problem::error("", "there are no users: nobody would send a request").advise(advice));
    }
    for (index, node) in topology.nodes().enumerate() {
        let path = format!("node[{index}]");
        if let Role::Gateway(_) | Role::Service(_) = node.role {
            within(&path, "replicas", node.replicas(), 1, MOST_REPLICAS, problems);
        }
        match &node.role {
            Role::Users(users) => self::users(&path, node, users, problems),
            Role::Service(service) => self::service(preset, &path, node, service, &mut hosts, problems),
            Role::Gateway(_) | Role::Cache(_) => {}
        }
    }
    links(preset, problems);
    for id in preset.layout.keys().filter(|id| topology.node(id).is_none()) {
        let message = format!("the layout has a place for {:?}, which is no node", id.as_str());
        problems.push(Problem::warning(format!("layout.{id}"), message).advise("remove the line"));
    }
}

fn within(path: &str, key: &str, value: u32, least: u32, most: u32, problems: &mut Vec<Problem>) {
    if !(least..=most).contains(&value) {
        let message = format!("{key} is {value}; it must be {least} to {most}");
        problems.push(Problem::error(format!("{path}.{key}"), message));
    }
}

fn users(path: &str, node: &Node, users: &Users, problems: &mut Vec<Problem>) {
    within(path, "users", users.users, 1, MOST_USERS, problems);
    if !(0.0..=1.0).contains(&users.think_spread) {
        let message = format!("think_spread is {}; it must be 0 to 1", users.think_spread);
        problems.push(Problem::error(format!("{path}.think_spread"), message));
    }
    if users.journey.is_empty() {
        let message = format!("the users {} have nothing to do: their journey is empty", node.id);
        problems.push(Problem::error(path, message).advise("name operations in journey, as in [\"cart.add\"]"));
    }
}

fn service<'a>(
    preset: &'a Preset,
    path: &str,
    node: &'a Node,
    service: &'a Service,
    hosts: &mut BTreeMap<&'a ModuleName, &'a NodeId>,
    problems: &mut Vec<Problem>,
) {
    within(path, "concurrency", service.concurrency, 1, u32::MAX, problems);
    for (index, module) in service.modules.iter().enumerate() {
        let path = format!("{path}.modules[{index}]");
        if preset.topology.module(module).is_none() {
            let names: Vec<&str> = preset.topology.modules.iter().map(|module| module.name.as_str()).collect();
            let advice = near::advice(module.as_str(), names);
            problems.push(Problem::error(&path, format!("there is no module {:?}", module.as_str())).advise(advice));
        }
        if let Some(first) = hosts.insert(module, &node.id) {
            let message = format!("the module {module} is hosted twice: by {first} and by {}", node.id);
            problems.push(Problem::error(path, message).advise("leave it in one of them"));
        }
    }
}

fn links(preset: &Preset, problems: &mut Vec<Problem>) {
    let topology = &preset.topology;
    for (index, link) in topology.links().enumerate() {
        let path = format!("link[{index}]");
        if link.from == link.to {
            let message = format!("the link {} leads from a node to itself", link.id());
            problems.push(Problem::error(path, message).advise("remove it"));
            continue;
        }
        let (Some(from), Some(to)) = (topology.node(&link.from), topology.node(&link.to)) else { continue };
        if let Some(advice) = cannot_link(&from.role, &to.role) {
            let message =
                format!("a {} node cannot be linked to a {} node: {}", from.role.name(), to.role.name(), link.id());
            problems.push(Problem::error(path, message).advise(advice));
        }
    }
}

/// Why nodes of these roles cannot be linked; `None` if they can.
fn cannot_link(from: &Role, to: &Role) -> Option<&'static str> {
    match (from, to) {
        (_, Role::Users(_)) => Some("nobody sends requests to users; turn the link around"),
        (Role::Cache(_), _) => Some("a cache only answers; turn the link around"),
        (Role::Gateway(_), Role::Gateway(_)) => Some("link the gateway to services"),
        (Role::Gateway(_) | Role::Users(_), Role::Cache(_)) => Some("link the services to the cache"),
        (Role::Users(_) | Role::Gateway(_) | Role::Service(_), _) => None,
    }
}
