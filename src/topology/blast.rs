//! What one operation reaches, as the drawing has it: over how many links its requests go, and which operations fail
//! while the process of a module is down (the blast radius). Pure; nothing here is measured.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::{asked_for, callees_first, leading_to, steps};
use super::{ModuleName, Node, NodeId, OperationId, Step, Topology};

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
    let asked = asked(topology);
    let down = topology.host(module).map(|node| &node.id);
    let hosted_there = |module: &&ModuleName| topology.host(module).map(|node| &node.id) == down;
    let modules = down.and_then(|down| topology.node(down)).map(Node::modules).unwrap_or_default();
    let stopped: BTreeSet<&ModuleName> = modules.iter().filter(hosted_there).collect();
    let needed = |step| if matches!(step, &Step::Call { optional: true, .. }) { Vec::new() } else { asked_for(step) };
    let fails = leading_to(topology, &asked, needed, |id| stopped.contains(&id.module));
    Blast { stopped: asked.iter().filter(|id| fails.contains(id)).cloned().collect(), of: asked.len() }
}

/// The operations that users ask for, once each.
pub fn asked(topology: &Topology) -> Vec<OperationId> {
    let mut seen = BTreeSet::new();
    let operations = topology.nodes().flat_map(Node::users).flat_map(|users| users.operations());
    operations.filter(|operation| seen.insert(*operation)).cloned().collect()
}

/// How many requests between processes one request of a user for this operation leads to, its own included; those to
/// caches and databases are not among them. `None` where it has no way.
pub fn hops(topology: &Topology, operation: &OperationId) -> Option<u32> {
    let sends = |node: &&Node| node.users().is_some_and(|users| users.operations().contains(&operation));
    let from = topology.nodes().find(sends)?;
    let (sent, host) = way(topology, &from.id, operation)?;
    let first: Done = (host, operation);
    let order =
        callees_first(first, |&done| asks(topology, done).into_iter().flatten().map(|(_, done)| done).collect());
    let mut known: BTreeMap<Done, Option<u32>> = BTreeMap::new();
    for done in order {
        let total = asks(topology, done).into_iter().try_fold(0, |total: u32, ask| {
            let (sent, done) = ask?;
            // What leads back to an operation under way is cut.
            let further = known.get(&done).copied().unwrap_or(Some(0))?;
            Some(MOST_HOPS.min(total + sent + further))
        });
        known.insert(done, total);
    }
    known.remove(&first).flatten().map(|hops| MOST_HOPS.min(sent + hops))
}

/// An operation and the node in whose process it is done.
type Done<'a> = (&'a NodeId, &'a OperationId);

/// What an operation asks for, with the number of requests that lead there: none within one process. `None` for what has
/// no way.
fn asks<'a>(topology: &'a Topology, (node, operation): Done<'a>) -> Vec<Option<(u32, Done<'a>)>> {
    let hosted = topology.node(node).map(Node::modules).unwrap_or_default();
    let ask = |call: &'a OperationId| {
        let (sent, node) = if hosted.contains(&call.module) { (0, node) } else { way(topology, node, call)? };
        Some((sent, (node, call)))
    };
    steps(topology, operation).iter().flat_map(asked_for).map(ask).collect()
}

/// The node that does what another asks for, and over how many links the request goes.
fn way<'a>(topology: &'a Topology, from: &NodeId, operation: &OperationId) -> Option<(u32, &'a NodeId)> {
    let mut next = topology.route(from, &operation.module)?;
    let mut links = 1;
    while next.gateway().is_some() {
        next = topology.route(&next.id, &operation.module)?;
        links += 1;
    }
    Some((links, &next.id))
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

    #[test]
    fn calls_that_fan_out_without_end_come_to_one() {
        let operation = |at: usize, steps: &str| format!("[[module.operation]]\nname = \"a{at}\"\nsteps = [{steps}]\n");
        let module = |name: &str, last: &str| {
            let call = |at: usize| format!("{{ call = \"{name}.a{at}\" }}, {{ call = \"{name}.a{at}\" }}");
            let calls = (0..40).map(|at| operation(at, &call(at + 1)));
            format!("[[module]]\nname = \"{name}\"\n{}{}", calls.collect::<String>(), operation(40, last))
        };
        let text = format!(
            r#"
            format = 1
            {}{}
            [[module]]
            name = "far"
            operation = [{{ name = "a", steps = [] }}]
            [[node]]
            id = "people"
            role = "users"
            journey = ["quiet.a0", "loud.a0", "loud.a38", "loud.a39"]
            [[node]]
            id = "shop"
            role = "service"
            modules = ["quiet", "loud"]
            [[node]]
            id = "depot"
            role = "service"
            modules = ["far"]
            [[link]]
            from = "people"
            to = "shop"
            [[link]]
            from = "shop"
            to = "depot"
            "#,
            module("quiet", ""),
            module("loud", "{ call = \"far.a\" }")
        );
        let topology = read(&text).unwrap().into_preset().topology;
        let counted = ["quiet.a0", "loud.a39", "loud.a38", "loud.a0"].map(|id| hops(&topology, &id.parse().unwrap()));
        assert_eq!(counted, [Some(1), Some(3), Some(5), Some(MOST_HOPS)]);
        let stopped = |module: &str| blast(&topology, &module.parse().unwrap()).stopped.len();
        assert_eq!((stopped("far"), stopped("loud")), (3, 4));
    }
}
