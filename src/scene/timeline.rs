//! Recent spans, joined into traces, until they are drawn. Bounded; what does not fit is dropped and counted.

use std::collections::{BTreeSet, VecDeque};

use super::playback::DELAY_US;
use crate::telemetry::{Span, SpanKind, TraceId};

use super::hash::Table;

/// As many traces wait to be drawn, or for their root to arrive.
const MOST_TRACES: usize = 1 << 15;
/// Room is made for so many spans of a trace at first: those of a request over five links.
const USUAL_SPANS: usize = 12;
/// As many spans of one trace are kept.
const MOST_SPANS: usize = 128;
/// So long after a request ended are all its hops known: nodes report every 200 ms, each in its own rhythm.
const GATHERED_US: u64 = 450_000;

/// Spans that have not been drawn yet.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    traces: Table<TraceId, Vec<Span>>,
    /// Those whose request has come, by when it began.
    due: BTreeSet<(u64, TraceId)>,
    /// In the order of arrival, for the oldest to go first. Those that were taken out may still be in it.
    arrived: VecDeque<TraceId>,
    /// The moment of run time of which there is news.
    heard_us: u64,
    dropped: u64,
}

impl Timeline {
    /// There is news of this moment of run time.
    pub(super) fn hear(&mut self, now_us: u64) {
        self.heard_us = now_us;
    }

    /// Takes spans in, in whatever order they come.
    pub(super) fn enter(&mut self, spans: impl IntoIterator<Item = Span>) {
        for span in spans {
            let trace = self.traces.entry(span.trace).or_insert_with(|| {
                self.arrived.push_back(span.trace);
                Vec::with_capacity(USUAL_SPANS)
            });
            if trace.len() >= MOST_SPANS {
                self.dropped += 1;
            } else if trace.iter().all(|known| known.id != span.id) {
                if span.kind == SpanKind::Request && trace.iter().all(|known| known.kind != SpanKind::Request) {
                    self.due.insert((span.start_us, span.trace));
                }
                trace.push(span);
            }
            while self.traces.len() > MOST_TRACES {
                let Some(oldest) = self.arrived.pop_front() else { break };
                self.drop_trace(oldest);
            }
        }
    }

    /// Takes out every trace whose request began at or before this moment or will within `ahead_us`, in the order in which
    /// they began. One that was long on its way waits until all its hops are known. Pieces of traces whose request never
    /// came are given up once all of them are older than `forget_us`.
    pub(super) fn take_begun(&mut self, display_us: u64, ahead_us: u64, forget_us: u64) -> Vec<Tree> {
        let gathered_us = self.heard_us.max(display_us + DELAY_US).saturating_sub(GATHERED_US);
        let is_whole = |trace: &TraceId| {
            let spans = self.traces.get(trace).into_iter().flatten();
            spans.filter(|span| span.kind == SpanKind::Request).all(|request| request.end_us <= gathered_us)
        };
        let soon = ..=(display_us + ahead_us, TraceId(u128::MAX));
        let due: Vec<TraceId> = self.due.extract_if(soon, |(_, trace)| is_whole(trace)).map(|(_, id)| id).collect();
        let begun = due.iter().filter_map(|trace| self.traces.remove(trace)).filter_map(Tree::grow).collect();
        // What came first is old first, so that it is enough to look at the front.
        while let Some(trace) = self.arrived.front() {
            let forgotten =
                |spans: &Vec<Span>| spans.iter().all(|span| span.kind != SpanKind::Request && span.end_us < forget_us);
            if !self.traces.get(trace).is_none_or(forgotten) {
                break;
            }
            if let Some(trace) = self.arrived.pop_front() {
                self.drop_trace(trace);
            }
        }
        if self.arrived.len() > 2 * MOST_TRACES {
            self.arrived.retain(|trace| self.traces.contains_key(trace));
        }
        begun
    }

    fn drop_trace(&mut self, trace: TraceId) {
        let Some(spans) = self.traces.remove(&trace) else { return };
        self.dropped += spans.len() as u64;
        if let Some(request) = spans.iter().find(|span| span.kind == SpanKind::Request) {
            self.due.remove(&(request.start_us, trace));
        }
    }

    /// Spans that were never drawn: no room, or their request never came.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.traces.is_empty()
    }
}

/// One trace as a tree.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The user's request.
    pub root: Span,
    /// All other spans, siblings side by side in the order in which they began.
    others: Vec<Span>,
}

impl Tree {
    /// Joins spans by their parents. `None` without a request to begin with.
    pub fn grow(mut spans: Vec<Span>) -> Option<Self> {
        let at = spans.iter().position(|span| span.kind == SpanKind::Request)?;
        let root = spans.swap_remove(at);
        spans.retain(|span| span.parent.is_some());
        spans.sort_by_key(|span| (span.parent, span.start_us, span.attempt));
        Some(Self { root, others: spans })
    }

    /// How many spans it has.
    pub fn spans(&self) -> u64 {
        1 + self.others.len() as u64
    }

    /// What a span caused directly, in the order in which it began.
    pub fn children(&self, of: &Span) -> &[Span] {
        let begin = self.others.partition_point(|span| span.parent < Some(of.id));
        let end = begin + self.others[begin..].partition_point(|span| span.parent == Some(of.id));
        &self.others[begin..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::{Outcome, SpanId};

    /// A hop of one request that begins at 1 s and takes 0.6 s.
    fn hop(id: u64, kind: SpanKind) -> Span {
        Span {
            trace: TraceId(7),
            id: SpanId(id),
            parent: (id > 1).then_some(SpanId(1)),
            life: "shop.1#1".parse().unwrap(),
            kind,
            name: "orders.checkout".to_owned(),
            to: None,
            peer: None,
            start_us: 1_000_000,
            end_us: 1_600_000,
            outcome: Outcome::Ok,
            status: 200,
            attempt: 1,
            user: Some(1),
        }
    }

    #[test]
    fn a_long_request_waits_for_the_hops_that_are_reported_after_it() {
        let mut timeline = Timeline::default();
        // Each node reports in its own rhythm, so what the users say may come 0.2 s before what the others say.
        timeline.enter([hop(1, SpanKind::Request)]);
        timeline.hear(1_800_000);
        assert!(timeline.take_begun(1_100_000, 0, 0).is_empty());
        timeline.enter([hop(2, SpanKind::Server)]);
        timeline.hear(2_100_000);
        let begun = timeline.take_begun(1_400_000, 0, 0);
        assert_eq!(begun.iter().map(Tree::spans).collect::<Vec<_>>(), [2]);
        assert!(timeline.take_begun(20_000_000, 0, 10_000_000).is_empty());
        assert_eq!((timeline.dropped(), timeline.is_empty()), (0, true));
    }

    #[test]
    fn in_slow_motion_a_long_request_sets_out_when_it_began() {
        let mut timeline = Timeline::default();
        timeline.enter([hop(1, SpanKind::Request), hop(2, SpanKind::Server)]);
        timeline.hear(5_000_000);
        assert!(timeline.take_begun(999_999, 0, 0).is_empty());
        assert_eq!(timeline.take_begun(999_000, 1_000, 0).len(), 1);
    }
}
