//! The report of a run: stable, versioned, units in the names. `docs/report.md` describes it for readers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::topology::{Bug, Strategy};

use super::outcome::Cause;

/// The version of the report's form.
pub const FORMAT: u32 = 1;

/// What a run measured, and what it means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The version of this form.
    pub format: u32,
    /// The preset's name: its file name without ending, or its built-in name.
    pub preset: String,
    /// The preset's title.
    pub title: String,
    /// The seed of the run.
    pub seed: u64,
    /// From t = 0 to the beginning of settling, in seconds.
    pub duration_s: f64,
    /// What the expectations came to.
    pub verdict: Verdict,
    /// Why, when the verdict needs a reason: what made it inconclusive, or which expectations do not hold.
    pub reasons: Vec<String>,
    /// How long it took until somebody was served.
    #[serde(default)]
    pub start: StartReport,
    /// All requests.
    pub requests: Requests,
    /// Latency of answered requests, warm-up excluded; `None` without answers.
    pub latency_ms: Option<LatencyMs>,
    /// How the load was made.
    #[serde(default)]
    pub load: LoadReport,
    /// What happened to sessions and people.
    pub sessions: SessionReport,
    /// Requests by operation.
    pub operations: Vec<OperationReport>,
    /// The nodes and their replicas.
    pub nodes: Vec<NodeReport>,
    /// The links and their attempts.
    pub links: Vec<LinkReport>,
    /// What calls between processes carried, by operation; in reports that are older, empty.
    #[serde(default)]
    pub calls: Vec<CallReport>,
    /// What was done to the system.
    pub faults: Vec<FaultReport>,
    /// New versions that were rolled out.
    #[serde(default)]
    pub deploys: Vec<DeployReport>,
    /// How fast consumers learned of replicas that came and went.
    #[serde(default)]
    pub discovery: DiscoveryReport,
    /// The expectations and how they came out.
    pub expectations: Vec<ExpectationReport>,
    /// What the databases held at the end.
    #[serde(default)]
    pub audits: Vec<AuditReport>,
    /// What the figures rest on.
    pub telemetry: TelemetryReport,
    /// Whether the load was what was asked for.
    pub fidelity: Fidelity,
    /// Who came from outside; in none of the figures above.
    #[serde(default)]
    pub visitors: VisitorsReport,
    /// What happened, in order.
    pub log: Vec<LogLine>,
}

/// What a run says about its expectations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every expectation holds.
    Holds,
    /// At least one does not.
    Fails,
    /// The generator was late, a core was saturated, or the books do not balance: neither yes nor no.
    Inconclusive,
}

/// How long it took from the command to run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct StartReport {
    /// Until t = 0, the first moment at which everything was ready, in milliseconds; `None` if that never came.
    pub ready_after_ms: Option<f64>,
    /// Until users told of the first request that was ok, in milliseconds; they tell five times a second.
    pub served_after_ms: Option<f64>,
}

/// Requests: issued = ok + failed + timed out + in flight.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Requests {
    /// Requests begun.
    pub issued: u64,
    /// Ended well.
    pub ok: u64,
    /// Of the ok ones, with an optional call that failed.
    pub degraded: u64,
    /// Failed.
    pub failed: u64,
    /// No answer within the user's time limit.
    pub timed_out: u64,
    /// Without an end when the run ended.
    pub in_flight: u64,
    /// ok ÷ issued, 0 to 1; 1 without requests.
    pub ok_ratio: f64,
    /// Requests that failed or timed out although repeating them would have been safe.
    pub failed_idempotent: u64,
    /// Failed requests by cause.
    pub causes: BTreeMap<Cause, u64>,
}

/// How the load was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadReport {
    /// Whether requests waited for the answers to those before them.
    #[serde(rename = "loop")]
    pub model: LoadModel,
    /// Arrivals in open loops: begun as requests + not sent.
    pub arrivals: u64,
    /// Of the arrivals, those that waited for a user who was free.
    pub waited: u64,
    /// Of the arrivals, those that were not sent: too many waited already.
    pub unsent: u64,
}

/// Whether requests wait for the answers to those before them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadModel {
    /// Each user sends the next request after the last answer.
    #[default]
    Closed,
    /// Requests arrive by themselves.
    Open,
    /// Some users so, some so, or one after the other.
    Both,
}

/// Percentiles in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LatencyMs {
    /// Median.
    pub p50: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
    /// Highest.
    pub max: f64,
}

/// What happened to sessions and people.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SessionReport {
    /// Sessions that were acknowledged to users.
    pub started: u64,
    /// Sessions open when settling ended.
    pub open: u64,
    /// Losses, each counted once: logged out or cart lost.
    pub lost: u64,
    /// Answers *unknown session* while the session was open.
    pub logged_out: u64,
    /// Answers with fewer items than acknowledged.
    pub cart_lost: u64,
    /// Answers with items that were never sent.
    pub duplicated: u64,
    /// Sessions that killed lives held and that users believed in.
    pub held_by_killed: u64,
    /// Sessions open when the first life was killed: what `lost` is a share of. 0 without a kill.
    pub open_at_first_kill: u64,
    /// Of the sessions held by dead lives, those that users found again.
    pub recovered: u64,
    /// Of the sessions held by dead lives, those that no user could check.
    pub unverified: u64,
    /// Losses by cause: killed, terminated, scaled_in, deployed, crashed, misrouted, holder_unreachable, store_lost.
    pub lost_by_cause: BTreeMap<String, u64>,
    /// Users with at least one loss.
    pub users_hurt: u64,
    /// Users in the drawing.
    pub users: u64,
    /// Items that were acknowledged and lost.
    pub items_lost: u64,
    /// Log-ins that replaced a lost session.
    pub relogins: u64,
    /// For each life that ended during the run: what it held, and what became of it, by session id.
    pub census: Vec<Census>,
}

/// The census of a dead life: held = lost + recovered + unverified, as sets of ids.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Census {
    /// The life.
    pub life: String,
    /// Why it ended: killed, terminated, scaled_in, deployed, crashed.
    pub death: String,
    /// Sessions that it held and that users believed in.
    pub held: Vec<String>,
    /// Sessions that users lost under this life.
    pub lost: Vec<String>,
    /// Of the held ones, those that users found again.
    pub recovered: Vec<String>,
    /// Of the held ones, those that no user could check.
    pub unverified: Vec<String>,
    /// Whether the life's ledger was complete.
    pub complete: bool,
}

/// The books of one operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationReport {
    /// Its name: `cart.add`.
    pub name: String,
    /// Requests begun.
    pub issued: u64,
    /// Ended well.
    pub ok: u64,
    /// Failed.
    pub failed: u64,
    /// No answer in time.
    pub timed_out: u64,
    /// Without an end.
    pub in_flight: u64,
    /// Median latency in milliseconds.
    pub p50_ms: Option<f64>,
    /// 99th percentile in milliseconds.
    pub p99_ms: Option<f64>,
}

/// One node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NodeReport {
    /// Its id.
    pub id: String,
    /// Its role.
    pub role: String,
    /// Its slots.
    pub replicas: Vec<ReplicaReport>,
}

/// One slot, over all its lives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplicaReport {
    /// The slot.
    pub slot: String,
    /// How many lives it had.
    pub lives: u32,
    /// The process id of the newest life.
    pub pid: Option<u32>,
    /// Requests received by all its lives.
    pub requests: u64,
    /// Proportional set size of the newest life in KiB, when last measured.
    pub pss_kib: u64,
}

/// One link's attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkReport {
    /// The link: `gate->shop`.
    pub link: String,
    /// Attempts sent.
    pub sent: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Attempts received.
    pub received: u64,
    /// Attempts sent to lives that died, of which nobody can say whether they arrived.
    pub unaccounted: u64,
    /// How long attempts took for those who made them, warm-up included; one without an answer took until it was given
    /// up. `None` when none went out.
    pub latency_ms: Option<LatencyMs>,
}

/// The calls of one operation over one link that got an answer. Users' own requests are not among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallReport {
    /// What was asked for: `payments.charge`.
    pub operation: String,
    /// Over which link: `orders->payments`.
    pub link: String,
    /// How many calls got an answer, of any status.
    pub answered: u64,
    /// Bytes of their requests, heads and bodies.
    pub request_bytes: u64,
    /// Bytes of their answers, heads and bodies.
    pub answer_bytes: u64,
}

/// One act on the running system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaultReport {
    /// When, in seconds since t = 0.
    pub at_s: f64,
    /// What: kill, pause…
    pub kind: String,
    /// To what.
    pub on: String,
    /// The life that it hit.
    pub life: Option<String>,
    /// From the signal to the first decision not to send there.
    pub noticed_after_ms: Option<f64>,
    /// From the signal to the first second at or above the throughput before it.
    pub recovered_after_ms: Option<f64>,
    /// From the signal to the moment at which the next life of the same slot took requests.
    #[serde(default)]
    pub back_after_ms: Option<f64>,
}

/// One audit: rows of one table that should have a partner in another, read when everything had settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditReport {
    /// What it is called.
    pub name: String,
    /// The table whose rows should have partners.
    pub each: String,
    /// The table where the partners are.
    pub has: String,
    /// How many rows there are; `None` where they could not be read.
    pub rows: Option<u64>,
    /// How many of them have no partner.
    pub unmatched: Option<u64>,
    /// Some of their keys.
    pub examples: Vec<String>,
    /// Why they could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// What it means when every row has its partner.
    pub says: String,
}

impl AuditReport {
    /// What it found, in words.
    pub fn found(&self) -> String {
        let Self { each, has, .. } = self;
        match (self.rows, self.unmatched) {
            (Some(rows), Some(unmatched)) => format!("{unmatched} of {rows} rows of {each} have no partner in {has}"),
            _ => format!("not known: {}", self.problem.as_deref().unwrap_or("it was not read")),
        }
    }
}

/// One deploy or roll back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeployReport {
    /// When it began, in seconds since t = 0.
    pub at_s: f64,
    /// The node whose replicas were replaced.
    pub on: String,
    /// rolling, recreate or canary.
    pub strategy: Strategy,
    /// What is wrong with the new version; `None` for a good one.
    pub bug: Option<Bug>,
    /// The modules that got another version, with its number.
    pub version: BTreeMap<String, u32>,
    /// Whether it brought back an earlier version.
    pub roll_back: bool,
    /// How long it took, in seconds.
    pub took_s: f64,
    /// done, stuck, rolled_back, or unfinished when the run ended first.
    pub outcome: String,
    /// Why it did not go through.
    pub why: Option<String>,
    /// Replicas that took no requests meanwhile, times for how long, in seconds.
    pub capacity_lost_replica_s: f64,
    /// Requests of all users that failed or timed out meanwhile.
    pub requests_failed: u64,
}

/// How fast consumers learned of replicas that came and went.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DiscoveryReport {
    /// Replicas that came or went, and that somebody sends to.
    pub changes: u64,
    /// Of these, those that were given up before every consumer knew, because too many were under way.
    pub given_up: u64,
    /// From the change until a consumer said that it acts on it; `None` without changes.
    pub lag_ms: Option<LatencyMs>,
    /// The same by consumer.
    pub by_consumer: BTreeMap<String, LatencyMs>,
}

/// One expectation and how it came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpectationReport {
    /// What is measured.
    pub metric: String,
    /// Of what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// In which window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub during: Option<String>,
    /// Lower bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// Upper bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// Exact bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equals: Option<f64>,
    /// What was measured; `None` when there was nothing to measure, which does not hold.
    pub value: Option<f64>,
    /// Whether it holds.
    pub holds: bool,
    /// What that means, in words.
    pub says: String,
}

/// What the figures rest on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TelemetryReport {
    /// Spans that arrived.
    pub spans_received: u64,
    /// Spans that some queue dropped.
    pub spans_dropped: u64,
    /// Requests that ended badly while not sampled, and whose hops were not asked for because too many did so at once.
    pub traces_incomplete: u64,
    /// Share of requests that were sampled for spans, 0 to 1.
    pub trace_sample_ratio: f64,
}

/// Whether the load was what was asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fidelity {
    /// 99th percentile of how late requests were sent, in milliseconds.
    pub generator_late_p99_ms: f64,
    /// Whether some process used a whole core in every second of the run.
    pub saturated: bool,
}

/// Requests of those who are not the run's users: browsers and programs at a gateway's address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorsReport {
    /// Visitors that the gateways told apart.
    pub visitors: u64,
    /// Of these, those whose place another took in the picture.
    pub forgotten: u64,
    /// Their requests.
    pub requests: u64,
    /// Of these, those answered with 4xx or 5xx, or not at all.
    pub failed: u64,
    /// Sessions that they were given and that were then unknown.
    pub sessions_lost: u64,
}

/// One line of the event log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogLine {
    /// When, in seconds since t = 0; negative before.
    pub at_s: f64,
    /// The line.
    pub text: String,
}
