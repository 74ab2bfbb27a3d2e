//! Whether every request has a way: from users to what they send, and from a module to what it calls.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, software};
use crate::topology::near::{MOST_LISTED, few};
use crate::topology::{Cause, LinkId, ModuleName, NodeId, OperationId, Preset, Problem, Step, Topology};

pub(super) fn check(preset: &Preset, problems: &mut Found) {
    let topology = &preset.topology;
    let ways = Ways::of(topology);
    let mut homeless = Homeless::default();
    for (index, node) in topology.nodes().enumerate() {
        let mut missing = Missing::new(&ways, &mut homeless);
        if let Some(users) = node.users() {
            for (list, operations) in [("start", &users.start), ("journey", &users.journey)] {
                for (at, operation) in operations.iter().enumerate() {
                    let path = format!("node[{index}].{list}[{at}]");
                    if software::known(topology, &path, operation, problems) {
                        missing.look(path, &node.id, operation);
                    }
                }
            }
        }
        if node.gateway().is_some() && topology.downstream(&node.id).is_empty() {
            let message = format!("no link leads out of the gateway {:?}", node.id.as_str());
            let problem = Problem::warning(format!("node[{index}]"), message).advise("link it to a service");
            problems.push(problem.because(Cause::LeadsNowhere(node.id.clone())));
        }
        if let Some(service) = node.service() {
            let hosted: BTreeSet<&ModuleName> = service.modules.iter().collect();
            for module in &service.modules {
                calls(topology, &node.id, &hosted, module, &mut missing);
            }
        }
        missing.tell(&node.id, problems);
    }
    homeless.tell(problems);
}

/// The modules that no service hosts, of all that is asked for: one mistake, whoever asks.
#[derive(Default)]
struct Homeless {
    seen: BTreeSet<ModuleName>,
    /// Where the first operation is asked for, and which one that is.
    first: Option<(String, OperationId)>,
    modules: Vec<ModuleName>,
    needed_by: Vec<NodeId>,
}

impl Homeless {
    fn add(&mut self, path: String, from: &NodeId, to: &OperationId) {
        self.first.get_or_insert_with(|| (path, to.clone()));
        if self.seen.insert(to.module.clone()) {
            self.modules.push(to.module.clone());
        }
        // Nodes are looked at one after the other.
        if self.needed_by.last() != Some(from) {
            self.needed_by.push(from.clone());
        }
    }

    fn tell(self, problems: &mut Found) {
        let Self { first: Some((path, operation)), modules, needed_by, .. } = self else { return };
        let who = listed(&needed_by);
        let need = if needed_by.len() == 1 { "needs" } else { "need" };
        let (message, advice) = match modules.as_slice() {
            [module] => (
                format!("no service hosts the module {module}, which {who} {need} for {operation}"),
                format!("add {:?} to the modules of a service", module.as_str()),
            ),
            modules => (
                format!("no service hosts the modules {}, which {who} {need}", listed(modules)),
                "add them to the modules of a service".to_owned(),
            ),
        };
        let cause = Cause::NotHosted { modules, needed_by };
        problems.push(Problem::error(path, message).advise(advice).because(cause));
    }
}

/// What one node has no way to, each place once.
struct Missing<'a> {
    ways: &'a Ways<'a>,
    /// Services, with where the first operation is asked for and all operations that are.
    hosts: Vec<(NodeId, String, Vec<OperationId>)>,
    /// Where each service is in the list.
    places: BTreeMap<NodeId, usize>,
    /// What was looked at already.
    seen: BTreeSet<OperationId>,
    homeless: &'a mut Homeless,
}

impl<'a> Missing<'a> {
    fn new(ways: &'a Ways<'a>, homeless: &'a mut Homeless) -> Self {
        Self { ways, hosts: Vec::new(), places: BTreeMap::new(), seen: BTreeSet::new(), homeless }
    }

    /// Whether the node has a way to the operation; remembers it if not.
    fn look(&mut self, path: String, from: &NodeId, to: &OperationId) {
        if !self.seen.insert(to.clone()) || self.ways.lead(from, &to.module) {
            return;
        }
        let Some(&host) = self.ways.hosts(&to.module).first() else {
            self.homeless.add(path, from, to);
            return;
        };
        let place = *self.places.entry(host.clone()).or_insert(self.hosts.len());
        match self.hosts.get_mut(place) {
            Some((_, _, operations)) => operations.push(to.clone()),
            None => self.hosts.push((host.clone(), path, vec![to.clone()])),
        }
    }

    fn tell(self, from: &NodeId, problems: &mut Found) {
        for (host, path, operations) in self.hosts {
            let message = format!("there is no way from {from} to {host}, which {}", needed(&operations));
            let advice = format!("add the link {from}->{host}, or one to a gateway that leads there");
            let cause = Cause::NoWay { from: from.clone(), to: host };
            problems.push(Problem::error(path, message).advise(advice).because(cause));
        }
    }
}

/// Which ways there are, so that thousands of calls do not each look through all nodes.
struct Ways<'a> {
    /// The nodes that host each module.
    hosts: BTreeMap<&'a ModuleName, Vec<&'a NodeId>>,
    links: BTreeSet<LinkId>,
    /// The gateways that each node is linked to.
    gateways: BTreeMap<NodeId, Vec<NodeId>>,
}

impl<'a> Ways<'a> {
    fn of(topology: &'a Topology) -> Self {
        let mut hosts: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for node in topology.nodes() {
            node.modules().iter().for_each(|module| hosts.entry(module).or_default().push(&node.id));
        }
        let mut gateways: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let is_gateway = |id: &NodeId| topology.node(id).is_some_and(|node| node.gateway().is_some());
        for link in topology.links().filter(|link| is_gateway(&link.to)) {
            gateways.entry(link.from).or_default().push(link.to);
        }
        Self { hosts, links: topology.links().map(|link| link.id()).collect(), gateways }
    }

    fn hosts(&self, module: &ModuleName) -> &[&'a NodeId] {
        self.hosts.get(module).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a node is linked to one that hosts the module, or to a gateway that is. See `Topology::route`.
    fn lead(&self, from: &NodeId, module: &ModuleName) -> bool {
        let linked = |from: &NodeId, to: &NodeId| self.links.contains(&LinkId { from: from.clone(), to: to.clone() });
        let hosts = self.hosts(module);
        let by = |from: &NodeId| hosts.iter().any(|host| linked(from, host));
        by(from) || self.gateways.get(from).into_iter().flatten().any(by)
    }
}

/// As in "a", "a and b" and "a, b and c".
fn listed<T: ToString>(all: &[T]) -> String {
    let names: Vec<String> = all.iter().map(ToString::to_string).collect();
    if names.len() > MOST_LISTED {
        return few(&names);
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// As in "a.b needs" and "a.b, a.c and a.d need".
fn needed(operations: &[OperationId]) -> String {
    let need = if operations.len() == 1 { "needs" } else { "need" };
    format!("{} {need}", listed(operations))
}

/// The calls of a hosted module that leave its process.
fn calls(
    topology: &Topology,
    node: &NodeId,
    hosted: &BTreeSet<&ModuleName>,
    module: &ModuleName,
    missing: &mut Missing,
) {
    if let Some(index) = topology.modules.place(module) {
        let known = &topology.modules[index];
        for (operation, steps) in known.operations.iter().map(|operation| &operation.steps).enumerate() {
            for (step, call) in steps.iter().enumerate() {
                let Step::Call { call, .. } = call else { continue };
                if !hosted.contains(&call.module) && topology.operation(call).is_some() {
                    let path = format!("module[{index}].operation[{operation}].steps[{step}].call");
                    missing.look(path, node, call);
                }
            }
        }
    }
}
