//! Data: services whose steps need a database have one, sagas stand alone, audits name tables that something writes.

use crate::topology::{Audit, Cause, DbStep, Node, Preset, Problem, Step, TablePath, Topology, near};

pub(super) fn check(preset: &Preset, problems: &mut Vec<Problem>) {
    for (index, node) in preset.topology.nodes().enumerate() {
        linked(&preset.topology, index, node, problems);
    }
    sagas(&preset.topology, problems);
    for (index, audit) in preset.audits.iter().enumerate() {
        let path = format!("audit[{index}]");
        if preset.audits.iter().take(index).any(|other| other.name == audit.name) {
            let message = format!("there are two audits of the name {}", audit.name);
            problems.push(Problem::error(format!("{path}.name"), message).advise("give this one another name"));
        }
        tables(preset, &path, audit, problems);
    }
}

/// Says which service has steps that need a database, and none linked.
fn linked(topology: &Topology, index: usize, node: &Node, problems: &mut Vec<Problem>) {
    if node.service().is_none() || topology.database_of(&node.id).is_some() {
        return;
    }
    let modules = node.modules().iter().filter_map(|name| topology.module(name));
    let needing = modules.into_iter().find_map(|module| {
        let needs = |step: &Step| step.needs_database();
        let operation = module.operations.iter().find(|operation| operation.steps.iter().any(needs))?;
        Some(format!("{}.{}", module.name, operation.name))
    });
    if let Some(operation) = needing {
        let message = format!("{operation} needs a database, and none is linked to {}", node.id);
        let advice = format!("add a node of role database and the link from {} to it", node.id);
        let problem = Problem::error(format!("node[{index}]"), message).advise(advice);
        problems.push(problem.because(Cause::NoDatabase(node.id.clone())));
    }
}

/// A saga writes its log for itself, so it cannot be part of a transaction.
fn sagas(topology: &Topology, problems: &mut Vec<Problem>) {
    for (at, module) in topology.modules.iter().enumerate() {
        for (index, operation) in module.operations.iter().enumerate() {
            if operation.transaction && operation.steps.iter().any(|step| matches!(step, Step::Saga { .. })) {
                let path = format!("module[{at}].operation[{index}].transaction");
                let message = format!("{}.{} is a transaction and has a saga", module.name, operation.name);
                let advice = "remove transaction: a saga does all or nothing without one";
                problems.push(Problem::error(path, message).advise(advice));
            }
        }
    }
}

fn tables(preset: &Preset, path: &str, audit: &Audit, problems: &mut Vec<Problem>) {
    for (key, table) in [("each", &audit.each), ("has", &audit.has)] {
        let known: Vec<String> = written(&preset.topology).map(|known| known.to_string()).collect();
        if !known.contains(&table.to_string()) {
            let message = format!("no operation of {} has a step on the table {}", table.module, table.table);
            let advice = near::advice(&table.to_string(), known.iter().map(String::as_str));
            problems.push(Problem::error(format!("{path}.{key}"), message).advise(advice));
        }
    }
}

/// Every table that some operation names.
fn written(topology: &Topology) -> impl Iterator<Item = TablePath> {
    topology.modules.iter().flat_map(|module| {
        let steps = module.operations.iter().flat_map(|operation| &operation.steps);
        let named = steps.filter_map(|step| if let Step::Db { db } = step { Some(db) } else { None });
        named.map(|DbStep { table, .. }| TablePath { module: module.name.clone(), table: table.clone() })
    })
}
