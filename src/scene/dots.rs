//! Spans become dots, here and nowhere else: a trace becomes a journey of legs over links and stays in cells, and a
//! journey at a moment becomes dots. Order is kept; wire time is drawn at a constant speed, time in a cell is stretched.

mod counts;
mod desk;
mod heads;
mod journey;
mod moments;
mod numbers;
mod plan;
mod planner;
mod queue;
mod tracks;
mod traffic;

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::telemetry::{Cause, Outcome, TraceId};

use super::follow::Request;
use super::geometry::Point;
use journey::{Kind, Leg};

pub use counts::Count;
pub use plan::STRETCH;
pub use planner::{Order, Planned, Planner};
pub use traffic::Traffic;

/// As many dots can be told apart by eye: in a lesson, more are sampled.
pub const LEGIBLE: usize = 400;
/// As many dots are shown where it is the stream that is looked at; more are sampled.
pub const STREAM: usize = 120_000;
/// As many requests are under way at most; more are left out, and counted.
const MOST_UNDER_WAY: usize = 200_000;
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

/// One request, or one attempt of it, where it is now. Made from spans alone: there is no other way to get one. There are a
/// hundred thousand in a frame, hence the short numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    trace: TraceId,
    at: Point,
    user: Option<NonZeroU32>,
    look: Look,
    /// From 0 to 255.
    opacity: u8,
}

impl Dot {
    fn new(at: Point, leg: &Leg, share: f32, trace: TraceId, user: Option<NonZeroU32>) -> Self {
        let fades = matches!(leg.kind, Kind::StoppedOn | Kind::StoppedIn);
        let opacity = if fades { (255.0 * (1.0 - share)) as u8 } else { u8::MAX };
        Self { trace, at, user, look: leg.look, opacity }
    }

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
        f32::from(self.opacity) / 255.0
    }

    /// Which request it is.
    pub fn trace(&self) -> TraceId {
        self.trace
    }

    /// Whose request it is.
    pub fn user(&self) -> Option<u32> {
        self.user.map(NonZeroU32::get)
    }
}

/// What became of a request, as far as the dot has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Look {
    /// On its way, or well.
    #[default]
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
    /// The dots in sight, those that tell of harm last, so that they are drawn on top.
    pub dots: Vec<Dot>,
    /// How many there are, seen or not.
    pub all: usize,
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
    /// What is known of it, but for what its user knew.
    pub request: Arc<Request>,
    /// Whether it is a user's.
    pub is_of_user: bool,
}

fn is_harm(look: Look) -> bool {
    matches!(look, Look::Failed | Look::Lost)
}

#[cfg(test)]
pub(crate) mod tests;
