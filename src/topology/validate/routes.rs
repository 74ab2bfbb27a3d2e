//! Whether every request has a way: from users to what they send, and from a module to what it calls.

use super::software;
use crate::topology::{Cause, ModuleName, NodeId, OperationId, Preset, Problem, Step, Topology};

pub(super) fn check(preset: &Preset, problems: &mut Vec<Problem>) {
    let topology = &preset.topology;
    let mut homeless = Homeless::default();
    for (index, node) in topology.nodes().enumerate() {
        let mut missing = Missing::new(&mut homeless);
        if let Some(users) = node.users() {
            for (list, operations) in [("start", &users.start), ("journey", &users.journey)] {
                for (at, operation) in operations.iter().enumerate() {
                    let path = format!("node[{index}].{list}[{at}]");
                    if software::known(topology, &path, operation, problems) {
                        missing.look(topology, path, &node.id, operation);
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
            for module in &service.modules {
                calls(topology, &node.id, &service.modules, module, &mut missing);
            }
        }
        missing.tell(&node.id, problems);
    }
    homeless.tell(problems);
}

/// The modules that no service hosts, of all that is asked for: one mistake, whoever asks.
#[derive(Default)]
struct Homeless {
    /// Where the first operation is asked for, and which one that is.
    first: Option<(String, OperationId)>,
    modules: Vec<ModuleName>,
    needed_by: Vec<NodeId>,
}

impl Homeless {
    fn add(&mut self, path: String, from: &NodeId, to: &OperationId) {
        self.first.get_or_insert_with(|| (path, to.clone()));
        if !self.modules.contains(&to.module) {
            self.modules.push(to.module.clone());
        }
        if !self.needed_by.contains(from) {
            self.needed_by.push(from.clone());
        }
    }

    fn tell(self, problems: &mut Vec<Problem>) {
        let Self { first: Some((path, operation)), modules, needed_by } = self else { return };
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
    /// Services, with where the first operation is asked for and all operations that are.
    hosts: Vec<(NodeId, String, Vec<OperationId>)>,
    homeless: &'a mut Homeless,
}

impl<'a> Missing<'a> {
    fn new(homeless: &'a mut Homeless) -> Self {
        Self { hosts: Vec::new(), homeless }
    }

    /// Whether the node has a way to the operation; remembers it if not.
    fn look(&mut self, topology: &Topology, path: String, from: &NodeId, to: &OperationId) {
        if topology.route(from, &to.module).is_some() {
            return;
        }
        let Some(host) = topology.host(&to.module) else {
            self.homeless.add(path, from, to);
            return;
        };
        match self.hosts.iter_mut().find(|(known, ..)| *known == host.id) {
            Some((_, _, operations)) if operations.contains(to) => {}
            Some((_, _, operations)) => operations.push(to.clone()),
            None => self.hosts.push((host.id.clone(), path, vec![to.clone()])),
        }
    }

    fn tell(self, from: &NodeId, problems: &mut Vec<Problem>) {
        for (host, path, operations) in self.hosts {
            let message = format!("there is no way from {from} to {host}, which {}", needed(&operations));
            let advice = format!("add the link {from}->{host}, or one to a gateway that leads there");
            let cause = Cause::NoWay { from: from.clone(), to: host };
            problems.push(Problem::error(path, message).advise(advice).because(cause));
        }
    }
}

/// As in "a", "a and b" and "a, b and c".
fn listed<T: ToString>(all: &[T]) -> String {
    let names: Vec<String> = all.iter().map(ToString::to_string).collect();
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
fn calls(topology: &Topology, node: &NodeId, hosted: &[ModuleName], module: &ModuleName, missing: &mut Missing) {
    if let Some(index) = topology.modules.place(module) {
        let known = &topology.modules[index];
        for (operation, steps) in known.operations.iter().map(|operation| &operation.steps).enumerate() {
            for (step, call) in steps.iter().enumerate() {
                let Step::Call { call, .. } = call else { continue };
                if !hosted.contains(&call.module) && topology.operation(call).is_some() {
                    let path = format!("module[{index}].operation[{operation}].steps[{step}].call");
                    missing.look(topology, path, node, call);
                }
            }
        }
    }
}
