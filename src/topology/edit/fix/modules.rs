//! What is asked for and who hosts it: users, modules, operations.

use super::{Edit, Fix, left_of_all, right_of};
use crate::topology::edit::{Item, about, add_node, connect_to_new, remove, starter};
use crate::topology::{
    Link, ModuleName, Node, NodeId, OperationId, Preset, Problem, Role, RoleKind, Service, Step, Topology, Users, near,
};

/// Users, linked to the first gateway, or to the first service where there is none.
pub(super) fn add_users(preset: &Preset) -> Vec<Fix> {
    let (id, step) = add_node(preset, RoleKind::Users, left_of_all(preset));
    let mut edits = step.edits;
    let first = |kind: RoleKind| preset.topology.nodes().find(|node| node.role.kind() == kind);
    if let Some(target) = first(RoleKind::Gateway).or_else(|| first(RoleKind::Service)) {
        let link = Link { from: id, to: target.id.clone() };
        edits.push(Edit::AddLink { link, position: None });
    }
    vec![Fix::new("Add users", edits)]
}

/// The modules of a new drawing, hosted by the first service that hosts nothing.
pub(super) fn add_modules(preset: &Preset) -> Vec<Fix> {
    let modules = starter::starter_modules();
    let free = starter::unhosted(&preset.topology, &modules);
    let mut edits = vec![Edit::SetModules(modules)];
    let idle = preset.topology.nodes().find(|node| node.service().is_some_and(|service| service.modules.is_empty()));
    if let Some((node, service)) = idle.and_then(|node| Some((node, node.service()?))) {
        edits.push(hosting(&node.id, service, free));
    }
    vec![Fix::new("Add the modules of a small shop", edits)]
}

/// A journey over what there is.
pub(super) fn give_journey(preset: &Preset, users: &NodeId) -> Vec<Fix> {
    let Some(known) = preset.topology.node(users).and_then(Node::users) else { return Vec::new() };
    let modules = starter::modules(preset);
    let Users { start, journey, .. } = starter::users(&modules);
    if journey.is_empty() {
        return Vec::new();
    }
    let start = if known.start.is_empty() { start } else { known.start.clone() };
    let mut edits = Vec::new();
    if preset.topology.modules.is_empty() {
        edits.push(Edit::SetModules(modules));
    }
    let role = Role::Users(Users { start, journey, ..known.clone() });
    edits.push(Edit::SetRole { node: users.clone(), role });
    vec![Fix::new(format!("Give {users} a journey"), edits)]
}

/// Begin with an operation that creates a session.
pub(super) fn log_in(preset: &Preset, users: &NodeId) -> Vec<Fix> {
    let Some(known) = preset.topology.node(users).and_then(Node::users) else { return Vec::new() };
    let first = starter::users(&preset.topology.modules).start;
    let Some(login) = first.first().map(ToString::to_string) else { return Vec::new() };
    let start = first.into_iter().chain(known.start.iter().cloned()).collect();
    let role = Role::Users(Users { start, ..known.clone() });
    vec![Fix::new(format!("Let {users} begin with {login}"), vec![Edit::SetRole { node: users.clone(), role }])]
}

/// Services that could host modules, and what these call that nobody hosts either: first services that the asking nodes
/// can reach; a new one when there is none.
pub(super) fn host(preset: &Preset, modules: &[ModuleName], needed_by: &[NodeId]) -> Vec<Fix> {
    let topology = &preset.topology;
    let near: Vec<&Node> = needed_by.iter().flat_map(|id| topology.downstream(id)).collect();
    let behind = near.iter().flat_map(|node| topology.downstream(&node.id));
    let own = needed_by.iter().filter_map(|id| topology.node(id));
    let mut order: Vec<&Node> = Vec::new();
    for node in own.chain(near.iter().copied()).chain(behind).chain(topology.nodes()) {
        if node.service().is_some() && !order.iter().any(|known| known.id == node.id) {
            order.push(node);
        }
    }
    let modules = with_called(topology, modules);
    let names = listed(&modules);
    let into = |node: &Node| {
        let service = node.service()?;
        let all = service.modules.iter().chain(&modules).cloned().collect();
        Some(Fix::new(format!("Host {names} in {}", node.id), vec![hosting(&node.id, service, all)]))
    };
    let fixes: Vec<Fix> = order.into_iter().filter_map(into).collect();
    if !fixes.is_empty() {
        return fixes;
    }
    let gateway = near.into_iter().find(|node| node.gateway().is_some()).map(|node| &node.id);
    let Some(from) = gateway.or(needed_by.first()) else { return Vec::new() };
    let new = connect_to_new(preset, from, true, RoleKind::Service, right_of(preset, from));
    new.ok().map(|(id, step)| Fix::of(format!("Add {id} to host {names}"), step)).into_iter().collect()
}

/// A module that is hosted twice: leave it in one of them.
pub(super) fn host_once(preset: &Preset, module: &ModuleName, first: &NodeId, second: &NodeId) -> Vec<Fix> {
    let keeping = |id: &NodeId, keep: &mut dyn FnMut(&ModuleName) -> bool| {
        let mut role = preset.topology.node(id)?.role.clone();
        starter::keep_modules(&mut role, keep);
        Some(vec![Edit::SetRole { node: id.clone(), role }])
    };
    if first == second {
        let mut seen = std::collections::BTreeSet::new();
        let edits = keeping(first, &mut |name| seen.insert(name.clone()));
        return edits.map(|edits| Fix::new(format!("Name {module} once"), edits)).into_iter().collect();
    }
    let leave = |kept: &NodeId, other: &NodeId| {
        let edits = keeping(other, &mut |name| name != module)?;
        Some(Fix::new(format!("Leave {module} in {kept}"), edits))
    };
    [leave(first, second), leave(second, first)].into_iter().flatten().collect()
}

/// A service without modules hosts those that nobody hosts, or goes.
pub(super) fn host_free(preset: &Preset, id: &NodeId) -> Vec<Fix> {
    let Some(service) = preset.topology.node(id).and_then(Node::service) else { return Vec::new() };
    let free = starter::unhosted(&preset.topology, &preset.topology.modules);
    let gone = Fix::of(format!("Remove {id}"), remove(preset, &[Item::Node(id.clone())].into(), false));
    if free.is_empty() {
        return vec![gone];
    }
    vec![Fix::new(format!("Host {} in {id}", listed(&free)), vec![hosting(id, service, free)]), gone]
}

/// A module that is not there: the one that was meant, or none.
pub(super) fn unknown(preset: &Preset, node: &NodeId, module: &ModuleName) -> Vec<Fix> {
    let Some(service) = preset.topology.node(node).and_then(Node::service) else { return Vec::new() };
    let mut fixes = Vec::new();
    let hosted = starter::hosted(&preset.topology);
    let free = preset.topology.modules.iter().map(|module| &module.name).filter(|name| !hosted.contains(name));
    let meant = near::nearest(module.as_str(), free.map(ModuleName::as_str));
    if let Some(meant) = meant.and_then(|name| name.parse::<ModuleName>().ok()) {
        let swap = |name: &ModuleName| if name == module { meant.clone() } else { name.clone() };
        let modules = service.modules.iter().map(swap).collect();
        fixes.push(Fix::new(format!("Host {meant} instead of {module}"), vec![hosting(node, service, modules)]));
    }
    let edits = vec![hosting(node, service, without(service, module))];
    fixes.push(Fix::new(format!("Take {module} out of {node}"), edits));
    fixes
}

/// An operation that is not there, in a journey: the one that was meant, or none.
pub(super) fn unknown_operation(preset: &Preset, problem: &Problem, operation: &OperationId) -> Vec<Fix> {
    let items = about(preset, problem);
    let Some(Item::Node(id)) = items.first() else { return Vec::new() };
    let Some(users) = preset.topology.node(id).and_then(Node::users) else { return Vec::new() };
    let changed = |to: Option<&OperationId>| {
        let swap = |known: &OperationId| if known == operation { to.cloned() } else { Some(known.clone()) };
        let start = users.start.iter().filter_map(swap).collect();
        let journey = users.journey.iter().filter_map(swap).collect();
        vec![Edit::SetRole { node: id.clone(), role: Role::Users(Users { start, journey, ..users.clone() }) }]
    };
    let all: Vec<String> = starter::operations(&preset.topology.modules).map(|id| id.to_string()).collect();
    let meant = near::nearest(&operation.to_string(), all.iter().map(String::as_str));
    let meant = meant.and_then(|meant| meant.parse::<OperationId>().ok());
    let replace = meant.map(|meant| Fix::new(format!("Ask for {meant} instead"), changed(Some(&meant))));
    let remove = Fix::new(format!("Take {operation} out of what {id} do"), changed(None));
    replace.into_iter().chain([remove]).collect()
}

/// These modules, and all that their operations lead to, as far as no service hosts it.
fn with_called(topology: &Topology, modules: &[ModuleName]) -> Vec<ModuleName> {
    let mut all = modules.to_vec();
    let mut at = 0;
    while let Some(module) = all.get(at).and_then(|name| topology.modules.place(name)) {
        for step in topology.modules[module].operations.iter().flat_map(|operation| &operation.steps) {
            let Step::Call { call, .. } = step else { continue };
            let free = topology.operation(call).is_some() && topology.host(&call.module).is_none();
            if free && !all.contains(&call.module) {
                all.push(call.module.clone());
            }
        }
        at += 1;
    }
    all
}

/// As in "a, b".
fn listed(modules: &[ModuleName]) -> String {
    modules.iter().map(ModuleName::as_str).collect::<Vec<_>>().join(", ")
}

fn hosting(id: &NodeId, service: &Service, modules: Vec<ModuleName>) -> Edit {
    Edit::SetRole { node: id.clone(), role: Role::Service(Service { modules, ..service.clone() }) }
}

fn without(service: &Service, module: &ModuleName) -> Vec<ModuleName> {
    service.modules.iter().filter(|name| *name != module).cloned().collect()
}
