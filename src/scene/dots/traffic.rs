//! The requests under way: sets them out, moves them on and ends them. What a frame costs goes by what sets out and what is
//! in sight: a trace is planned once, elsewhere (`planner.rs`), and of those out of sight one moment each is read
//! (`heads.rs`).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};

use crate::control::Snapshot;
use crate::scene::Live;
use crate::scene::follow::Request;
use crate::scene::geometry::Rect;
use crate::scene::layout::{Edition, Stage};
use crate::scene::news::Who;
use crate::telemetry::Span;
use crate::topology::LifeId;

use super::desk::{Deserted, Desk};
use super::heads::Heads;
use super::journey::{Journey, Outline};
use super::planner::{Done, Order, Outset, Planned};
use super::tracks::{Change, Tracks};
use super::{COUNTED_US, Dot, Dots, LATE_US, LEGIBLE, MOST_UNDER_WAY, PAST_US, SetOut, is_harm};

/// As many spans wait for a planner who is slow; more are given up, and counted.
const MOST_WAITING: usize = 1 << 18;
/// As many snapshots, or pieces of a recording, wait to be let go of by the planner.
const MOST_DONE: usize = 8;

/// The requests that are under way on the screen.
#[derive(Debug)]
pub struct Traffic {
    desk: Desk,
    /// Which run the requests are of; whether the planner has yet to hear of it; whether ways are numbered anew.
    run: u32,
    is_first: bool,
    renumber: bool,
    /// What has come and was given to nobody yet, and whether the planner still has some of what was given.
    waiting: Vec<Arc<[Span]>>,
    snapshots: Vec<Arc<Snapshot>>,
    unplanned: bool,
    /// Snapshots on their stage, as they came from the planner.
    lives: Vec<Live>,
    /// Journeys that were planned and have yet to set out, as they were planned together, the next one first; and on which
    /// state of the stage that was.
    ahead: VecDeque<(Edition, VecDeque<Outset>)>,
    done: Done,
    heads: Heads,
    /// The journeys, at the places that heads name; free places are taken again.
    #[expect(
        clippy::vec_box,
        reason = "they come and go as they are: to move what is in them takes longer than to set out"
    )]
    pub(super) journeys: Vec<Box<Journey>>,
    free: Vec<u32>,
    pub(super) tracks: Tracks,
    /// The places of those that ended within the last second, and when they did, for the counts.
    ended: VecDeque<(u32, u64)>,
    /// Lives that were killed of late or will be shown so soon, and when.
    deaths: Vec<(LifeId, u64)>,
    /// To whom the news of a loss is on its way, and how often.
    bad_news: BTreeMap<Who, u32>,
    /// Spans that were given up where they are planned, and those of requests that were too many here.
    lost: u64,
    skipped: u64,
    /// As many dots are shown; more are sampled.
    most_dots: usize,
    /// Where dots are looked for; everywhere if nobody says.
    sight: Option<Rect>,
}

impl Default for Traffic {
    fn default() -> Self {
        Self {
            desk: Desk::default(),
            run: 0,
            is_first: true,
            renumber: false,
            waiting: Vec::new(),
            snapshots: Vec::new(),
            unplanned: false,
            lives: Vec::new(),
            ahead: VecDeque::new(),
            done: Done::default(),
            heads: Heads::default(),
            journeys: Vec::new(),
            free: Vec::new(),
            tracks: Tracks::default(),
            ended: VecDeque::new(),
            deaths: Vec::new(),
            bad_news: BTreeMap::new(),
            lost: 0,
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

    /// Lets somebody else plan, who takes orders and answers each.
    pub fn plan_beside(&mut self, orders: SyncSender<Order>, answers: Receiver<Planned>) {
        self.desk = Desk::Beside { orders, answers, is_busy: false };
        self.is_first = true;
    }

    /// Takes spans in, in whatever order they come.
    pub fn enter(&mut self, spans: impl Into<Arc<[Span]>>) {
        let spans = spans.into();
        if spans.is_empty() {
            return;
        }
        self.waiting.push(spans);
        let mut waiting: usize = self.waiting.iter().map(|spans| spans.len()).sum();
        while waiting > MOST_WAITING {
            let oldest = self.waiting.remove(0).len();
            self.skipped += oldest as u64;
            waiting -= oldest;
        }
    }

    /// Takes a snapshot in that is to be shown soon: who plans finds what there is to be found of it, if there is anybody.
    pub fn hear(&mut self, snapshot: &Arc<Snapshot>) {
        if self.desk.is_beside() && self.snapshots.len() < MOST_DONE {
            self.snapshots.push(Arc::clone(snapshot));
        }
    }

    /// What was found of snapshots since this was last asked, in their order.
    pub fn take_lives(&mut self) -> Vec<Live> {
        std::mem::take(&mut self.lives)
    }

    /// Has what came planned, as of this moment of run time of which there is news; nothing if the picture stands still,
    /// for which there is no `display_us`.
    pub fn plan(&mut self, stage: &Arc<Stage>, heard_us: u64, display_us: Option<u64>) {
        match self.desk.take() {
            Ok(planned) => planned.into_iter().for_each(|planned| self.take(stage, planned)),
            // What is under way is given up, for its numbers went with whoever planned; the rest is planned here.
            Err(Deserted) => {
                let waiting = std::mem::take(&mut self.waiting);
                self.desk = Desk::default();
                self.clear();
                self.waiting = waiting;
            }
        }
        // At rest nobody is asked for anything.
        if self.waiting.is_empty() && self.snapshots.is_empty() && !self.unplanned && !self.renumber {
            return;
        }
        let Self { desk, run, is_first, renumber, waiting, snapshots, done, .. } = self;
        let planned = desk.give(|| Order {
            run: *run,
            is_first: std::mem::take(is_first),
            renumber: std::mem::take(renumber),
            spans: std::mem::take(waiting),
            snapshots: std::mem::take(snapshots),
            heard_us,
            display_us,
            stage: Arc::clone(stage),
            done: std::mem::take(done),
        });
        if let Some(planned) = planned {
            self.take(stage, planned);
        }
    }

    fn take(&mut self, stage: &Stage, planned: Planned) {
        let Planned { run, ways, users, journeys, edition, mut lives, lost, waits } = planned;
        // The answer to what was asked before may be of another run, or have other numbers.
        if run != self.run {
            return;
        }
        (self.lost, self.unplanned) = (lost, waits);
        self.lives.append(&mut lives);
        self.follow(stage);
        for way in ways {
            self.tracks.add(stage, way);
        }
        for user in users {
            self.tracks.add_user(stage, user);
        }
        if !journeys.is_empty() {
            self.ahead.push_back((edition, journeys));
        }
    }

    /// Follows the stage.
    fn follow(&mut self, stage: &Stage) {
        if self.tracks.follow(stage) {
            self.heads.forget_where();
        }
    }

    /// Sets out the requests that begin by this moment, and ends those that are over. Those that set out are returned.
    pub fn advance(&mut self, stage: &Stage, display_us: u64) -> Vec<SetOut> {
        self.follow(stage);
        let mut set_out = Vec::new();
        while let Some(Outset { mut outline, mut journey, mut request }) = self.next(display_us) {
            if outline.ended_us.saturating_add(PAST_US) < display_us || self.heads.len() >= MOST_UNDER_WAY {
                self.skipped += request.tree.spans();
                continue;
            }
            let is_late = display_us - outline.start_us > LATE_US;
            if is_late || !self.deaths.is_empty() {
                // The clock may have jumped since it was planned, or the planner been slow.
                journey.start_us = if is_late { display_us } else { journey.start_us };
                for (life, died_us) in &self.deaths {
                    if let Some(life) = self.tracks.life(life) {
                        journey.hurry(life, *died_us);
                    }
                }
                outline = Outline { within: outline.within, ..journey.outline() };
                if let Some(request) = Arc::get_mut(&mut request) {
                    request.over_us = outline.ends_us;
                }
            }
            let is_of_user = outline.user.is_some();
            self.begin(journey, &outline);
            set_out.push(SetOut { request, is_of_user });
        }
        self.end(display_us);
        self.deaths.retain(|(_, died_us)| died_us.saturating_add(PAST_US) > display_us);
        set_out
    }

    /// Takes the next request that is to set out by this moment.
    fn next(&mut self, display_us: u64) -> Option<Outset> {
        for (edition, these) in &mut self.ahead {
            if let Some(mut next) = these.pop_front_if(|next| next.outline.start_us <= display_us) {
                // Where it leads is known on the stage on which it was planned.
                if edition != self.tracks.edition() {
                    next.outline.within = None;
                }
                return Some(next);
            }
        }
        self.ahead.retain(|(_, these)| !these.is_empty());
        None
    }

    /// Lets go of snapshots that nobody shows any more.
    pub fn let_go_of(&mut self, snapshots: impl IntoIterator<Item = Arc<Snapshot>>) {
        // Where there is nothing to be planned nobody comes for them.
        if self.done.snapshots.len() < MOST_DONE {
            self.done.snapshots.extend(snapshots);
        }
    }

    /// Lets go of what was found of a snapshot, and with it of the snapshot.
    pub fn let_go_of_live(&mut self, live: Live) {
        // As with snapshots.
        if self.done.lives.len() < MOST_DONE {
            self.done.lives.push(live);
        }
    }

    /// Lets go of spans.
    pub fn let_go_of_spans(&mut self, spans: Vec<Arc<[Span]>>) {
        // As with snapshots.
        if self.done.spans.len() < MOST_DONE {
            self.done.spans.extend(spans);
        }
    }

    /// Lets go of requests.
    pub fn let_go(&mut self, requests: impl IntoIterator<Item = Arc<Request>>) {
        self.done.requests.extend(requests);
    }

    fn begin(&mut self, journey: Box<Journey>, outline: &Outline) {
        if let Some(who) = outline.brings_bad_news.then(|| journey.user.clone()).flatten() {
            *self.bad_news.entry(who).or_default() += 1;
        }
        let at = self.free.pop().unwrap_or(self.journeys.len() as u32);
        self.heads.set_out(at, outline);
        match self.journeys.get_mut(at as usize) {
            Some(place) => self.done.journeys.push(std::mem::replace(place, journey)),
            None => self.journeys.push(journey),
        }
    }

    /// Ends the journeys that are over.
    fn end(&mut self, display_us: u64) {
        let Self { heads, journeys, free, ended, bad_news, .. } = self;
        heads.end(display_us, |over| {
            if over.brings_bad_news
                && let Some(who) = &journeys[over.journey as usize].user
                && let Some(count) = bad_news.get_mut(who)
            {
                *count -= 1;
                if *count == 0 {
                    bad_news.remove(who);
                }
            }
            ended.push_back((over.journey, over.ended_us));
        });
        let is_past = |(_, ended_us): &mut (u32, u64)| ended_us.saturating_add(COUNTED_US) <= display_us;
        while let Some((at, _)) = ended.pop_front_if(is_past) {
            free.push(at);
        }
        // Nobody is on any way, and nobody is told a number at this moment.
        let none = heads.is_empty() && ended.is_empty() && self.ahead.is_empty();
        if none && !journeys.is_empty() && !self.desk.is_busy() {
            self.done.journeys.append(journeys);
            free.clear();
            self.tracks.clear();
            self.renumber = true;
        }
    }

    /// The journeys that ended within the last second, and those that are under way, in the order in which they set out.
    pub(super) fn of_late(&self) -> impl Iterator<Item = &Journey> {
        let places = self.ended.iter().map(|(at, _)| *at).chain(self.heads.journeys());
        places.map(|at| &*self.journeys[at as usize])
    }

    /// Spans that were never drawn: no room, without their request, or jumped over by the clock.
    pub fn undrawn(&self) -> u64 {
        self.lost + self.skipped
    }

    /// Makes requests that a life answered before it died reach their end before it is shown dead, so that nothing ok is
    /// seen to enter a dead cell: those under way, and those that have yet to set out.
    pub fn hurry(&mut self, life: &LifeId, died_us: u64) {
        let journeys = &mut self.journeys;
        if let Some(number) = self.tracks.life(life) {
            self.heads.hurry(|at| {
                let journey = &mut journeys[at as usize];
                journey.hurry(number, died_us).then(|| journey.ends_us())
            });
        }
        self.deaths.push((life.clone(), died_us));
    }

    /// Whether nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// Whether something is under way, or may be soon.
    pub fn is_busy(&self) -> bool {
        !self.heads.is_empty() || !self.ahead.is_empty() || self.desk.is_busy()
    }

    /// To whom the news of a loss is on its way.
    pub fn bad_news(&self) -> BTreeSet<Who> {
        self.bad_news.keys().cloned().collect()
    }

    /// Forgets what is under way, and everything that came.
    pub fn clear(&mut self) {
        let Self { run, lost, skipped, most_dots, sight, .. } = *self;
        let (desk, mut done) = (std::mem::take(&mut self.desk), std::mem::take(&mut self.done));
        done.journeys.append(&mut self.journeys);
        *self = Self { desk, done, run: run.wrapping_add(1), lost, skipped, most_dots, sight, ..Self::default() };
    }

    /// The same for another run, of which nothing was left out.
    pub fn forget(&mut self) {
        self.clear();
        (self.lost, self.skipped) = (0, 0);
    }

    /// The dots of a moment.
    pub fn dots(&mut self, stage: &Stage, display_us: u64) -> Dots {
        let mut dots = Dots::default();
        self.dots_into(&mut dots, stage, display_us);
        dots
    }

    /// The same, in the room of those of an earlier moment.
    pub fn dots_into(&mut self, dots: &mut Dots, stage: &Stage, display_us: u64) {
        self.follow(stage);
        match self.tracks.look_at(self.sight) {
            Change::All => self.heads.look_again(),
            Change::Ways(ways) => self.heads.look_again_on(&ways),
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
