//! Requests are planned here, beside the thread that draws where there is one: spans joined into traces, traces into journeys.
//! What the window has to do for a request is to set its journey out when its time has come.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::control::Snapshot;
use crate::scene::Live;
use crate::scene::follow::Request;
use crate::scene::layout::{Edition, Stage};
use crate::scene::news::Who;
use crate::scene::timeline::Timeline;
use crate::telemetry::Span;

use super::LATE_US;
use super::journey::{Journey, Outline};
use super::numbers::Numbers;
use super::plan::Plan;
use super::queue::Queues;
use super::tracks::Way;

/// Requests are planned so long before they set out, so that plans are there in time.
const AHEAD_US: u64 = 100_000;
/// Pieces of a trace whose request does not come are given up so long after the moment on the screen.
const FORGOTTEN_US: u64 = 10_000_000;

/// What has come from the run, and up to when requests are to be planned.
#[derive(Debug, Default)]
pub struct Order {
    /// Which run it is of: the answer has the same number.
    pub(super) run: u32,
    /// Whether that is another run than before: all that is known is forgotten.
    pub(super) is_first: bool,
    /// Whether ways are to be numbered anew: nobody is on any.
    pub(super) renumber: bool,
    pub(super) spans: Vec<Arc<[Span]>>,
    /// Snapshots that are to be shown soon.
    pub(super) snapshots: Vec<Arc<Snapshot>>,
    /// The moment of run time of which there is news.
    pub(super) heard_us: u64,
    /// The moment on the screen; `None` while it stands still: then nothing is planned.
    pub(super) display_us: Option<u64>,
    pub(super) stage: Arc<Stage>,
    /// What is to be let go of: to free it takes longer than to set a request out.
    pub(super) done: Done,
}

/// What the window needs no more.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) requests: Vec<Arc<Request>>,
    #[expect(clippy::vec_box, reason = "they come and go as they are")]
    pub(super) journeys: Vec<Box<Journey>>,
    pub(super) snapshots: Vec<Arc<Snapshot>>,
    pub(super) lives: Vec<Live>,
    pub(super) spans: Vec<Arc<[Span]>>,
}

/// What was planned.
#[derive(Debug, Default)]
pub struct Planned {
    pub(super) run: u32,
    /// Ways and users that have got the next numbers.
    pub(super) ways: Vec<Way>,
    pub(super) users: Vec<Who>,
    /// The journeys, in the order in which they begin, and the state of the stage on which they were planned.
    pub(super) journeys: VecDeque<Outset>,
    pub(super) edition: Edition,
    /// The snapshots on their stage.
    pub(super) lives: Vec<Live>,
    /// Spans that were given up so far.
    pub(super) lost: u64,
    /// Whether spans wait: for their moment, or for their request.
    pub(super) waits: bool,
}

/// A request that sets out soon: what has to be read of it then, and all the rest, which is handed on as it is.
#[derive(Debug)]
pub(super) struct Outset {
    pub(super) outline: Outline,
    pub(super) journey: Box<Journey>,
    pub(super) request: Arc<Request>,
}

/// Plans requests.
#[derive(Debug, Default)]
pub struct Planner {
    timeline: Timeline,
    numbers: Numbers,
    queues: Queues,
}

impl Planner {
    /// Takes in what has come, and plans what begins soon.
    pub fn plan(&mut self, order: Order) -> Planned {
        let Order { run, is_first, renumber, spans, snapshots, heard_us, display_us, stage, done } = order;
        drop(done);
        if is_first {
            *self = Self::default();
        } else if renumber {
            self.numbers.clear();
            self.queues = Queues::default();
        }
        spans.iter().for_each(|spans| self.timeline.enter(spans.iter().cloned()));
        self.timeline.hear(heard_us);
        self.numbers.tracks.follow(&stage);
        let told = self.numbers.tracks.len();
        let journeys = display_us.map(|display_us| self.journeys(&stage, display_us)).unwrap_or_default();
        let (ways, users) = self.numbers.tracks.since(told);
        let (lost, waits) = (self.timeline.dropped(), !self.timeline.is_empty());
        let lives = snapshots.iter().map(|snapshot| Live::new(&stage, snapshot)).collect();
        Planned { run, ways, users, journeys, edition: stage.edition().clone(), lives, lost, waits }
    }

    fn journeys(&mut self, stage: &Stage, display_us: u64) -> VecDeque<Outset> {
        let forget_us = display_us.saturating_sub(FORGOTTEN_US);
        let begun = self.timeline.take_begun(display_us, AHEAD_US, forget_us);
        let mut journeys = VecDeque::with_capacity(begun.len());
        for tree in begun {
            // A request that was long on its way is known late; it sets out when it is known, never in the past.
            let late = display_us.saturating_sub(tree.root.start_us) > LATE_US;
            let start_us = if late { display_us } else { tree.root.start_us };
            let (numbers, queues) = (&mut self.numbers, &mut self.queues);
            let journey = Box::new(Plan { tree: &tree, stage, numbers, queues }.journey(start_us));
            let (outline, user) = (journey.outline(), journey.user.clone());
            let request = Arc::new(Request { tree, user, before: None, over_us: outline.ends_us });
            journeys.push_back(Outset { outline, journey, request });
        }
        journeys
    }
}
