//! The requests under way: sets them out, moves them on and ends them. What a frame costs goes by what arrives and what is
//! in sight: a trace is planned once, when it sets out, and of those out of sight one moment each is read (`heads.rs`).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::scene::geometry::Rect;
use crate::scene::layout::Stage;
use crate::scene::news::Who;
use crate::scene::timeline::Timeline;
use crate::topology::LifeId;

use super::heads::Heads;
use super::journey::Journey;
use super::plan::Plan;
use super::queue::Queues;
use super::tracks::Tracks;
use super::{COUNTED_US, Dot, Dots, LATE_US, LEGIBLE, MOST_UNDER_WAY, PAST_US, SetOut, is_harm};

/// The requests that are under way on the screen.
#[derive(Debug)]
pub struct Traffic {
    heads: Heads,
    /// The journeys, at the places that heads name; free places are taken again.
    pub(super) journeys: Vec<Journey>,
    free: Vec<u32>,
    pub(super) tracks: Tracks,
    /// Those that ended within the last second, for the counts.
    pub(super) ended: VecDeque<Journey>,
    /// Who waits where.
    queues: Queues,
    /// Lives that were killed of late or will be shown so soon, and when.
    deaths: Vec<(LifeId, u64)>,
    /// To whom the news of a loss is on its way, and how often.
    bad_news: BTreeMap<Who, u32>,
    /// Spans of requests that the clock has jumped over, or that were too many.
    skipped: u64,
    /// As many dots are shown; more are sampled.
    most_dots: usize,
    /// Where dots are looked for; everywhere if nobody says.
    sight: Option<Rect>,
}

impl Default for Traffic {
    fn default() -> Self {
        Self {
            heads: Heads::default(),
            journeys: Vec::new(),
            free: Vec::new(),
            tracks: Tracks::default(),
            ended: VecDeque::new(),
            queues: Queues::default(),
            deaths: Vec::new(),
            bad_news: BTreeMap::new(),
            skipped: 0,
            most_dots: LEGIBLE,
            sight: None,
        }
    }
}

impl Traffic {
    /// Shows at most so many dots from now on; more are sampled.
    pub fn show_at_most(&mut self, dots: usize) {
        self.most_dots = dots.max(1);
    }

    /// Finds only dots in this part of the world from now on; `None` for all.
    pub fn show_within(&mut self, sight: Option<Rect>) {
        self.sight = sight;
    }

    /// Sets out the requests that began by this moment, and ends those that are over. Those that set out are returned.
    pub fn advance(&mut self, timeline: &mut Timeline, stage: &Stage, display_us: u64) -> Vec<SetOut> {
        self.tracks.follow(stage);
        let mut set_out = Vec::new();
        for tree in timeline.take_begun(display_us, display_us.saturating_sub(10_000_000)) {
            if tree.root.end_us.saturating_add(PAST_US) < display_us || self.heads.len() >= MOST_UNDER_WAY {
                self.skipped += tree.spans();
                continue;
            }
            // A request that was long on its way is known late; it sets out when it is known, never in the past.
            let late = display_us.saturating_sub(tree.root.start_us) > LATE_US;
            let start_us = if late { display_us } else { tree.root.start_us };
            let (tracks, queues) = (&mut self.tracks, &mut self.queues);
            let mut journey = Plan { tree: &tree, stage, tracks, queues }.journey(start_us);
            for (life, died_us) in &self.deaths {
                journey.hurry(self.tracks.life(stage, life), *died_us);
            }
            let (user, over_us) = (journey.user.clone(), journey.ends_us());
            self.begin(journey);
            set_out.push(SetOut { tree, user, over_us });
        }
        self.end(display_us);
        self.deaths.retain(|(_, died_us)| died_us.saturating_add(PAST_US) > display_us);
        set_out
    }

    fn begin(&mut self, journey: Journey) {
        if let Some(who) = journey.brings_bad_news().then(|| journey.user.clone()).flatten() {
            *self.bad_news.entry(who).or_default() += 1;
        }
        let at = self.free.pop().unwrap_or(self.journeys.len() as u32);
        self.heads.set_out(at, &journey);
        match self.journeys.get_mut(at as usize) {
            Some(place) => *place = journey,
            None => self.journeys.push(journey),
        }
    }

    /// Ends the journeys that are over.
    fn end(&mut self, display_us: u64) {
        let Self { heads, journeys, free, ended, bad_news, .. } = self;
        heads.end(display_us, |at| {
            let journey = std::mem::take(&mut journeys[at as usize]);
            if let Some(who) = journey.user.as_ref().filter(|_| journey.brings_bad_news())
                && let Some(count) = bad_news.get_mut(who)
            {
                *count -= 1;
                if *count == 0 {
                    bad_news.remove(who);
                }
            }
            free.push(at);
            ended.push_back(journey);
        });
        while ended.pop_front_if(|journey| journey.ends_us().saturating_add(COUNTED_US) <= display_us).is_some() {}
        if heads.is_empty() && ended.is_empty() && !journeys.is_empty() {
            journeys.clear();
            free.clear();
            self.queues = Queues::default();
            self.tracks.clear();
        }
    }

    /// The journeys that are under way, in the order in which they set out.
    pub(super) fn under_way(&self) -> impl Iterator<Item = &Journey> {
        self.heads.journeys().map(|at| &self.journeys[at as usize])
    }

    /// Spans that were never drawn because the clock jumped over their request, or because too many were under way.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Makes requests that a life answered before it died reach their end before it is shown dead, so that nothing ok is
    /// seen to enter a dead cell: those under way, and those that have yet to set out.
    pub fn hurry(&mut self, stage: &Stage, life: &LifeId, died_us: u64) {
        let (journeys, number) = (&mut self.journeys, self.tracks.life(stage, life));
        self.heads.hurry(|at| {
            let journey = &mut journeys[at as usize];
            journey.hurry(number, died_us).then(|| journey.ends_us())
        });
        self.deaths.push((life.clone(), died_us));
    }

    /// Whether nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// To whom the news of a loss is on its way.
    pub fn bad_news(&self) -> BTreeSet<Who> {
        self.bad_news.keys().cloned().collect()
    }

    /// Forgets what is under way.
    pub fn clear(&mut self) {
        let Self { skipped, most_dots, sight, .. } = *self;
        *self = Self { skipped, most_dots, sight, ..Self::default() };
    }

    /// The dots of a moment.
    pub fn dots(&mut self, stage: &Stage, display_us: u64) -> Dots {
        let mut dots = Dots::default();
        self.dots_into(&mut dots, stage, display_us);
        dots
    }

    /// The same, in the room of those of an earlier moment.
    pub fn dots_into(&mut self, dots: &mut Dots, stage: &Stage, display_us: u64) {
        self.tracks.follow(stage);
        if self.tracks.look_at(self.sight) {
            self.heads.look_again();
        }
        dots.dots.clear();
        let (mut harm, mut beside): (Vec<Dot>, usize) = (Vec::new(), 0);
        let enter = |dot: Dot| match self.sight {
            Some(sight) if !sight.contains(dot.at) => beside += 1,
            Some(_) | None if is_harm(dot.look) => harm.push(dot),
            Some(_) | None => dots.dots.push(dot),
        };
        let elsewhere = self.heads.dots(&self.journeys, &self.tracks, display_us, enter);
        dots.all = dots.dots.len() + harm.len() + beside + elsewhere;
        let one_of = dots.all.div_ceil(self.most_dots).max(1) as u32;
        if one_of > 1 {
            dots.dots.retain(|dot| dot.trace.0 % u128::from(one_of) == 0);
        }
        dots.one_of = one_of;
        // Those that tell of harm last, so that they are drawn on top, and first to be kept.
        let most = 2 * self.most_dots;
        harm.truncate(most);
        dots.dots.truncate(most - harm.len());
        dots.dots.append(&mut harm);
    }
}
