//! The way out of a program to nodes that answer HTTP: a port of the keeper for each, whose address stays the same while
//! their lives change. Balances and counts as a service's own calls do, and makes each attempt a hop of the trace that
//! the program's `traceparent` names.

use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, Request, header};
use http_body_util::Full;
use hyper::body::Incoming;

use crate::node::Context;
use crate::node::balancer::Picked;
use crate::node::caller::{Caller, Errand};
use crate::telemetry::{SpanId, TraceParent};
use crate::topology::NodeId;
use crate::wire::headers;

use super::http::{self as hop, Answer};

/// How long one attempt may take. A program that has less patience closes its connection.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The way to one node.
#[derive(Clone)]
pub(super) struct Relay {
    context: Context,
    caller: Caller,
    node: NodeId,
}

impl Relay {
    /// The way to this node, over this caller.
    pub(super) fn new(context: Context, caller: Caller, node: NodeId) -> Self {
        Self { context, caller, node }
    }

    /// Passes a request of the program on, and the answer back.
    pub(super) async fn answer(self, request: Request<Incoming>) -> Answer {
        let (head, body) = match hop::take(request).await {
            Ok(taken) => taken,
            Err(refusal) => return refusal,
        };
        let make = |to: &Picked, traceparent: &str| self.request(&head, &body, to, traceparent);
        let errand = Errand {
            name: name(head.uri.path()),
            reads: head.method == Method::GET || head.method == Method::HEAD,
            timeout: TIMEOUT,
            retries: 0,
            user: text(&head, headers::USER).and_then(|user| user.parse().ok()),
            trace: self.trace(&head),
            request: &make,
        };
        match self.caller.run(&self.node, &errand).await {
            Ok(reply) => hop::answer(reply),
            Err(failed) => hop::refusal(failed.cause.http_status(), failed.cause, &failed.words),
        }
    }

    /// The trace that the program goes on with. What it does on its own account is in none that is shown.
    fn trace(&self, head: &Parts) -> TraceParent {
        let came = head.headers.get(headers::TRACEPARENT).and_then(|value| TraceParent::parse(value.as_bytes()));
        came.unwrap_or_else(|| {
            let (trace, _) = self.context.reporter.begin_trace();
            TraceParent { trace, parent: SpanId(0), sampled: false }
        })
    }

    fn request(&self, head: &Parts, body: &Bytes, to: &Picked, traceparent: &str) -> Option<Request<Full<Bytes>>> {
        let mut request = Request::new(Full::new(body.clone()));
        *request.method_mut() = head.method.clone();
        *request.uri_mut() = head.uri.path_and_query().map_or("/", |target| target.as_str()).parse().ok()?;
        let fields = request.headers_mut();
        *fields = hop::passed_on(&head.headers);
        fields.insert(header::HOST, HeaderValue::from_str(&to.address.to_string()).ok()?);
        fields.insert(headers::TRACEPARENT, HeaderValue::from_str(traceparent).ok()?);
        let sender = format!("{} {}", self.context.run.id, self.context.life);
        fields.insert(headers::HOP, HeaderValue::from_str(&sender).ok()?);
        Some(request)
    }
}

fn text<'a>(head: &'a Parts, name: &str) -> Option<&'a str> {
    head.headers.get(name)?.to_str().ok()
}

/// What a request is called: `/cart/add` is the operation `cart.add`; any other path is itself.
fn name(path: &str) -> String {
    let mut parts = path.trim_start_matches('/').split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(module), Some(operation), None) if !module.is_empty() && !operation.is_empty() => {
            format!("{module}.{operation}")
        }
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_have_their_names_and_other_paths_stay() {
        assert_eq!(name("/cart/add"), "cart.add");
        assert_eq!(name("/api/v1/query"), "/api/v1/query");
        assert_eq!(name("/"), "/");
    }
}
