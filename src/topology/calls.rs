//! What is called over a link, as the drawing has it: everything that users ask for, followed along its way.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::steps;
use super::{LinkId, ModuleName, NodeId, OperationId, Role, Step, Topology};

/// The operations that requests over this link ask for, in the order in which they are first met. A link to a cache
/// carries sessions, not operations.
pub fn calls_over(topology: &Topology, link: &LinkId) -> Vec<OperationId> {
    calls(topology).remove(link).unwrap_or_default()
}

/// The same for all links over which something is asked for.
pub(super) fn calls(topology: &Topology) -> BTreeMap<LinkId, Vec<OperationId>> {
    let mut walk = Walk { topology, found: BTreeMap::new(), seen: BTreeSet::new(), done: BTreeSet::new() };
    for node in topology.nodes() {
        for operation in node.users().into_iter().flat_map(|users| users.operations()) {
            walk.send(&node.id, operation);
        }
    }
    walk.found
}

struct Walk<'a> {
    topology: &'a Topology,
    found: BTreeMap<LinkId, Vec<OperationId>>,
    /// What was sent from where already.
    seen: BTreeSet<(NodeId, OperationId)>,
    /// What was done where already.
    done: BTreeSet<(NodeId, OperationId)>,
}

impl Walk<'_> {
    /// Follows a request for an operation from a node on. Not by recursion: a drawing may be as deep as it likes.
    fn send(&mut self, from: &NodeId, operation: &OperationId) {
        let mut open = vec![(from.clone(), operation.clone())];
        while let Some((from, operation)) = open.pop() {
            if !self.seen.insert((from.clone(), operation.clone())) {
                continue;
            }
            let Some(to) = self.topology.route(&from, &operation.module) else { continue };
            self.found.entry(LinkId { from, to: to.id.clone() }).or_default().push(operation.clone());
            match &to.role {
                Role::Gateway(_) => open.push((to.id.clone(), operation)),
                // What a program calls, nobody drew: it is asked for what its operations' steps say.
                Role::Service(_) | Role::Program(_) => {
                    let calls = self.calls_that_leave(&to.id, to.modules(), &operation);
                    open.extend(calls.into_iter().rev().map(|call| (to.id.clone(), call)));
                }
                Role::Users(_) | Role::Cache(_) | Role::Database(_) => {}
            }
        }
    }

    /// The calls of an operation that its process cannot answer itself, but for those of what was done there already.
    fn calls_that_leave(&mut self, node: &NodeId, hosted: &[ModuleName], operation: &OperationId) -> Vec<OperationId> {
        let (mut open, mut leave) = (vec![operation.clone()], Vec::new());
        while let Some(operation) = open.pop() {
            let calls = steps(self.topology, &operation).iter().flat_map(Step::calls);
            if !self.done.insert((node.clone(), operation)) {
                continue;
            }
            for call in calls {
                // A saga's calls go over HTTP wherever they lead: each stands for itself.
                let inside = hosted.contains(&call.module);
                if inside { open.push(call.clone()) } else { leave.push(call.clone()) }
            }
        }
        leave
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::format;

    #[test]
    fn requests_are_followed_through_gateways_and_calls() {
        let text = r#"
            format = 1
            [[module]]
            name = "cart"
            operation = [{ name = "add", steps = [{ call = "stock.hold" }] }, { name = "view", steps = [] }]
            [[module]]
            name = "stock"
            operation = [{ name = "hold", steps = [{ call = "cart.view" }] }]
            [[node]]
            id = "people"
            role = "users"
            journey = ["cart.add"]
            [[node]]
            id = "gate"
            role = "gateway"
            [[node]]
            id = "shop"
            role = "service"
            modules = ["cart"]
            [[node]]
            id = "depot"
            role = "service"
            modules = ["stock"]
            [[link]]
            from = "people"
            to = "gate"
            [[link]]
            from = "gate"
            to = "shop"
            [[link]]
            from = "shop"
            to = "depot"
            [[link]]
            from = "depot"
            to = "shop"
        "#;
        let preset = format::read(text).unwrap().into_preset();
        let over = |from: &str, to: &str| {
            let link = LinkId { from: from.parse().unwrap(), to: to.parse().unwrap() };
            calls_over(&preset.topology, &link).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(over("people", "gate"), ["cart.add"]);
        assert_eq!(over("gate", "shop"), ["cart.add"]);
        assert_eq!(over("shop", "depot"), ["stock.hold"]);
        assert_eq!(over("depot", "shop"), ["cart.view"]);
        assert_eq!(over("shop", "gate"), [""; 0]);
    }
}
