//! Recent spans, joined into traces, until they are drawn. Bounded; what does not fit is dropped and counted.

use std::collections::{BTreeMap, VecDeque};

use crate::telemetry::{Span, SpanId, SpanKind, TraceId};

/// As many traces wait to be drawn, or for their root to arrive.
const MOST_TRACES: usize = 4096;
/// As many spans of one trace are kept.
const MOST_SPANS: usize = 128;

/// Spans that have not been drawn yet.
#[derive(Debug, Default)]
pub struct Timeline {
    traces: BTreeMap<TraceId, Vec<Span>>,
    /// In the order of arrival, for the oldest to go first.
    arrived: VecDeque<TraceId>,
    dropped: u64,
}

impl Timeline {
    /// Takes spans in, in whatever order they come.
    pub fn enter(&mut self, spans: impl IntoIterator<Item = Span>) {
        for span in spans {
            let trace = self.traces.entry(span.trace).or_insert_with(|| {
                self.arrived.push_back(span.trace);
                Vec::new()
            });
            if trace.len() >= MOST_SPANS {
                self.dropped += 1;
            } else if trace.iter().all(|known| known.id != span.id) {
                trace.push(span);
            }
            while self.traces.len() > MOST_TRACES {
                let Some(oldest) = self.arrived.pop_front() else { break };
                self.dropped += self.traces.remove(&oldest).map_or(0, |spans| spans.len() as u64);
            }
        }
    }

    /// Takes out every trace whose request began at or before this moment, in the order in which they began. Pieces of
    /// traces whose request never came are given up once all of them are older than `forget_us`.
    pub fn take_begun(&mut self, display_us: u64, forget_us: u64) -> Vec<Tree> {
        let mut begun = Vec::new();
        self.traces.retain(|_, spans| {
            let root = spans.iter().find(|span| span.kind == SpanKind::Request).map(|root| root.start_us);
            match root {
                Some(start_us) if start_us <= display_us => {
                    begun.extend(Tree::grow(std::mem::take(spans)));
                    false
                }
                Some(_) => true,
                None if spans.iter().all(|span| span.end_us < forget_us) => {
                    self.dropped += spans.len() as u64;
                    false
                }
                None => true,
            }
        });
        self.arrived.retain(|trace| self.traces.contains_key(trace));
        begun.sort_by_key(|tree| tree.root.start_us);
        begun
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
    children: BTreeMap<SpanId, Vec<Span>>,
}

impl Tree {
    /// Joins spans by their parents. `None` without a request to begin with.
    pub fn grow(mut spans: Vec<Span>) -> Option<Self> {
        let at = spans.iter().position(|span| span.kind == SpanKind::Request)?;
        let root = spans.swap_remove(at);
        let mut children: BTreeMap<SpanId, Vec<Span>> = BTreeMap::new();
        for span in spans {
            if let Some(parent) = span.parent {
                children.entry(parent).or_default().push(span);
            }
        }
        for siblings in children.values_mut() {
            siblings.sort_by_key(|span| (span.start_us, span.attempt));
        }
        Some(Self { root, children })
    }

    /// How many spans it has.
    pub fn spans(&self) -> u64 {
        1 + self.children.values().map(|siblings| siblings.len() as u64).sum::<u64>()
    }

    /// What a span caused directly, in the order in which it began.
    pub fn children(&self, of: &Span) -> &[Span] {
        self.children.get(&of.id).map_or(&[], Vec::as_slice)
    }
}
