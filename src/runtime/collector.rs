//! The OTLP/HTTP receiver: takes spans and counters from the run's nodes, as protobuf. Loopback only, and only with the
//! run's secret.
//!
//! A metrics request is answered after its totals are in the conductor's queue. A node says *settled* after that answer,
//! so its final totals are always known before.

use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::control::Event;
use crate::telemetry::SpanKind;
use crate::telemetry::otlp::{self, Reported};

use super::control_server::same_secret;
use super::events::Events;
use super::spans::SpanQueue;

/// The longest body, in bytes.
const MAX_BODY: usize = 8 << 20;
/// How many connections may be open at once.
const CONNECTIONS: usize = 4096;
/// How long a request's head may take.
const HEAD: Duration = Duration::from_secs(5);
const PROTOBUF: &str = "application/x-protobuf";

/// The receiver of one run.
pub(super) struct Collector {
    token: String,
    epoch_unix_ns: u64,
    events: Events,
    spans: Arc<SpanQueue>,
}

impl Collector {
    /// A receiver; [`Collector::serve`] accepts its connections. `epoch_unix_ns` is what times in reports count from.
    pub(super) fn new(token: String, epoch_unix_ns: u64, events: Events, spans: Arc<SpanQueue>) -> Rc<Self> {
        Rc::new(Self { token, epoch_unix_ns, events, spans })
    }

    /// Accepts connections until it is aborted.
    pub(super) async fn serve(self: Rc<Self>, listener: TcpListener) {
        let room = Rc::new(Semaphore::new(CONNECTIONS));
        loop {
            let permit = room.clone();
            let Ok((stream, _)) = listener.accept().await else {
                // Out of descriptors, most likely: the connection stays in the kernel's queue until there are some.
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            };
            let _ = stream.set_nodelay(true);
            let collector = self.clone();
            tokio::task::spawn_local(async move {
                let Ok(_permit) = permit.try_acquire() else { return };
                let service = service_fn(|request| answer(&collector, request));
                let _ = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEAD)
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    }

    /// Takes one report. The error is what the sender is told.
    async fn take(&self, request: Request<Incoming>) -> Result<(), Refusal> {
        let path = request.uri().path().to_owned();
        self.check(request.method(), &path, request.headers())?;
        // A body that says how long it is need not be waited for.
        if request.body().size_hint().lower() > MAX_BODY as u64 {
            return Err(TOO_LARGE);
        }
        let body = match Limited::new(request.into_body(), MAX_BODY).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => return Err(TOO_LARGE),
            Err(error) => return Err(Refusal(StatusCode::BAD_REQUEST, error.to_string())),
        };
        let undecodable = |error: &dyn std::fmt::Display| Refusal(StatusCode::BAD_REQUEST, error.to_string());
        if path == "/v1/traces" {
            let spans = otlp::decode_spans(&body, self.epoch_unix_ns).map_err(|error| undecodable(&error))?;
            let count = spans.len() as u64;
            let ended_badly = spans.iter().filter(|reported| lacks_hops(reported)).map(|reported| reported.span.trace);
            let ended_badly = ended_badly.collect();
            self.spans.push(spans.into_iter().map(|reported| reported.span).collect());
            self.events.send(Event::Spans { count, ended_badly }).await;
        } else {
            for (life, totals) in otlp::decode_totals(&body, self.epoch_unix_ns).map_err(|error| undecodable(&error))? {
                self.events.send(Event::Totals { life, totals: Box::new(totals) }).await;
            }
        }
        Ok(())
    }

    /// Whether the request may be read at all.
    fn check(&self, method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Refusal> {
        let header = |name| headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
        if !header(AUTHORIZATION)
            .and_then(|value| value.strip_prefix("Bearer "))
            .is_some_and(|token| same_secret(token, &self.token))
        {
            return Err(Refusal(StatusCode::UNAUTHORIZED, "the run's token is missing or wrong".to_owned()));
        }
        if !matches!(path, "/v1/traces" | "/v1/metrics") {
            return Err(Refusal(StatusCode::NOT_FOUND, format!("no {path} here, only /v1/traces and /v1/metrics")));
        }
        if method != Method::POST {
            return Err(Refusal(StatusCode::METHOD_NOT_ALLOWED, "reports are sent with POST".to_owned()));
        }
        let media_type = header(CONTENT_TYPE).and_then(|value| value.split(';').next()).map(str::trim);
        let plain = header(CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
        if media_type != Some(PROTOBUF) || !plain {
            let message = format!("the body must be uncompressed {PROTOBUF}");
            return Err(Refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
        Ok(())
    }
}

/// Whether this is a user's request that ended badly and whose hops only its nodes know of yet.
fn lacks_hops(reported: &Reported) -> bool {
    reported.span.kind == SpanKind::Request && !reported.span.outcome.is_ok() && !reported.sampled
}

/// Why a report is not taken.
struct Refusal(StatusCode, String);

const TOO_LARGE: Refusal = Refusal(StatusCode::PAYLOAD_TOO_LARGE, String::new());

async fn answer(collector: &Collector, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = Response::new(Full::default());
    match collector.take(request).await {
        // An empty message is what protobuf writes for *everything accepted*.
        Ok(()) => drop(response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static(PROTOBUF))),
        Err(Refusal(status, message)) => {
            *response.status_mut() = status;
            if status == StatusCode::METHOD_NOT_ALLOWED {
                response.headers_mut().insert(ALLOW, http::HeaderValue::from_static("POST"));
            }
            *response.body_mut() = Full::from(message);
        }
    }
    Ok(response)
}

#[cfg(test)]
mod tests;
