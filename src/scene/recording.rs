//! What the window showed, kept for a while, so that it can be shown again: *Watch again* and moving pictures. Bounded;
//! what is dropped to stay within bounds is counted. Nothing here reaches the running system.

mod replay;
mod wave;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::control::Snapshot;
use crate::telemetry::Span;

use super::playback::DELAY_US;

pub use replay::Replay;
pub use wave::Wave;

/// What is kept before the earliest moment that can be replayed: as long as a dot may be on its way.
const LEAD_US: u64 = 6_000_000;
/// As many snapshots are kept: ten minutes at 30 a second.
const MOST_SNAPSHOTS: usize = 18_000;
/// As many spans are kept.
const MOST_SPANS: usize = 300_000;

/// Snapshots and spans, with the moments on the screen at which they became known.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    keep_us: u64,
    pieces: VecDeque<Piece>,
    latest: Arc<Snapshot>,
    spans: usize,
    dropped: u64,
}

/// What became known at one moment.
#[derive(Debug, Clone)]
struct Piece {
    /// The moment that was on the screen, in microseconds of run time.
    display_us: u64,
    news: News,
}

#[derive(Debug, Clone)]
enum News {
    Snapshot(Arc<Snapshot>),
    Spans(Arc<[Span]>),
}

/// What a recording keeps no more. To free it takes longer than to record.
#[derive(Debug, Default)]
pub struct Forgotten {
    pub(super) snapshots: Vec<Arc<Snapshot>>,
    pub(super) spans: Vec<Arc<[Span]>>,
}

impl Recording {
    /// A recording of the last `keep_us` microseconds.
    pub fn new(keep_us: u64) -> Self {
        Self { keep_us, ..Self::default() }
    }

    /// Records what a window took in at once, and the moment that it showed then. A clock that stands still or goes
    /// slowly is recorded as if it had gone as it should.
    /// What is too old for it now is returned.
    pub fn record(&mut self, snapshot: &Arc<Snapshot>, spans: impl Into<Arc<[Span]>>, display_us: u64) -> Forgotten {
        self.note(snapshot, display_us);
        self.note_spans(spans.into(), display_us);
        self.forget()
    }

    /// Records the newest snapshot. One that was recorded just before changes nothing; one that goes back in time begins
    /// the recording anew.
    pub fn snapshot(&mut self, snapshot: &Arc<Snapshot>) {
        self.note(snapshot, 0);
        self.forget();
    }

    /// Records spans that have come since the newest snapshot.
    pub fn spans(&mut self, spans: impl Into<Arc<[Span]>>) {
        self.note_spans(spans.into(), 0);
        self.forget();
    }

    /// Forgets everything but how much to keep.
    pub fn clear(&mut self) {
        *self = Self::new(self.keep_us);
    }

    /// The newest snapshot.
    pub fn latest(&self) -> &Arc<Snapshot> {
        &self.latest
    }

    /// The first and the last moment that can be shown, in microseconds of run time. `None` while nothing is recorded.
    pub fn span_us(&self) -> Option<(u64, u64)> {
        let first = self.pieces.front()?.display_us;
        let last = self.latest.now_us;
        Some((first.max(last.saturating_sub(self.keep_us)), last))
    }

    /// Snapshots and spans that were dropped because there were too many of them, not because they were old.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The run again, from this moment of run time on, or from the earliest that is kept. The recording may go on
    /// meanwhile; the replay does not see that.
    pub fn replay(&self, from_us: u64) -> Replay {
        Replay::new(self, from_us)
    }

    fn note(&mut self, snapshot: &Arc<Snapshot>, display_us: u64) {
        if Arc::ptr_eq(snapshot, &self.latest) {
            return;
        }
        if snapshot.now_us < self.latest.now_us {
            self.clear();
        }
        self.latest = Arc::clone(snapshot);
        self.push(News::Snapshot(Arc::clone(snapshot)), display_us);
    }

    fn note_spans(&mut self, spans: Arc<[Span]>, display_us: u64) {
        if !spans.is_empty() {
            self.spans += spans.len();
            self.push(News::Spans(spans), display_us);
        }
    }

    fn push(&mut self, news: News, display_us: u64) {
        let due_us = self.latest.now_us.saturating_sub(DELAY_US);
        let before_us = self.pieces.back().map_or(0, |piece| piece.display_us);
        // What is on the screen is never newer than what is known.
        let display_us = display_us.min(self.latest.now_us).max(due_us).max(before_us);
        self.pieces.push_back(Piece { display_us, news });
    }

    fn forget(&mut self) -> Forgotten {
        let mut forgotten = Forgotten::default();
        let old_us = self.latest.now_us.saturating_sub(self.keep_us + LEAD_US + DELAY_US);
        while self.pieces.get(1).is_some_and(|second| second.display_us < old_us) {
            self.drop_first(&mut forgotten);
        }
        while self.pieces.len() > 2 * MOST_SNAPSHOTS || self.spans > MOST_SPANS {
            self.dropped += self.drop_first(&mut forgotten);
        }
        forgotten
    }

    /// Drops the oldest piece. Returns how many snapshots or spans that is.
    fn drop_first(&mut self, forgotten: &mut Forgotten) -> u64 {
        match self.pieces.pop_front().map(|piece| piece.news) {
            None => 0,
            Some(News::Snapshot(snapshot)) => {
                forgotten.snapshots.push(snapshot);
                1
            }
            Some(News::Spans(spans)) => {
                let count = spans.len();
                self.spans -= count;
                forgotten.spans.push(spans);
                count as u64
            }
        }
    }
}

#[cfg(test)]
mod tests;
