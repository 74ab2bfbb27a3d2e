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
/// How many times slower than the run a picture in slow motion goes.
pub const SLOWER: u64 = 8;
/// A picture in slow motion that is further behind than this jumps to where it should be.
const SLOW_JUMP_US: u64 = 20_000_000;
/// As many snapshots wait to be shown: what comes during the longest way behind, at 60 a second.
const MOST_SNAPSHOTS: usize = 1280;

/// The display clock and the snapshots that wait for their moment.
#[derive(Debug, Default)]
pub struct Playback {
    display_us: u64,
    waiting: VecDeque<Arc<Snapshot>>,
    shown: Arc<Snapshot>,
    latest: Arc<Snapshot>,
    /// Those that were shown since they were last asked for.
    passed: Vec<Arc<Snapshot>>,
    /// Whether the picture stands still while the run goes on.
    pub frozen: bool,
    /// Whether the picture goes [`SLOWER`] than the run.
    pub slow: bool,
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
            let (frozen, slow) = (self.frozen, self.slow);
            *self = Self { latest: Arc::clone(&snapshot), frozen, slow, ..Self::default() };
            self.display_us = snapshot.now_us.saturating_sub(DELAY_US);
            self.show(snapshot);
            return;
        }
        self.waiting.push_back(snapshot);
        if self.waiting.len() > MOST_SNAPSHOTS {
            self.waiting.pop_front();
        }
    }

    /// Moves the clock on by this many seconds of the screen's time.
    pub fn advance(&mut self, seconds: f32) {
        if self.frozen {
            return;
        }
        let due = self.due_us();
        let step = (seconds.clamp(0.0, 0.25) * 1e6) as u64;
        let next = if self.slow {
            let next = self.display_us + step / SLOWER;
            if due > next + SLOW_JUMP_US { due } else { next }
        } else if due > self.display_us + JUMP_US {
            due
        } else {
            // Catch up by at most half as fast again, so that motion stays even.
            self.display_us + step + due.saturating_sub(self.display_us + step).min(step / 2)
        };
        self.go_to(next.min(self.limit_us()));
    }

    /// Moves the clock on to this moment, whatever is due. It never goes back.
    pub fn go_to(&mut self, display_us: u64) {
        self.display_us = self.display_us.max(display_us);
        while self.waiting.front().is_some_and(|next| next.now_us <= self.display_us) {
            if let Some(next) = self.waiting.pop_front() {
                self.show(next);
            }
        }
    }

    /// The snapshots that came to be shown since this was last asked, in order: for what looks at every one of them.
    pub fn take_passed(&mut self) -> Vec<Arc<Snapshot>> {
        std::mem::take(&mut self.passed)
    }

    /// How far the picture is behind where it would be at the run's own speed, in microseconds.
    pub fn late_us(&self) -> u64 {
        self.due_us().saturating_sub(self.display_us)
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

    fn show(&mut self, snapshot: Arc<Snapshot>) {
        if self.passed.len() < MOST_SNAPSHOTS {
            self.passed.push(Arc::clone(&snapshot));
        }
        self.shown = snapshot;
    }

    fn is_live(&self) -> bool {
        matches!(self.latest.phase, Phase::Starting | Phase::Running | Phase::Settling | Phase::Stopping)
    }

    fn due_us(&self) -> u64 {
        let delay = if self.is_live() { DELAY_US } else { 0 };
        self.latest.now_us.saturating_sub(delay)
    }

    fn limit_us(&self) -> u64 {
        // What is on the screen is never newer than what is known.
        if self.is_live() { (self.due_us() + AHEAD_US).min(self.latest.now_us) } else { self.due_us() }
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

    /// Plays a run of this many seconds, in frames of 33 ms.
    fn play(playback: &mut Playback, from_s: u64, seconds: u64) {
        for now in (from_s * 1_000_000..(from_s + seconds) * 1_000_000).step_by(33_000) {
            playback.observe(at(now, Phase::Running));
            playback.advance(0.033);
        }
    }

    #[test]
    fn slow_motion_falls_behind_says_so_and_comes_back() {
        let mut playback = Playback::default();
        play(&mut playback, 0, 4);
        playback.slow = true;
        let before = playback.display_us();
        play(&mut playback, 4, 8);
        let gone = playback.display_us() - before;
        assert!(gone.abs_diff(1_000_000) < 20_000, "eight seconds are shown as one: {gone}");
        assert!(playback.late_us().abs_diff(7_000_000) < 400_000, "{}", playback.late_us());
        assert!(playback.shown().now_us <= playback.display_us());
        playback.slow = false;
        play(&mut playback, 12, 1);
        assert!(playback.late_us() < 300_000, "{}", playback.late_us());
    }

    #[test]
    fn slow_motion_jumps_before_it_is_hopelessly_late() {
        let mut playback = Playback { slow: true, ..Playback::default() };
        play(&mut playback, 0, 60);
        assert!(playback.late_us() <= SLOW_JUMP_US, "{}", playback.late_us());
        assert!(playback.display_us() > 20_000_000);
    }

    #[test]
    fn every_snapshot_passes_once_and_in_order() {
        let mut playback = Playback::default();
        let mut passed = Vec::new();
        for now in (0..3_000_000).step_by(10_000) {
            playback.observe(at(now, Phase::Running));
            if now % 50_000 == 0 {
                playback.advance(0.05);
                passed.extend(playback.take_passed().iter().map(|snapshot| snapshot.now_us));
            }
        }
        assert!(passed.len() > 200 && passed.windows(2).all(|pair| pair[1] - pair[0] == 10_000));
    }

    #[test]
    fn a_new_run_begins_at_once() {
        let mut playback = Playback::default();
        playback.observe(at(90_000_000, Phase::Finished));
        playback.observe(at(0, Phase::Starting));
        assert_eq!((playback.shown().phase, playback.display_us()), (Phase::Starting, 0));
    }
}
