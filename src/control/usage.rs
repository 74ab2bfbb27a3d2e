//! What the processes of each node used, over the run. Bounded: when there are too many figures, every second one goes and
//! the steps get twice as long.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::topology::NodeId;

use super::lives::Lives;
use super::snapshot::{NodeUsage, Usage, UsagePoint};

/// How many figures of all nodes together are kept.
const MAX_POINTS: usize = 200_000;

/// The figures so far.
#[derive(Debug)]
pub(super) struct UsageLog {
    /// How many seconds lie between two figures.
    step_s: u32,
    /// How many figures each node has.
    steps: usize,
    nodes: BTreeMap<NodeId, Vec<UsagePoint>>,
    shared: OnceLock<Arc<Usage>>,
}

impl Default for UsageLog {
    fn default() -> Self {
        Self { step_s: 1, steps: 0, nodes: BTreeMap::new(), shared: OnceLock::new() }
    }
}

impl UsageLog {
    /// Enters the figures of now, for every step that is over.
    pub(super) fn advance(&mut self, since_start_us: u64, lives: &Lives) {
        let over = since_start_us / 1_000_000 / u64::from(self.step_s);
        let due = usize::try_from(over).unwrap_or(usize::MAX);
        if due <= self.steps {
            return;
        }
        let mut now: BTreeMap<NodeId, UsagePoint> = BTreeMap::new();
        for life in lives.alive() {
            let sum = now.entry(life.id.node().clone()).or_default();
            sum.cpu += life.cpu;
            sum.pss_kib += life.pss_kib;
        }
        self.enter(due, &now);
    }

    /// Enters figures up to this many steps. One that was missed, as by a computer that slept, gets the figures of now.
    fn enter(&mut self, due: usize, now: &BTreeMap<NodeId, UsagePoint>) {
        for node in now.keys() {
            if !self.nodes.contains_key(node) {
                self.nodes.insert(node.clone(), vec![UsagePoint::default(); self.steps]);
            }
        }
        let room = (MAX_POINTS / self.nodes.len().max(1)).max(2);
        let until = due.min(self.steps + room);
        for (node, points) in &mut self.nodes {
            points.resize(until, now.get(node).copied().unwrap_or_default());
        }
        self.steps = until;
        while self.steps > room {
            for points in self.nodes.values_mut() {
                let mut index = 0;
                points.retain(|_| {
                    index += 1;
                    index % 2 == 0
                });
            }
            self.steps /= 2;
            self.step_s = self.step_s.saturating_mul(2);
        }
        self.shared.take();
    }

    /// All of it.
    pub(super) fn all(&self) -> Arc<Usage> {
        let usage = self.shared.get_or_init(|| {
            let nodes = self.nodes.iter();
            let nodes = nodes.map(|(node, points)| NodeUsage { node: node.clone(), points: points.as_slice().into() });
            Arc::new(Usage { step_s: self.step_s, nodes: nodes.collect() })
        });
        Arc::clone(usage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(nodes: &[(&str, u64)]) -> BTreeMap<NodeId, UsagePoint> {
        nodes.iter().map(|&(node, pss_kib)| (node.parse().unwrap(), UsagePoint { cpu: 0.5, pss_kib })).collect()
    }

    fn kib(usage: &Usage, node: usize) -> Vec<u64> {
        usage.nodes[node].points.iter().map(|point| point.pss_kib).collect()
    }

    #[test]
    fn a_node_that_comes_later_used_nothing_before_and_one_that_went_uses_nothing() {
        let mut log = UsageLog::default();
        log.enter(1, &of(&[("gate", 1)]));
        log.enter(2, &of(&[("gate", 2), ("shop", 20)]));
        log.enter(3, &of(&[("shop", 30)]));
        let usage = log.all();
        assert_eq!((kib(&usage, 0), kib(&usage, 1)), (vec![1, 2, 0], vec![0, 20, 30]));
    }

    #[test]
    fn a_long_run_is_told_in_longer_steps() {
        let mut log = UsageLog::default();
        let now = of(&[("gate", 1), ("shop", 2)]);
        for second in 1..=MAX_POINTS {
            let due = second / log.step_s as usize;
            if due > log.steps {
                log.enter(due, &now);
            }
        }
        let usage = log.all();
        assert_eq!(usage.step_s, 2);
        assert!(usage.nodes.iter().all(|node| node.points.len() == MAX_POINTS / 2));
    }
}
