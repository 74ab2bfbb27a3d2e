//! *Watch again*: the last seconds are recorded, and the last fault is shown once more, slowly. The run goes on behind
//! it, and nothing here reaches it.

use std::sync::Arc;

use crate::control::Snapshot;
use crate::scene::playback::SLOWER;
use crate::scene::{Drawing, Forgotten, Picture, Recording, Replay};
use crate::telemetry::Span;

/// So much of the run is kept, in microseconds.
const KEEP_US: u64 = 20_000_000;

/// The recording, and what is shown of it.
pub(super) struct Again {
    recording: Recording,
    shown: Option<(Replay, String)>,
}

impl Again {
    pub(super) fn new() -> Self {
        Self { recording: Recording::new(KEEP_US), shown: None }
    }

    /// Records what the window took in, and the moment that it showed.
    /// Returns what is too old for it now.
    pub(super) fn record(&mut self, snapshot: &Arc<Snapshot>, spans: Arc<[Span]>, display_us: u64) -> Forgotten {
        self.recording.record(snapshot, spans, display_us)
    }

    /// Begins to show the last fault again. Whether there is one.
    pub(super) fn begin(&mut self, drawing: Drawing<'_>) -> bool {
        let Some(wave) = self.recording.last_wave() else { return false };
        let mut replay = self.recording.replay(wave.from_us);
        replay.end_at(wave.until_us);
        replay.advance(drawing, 0.0);
        self.shown = Some((replay, wave.fault));
        true
    }

    /// Goes on by so many seconds of the screen's time, and comes back to now by itself at the end.
    pub(super) fn advance(&mut self, drawing: Drawing<'_>, seconds: f32) {
        if let Some((replay, _)) = &mut self.shown
            && !replay.advance(drawing, f64::from(seconds) / SLOWER as f64)
        {
            self.shown = None;
        }
    }

    /// Back to now.
    pub(super) fn end(&mut self) {
        self.shown = None;
    }

    /// Back to now, with nothing left to be shown.
    pub(super) fn clear(&mut self) {
        self.shown = None;
        self.recording.clear();
    }

    /// What is shown in place of now.
    pub(super) fn replay(&self) -> Option<&Replay> {
        self.shown.as_ref().map(|(replay, _)| replay)
    }

    /// Its picture.
    pub(super) fn picture_mut(&mut self) -> Option<&mut Picture> {
        self.shown.as_mut().map(|(replay, _)| &mut replay.picture)
    }

    /// The fault that is shown again, in words.
    pub(super) fn fault(&self) -> Option<&str> {
        self.shown.as_ref().map(|(_, fault)| fault.as_str())
    }

    /// Whether there is a fault to be shown again.
    pub(super) fn is_possible(&self) -> bool {
        self.recording.has_fault()
    }
}
