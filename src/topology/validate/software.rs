//! Modules and operations: names, calls, cycles.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use super::nodes::positive;
use crate::topology::walk::{leading_to, steps};
use crate::topology::{Cause, Module, OperationId, Preset, Problem, Step, Topology};

/// Of a longer circle of calls the beginning and the end are named.
const MOST_OF_A_CIRCLE: usize = 12;

pub(super) fn check(preset: &Preset, problems: &mut Found) {
    let topology = &preset.topology;
    if topology.modules.is_empty() {
        let advice = "add a [[module]] with an operation";
        let problem = Problem::error("", "there are no modules: nothing can be asked of this system");
        problems.push(problem.advise(advice).because(Cause::NoModules));
    }
    let all_steps =
        topology.modules.iter().flat_map(|module| &module.operations).flat_map(|operation| &operation.steps);
    let writes = |id: &OperationId| !steps(topology, id).iter().all(Step::only_reads);
    let writing = leading_to(topology, all_steps.flat_map(Step::calls), Step::calls, writes);
    let mut names = BTreeSet::new();
    for (index, module) in topology.modules.iter().enumerate() {
        let path = format!("module[{index}]");
        if !names.insert(&module.name) {
            let message = format!("there are two modules with the name {:?}", module.name.as_str());
            problems.push(Problem::error(format!("{path}.name"), message).advise("give this one another name"));
        }
        operations(topology, module, index, &writing, problems);
    }
    cycle(topology, problems);
}

fn operations(topology: &Topology, module: &Module, at: usize, writing: &BTreeSet<&OperationId>, problems: &mut Found) {
    let mut names = BTreeSet::new();
    for (index, operation) in module.operations.iter().enumerate() {
        let path = format!("module[{at}].operation[{index}]");
        if !names.insert(&operation.name) {
            let message = format!("there are two operations {}.{}", module.name, operation.name);
            problems.push(Problem::error(format!("{path}.name"), message).advise("give this one another name"));
        }
        for (place, step) in operation.steps.iter().enumerate() {
            let Step::Call { call, retries, timeout, .. } = step else { continue };
            let path = format!("{path}.steps[{place}]");
            problems.extend(positive(&path, "timeout", *timeout));
            if known(topology, &format!("{path}.call"), call, problems) && *retries > 0 && writing.contains(call) {
                let message = format!("{call} may run twice: it is retried, and does more than read");
                let cause = Cause::MayRunTwice { module: at, operation: index, step: place };
                let problem = Problem::warning(format!("{path}.retries"), message).advise("set retries = 0");
                problems.push(problem.because(cause));
            }
        }
    }
}

/// Whether there is such an operation; says so if not.
pub(super) fn known(topology: &Topology, path: &str, id: &OperationId, problems: &mut Found) -> bool {
    if topology.operation(id).is_some() {
        return true;
    }
    let all = || operation_ids(topology).map(|id| id.to_string()).collect();
    let advice = problems.adviser.advice(&id.to_string(), all);
    let problem = Problem::error(path, format!("there is no operation {id}")).advise(advice);
    problems.push(problem.because(Cause::UnknownOperation(id.clone())));
    false
}

/// Every operation there is.
pub(super) fn operation_ids(topology: &Topology) -> impl Iterator<Item = OperationId> {
    topology.modules.iter().flat_map(|module| {
        let id = |name: &str| OperationId { module: module.name.clone(), operation: name.into() };
        module.operations.iter().map(move |operation| id(&operation.name))
    })
}

/// The operations that an operation calls.
fn calls(topology: &Topology, id: &OperationId) -> Vec<OperationId> {
    steps(topology, id).iter().flat_map(Step::calls).cloned().collect()
}

/// Names one cycle of calls, if there is one: callers would wait for themselves. Without recursion, so that a long
/// chain of calls takes no stack.
fn cycle(topology: &Topology, problems: &mut Found) {
    let mut done: BTreeSet<OperationId> = BTreeSet::new();
    for root in operation_ids(topology) {
        let mut path: Vec<(OperationId, Vec<OperationId>)> = Vec::new();
        let mut at: BTreeMap<OperationId, usize> = BTreeMap::new();
        if !done.contains(&root) {
            at.insert(root.clone(), 0);
            path.push((root.clone(), calls(topology, &root)));
        }
        while let Some((id, open)) = path.last_mut() {
            let Some(next) = open.pop() else {
                at.remove(id);
                done.insert(id.clone());
                path.pop();
                continue;
            };
            if let Some(&start) = at.get(&next) {
                let mut round: Vec<String> = path[start..].iter().map(|(id, _)| id.to_string()).collect();
                if round.len() > MOST_OF_A_CIRCLE {
                    round.drain(MOST_OF_A_CIRCLE / 2..round.len() - MOST_OF_A_CIRCLE / 2);
                    round.insert(MOST_OF_A_CIRCLE / 2, "…".to_owned());
                }
                let message = format!("these calls go in a circle: {} -> {next}", round.join(" -> "));
                problems.push(Problem::error(place_of(topology, &next), message).advise("take one of the calls out"));
                return;
            }
            if !done.contains(&next) {
                at.insert(next.clone(), path.len());
                let inner = calls(topology, &next);
                path.push((next, inner));
            }
        }
    }
}

fn place_of(topology: &Topology, id: &OperationId) -> String {
    let module = topology.modules.place(&id.module).unwrap_or_default();
    let operations = topology.modules.get(module).map(|module| module.operations.as_slice()).unwrap_or_default();
    let operation = operations.iter().position(|operation| *operation.name == *id.operation).unwrap_or_default();
    format!("module[{module}].operation[{operation}]")
}
