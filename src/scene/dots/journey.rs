//! One trace as a journey: legs over links and stays in cells, in the order of its spans.

use std::collections::BTreeSet;

use crate::telemetry::{Cause, Outcome, Span, SpanKind, TraceId};
use crate::topology::{LifeId, LinkId, NodeId, Slot};

use super::super::layout::{Card, CardKind, Stage};
use super::super::route;
use super::super::timeline::Tree;
use super::super::visitors;
use super::{FADE_US, HURRY_US, Look, lives};

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
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Journey {
    pub(super) trace: TraceId,
    /// Whose request it is: the users node and the user's number.
    pub(super) user: Option<(NodeId, u32)>,
    /// When it sets out, in microseconds of run time as displayed.
    pub(super) start_us: u64,
    /// When the request really ended.
    pub(super) ended_us: u64,
    /// The lives that did their part.
    pub(super) lives: BTreeSet<LifeId>,
    /// By when it must be over, because one of its lives is shown dead then.
    pub(super) over_by_us: Option<u64>,
    /// The legs, with times counted from `start_us`.
    pub(super) legs: Vec<Leg>,
}

/// One piece of the way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leg {
    pub(super) from_us: u64,
    pub(super) to_us: u64,
    pub(super) way: Way,
    pub(super) look: Look,
    /// Which share of a link it goes: all of it, or up to where it stops.
    pub(super) reach: f32,
    /// Which place it has at the edge of the cell where it stays.
    pub(super) place: usize,
}

/// Where a leg leads.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Way {
    /// Over a link, to a cell where it is known, there or back.
    Wire { link: LinkId, slot: Option<Slot>, back: bool },
    /// From a visitor outside to the gateway's cell, there or back.
    Outside { gateway: Slot, number: u32, back: bool },
    /// Staying in a cell.
    Inside(Slot),
    /// Failed, at the end of that way.
    Stopped(Box<Way>),
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Answered,
    Stopped,
}

impl Journey {
    /// Plans the journey of a trace.
    pub(super) fn plan(tree: &Tree, stage: &Stage, start_us: u64) -> Self {
        let root = &tree.root;
        let cart_lost = root.outcome == Outcome::Failed(Cause::CartLost);
        let mut planner = Planner { tree, stage, legs: Vec::new(), cart_lost };
        let is_gateway = |card: &Card| card.kind == CardKind::Gateway;
        let from_outside = stage.card(root.life.node()).is_some_and(is_gateway);
        match root.user.filter(|_| from_outside) {
            Some(number) => planner.visit(root, number),
            None => drop(planner.inside(root, None, 0)),
        }
        Self {
            trace: root.trace,
            user: root.user.filter(|_| !from_outside).map(|user| (root.life.node().clone(), user)),
            start_us,
            ended_us: root.end_us,
            lives: lives(tree),
            over_by_us: None,
            legs: planner.legs,
        }
    }

    /// Is over by the death of a life that did its part, so that nothing ok is seen to enter or leave a dead cell. The
    /// answer of a life may reach the user a little later than the life dies.
    pub(super) fn hurry(&mut self, life: &LifeId, died_us: u64) {
        if self.ended_us <= died_us.saturating_add(HURRY_US) && self.lives.contains(life) {
            self.over_by_us = Some(self.over_by_us.map_or(died_us, |before| before.min(died_us)));
        }
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
        let attempts: Vec<&Span> = tree.children(span).iter().filter(|child| child.kind == SpanKind::Client).collect();
        for attempt in &attempts {
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
                self.stop(Way::Inside(slot.clone()), at_us);
                (at_us, Ending::Stopped)
            }
            Some(_) | None => (at_us, Ending::Answered),
        }
    }

    /// Plans the request of a visitor from outside: to the gateway, what happens there, and back.
    fn visit(&mut self, root: &Span, number: u32) {
        let gateway = root.life.slot.clone();
        let Some(curve) = visitors::way(self.stage, &gateway, number) else { return };
        let wire_us = ((curve.length() / SPEED * 1e6) as u64).clamp(WIRE_US.0, WIRE_US.1);
        self.leg(Way::Outside { gateway: gateway.clone(), number, back: false }, Look::Ok, 0, wire_us);
        let served = self.tree.children(root).iter().find(|child| child.kind == SpanKind::Server).cloned();
        let (leaves_us, ending) = match &served {
            Some(served) => self.inside(served, Some(&gateway), wire_us),
            None => (wire_us, Ending::Answered),
        };
        if ending == Ending::Answered {
            let back = Way::Outside { gateway, number, back: true };
            self.leg(back, Look::of(root.outcome, 1), leaves_us, wire_us);
        }
    }

    /// Plans one attempt over a link: there, what happens there, and back.
    fn attempt(&mut self, span: &Span, at_us: u64) -> (u64, Ending) {
        let served = self.tree.children(span).iter().find(|child| child.kind == SpanKind::Server).cloned();
        let peer = span.peer.as_ref().or(served.as_ref().map(|served| &served.life));
        let slot = peer.map(|life| life.slot.clone());
        let Some(link) = span.link() else { return (at_us, Ending::Answered) };
        let Some(curve) = route::curve(self.stage, &link, slot.as_ref()) else { return (at_us, Ending::Answered) };
        let wire_us = ((curve.length() / SPEED * 1e6) as u64).clamp(WIRE_US.0, WIRE_US.1);
        let out = Way::Wire { link: link.clone(), slot: slot.clone(), back: false };
        let setting_out = if span.attempt > 1 { Look::Retried } else { Look::Ok };
        self.leg(out.clone(), setting_out, at_us, wire_us);
        let there_us = at_us + wire_us;
        // No status, no answer: refused, cut off or timed out.
        if !span.outcome.is_ok() && span.status == 0 {
            // What got no answer in time was taken in and waited; what was refused or cut off never got in.
            let timed_out = matches!(span.outcome, Outcome::TimedOut | Outcome::Failed(Cause::UpstreamTimedOut));
            if let Some(slot) = slot.as_ref().filter(|_| timed_out) {
                let gives_up_us = self.stay(Some(slot), span.end_us.saturating_sub(span.start_us), there_us);
                self.stop(Way::Inside(slot.clone()), gives_up_us);
                return (gives_up_us, Ending::Stopped);
            }
            self.stop(out, there_us);
            let reach = (1.0 - STOPS / curve.length().max(1.0)).max(0.5);
            self.legs.iter_mut().rev().take(2).for_each(|leg| leg.reach = reach);
            return (there_us, Ending::Stopped);
        }
        let (leaves_us, ending) = match (&served, &slot) {
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
                self.stop(slot.map_or(out, Way::Inside), leaves_us);
                return (leaves_us, Ending::Stopped);
            }
            Look::Ok | Look::Retried | Look::Degraded | Look::Lost if self.cart_lost => Look::Lost,
            look @ (Look::Ok | Look::Retried | Look::Degraded | Look::Lost) => look,
        };
        self.leg(Way::Wire { link, slot, back: true }, back, leaves_us, wire_us);
        (leaves_us + wire_us, Ending::Answered)
    }

    /// Stays in a cell for a stretched time. Who asks from outside any cell does not wait.
    fn stay(&mut self, slot: Option<&Slot>, real_us: u64, at_us: u64) -> u64 {
        let Some(slot) = slot else { return at_us };
        let stay_us = (real_us * STRETCH).clamp(STAY_US.0, STAY_US.1);
        self.leg(Way::Inside(slot.clone()), Look::Ok, at_us, stay_us);
        at_us + stay_us
    }

    fn stop(&mut self, way: Way, at_us: u64) {
        self.leg(Way::Stopped(Box::new(way)), Look::Failed, at_us, FADE_US);
    }

    fn leg(&mut self, way: Way, look: Look, from_us: u64, lasts_us: u64) {
        self.legs.push(Leg { from_us, to_us: from_us + lasts_us, way, look, reach: 1.0, place: 0 });
    }
}
