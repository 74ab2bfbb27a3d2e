//! What journeys are doing now: the little that has to be read of each in every frame, side by side in memory.
//!
//! In a frame one moment is read of each journey: until when there is nothing new of it. That of a journey that leads out of
//! sight is the moment at which it comes into sight, found when it sets out or when another part of the world is looked at.
//! So what is done for each journey is to compare two numbers, and dots are made for those in sight alone.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::telemetry::TraceId;

use super::Dot;
use super::journey::{Journey, Leg, short_us};
use super::tracks::Tracks;

/// When a journey ends that is over and has been taken out.
const GONE: u64 = u64::MAX;
/// So many that are over are left where they are before the others are moved together.
const MOST_GONE: usize = 64;

/// What there is to be seen of a journey for a while.
#[derive(Debug, Clone, Copy)]
struct Sight {
    /// Until when; at this moment it has to be looked up again.
    until_us: u64,
    seen: Seen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// Its dot, on the leg in its head.
    Dot,
    /// Nothing: its dot is where nobody looks.
    Elsewhere,
    /// What its plan says: it hurries, or two of its attempts are to be seen at once.
    Planned,
    /// Nothing: it is over.
    Gone,
}

/// Of a journey that has yet to be looked up.
const UNKNOWN: Sight = Sight { until_us: 0, seen: Seen::Planned };

/// A journey's leg of this moment.
#[derive(Debug, Clone)]
struct Head {
    trace: TraceId,
    /// When the journey set out, in microseconds of run time as displayed.
    start_us: u64,
    leg: Leg,
    /// The plan's legs, and the place of this one among them.
    legs: Arc<[Leg]>,
    at: u32,
    /// Whether it hurries, for a life that is shown dead soon.
    hurries: bool,
    user: Option<NonZeroU32>,
    /// Where its plan is.
    journey: u32,
    home: u32,
}

impl Head {
    /// A journey that sets out, its plan being at this place.
    fn new(at: u32, journey: &Journey) -> Self {
        Self {
            trace: journey.trace,
            start_us: journey.start_us,
            leg: Leg::default(),
            legs: Arc::clone(&journey.legs),
            at: 0,
            hurries: journey.over_by_us.is_some(),
            user: journey.user_number().and_then(NonZeroU32::new),
            journey: at,
            home: journey.home,
        }
    }

    /// Finds the leg of this moment, and until when it is all that there is to be seen.
    fn look_up(&mut self, tracks: &Tracks, display_us: u64) -> Sight {
        let since_us = short_us(display_us.saturating_sub(self.start_us));
        // Legs stand in the order in which they begin.
        let left = self.legs.get(self.at as usize..).unwrap_or_default();
        let over = left.iter().take_while(|leg| leg.to_us <= since_us).count();
        self.at += over as u32;
        let left = &left[over..];
        let (Some(leg), next) = (left.first(), left.get(1)) else { return UNKNOWN };
        let is_alone = leg.from_us <= since_us && next.is_none_or(|next| since_us < next.from_us);
        if !is_alone || self.hurries {
            return UNKNOWN;
        }
        // A figure may be far from the link that its requests take.
        let in_sight = |leg: &Leg| leg.from_home || tracks.is_in_sight(leg.track);
        let (seen, last) = if in_sight(leg) {
            self.leg = *leg;
            (Seen::Dot, 0)
        } else {
            let goes_on = |pair: &[Leg]| pair[0].to_us == pair[1].from_us && !in_sight(&pair[1]);
            (Seen::Elsewhere, left.windows(2).take_while(|pair| goes_on(pair)).count())
        };
        // Until the next one begins at the latest, so that two at once are never missed.
        let next_us = left.get(last + 1).map_or(u32::MAX, |next| next.from_us);
        Sight { until_us: self.start_us + u64::from(left[last].to_us.min(next_us)), seen }
    }

    /// The dot of this moment.
    #[inline]
    fn dot(&self, tracks: &Tracks, display_us: u64) -> Option<Dot> {
        let share = self.leg.share(short_us(display_us.saturating_sub(self.start_us)));
        let at = self.leg.place(share, tracks, self.home)?;
        Some(Dot::new(at, &self.leg, share, self.trace, self.user.map(NonZeroU32::get)))
    }
}

/// What all journeys are doing, in the order in which they set out: three lists side by side, each read for itself.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// Among them are some that are over: to close the gaps at once would move nearly all of them in every frame.
    heads: Vec<Head>,
    /// When each is over; [`GONE`] where it is.
    ends_us: Vec<u64>,
    sights: Vec<Sight>,
    gone: usize,
}

impl Heads {
    /// Adds a journey that sets out, its plan being at this place.
    pub(super) fn set_out(&mut self, at: u32, journey: &Journey) {
        self.heads.push(Head::new(at, journey));
        self.ends_us.push(journey.ends_us());
        self.sights.push(UNKNOWN);
    }

    /// Takes out those that are over, and says of each where its plan is.
    pub(super) fn end(&mut self, display_us: u64, mut over: impl FnMut(u32)) {
        for (at, ends_us) in self.ends_us.iter_mut().enumerate() {
            if *ends_us <= display_us {
                *ends_us = GONE;
                self.gone += 1;
                self.sights[at] = Sight { until_us: GONE, seen: Seen::Gone };
                over(self.heads[at].journey);
            }
        }
        if self.gone > MOST_GONE.max(self.heads.len() / 8) || self.is_empty() {
            let mut ends_us = self.ends_us.iter();
            self.heads.retain(|_| ends_us.next().is_some_and(|ends_us| *ends_us != GONE));
            self.ends_us.retain(|ends_us| *ends_us != GONE);
            self.sights.retain(|sight| sight.seen != Seen::Gone);
            self.gone = 0;
        }
    }

    /// Lets each journey hurry that `ends` gives another end, by where its plan is.
    pub(super) fn hurry(&mut self, mut ends: impl FnMut(u32) -> Option<u64>) {
        let places = self.ends_us.iter_mut().zip(&mut self.sights);
        for (head, (ends_us, sight)) in self.heads.iter_mut().zip(places).filter(|(_, (ends_us, _))| **ends_us != GONE)
        {
            if let Some(sooner_us) = ends(head.journey) {
                (*ends_us, *sight, head.hurries) = (sooner_us, UNKNOWN, true);
            }
        }
    }

    /// Looks each journey up again when next its dots are asked for: other ways are in sight now.
    pub(super) fn look_again(&mut self) {
        self.sights.iter_mut().filter(|sight| sight.seen != Seen::Gone).for_each(|sight| *sight = UNKNOWN);
    }

    /// Gives the dots of this moment that may be in sight. Returns how many more there are.
    pub(super) fn dots(
        &mut self,
        journeys: &[Journey],
        tracks: &Tracks,
        display_us: u64,
        mut enter: impl FnMut(Dot),
    ) -> usize {
        let mut elsewhere = 0;
        for (sight, head) in self.sights.iter_mut().zip(&mut self.heads) {
            if sight.until_us <= display_us {
                *sight = head.look_up(tracks, display_us);
            }
            match sight.seen {
                Seen::Dot => {
                    if let Some(dot) = head.dot(tracks, display_us) {
                        enter(dot);
                    }
                }
                Seen::Elsewhere => elsewhere += 1,
                Seen::Planned => journeys[head.journey as usize].dots(tracks, display_us).for_each(&mut enter),
                Seen::Gone => {}
            }
        }
        elsewhere
    }

    /// How many are under way.
    pub(super) fn len(&self) -> usize {
        self.heads.len() - self.gone
    }

    /// Whether none is under way.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the plans are of those under way.
    pub(super) fn journeys(&self) -> impl Iterator<Item = u32> {
        self.heads.iter().zip(&self.ends_us).filter(|(_, ends_us)| **ends_us != GONE).map(|(head, _)| head.journey)
    }
}
