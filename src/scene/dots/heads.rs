//! What journeys are doing now: the little that has to be read of each in every frame, side by side in memory.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::telemetry::TraceId;

use super::Dot;
use super::journey::{Journey, Kind, Leg};
use super::tracks::Tracks;

/// When a journey ends that is over and has been taken out.
const GONE: u64 = u64::MAX;
/// So many that are over are left where they are before the others are moved together.
const MOST_GONE: usize = 64;

/// A journey's leg of this moment.
#[derive(Debug, Clone)]
pub(super) struct Head {
    trace: TraceId,
    /// When the journey set out, in microseconds of run time as displayed.
    start_us: u64,
    /// Until when the leg is all that there is to be seen of it; 0 where it has to be looked up.
    until_us: u64,
    leg: Leg,
    /// The plan, and how far it has come in it.
    legs: Arc<[Leg]>,
    at: u32,
    /// Whether it hurries, for a life that is shown dead soon.
    hurries: bool,
    user: Option<NonZeroU32>,
    /// Where its plan is.
    pub(super) journey: u32,
    home: u32,
}

impl Head {
    /// A journey that sets out, its plan being at this place.
    fn new(at: u32, journey: &Journey) -> Self {
        Self {
            trace: journey.trace,
            start_us: journey.start_us,
            until_us: 0,
            leg: Leg::default(),
            legs: Arc::clone(&journey.legs),
            at: 0,
            hurries: journey.over_by_us.is_some(),
            user: journey.user_number().and_then(NonZeroU32::new),
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

    /// Finds the leg of this moment. A journey that hurries, or of which two attempts are to be seen, or one that stopped,
    /// is looked up in its plan whenever it is drawn.
    pub(super) fn look_up(&mut self, display_us: u64) {
        self.until_us = 0;
        let since_us = display_us.saturating_sub(self.start_us);
        let left = self.legs.get(self.at as usize..).unwrap_or_default();
        // Legs stand in the order in which they begin.
        let over = left.iter().take_while(|leg| leg.to_us <= since_us).count();
        let mut left = left[over..].iter();
        let (now, next) = (left.next(), left.next());
        self.at += over as u32;
        let Some(leg) = now.filter(|leg| leg.from_us <= since_us && !self.hurries) else { return };
        // Until the next one begins at the latest, so that two at once are never missed.
        let next_us = next.map_or(u64::MAX, |next| next.from_us);
        if next_us > since_us && !matches!(leg.kind, Kind::StoppedOn | Kind::StoppedIn) {
            self.until_us = self.start_us + leg.to_us.min(next_us);
            self.leg = leg.clone();
        }
    }

    /// Whether its dot can be where anybody looks.
    pub(super) fn is_in_sight(&self, tracks: &Tracks) -> bool {
        // A figure may be far from the link that its requests take.
        self.leg.from_home || tracks.is_in_sight(self.leg.track)
    }

    /// The dot of this moment.
    pub(super) fn dot(&self, tracks: &Tracks, display_us: u64) -> Option<Dot> {
        let share = self.leg.share(display_us - self.start_us);
        let at = self.leg.place(share, tracks, self.home)?;
        Some(Dot::new(at, &self.leg, share, self.trace, self.user.map(NonZeroU32::get)))
    }
}

/// What all journeys are doing, in the order in which they set out.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// Among them are some that are over: to close the gaps at once would move nearly all of them in every frame.
    heads: Vec<Head>,
    /// When each is over, in the same order; [`GONE`] where it is.
    ends_us: Vec<u64>,
    gone: usize,
}

impl Heads {
    /// Adds a journey that sets out, its plan being at this place.
    pub(super) fn set_out(&mut self, at: u32, journey: &Journey) {
        self.heads.push(Head::new(at, journey));
        self.ends_us.push(journey.ends_us());
    }

    /// Takes out those that are over, and says of each where its plan is.
    pub(super) fn end(&mut self, display_us: u64, mut over: impl FnMut(u32)) {
        for (head, ends_us) in self.heads.iter().zip(&mut self.ends_us) {
            if *ends_us <= display_us {
                *ends_us = GONE;
                self.gone += 1;
                over(head.journey);
            }
        }
        if self.gone > MOST_GONE.max(self.heads.len() / 8) || self.is_empty() {
            let mut ends_us = self.ends_us.iter();
            self.heads.retain(|_| ends_us.next().is_some_and(|ends_us| *ends_us != GONE));
            self.ends_us.retain(|ends_us| *ends_us != GONE);
            self.gone = 0;
        }
    }

    /// Lets each journey hurry that `ends` gives another end, by where its plan is.
    pub(super) fn hurry(&mut self, mut ends: impl FnMut(u32) -> Option<u64>) {
        for (head, ends_us) in self.heads.iter_mut().zip(&mut self.ends_us).filter(|(_, ends_us)| **ends_us != GONE) {
            if let Some(sooner_us) = ends(head.journey) {
                (*ends_us, head.until_us, head.hurries) = (sooner_us, 0, true);
            }
        }
    }

    /// How many are under way.
    pub(super) fn len(&self) -> usize {
        self.heads.len() - self.gone
    }

    /// Whether none is under way.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those under way.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Head> {
        self.heads.iter().zip(&self.ends_us).filter(|(_, ends_us)| **ends_us != GONE).map(|(head, _)| head)
    }

    /// Those under way.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Head> {
        self.heads.iter_mut().zip(&self.ends_us).filter(|(_, ends_us)| **ends_us != GONE).map(|(head, _)| head)
    }
}
