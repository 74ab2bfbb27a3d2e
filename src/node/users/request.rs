//! One request of one user: to the right replica, over the user's own connection, within the user's patience.

use std::rc::Rc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, COOKIE, HOST};
use hyper::{Method, Request};
use tokio::time::{Instant, timeout_at};

use crate::node::balancer::Picked;
use crate::telemetry::{Cause, Outcome, Span, SpanId, SpanKind, TraceId, TraceParent};
use crate::topology::{LifeId, NodeId};
use crate::wire::headers;

use super::answer::Ending;
use super::connection::Connection;
use super::memory::Sent;
use super::shared::{Planned, Shared};
use super::user::User;

/// A user's connections, one for each node that it sends to.
#[derive(Default)]
pub(super) struct Connections(Vec<(NodeId, Connection)>);

impl Connections {
    /// Takes the connection to a node out, if there is one to a life that users may keep to.
    async fn take(&mut self, node: &NodeId, shared: &Shared) -> Option<Connection> {
        let at = self.0.iter().position(|(to, _)| to == node)?;
        let (_, mut connection) = self.0.swap_remove(at);
        let may_keep = shared.routes.borrow().may_keep(connection.life());
        (may_keep && connection.is_usable().await).then_some(connection)
    }
}

/// What identifies one request in traces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trace {
    pub(super) id: TraceId,
    pub(super) sampled: bool,
    /// The span of the request as a whole.
    pub(super) request: SpanId,
}

/// The one attempt that a request of a user makes.
#[derive(Debug)]
pub(super) struct Attempt {
    to: NodeId,
    life: LifeId,
    id: SpanId,
    start_us: u64,
    /// Whether the request went out.
    pub(super) sent: bool,
}

impl User {
    /// Sends a request and waits for its end. The attempt is `None` when there was nobody to send to.
    pub(super) async fn ask(&mut self, planned: &Planned, sent: Sent<'_>, trace: Trace) -> (Ending, Option<Attempt>) {
        let shared = Rc::clone(&self.shared);
        let deadline = Instant::now() + shared.plan().settings.timeout.duration();
        let Some(node) = shared.routes.borrow().node_of(&planned.id.module).cloned() else {
            return (Ending::Failed(Cause::NoRoute), None);
        };
        let kept = timeout_at(deadline, self.connections.take(&node, &shared)).await.ok().flatten();
        let picked = match &kept {
            Some(connection) => Some(Picked { life: connection.life().clone(), address: connection.address() }),
            None => shared.routes.borrow_mut().pick(&node, shared.now_us()),
        };
        let Some(picked) = picked else { return (Ending::Failed(Cause::NoUpstream), None) };
        let reporter = &shared.context.reporter;
        let mut attempt = Attempt {
            to: node.clone(),
            life: picked.life.clone(),
            id: reporter.span_id(),
            start_us: shared.now_us(),
            sent: false,
        };
        let opened = match kept {
            Some(connection) => Ok(connection),
            None => match timeout_at(deadline, Connection::open(&picked)).await {
                Ok(opened) => opened.map_err(Ending::Failed),
                Err(_) => Err(Ending::TimedOut),
            },
        };
        attempt.sent = opened.is_ok();
        reporter.attempt(&node, Some(&picked.life), attempt.sent);
        let mut connection = match opened {
            Ok(connection) => connection,
            Err(ending) => return (ending, Some(attempt)),
        };
        let context = TraceParent { trace: trace.id, parent: attempt.id, sampled: trace.sampled };
        let Some(request) = self.request(planned, sent.item, &context, &picked) else {
            return (Ending::Failed(Cause::Protocol), Some(attempt));
        };
        shared.believe(self.number, self.memory.sending(sent));
        let ending = match timeout_at(deadline, connection.exchange(request, &mut self.jar)).await {
            Ok(Ok(answer)) => {
                self.connections.0.push((node, connection));
                Ending::Answered(answer)
            }
            Ok(Err(cause)) => Ending::Failed(cause),
            Err(_) => Ending::TimedOut,
        };
        (ending, Some(attempt))
    }

    /// The request as it goes out; `None` if a header does not take its value (a cookie that no server may set).
    fn request(
        &self,
        planned: &Planned,
        item: Option<&str>,
        context: &TraceParent,
        to: &Picked,
    ) -> Option<Request<Full<Bytes>>> {
        let node = &self.shared.context;
        let mut request = Request::builder()
            .method(if planned.reads { Method::GET } else { Method::POST })
            .uri(planned.id.path())
            .header(HOST, to.address.to_string())
            .header(headers::TRACEPARENT, context.to_string())
            .header(headers::HOP, format!("{} {}", node.run.id, node.life))
            .header(headers::USER, self.number);
        if let Some(cookies) = self.jar.header() {
            request = request.header(COOKIE, cookies);
        }
        let body = match item {
            _ if planned.reads => Bytes::new(),
            // An item's id has no character that JSON would escape.
            Some(item) => Bytes::from(format!("{{\"item\":\"{item}\"}}")),
            None => Bytes::from_static(b"{}"),
        };
        if !planned.reads {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        request.body(Full::new(body)).ok()
    }

    /// Reports the attempt as a span, and its bad end in the books of the link.
    pub(super) fn report_attempt(
        &self,
        attempt: Attempt,
        planned: &Planned,
        trace: Trace,
        ending: &Ending,
        request_is_ok: bool,
    ) {
        let (outcome, status) = match ending {
            Ending::Answered(answer) => {
                let outcome = match answer.failure() {
                    Some(cause) => Outcome::Failed(cause),
                    None if answer.body.degraded => Outcome::Degraded,
                    None => Outcome::Ok,
                };
                (outcome, answer.status)
            }
            Ending::Failed(cause) => (Outcome::Failed(*cause), 0),
            Ending::TimedOut => (Outcome::TimedOut, 0),
        };
        let context = &self.shared.context;
        let end_us = context.clock.now_us();
        if attempt.sent {
            context.reporter.attempt_ended(&attempt.to, end_us.saturating_sub(attempt.start_us));
            if !outcome.is_ok() {
                context.reporter.attempt_failed(&attempt.to, Some(&attempt.life));
            }
        }
        let span = Span {
            trace: trace.id,
            id: attempt.id,
            parent: Some(trace.request),
            life: context.life.clone(),
            kind: SpanKind::Client,
            name: planned.name.as_ref().to_owned(),
            to: Some(attempt.to),
            peer: Some(attempt.life),
            start_us: attempt.start_us,
            end_us,
            outcome,
            status,
            attempt: 1,
            user: Some(self.number),
        };
        if request_is_ok {
            context.reporter.span(span, trace.sampled);
        } else {
            context.reporter.bad_span(span, trace.sampled);
        }
    }
}
