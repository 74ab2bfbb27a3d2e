//! One trace as a journey: legs over links and stays in cells, in the order of its spans.

use std::sync::Arc;

use crate::telemetry::{Cause, Outcome, Span, SpanKind, TraceId};
use crate::topology::{LifeId, NodeId, Slot};

use super::super::geometry::Point;
use super::super::layout::{CardKind, Stage};
use super::super::timeline::Tree;
use super::tracks::{Course, Tracks, Way};
use super::{Dot, FADE_US, HURRY_US, Look, lives, queue};

/// Time in a cell is drawn this many times as long as it was.
pub const STRETCH: u64 = 10;
/// A dot's speed on a link, in world units a second.
const SPEED: f32 = 450.0;
/// The shortest and the longest time that a dot spends on a link, in microseconds.
const WIRE_US: (u64, u64) = (250_000, 600_000);
/// What gets no answer stops so far before the cell, in world units: the whole of its cross is outside.
const STOPS: f32 = 9.0;
/// The shortest and the longest stay in a cell, so that it is seen and does not stall the picture.
const STAY_US: (u64, u64) = (60_000, 1_500_000);

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
    pub(super) lives: Vec<LifeId>,
    /// By when it must be over, because one of its lives is shown dead then.
    pub(super) over_by_us: Option<u64>,
    /// The legs, with times counted from `start_us`.
    pub(super) legs: Arc<[Leg]>,
}

/// One piece of the way.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Leg {
    pub(super) from_us: u64,
    pub(super) to_us: u64,
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
    /// Which share of it is gone, so long after the journey set out.
    pub(super) fn share(&self, since_us: u64) -> f32 {
        (since_us - self.from_us) as f32 / (self.to_us - self.from_us).max(1) as f32
    }

    /// Where a dot is when it has gone this share; `home` is the number of the figure where its request begins.
    pub(super) fn place(&self, share: f32, tracks: &Tracks, home: u32) -> Option<Point> {
        match (self.kind, tracks.course(self.track)) {
            (_, Course::Nowhere) => None,
            (Kind::Out | Kind::Back, Course::Along(curve, _)) => {
                let along = if self.kind == Kind::Back { 1.0 - share } else { share };
                match Some(home).filter(|_| self.from_home).and_then(|home| tracks.home(home)) {
                    // The first quarter of the way leads from the figure to the card's edge.
                    Some(home) if along < 0.25 => Some(home.towards(curve.from, along / 0.25)),
                    Some(_) => Some(curve.at(self.reach * (along - 0.25) / 0.75)),
                    None => Some(curve.at(self.reach * along)),
                }
            }
            (_, Course::Along(curve, _)) => Some(curve.at(self.reach)),
            (_, Course::At(rect)) => {
                let share = if self.kind == Kind::StoppedIn { 0.5 } else { share };
                let gone_us = (share * (self.to_us - self.from_us) as f32) as u64;
                let settled = queue::settled(gone_us, (self.to_us - self.from_us).saturating_sub(gone_us));
                Some(rect.left_middle().towards(queue::spot(&rect, usize::from(self.place)), settled))
            }
        }
    }
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Answered,
    Stopped,
}

/// What a journey is planned from.
pub(super) struct Plan<'a> {
    pub(super) tree: &'a Tree,
    pub(super) stage: &'a Stage,
    pub(super) tracks: &'a mut Tracks,
}

impl Plan<'_> {
    /// Plans the journey of a trace.
    pub(super) fn journey(self, start_us: u64) -> Journey {
        let Self { tree, stage, tracks } = self;
        let root = &tree.root;
        let cart_lost = root.outcome == Outcome::Failed(Cause::CartLost);
        // What begins at a gateway is not a user's but a visitor's.
        let is_gateway = stage.card(root.life.node()).is_some_and(|card| card.kind == CardKind::Gateway);
        let visitor = root.user.filter(|_| is_gateway);
        let user = root.user.filter(|_| !is_gateway).map(|user| (root.life.node().clone(), user));
        let home = user.as_ref().map_or(u32::MAX, |user| tracks.home_number(stage, user));
        let legs = Vec::with_capacity(4 * tree.spans() as usize);
        let mut planner = Planner { tree, stage, tracks, legs, cart_lost };
        match visitor {
            Some(number) => planner.visit(root, number),
            None => drop(planner.inside(root, None, 0)),
        }
        let legs = planner.legs.into();
        let (trace, ended_us, lives) = (root.trace, root.end_us, lives(tree));
        Journey { trace, user, home, start_us, ended_us, lives, over_by_us: None, legs }
    }
}

impl Journey {
    /// Is over by the death of a life that did its part, so that nothing ok is seen to enter or leave a dead cell. The
    /// answer of a life may reach the user a little later than the life dies. Whether that concerns it.
    pub(super) fn hurry(&mut self, life: &LifeId, died_us: u64) -> bool {
        let is_hurried = self.ended_us <= died_us.saturating_add(HURRY_US) && self.lives.contains(life);
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
    pub(super) fn legs_at(&self, since_us: u64) -> impl Iterator<Item = &Leg> {
        self.legs.iter().filter(move |leg| leg.from_us <= since_us && since_us < leg.to_us)
    }

    /// Its dots at this moment.
    pub(super) fn dots(&self, tracks: &Tracks, display_us: u64) -> impl Iterator<Item = Dot> {
        let since_us = self.progress_us(display_us);
        self.legs_at(since_us).filter_map(move |leg| {
            let share = leg.share(since_us);
            Some(Dot::new(leg.place(share, tracks, self.home)?, leg, share, self.trace, self.user_number()))
        })
    }

    /// Whether the answer that is on its way tells the user of a loss.
    pub(super) fn brings_bad_news(&self) -> bool {
        self.legs.last().is_some_and(|leg| leg.look == Look::Lost)
    }

    /// When the last leg is over.
    pub(super) fn ends_us(&self) -> u64 {
        let planned = self.start_us + self.duration_us();
        self.over_by_us.map_or(planned, |over| over.min(planned))
    }

    /// How far along the plan the journey is at this moment.
    pub(super) fn progress_us(&self, display_us: u64) -> u64 {
        let even = display_us.saturating_sub(self.start_us);
        let Some(over_us) = self.over_by_us.filter(|over| *over < self.start_us + self.duration_us()) else {
            return even;
        };
        let hurries_us = over_us.saturating_sub(HURRY_US);
        if display_us < hurries_us {
            return even;
        }
        let done = hurries_us.saturating_sub(self.start_us);
        let share = (display_us - hurries_us) as f64 / (over_us - hurries_us).max(1) as f64;
        done + ((self.duration_us() - done) as f64 * share.min(1.0)) as u64
    }

    fn duration_us(&self) -> u64 {
        self.legs.iter().map(|leg| leg.to_us).max().unwrap_or(0)
    }
}

struct Planner<'a> {
    tree: &'a Tree,
    stage: &'a Stage,
    tracks: &'a mut Tracks,
    legs: Vec<Leg>,
    cart_lost: bool,
}

impl Planner<'_> {
    /// Plans what happens in a process between getting a request and answering it. `slot` is where it is drawn; a
    /// user's own request has none. Returns when it is over, and how.
    fn inside(&mut self, span: &Span, slot: Option<&Slot>, mut at_us: u64) -> (u64, Ending) {
        let tree = self.tree;
        let mut ending = Ending::Answered;
        let mut since_us = span.start_us;
        for attempt in tree.children(span).iter().filter(|child| child.kind == SpanKind::Client) {
            at_us = self.stay(slot, attempt.start_us.saturating_sub(since_us), at_us);
            (at_us, ending) = self.attempt(attempt, at_us);
            since_us = attempt.end_us;
        }
        let failed = Look::of(span.outcome, 1) == Look::Failed;
        match ending {
            Ending::Stopped if failed => return (at_us, Ending::Stopped),
            Ending::Answered | Ending::Stopped => {}
        }
        at_us = self.stay(slot, span.end_us.saturating_sub(since_us), at_us);
        match slot {
            Some(slot) if failed => {
                self.stop(Way::Inside(slot.clone()), Kind::StoppedIn, at_us);
                (at_us, Ending::Stopped)
            }
            Some(_) | None => (at_us, Ending::Answered),
        }
    }

    /// Plans the request of a visitor from outside: to the gateway, what happens there, and back.
    fn visit(&mut self, root: &Span, number: u32) {
        let gateway = root.life.slot.clone();
        let track = self.tracks.number(self.stage, Way::Outside(gateway.clone(), number));
        let Course::Along(_, length) = self.tracks.course(track) else { return };
        let wire_us = ((length / SPEED * 1e6) as u64).clamp(WIRE_US.0, WIRE_US.1);
        self.leg(Leg { track, ..Leg::default() }, 0, wire_us);
        let served = self.tree.children(root).iter().find(|child| child.kind == SpanKind::Server);
        let (leaves_us, ending) = match served {
            Some(served) => self.inside(served, Some(&gateway), wire_us),
            None => (wire_us, Ending::Answered),
        };
        if ending == Ending::Answered {
            self.leg(
                Leg { track, kind: Kind::Back, look: Look::of(root.outcome, 1), ..Leg::default() },
                leaves_us,
                wire_us,
            );
        }
    }

    /// Plans one attempt over a link: there, what happens there, and back.
    fn attempt(&mut self, span: &Span, at_us: u64) -> (u64, Ending) {
        let served = self.tree.children(span).iter().find(|child| child.kind == SpanKind::Server);
        let peer = span.peer.as_ref().or(served.map(|served| &served.life));
        let slot = peer.map(|life| life.slot.clone());
        let Some(link) = span.link() else { return (at_us, Ending::Answered) };
        let track = self.tracks.number(self.stage, Way::Wire(link.clone(), slot.clone()));
        let Course::Along(_, length) = self.tracks.course(track) else { return (at_us, Ending::Answered) };
        let wire_us = ((length / SPEED * 1e6) as u64).clamp(WIRE_US.0, WIRE_US.1);
        let from_home = self.tree.root.user.is_some() && link.from == *self.tree.root.life.node();
        let wire = Leg { track, from_home, ..Leg::default() };
        let setting_out = if span.attempt > 1 { Look::Retried } else { Look::Ok };
        self.leg(Leg { look: setting_out, ..wire.clone() }, at_us, wire_us);
        let there_us = at_us + wire_us;
        // No status, no answer: refused, cut off or timed out.
        if !span.outcome.is_ok() && span.status == 0 {
            // What got no answer in time was taken in and waited; what was refused or cut off never got in.
            let timed_out = matches!(span.outcome, Outcome::TimedOut | Outcome::Failed(Cause::UpstreamTimedOut));
            if let Some(slot) = slot.as_ref().filter(|_| timed_out) {
                let gives_up_us = self.stay(Some(slot), span.end_us.saturating_sub(span.start_us), there_us);
                self.stop(Way::Inside(slot.clone()), Kind::StoppedIn, gives_up_us);
                return (gives_up_us, Ending::Stopped);
            }
            self.stop(Way::Wire(link, slot), Kind::StoppedOn, there_us);
            let reach = (1.0 - STOPS / length.max(1.0)).max(0.5);
            self.legs.iter_mut().rev().take(2).for_each(|leg| leg.reach = reach);
            return (there_us, Ending::Stopped);
        }
        let (leaves_us, ending) = match (served, &slot) {
            (Some(served), slot) => self.inside(served, slot.as_ref(), there_us),
            (None, slot) => {
                (self.stay(slot.as_ref(), span.end_us - span.start_us.min(span.end_us), there_us), Ending::Answered)
            }
        };
        if ending == Ending::Stopped {
            return (leaves_us, ending);
        }
        let back = match Look::of(span.outcome, span.attempt) {
            Look::Failed => {
                match slot {
                    Some(slot) => self.stop(Way::Inside(slot), Kind::StoppedIn, leaves_us),
                    None => self.stop(Way::Wire(link, None), Kind::StoppedOn, leaves_us),
                }
                return (leaves_us, Ending::Stopped);
            }
            Look::Ok | Look::Retried | Look::Degraded | Look::Lost if self.cart_lost => Look::Lost,
            look @ (Look::Ok | Look::Retried | Look::Degraded | Look::Lost) => look,
        };
        self.leg(Leg { kind: Kind::Back, look: back, ..wire }, leaves_us, wire_us);
        (leaves_us + wire_us, Ending::Answered)
    }

    /// Stays in a cell for a stretched time. Who asks from outside any cell does not wait.
    fn stay(&mut self, slot: Option<&Slot>, real_us: u64, at_us: u64) -> u64 {
        let Some(slot) = slot else { return at_us };
        let stay_us = (real_us * STRETCH).clamp(STAY_US.0, STAY_US.1);
        let track = self.tracks.number(self.stage, Way::Inside(slot.clone()));
        self.leg(Leg { track, kind: Kind::Inside, ..Leg::default() }, at_us, stay_us);
        at_us + stay_us
    }

    fn stop(&mut self, way: Way, kind: Kind, at_us: u64) {
        let track = self.tracks.number(self.stage, way);
        self.leg(Leg { track, kind, look: Look::Failed, ..Leg::default() }, at_us, FADE_US);
    }

    fn leg(&mut self, leg: Leg, from_us: u64, lasts_us: u64) {
        self.legs.push(Leg { from_us, to_us: from_us + lasts_us, reach: 1.0, ..leg });
    }
}
