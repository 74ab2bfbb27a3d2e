//! The run second by second, from the users' cumulative counters: what a report adds to the one before belongs to the
//! second in which it was read. Reports come five times a second, so a second's edge is off by a fifth at most.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::telemetry::{OperationBooks, Totals};
use crate::topology::{Expectation, LifeId, Window};

use super::snapshot::TimelinePoint;

const SECOND_US: u64 = 1_000_000;
/// How many seconds keep their histogram; older ones keep only their percentiles.
const OPEN_SECONDS: u32 = 3;

/// Seconds, and the windows that expectations ask for.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// One for each second that is over.
    points: Vec<TimelinePoint>,
    /// The newest seconds, whose histograms still grow.
    open: BTreeMap<u32, OperationBooks>,
    windows: Vec<WindowBooks>,
    seen: BTreeMap<LifeId, BTreeMap<String, OperationBooks>>,
}

#[derive(Debug)]
struct WindowBooks {
    window: Window,
    of: Option<String>,
    books: OperationBooks,
}

impl Timeline {
    /// A timeline that also keeps the books of the windows that these expectations name.
    pub(super) fn new(expectations: &[Expectation]) -> Self {
        let windows = expectations.iter().filter_map(|expectation| {
            let window = expectation.during?;
            Some(WindowBooks { window, of: expectation.of.clone(), books: OperationBooks::default() })
        });
        Self { windows: windows.collect(), ..Self::default() }
    }

    /// Takes a users life's newer totals, read at a moment counted from t = 0.
    pub(super) fn enter(&mut self, life: &LifeId, totals: &Totals, since_start_us: u64) {
        let second = u32::try_from(since_start_us.saturating_sub(1) / SECOND_US).unwrap_or(u32::MAX);
        let seen = self.seen.entry(life.clone()).or_default();
        for (name, books) in &totals.operations {
            let earlier = seen.insert(name.clone(), books.clone()).unwrap_or_default();
            let news = difference(books, &earlier);
            for window in &mut self.windows {
                if window.window.covers(since_start_us) && window.of.as_ref().is_none_or(|of| of == name) {
                    window.books.add(&news);
                }
            }
            match self.points.get_mut(second as usize) {
                Some(point) if !self.open.contains_key(&second) => count(point, &news),
                _ => self.open.entry(second).or_default().add(&news),
            }
        }
    }

    /// Enters the seconds that are over, with how sessions stand at their end.
    pub(super) fn advance(&mut self, since_start_us: u64, sessions_open: u64, sessions_lost: u64) {
        let over = u32::try_from(since_start_us / SECOND_US).unwrap_or(u32::MAX);
        for second in self.points.len() as u32..over {
            self.points.push(TimelinePoint {
                second,
                sessions_open: u32::try_from(sessions_open).unwrap_or(u32::MAX),
                sessions_lost: u32::try_from(sessions_lost).unwrap_or(u32::MAX),
                ..TimelinePoint::default()
            });
        }
        while let Some(entry) = self.open.first_entry() {
            if entry.key().saturating_add(OPEN_SECONDS) >= over {
                break;
            }
            let (second, books) = entry.remove_entry();
            if let Some(point) = self.points.get_mut(second as usize) {
                count(point, &books);
                measure(point, &books);
            }
        }
    }

    /// One point for each second that is over.
    pub(super) fn points(&self) -> Arc<[TimelinePoint]> {
        let mut points = self.points.clone();
        for (&second, books) in &self.open {
            if let Some(point) = points.get_mut(second as usize) {
                count(point, books);
                measure(point, books);
            }
        }
        points.into()
    }

    /// The books of a window that some expectation names.
    pub(super) fn window(&self, window: Window, of: Option<&str>) -> Option<&OperationBooks> {
        self.windows.iter().find(|books| books.window == window && books.of.as_deref() == of).map(|found| &found.books)
    }
}

fn count(point: &mut TimelinePoint, books: &OperationBooks) {
    point.ok = point.ok.saturating_add(u32::try_from(books.ok).unwrap_or(u32::MAX));
    let bad = books.failed_total() + books.timed_out;
    point.bad = point.bad.saturating_add(u32::try_from(bad).unwrap_or(u32::MAX));
}

fn measure(point: &mut TimelinePoint, books: &OperationBooks) {
    let quantile = |share| books.latency.quantile_us(share).map(|us| us as f32 / 1e3);
    point.p50_ms = quantile(0.5);
    point.p99_ms = quantile(0.99);
}

/// What `new` counted since `old`.
fn difference(new: &OperationBooks, old: &OperationBooks) -> OperationBooks {
    let failed = new.failed.iter().map(|(&cause, &count)| {
        let before = old.failed.get(&cause).copied().unwrap_or_default();
        (cause, count.saturating_sub(before))
    });
    OperationBooks {
        issued: new.issued.saturating_sub(old.issued),
        ok: new.ok.saturating_sub(old.ok),
        degraded: new.degraded.saturating_sub(old.degraded),
        failed: failed.filter(|&(_, count)| count > 0).collect(),
        timed_out: new.timed_out.saturating_sub(old.timed_out),
        failed_idempotent: new.failed_idempotent.saturating_sub(old.failed_idempotent),
        latency: new.latency.since(&old.latency),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(at_us: u64, ok: u64, latency_us: u64) -> Totals {
        let mut books = OperationBooks { issued: ok, ok, ..OperationBooks::default() };
        books.latency.record_n(1_000, (ok / 2) as u32);
        books.latency.record_n(latency_us, (ok - ok / 2) as u32);
        Totals { at_us, operations: [("cart.add".to_owned(), books)].into(), ..Totals::default() }
    }

    #[test]
    fn cumulative_reports_become_seconds() {
        let life: LifeId = "shoppers.1#1".parse().unwrap();
        let mut timeline = Timeline::default();
        for (at_us, ok) in [(800_000, 10), (1_000_000, 12), (1_200_000, 15), (2_000_000, 20)] {
            timeline.enter(&life, &totals(at_us, ok, 1_000), at_us);
        }
        timeline.advance(2_100_000, 5, 1);
        let points = timeline.points();
        assert_eq!(points.iter().map(|point| point.ok).collect::<Vec<_>>(), [12, 8]);
        assert_eq!((points[1].sessions_open, points[1].sessions_lost), (5, 1));
        assert!(points[0].p50_ms.unwrap() > 0.9);
        timeline.advance(20_000_000, 5, 1);
        assert_eq!(timeline.points()[..2].iter().map(|point| point.ok).collect::<Vec<_>>(), [12, 8]);
    }

    #[test]
    fn a_window_counts_only_what_ended_in_it() {
        let window: Window = "1s..2s".parse().unwrap();
        let expectation = Expectation {
            metric: "requests.ok".to_owned(),
            of: None,
            during: Some(window),
            at_least: None,
            at_most: None,
            equals: None,
            says: String::new(),
        };
        let life: LifeId = "shoppers.1#1".parse().unwrap();
        let mut timeline = Timeline::new(&[expectation]);
        for (at_us, ok) in [(1_000_000, 12), (1_800_000, 20), (2_200_000, 30)] {
            timeline.enter(&life, &totals(at_us, ok, 1_000), at_us);
        }
        assert_eq!(timeline.window(window, None).unwrap().ok, 8);
    }
}
