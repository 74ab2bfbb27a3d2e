//! What a node reports: exact counters always, spans for sampled traces, and on request the spans of the last two
//! seconds of a trace that was not sampled. Sent to the app as OTLP/HTTP protobuf; a full queue drops and counts.
//!
//! It never makes a request wait: counting and queueing happen in memory, a task of its own sends.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::sync::{Mutex, Notify};
use tokio::time::Instant;

use crate::telemetry::otlp::{Reported, encode_spans, encode_totals};
use crate::telemetry::{Latency, Span, SpanId, Totals, TraceId};
use crate::topology::{LifeId, NodeId};
use crate::wire::RunContext;

use super::clock::Clock;

mod delivery;
#[cfg(test)]
pub(in crate::node) mod fake_collector;
mod kept;
mod sampler;
#[cfg(test)]
mod tests;

use delivery::Collector;
use kept::Kept;
use sampler::Sampler;

/// How many spans may wait to be sent; beyond it they are dropped and counted.
const QUEUE: usize = 4_096;
/// How many spans go into one request.
const BATCH: usize = 1_024;
/// How long news waits for more news before it is sent.
const PERIOD: Duration = Duration::from_millis(200);
/// How long the app may take to accept a report.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long to wait before a failed delivery is tried again by [`Reporter::flush`].
const RETRY_AFTER: Duration = Duration::from_millis(20);

/// Counters and spans of this process. Cheap to clone; never blocks.
#[derive(Clone)]
pub struct Reporter {
    inner: Rc<Inner>,
}

struct Inner {
    life: LifeId,
    run: Rc<RunContext>,
    clock: Clock,
    state: RefCell<State>,
    /// Wakes the task that sends.
    news: Notify,
    /// One report at a time, so that they arrive in order.
    collector: Mutex<Collector>,
}

struct State {
    totals: Totals,
    /// Whether the totals differ from what the app has.
    changed: bool,
    queue: VecDeque<Reported>,
    kept: Kept,
    sampler: Sampler,
    ids: ChaCha8Rng,
}

impl Reporter {
    /// A reporter that sends to the run's collector, with the run's secret, every 200 ms while there is news. Needs
    /// tokio's `LocalSet`.
    pub fn new(life: LifeId, run: Rc<RunContext>, clock: Clock, token: String) -> Self {
        let state = State {
            totals: Totals::default(),
            changed: false,
            queue: VecDeque::new(),
            kept: Kept::default(),
            sampler: Sampler::new(run.traces_per_second, clock.now_us()),
            ids: ChaCha8Rng::from_seed(chance(&clock)),
        };
        let collector = Mutex::new(Collector::new(run.collector, token));
        let inner = Inner { life, run, clock, state: RefCell::new(state), news: Notify::new(), collector };
        let reporter = Self { inner: Rc::new(inner) };
        tokio::task::spawn_local(reporter.clone().send_news());
        reporter
    }

    /// Whether a trace that begins now is sampled: at most `traces_per_second` are. Counts it either way.
    pub fn begin_trace(&self) -> (TraceId, bool) {
        let now_us = self.inner.clock.now_us();
        self.change(|state| {
            let sampled = state.sampler.sample(now_us);
            state.totals.traces_begun += 1;
            state.totals.traces_sampled += u64::from(sampled);
            let id = u128::from(state.ids.next_u64()) << 64 | u128::from(state.ids.next_u64());
            (TraceId(id.max(1)), sampled)
        })
    }

    /// An id for a new span, by chance.
    pub fn span_id(&self) -> SpanId {
        SpanId(self.inner.state.borrow_mut().ids.next_u64().max(1))
    }

    /// Takes a finished span: to be sent if its trace is sampled, else to be kept for two seconds in case it is wanted.
    pub fn span(&self, span: Span, sampled: bool) {
        let now_us = self.inner.clock.now_us();
        let mut state = self.inner.state.borrow_mut();
        if !sampled && !state.kept.wants(span.trace, now_us) {
            state.kept.keep(span, now_us);
            return;
        }
        state.enqueue(Reported { span, sampled });
        drop(state);
        self.inner.news.notify_one();
    }

    /// Takes a finished span that ended badly: it is sent in any case, and where its trace is not sampled the app asks
    /// everybody for the rest of it.
    pub fn bad_span(&self, span: Span, sampled: bool) {
        self.inner.state.borrow_mut().enqueue(Reported { span, sampled });
        self.inner.news.notify_one();
    }

    /// Sends the kept spans of a trace, and those of it that end within the next two seconds.
    pub fn want(&self, trace: TraceId) {
        let now_us = self.inner.clock.now_us();
        let mut state = self.inner.state.borrow_mut();
        for span in state.kept.want(trace, now_us) {
            state.enqueue(Reported { span, sampled: false });
        }
        drop(state);
        self.inner.news.notify_one();
    }

    /// Counts a request that another life of the run sent here.
    pub fn received(&self, from: &LifeId) {
        self.totals(|totals| {
            if let Some(count) = totals.received.get_mut(from) {
                *count += 1;
            } else {
                totals.received.insert(from.clone(), 1);
            }
        });
    }

    /// Counts an attempt: `sent` says whether the request went out. Call it once when the request goes out, or could
    /// not (a refused connection sends none): then the attempt is counted as failed, too. Call
    /// [`Reporter::attempt_failed`] if one that went out ends badly later.
    pub fn attempt(&self, to: &NodeId, life: Option<&LifeId>, sent: bool) {
        self.totals(|totals| {
            let books = totals.sent.entry((to.clone(), life.cloned())).or_default();
            books.sent += u64::from(sent);
            books.failed += u64::from(!sent);
        });
    }

    /// Counts the bad end of an attempt that went out.
    pub fn attempt_failed(&self, to: &NodeId, life: Option<&LifeId>) {
        self.totals(|totals| totals.sent.entry((to.clone(), life.cloned())).or_default().failed += 1);
    }

    /// Counts how long an attempt took that went out: from its beginning to the end of the answer, or to the moment at
    /// which the caller gave up.
    pub fn attempt_ended(&self, to: &NodeId, took_us: u64) {
        self.totals(|totals| match totals.attempt_latency.get_mut(to) {
            Some(latency) => latency.record(took_us),
            None => totals.attempt_latency.entry(to.clone()).or_insert_with(Latency::coarse).record(took_us),
        });
    }

    /// Counts what a call carried that got an answer: bytes written and bytes read. Not called for what users send.
    pub fn answered(&self, to: &NodeId, operation: &str, (request_bytes, answer_bytes): (u64, u64)) {
        self.totals(|totals| totals.calls.answered(to, operation, request_bytes, answer_bytes));
    }

    /// Changes the counters that only one role keeps: a users node's operations and lateness.
    pub fn totals<T>(&self, change: impl FnOnce(&mut Totals) -> T) -> T {
        self.change(|state| change(&mut state.totals))
    }

    /// Sends all that is left and returns once the app has it (or did not take it for a second).
    pub async fn flush(&self) {
        let deadline = Instant::now() + PATIENCE;
        while !self.deliver(deadline).await {
            if Instant::now() + RETRY_AFTER >= deadline {
                self.give_up_undelivered();
                return;
            }
            tokio::time::sleep(RETRY_AFTER).await;
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.inner.state.borrow_mut();
        state.changed = true;
        let result = change(&mut state);
        drop(state);
        self.inner.news.notify_one();
        result
    }

    async fn send_news(self) {
        loop {
            self.inner.news.notified().await;
            tokio::time::sleep(PERIOD).await;
            if !self.deliver(Instant::now() + PATIENCE).await {
                self.give_up_undelivered();
                // The counters are still to be delivered.
                self.inner.news.notify_one();
            }
        }
    }

    /// Sends what there is, spans first so that the counters can own up to those that were dropped. Whether the app
    /// took all of it; what it did not take is in the queue again.
    async fn deliver(&self, deadline: Instant) -> bool {
        let inner = &self.inner;
        let Ok(mut collector) = tokio::time::timeout_at(deadline, inner.collector.lock()).await else { return false };
        loop {
            let batch: Vec<Reported> = {
                let mut state = inner.state.borrow_mut();
                let count = state.queue.len().min(BATCH);
                state.queue.drain(..count).collect()
            };
            if batch.is_empty() {
                break;
            }
            let body = encode_spans(&inner.life, inner.run.epoch_unix_ns, &batch);
            if !collector.post("/v1/traces", body, deadline).await {
                inner.state.borrow_mut().take_back(batch);
                return false;
            }
        }
        let body = {
            let mut state = inner.state.borrow_mut();
            if !std::mem::take(&mut state.changed) {
                return true;
            }
            // Strictly later than the last report, or the app would take it for a repetition.
            state.totals.at_us = inner.clock.now_us().max(state.totals.at_us + 1);
            encode_totals(&inner.life, inner.run.epoch_unix_ns, &state.totals)
        };
        let delivered = collector.post("/v1/metrics", body, deadline).await;
        inner.state.borrow_mut().changed |= !delivered;
        delivered
    }

    /// Drops, and counts, the spans that the app did not take in time.
    fn give_up_undelivered(&self) {
        let mut state = self.inner.state.borrow_mut();
        let left = state.queue.len() as u64;
        if left > 0 {
            state.queue.clear();
            state.totals.spans_dropped += left;
            state.changed = true;
        }
    }
}

impl State {
    fn enqueue(&mut self, span: Reported) {
        if self.queue.len() < QUEUE {
            self.queue.push_back(span);
        } else {
            self.totals.spans_dropped += 1;
            self.changed = true;
        }
    }

    /// Puts a batch that could not be delivered back in front.
    fn take_back(&mut self, batch: Vec<Reported>) {
        let room = QUEUE - self.queue.len().min(QUEUE);
        let dropped = batch.len().saturating_sub(room);
        self.totals.spans_dropped += dropped as u64;
        self.changed |= dropped > 0;
        for span in batch.into_iter().skip(dropped).rev() {
            self.queue.push_front(span);
        }
    }
}

/// A seed that no other process has.
fn chance(clock: &Clock) -> [u8; 32] {
    let mut seed = [0; 32];
    if getrandom::fill(&mut seed).is_err() {
        // No system without randomness is known; the process and the time are then the best that tells lives apart.
        seed[..4].copy_from_slice(&std::process::id().to_be_bytes());
        seed[4..12].copy_from_slice(&clock.now_us().to_be_bytes());
    }
    seed
}
