//! The display clock: which moment of the run is on the screen. Everything is shown a little late, so that a request's
//! spans have all arrived when its dot sets out. Time comes in as an argument.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::control::Snapshot;
use crate::control::snapshot::Phase;

/// How late the picture is against the run.
pub const DELAY_US: u64 = 700_000;
/// A picture further behind than this jumps to where it should be.
const JUMP_US: u64 = 3_000_000;
/// How far the clock runs on between two snapshots.
const AHEAD_US: u64 = 200_000;
/// As many snapshots wait to be shown: two seconds at 60 a second.
const MOST_SNAPSHOTS: usize = 120;

/// The display clock and the snapshots that wait for their moment.
#[derive(Debug, Default)]
pub struct Playback {
    display_us: u64,
    waiting: VecDeque<Arc<Snapshot>>,
    shown: Arc<Snapshot>,
    latest: Arc<Snapshot>,
    /// Whether the picture stands still while the run goes on.
    pub frozen: bool,
}

impl Playback {
    /// Takes the newest snapshot in.
    pub fn observe(&mut self, snapshot: Arc<Snapshot>) {
        if Arc::ptr_eq(&snapshot, &self.latest) {
            return;
        }
        let anew = snapshot.now_us < self.latest.now_us || snapshot.phase == Phase::Idle;
        self.latest = Arc::clone(&snapshot);
        if anew || self.waiting.is_empty() && self.shown.phase == Phase::Idle {
            *self = Self { latest: Arc::clone(&snapshot), frozen: self.frozen, ..Self::default() };
            self.display_us = snapshot.now_us.saturating_sub(DELAY_US);
            self.shown = snapshot;
            return;
        }
        self.waiting.push_back(snapshot);
        if self.waiting.len() > MOST_SNAPSHOTS {
            self.waiting.pop_front();
        }
    }

    /// Moves the clock on by this many seconds of the screen's time. Whether anything changed.
    pub fn advance(&mut self, seconds: f32) -> bool {
        if self.frozen {
            return false;
        }
        let before = self.display_us;
        let due = self.due_us();
        let step = (seconds.clamp(0.0, 0.25) * 1e6) as u64;
        self.display_us = if due > self.display_us + JUMP_US {
            due
        } else {
            // Catch up by at most half as fast again, so that motion stays even.
            let extra = due.saturating_sub(self.display_us + step).min(step / 2);
            (self.display_us + step + extra).min(self.limit_us()).max(before)
        };
        let mut changed = self.display_us != before;
        while self.waiting.front().is_some_and(|next| next.now_us <= self.display_us) {
            if let Some(next) = self.waiting.pop_front() {
                self.shown = next;
                changed = true;
            }
        }
        changed
    }

    /// The moment on the screen, in microseconds of run time.
    pub fn display_us(&self) -> u64 {
        self.display_us
    }

    /// The run as it was at the moment on the screen.
    pub fn shown(&self) -> &Arc<Snapshot> {
        &self.shown
    }

    /// The run as it is: for what answers clicks, not for what is drawn.
    pub fn latest(&self) -> &Arc<Snapshot> {
        &self.latest
    }

    /// Whether the clock has somewhere to go.
    pub fn is_moving(&self) -> bool {
        !self.frozen && (self.display_us < self.limit_us() || !self.waiting.is_empty())
    }

    fn is_live(&self) -> bool {
        matches!(self.latest.phase, Phase::Starting | Phase::Running | Phase::Settling | Phase::Stopping)
    }

    fn due_us(&self) -> u64 {
        let delay = if self.is_live() { DELAY_US } else { 0 };
        self.latest.now_us.saturating_sub(delay)
    }

    fn limit_us(&self) -> u64 {
        if self.is_live() { self.due_us() + AHEAD_US } else { self.due_us() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(now_us: u64, phase: Phase) -> Arc<Snapshot> {
        Arc::new(Snapshot { now_us, phase, ..Snapshot::default() })
    }

    #[test]
    fn the_clock_never_goes_back_and_a_snapshot_is_shown_only_when_its_moment_has_come() {
        let mut playback = Playback::default();
        let mut before = 0;
        for now in (1_000_000..6_000_000).step_by(33_000) {
            playback.observe(at(now, Phase::Running));
            playback.advance(0.033);
            assert!(playback.display_us() >= before);
            assert!(playback.shown().now_us <= playback.display_us().max(1_000_000));
            before = playback.display_us();
        }
        assert!(before.abs_diff(6_000_000 - DELAY_US) < 300_000, "{before}");
    }

    #[test]
    fn at_the_end_of_a_run_the_picture_catches_up_and_rests() {
        let mut playback = Playback::default();
        playback.observe(at(5_000_000, Phase::Running));
        playback.observe(at(5_100_000, Phase::Finished));
        for _ in 0..10 {
            playback.advance(0.25);
        }
        assert_eq!(playback.shown().phase, Phase::Finished);
        assert!(!playback.is_moving());
    }

    #[test]
    fn a_new_run_begins_at_once() {
        let mut playback = Playback::default();
        playback.observe(at(90_000_000, Phase::Finished));
        playback.observe(at(0, Phase::Starting));
        assert_eq!((playback.shown().phase, playback.display_us()), (Phase::Starting, 0));
    }
}
