//! Walks over calls. Each operation is looked at once, however often it is called: calls can fan out without end. None is
//! by recursion: a drawing may be as deep as it likes.

use std::collections::{BTreeMap, BTreeSet};

use super::software::{SessionStep, Step};
use super::{OperationId, Topology};

/// More session steps than this of one operation are not listed.
const MOST_SESSION_STEPS: usize = 1000;

/// What can be reached from here, each once and after all that it leads to itself; where ways go in a circle, what was
/// entered last comes first.
pub(super) fn callees_first<K: Ord + Clone>(root: K, mut calls: impl FnMut(&K) -> Vec<K>) -> Vec<K> {
    let (mut entered, mut order) = (BTreeSet::new(), Vec::new());
    let mut open = vec![(root, false)];
    while let Some((key, left)) = open.pop() {
        if left {
            order.push(key);
        } else if entered.insert(key.clone()) {
            let next = calls(&key);
            open.push((key, true));
            open.extend(next.into_iter().rev().map(|key| (key, false)));
        }
    }
    order
}

/// Of these operations and all that they lead to by such calls, those that lead to one that is looked for, or are one.
pub(super) fn leading_to<'a>(
    topology: &'a Topology,
    from: impl IntoIterator<Item = &'a OperationId>,
    calls: impl Fn(&'a Step) -> Vec<&'a OperationId>,
    looked_for: impl Fn(&'a OperationId) -> bool,
) -> BTreeSet<&'a OperationId> {
    let mut callers: BTreeMap<&OperationId, Vec<&OperationId>> = BTreeMap::new();
    let seen = reached(topology, from, |id, step| {
        let called = calls(step);
        called.iter().for_each(|call| callers.entry(call).or_default().push(id));
        called
    });
    let mut leading = BTreeSet::new();
    let mut open: Vec<&OperationId> = seen.into_iter().filter(|id| looked_for(id)).collect();
    while let Some(id) = open.pop() {
        if leading.insert(id) {
            open.extend(callers.get(id).into_iter().flatten());
        }
    }
    leading
}

/// These operations and all that they lead to by such calls.
pub(super) fn reached<'a>(
    topology: &'a Topology,
    from: impl IntoIterator<Item = &'a OperationId>,
    mut calls: impl FnMut(&'a OperationId, &'a Step) -> Vec<&'a OperationId>,
) -> BTreeSet<&'a OperationId> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&OperationId> = from.into_iter().collect();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            open.extend(steps(topology, id).iter().flat_map(|step| calls(id, step)));
        }
    }
    seen
}

/// The steps of an operation; none where it is not there.
pub(super) fn steps<'a>(topology: &'a Topology, id: &OperationId) -> &'a [Step] {
    topology.operation(id).map(|operation| operation.steps.as_slice()).unwrap_or_default()
}

/// What a step asks for when all goes well: what is undone is undone only after a failure.
pub(super) fn asked_for(step: &Step) -> Vec<&OperationId> {
    match step {
        Step::Call { call, .. } => vec![call],
        Step::Saga { saga, .. } => saga.iter().map(|step| &step.call).collect(),
        Step::Cpu { .. } | Step::Wait { .. } | Step::Session { .. } | Step::Db { .. } => Vec::new(),
    }
}

impl Topology {
    /// Whether the operation, and every operation that it calls, only reads. Such an operation is GET, others POST.
    pub fn only_reads(&self, id: &OperationId) -> bool {
        let reads = |id: &&OperationId| steps(self, id).iter().all(Step::only_reads);
        reached(self, [id], |_, step| step.calls()).iter().all(reads)
    }

    /// What the operation, and the operations that it calls, do to the session, in order. A call that leads back to an
    /// operation under way is cut.
    pub fn session_steps(&self, id: &OperationId) -> Vec<SessionStep> {
        let calls = |id: &&OperationId| steps(self, id).iter().flat_map(asked_for).collect();
        let mut known: BTreeMap<&OperationId, Vec<SessionStep>> = BTreeMap::new();
        for id in callees_first(id, calls) {
            let mut found = Vec::new();
            for step in steps(self, id) {
                if let Step::Session { session } = step {
                    found.push(*session);
                }
                for call in asked_for(step) {
                    found.extend(known.get(call).into_iter().flatten());
                }
                found.truncate(MOST_SESSION_STEPS);
            }
            known.insert(id, found);
        }
        known.remove(id).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::format::read;

    /// A chain of operations that each call the next one twice, and the last of which has this step.
    fn fan(depth: usize, last: &str) -> Topology {
        let operation = |at: usize| {
            let next = format!("{{ call = \"m.a{}\" }}", at + 1);
            let steps = if at + 1 < depth { format!("{next}, {next}") } else { last.to_owned() };
            format!("[[module.operation]]\nname = \"a{at}\"\nsteps = [{steps}]\n")
        };
        let operations: String = (0..depth).map(operation).collect();
        let text = format!("format = 1\n[[module]]\nname = \"m\"\n{operations}");
        read(&text).unwrap().into_preset().topology
    }

    #[test]
    fn calls_that_fan_out_are_followed_once_each() {
        let first = "m.a0".parse().unwrap();
        let nothing = fan(2_000, "{ wait = \"1ms\" }");
        assert_eq!((nothing.session_steps(&first), nothing.only_reads(&first)), (vec![], true));
        let creating = fan(2_000, "{ session = \"create\" }");
        let steps = creating.session_steps(&first);
        assert_eq!((steps.len(), steps[0]), (MOST_SESSION_STEPS, SessionStep::Create));
        assert!(!creating.only_reads(&first));
        assert_eq!(fan(4, "{ session = \"read\" }").session_steps(&first), [SessionStep::Read; 8]);
    }

    #[test]
    fn what_leads_somewhere_is_found_by_such_calls_alone_and_circles_come_to_an_end() {
        let text = r#"
            format = 1
            [[module]]
            name = "m"
            operation = [
              { name = "a", steps = [{ session = "create" }, { call = "m.b" }, { call = "m.d", optional = true }] },
              { name = "b", steps = [{ session = "read" }, { call = "m.c" }, { call = "m.a" }, { session = "end" }] },
              { name = "c", steps = [{ session = "append" }] },
              { name = "d", steps = [{ call = "m.c" }] },
            ]
        "#;
        let topology = read(text).unwrap().into_preset().topology;
        let [a, b, c, d] = ["m.a", "m.b", "m.c", "m.d"].map(|id| id.parse::<OperationId>().unwrap());
        use SessionStep::{Append, Create, End, Read};
        assert_eq!(topology.session_steps(&a), [Create, Read, Append, End, Append]);
        let needed = |step| if matches!(step, &Step::Call { optional: true, .. }) { vec![] } else { asked_for(step) };
        assert_eq!(leading_to(&topology, [&a], needed, |id| *id == d), BTreeSet::new());
        assert_eq!(leading_to(&topology, [&a], asked_for, |id| *id == d), [&a, &b, &d].into());
        assert_eq!(leading_to(&topology, [&b], needed, |id| *id == c), [&a, &b, &c].into());
    }
}
