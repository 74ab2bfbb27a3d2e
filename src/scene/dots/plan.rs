//! Plans journeys: one trace as legs over links and stays in cells, in the order of its spans. Done once for each trace, when
//! it sets out; all that a frame needs later is in the legs.

use crate::scene::layout::{CardKind, Stage};
use crate::scene::timeline::Tree;
use crate::telemetry::{Cause, Outcome, Span, SpanKind};

use super::journey::{Journey, Kind, Leg, short_us};
use super::numbers::Numbers;
use super::queue::Queues;
use super::tracks::Life;
use super::{FADE_US, Look};

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

/// What a journey is planned from.
pub(super) struct Plan<'a> {
    pub(super) tree: &'a Tree,
    pub(super) stage: &'a Stage,
    pub(super) numbers: &'a mut Numbers,
    pub(super) queues: &'a mut Queues,
}

impl Plan<'_> {
    /// Plans the journey of a trace.
    pub(super) fn journey(self, start_us: u64) -> Journey {
        let Self { tree, stage, numbers, queues } = self;
        let root = &tree.root;
        let cart_lost = root.outcome == Outcome::Failed(Cause::CartLost);
        // What begins at a gateway is not a user's but a visitor's.
        let is_gateway = stage.card(root.life.node()).is_some_and(|card| card.kind == CardKind::Gateway);
        let visitor = root.user.filter(|_| is_gateway);
        let user = root.user.filter(|_| !is_gateway).map(|user| (root.life.node().clone(), user));
        let home = user.as_ref().map_or(u32::MAX, |user| numbers.home(stage, user));
        let (legs, lives) = (Vec::with_capacity(2 * tree.spans() as usize), vec![numbers.life(stage, &root.life)]);
        let mut planning = Planning { tree, stage, numbers, legs, lives, cart_lost };
        planning.took_part(root);
        match visitor {
            Some(number) => planning.visit(root, number),
            None => drop(planning.inside(root, None, 0)),
        }
        let Planning { mut legs, lives, numbers, .. } = planning;
        queues.enter(start_us, &mut legs);
        let (trace, ended_us) = (root.trace, root.end_us);
        let legs = legs.into();
        let mut journey = Journey { trace, user, home, start_us, ended_us, lives, legs, ..Journey::default() };
        journey.measure(&numbers.tracks);
        journey
    }
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Answered,
    Stopped,
}

struct Planning<'a> {
    tree: &'a Tree,
    stage: &'a Stage,
    numbers: &'a mut Numbers,
    legs: Vec<Leg>,
    lives: Vec<Life>,
    cart_lost: bool,
}

impl Planning<'_> {
    /// Notes the lives that did their part below a span, by what the spans say. Who was asked and did not answer is none
    /// of them.
    fn took_part(&mut self, span: &Span) {
        let tree = self.tree;
        let children = tree.children(span);
        if span.kind == SpanKind::Client && (span.outcome.is_ok() || span.status != 0) {
            let peer = span.peer.as_ref();
            // Who served says what was known already, nearly always.
            let served = children.iter().map(|served| &served.life).filter(|life| Some(*life) != peer);
            for life in peer.into_iter().chain(served) {
                let life = self.numbers.life(self.stage, life);
                if !self.lives.contains(&life) {
                    self.lives.push(life);
                }
            }
        }
        children.iter().for_each(|child| self.took_part(child));
    }

    /// Plans what happens in a process between getting a request and answering it. `cell` is the way to where it is drawn;
    /// a user's own request has none. Returns when it is over, and how.
    fn inside(&mut self, span: &Span, cell: Option<u32>, mut at_us: u64) -> (u64, Ending) {
        let tree = self.tree;
        let mut ending = Ending::Answered;
        let mut since_us = span.start_us;
        for attempt in tree.children(span).iter().filter(|child| child.kind == SpanKind::Client) {
            at_us = self.stay(cell, attempt.start_us.saturating_sub(since_us), at_us);
            (at_us, ending) = self.attempt(attempt, at_us);
            since_us = attempt.end_us;
        }
        let failed = Look::of(span.outcome, 1) == Look::Failed;
        match ending {
            Ending::Stopped if failed => return (at_us, Ending::Stopped),
            Ending::Answered | Ending::Stopped => {}
        }
        at_us = self.stay(cell, span.end_us.saturating_sub(since_us), at_us);
        match cell {
            Some(cell) if failed => {
                self.stop(cell, Kind::StoppedIn, at_us);
                (at_us, Ending::Stopped)
            }
            Some(_) | None => (at_us, Ending::Answered),
        }
    }

    /// Plans the request of a visitor from outside: to the gateway, what happens there, and back.
    fn visit(&mut self, root: &Span, number: u32) {
        let gateway = &root.life.slot;
        let track = self.numbers.outside(self.stage, gateway, number);
        let Some((wire_us, _)) = self.wire_us(track) else { return };
        self.leg(Leg { track, ..Leg::default() }, 0, wire_us);
        let served = self.tree.children(root).iter().find(|child| child.kind == SpanKind::Server);
        let cell = self.numbers.inside(self.stage, gateway);
        let (leaves_us, ending) = match served {
            Some(served) => self.inside(served, Some(cell), wire_us),
            None => (wire_us, Ending::Answered),
        };
        if ending == Ending::Answered {
            let look = Look::of(root.outcome, 1);
            self.leg(Leg { track, kind: Kind::Back, look, ..Leg::default() }, leaves_us, wire_us);
        }
    }

    /// Plans one attempt over a link, and what came of it.
    fn attempt(&mut self, span: &Span, at_us: u64) -> (u64, Ending) {
        // A program tells of a request, and its keeper of the same one: the keeper knows whom it reached.
        let mut children = self.tree.children(span).iter();
        if let Some(kept) = children.find(|child| child.kind == SpanKind::Client && child.life == span.life) {
            return self.attempt(kept, at_us);
        }
        let served = self.tree.children(span).iter().find(|child| child.kind == SpanKind::Server);
        let slot = span.peer.as_ref().or(served.map(|served| &served.life)).map(|life| &life.slot);
        let Some(to) = &span.to else { return (at_us, Ending::Answered) };
        let cell = slot.map(|slot| self.numbers.inside(self.stage, slot));
        let track = self.numbers.wire(self.stage, &span.life.slot, to, slot.zip(cell));
        let Some((wire_us, length)) = self.wire_us(track) else { return (at_us, Ending::Answered) };
        let from_home = self.tree.root.user.is_some() && span.life.node() == self.tree.root.life.node();
        let wire = Leg { track, from_home, ..Leg::default() };
        let setting_out = if span.attempt > 1 { Look::Retried } else { Look::Ok };
        self.leg(Leg { look: setting_out, ..wire }, at_us, wire_us);
        let there_us = at_us + wire_us;
        // No status, no answer: refused, cut off or timed out.
        if !span.outcome.is_ok() && span.status == 0 {
            // What got no answer in time was taken in and waited; what was refused or cut off never got in.
            let timed_out = matches!(span.outcome, Outcome::TimedOut | Outcome::Failed(Cause::UpstreamTimedOut));
            if let Some(cell) = cell.filter(|_| timed_out) {
                let gives_up_us = self.stay(Some(cell), span.end_us.saturating_sub(span.start_us), there_us);
                self.stop(cell, Kind::StoppedIn, gives_up_us);
                return (gives_up_us, Ending::Stopped);
            }
            self.stop(track, Kind::StoppedOn, there_us);
            let reach = (1.0 - STOPS / length.max(1.0)).max(0.5);
            self.legs.iter_mut().rev().take(2).for_each(|leg| leg.reach = reach);
            return (there_us, Ending::Stopped);
        }
        let (leaves_us, ending) = match served {
            Some(served) => self.inside(served, cell, there_us),
            None => (self.stay(cell, span.end_us.saturating_sub(span.start_us), there_us), Ending::Answered),
        };
        if ending == Ending::Stopped {
            return (leaves_us, ending);
        }
        let back = match Look::of(span.outcome, span.attempt) {
            Look::Failed => {
                match cell {
                    Some(cell) => self.stop(cell, Kind::StoppedIn, leaves_us),
                    None => self.stop(track, Kind::StoppedOn, leaves_us),
                }
                return (leaves_us, Ending::Stopped);
            }
            Look::Ok | Look::Retried | Look::Degraded | Look::Lost if self.cart_lost => Look::Lost,
            look @ (Look::Ok | Look::Retried | Look::Degraded | Look::Lost) => look,
        };
        self.leg(Leg { kind: Kind::Back, look: back, ..wire }, leaves_us, wire_us);
        (leaves_us + wire_us, Ending::Answered)
    }

    /// How long a dot takes over a link, and how long the link is; `None` where it is not drawn.
    fn wire_us(&self, track: u32) -> Option<(u64, f32)> {
        let length = self.numbers.tracks.length(track)?;
        Some((((length / SPEED * 1e6) as u64).clamp(WIRE_US.0, WIRE_US.1), length))
    }

    /// Stays in a cell for a stretched time. Who asks from outside any cell does not wait.
    fn stay(&mut self, cell: Option<u32>, real_us: u64, at_us: u64) -> u64 {
        let Some(track) = cell else { return at_us };
        let stay_us = (real_us.saturating_mul(STRETCH)).clamp(STAY_US.0, STAY_US.1);
        self.leg(Leg { track, kind: Kind::Inside, ..Leg::default() }, at_us, stay_us);
        at_us + stay_us
    }

    fn stop(&mut self, track: u32, kind: Kind, at_us: u64) {
        self.leg(Leg { track, kind, look: Look::Failed, ..Leg::default() }, at_us, FADE_US);
    }

    fn leg(&mut self, leg: Leg, from_us: u64, lasts_us: u64) {
        let (from_us, to_us) = (short_us(from_us), short_us(from_us + lasts_us));
        self.legs.push(Leg { from_us, to_us, reach: 1.0, ..leg });
    }
}
