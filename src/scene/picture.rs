//! What is on the canvas at this moment: the display clock, the requests under way, and who lost what just now.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};

use crate::control::Snapshot;
use crate::control::snapshot::{Phase, SlotState};
use crate::telemetry::Span;
use crate::topology::{Preset, Slot};

use super::cells::{self, Cell};
use super::dots::{self, Count, Dots, Order, Planned};
use super::draw::{Emphasis, Frame};
use super::follow::Follow;
use super::geometry::Rect;
use super::lamps::Lamps;
use super::live::Live;
use super::moves::Moves;
use super::news::News;
use super::people::RecentLosses;
use super::words::Words;
use super::{Forgotten, Moved, Playback, Stage, Traffic};

/// As many snapshots that are to be seen later are kept on their stage.
const MOST_LATER: usize = 64;

/// What is to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Drawing<'a> {
    /// The document.
    pub preset: &'a Preset,
    /// A number that is another one whenever the document is; `None` where nobody counts.
    pub revision: Option<u64>,
    /// What is on its way, and where it is now.
    pub moved: &'a Moved,
    /// As many dots are shown; more are sampled.
    pub most_dots: usize,
    /// The part of the world whose dots are wanted; `None` for all.
    pub sight: Option<Rect>,
}

/// What the stage was made from.
#[derive(Debug)]
struct Laid {
    revision: Option<u64>,
    shown: Arc<Snapshot>,
}

impl Laid {
    fn is_of(&self, drawing: &Drawing<'_>) -> bool {
        self.revision.is_some() && self.revision == drawing.revision
    }
}

static UNMOVED: Moved = Moved { nodes: BTreeMap::new(), notes: BTreeMap::new(), leaving: BTreeSet::new() };

impl<'a> From<&'a Preset> for Drawing<'a> {
    fn from(preset: &'a Preset) -> Self {
        Self { preset, revision: None, moved: &UNMOVED, most_dots: dots::LEGIBLE, sight: None }
    }
}

/// The scene's state.
#[derive(Debug, Default)]
pub struct Picture {
    /// The display clock.
    pub playback: Playback,
    /// Where cards and cells are.
    pub stage: Arc<Stage>,
    /// The same with everything at rest, for those who plan.
    at_rest: Arc<Stage>,
    /// Which node of the run is which card.
    pub live: Live,
    /// The same of what is to be seen later, as far as it was found beside.
    later: VecDeque<Live>,
    /// The one before, whose snapshot others may show for another frame.
    past: Option<Live>,
    /// The requests under way.
    pub dots: Dots,
    /// Who lost what just now.
    pub losses: RecentLosses,
    /// Marks that are on their way.
    pub moves: Moves,
    /// What each operation's last two seconds were like.
    pub lamps: Lamps,
    /// The requests of late, to be read.
    pub follow: Follow,
    laid: Option<Laid>,
    news: News,
    traffic: Traffic,
    /// How many faults have been looked at.
    faults_seen: usize,
}

impl Picture {
    /// A picture whose requests are planned by somebody else: who takes these orders and answers each of them.
    pub fn planned_beside(orders: SyncSender<Order>, answers: Receiver<Planned>) -> Self {
        let mut picture = Self::default();
        picture.traffic.plan_beside(orders, answers);
        picture
    }

    /// Takes news in, and moves the picture on by this many seconds of the screen's time.
    pub fn advance(&mut self, snapshot: Arc<Snapshot>, spans: impl Into<Arc<[Span]>>, seconds: f32) {
        self.receive(snapshot, spans);
        self.playback.advance(seconds);
        self.look();
    }

    /// Takes news in. The picture stays where it is.
    pub fn receive(&mut self, snapshot: Arc<Snapshot>, spans: impl Into<Arc<[Span]>>) {
        if snapshot.now_us < self.playback.latest().now_us {
            self.forget_requests();
        }
        if !Arc::ptr_eq(&snapshot, self.playback.latest()) {
            self.traffic.hear(&snapshot);
        }
        self.playback.observe(snapshot);
        self.enter(spans);
    }

    /// Takes spans in.
    pub fn enter(&mut self, spans: impl Into<Arc<[Span]>>) {
        self.traffic.enter(spans);
    }

    /// Lets go of what nobody shows any more.
    pub fn let_go_of(&mut self, forgotten: Forgotten) {
        self.traffic.let_go_of(forgotten.snapshots);
        self.traffic.let_go_of_spans(forgotten.spans);
    }

    /// Moves the picture on to this moment of run time, whatever is due.
    pub fn go_to(&mut self, display_us: u64) {
        self.playback.go_to(display_us);
        self.look();
    }

    /// Looks at every snapshot that came to be shown, so that the length of a frame changes nothing.
    fn look(&mut self) {
        for snapshot in self.playback.take_passed() {
            self.moves.observe(&snapshot);
            self.lamps.observe(&snapshot);
        }
    }

    /// Lays the drawing out, and sets out, moves and ends the dots.
    pub fn draw<'a>(&mut self, drawing: impl Into<Drawing<'a>>) {
        let drawing = drawing.into();
        self.lay(&drawing);
        let display_us = self.playback.display_us();
        self.lamps.light(display_us);
        if self.playback.shown().phase == Phase::Finished {
            // The clock stands still now: what is still drawn on its way would hang there for ever.
            self.traffic.clear();
        } else {
            let moving = (!self.playback.frozen).then_some(display_us);
            self.traffic.plan(&self.at_rest, self.playback.latest().now_us, moving);
            let lives = self.traffic.take_lives();
            self.know(lives);
            if moving.is_some() {
                let set_out = self.traffic.advance(&self.stage, display_us);
                let forgotten = self.follow.enter(set_out, self.playback.shown());
                self.traffic.let_go(forgotten);
            }
        }
        self.news.look(self.playback.shown(), self.traffic.bad_news());
        self.losses.pass(display_us);
        self.show_news(display_us);
        // The newest snapshot knows of deaths before they are shown.
        let faults = Arc::clone(&self.playback.latest().faults);
        for fault in faults.iter().skip(self.faults_seen) {
            if let Some(life) = fault.life.as_ref().filter(|_| fault.kind == "kill") {
                self.traffic.hurry(life, fault.at_us);
            }
        }
        self.faults_seen = faults.len();
        self.traffic.show_at_most(drawing.most_dots);
        self.traffic.show_within(drawing.sight);
        self.traffic.dots_into(&mut self.dots, &self.stage, display_us);
    }

    /// Looks at the run as it is to be seen now, and at what is to be seen next while there is time.
    fn show_news(&mut self, display_us: u64) {
        let seen = self.news.seen();
        if !self.live.is_of(&self.stage, seen) {
            self.losses.observe(seen, display_us);
            while let Some(jumped_over) = self.later.pop_front_if(|later| later.now_us() < seen.now_us) {
                self.traffic.let_go_of_live(jumped_over);
            }
            let known = self.later.pop_front_if(|later| later.is_of(&self.stage, seen));
            let live = known.unwrap_or_else(|| Live::new(&self.stage, seen));
            // Those who show the one before it have let go of it by now.
            if let Some(past) = self.past.replace(std::mem::replace(&mut self.live, live)) {
                self.traffic.let_go_of_live(past);
            }
        }
    }

    /// Takes in what was found beside. Of a picture that is far behind the run not everything is kept.
    fn know(&mut self, lives: Vec<Live>) {
        let room = MOST_LATER.saturating_sub(self.later.len());
        self.later.extend(lives.into_iter().take(room));
    }

    /// Lays the drawing out, as far as anything changed that it depends on.
    fn lay(&mut self, drawing: &Drawing<'_>) {
        let shown = self.playback.shown();
        if !self.laid.as_ref().is_some_and(|laid| Arc::ptr_eq(&laid.shown, shown) && laid.is_of(drawing)) {
            let shown = Arc::clone(shown);
            let known = self.later.iter().find(|later| later.is_of(&self.stage, &shown));
            let is_outgrown = || known.map_or_else(|| !self.stage.has_slots_of(&shown), Live::is_outgrown);
            match self.laid.as_mut().filter(|laid| laid.is_of(drawing) && !is_outgrown()) {
                Some(laid) => laid.shown = shown,
                None => {
                    self.at_rest = Arc::new(Stage::new(drawing.preset, &shown, &UNMOVED));
                    self.stage = Arc::clone(&self.at_rest);
                    // Of the old stage, whose places may be others.
                    self.live = Live::default();
                    self.later.clear();
                    self.lamps.put_up(drawing.preset);
                    self.laid = Some(Laid { revision: drawing.revision, shown });
                }
            }
        }
        if self.stage.is_other(drawing.moved) {
            Arc::make_mut(&mut self.stage).drag(drawing.preset, drawing.moved);
        }
    }

    /// A replica as it is to be seen at this moment.
    pub fn cell(&self, slot: &Slot) -> Cell {
        match self.stage.place(&slot.node) {
            Some(card) => self.live.cell(card, slot),
            None => cells::cell(slot, self.seen()),
        }
    }

    /// The state of a replica as it is to be seen at this moment.
    pub fn state(&self, slot: &Slot) -> Option<&SlotState> {
        self.live.state(self.stage.place(&slot.node)?, slot)
    }

    /// Back to an empty picture; the arrangement stays.
    pub fn clear(&mut self) {
        let slow = self.playback.slow;
        self.playback = Playback::default();
        self.playback.slow = slow;
        self.news = News::default();
        self.losses = RecentLosses::default();
        self.moves = Moves::default();
        self.lamps.forget();
        self.forget_requests();
    }

    /// The run as it is to be seen at this moment: a loss is not, until the dot that tells of it is home.
    pub fn seen(&self) -> &Arc<Snapshot> {
        self.news.seen()
    }

    /// What passed each branch of a link in the last second: dots as numbers.
    pub fn counts(&self) -> Vec<Count> {
        self.traffic.counts(&self.stage, self.playback.display_us())
    }

    /// This moment as a frame of a drawing of `preset`, with nothing standing out.
    pub fn frame<'a>(&'a self, preset: &'a Preset, emphasis: &'a Emphasis) -> Frame<'a> {
        Frame {
            preset,
            shown: self.seen(),
            display_us: self.playback.display_us(),
            stage: &self.stage,
            live: &self.live,
            dots: &self.dots,
            counts: None,
            losses: &self.losses,
            moves: &self.moves,
            lamps: self.lamps.lamps(),
            emphasis,
            words: Words::of(&preset.lesson, false),
            large: false,
            least_dot: 0.0,
            sight: None,
            traffic: false,
        }
    }

    /// Spans that could not be drawn: too many, without their request, or jumped over by the clock.
    pub fn undrawn(&self) -> u64 {
        self.traffic.undrawn()
    }

    /// Whether the next frame will differ from this one without any news.
    pub fn is_moving(&self) -> bool {
        let over = matches!(self.playback.latest().phase, Phase::Idle | Phase::Finished);
        let busy = self.traffic.is_busy() || !self.moves.is_empty();
        self.playback.is_moving() || !self.playback.frozen && busy && !over
    }

    fn forget_requests(&mut self) {
        self.traffic.forget();
        self.follow.clear();
        self.dots = Dots::default();
        self.faults_seen = 0;
    }
}
