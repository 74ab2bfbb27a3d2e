//! Spans become dots, here and nowhere else: a trace becomes a journey of legs over links and stays in cells, and a
//! journey at a moment becomes dots. Order is kept; wire time is drawn at a constant speed, time in a cell is stretched.

mod counts;
mod journey;
mod queue;

use std::collections::BTreeSet;

use crate::telemetry::{Cause, Outcome, SpanKind, TraceId};
use crate::topology::{LifeId, NodeId};

use super::geometry::Point;
use super::layout::Stage;
use super::news::Who;
use super::route;
use super::timeline::{Timeline, Tree};
use super::visitors;
use journey::{Journey, Leg, Way};
use queue::Queues;

pub use counts::Count;
pub use journey::STRETCH;

/// More dots than this are sampled.
const MOST_DOTS: usize = 400;
/// How long a failed dot stays where it stopped.
const FADE_US: u64 = 1_200_000;
/// A request that is known so late sets out from now.
const LATE_US: u64 = 100_000;
/// A request that ended so long before the moment on the screen is past: the clock has jumped over it.
const PAST_US: u64 = 3_000_000;
/// A journey that is over is counted for so long.
const COUNTED_US: u64 = 1_000_000;
/// Dots of requests that ended before a kill are at their end by the kill; they hurry during this time before it.
const HURRY_US: u64 = 150_000;

/// One request, or one attempt of it, where it is now. Made from spans alone: there is no other way to get one.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    at: Point,
    look: Look,
    opacity: f32,
    trace: TraceId,
    user: Option<u32>,
}

impl Dot {
    /// Where it is, in world units.
    pub fn at(&self) -> Point {
        self.at
    }

    /// How it looks.
    pub fn look(&self) -> Look {
        self.look
    }

    /// From 1, fresh, to 0, gone.
    pub fn opacity(&self) -> f32 {
        self.opacity
    }

    /// Which request it is.
    pub fn trace(&self) -> TraceId {
        self.trace
    }

    /// Whose request it is.
    pub fn user(&self) -> Option<u32> {
        self.user
    }
}

/// What became of a request, as far as the dot has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// On its way, or well.
    Ok,
    /// A further attempt.
    Retried,
    /// Well, but not all of it.
    Degraded,
    /// Failed: stops where it failed.
    Failed,
    /// The session was unknown or the cart was lost.
    Lost,
}

impl Look {
    /// How an answered attempt or request looks on its way back.
    pub(super) fn of(outcome: Outcome, attempt: u32) -> Self {
        match outcome {
            Outcome::Ok if attempt > 1 => Self::Retried,
            Outcome::Ok => Self::Ok,
            Outcome::Degraded => Self::Degraded,
            Outcome::Failed(Cause::UnknownSession | Cause::CartLost) => Self::Lost,
            Outcome::Failed(_) | Outcome::TimedOut => Self::Failed,
        }
    }
}

/// All dots of one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dots {
    /// The dots, those that tell of harm last, so that they are drawn on top.
    pub dots: Vec<Dot>,
    /// One of how many is shown; 1 when all are.
    pub one_of: u32,
}

impl Dots {
    /// The request whose dot is nearest to this point, within this radius in world units.
    pub fn dot_at(&self, point: Point, radius: f32) -> Option<TraceId> {
        let distance = |dot: &Dot| (dot.at.x - point.x).hypot(dot.at.y - point.y);
        let near = self.dots.iter().map(|dot| (distance(dot), dot)).filter(|(distance, _)| *distance <= radius);
        near.min_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, dot)| dot.trace)
    }
}

/// A request that has set out on the screen.
#[derive(Debug, Clone)]
pub struct SetOut {
    /// Its spans.
    pub tree: Tree,
    /// Whose it is: the users node and the user's number.
    pub user: Option<(NodeId, u32)>,
    /// When its dot will have gone its way, in microseconds of run time as displayed.
    pub over_us: u64,
}

/// The requests that are under way on the screen.
#[derive(Debug, Default)]
pub struct Traffic {
    journeys: Vec<Journey>,
    /// Those that ended within the last second, for the counts.
    ended: Vec<Journey>,
    /// Who waits where.
    queues: Queues,
    /// Lives that were killed of late or will be shown so soon, and when.
    deaths: Vec<(LifeId, u64)>,
    /// Spans of requests that the clock has jumped over.
    skipped: u64,
}

impl Traffic {
    /// Sets out the requests that began by this moment, and ends those that are over. Those that set out are returned.
    pub fn advance(&mut self, timeline: &mut Timeline, stage: &Stage, display_us: u64) -> Vec<SetOut> {
        let mut set_out = Vec::new();
        for tree in timeline.take_begun(display_us, display_us.saturating_sub(10_000_000)) {
            if tree.root.end_us.saturating_add(PAST_US) < display_us {
                self.skipped += tree.spans();
                continue;
            }
            // A request that was long on its way is known late; it sets out when it is known, never in the past.
            let late = display_us.saturating_sub(tree.root.start_us) > LATE_US;
            let start_us = if late { display_us } else { tree.root.start_us };
            let mut journey = Journey::plan(&tree, stage, start_us);
            self.queues.enter(&mut journey);
            self.deaths.iter().for_each(|(life, died_us)| journey.hurry(life, *died_us));
            set_out.push(SetOut { tree, user: journey.user.clone(), over_us: journey.ends_us() });
            self.journeys.push(journey);
        }
        self.ended.extend(self.journeys.extract_if(.., |journey| journey.ends_us() <= display_us));
        self.ended.retain(|journey| journey.ends_us().saturating_add(COUNTED_US) > display_us);
        self.deaths.retain(|(_, died_us)| died_us.saturating_add(PAST_US) > display_us);
        set_out
    }

    /// Spans that were never drawn because the clock jumped over their request.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Makes requests that a life answered before it died reach their end before it is shown dead, so that nothing ok is
    /// seen to enter a dead cell: those under way, and those that have yet to set out.
    pub fn hurry(&mut self, life: &LifeId, died_us: u64) {
        self.journeys.iter_mut().for_each(|journey| journey.hurry(life, died_us));
        self.deaths.push((life.clone(), died_us));
    }

    /// Whether nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.journeys.is_empty()
    }

    /// To whom the news of a loss is on its way.
    pub fn bad_news(&self) -> BTreeSet<Who> {
        self.journeys.iter().filter(|journey| journey.brings_bad_news()).filter_map(|it| it.user.clone()).collect()
    }

    /// Forgets what is under way.
    pub fn clear(&mut self) {
        self.journeys.clear();
        self.ended.clear();
    }

    /// The dots of a moment.
    pub fn dots(&self, stage: &Stage, display_us: u64) -> Dots {
        let all: Vec<Dot> = self.journeys.iter().flat_map(|journey| dots_of(journey, stage, display_us)).collect();
        let one_of = all.len().div_ceil(MOST_DOTS).max(1) as u32;
        let mut dots: Vec<Dot> = all
            .into_iter()
            .filter(|dot| is_harm(dot.look) || dot.trace.0 % u128::from(one_of) == 0)
            .take(2 * MOST_DOTS)
            .collect();
        dots.sort_by_key(|dot| is_harm(dot.look));
        Dots { dots, one_of }
    }
}

fn is_harm(look: Look) -> bool {
    matches!(look, Look::Failed | Look::Lost)
}

fn dots_of<'a>(journey: &'a Journey, stage: &'a Stage, display_us: u64) -> impl Iterator<Item = Dot> + 'a {
    let since_us = journey.progress_us(display_us);
    journey.legs.iter().filter(move |leg| leg.from_us <= since_us && since_us < leg.to_us).filter_map(move |leg| {
        let share = (since_us - leg.from_us) as f32 / (leg.to_us - leg.from_us).max(1) as f32;
        Some(Dot {
            at: place(journey, leg, share, stage)?,
            look: leg.look,
            opacity: if matches!(leg.way, Way::Stopped(_)) { 1.0 - share } else { 1.0 },
            trace: journey.trace,
            user: journey.user.as_ref().map(|(_, user)| *user),
        })
    })
}

/// Where a dot is when it has gone this share of a leg.
fn place(journey: &Journey, leg: &Leg, share: f32, stage: &Stage) -> Option<Point> {
    match &leg.way {
        Way::Wire { link, slot, back } => {
            let along = if *back { 1.0 - share } else { share };
            let curve = route::curve(stage, link, slot.as_ref())?;
            let figure = journey.user.as_ref().filter(|(node, _)| *node == link.from);
            match figure.and_then(|(node, user)| route::figure(stage, node, *user)) {
                // The first quarter of the way leads from the figure to the card's edge.
                Some(home) if along < 0.25 => Some(home.towards(curve.from, along / 0.25)),
                Some(_) => Some(curve.at(leg.reach * (along - 0.25) / 0.75)),
                None => Some(curve.at(leg.reach * along)),
            }
        }
        Way::Outside { gateway, number, back } => {
            let along = if *back { 1.0 - share } else { share };
            Some(visitors::way(stage, gateway, *number)?.at(leg.reach * along))
        }
        Way::Inside(slot) => {
            let rect = stage.cell(slot).or_else(|| stage.card(&slot.node).map(|card| &card.rect))?;
            let gone_us = (share * (leg.to_us - leg.from_us) as f32) as u64;
            let settled = queue::settled(gone_us, (leg.to_us - leg.from_us).saturating_sub(gone_us));
            Some(rect.left_middle().towards(queue::spot(rect, leg.place), settled))
        }
        Way::Stopped(on) => match on.as_ref() {
            Way::Wire { link, slot, .. } => Some(route::curve(stage, link, slot.as_ref())?.at(leg.reach)),
            Way::Outside { .. } | Way::Inside(_) | Way::Stopped(_) => {
                place(journey, &Leg { way: on.as_ref().clone(), ..leg.clone() }, 0.5, stage)
            }
        },
    }
}

/// The lives that did their part of a trace, by what its spans say. Who was asked and did not answer is none of them.
fn lives(tree: &Tree) -> BTreeSet<LifeId> {
    let mut lives = BTreeSet::from([tree.root.life.clone()]);
    let mut open = vec![&tree.root];
    while let Some(span) = open.pop() {
        let answered = span.outcome.is_ok() || span.status != 0;
        if span.kind == SpanKind::Client && answered {
            lives.extend(span.peer.clone());
            lives.extend(tree.children(span).iter().map(|served| served.life.clone()));
        }
        open.extend(tree.children(span));
    }
    lives
}

#[cfg(test)]
pub(crate) mod tests;
