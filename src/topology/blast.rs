//! What one operation reaches, as the drawing has it: over how many links its requests go, and which operations fail
//! while the process of a module is down (the blast radius). Pure; nothing here is measured.

use std::collections::BTreeSet;

use super::{ModuleName, Node, NodeId, OperationId, Step, Topology};

/// Calls nested deeper than this are not followed.
const DEEPEST: usize = 64;
/// More requests than this of one operation are not counted.
const MOST_HOPS: u32 = 10_000;

/// What stops when a module's process is down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blast {
    /// The operations that fail, in the order in which users ask for them.
    pub stopped: Vec<OperationId>,
    /// How many operations there are.
    pub of: usize,
}

/// The operations that fail while every process that hosts this module is down: those that it hosts, and those that
/// call one of them and do not go on without. Counted are the operations that users ask for.
pub fn blast(topology: &Topology, module: &ModuleName) -> Blast {
    let down = topology.host(module).map(|node| &node.id);
    let asked = asked(topology);
    let fails = |operation: &&OperationId| down.is_some_and(|down| fails(topology, operation, down, &mut Vec::new()));
    Blast { stopped: asked.iter().filter(fails).cloned().collect(), of: asked.len() }
}

/// The operations that users ask for, once each.
pub fn asked(topology: &Topology) -> Vec<OperationId> {
    let mut seen = BTreeSet::new();
    let operations = topology.nodes().flat_map(Node::users).flat_map(|users| users.operations());
    operations.filter(|operation| seen.insert(*operation)).cloned().collect()
}

fn fails(topology: &Topology, operation: &OperationId, down: &NodeId, under_way: &mut Vec<OperationId>) -> bool {
    if topology.host(&operation.module).is_some_and(|host| host.id == *down) {
        return true;
    }
    if under_way.contains(operation) || under_way.len() >= DEEPEST {
        return false;
    }
    under_way.push(operation.clone());
    let steps = topology.operation(operation).map(|known| known.steps.as_slice()).unwrap_or_default();
    let needs = |step: &Step| match step {
        Step::Call { optional: true, .. } => false,
        Step::Call { call, .. } => fails(topology, call, down, under_way),
        Step::Saga { saga, .. } => saga.iter().any(|step| fails(topology, &step.call, down, under_way)),
        Step::Cpu { .. } | Step::Wait { .. } | Step::Session { .. } | Step::Db { .. } => false,
    };
    let fails = steps.iter().any(needs);
    under_way.pop();
    fails
}

/// How many requests between processes one request of a user for this operation leads to, its own included; those to
/// caches and databases are not among them. `None` where it has no way.
pub fn hops(topology: &Topology, operation: &OperationId) -> Option<u32> {
    let asks = |node: &&Node| node.users().is_some_and(|users| users.operations().contains(&operation));
    let from = topology.nodes().find(asks)?;
    let mut count = Count { topology, hops: 0, depth: 0 };
    count.ask(&from.id, operation).then_some(count.hops)
}

struct Count<'a> {
    topology: &'a Topology,
    hops: u32,
    depth: usize,
}

impl Count<'_> {
    /// Counts a request from a node; whether it has a way.
    fn ask(&mut self, from: &NodeId, operation: &OperationId) -> bool {
        if self.depth >= DEEPEST || self.hops >= MOST_HOPS {
            return true;
        }
        let Some(next) = self.topology.route(from, &operation.module) else { return false };
        self.hops += 1;
        if next.gateway().is_some() {
            return self.ask(&next.id, operation);
        }
        self.perform(&next.id.clone(), operation)
    }

    /// Counts what an operation asks for, done in the process of this node.
    fn perform(&mut self, node: &NodeId, operation: &OperationId) -> bool {
        let topology = self.topology;
        if self.depth >= DEEPEST {
            return true;
        }
        let hosted = topology.node(node).map(Node::modules).unwrap_or_default();
        let steps = topology.operation(operation).map(|known| known.steps.as_slice()).unwrap_or_default();
        self.depth += 1;
        let mut has_way = true;
        for step in steps {
            let calls: Vec<&OperationId> = match step {
                Step::Call { call, .. } => vec![call],
                // What is undone is undone only after a failure.
                Step::Saga { saga, .. } => saga.iter().map(|step| &step.call).collect(),
                Step::Cpu { .. } | Step::Wait { .. } | Step::Session { .. } | Step::Db { .. } => Vec::new(),
            };
            for call in calls {
                let inside = hosted.contains(&call.module);
                has_way &= if inside { self.perform(node, call) } else { self.ask(node, call) };
            }
        }
        self.depth -= 1;
        has_way
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::Preset;
    use crate::topology::edit::{History, Parting, extract};
    use crate::topology::format::read;

    fn shop() -> Preset {
        read(include_str!("edit/module/shop.toml")).unwrap().into_preset()
    }

    fn out(preset: &mut Preset, module: &str) {
        let (_, step) = extract(preset, &module.parse().unwrap(), [700.0, 300.0], Parting::Shared).unwrap();
        History::default().apply(preset, step).unwrap();
    }

    fn told(preset: &Preset, module: &str) -> (usize, usize) {
        let blast = blast(&preset.topology, &module.parse().unwrap());
        (blast.stopped.len(), blast.of)
    }

    #[test]
    fn a_crash_of_what_stands_alone_stops_only_who_needs_it() {
        let mut preset = shop();
        assert_eq!((told(&preset, "recommendations"), told(&preset, "payments")), ((7, 7), (7, 7)));
        out(&mut preset, "recommendations");
        assert_eq!(told(&preset, "recommendations"), (1, 7), "browse goes on without");
        assert_eq!(told(&preset, "payments"), (6, 7));
        out(&mut preset, "payments");
        assert_eq!(told(&preset, "payments"), (1, 7), "a checkout must be paid");
        assert_eq!(told(&preset, "nobody"), (0, 7));
    }

    #[test]
    fn a_call_that_leaves_its_process_is_one_hop_more() {
        let mut preset = shop();
        let checkout = "orders.checkout".parse().unwrap();
        let browse = "catalog.browse".parse().unwrap();
        assert_eq!((hops(&preset.topology, &checkout), hops(&preset.topology, &browse)), (Some(2), Some(2)));
        out(&mut preset, "payments");
        out(&mut preset, "recommendations");
        assert_eq!((hops(&preset.topology, &checkout), hops(&preset.topology, &browse)), (Some(3), Some(3)));
        assert_eq!(hops(&preset.topology, &"orders.nothing".parse().unwrap()), None);
    }
}
