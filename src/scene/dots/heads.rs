//! What journeys are doing now: the little that has to be read of each in every frame, side by side in memory.
//!
//! In a frame one moment is read of each journey: until when there is nothing new of it. That of a journey that leads out of
//! sight is the moment at which it comes into sight, found when it sets out or when another part of the world is looked at.
//! Most never do: what is known of where each leads says so, and its legs are not read at all.
//! Of neighbours the soonest is known (`moments.rs`), so that most are not even looked at. All that a dot in sight is made
//! from is in a list of its own, which is read from its beginning to its end: to follow a pointer for each dot would take
//! longer than to make it.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::telemetry::TraceId;

use super::Dot;
use super::journey::{Journey, Leg, Outline, short_us};
use super::moments::Moments;
use super::tracks::{Course, Tracks};
use crate::scene::geometry::Rect;

/// When a journey ends that is over and has been taken out.
const GONE: u64 = u64::MAX;
/// So many that are over are left where they are before the others are moved together.
const MOST_GONE: usize = 64;

/// Of a head that has nothing in sight.
const NOWHERE: u32 = u32::MAX;

/// What there is to be seen of a journey for a while.
#[derive(Debug, Clone, Copy)]
struct Sight {
    /// Until when; at this moment it has to be looked up again.
    until_us: u64,
    seen: Seen,
}

#[derive(Debug, Clone, Copy)]
enum Seen {
    /// Its dot, on this leg.
    Dot(Leg),
    /// Nothing: its dot is where nobody looks.
    Elsewhere,
    /// What its plan says: it hurries, or two of its attempts are to be seen at once.
    Planned,
}

/// Of a journey that has yet to be looked up.
const UNKNOWN: Sight = Sight { until_us: 0, seen: Seen::Planned };

/// What a journey is most likely doing now, as far as can be told without a look at what it was doing.
#[derive(Debug, Clone, Copy)]
enum Guess {
    /// Its dot is where nobody looks, until its end.
    Elsewhere,
    /// Its dot is on the next leg, at this place.
    On(u32, Leg),
    /// Nothing is known.
    Unknown,
}

/// Where a journey is.
#[derive(Debug, Clone)]
struct Head {
    trace: TraceId,
    /// When the journey set out, in microseconds of run time as displayed.
    start_us: u64,
    /// The plan's legs, once they had to be read, and the place of this moment's among them.
    legs: Option<Arc<[Leg]>>,
    at: u32,
    /// Whether it hurries, for a life that is shown dead soon.
    hurries: bool,
    /// Whether its dot is where nobody looks.
    elsewhere: bool,
    user: Option<NonZeroU32>,
    /// Where its plan is.
    journey: u32,
    home: u32,
    /// Whether the news of a loss comes with it.
    brings_bad_news: bool,
    /// The place of its dot among those in sight.
    near: u32,
}

/// A journey that is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Over {
    /// Where its plan is.
    pub(super) journey: u32,
    /// When it ended.
    pub(super) ended_us: u64,
    pub(super) brings_bad_news: bool,
}

/// A dot in sight: everything that it is made from.
#[derive(Debug, Clone)]
struct Near {
    trace: TraceId,
    start_us: u64,
    leg: Leg,
    course: Course,
    home: u32,
    user: Option<NonZeroU32>,
    /// The place of its head; [`NOWHERE`] once it has left.
    head: u32,
}

impl Near {
    /// The dot of this moment.
    #[inline]
    fn dot(&self, tracks: &Tracks, display_us: u64) -> Option<Dot> {
        let share = self.leg.share(short_us(display_us.saturating_sub(self.start_us)));
        let home = if self.leg.from_home { tracks.home(self.home) } else { None };
        let at = self.leg.place(share, &self.course, home)?;
        Some(Dot::new(at, &self.leg, share, self.trace, self.user))
    }
}

impl Head {
    /// A journey that sets out, its plan being at this place.
    fn new(at: u32, outline: &Outline) -> Self {
        Self {
            trace: outline.trace,
            start_us: outline.start_us,
            legs: None,
            at: 0,
            hurries: outline.hurries,
            elsewhere: false,
            user: outline.user,
            journey: at,
            home: outline.home,
            brings_bad_news: outline.brings_bad_news,
            near: NOWHERE,
        }
    }

    /// Its dot, of which this is the place of the head.
    fn near(&self, head: u32, leg: Leg, tracks: &Tracks) -> Near {
        Near {
            trace: self.trace,
            start_us: self.start_us,
            leg,
            course: *tracks.course(leg.track),
            home: self.home,
            user: self.user,
            head,
        }
    }

    /// The leg that comes next, and its place.
    fn next_leg(&self, journeys: &[Box<Journey>]) -> Option<(u32, Leg)> {
        let (at, legs) = match &self.legs {
            Some(legs) => (self.at + 1, legs),
            None => (0, &journeys[self.journey as usize].legs),
        };
        Some((at, *legs.get(at as usize)?))
    }

    /// Is on the leg at this place now.
    fn go_to(&mut self, place: u32, journeys: &[Box<Journey>]) {
        self.at = place;
        self.legs.get_or_insert_with(|| Arc::clone(&journeys[self.journey as usize].legs));
    }

    /// Finds the leg of this moment, and until when it is all that there is to be seen.
    fn look_up(&mut self, journeys: &[Box<Journey>], tracks: &Tracks, display_us: u64) -> Sight {
        let since_us = short_us(display_us.saturating_sub(self.start_us));
        let legs = self.legs.get_or_insert_with(|| Arc::clone(&journeys[self.journey as usize].legs));
        // Legs stand in the order in which they begin.
        let left = legs.get(self.at as usize..).unwrap_or_default();
        let over = left.iter().take_while(|leg| leg.to_us <= since_us).count();
        self.at += over as u32;
        let left = &left[over..];
        let (Some(leg), next) = (left.first(), left.get(1)) else { return UNKNOWN };
        let is_alone = leg.from_us <= since_us && next.is_none_or(|next| since_us < next.from_us);
        if !is_alone || self.hurries {
            return UNKNOWN;
        }
        let (seen, last) = if leg.is_in_sight(tracks) {
            (Seen::Dot(*leg), 0)
        } else {
            let goes_on = |pair: &[Leg]| pair[0].to_us == pair[1].from_us && !pair[1].is_in_sight(tracks);
            (Seen::Elsewhere, left.windows(2).take_while(|pair| goes_on(pair)).count())
        };
        // Until the next one begins at the latest, so that two at once are never missed.
        let next_us = left.get(last + 1).map_or(u32::MAX, |next| next.from_us);
        Sight { until_us: self.start_us + u64::from(left[last].to_us.min(next_us)), seen }
    }
}

/// What all journeys are doing, in the order in which they set out: lists side by side, each read for itself.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// Among them are some that are over: to close the gaps at once would move nearly all of them in every frame.
    heads: Vec<Head>,
    /// When each is over; [`GONE`] where it is.
    ends_us: Moments,
    /// Until when what was found of each is all that there is to be seen of it; [`GONE`] where it is over.
    until_us: Moments,
    /// What the dot of each does not leave; `None` where that is not known, or was and is not so any more.
    within: Vec<Option<Rect>>,
    /// The places of those of which there is something new, and what each is most likely doing now, in the room of those of
    /// the frame before.
    due: Vec<u32>,
    guesses: Vec<Guess>,
    gone: usize,
    /// How many have their dots where nobody looks.
    elsewhere: usize,
    /// The dots in sight, in the order in which they came into it, with gaps.
    near: Vec<Near>,
    left: usize,
}

impl Heads {
    /// Adds a journey that sets out, its plan being at this place.
    pub(super) fn set_out(&mut self, at: u32, outline: &Outline) {
        self.heads.push(Head::new(at, outline));
        self.ends_us.push(outline.ends_us);
        self.until_us.push(UNKNOWN.until_us);
        self.within.push(outline.within);
    }

    /// Takes out those that are over, and says which they are.
    pub(super) fn end(&mut self, display_us: u64, mut over: impl FnMut(Over)) {
        let mut due = std::mem::take(&mut self.due);
        self.ends_us.come(display_us, &mut due);
        for at in due.drain(..).map(|at| at as usize) {
            let ended_us = self.ends_us.at(at);
            self.ends_us.set(at, GONE);
            self.until_us.set(at, GONE);
            self.gone += 1;
            self.leave(at);
            let Head { journey, brings_bad_news, .. } = self.heads[at];
            over(Over { journey, ended_us, brings_bad_news });
        }
        self.due = due;
        if self.gone > MOST_GONE.max(self.heads.len() / 8) || self.is_empty() {
            let mut places = 0..;
            self.heads.retain(|_| places.next().is_some_and(|at| self.ends_us.at(at) != GONE));
            let mut places = 0..;
            self.within.retain(|_| places.next().is_some_and(|at| self.ends_us.at(at) != GONE));
            self.ends_us.retain(|ends_us| ends_us != GONE);
            self.until_us.retain(|until_us| until_us != GONE);
            self.gone = 0;
            for (at, head) in self.heads.iter().enumerate().filter(|(_, head)| head.near != NOWHERE) {
                self.near[head.near as usize].head = at as u32;
            }
        }
    }

    /// Lets each journey hurry that `ends` gives another end, by where its plan is.
    pub(super) fn hurry(&mut self, mut ends: impl FnMut(u32) -> Option<u64>) {
        for (at, head) in self.heads.iter_mut().enumerate() {
            if self.ends_us.at(at) != GONE
                && let Some(sooner_us) = ends(head.journey)
            {
                self.ends_us.set(at, sooner_us);
                self.until_us.set(at, UNKNOWN.until_us);
                head.hurries = true;
            }
        }
    }

    /// Things are elsewhere: what was known of where journeys lead is not so any more.
    pub(super) fn forget_where(&mut self) {
        self.within.fill(None);
    }

    /// Looks each journey up again when next its dots are asked for: other ways are in sight now.
    pub(super) fn look_again(&mut self) {
        self.until_us.set_where(UNKNOWN.until_us, |until_us| until_us != GONE);
    }

    /// The same for the dots on these ways, which stand in order.
    pub(super) fn look_again_on(&mut self, ways: &[u32]) {
        if ways.is_empty() {
            return;
        }
        for near in self.near.iter().filter(|near| near.head != NOWHERE) {
            if ways.binary_search(&near.leg.track).is_ok() {
                self.until_us.set(near.head as usize, UNKNOWN.until_us);
            }
        }
    }

    /// Gives the dots of this moment that may be in sight. Returns how many more there are.
    pub(super) fn dots(
        &mut self,
        journeys: &[Box<Journey>],
        tracks: &Tracks,
        display_us: u64,
        mut enter: impl FnMut(Dot),
    ) -> usize {
        let mut due = std::mem::take(&mut self.due);
        self.until_us.come(display_us, &mut due);
        // These reads come from anywhere in memory. Nothing depends on them here, so that they do not wait for each other.
        let mut guesses = std::mem::take(&mut self.guesses);
        guesses.extend(due.iter().map(|at| self.guess(*at as usize, journeys, tracks)));
        for (at, guess) in due.drain(..).map(|at| at as usize).zip(guesses.drain(..)) {
            let sight = self.sight_of(at, guess, journeys, tracks, display_us);
            self.until_us.set(at, sight.until_us);
            match sight.seen {
                Seen::Dot(leg) => self.see(at, leg, tracks),
                Seen::Elsewhere => {
                    self.leave(at);
                    self.heads[at].elsewhere = true;
                    self.elsewhere += 1;
                }
                Seen::Planned => {
                    self.leave(at);
                    journeys[self.heads[at].journey as usize].dots(tracks, display_us).for_each(&mut enter);
                }
            }
        }
        (self.due, self.guesses) = (due, guesses);
        self.near
            .iter()
            .filter(|near| near.head != NOWHERE)
            .filter_map(|near| near.dot(tracks, display_us))
            .for_each(enter);
        if self.left > MOST_GONE.max(self.near.len() / 8) {
            self.near.retain(|near| near.head != NOWHERE);
            self.left = 0;
            for (at, near) in self.near.iter().enumerate() {
                self.heads[near.head as usize].near = at as u32;
            }
        }
        self.elsewhere
    }

    /// What the journey at this place is most likely doing now.
    fn guess(&self, at: usize, journeys: &[Box<Journey>], tracks: &Tracks) -> Guess {
        let head = &self.heads[at];
        match &self.within[at] {
            Some(within) if !head.hurries && !tracks.is_looked_at(within) => Guess::Elsewhere,
            // Of one dot all the time there is no other leg beside this one.
            Some(_) if !head.hurries => {
                head.next_leg(journeys).map_or(Guess::Unknown, |(place, leg)| Guess::On(place, leg))
            }
            Some(_) | None => Guess::Unknown,
        }
    }

    /// What there is to be seen of the journey at this place.
    fn sight_of(
        &mut self,
        at: usize,
        guess: Guess,
        journeys: &[Box<Journey>],
        tracks: &Tracks,
        display_us: u64,
    ) -> Sight {
        let head = &mut self.heads[at];
        let since_us = short_us(display_us.saturating_sub(head.start_us));
        match guess {
            Guess::Elsewhere => Sight { until_us: self.ends_us.at(at), seen: Seen::Elsewhere },
            Guess::On(place, leg) if (leg.from_us..leg.to_us).contains(&since_us) && leg.is_in_sight(tracks) => {
                head.go_to(place, journeys);
                Sight { until_us: head.start_us + u64::from(leg.to_us), seen: Seen::Dot(leg) }
            }
            Guess::On(..) | Guess::Unknown => head.look_up(journeys, tracks, display_us),
        }
    }

    /// Its dot is in sight, on this leg.
    fn see(&mut self, at: usize, leg: Leg, tracks: &Tracks) {
        let head = &mut self.heads[at];
        self.elsewhere -= usize::from(std::mem::take(&mut head.elsewhere));
        let near = head.near(at as u32, leg, tracks);
        match self.near.get_mut(head.near as usize) {
            Some(known) => *known = near,
            None => {
                head.near = self.near.len() as u32;
                self.near.push(near);
            }
        }
    }

    /// Its dot is not in sight any more, wherever it was.
    fn leave(&mut self, at: usize) {
        let head = &mut self.heads[at];
        self.elsewhere -= usize::from(std::mem::take(&mut head.elsewhere));
        if let Some(near) = self.near.get_mut(std::mem::replace(&mut head.near, NOWHERE) as usize) {
            near.head = NOWHERE;
            self.left += 1;
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

    /// Where the plans are of those under way.
    pub(super) fn journeys(&self) -> impl Iterator<Item = u32> {
        let under_way = self.heads.iter().enumerate().filter(|(at, _)| self.ends_us.at(*at) != GONE);
        under_way.map(|(_, head)| head.journey)
    }
}
