//! Finished spans of traces that were not sampled, kept for two seconds in case somebody wants them, and the traces that
//! were wanted in the last two seconds, whose late spans are sent as well. Pure: the time is an argument.

use std::collections::VecDeque;

use crate::telemetry::{Span, TraceId};

/// How long both are remembered, in microseconds.
const MEMORY_US: u64 = 2_000_000;
/// The highest number of spans kept; the oldest makes room.
const SPANS: usize = 4_096;
/// The highest number of wanted traces remembered; the oldest makes room.
const WANTED: usize = 1_024;

/// Bounded and empty until used.
#[derive(Debug, Default)]
pub(super) struct Kept {
    spans: VecDeque<(u64, Span)>,
    wanted: VecDeque<(u64, TraceId)>,
}

impl Kept {
    /// Keeps a span that ended now.
    pub(super) fn keep(&mut self, span: Span, now_us: u64) {
        self.forget(now_us);
        if self.spans.len() == SPANS {
            self.spans.pop_front();
        }
        self.spans.push_back((now_us, span));
    }

    /// Whether spans of this trace are wanted.
    pub(super) fn wants(&mut self, trace: TraceId, now_us: u64) -> bool {
        self.forget(now_us);
        self.wanted.iter().any(|(_, wanted)| *wanted == trace)
    }

    /// Remembers that a trace is wanted and gives out what is kept of it.
    pub(super) fn want(&mut self, trace: TraceId, now_us: u64) -> Vec<Span> {
        self.forget(now_us);
        if self.wanted.len() == WANTED {
            self.wanted.pop_front();
        }
        self.wanted.push_back((now_us, trace));
        let mut found = Vec::new();
        // From the back, where wanted spans usually are: taking one out there moves few others.
        for at in (0..self.spans.len()).rev() {
            if self.spans[at].1.trace == trace {
                found.extend(self.spans.remove(at).map(|(_, span)| span));
            }
        }
        found.reverse();
        found
    }

    fn forget(&mut self, now_us: u64) {
        let old = |at: u64| at + MEMORY_US < now_us;
        while self.spans.front().is_some_and(|(at, _)| old(*at)) {
            self.spans.pop_front();
        }
        while self.wanted.front().is_some_and(|(at, _)| old(*at)) {
            self.wanted.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::{Outcome, SpanId, SpanKind};

    fn span(trace: u128) -> Span {
        Span {
            trace: TraceId(trace),
            id: SpanId(1),
            parent: None,
            life: "shop.1#1".parse().unwrap(),
            kind: SpanKind::Server,
            name: "cart.add".to_owned(),
            to: None,
            peer: None,
            start_us: 0,
            end_us: 1,
            outcome: Outcome::Ok,
            status: 200,
            attempt: 0,
            user: None,
        }
    }

    #[test]
    fn a_wanted_trace_is_given_out_once_and_its_late_spans_are_wanted_for_two_seconds() {
        let mut kept = Kept::default();
        kept.keep(span(1), 0);
        kept.keep(span(2), 0);
        assert!(!kept.wants(TraceId(1), 0));
        assert_eq!(kept.want(TraceId(1), 1), [span(1)]);
        assert_eq!(kept.want(TraceId(1), 1), []);
        assert!(kept.wants(TraceId(1), 2_000_000));
        assert!(!kept.wants(TraceId(1), 2_000_002));
        assert_eq!(kept.want(TraceId(2), 3_000_000), [], "too old");
    }

    #[test]
    fn it_holds_a_bounded_number() {
        let mut kept = Kept::default();
        (0..10_000).for_each(|trace| kept.keep(span(trace), 0));
        assert_eq!(kept.spans.len(), SPANS);
        (0..10_000).for_each(|trace| drop(kept.want(TraceId(trace), 0)));
        assert_eq!(kept.wanted.len(), WANTED);
    }
}
