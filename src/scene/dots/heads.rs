//! What a journey is doing now: the little that has to be read of it in every frame.

use std::sync::Arc;

use crate::telemetry::TraceId;

use super::Dot;
use super::journey::{Journey, Kind, Leg};
use super::tracks::Tracks;

/// A journey's leg of this moment.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// When the journey set out, in microseconds of run time as displayed.
    start_us: u64,
    /// Until when the leg is all that there is to be seen of it; 0 where it has to be looked up.
    until_us: u64,
    /// When the journey is over.
    pub(super) ends_us: u64,
    leg: Leg,
    /// The plan, and how far it has come in it.
    legs: Arc<[Leg]>,
    at: u32,
    /// Whether it hurries, for a life that is shown dead soon.
    hurries: bool,
    trace: TraceId,
    user: Option<u32>,
    /// Where its plan is.
    pub(super) journey: u32,
    home: u32,
}

impl Head {
    /// A journey that sets out, its plan being at this place.
    pub(super) fn new(at: u32, journey: &Journey) -> Self {
        Self {
            start_us: journey.start_us,
            until_us: 0,
            ends_us: journey.ends_us(),
            leg: Leg::default(),
            legs: Arc::clone(&journey.legs),
            at: 0,
            hurries: journey.over_by_us.is_some(),
            trace: journey.trace,
            user: journey.user_number(),
            journey: at,
            home: journey.home,
        }
    }

    /// Whether it says where the journey is at this moment.
    pub(super) fn is_at(&self, display_us: u64) -> bool {
        self.start_us + self.leg.from_us <= display_us && display_us < self.until_us
    }

    /// Whether its leg is over.
    pub(super) fn is_over(&self, display_us: u64) -> bool {
        self.until_us <= display_us
    }

    /// The journey hurries from now on, and is over then.
    pub(super) fn hurry(&mut self, ends_us: u64) {
        (self.ends_us, self.until_us, self.hurries) = (ends_us, 0, true);
    }

    /// Finds the leg of this moment. A journey that hurries, or of which two attempts are to be seen, or one that stopped,
    /// is looked up in its plan whenever it is drawn.
    pub(super) fn look_up(&mut self, display_us: u64) {
        self.until_us = 0;
        let since_us = display_us.saturating_sub(self.start_us);
        // Legs stand in the order in which they begin.
        let over = |leg: &&Leg| leg.to_us <= since_us;
        self.at += self.legs[self.at as usize..].iter().take_while(over).count() as u32;
        let mut left = self.legs[self.at as usize..].iter();
        let Some(leg) = left.next().filter(|leg| leg.from_us <= since_us && !self.hurries) else { return };
        // Until the next one begins at the latest, so that two at once are never missed.
        let next_us = left.next().map_or(u64::MAX, |next| next.from_us);
        if next_us > since_us && !matches!(leg.kind, Kind::StoppedOn | Kind::StoppedIn) {
            self.until_us = self.start_us + leg.to_us.min(next_us);
            self.leg = leg.clone();
        }
    }

    /// The dot of this moment.
    pub(super) fn dot(&self, tracks: &Tracks, display_us: u64) -> Option<Dot> {
        let share = self.leg.share(display_us - self.start_us);
        let at = self.leg.place(share, tracks, self.home)?;
        Some(Dot::new(at, &self.leg, share, self.trace, self.user))
    }
}
