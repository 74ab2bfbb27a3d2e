//! Where a program's OpenTelemetry reports its spans: a port of the keeper, which passes them on as the life's own. The
//! run's collector asks for the run's secret, and that is in no environment, where other programs could read it.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;

use crate::node::Context;
use crate::node::log::Level;
use crate::telemetry::otlp::{self, OtlpError};
use crate::telemetry::{Cause, SpanKind};

use super::http::{self as hop, Answer};

const JSON: &str = "application/json";
const PROTOBUF: &str = "application/x-protobuf";

/// Takes one report.
pub(super) async fn answer(context: Context, request: Request<Incoming>) -> Answer {
    let (head, body) = match hop::take(request).await {
        Ok(taken) => taken,
        Err(refusal) => return refusal,
    };
    match (head.method == Method::POST, head.uri.path()) {
        (true, "/v1/traces") => traces(&context, &head, &body),
        // Taken, so that nobody complains, and thrown away: the keeper counts by itself, and reads what is written.
        (true, "/v1/metrics" | "/v1/logs") => accepted(kind(&head)),
        _ => hop::refusal(404, Cause::NoRoute, "spans are taken with POST at /v1/traces"),
    }
}

fn kind(head: &Parts) -> &'static str {
    let kind = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with(JSON) { JSON } else { PROTOBUF }
}

fn traces(context: &Context, head: &Parts, body: &Bytes) -> Answer {
    if head.headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return hop::refusal(415, Cause::Status, "the body must not be compressed");
    }
    let epoch = context.run.epoch_unix_ns;
    let kind = kind(head);
    let decoded = if kind == JSON { otlp::decode_spans_json(body, epoch) } else { otlp::decode_spans(body, epoch) };
    match decoded {
        Ok(spans) => {
            // Whatever it calls itself, it is this life; and only users and visitors begin requests. What a program
            // reports it has sampled, as the request told it to.
            for mut reported in spans.into_iter().filter(|reported| reported.span.kind != SpanKind::Request) {
                reported.span.life = context.life.clone();
                context.reporter.span(reported.span, true);
            }
            accepted(kind)
        }
        Err(error) => {
            context.app.log(Level::Warning, &format!("spans of the program are not taken: {error}"));
            refused(&error)
        }
    }
}

fn refused(error: &OtlpError) -> Answer {
    hop::refusal(400, Cause::Protocol, &error.to_string())
}

/// An empty message is what OTLP calls *everything accepted*.
fn accepted(kind: &'static str) -> Answer {
    let mut answer = Response::new(Full::from(if kind == JSON { "{}" } else { "" }));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}
