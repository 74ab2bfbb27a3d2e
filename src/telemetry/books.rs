//! The books: exact cumulative counters of one life, and their sums. Cumulative, so that repeated and reordered reports
//! are harmless: the newest total wins.

use std::collections::{BTreeMap, BTreeSet};

use crate::topology::{LifeId, LinkId, NodeId};

use super::calls::Calls;
use super::latency::Latency;
use super::outcome::{Cause, Outcome};

/// What one life has counted since it began. The unit of a report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Totals {
    /// When the counters were read, in microseconds of run time. A report with an older time is ignored.
    pub at_us: u64,
    /// For a users node: the books of each operation, `session.check` included. Empty elsewhere.
    pub operations: BTreeMap<String, OperationBooks>,
    /// For each link out of this life: attempts sent, by the life that they were sent to.
    pub sent: BTreeMap<(NodeId, Option<LifeId>), LinkBooks>,
    /// For each node that this life sent to: how long attempts took, from their beginning to the end of the answer or
    /// to the moment at which the caller gave up. Coarse histograms; attempts that did not go out are not in them.
    pub attempt_latency: BTreeMap<NodeId, Latency>,
    /// For each life that sent to this one with this run's tag: attempts received.
    pub received: BTreeMap<LifeId, u64>,
    /// What this life's own calls carried, users' requests excepted.
    pub calls: Calls,
    /// Spans that were made but not sent, because a queue was full.
    pub spans_dropped: u64,
    /// Requests begun by a users node, and how many of them were sampled for spans.
    pub traces_begun: u64,
    /// How many of `traces_begun` were sampled.
    pub traces_sampled: u64,
    /// For a users node: how late requests were sent against their plan.
    pub lateness: Latency,
    /// For a users node in an open loop: what became of arrivals.
    pub arrivals: ArrivalBooks,
}

/// Arrivals in an open loop: scheduled = begun as requests + not sent + waiting for a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ArrivalBooks {
    /// Arrivals so far.
    pub scheduled: u64,
    /// Those that found every user waiting for an answer, and waited until one came free, or the end.
    pub waited: u64,
    /// Those that were not sent, because as many as there are users waited already, or because the run ended.
    pub unsent: u64,
}

impl ArrivalBooks {
    /// Adds another's counts to these.
    pub fn add(&mut self, other: &Self) {
        self.scheduled += other.scheduled;
        self.waited += other.waited;
        self.unsent += other.unsent;
    }
}

/// The books of one operation: issued = ok + failed + timed out + in flight.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OperationBooks {
    /// Requests begun.
    pub issued: u64,
    /// Requests that ended well; degraded ones are among them.
    pub ok: u64,
    /// Of the ok ones, those with an optional call that failed.
    pub degraded: u64,
    /// Requests that failed, by cause.
    pub failed: BTreeMap<Cause, u64>,
    /// Requests without an answer within the user's time limit.
    pub timed_out: u64,
    /// Requests that failed or timed out although repeating them would have been safe (GET). Not counted: failures of
    /// the session itself, which no retry mends.
    pub failed_idempotent: u64,
    /// Latency of the answered requests, warm-up excluded.
    pub latency: Latency,
}

impl OperationBooks {
    /// Requests that failed, all causes.
    pub fn failed_total(&self) -> u64 {
        self.failed.values().sum()
    }

    /// Requests begun that have no end yet. Zero or more: a snapshot never shows an end before its beginning.
    pub fn in_flight(&self) -> u64 {
        self.issued.saturating_sub(self.ok + self.failed_total() + self.timed_out)
    }

    /// Enters the end of a request that is counted in `issued` already. `idempotent` says whether it was a GET.
    pub fn settle(&mut self, outcome: Outcome, idempotent: bool) {
        match outcome {
            Outcome::Ok => self.ok += 1,
            Outcome::Degraded => {
                self.ok += 1;
                self.degraded += 1;
            }
            Outcome::Failed(cause) => *self.failed.entry(cause).or_default() += 1,
            Outcome::TimedOut => self.timed_out += 1,
        }
        let of_the_session =
            matches!(outcome, Outcome::Failed(Cause::UnknownSession | Cause::CartLost | Cause::Duplicated));
        if idempotent && !outcome.is_ok() && !of_the_session {
            self.failed_idempotent += 1;
        }
    }

    /// Adds another's counts to these.
    pub fn add(&mut self, other: &Self) {
        self.issued += other.issued;
        self.ok += other.ok;
        self.degraded += other.degraded;
        for (&cause, count) in &other.failed {
            *self.failed.entry(cause).or_default() += count;
        }
        self.timed_out += other.timed_out;
        self.failed_idempotent += other.failed_idempotent;
        self.latency.add(&other.latency);
    }
}

/// Attempts over one link to one life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LinkBooks {
    /// Attempts whose request was sent (a refused connection sends none).
    pub sent: u64,
    /// Of the attempts, sent or not, those that failed or timed out.
    pub failed: u64,
}

/// The books of a whole run: every life's newest totals, and sums over them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Books {
    lives: BTreeMap<LifeId, Totals>,
}

impl Books {
    /// Takes a life's report; an older one than is known changes nothing. Whether it was newer.
    pub fn enter(&mut self, life: LifeId, totals: Totals) -> bool {
        match self.lives.get(&life) {
            Some(known) if known.at_us >= totals.at_us => false,
            _ => {
                self.lives.insert(life, totals);
                true
            }
        }
    }

    /// The newest totals of each life.
    pub fn lives(&self) -> impl Iterator<Item = (&LifeId, &Totals)> {
        self.lives.iter()
    }

    /// The newest totals of one life.
    pub fn life(&self, life: &LifeId) -> Option<&Totals> {
        self.lives.get(life)
    }

    /// The books of one operation over all users nodes. `operation` is written as in reports: `cart.add`.
    pub fn operation(&self, operation: &str) -> OperationBooks {
        let mut sum = OperationBooks::default();
        for books in self.lives.values().filter_map(|totals| totals.operations.get(operation)) {
            sum.add(books);
        }
        sum
    }

    /// The books of every operation, by name.
    pub fn operations(&self) -> BTreeMap<String, OperationBooks> {
        let mut sums: BTreeMap<String, OperationBooks> = BTreeMap::new();
        for (name, books) in self.lives.values().flat_map(|totals| &totals.operations) {
            sums.entry(name.clone()).or_default().add(books);
        }
        sums
    }

    /// The books of all operations together.
    pub fn total(&self) -> OperationBooks {
        let mut sum = OperationBooks::default();
        for books in self.lives.values().flat_map(|totals| totals.operations.values()) {
            sum.add(books);
        }
        sum
    }

    /// Arrivals in open loops, over all users nodes.
    pub fn arrivals(&self) -> ArrivalBooks {
        let mut sum = ArrivalBooks::default();
        self.lives.values().for_each(|totals| sum.add(&totals.arrivals));
        sum
    }

    /// Every link over which some life sent, or tried to.
    pub fn links_sent(&self) -> BTreeSet<LinkId> {
        let links = self.lives.iter().flat_map(|(life, totals)| {
            totals.sent.keys().map(|(to, _)| LinkId { from: life.node().clone(), to: to.clone() })
        });
        links.collect()
    }

    /// Attempts sent over a link, and attempts received over it, over all lives that reported.
    pub fn link(&self, link: &LinkId) -> (LinkBooks, u64) {
        let mut sent = LinkBooks::default();
        let mut received = 0;
        for (life, totals) in &self.lives {
            if *life.node() == link.from {
                for ((to, _), books) in &totals.sent {
                    if *to == link.to {
                        sent.sent += books.sent;
                        sent.failed += books.failed;
                    }
                }
            }
            if *life.node() == link.to {
                received += totals
                    .received
                    .iter()
                    .filter(|(from, _)| *from.node() == link.from)
                    .map(|(_, count)| count)
                    .sum::<u64>();
            }
        }
        (sent, received)
    }

    /// How long attempts over a link took for those who made them, over all lives that reported.
    pub fn link_latency(&self, link: &LinkId) -> Latency {
        let mut sum = Latency::coarse();
        let senders = self.lives.iter().filter(|(life, _)| *life.node() == link.from);
        senders.filter_map(|(_, totals)| totals.attempt_latency.get(&link.to)).for_each(|latency| sum.add(latency));
        sum
    }
}

/// The operation that a user sends at the end of a run to see whether its session is still there.
pub const SESSION_CHECK: &str = "session.check";
