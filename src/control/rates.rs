//! What went over each link in the last second: attempts, failures and how long they took, from the cumulative counters
//! of those who made them.

use std::collections::{BTreeMap, VecDeque};

use crate::telemetry::{Books, Latency};
use crate::topology::{LinkId, Topology};

/// The span over which rates are measured.
const SPAN_US: u64 = 1_000_000;
/// The shortest time between two readings of the links' counters.
const SAMPLE_US: u64 = 200_000;

/// The links' counters over the last second.
#[derive(Debug, Default)]
pub(super) struct Rates {
    samples: VecDeque<(u64, BTreeMap<LinkId, Counters>)>,
    recent: BTreeMap<LinkId, Recent>,
}

/// One link's counters at one moment.
#[derive(Debug, Clone, Default)]
struct Counters {
    sent: u64,
    failed: u64,
    latency: Latency,
}

/// One link in the last second.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Recent {
    /// Attempts sent per second.
    pub(super) rate: f32,
    /// Failed attempts per second.
    pub(super) failing: f32,
    /// 95th percentile of how long attempts took, in milliseconds; `None` when none ended.
    pub(super) p95_ms: Option<f32>,
}

impl Rates {
    /// Reads the counters, unless they were read just now.
    pub(super) fn sample(&mut self, now_us: u64, topology: &Topology, books: &Books) {
        if self.samples.back().is_some_and(|(at_us, _)| now_us < at_us + SAMPLE_US) {
            return;
        }
        // The oldest sample stays until a younger one is old enough to span the second.
        while self.samples.get(1).is_some_and(|(at_us, _)| at_us + SPAN_US <= now_us) {
            self.samples.pop_front();
        }
        let counters = topology.links().map(|link| {
            let id = link.id();
            let (books_of_link, _) = books.link(&id);
            let latency = books.link_latency(&id);
            (id, Counters { sent: books_of_link.sent, failed: books_of_link.failed, latency })
        });
        let counters: BTreeMap<LinkId, Counters> = counters.collect();
        self.recent = match self.samples.front() {
            Some((from_us, first)) if *from_us < now_us => {
                let seconds = (now_us - from_us) as f32 / 1e6;
                // A link that was not there then has counted for longer or shorter: there is no figure yet.
                let recent = counters.iter().filter_map(|(link, last)| {
                    let first = first.get(link)?;
                    Some((link.clone(), last.since(first, seconds)))
                });
                recent.collect()
            }
            _ => BTreeMap::new(),
        };
        self.samples.push_back((now_us, counters));
    }

    /// A link in the second before the last reading.
    pub(super) fn recent(&self, link: &LinkId) -> Recent {
        self.recent.get(link).copied().unwrap_or_default()
    }
}

impl Counters {
    fn since(&self, first: &Self, seconds: f32) -> Recent {
        let latency = self.latency.since(&first.latency);
        Recent {
            rate: self.sent.saturating_sub(first.sent) as f32 / seconds,
            failing: self.failed.saturating_sub(first.failed) as f32 / seconds,
            p95_ms: latency.quantile_us(0.95).map(|us| us as f32 / 1e3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::{LinkBooks, Totals};
    use crate::topology::{Link, Node, Role, Service};

    /// The totals of a gateway that sent so many attempts, a tenth of which failed, each of which took this long.
    fn enter(books: &mut Books, at_us: u64, sent: u64, took: &[(u64, u32)]) {
        let mut totals = Totals { at_us, ..Totals::default() };
        totals.sent.insert(("shop".parse().unwrap(), None), LinkBooks { sent, failed: sent / 10 });
        let mut latency = Latency::coarse();
        took.iter().for_each(|&(us, count)| latency.record_n(us, count));
        totals.attempt_latency.insert("shop".parse().unwrap(), latency);
        books.enter("gate.1#1".parse().unwrap(), totals);
    }

    #[test]
    fn figures_are_of_the_last_second_and_nothing_older() {
        let node = |id: &str| Node { id: id.parse().unwrap(), role: Role::Service(Service::default()) };
        let link = Link { from: "gate".parse().unwrap(), to: "shop".parse().unwrap() };
        let id = link.id();
        let topology = Topology::new(Vec::new(), vec![node("gate"), node("shop")], vec![link]).0;
        let (mut rates, mut books) = (Rates::default(), Books::default());
        rates.sample(0, &topology, &books);
        assert_eq!(rates.recent(&id), Recent::default());
        enter(&mut books, 500_000, 100, &[(2_000, 100)]);
        rates.sample(1_000_000, &topology, &books);
        let slow = rates.recent(&id);
        assert_eq!((slow.rate, slow.failing), (100.0, 10.0));
        assert!((slow.p95_ms.unwrap() - 2.0).abs() < 0.02, "{slow:?}");
        enter(&mut books, 1_500_000, 150, &[(2_000, 100), (40_000, 50)]);
        rates.sample(2_000_000, &topology, &books);
        let fast = rates.recent(&id);
        assert_eq!((fast.rate, fast.failing), (50.0, 5.0));
        assert!((fast.p95_ms.unwrap() - 40.0).abs() < 0.4, "{fast:?}");
        rates.sample(3_000_000, &topology, &books);
        rates.sample(4_000_000, &topology, &books);
        assert_eq!(rates.recent(&id), Recent::default(), "nothing went over it");
    }

    #[test]
    fn a_link_that_was_deleted_and_undone_has_no_figure_before_it_was_there_for_a_second() {
        let node = |id: &str| Node { id: id.parse().unwrap(), role: Role::Service(Service::default()) };
        let link = Link { from: "gate".parse().unwrap(), to: "shop".parse().unwrap() };
        let id = link.id();
        let drawn = Topology::new(Vec::new(), vec![node("gate"), node("shop")], vec![link]).0;
        let mut without = drawn.clone();
        without.remove_link(&id).unwrap();
        let (mut rates, mut books) = (Rates::default(), Books::default());
        let mut seen = Vec::new();
        for tick in 0..40 {
            let at_us = tick * SAMPLE_US;
            enter(&mut books, at_us + 1, 2 * tick, &[(2_000, 2)]);
            let is_there = !(10..20).contains(&tick);
            rates.sample(at_us, if is_there { &drawn } else { &without }, &books);
            if tick >= 20 {
                seen.push(rates.recent(&id).rate);
            }
        }
        let figures: Vec<f32> = seen.iter().copied().skip_while(|rate| *rate == 0.0).collect();
        assert!(figures.len() >= 14 && figures.iter().all(|rate| (rate - 10.0).abs() < 0.01), "{seen:?}");
    }
}
