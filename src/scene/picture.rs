//! What is on the canvas at this moment: the display clock, the requests under way, and who lost what just now.

use std::sync::Arc;

use crate::control::Snapshot;
use crate::control::snapshot::Phase;
use crate::telemetry::Span;
use crate::topology::{NodeId, Preset};

use super::dots::Dots;
use super::moves::Moves;
use super::people::RecentLosses;
use super::{Playback, Point, Stage, Timeline, Traffic};

/// The scene's state.
#[derive(Debug, Default)]
pub struct Picture {
    /// The display clock.
    pub playback: Playback,
    /// Where cards and cells are.
    pub stage: Stage,
    /// The requests under way.
    pub dots: Dots,
    /// Who lost what just now.
    pub losses: RecentLosses,
    /// Marks that are on their way.
    pub moves: Moves,
    timeline: Timeline,
    traffic: Traffic,
    /// How many faults have been looked at.
    faults_seen: usize,
}

impl Picture {
    /// Takes news in, and moves the picture on by this many seconds of the screen's time.
    pub fn advance(&mut self, snapshot: Arc<Snapshot>, spans: Vec<Span>, seconds: f32) {
        if snapshot.now_us < self.playback.latest().now_us {
            self.forget_requests();
        }
        self.playback.observe(snapshot);
        self.timeline.enter(spans);
        if self.playback.advance(seconds) {
            self.losses.observe(self.playback.shown());
            self.moves.observe(self.playback.shown());
        }
    }

    /// Lays the drawing out, and sets out, moves and ends the dots.
    pub fn draw(&mut self, preset: &Preset, dragged: Option<(&NodeId, Point)>) {
        let display_us = self.playback.display_us();
        self.stage = Stage::new(preset, self.playback.shown(), dragged);
        if self.playback.shown().phase == Phase::Finished {
            // The clock stands still now: what is still drawn on its way would hang there for ever.
            self.traffic.clear();
        } else if !self.playback.frozen {
            self.traffic.advance(&mut self.timeline, &self.stage, display_us);
        }
        // The newest snapshot knows of deaths before they are shown.
        let faults = Arc::clone(&self.playback.latest().faults);
        for fault in faults.iter().skip(self.faults_seen) {
            if let Some(life) = fault.life.as_ref().filter(|_| fault.kind == "kill") {
                self.traffic.hurry(life, fault.at_us);
            }
        }
        self.faults_seen = faults.len();
        self.dots = self.traffic.dots(&self.stage, display_us);
    }

    /// Back to an empty picture; the arrangement stays.
    pub fn clear(&mut self) {
        self.playback = Playback::default();
        self.losses = RecentLosses::default();
        self.moves = Moves::default();
        self.forget_requests();
    }

    /// Spans that could not be drawn.
    pub fn undrawn(&self) -> u64 {
        self.timeline.dropped()
    }

    /// Whether the next frame will differ from this one without any news.
    pub fn is_moving(&self) -> bool {
        let over = matches!(self.playback.latest().phase, Phase::Idle | Phase::Finished);
        self.playback.is_moving() || !self.playback.frozen && !self.traffic.is_empty() && !over
    }

    fn forget_requests(&mut self) {
        self.timeline = Timeline::default();
        self.traffic.clear();
        self.dots = Dots::default();
        self.faults_seen = 0;
    }
}
