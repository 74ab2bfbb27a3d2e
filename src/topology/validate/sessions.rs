//! Where sessions are: stores that are linked, and one session domain for the modules that one journey needs.

use std::collections::BTreeMap;

use super::software;
use crate::topology::{Cause, Node, NodeId, OperationId, Preset, Problem, Sessions, Step, Topology};

/// Services between which a session can be found again. Tokens are signed with one key, so all services with tokens
/// share one domain, unless their items are kept in different stores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Domain {
    Memory(NodeId),
    Store(Option<NodeId>),
    Token(Option<NodeId>),
}

impl Domain {
    fn of(topology: &Topology, node: &Node) -> Option<Self> {
        let store = || topology.store_of(&node.id).map(|store| store.id.clone());
        Some(match node.service()?.sessions {
            Sessions::Memory => Self::Memory(node.id.clone()),
            Sessions::Store => Self::Store(store()),
            Sessions::Token => Self::Token(store()),
        })
    }
}

pub(super) fn check(preset: &Preset, problems: &mut Vec<Problem>) {
    let topology = &preset.topology;
    for (index, node) in topology.nodes().enumerate() {
        let stored = node.service().is_some_and(|service| service.sessions == Sessions::Store);
        if stored && topology.store_of(&node.id).is_none() {
            let message = format!("{} keeps its sessions in a store, and none is linked", node.id);
            let advice = no_store_advice(&node.id);
            let problem = Problem::error(format!("node[{index}].sessions"), message).advise(advice);
            problems.push(problem.because(Cause::NoStore(node.id.clone())));
        }
        if let Some(users) = node.users() {
            let operations: Vec<&OperationId> = users.start.iter().chain(&users.journey).collect();
            one_domain(topology, index, &node.id, &operations, problems);
            log_in(topology, index, &node.id, &users.start, &operations, problems);
        }
    }
}

/// What to do where a service is to keep its sessions in a store and has none.
pub(super) fn no_store_advice(service: &NodeId) -> String {
    format!("add a node of role cache, or of role database, and the link from {service} to it")
}

/// A journey whose services keep sessions apart would lose its session between two requests, with nothing broken.
fn one_domain(
    topology: &Topology,
    index: usize,
    users: &NodeId,
    operations: &[&OperationId],
    problems: &mut Vec<Problem>,
) {
    let mut domains: BTreeMap<Domain, &NodeId> = BTreeMap::new();
    let reached = operations.iter().flat_map(|id| software::reached(topology, id));
    let touching = reached.filter(|id| {
        let steps = topology.operation(id).map(|operation| operation.steps.as_slice()).unwrap_or_default();
        steps.iter().any(|step| matches!(step, Step::Session { .. }))
    });
    for host in touching.filter_map(|id| topology.host(&id.module)) {
        if let Some(domain) = Domain::of(topology, host) {
            domains.entry(domain).or_insert(&host.id);
        }
    }
    if domains.len() > 1 {
        let nodes: Vec<&str> = domains.values().map(|id| id.as_str()).collect();
        let message =
            format!("the users {users} need the same session in {}, which do not share one", nodes.join(" and in "));
        let advice = "keep the sessions of all of them in one store: link each to the same cache or database, and set \
                      sessions = \"store\"";
        let cause = Cause::SessionsApart(domains.into_values().cloned().collect());
        problems.push(Problem::error(format!("node[{index}]"), message).advise(advice).because(cause));
    }
}

/// Users who touch a session that nothing creates are refused from the first request on.
fn log_in(
    topology: &Topology,
    index: usize,
    users: &NodeId,
    start: &[OperationId],
    operations: &[&OperationId],
    problems: &mut Vec<Problem>,
) {
    use crate::topology::SessionStep::Create;
    let creates = |id: &OperationId| topology.session_steps(id).contains(&Create);
    let touches = operations.iter().any(|id| topology.session_steps(id).iter().any(|step| *step != Create));
    if touches && !start.iter().any(creates) && !operations.iter().any(|id| creates(id)) {
        let message = "these users need a session, and no operation of theirs creates one";
        let advice = "begin start with an operation that has the step { session = \"create\" }";
        let problem = Problem::warning(format!("node[{index}]"), message).advise(advice);
        problems.push(problem.because(Cause::NoLogin(users.clone())));
    }
}
