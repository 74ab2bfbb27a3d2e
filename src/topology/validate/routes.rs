//! Whether every request has a way: from users to what they send, and from a module to what it calls.

use std::collections::BTreeSet;

use super::software;
use crate::topology::{Cause, ModuleName, NodeId, OperationId, Preset, Problem, Step, Topology};

pub(super) fn check(preset: &Preset, problems: &mut Vec<Problem>) {
    let topology = &preset.topology;
    for (index, node) in topology.nodes().enumerate() {
        if let Some(users) = node.users() {
            let mut told = BTreeSet::new();
            for (list, operations) in [("start", &users.start), ("journey", &users.journey)] {
                for (at, operation) in operations.iter().enumerate() {
                    let path = format!("node[{index}].{list}[{at}]");
                    if software::known(topology, &path, operation, problems) && told.insert(&operation.module) {
                        reachable(topology, &path, &node.id, operation, problems);
                    }
                }
            }
        }
        if node.gateway().is_some() && topology.downstream(&node.id).is_empty() {
            let message = format!("the gateway {} leads nowhere", node.id);
            let problem = Problem::warning(format!("node[{index}]"), message).advise("link it to a service");
            problems.push(problem.because(Cause::LeadsNowhere(node.id.clone())));
        }
        if let Some(service) = node.service() {
            let mut told = BTreeSet::new();
            for module in &service.modules {
                calls(topology, &node.id, &service.modules, module, &mut told, problems);
            }
        }
    }
}

/// Whether the node has a way to the operation; says what is missing if not.
fn reachable(topology: &Topology, path: &str, from: &NodeId, to: &OperationId, problems: &mut Vec<Problem>) {
    if topology.route(from, &to.module).is_some() {
        return;
    }
    let problem = match topology.host(&to.module) {
        None => Problem::error(path, format!("no service hosts the module {}, which {from} needs for {to}", to.module))
            .advise(format!("add {:?} to the modules of a service", to.module.as_str()))
            .because(Cause::NotHosted { module: to.module.clone(), needed_by: from.clone() }),
        Some(host) => Problem::error(path, format!("there is no way from {from} to {}, which {to} needs", host.id))
            .advise(format!("add the link {from}->{}, or one to a gateway that leads there", host.id))
            .because(Cause::NoWay { from: from.clone(), to: host.id.clone() }),
    };
    problems.push(problem);
}

/// The calls of a hosted module that leave its process.
fn calls(
    topology: &Topology,
    node: &NodeId,
    hosted: &[ModuleName],
    module: &ModuleName,
    told: &mut BTreeSet<ModuleName>,
    problems: &mut Vec<Problem>,
) {
    for (index, known) in topology.modules.iter().enumerate().filter(|(_, known)| known.name == *module) {
        for (operation, steps) in known.operations.iter().map(|operation| &operation.steps).enumerate() {
            for (step, call) in steps.iter().enumerate() {
                let Step::Call { call, .. } = call else { continue };
                if !hosted.contains(&call.module)
                    && topology.operation(call).is_some()
                    && told.insert(call.module.clone())
                {
                    let path = format!("module[{index}].operation[{operation}].steps[{step}].call");
                    reachable(topology, &path, node, call, problems);
                }
            }
        }
    }
}
