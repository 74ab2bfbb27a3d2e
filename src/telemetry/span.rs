//! A span: one hop of one request as the process that made it saw it. Spans are what dots are made from.

use crate::topology::{LifeId, LinkId, NodeId};

use super::outcome::Outcome;
use super::traceparent::{SpanId, TraceId};

/// One hop of one request.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The trace that it belongs to.
    pub trace: TraceId,
    /// Its own id.
    pub id: SpanId,
    /// The span that caused it; `None` for a user's request itself.
    pub parent: Option<SpanId>,
    /// The process that reports it. A foreign program's own name when it is no node of ours.
    pub life: LifeId,
    /// Whether it was sent or received.
    pub kind: SpanKind,
    /// What was asked for: `cart.add`, `session.check`, or a store's command.
    pub name: String,
    /// For a client span, the node that was asked.
    pub to: Option<NodeId>,
    /// For a client span, the life that was asked, once known.
    pub peer: Option<LifeId>,
    /// When it began, in microseconds of run time.
    pub start_us: u64,
    /// When it ended.
    pub end_us: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// The HTTP status, 0 when there was none.
    pub status: u16,
    /// For a client span, which attempt it was, from 1.
    pub attempt: u32,
    /// The virtual user whose request it was, from 1; `None` for traffic from outside.
    pub user: Option<u32>,
}

impl Span {
    /// The link that a client span went over.
    pub fn link(&self) -> Option<LinkId> {
        (self.kind == SpanKind::Client)
            .then(|| Some(LinkId { from: self.life.node().clone(), to: self.to.clone()? }))
            .flatten()
    }
}

/// Which side of a hop a span tells of, in OpenTelemetry's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanKind {
    /// An attempt that this process sent over a link.
    Client,
    /// A request that this process received and answered.
    Server,
    /// A user's request from intention to verdict, all attempts included.
    Request,
}
