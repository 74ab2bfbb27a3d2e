//! How it is now: everything that the window and the report show, as one value.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::telemetry::report::Report;
use crate::telemetry::{ArrivalBooks, OperationBooks, SessionId, Visitor};
use crate::topology::{LifeId, LinkId, NodeId, Slot};

pub use super::deploy::{DeployOutcome, DeployState};
use super::pace::Pace;

/// The state of a run at one moment. Cheap to clone: the long lists are shared.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Where in its course the run is.
    pub phase: Phase,
    /// The moment, in microseconds of run time.
    pub now_us: u64,
    /// Whether everything is ready, and the users wait for the word to go.
    pub waits: bool,
    /// t = 0, in microseconds of run time, once everything was ready.
    pub started_us: Option<u64>,
    /// How much faster than drawn users act, a spike not counted.
    pub pace: Pace,
    /// Until when a spike goes on, in microseconds of run time.
    pub spike_until_us: Option<u64>,
    /// Arrivals in open loops so far.
    pub arrivals: ArrivalBooks,
    /// The nodes that run or should run, in the order of the drawing.
    pub nodes: Vec<NodeState>,
    /// The links with their traffic.
    pub links: Vec<LinkState>,
    /// Every user that was ever heard of, by node and number.
    pub users: Arc<[UserState]>,
    /// Visitors from outside who are there now, by gateway and seat.
    pub visitors: Arc<[VisitorState]>,
    /// What happened to people and sessions, in sum.
    pub sessions: SessionCounts,
    /// Requests, all operations together.
    pub total: OperationBooks,
    /// Settings that the scenario has changed, as they are now.
    pub settings: Arc<[SettingState]>,
    /// Requests by operation.
    pub operations: Arc<[(String, OperationBooks)]>,
    /// One point for each whole second since t = 0.
    pub timeline: Arc<[TimelinePoint]>,
    /// What the processes of each node used, over the run.
    pub usage: Arc<Usage>,
    /// Faults and other acts so far.
    pub faults: Arc<[FaultState]>,
    /// What happened, in order.
    pub log: Arc<[LogEntry]>,
    /// What processes wrote to their output, life by life, dead lives included.
    pub outputs: Arc<[Output]>,
    /// How the expectations stand, in the order of the preset.
    pub expectations: Vec<ExpectationState>,
    /// Why the run could not go on, when it could not.
    pub trouble: Option<String>,
    /// Spans received from nodes so far.
    pub spans_received: u64,
    /// Spans that some queue dropped.
    pub spans_dropped: u64,
    /// Share of requests that are sampled for spans, 0 to 1.
    pub trace_sample_ratio: f64,
    /// Deploys so far, the oldest first.
    pub deploys: Arc<[DeployState]>,
    /// The release of its node that each life runs, where that is not the first.
    pub releases: Arc<BTreeMap<LifeId, ReleaseState>>,
    /// Who has not learned yet of replicas that came and went.
    pub discovery: DiscoveryState,
    /// The report, once the run is finished.
    pub report: Option<Arc<Report>>,
}

/// The release that a life runs.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseState {
    /// The release, counted from 1 in each node.
    pub number: u32,
    /// The versions of the modules that differ from the first, in words: `recommendations 2 (errors 0.5)`.
    pub versions: Vec<String>,
}

/// How fast consumers learn of replicas that come and go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DiscoveryState {
    /// Replicas that came or went so far.
    pub changes: u64,
    /// Within this time consumers acted on 95 of 100 changes, in milliseconds.
    pub p95_ms: Option<f64>,
    /// The same by consumer.
    pub by_consumer: Vec<(NodeId, f64)>,
    /// Who does not know yet.
    pub unlearned: Vec<Unlearned>,
}

/// A consumer that has not learned of a change yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlearned {
    /// The gateway, service or users life.
    pub consumer: LifeId,
    /// The replica that came or went.
    pub life: LifeId,
    /// Whether it came; else it went, and the consumer still sends to it.
    pub came: bool,
    /// When, in microseconds of run time.
    pub since_us: u64,
}

/// Where in its course a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing runs.
    #[default]
    Idle,
    /// Processes start; users wait.
    Starting,
    /// Everything was ready once; users act.
    Running,
    /// No new journeys; what is in flight is resolved and sessions are checked.
    Settling,
    /// Processes are being stopped.
    Stopping,
    /// No process is left; the report is there, unless the run was aborted.
    Finished,
}

/// A setting that runs with another value than was drawn, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingState {
    /// The node.
    pub node: NodeId,
    /// The setting.
    pub key: String,
    /// Its value in the run, as presets write it.
    pub value: String,
}

/// One node and its slots.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeState {
    /// Which node.
    pub id: NodeId,
    /// Its slots, in order; slots of replicas that are being scaled in included.
    pub slots: Vec<SlotState>,
}

/// One slot and the life in it.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotState {
    /// Which slot.
    pub slot: Slot,
    /// The newest life of the slot.
    pub life: LifeId,
    /// What that life is doing.
    pub state: LifeState,
    /// Its process id, as long as it has or had a process.
    pub pid: Option<u32>,
    /// Where it listens.
    pub address: Option<SocketAddr>,
    /// When the next life begins, in microseconds of run time, when one is due.
    pub restarts_us: Option<u64>,
    /// Share of one core that it uses.
    pub cpu: f32,
    /// Proportional set size in KiB.
    pub pss_kib: u64,
    /// Requests received by this life with this run's tag.
    pub requests: u64,
    /// Sessions whose only copy is here.
    pub sessions: u32,
    /// The tables of a database, and how many rows each has.
    pub tables: Arc<[(String, u64)]>,
}

/// What a life is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LifeState {
    /// Asked for, not ready yet.
    Starting,
    /// Takes requests.
    Ready,
    /// Lives, takes no requests.
    Unready,
    /// Stopped where it stands (SIGSTOP).
    Paused,
    /// Finishes what it has and will exit.
    Draining,
    /// Gone, and this is why.
    Dead(Death),
}

/// Why a life ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Death {
    /// A kill that was asked for.
    Killed,
    /// A termination that was asked for.
    Terminated,
    /// Its slot or node was taken out of the drawing.
    ScaledIn,
    /// A life with another version took its place.
    Deployed,
    /// By itself, or by a signal that was not asked for.
    Crashed,
    /// The run was stopped.
    Stopped,
}

/// One link's traffic.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkState {
    /// Which link.
    pub id: LinkId,
    /// Attempts sent so far.
    pub sent: u64,
    /// Attempts that failed so far.
    pub failed: u64,
    /// Attempts received so far.
    pub received: u64,
    /// Attempts sent per second, over the last second.
    pub rate: f32,
    /// Failed attempts per second, over the last second.
    pub failing: f32,
    /// 95th percentile of how long attempts took that ended in the last second, as their callers saw it, in
    /// milliseconds; `None` when none ended. One that got no answer took until its caller gave up.
    pub p95_ms: Option<f32>,
}

/// One virtual user.
#[derive(Debug, Clone, PartialEq)]
pub struct UserState {
    /// The users node.
    pub node: NodeId,
    /// The user's number, from 1.
    pub user: u32,
    /// The session that the user believes in.
    pub session: Option<SessionId>,
    /// Where its only copy is.
    pub holder: Holder,
    /// How many items the user believes in.
    pub items: u32,
    /// How often this user lost a session or cart.
    pub losses: u32,
    /// How many items this user lost.
    pub items_lost: u32,
    /// Whether the user is logged out now and has not logged in again yet.
    pub logged_out: bool,
}

/// One visitor from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitorState {
    /// The gateway that is visited.
    pub gateway: Slot,
    /// What that gateway knows of the visitor.
    pub visitor: Visitor,
}

/// Where a session's only copy is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Holder {
    /// Nowhere: the user has no session.
    #[default]
    None,
    /// In this life, which is alive, or which is a database's whose rows outlast it.
    Life(LifeId),
    /// It was in this life, which is dead; the user does not know yet.
    Dead(LifeId),
    /// With the user, in a token.
    User,
}

/// Sessions and people, in sum.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SessionCounts {
    /// Users in the drawing.
    pub users: u32,
    /// Sessions that were acknowledged to users.
    pub started: u64,
    /// Sessions open now.
    pub open: u64,
    /// Losses, each counted once.
    pub lost: u64,
    /// Of these, logged out.
    pub logged_out: u64,
    /// Of these, carts lost.
    pub cart_lost: u64,
    /// Sessions that dead lives held and users still believe in: lost, but not known to be.
    pub doomed: u64,
    /// Users with at least one loss.
    pub users_hurt: u64,
    /// Items that were acknowledged and lost.
    pub items_lost: u64,
    /// Log-ins that replaced a lost session.
    pub relogins: u64,
}

/// One second of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TimelinePoint {
    /// Which second since t = 0: 0 is the first.
    pub second: u32,
    /// Requests that ended well in it.
    pub ok: u32,
    /// Requests that failed or timed out in it.
    pub bad: u32,
    /// Median latency in milliseconds; `None` without answers.
    pub p50_ms: Option<f32>,
    /// 99th percentile in milliseconds.
    pub p99_ms: Option<f32>,
    /// Sessions open at its end.
    pub sessions_open: u32,
    /// Losses so far at its end.
    pub sessions_lost: u32,
}

/// What the processes of each node used, over the run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// How many seconds lie between two points; the first is that long after t = 0.
    pub step_s: u32,
    /// The nodes that had processes.
    pub nodes: Vec<NodeUsage>,
}

/// What the processes of one node used.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeUsage {
    /// Which node.
    pub node: NodeId,
    /// One point for each step.
    pub points: Arc<[UsagePoint]>,
}

/// What processes used at one moment, together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct UsagePoint {
    /// Share of one core; above 1 for several.
    pub cpu: f32,
    /// Proportional set size in KiB.
    pub pss_kib: u64,
}

/// A fault or other act on the running system.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultState {
    /// When, in microseconds of run time.
    pub at_us: u64,
    /// What was done: the name in presets.
    pub kind: &'static str,
    /// To what, as a path.
    pub on: String,
    /// The life that it hit, where it hit one.
    pub life: Option<LifeId>,
    /// Sessions that users believed in and only that life held, when it died.
    pub held: Option<u64>,
    /// From the signal to the first decision of a gateway or caller not to send there, in milliseconds.
    pub noticed_after_ms: Option<f64>,
    /// From the signal to the first second at or above the throughput before it, in milliseconds.
    pub recovered_after_ms: Option<f64>,
    /// Until when it acted, in microseconds of run time; `None` while it acts or where it is a moment.
    pub lifted_us: Option<u64>,
}

/// One line of the event log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// When, in microseconds of run time.
    pub at_us: u64,
    /// What kind of line it is.
    pub level: LogLevel,
    /// The line, in words.
    pub text: String,
}

/// What kind of line a log entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// The ordinary course.
    Info,
    /// Something the user did to the system.
    Fault,
    /// Somebody was hurt, or something failed.
    Harm,
}

/// What one life wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Which life.
    pub life: LifeId,
    /// The lines that are kept, oldest first.
    pub lines: Arc<[OutputLine]>,
    /// How many lines were written and are not kept.
    pub left_out: u64,
    /// When it ended, in microseconds of run time, and why; `None` while it lives.
    pub end: Option<(u64, Death)>,
}

/// One line that a process wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputLine {
    /// When it was read, in microseconds of run time.
    pub at_us: u64,
    /// How grave it is, where the process said so.
    pub level: Option<OutputLevel>,
    /// The line, without what would steer a terminal.
    pub text: Arc<str>,
}

/// How grave a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutputLevel {
    /// The ordinary course.
    Info,
    /// Something that should not be.
    Warning,
    /// Something that does not work.
    Error,
}

/// How an expectation stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectationState {
    /// What it says, in words.
    pub says: String,
    /// The value now, when there is one.
    pub value: Option<f64>,
    /// Whether it holds; `None` while the run may still change that.
    pub holds: Option<bool>,
}
