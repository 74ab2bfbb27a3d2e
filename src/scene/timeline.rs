//! Recent spans, joined into traces, until they are drawn. Bounded; what does not fit is dropped and counted.

use std::collections::{BTreeSet, VecDeque};

use crate::telemetry::{Span, SpanKind, TraceId};

use super::hash::Table;

/// As many traces wait to be drawn, or for their root to arrive.
const MOST_TRACES: usize = 1 << 15;
/// Room is made for so many spans of a trace at first: those of a request over five links.
const USUAL_SPANS: usize = 12;
/// As many spans of one trace are kept.
const MOST_SPANS: usize = 128;

/// Spans that have not been drawn yet.
#[derive(Debug, Default)]
pub struct Timeline {
    traces: Table<TraceId, Vec<Span>>,
    /// Those whose request has come, by when it began.
    due: BTreeSet<(u64, TraceId)>,
    /// In the order of arrival, for the oldest to go first. Those that were taken out may still be in it.
    arrived: VecDeque<TraceId>,
    dropped: u64,
}

impl Timeline {
    /// Takes spans in, in whatever order they come.
    pub fn enter(&mut self, spans: impl IntoIterator<Item = Span>) {
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

    /// Takes out every trace whose request began at or before this moment, in the order in which they began. Pieces of
    /// traces whose request never came are given up once all of them are older than `forget_us`.
    pub fn take_begun(&mut self, display_us: u64, forget_us: u64) -> Vec<Tree> {
        let mut begun = Vec::new();
        while self.due.first().is_some_and(|(start_us, _)| *start_us <= display_us) {
            let spans = self.due.pop_first().and_then(|(_, trace)| self.traces.remove(&trace));
            begun.extend(spans.and_then(Tree::grow));
        }
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
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
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
