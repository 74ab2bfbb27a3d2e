//! What was reported: spans, counters, the two session ledgers (the holders' and the users'), and the report of a run.
//!
//! Times are microseconds of run time (`_us`): they count from the run's epoch, which the app gives to every node, on
//! the monotonic clock, so that a jumping wall clock moves nothing. Pure: no IO, no clock.

pub mod books;
pub mod calls;
pub mod compare;
pub mod holdings;
pub mod latency;
pub mod ledger;
pub mod otlp;
pub mod outcome;
pub mod report;
pub mod span;
pub mod traceparent;
pub mod visit;

pub use books::{ArrivalBooks, Books, LinkBooks, OperationBooks, Totals};
pub use calls::{CallBooks, Calls};
pub use holdings::Holdings;
pub use latency::Latency;
pub use ledger::{Belief, BeliefKind, LedgerKind, LedgerLine, SessionId, Standing};
pub use outcome::{Cause, Outcome};
pub use span::{Span, SpanKind};
pub use traceparent::{SpanId, TraceId, TraceParent};
pub use visit::{MOST_VISITORS, Visitor, Visits};
