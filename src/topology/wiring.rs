//! Which links a drawing uses: who needs which module, who keeps what where, and the way that requests take for it.

use std::collections::BTreeSet;

use super::{LinkId, Module, ModuleName, Node, NodeId, Role, Sessions, Step, Topology};

/// The modules that a node asks others for, in no order: what its users do, or what its modules call. None for a node
/// that only passes on or keeps.
pub(super) fn needs(topology: &Topology, node: &Node) -> BTreeSet<ModuleName> {
    match &node.role {
        Role::Users(users) => users.operations().into_iter().map(|operation| operation.module.clone()).collect(),
        Role::Service(_) | Role::Program(_) => {
            let modules = node.modules().iter().filter_map(|name| topology.module(name));
            let called = modules.flat_map(calls);
            called.filter(|name| !node.modules().contains(name)).collect()
        }
        Role::Gateway(_) | Role::Cache(_) | Role::Database(_) => BTreeSet::new(),
    }
}

/// The other modules that a module calls.
pub(super) fn calls(module: &Module) -> BTreeSet<ModuleName> {
    let called = steps(module).flat_map(Step::calls).map(|call| call.module.clone());
    called.filter(|name| *name != module.name).collect()
}

/// Whether the module touches users' sessions: by its own steps, or because users begin there, where sessions are
/// checked in the end.
pub(super) fn touches_sessions(topology: &Topology, module: &Module) -> bool {
    let begins = |node: &Node| {
        let users = node.users();
        let first = users.and_then(|users| users.start.first().or(users.journey.first()));
        first.is_some_and(|operation| operation.module == module.name)
    };
    steps(module).any(|step| matches!(step, Step::Session { .. })) || topology.nodes().any(begins)
}

/// Whether the module keeps data in a database.
pub(super) fn keeps_data(module: &Module) -> bool {
    steps(module).any(Step::needs_database)
}

fn steps(module: &Module) -> impl Iterator<Item = &Step> {
    module.operations.iter().flat_map(|operation| &operation.steps)
}

/// The links that something goes over.
pub(super) fn used_links(topology: &Topology) -> BTreeSet<LinkId> {
    let link = |from: &NodeId, to: &Node| LinkId { from: from.clone(), to: to.id.clone() };
    let mut used = BTreeSet::new();
    for node in topology.nodes() {
        for module in needs(topology, node) {
            let Some(next) = topology.route(&node.id, &module) else { continue };
            used.insert(link(&node.id, next));
            if next.gateway().is_some() {
                let hosts = topology.downstream(&next.id).into_iter().filter(|host| host.modules().contains(&module));
                used.extend(hosts.map(|host| link(&next.id, host)));
            }
        }
        let stores = [topology.store_of(&node.id), topology.database_of(&node.id)];
        let [store, database] = match &node.role {
            Role::Service(service) => {
                let hosted = service.modules.iter().filter_map(|name| topology.module(name));
                let [store, database] = stores;
                [
                    store.filter(|_| service.sessions != Sessions::Memory),
                    database.filter(|_| hosted.into_iter().any(keeps_data)),
                ]
            }
            // What a program does with what it is linked to, nobody drew.
            Role::Users(_) | Role::Gateway(_) | Role::Cache(_) | Role::Database(_) | Role::Program(_) => stores,
        };
        used.extend([store, database].into_iter().flatten().map(|to| link(&node.id, to)));
    }
    used
}
