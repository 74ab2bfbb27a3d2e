//! A recording shown again: the same picture at the same moment, driven by whoever shows it instead of by the run.

use std::collections::VecDeque;

use super::{LEAD_US, News, Piece, Recording};
use crate::scene::{Drawing, Picture};

/// A recording that is being shown again.
#[derive(Debug)]
pub struct Replay {
    /// The picture at the moment that is shown.
    pub picture: Picture,
    pieces: VecDeque<Piece>,
    display_us: u64,
    until_us: u64,
    /// Whether what led up to the first moment has been gone through.
    led_in: bool,
}

impl Replay {
    pub(super) fn new(recording: &Recording, from_us: u64) -> Self {
        let (first_us, until_us) = recording.span_us().unwrap_or_default();
        let display_us = from_us.clamp(first_us, until_us);
        // Dots that are on their way at the first moment set out before it.
        let lead_us = display_us.saturating_sub(LEAD_US);
        let begin = recording.pieces.partition_point(|piece| piece.display_us < lead_us);
        let pieces = recording.pieces.iter().skip(begin).cloned().collect();
        Self { picture: Picture::default(), pieces, display_us, until_us, led_in: false }
    }

    /// Ends at this moment of run time, where it would have gone on.
    pub fn end_at(&mut self, until_us: u64) {
        self.until_us = self.until_us.min(until_us).max(self.display_us);
    }

    /// The moment that is shown, in microseconds of run time.
    pub fn display_us(&self) -> u64 {
        self.display_us
    }

    /// The last moment that will be shown, in microseconds of run time.
    pub fn until_us(&self) -> u64 {
        self.until_us
    }

    /// Goes on by this many seconds of run time and makes the picture of that moment; 0 makes the first. Whether there
    /// is more to come.
    pub fn advance<'a>(&mut self, drawing: impl Into<Drawing<'a>>, seconds: f64) -> bool {
        let drawing = drawing.into();
        if self.led_in {
            let step_us = (seconds.max(0.0) * 1e6).round() as u64;
            self.display_us = self.display_us.saturating_add(step_us).min(self.until_us);
        }
        self.led_in = true;
        // At every moment at which something became known the picture was drawn, and dots set out.
        while let Some(display_us) = self.pieces.front().map(|piece| piece.display_us) {
            if display_us > self.display_us {
                break;
            }
            // One frame took in at most one snapshot and then one batch of spans; while the clock stood still, as it does
            // before the run begins, several frames were at one moment.
            while let Some(piece) = self.pieces.pop_front_if(|piece| piece.display_us == display_us) {
                match piece.news {
                    News::Snapshot(snapshot) => self.picture.receive(snapshot, []),
                    News::Spans(spans) => {
                        self.picture.enter(spans);
                        break;
                    }
                }
            }
            self.picture.go_to(display_us);
            self.picture.draw(drawing);
        }
        self.picture.go_to(self.display_us);
        self.picture.draw(drawing);
        self.display_us < self.until_us
    }
}
