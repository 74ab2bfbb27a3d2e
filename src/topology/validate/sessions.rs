//! Where sessions are: stores that are linked, and one session domain for the modules that one journey needs.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, hosts};
use crate::topology::near::{MOST_LISTED, few};
use crate::topology::walk::{asked_for, leading_to, reached, steps};
use crate::topology::{
    Cause, ModuleName, Node, NodeId, OperationId, Preset, Problem, SessionStep, Sessions, Step, Topology, Users,
};

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

pub(super) fn check(preset: &Preset, problems: &mut Found) {
    let topology = &preset.topology;
    let hosts = hosts(topology);
    let log_ins = LogIns::of(topology);
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
            one_domain(topology, &hosts, (index, &node.id), &operations, problems);
            log_ins.check((index, &node.id), &operations, problems);
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
    hosts: &BTreeMap<&ModuleName, &Node>,
    (index, users): (usize, &NodeId),
    operations: &[&OperationId],
    problems: &mut Found,
) {
    let mut domains: BTreeMap<Domain, &NodeId> = BTreeMap::new();
    let reached = reached(topology, operations.iter().copied(), |_, step| step.calls());
    let touches = |id: &&OperationId| steps(topology, id).iter().any(|step| matches!(step, Step::Session { .. }));
    let touching: BTreeSet<&ModuleName> = reached.into_iter().filter(touches).map(|id| &id.module).collect();
    for host in touching.into_iter().filter_map(|module| hosts.get(module)) {
        if let Some(domain) = Domain::of(topology, host) {
            domains.entry(domain).or_insert(&host.id);
        }
    }
    if domains.len() > 1 {
        let nodes: Vec<&str> = domains.values().map(|id| id.as_str()).collect();
        let nodes = if nodes.len() > MOST_LISTED { few(&nodes) } else { nodes.join(" and in ") };
        let message = format!("the users {users} need the same session in {nodes}, which do not share one");
        let advice = "keep the sessions of all of them in one store: link each to the same cache or database, and set \
                      sessions = \"store\"";
        let cause = Cause::SessionsApart(domains.into_values().cloned().collect());
        problems.push(Problem::error(format!("node[{index}]"), message).advise(advice).because(cause));
    }
}

/// The operations of users that lead to a step with a session: one that creates it, and one that needs it.
struct LogIns<'a> {
    create: BTreeSet<&'a OperationId>,
    need: BTreeSet<&'a OperationId>,
}

impl<'a> LogIns<'a> {
    fn of(topology: &'a Topology) -> Self {
        let does = |id: &OperationId, creates: bool| {
            let does =
                |step: &Step| matches!(step, Step::Session { session } if (*session == SessionStep::Create) == creates);
            steps(topology, id).iter().any(does)
        };
        let leading = |creates: bool| {
            let asked = topology.nodes().filter_map(Node::users).flat_map(Users::operations);
            leading_to(topology, asked, asked_for, |id| does(id, creates))
        };
        Self { create: leading(true), need: leading(false) }
    }

    /// Users who touch a session that nothing creates are refused from the first request on.
    fn check(&self, (index, users): (usize, &NodeId), operations: &[&OperationId], problems: &mut Found) {
        let any = |of: &BTreeSet<&OperationId>| operations.iter().any(|id| of.contains(id));
        if any(&self.need) && !any(&self.create) {
            let message = "these users need a session, and no operation of theirs creates one";
            let advice = "begin start with an operation that has the step { session = \"create\" }";
            let problem = Problem::warning(format!("node[{index}]"), message).advise(advice);
            problems.push(problem.because(Cause::NoLogin(users.clone())));
        }
    }
}
