//! What a life must know, from what the whole system looks like. Pure.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::control::{self, View};
use crate::telemetry::books::SESSION_CHECK;
use crate::topology::{
    Arrivals, LifeId, Module, ModuleName, Node, NodeId, OperationId, Period, Rate, Role, SessionStep, Step, Topology,
    Users,
};
use crate::wire::{
    CacheConfig, DatabaseConfig, Endpoint, EndpointState, GatewayConfig, Load, ModuleVersion, NodeConfig,
    PlannedOperation, ProgramConfig, RoleConfig, RunContext, ServiceConfig, Store, StoreProtocol, Upstream,
    UsersConfig,
};

/// What a run gives its nodes beside what is drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Provisions {
    /// The key that tokens are signed with, in hexadecimal.
    pub(super) token_key: String,
    /// The folder in which programs are started.
    pub(super) home: PathBuf,
    /// The folder below which each node may have one of its own.
    pub(super) data: PathBuf,
    /// A folder for what all runs of the app can use.
    pub(super) shared: PathBuf,
}

/// The configuration of a life under this view; `None` for a node that is not drawn any more.
pub(super) fn config_for(view: &View, life: &LifeId, run: RunContext, given: &Provisions) -> Option<NodeConfig> {
    let topology = &*view.topology;
    let node = topology.node(life.node())?;
    let role = match &node.role {
        Role::Users(settings) => RoleConfig::Users(UsersConfig {
            settings: paced(settings, view.tempo),
            operations: planned_operations(topology, settings),
            upstreams: upstreams(view, node, |_| true),
            load: load(view),
        }),
        Role::Gateway(settings) => RoleConfig::Gateway(GatewayConfig {
            settings: settings.clone(),
            upstreams: upstreams(view, node, |upstream| upstream.gateway().is_none()),
            operations: operations_behind(topology, node),
        }),
        Role::Service(settings) => {
            let guests = view.guests.get(&node.id).into_iter().flatten();
            let names = settings.modules.iter().chain(guests.filter(|name| !settings.modules.contains(name)));
            let modules: Vec<Module> = names.filter_map(|name| topology.module(name)).cloned().collect();
            let called = called_elsewhere(&modules, &settings.modules);
            RoleConfig::Service(ServiceConfig {
                settings: settings.clone(),
                reads: reads(topology),
                upstreams: upstreams_of_service(view, node, &called),
                store: session_store(view, node).map(|store| kept_in(view, store)),
                database: topology.database_of(&node.id).map(|database| kept_in(view, database)),
                leaves_database: session_store(view, node).is_some_and(|store| store.cache().is_some())
                    && former_database(view, node).is_some(),
                token_key: given.token_key.clone(),
                versions: versions(view, life, &modules),
                port: view.own.get(life).and_then(|own| own.port),
                modules,
            })
        }
        Role::Cache(settings) => RoleConfig::Cache(CacheConfig { settings: settings.clone() }),
        Role::Database(settings) => RoleConfig::Database(DatabaseConfig {
            settings: settings.clone(),
            folder: given.data.join(node.id.as_str()),
            shared: given.shared.clone(),
        }),
        Role::Program(settings) => RoleConfig::Program(ProgramConfig {
            settings: settings.clone(),
            upstreams: answering(view, node),
            stores: stores(view, node),
            home: given.home.clone(),
            data: given.data.join(node.id.as_str()),
        }),
    };
    Some(NodeConfig { revision: view.revision, run, role })
}

/// The versions of these modules that a life runs, where they differ from the first.
fn versions(view: &View, life: &LifeId, modules: &[Module]) -> Vec<ModuleVersion> {
    let Some(own) = view.own.get(life) else { return Vec::new() };
    let known = modules.iter().filter_map(|module| Some((&module.name, own.versions.get(&module.name)?)));
    let version = |(module, version): (&ModuleName, &control::Version)| ModuleVersion {
        module: module.clone(),
        number: version.number,
        bug: version.bug,
    };
    known.map(version).collect()
}

/// The users as drawn, but for how long they think and how often they arrive.
fn paced(users: &Users, tempo: f64) -> Users {
    if tempo == 1.0 {
        return users.clone();
    }
    let think_ms = users.think.as_micros() as f64 / 1_000.0 / tempo;
    let arrivals = match users.arrivals {
        Arrivals::None => Arrivals::None,
        Arrivals::Rate(rate) => Arrivals::Rate(Rate::per_second(rate.as_per_second() * tempo)),
    };
    Users { think: Period::millis(think_ms.round() as u64), arrivals, ..users.clone() }
}

fn load(view: &View) -> Load {
    view.started_us.map_or(Load::Idle, |start_us| Load::Since {
        start_us,
        warm_us: start_us.saturating_add(view.run.warmup.as_micros()),
    })
}

/// The linked gateways and services that are wanted and that serve or route to at least one module.
fn upstreams(view: &View, node: &Node, wanted: impl Fn(&Node) -> bool) -> Vec<Upstream> {
    let topology = &view.topology;
    let mut upstreams = Vec::new();
    for upstream in topology.downstream(&node.id).into_iter().filter(|upstream| wanted(upstream)) {
        let modules = modules_behind(topology, upstream);
        if !modules.is_empty() {
            let endpoints = endpoints(view, &upstream.id);
            upstreams.push(Upstream { node: upstream.id.clone(), modules, endpoints, slots: upstream.replicas() });
        }
    }
    upstreams
}

/// The linked nodes that answer HTTP, with or without modules: a program asks for paths, not for operations.
fn answering(view: &View, node: &Node) -> Vec<Upstream> {
    let topology = &view.topology;
    let answers = |node: &&Node| matches!(node.role, Role::Gateway(_) | Role::Service(_) | Role::Program(_));
    let upstream = |node: &Node| Upstream {
        node: node.id.clone(),
        modules: modules_behind(topology, node),
        endpoints: endpoints(view, &node.id),
        slots: node.replicas(),
    };
    topology.downstream(&node.id).into_iter().filter(answers).map(upstream).collect()
}

/// The linked nodes that keep data for others.
fn stores(view: &View, node: &Node) -> Vec<Store> {
    let keeps = |node: &&Node| matches!(node.role, Role::Cache(_) | Role::Database(_));
    view.topology.downstream(&node.id).into_iter().filter(keeps).map(|node| kept_in(view, node)).collect()
}

/// The modules that a node answers for: those it hosts, or, for a gateway, those of the nodes behind it.
fn modules_behind(topology: &Topology, node: &Node) -> Vec<ModuleName> {
    match &node.role {
        Role::Service(_) | Role::Program(_) => node.modules().to_vec(),
        Role::Gateway(_) => {
            let mut modules: Vec<ModuleName> = Vec::new();
            for module in topology.downstream(&node.id).into_iter().flat_map(Node::modules) {
                if !modules.contains(module) {
                    modules.push(module.clone());
                }
            }
            modules
        }
        Role::Users(_) | Role::Cache(_) | Role::Database(_) => Vec::new(),
    }
}

fn endpoints(view: &View, node: &NodeId) -> Vec<Endpoint> {
    let known = view.endpoints.get(node).map(Vec::as_slice).unwrap_or_default();
    known.iter().map(endpoint).collect()
}

fn endpoint(known: &control::Endpoint) -> Endpoint {
    let state = match known.state {
        control::EndpointState::Ready => EndpointState::Ready,
        control::EndpointState::Unready => EndpointState::Unready,
        control::EndpointState::Draining => EndpointState::Draining,
    };
    Endpoint { life: known.life.clone(), address: known.address, state }
}

/// The store that a service shares sessions in. Where it does not keep them in one any more, those that the database
/// holds are still to be found.
fn session_store<'a>(view: &'a View, service: &Node) -> Option<&'a Node> {
    view.topology.store_of(&service.id).or_else(|| former_database(view, service))
}

/// The linked database, if sessions were kept there in this run.
fn former_database<'a>(view: &'a View, service: &Node) -> Option<&'a Node> {
    view.topology.database_of(&service.id).filter(|database| view.session_databases.contains(&database.id))
}

/// A node that keeps data for others, with its ready life.
fn kept_in(view: &View, node: &Node) -> Store {
    let endpoint = endpoints(view, &node.id).into_iter().find(|endpoint| endpoint.state == EndpointState::Ready);
    let protocol = if node.database().is_some() { StoreProtocol::Postgres } else { StoreProtocol::Resp };
    Store { node: node.id.clone(), protocol, endpoint }
}

/// The linked nodes that a service calls. A module that has just moved in is still called at its old host by requests
/// that began before.
fn upstreams_of_service(view: &View, node: &Node, called: &BTreeSet<ModuleName>) -> Vec<Upstream> {
    let topology = &view.topology;
    let mut found = upstreams(view, node, |upstream| {
        modules_behind(topology, upstream).iter().any(|module| called.contains(module))
    });
    for upstream in topology.downstream(&node.id) {
        let guests = view.guests.get(&upstream.id).into_iter().flatten();
        let left: Vec<ModuleName> = guests.filter(|module| node.modules().contains(module)).cloned().collect();
        match found.iter_mut().find(|known| known.node == upstream.id) {
            Some(known) => known.modules.extend(left),
            None if left.is_empty() => {}
            None => {
                let endpoints = endpoints(view, &upstream.id);
                let (node, slots) = (upstream.id.clone(), upstream.replicas());
                found.push(Upstream { node, modules: left, endpoints, slots });
            }
        }
    }
    found
}

/// The modules that these modules call and that are not the process's own. Those that it hosts only for a while are
/// called elsewhere before or after.
fn called_elsewhere(modules: &[Module], own: &[ModuleName]) -> BTreeSet<ModuleName> {
    let steps = modules.iter().flat_map(|module| &module.operations).flat_map(|operation| &operation.steps);
    let mut called: BTreeSet<ModuleName> = steps.flat_map(Step::calls).map(|call| call.module.clone()).collect();
    for module in own {
        called.remove(module);
    }
    called
}

/// Every operation that only reads.
fn reads(topology: &Topology) -> BTreeSet<OperationId> {
    let operations = topology.modules.iter().flat_map(|module| {
        module
            .operations
            .iter()
            .map(|operation| OperationId { module: module.name.clone(), operation: operation.name.as_str().into() })
    });
    operations.filter(|id| topology.only_reads(id)).collect()
}

/// Every operation of the modules behind a gateway.
fn operations_behind(topology: &Topology, gateway: &Node) -> Vec<PlannedOperation> {
    let names = modules_behind(topology, gateway);
    let modules = names.iter().filter_map(|name| topology.module(name));
    let ids = modules.flat_map(|module| {
        let id = |name: &str| OperationId { module: module.name.clone(), operation: name.into() };
        module.operations.iter().map(move |operation| id(&operation.name))
    });
    let planned = |id: OperationId| PlannedOperation {
        reads: topology.only_reads(&id),
        session: topology.session_steps(&id),
        id,
    };
    ids.map(planned).collect()
}

/// What users must know of each operation that they send, `session.check` among them.
fn planned_operations(topology: &Topology, users: &Users) -> Vec<PlannedOperation> {
    let mut planned: Vec<PlannedOperation> = Vec::new();
    for id in users.start.iter().chain(&users.journey) {
        if planned.iter().all(|operation| operation.id != *id) {
            let session = topology.session_steps(id);
            planned.push(PlannedOperation { id: id.clone(), reads: topology.only_reads(id), session });
        }
    }
    planned.extend(session_check(users));
    planned
}

/// The check of a session at the end of a run, asked of the module that a user turns to first.
fn session_check(users: &Users) -> Option<PlannedOperation> {
    let first = users.start.first().or(users.journey.first())?;
    let id = OperationId { module: first.module.clone(), operation: SESSION_CHECK.into() };
    Some(PlannedOperation { id, reads: true, session: vec![SessionStep::Read] })
}

#[cfg(test)]
mod tests;
