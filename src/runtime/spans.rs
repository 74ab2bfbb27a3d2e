//! Spans on their way to the window: a bounded queue that keeps the newest, and counts what it had to let go.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::telemetry::Span;

/// How many spans may wait: more than two seconds of the most that nodes sample.
const SPANS: usize = 8192;

/// The queue.
#[derive(Debug, Default)]
pub(super) struct SpanQueue {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    spans: VecDeque<Span>,
    missed: u64,
}

impl SpanQueue {
    /// Puts spans in. The oldest go when there is no room.
    pub(super) fn push(&self, spans: Vec<Span>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.spans.extend(spans);
        let excess = inner.spans.len().saturating_sub(SPANS);
        inner.spans.drain(..excess);
        inner.missed += excess as u64;
    }

    /// Takes all that wait, oldest first.
    pub(super) fn take(&self) -> Vec<Span> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut inner.spans).into()
    }

    /// How many went because nobody took them in time.
    pub(super) fn missed(&self) -> u64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).missed
    }

    /// Forgets everything: a new run begins.
    pub(super) fn clear(&self) {
        *self.inner.lock().unwrap_or_else(PoisonError::into_inner) = Inner::default();
    }
}
