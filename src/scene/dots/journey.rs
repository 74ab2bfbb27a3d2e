//! A request's way through the drawing: legs over links and stays in cells, one after the other.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::telemetry::TraceId;
use crate::topology::NodeId;

use super::super::geometry::{Point, Rect};
use super::tracks::{Course, Life, Tracks};
use super::{Dot, HURRY_US, Look, queue};

/// A request's way through the drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Journey {
    pub(super) trace: TraceId,
    /// Whose request it is: the users node and the user's number.
    pub(super) user: Option<(NodeId, u32)>,
    /// The number of the user's figure.
    pub(super) home: u32,
    /// When it sets out, in microseconds of run time as displayed.
    pub(super) start_us: u64,
    /// When the request really ended.
    pub(super) ended_us: u64,
    /// The lives that did their part.
    pub(super) lives: Vec<Life>,
    /// By when it must be over, because one of its lives is shown dead then.
    pub(super) over_by_us: Option<u64>,
    /// The legs, in the order in which they begin, with times counted from `start_us`.
    pub(super) legs: Arc<[Leg]>,
    /// How long it takes by its plan, in microseconds.
    pub(super) lasts_us: u32,
    /// What its dot does not leave, with everything where it was when this was planned; `None` where it is not one dot all
    /// the time.
    pub(super) within: Option<Rect>,
}

/// What has to be known of a journey when it sets out: the rest of it is read once its dot comes into sight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outline {
    pub(super) trace: TraceId,
    pub(super) start_us: u64,
    pub(super) ends_us: u64,
    /// When the request really ended.
    pub(super) ended_us: u64,
    /// Whether it must be over sooner than its plan says.
    pub(super) hurries: bool,
    pub(super) within: Option<Rect>,
    /// The user's number.
    pub(super) user: Option<NonZeroU32>,
    /// The number of the user's figure.
    pub(super) home: u32,
    pub(super) brings_bad_news: bool,
}

/// One piece of the way. There are millions of them, hence the short numbers: a way of an hour is no way to look at.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Leg {
    pub(super) from_us: u32,
    pub(super) to_us: u32,
    /// The number of the way that it leads.
    pub(super) track: u32,
    /// Which share of a link it goes: all of it, or up to where it stops.
    pub(super) reach: f32,
    pub(super) kind: Kind,
    pub(super) look: Look,
    /// Whether the link begins at the user's card, so that the way begins at the figure.
    pub(super) from_home: bool,
    /// Which place it has at the edge of the cell where it stays.
    pub(super) place: u8,
}

/// What a dot does on a leg.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Goes over a link.
    #[default]
    Out,
    /// Comes back over it.
    Back,
    /// Stays in a cell.
    Inside,
    /// Failed, at the end of a link.
    StoppedOn,
    /// Failed, in a cell.
    StoppedIn,
}

impl Leg {
    /// Whether a dot on it can be where is looked: a figure may be far from the link that its requests take.
    pub(super) fn is_in_sight(&self, tracks: &Tracks) -> bool {
        self.from_home || tracks.is_in_sight(self.track)
    }

    /// Which share of it is gone, so long after the journey set out.
    pub(super) fn share(&self, since_us: u32) -> f32 {
        since_us.saturating_sub(self.from_us) as f32 / (self.to_us - self.from_us).max(1) as f32
    }

    /// Where a dot is when it has gone this share of the way, which lies on this course; `home` is the figure where its
    /// request begins.
    pub(super) fn place(&self, share: f32, course: &Course, home: Option<Point>) -> Option<Point> {
        match (self.kind, course) {
            (_, Course::Nowhere) => None,
            (Kind::Out | Kind::Back, Course::Along(curve)) => {
                let along = if self.kind == Kind::Back { 1.0 - share } else { share };
                match home.filter(|_| self.from_home) {
                    // The first quarter of the way leads from the figure to the card's edge.
                    Some(home) if along < 0.25 => Some(home.towards(curve.from, along / 0.25)),
                    Some(_) => Some(curve.at(self.reach * (along - 0.25) / 0.75)),
                    None => Some(curve.at(self.reach * along)),
                }
            }
            (_, Course::Along(curve)) => Some(curve.at(self.reach)),
            (_, Course::At(rect)) => {
                let share = if self.kind == Kind::StoppedIn { 0.5 } else { share };
                let gone_us = (share * (self.to_us - self.from_us) as f32) as u32;
                let settled = queue::settled(gone_us, (self.to_us - self.from_us).saturating_sub(gone_us));
                Some(rect.left_middle().towards(queue::spot(rect, usize::from(self.place)), settled))
            }
        }
    }
}

impl Journey {
    /// Says how long it takes by its legs, and where it leads.
    pub(super) fn measure(&mut self, tracks: &Tracks) {
        self.lasts_us = self.legs.iter().map(|leg| leg.to_us).max().unwrap_or(0);
        let one_dot = self.legs.windows(2).all(|pair| pair[0].to_us == pair[1].from_us);
        let home = tracks.home(self.home).map(|home| Rect { min: home, ..Rect::default() });
        let home = home.filter(|_| self.legs.iter().any(|leg| leg.from_home));
        let ways = self.legs.iter().filter_map(|leg| tracks.course(leg.track).reach());
        let within = home.into_iter().chain(ways).reduce(|sum, reach| sum.union(&reach));
        self.within = within.filter(|_| one_dot && self.legs.first().is_some_and(|leg| leg.from_us == 0));
    }

    /// What has to be known of it when it sets out.
    pub(super) fn outline(&self) -> Outline {
        Outline {
            trace: self.trace,
            start_us: self.start_us,
            ends_us: self.ends_us(),
            ended_us: self.ended_us,
            hurries: self.over_by_us.is_some(),
            within: self.within,
            user: self.user_number().and_then(NonZeroU32::new),
            home: self.home,
            brings_bad_news: self.legs.last().is_some_and(|leg| leg.look == Look::Lost),
        }
    }

    /// Is over by the death of a life that did its part, so that nothing ok is seen to enter or leave a dead cell. The
    /// answer of a life may reach the user a little later than the life dies. Whether that concerns it.
    pub(super) fn hurry(&mut self, life: Life, died_us: u64) -> bool {
        let is_hurried = self.ended_us <= died_us.saturating_add(HURRY_US) && self.lives.contains(&life);
        if is_hurried {
            self.over_by_us = Some(self.over_by_us.map_or(died_us, |before| before.min(died_us)));
        }
        is_hurried
    }

    /// The user's number.
    pub(super) fn user_number(&self) -> Option<u32> {
        self.user.as_ref().map(|(_, user)| *user)
    }

    /// The legs that it is on so long after it set out: two, while one attempt is seen to have failed and the next is made.
    pub(super) fn legs_at(&self, since_us: u32) -> impl Iterator<Item = &Leg> {
        self.legs.iter().filter(move |leg| leg.from_us <= since_us && since_us < leg.to_us)
    }

    /// Its dots at this moment.
    pub(super) fn dots(&self, tracks: &Tracks, display_us: u64) -> impl Iterator<Item = Dot> {
        let since_us = self.progress_us(display_us);
        self.legs_at(since_us).filter_map(move |leg| {
            let share = leg.share(since_us);
            let at = leg.place(share, tracks.course(leg.track), tracks.home(self.home))?;
            Some(Dot::new(at, leg, share, self.trace, self.user_number().and_then(NonZeroU32::new)))
        })
    }

    /// When the last leg is over.
    pub(super) fn ends_us(&self) -> u64 {
        let planned = self.start_us + u64::from(self.lasts_us);
        self.over_by_us.map_or(planned, |over| over.min(planned))
    }

    /// How far along the plan the journey is at this moment.
    pub(super) fn progress_us(&self, display_us: u64) -> u32 {
        let even = short_us(display_us.saturating_sub(self.start_us));
        let lasts_us = u64::from(self.lasts_us);
        let Some(over_us) = self.over_by_us.filter(|over| *over < self.start_us + lasts_us) else {
            return even;
        };
        let hurries_us = over_us.saturating_sub(HURRY_US);
        if display_us < hurries_us {
            return even;
        }
        let done = hurries_us.saturating_sub(self.start_us);
        let share = (display_us - hurries_us) as f64 / (over_us - hurries_us).max(1) as f64;
        short_us(done + ((lasts_us - done) as f64 * share.min(1.0)) as u64)
    }
}

/// A time on a journey as its legs have it.
pub(super) fn short_us(time_us: u64) -> u32 {
    u32::try_from(time_us).unwrap_or(u32::MAX)
}
