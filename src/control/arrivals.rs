//! What reached each replica in the windows that expectations name: from the replicas' own cumulative counters of
//! received attempts. Like the timeline's, a window's edge is off by a fifth of a second at most, and the last moments
//! of a killed life are missing.

use std::collections::BTreeMap;

use crate::telemetry::{Books, Totals};
use crate::topology::{Expectation, LifeId, NodeId, Slot, Target, Window};

/// Attempts received, by slot, within windows.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    windows: Vec<(Window, BTreeMap<Slot, u64>)>,
    seen: BTreeMap<LifeId, u64>,
}

impl Arrivals {
    /// Counts in the windows that these expectations name.
    pub(super) fn new(expectations: &[Expectation]) -> Self {
        let mut windows: Vec<(Window, BTreeMap<Slot, u64>)> = Vec::new();
        for window in expectations.iter().filter_map(|expectation| expectation.during) {
            if windows.iter().all(|(known, _)| *known != window) {
                windows.push((window, BTreeMap::new()));
            }
        }
        Self { windows, seen: BTreeMap::new() }
    }

    /// Takes a life's newer totals, read at a moment counted from t = 0.
    pub(super) fn enter(&mut self, life: &LifeId, totals: &Totals, since_start_us: u64) {
        let received = received(totals);
        let earlier = self.seen.insert(life.clone(), received).unwrap_or_default();
        for (_, slots) in self.windows.iter_mut().filter(|(window, _)| window.covers(since_start_us)) {
            *slots.entry(life.slot.clone()).or_default() += received.saturating_sub(earlier);
        }
    }

    /// What reached each slot in a window that some expectation names.
    pub(super) fn window(&self, window: Window) -> Option<&BTreeMap<Slot, u64>> {
        self.windows.iter().find(|(known, _)| *known == window).map(|(_, slots)| slots)
    }
}

/// What reached each slot in the whole run.
pub(super) fn in_all(books: &Books) -> BTreeMap<Slot, u64> {
    let mut slots = BTreeMap::new();
    for (life, totals) in books.lives() {
        *slots.entry(life.slot.clone()).or_default() += received(totals);
    }
    slots
}

/// The sum over a replica, or over all replicas of a node.
pub(super) fn at(slots: &BTreeMap<Slot, u64>, place: &Target) -> Option<u64> {
    match place {
        Target::Slot(slot) => Some(slots.get(slot).copied().unwrap_or_default()),
        Target::Node(node) => Some(at_node(slots, node)),
        Target::Link(_) | Target::Module(_) => None,
    }
}

/// What part of its node's requests reached a replica; `None` when nothing reached the node.
pub(super) fn share(slots: &BTreeMap<Slot, u64>, place: &Target) -> Option<f64> {
    let all = at_node(slots, place.node()?);
    (all > 0).then(|| at(slots, place).map(|here| here as f64 / all as f64))?
}

fn at_node(slots: &BTreeMap<Slot, u64>, node: &NodeId) -> u64 {
    slots.iter().filter(|(slot, _)| slot.node == *node).map(|(_, count)| count).sum()
}

fn received(totals: &Totals) -> u64 {
    totals.received.values().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(at_us: u64, received: u64) -> Totals {
        Totals { at_us, received: [("gate.1#1".parse().unwrap(), received)].into(), ..Totals::default() }
    }

    #[test]
    fn each_replica_is_counted_for_itself_and_within_the_window_only() {
        let window: Window = "1s..2s".parse().unwrap();
        let mut arrivals = Arrivals { windows: vec![(window, BTreeMap::new())], seen: BTreeMap::new() };
        let mut books = Books::default();
        for (life, at_us, received) in [
            ("shop.1#1", 900_000, 10),
            ("shop.1#1", 1_500_000, 40),
            ("shop.1#1", 2_300_000, 90),
            ("shop.2#1", 1_200_000, 4),
            ("shop.2#2", 1_900_000, 6),
        ] {
            let life: LifeId = life.parse().unwrap();
            arrivals.enter(&life, &totals(at_us, received), at_us);
            books.enter(life, totals(at_us, received));
        }
        let slots = arrivals.window(window).unwrap();
        let place = |text: &str| text.parse::<Target>().unwrap();
        assert_eq!((at(slots, &place("shop.1")), at(slots, &place("shop.2"))), (Some(30), Some(10)));
        assert_eq!((at(slots, &place("shop")), at(slots, &place("shop.3"))), (Some(40), Some(0)));
        assert_eq!(share(slots, &place("shop.2")), Some(0.25));
        assert_eq!(share(slots, &place("gate.1")), None, "of nothing there is no share");
        assert_eq!(at(&in_all(&books), &place("shop")), Some(100));
        assert_eq!(arrivals.window("2s..3s".parse().unwrap()), None);
    }
}
