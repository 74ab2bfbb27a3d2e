//! The control plane: its state, and which file answers which input. Decides nothing itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::telemetry::report::Report;
use crate::telemetry::{Books, Visits};
use crate::topology::{LifeId, NodeId, Topology};

use super::arrivals::Arrivals;
use super::audits::Audits;
use super::census::Census;
use super::command::{Command, Plan};
use super::course::Course;
use super::deploys::Deploys;
use super::discovery::Lookups;
use super::effect::{Effect, View};
use super::event::Event;
use super::faults::Faults;
use super::handover::Handover;
use super::lives::Lives;
use super::log::{LineNumber, Log};
use super::output::Outputs;
use super::pace::Pace;
use super::rates::Rates;
use super::reconcile::Changes;
use super::relocation::Relocation;
use super::reports::Wave;
use super::scenario::Scenario;
use super::shape::Shape;
use super::snapshot::{Phase, Snapshot};
use super::timeline::Timeline;
use super::usage::UsageLog;
use super::wishes::Wishes;

/// Something for the control plane to react to.
#[derive(Debug, Clone)]
pub enum Input {
    /// What the user wants.
    Command(Command),
    /// What the world did.
    Event(Event),
}

/// One run as a pure state machine. A run that is finished can be followed by another in the same cluster, once every
/// process and connection of the first is gone.
#[derive(Debug, Default)]
pub struct Cluster {
    pub(super) phase: Phase,
    pub(super) plan: Plan,
    /// The drawing as it is to be.
    pub(super) topology: Arc<Topology>,
    /// The drawing that everybody follows: the same, but while modules change their process.
    pub(super) in_force: Arc<Topology>,
    pub(super) revision: u64,
    pub(super) view: Option<Arc<View>>,
    /// When the run was asked for.
    pub(super) begun_us: u64,
    /// Whether everything was ready and only the word to go is missing.
    pub(super) waits: bool,
    /// Whether that word was given.
    pub(super) may_go: bool,
    pub(super) started_us: Option<u64>,
    /// When users told of the first request that was ok.
    pub(super) served_us: Option<u64>,
    /// When the drawing was changed last.
    pub(super) edited_us: Option<u64>,
    /// How fast users act.
    pub(super) pace: Pace,
    /// The line of the log that tells of the pace, and when it was begun.
    pub(super) pace_line: Option<(LineNumber, u64)>,
    /// Until when a spike goes on.
    pub(super) spike_until_us: Option<u64>,
    /// When settling began.
    pub(super) ended_us: Option<u64>,
    pub(super) now_us: u64,
    pub(super) course: Course,
    pub(super) lives: Lives,
    pub(super) scenario: Scenario,
    pub(super) shape: Shape,
    pub(super) handover: Handover,
    pub(super) relocation: Relocation,
    /// Databases in which services keep their sessions, or did in this run.
    pub(super) session_databases: BTreeSet<NodeId>,
    pub(super) deploys: Deploys,
    pub(super) lookups: Lookups,
    pub(super) books: Books,
    pub(super) census: Census,
    pub(super) timeline: Timeline,
    pub(super) usage: UsageLog,
    pub(super) arrivals: Arrivals,
    pub(super) faults: Faults,
    pub(super) audits: Audits,
    pub(super) log: Log,
    pub(super) outputs: Outputs,
    pub(super) wave: Option<Wave>,
    pub(super) rates: Rates,
    /// Visitors from outside, by gateway.
    pub(super) visits: BTreeMap<LifeId, Visits>,
    pub(super) spans_received: u64,
    pub(super) wishes: Wishes,
    pub(super) trouble: Option<String>,
    pub(super) report: Option<Arc<Report>>,
    /// What this input changed that consumers must know.
    pub(super) changes: Changes,
    /// What this input leads to.
    pub(super) effects: Vec<Effect>,
}

impl Cluster {
    /// A control plane with nothing to control yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an input at a moment of run time and says what is to be done. Times may not go back; where they do, the
    /// latest counts.
    pub fn handle(&mut self, now_us: u64, input: Input) -> Vec<Effect> {
        self.now_us = self.now_us.max(now_us);
        match input {
            Input::Command(command) => self.command(command),
            Input::Event(event) => self.event(event),
        }
        self.advance();
        self.configure();
        std::mem::take(&mut self.effects)
    }

    /// How it is at this moment.
    pub fn snapshot(&self, now_us: u64) -> Snapshot {
        self.overview(self.now_us.max(now_us))
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Start(plan) => self.start(*plan),
            Command::Go => self.may_go = true,
            Command::Apply(topology) => self.apply(*topology),
            Command::Act { act, on } => self.act(&act, &on, None),
            Command::Pace(pace) => self.set_pace(pace),
            Command::Spike => self.spike(),
            Command::Stop => self.stop(),
            Command::Abort => self.abort(),
        }
    }

    fn event(&mut self, event: Event) {
        // What is said after the report was written could only make the window disagree with it.
        if self.report.is_some() && event.is_testimony() {
            return;
        }
        match event {
            Event::Spawned { life, pid } => self.spawned(&life, pid),
            Event::SpawnFailed { life, message } => self.spawn_failed(&life, message),
            Event::Connected { life } => self.connected(&life),
            Event::Applied { life, revision } => self.applied(&life, revision),
            Event::Polled { life } => self.polled(&life),
            Event::Ready { life, address } => self.ready(&life, address),
            Event::Unready { life, reason } => self.unready(&life, &reason),
            Event::Draining { life } => self.draining(&life),
            Event::Failed { life, message } => self.failed(&life, message),
            Event::Signalled { life, signal, at_us } => self.signalled(&life, signal, at_us),
            Event::Exited { life, exit, at_us } => self.exited(&life, exit, at_us),
            Event::Disconnected { life } => self.disconnected(&life),
            Event::Actual { lives } => self.actual(&lives),
            Event::Settled { life, standings } => self.settled(&life, &standings),
            Event::Ledger { life, line } => self.ledger(&life, line),
            Event::CensusIncomplete { life } => self.census_incomplete(&life),
            Event::Belief { life, belief } => self.believe(&life, belief),
            Event::Noticed { life, upstream, at_us, by } => self.noticed(&life, &upstream, at_us, by),
            Event::Totals { life, totals } => self.totals(life, *totals),
            Event::Spans { count, ended_badly } => self.spans(count, ended_badly),
            Event::Visits { life, visits } => self.visited(life, *visits),
            Event::Holds { life, holdings } => self.holds(&life, holdings),
            Event::Figures { life, cpu, pss_kib } => self.figures(&life, cpu, pss_kib),
            Event::Wrote { life, lines } => self.outputs.enter(life, lines),
            Event::Audited { name, found } => self.audited(name, found),
            Event::Tick => self.tick(),
        }
    }
}
