//! What is called over a link, as the drawing has it: everything that users ask for, followed along its way.

use std::collections::BTreeSet;

use super::{LinkId, NodeId, OperationId, Role, Topology};

/// The operations that requests over this link ask for, in the order in which they are first met. A link to a cache
/// carries sessions, not operations.
pub fn calls_over(topology: &Topology, link: &LinkId) -> Vec<OperationId> {
    let mut walk = Walk { topology, link, found: Vec::new(), seen: BTreeSet::new() };
    for node in topology.nodes() {
        for operation in node.users().into_iter().flat_map(|users| users.operations()) {
            walk.send(&node.id, operation);
        }
    }
    walk.found
}

struct Walk<'a> {
    topology: &'a Topology,
    link: &'a LinkId,
    found: Vec<OperationId>,
    /// What was sent from where already.
    seen: BTreeSet<(NodeId, OperationId)>,
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
            if from == self.link.from && to.id == self.link.to && !self.found.contains(&operation) {
                self.found.push(operation.clone());
            }
            match &to.role {
                Role::Gateway(_) => open.push((to.id.clone(), operation)),
                Role::Service(service) => {
                    let calls = self.calls_that_leave(&service.modules, &operation);
                    open.extend(calls.into_iter().rev().map(|call| (to.id.clone(), call)));
                }
                // What a program calls, nobody drew: it is asked for what its operations' steps say.
                Role::Program(program) => {
                    let calls = self.calls_that_leave(&program.modules, &operation);
                    open.extend(calls.into_iter().rev().map(|call| (to.id.clone(), call)));
                }
                Role::Users(_) | Role::Cache(_) | Role::Database(_) => {}
            }
        }
    }

    /// The calls of an operation that its process cannot answer itself.
    fn calls_that_leave(&self, hosted: &[super::ModuleName], operation: &OperationId) -> Vec<OperationId> {
        let (mut open, mut seen, mut leave) = (vec![operation.clone()], BTreeSet::new(), Vec::new());
        while let Some(operation) = open.pop() {
            if !seen.insert(operation.clone()) {
                continue;
            }
            let steps = self.topology.operation(&operation).map(|operation| operation.steps.as_slice());
            for step in steps.unwrap_or_default() {
                for call in step.calls() {
                    // A saga's calls go over HTTP wherever they lead: each stands for itself.
                    let inside = hosted.contains(&call.module);
                    if inside { open.push(call.clone()) } else { leave.push(call.clone()) }
                }
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
