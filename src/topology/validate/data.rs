//! Data: services whose steps need a database have one, sagas stand alone, audits name tables that something writes.

use std::collections::BTreeSet;

use super::Found;
use crate::topology::{Audit, Cause, DbStep, Node, Preset, Problem, Step, TablePath, Topology};

pub(super) fn check(preset: &Preset, problems: &mut Found) {
    for (index, node) in preset.topology.nodes().enumerate() {
        linked(&preset.topology, index, node, problems);
    }
    sagas(&preset.topology, problems);
    let written = written(&preset.topology);
    let mut names = BTreeSet::new();
    for (index, audit) in preset.audits.iter().enumerate() {
        let path = format!("audit[{index}]");
        if !names.insert(&audit.name) {
            let message = format!("there are two audits of the name {}", audit.name);
            problems.push(Problem::error(format!("{path}.name"), message).advise("give this one another name"));
        }
        tables(&written, &path, audit, problems);
    }
}

/// Says which service has steps that need a database, and none linked.
fn linked(topology: &Topology, index: usize, node: &Node, problems: &mut Found) {
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
fn sagas(topology: &Topology, problems: &mut Found) {
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

fn tables(written: &BTreeSet<String>, path: &str, audit: &Audit, problems: &mut Found) {
    for (key, table) in [("each", &audit.each), ("has", &audit.has)] {
        if !written.contains(&table.to_string()) {
            let message = format!("no operation of {} has a step on the table {}", table.module, table.table);
            let advice = problems.adviser.advice(&table.to_string(), || written.iter().collect());
            problems.push(Problem::error(format!("{path}.{key}"), message).advise(advice));
        }
    }
}

/// Every table that some operation names, as audits write it.
fn written(topology: &Topology) -> BTreeSet<String> {
    let modules = topology.modules.iter().flat_map(|module| {
        let steps = module.operations.iter().flat_map(|operation| &operation.steps);
        let named = steps.filter_map(|step| if let Step::Db { db } = step { Some(db) } else { None });
        named.map(|DbStep { table, .. }| TablePath { module: module.name.clone(), table: table.clone() }.to_string())
    });
    modules.collect()
}
