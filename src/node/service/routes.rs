//! From a request to its answer: probes, routing, the line, the steps, the server span.

use std::convert::Infallible;
use std::rc::Rc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;

use crate::telemetry::books::SESSION_CHECK;
use crate::telemetry::{Cause, Outcome, Span, SpanKind, TraceParent};
use crate::topology::{LifeId, OperationId};
use crate::wire::{ServiceConfig, headers};

use super::super::log::Level;
use super::Service;
use super::answer;
use super::refusal::Refusal;
use super::steps::{Work, doing};
use super::visit::{Ask, Visit, item_of};

/// The longest body that is read, in bytes.
const MAX_BODY: usize = 64 << 10;

/// Answers one request.
pub(super) async fn handle(
    service: Rc<Service>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let life = &service.context.life;
    match request.uri().path() {
        headers::READY_PATH => return Ok(ready(&service)),
        headers::LIVE_PATH => return Ok(answer::word(life, 200, "live\n")),
        _ => {}
    }
    let _in_flight = service.begin();
    let (head, body) = request.into_parts();
    let received = Received::new(&service, &head);
    let body = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            let words = format!("the body has more than {MAX_BODY} bytes");
            Err(Refusal::with_status(413, Cause::Status, words))
        }
        Err(error) => Err(Refusal::new(Cause::Protocol, format!("the body cannot be read: {error}"))),
    };
    // A task of its own: what has begun is finished, also when the asker has given up and closed the connection.
    let doing = tokio::task::spawn_local(answer(service.clone(), head, received, body));
    Ok(doing.await.unwrap_or_else(|_| {
        let words = "the operation ended without a result: a defect of the program";
        answer::refused(life, &Refusal::with_status(500, Cause::Upstream5xx, words))
    }))
}

fn ready(service: &Service) -> Response<Full<Bytes>> {
    let life = &service.context.life;
    if service.draining.get() { answer::word(life, 503, "draining\n") } else { answer::word(life, 200, "ready\n") }
}

/// A request as it was received, before anything is known of its success.
struct Received {
    trace: TraceParent,
    parent: Option<crate::telemetry::SpanId>,
    user: Option<u32>,
    start_us: u64,
}

impl Received {
    /// Reads the headers that every request of the run carries, and counts it if it carries them.
    fn new(service: &Service, head: &Parts) -> Self {
        let reporter = &service.context.reporter;
        if let Some(from) = hop(&head.headers, &service.context.run.id) {
            reporter.received(&from);
        }
        let came = head.headers.get(headers::TRACEPARENT).and_then(|value| TraceParent::parse(value.as_bytes()));
        let (trace, sampled) = came.map_or_else(|| reporter.begin_trace(), |came| (came.trace, came.sampled));
        Self {
            trace: TraceParent { trace, parent: reporter.span_id(), sampled },
            parent: came.map(|came| came.parent),
            user: text(&head.headers, headers::USER).and_then(|user| user.parse().ok()),
            start_us: service.context.clock.now_us(),
        }
    }
}

/// The life that sent a request of this run.
fn hop(headers: &HeaderMap, run: &str) -> Option<LifeId> {
    let (of_run, life) = text(headers, headers::HOP)?.split_once(' ')?;
    (of_run == run).then(|| life.parse().ok())?
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

async fn answer(
    service: Rc<Service>,
    head: Parts,
    received: Received,
    body: Result<Bytes, Refusal>,
) -> Response<Full<Bytes>> {
    let _in_flight = service.begin();
    let config = service.config.borrow().clone();
    let cookies = head.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut visit = Visit::new(cookies);
    let operation = route(&config, &head);
    let name = operation.as_ref().map_or_else(|_| head.uri.path().to_owned(), span_name);
    let result = match (operation, body) {
        (Ok(operation), Ok(body)) => perform(&service, config, &received, body, &mut visit, &operation).await,
        (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
    };
    let (status, outcome) = match &result {
        Ok(()) if visit.degraded => (200, Outcome::Degraded),
        Ok(()) => (200, Outcome::Ok),
        Err(refusal) => (refusal.status, Outcome::Failed(refusal.cause)),
    };
    let span = Span {
        trace: received.trace.trace,
        id: received.trace.parent,
        parent: received.parent,
        life: service.context.life.clone(),
        kind: SpanKind::Server,
        name,
        to: None,
        peer: None,
        start_us: received.start_us,
        end_us: service.context.clock.now_us(),
        outcome,
        status,
        attempt: 0,
        user: received.user,
    };
    service.context.reporter.span(span, received.trace.sampled);
    answer::of_operation(&service.context.life, visit, result)
}

/// The operation that a request asks for, in the right way.
fn route(config: &ServiceConfig, head: &Parts) -> Result<OperationId, Refusal> {
    let path = head.uri.path();
    let no_route = || Refusal::new(Cause::NoRoute, format!("nothing here serves {path}"));
    let (module, operation) = path.strip_prefix('/').and_then(|path| path.split_once('/')).ok_or_else(no_route)?;
    let module = module.parse().map_err(|_| no_route())?;
    let operation = OperationId { module, operation: operation.into() };
    if doing(config, &operation).is_none() {
        return Err(no_route());
    }
    let reads = *operation.operation == *SESSION_CHECK || config.reads.contains(&operation);
    let right = if reads { Method::GET } else { Method::POST };
    if head.method == right {
        return Ok(operation);
    }
    let why = if reads { "only reads" } else { "changes something" };
    let words = format!("{} {path}: {operation} {why}, so ask with {right}", head.method);
    Err(Refusal::with_status(405, Cause::Status, words))
}

fn span_name(operation: &OperationId) -> String {
    if *operation.operation == *SESSION_CHECK { SESSION_CHECK.to_owned() } else { operation.to_string() }
}

/// Waits in line, then does the operation.
async fn perform(
    service: &Service,
    config: Rc<ServiceConfig>,
    received: &Received,
    body: Bytes,
    visit: &mut Visit,
    operation: &OperationId,
) -> Result<(), Refusal> {
    let item = item_of(&body)?;
    let _pass = service.line.enter().await.map_err(|_full| {
        let (concurrency, backlog) = (config.settings.concurrency, config.settings.backlog);
        let words = format!("{concurrency} requests are worked on and {backlog} wait: no room for another");
        if let Some(count) = service.shed.count(service.context.clock.now_us()) {
            service.context.app.log(Level::Warning, &format!("refused {count} since the last such line: {words}"));
        }
        Refusal::new(Cause::Shed, words)
    })?;
    let work = Work {
        config,
        sessions: service.sessions.clone(),
        database: service.database.clone(),
        caller: service.caller.clone(),
        versions: service.versions.clone(),
        ask: Ask { trace: received.trace, user: received.user, body, item },
    };
    work.perform(visit, operation).await
}
