//! What taking a module elsewhere cost, and what it bought: what the drawing tells at once, and what a run tells some
//! seconds later. Pure; observes snapshots and commands nothing.

use crate::control::Snapshot;
use crate::control::snapshot::{LifeState, Phase};
use crate::telemetry::latency::Latency;
use crate::topology::blast::{self, Blast};
use crate::topology::{ModuleName, Node, NodeId, OperationId, Topology};

/// So long after the new host is ready it is measured: until then callers are still being told.
const SETTLES_US: u64 = 2_500_000;
/// So long it is measured.
const MEASURES_US: u64 = 5_000_000;
/// A median of fewer answers would say little.
const LEAST_ANSWERS: u64 = 5;

/// A value before and after.
pub type Change<T> = (T, T);

/// What one move changed.
#[derive(Debug, Clone)]
pub struct Delta {
    /// The module that moved.
    pub module: ModuleName,
    /// Where it is now.
    pub node: NodeId,
    /// Processes, those of users not among them.
    pub processes: Change<u32>,
    /// The operation that the move concerns most, and over how many links its requests go.
    pub hops: Option<(OperationId, Change<u32>)>,
    /// What stops while the module's process is down.
    pub blast: Change<Blast>,
    measure: Measure,
}

/// What a run tells.
#[derive(Debug, Clone)]
enum Measure {
    /// Nothing runs.
    No,
    /// It goes on.
    Under(Box<Under>),
    /// It is done.
    Done(Measured),
}

#[derive(Debug, Clone)]
struct Under {
    /// The median before, in microseconds.
    p50_us: Option<u64>,
    pss_kib: u64,
    /// When the new host was seen ready, in microseconds of run time.
    ready_us: Option<u64>,
    /// The latencies when measuring began.
    base: Option<(u64, Latency)>,
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The median latency of the operation in milliseconds, as users saw it, where it was asked for often enough.
    pub p50_ms: Option<Change<f64>>,
    /// The memory of all processes but users', in MiB.
    pub mib: Change<f64>,
}

impl Delta {
    /// What the move of the first module that changed its host changes; `None` where none did. `snapshot` is how it is
    /// before the move.
    pub fn between(before: &Topology, after: &Topology, snapshot: &Snapshot) -> Option<Self> {
        let host = |topology: &Topology, module: &ModuleName| topology.host(module).map(|node| node.id.clone());
        let moved = |module: &ModuleName| {
            let (from, to) = (host(before, module)?, host(after, module)?);
            (from != to).then(|| (module.clone(), to))
        };
        let (module, node) = after.modules.iter().find_map(|module| moved(&module.name))?;
        let hops = concerned(before, after, &module);
        let running = snapshot.phase == Phase::Running;
        let latency = hops.as_ref().map(|(operation, _)| latency_of(snapshot, operation));
        let under = Under {
            p50_us: latency.and_then(|latency| latency.quantile_us(0.5)),
            pss_kib: pss_kib(before, snapshot),
            ready_us: None,
            base: None,
        };
        Some(Self {
            processes: (processes(before), processes(after)),
            blast: (blast::blast(before, &module), blast::blast(after, &module)),
            hops,
            module,
            node,
            measure: if running { Measure::Under(Box::new(under)) } else { Measure::No },
        })
    }

    /// Looks at the run as it is now.
    pub fn observe(&mut self, topology: &Topology, snapshot: &Snapshot) {
        let Measure::Under(under) = &mut self.measure else { return };
        if snapshot.phase != Phase::Running {
            self.measure = Measure::No;
            return;
        }
        let operation = self.hops.as_ref().map(|(operation, _)| operation);
        let latency = operation.map(|operation| latency_of(snapshot, operation)).unwrap_or_default();
        let now_us = snapshot.now_us;
        if under.ready_us.is_none() && is_ready(snapshot, &self.node) {
            under.ready_us = Some(now_us);
        }
        match &under.base {
            None if under.ready_us.is_some_and(|at_us| now_us >= at_us + SETTLES_US) => {
                under.base = Some((now_us, latency));
            }
            Some((since_us, base)) if now_us >= since_us + MEASURES_US => {
                let after = latency.since(base);
                let after_us = after.quantile_us(0.5).filter(|_| after.count() >= LEAST_ANSWERS);
                let ms = |us: u64| us as f64 / 1_000.0;
                let p50_ms = under.p50_us.zip(after_us).map(|(before, after)| (ms(before), ms(after)));
                let mib = |kib: u64| kib as f64 / 1_024.0;
                let mib = (mib(under.pss_kib), mib(pss_kib(topology, snapshot)));
                self.measure = Measure::Done(Measured { p50_ms, mib });
            }
            None | Some(_) => {}
        }
    }

    /// What was measured, once it was.
    pub fn measured(&self) -> Option<Measured> {
        if let Measure::Done(measured) = &self.measure { Some(*measured) } else { None }
    }

    /// What it cost, in lines.
    pub fn costs(&self) -> Vec<String> {
        let mut lines = vec![format!("processes {} to {}", self.processes.0, self.processes.1)];
        if let Some((operation, (before, after))) = &self.hops {
            lines.push(format!("hops of {operation} {before} to {after}"));
        }
        match &self.measure {
            Measure::No => lines.push("latency and memory: run it to measure".to_owned()),
            Measure::Under(_) => lines.push("latency and memory: measuring…".to_owned()),
            Measure::Done(measured) => {
                if let (Some((operation, _)), Some((before, after))) = (&self.hops, measured.p50_ms) {
                    lines.push(format!("p50 of {operation} {before:.1} to {after:.1} ms"));
                }
                lines.push(format!("memory {:.1} to {:.1} MiB", measured.mib.0, measured.mib.1));
            }
        }
        lines
    }

    /// What it bought, in a sentence.
    pub fn buys(&self) -> String {
        let (before, after) = &self.blast;
        let share = |blast: &Blast| format!("{} of {}", blast.stopped.len(), blast.of);
        if before == after {
            return format!("a crash of {} stops {} operations, as before", self.module, share(after));
        }
        format!("a crash of {} now stops {} operations, before {}", self.module, share(after), share(before))
    }
}

fn is_ready(snapshot: &Snapshot, node: &NodeId) -> bool {
    let state = snapshot.nodes.iter().find(|state| state.id == *node);
    state.is_some_and(|state| state.slots.iter().any(|slot| slot.state == LifeState::Ready))
}

fn processes(topology: &Topology) -> u32 {
    topology.nodes().filter(|node| node.users().is_none()).map(Node::replicas).sum()
}

/// The memory of everything but users, in KiB.
fn pss_kib(topology: &Topology, snapshot: &Snapshot) -> u64 {
    let is_user = |id: &NodeId| topology.node(id).is_some_and(|node| node.users().is_some());
    let nodes = snapshot.nodes.iter().filter(|state| !is_user(&state.id));
    nodes.flat_map(|state| &state.slots).map(|slot| slot.pss_kib).sum()
}

fn latency_of(snapshot: &Snapshot, operation: &OperationId) -> Latency {
    let name = operation.to_string();
    let books = snapshot.operations.iter().find(|(known, _)| *known == name);
    books.map(|(_, books)| books.latency.clone()).unwrap_or_default()
}

/// The operation of users whose way changes most; where none does, the first that asks for the module.
fn concerned(before: &Topology, after: &Topology, module: &ModuleName) -> Option<(OperationId, Change<u32>)> {
    let asked = blast::asked(before).into_iter();
    let ways = asked.filter_map(|operation| {
        let change = (blast::hops(before, &operation)?, blast::hops(after, &operation)?);
        let own = operation.module == *module;
        Some((operation, change, own))
    });
    let weight = |(_, (before, after), own): &(OperationId, Change<u32>, bool)| (before.abs_diff(*after), *own);
    // Of several alike the first.
    let most = ways.reduce(|best, next| if weight(&next) > weight(&best) { next } else { best })?;
    let concerns = weight(&most) != (0, false);
    concerns.then_some((most.0, most.1))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::control::snapshot::{NodeState, SlotState};
    use crate::scene::dots::tests::slot_of;
    use crate::telemetry::OperationBooks;
    use crate::topology::Preset;
    use crate::topology::edit::{History, Parting, extract};
    use crate::topology::format::read;

    fn shop() -> Preset {
        read(include_str!("../topology/edit/module/shop.toml")).unwrap().into_preset()
    }

    fn out(preset: &Preset, module: &str) -> Preset {
        let (_, step) = extract(preset, &module.parse().unwrap(), [700.0, 300.0], Parting::Shared).unwrap();
        let mut after = preset.clone();
        History::default().apply(&mut after, step).unwrap();
        after
    }

    /// A run of these nodes, whose checkouts took so long so far.
    fn running(now_us: u64, nodes: &[&str], checkouts_us: &[u64]) -> Snapshot {
        let mut books = OperationBooks::default();
        checkouts_us.iter().for_each(|us| books.latency.record(*us));
        let node = |id: &&str| {
            let slot = SlotState { pid: Some(1), pss_kib: 1_024, ..slot_of(&format!("{id}.1#1")) };
            NodeState { id: id.parse().unwrap(), slots: vec![slot] }
        };
        let nodes = nodes.iter().map(node).collect();
        let operations = Arc::from([("orders.checkout".to_owned(), books)]);
        Snapshot { phase: Phase::Running, now_us, nodes, operations, ..Snapshot::default() }
    }

    #[test]
    fn without_a_run_it_tells_what_the_drawing_tells() {
        let before = shop();
        let after = out(&before, "recommendations");
        let delta = Delta::between(&before.topology, &after.topology, &Snapshot::default()).unwrap();
        let costs = ["processes 2 to 3", "hops of catalog.browse 2 to 3", "latency and memory: run it to measure"]
            .map(str::to_owned);
        assert_eq!(delta.costs(), costs);
        assert_eq!(delta.buys(), "a crash of recommendations now stops 1 of 7 operations, before 7 of 7");
        let paid = out(&before, "payments");
        let delta = Delta::between(&before.topology, &paid.topology, &Snapshot::default()).unwrap();
        assert_eq!(delta.hops.as_ref().map(|(_, change)| *change), Some((2, 3)));
        assert_eq!(delta.buys(), "a crash of payments now stops 1 of 7 operations, before 7 of 7");
        assert!(Delta::between(&before.topology, &before.topology, &Snapshot::default()).is_none());
    }

    #[test]
    fn a_run_is_measured_once_callers_know_the_new_way() {
        let before = shop();
        let after = out(&before, "payments");
        let old = ["shoppers", "gate", "shop"];
        let new = ["shoppers", "gate", "shop", "payments"];
        let mut delta =
            Delta::between(&before.topology, &after.topology, &running(1_000_000, &old, &[4_000; 9])).unwrap();
        delta.observe(&after.topology, &running(1_500_000, &new, &[4_000; 9]));
        assert!(delta.costs()[2].ends_with("measuring…"));
        let mut latencies = vec![4_000; 20];
        delta.observe(&after.topology, &running(4_100_000, &new, &latencies));
        assert_eq!(delta.measured(), None);
        latencies.extend([6_000; 9]);
        delta.observe(&after.topology, &running(9_200_000, &new, &latencies));
        assert_eq!(delta.measured().unwrap().mib, (2.0, 3.0));
        assert_eq!(delta.costs()[2..], ["p50 of orders.checkout 4.0 to 6.0 ms", "memory 2.0 to 3.0 MiB"]);
    }
}
