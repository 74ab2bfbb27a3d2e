//! Spans as an `ExportTraceServiceRequest`. What OpenTelemetry has a name for is under that name; the rest is under
//! `brownout.*`. Spans of foreign programs lack the rest, and are taken as far as they go.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::trace::v1::{self as otlp, ResourceSpans, ScopeSpans, Status};
use prost::Message;

use crate::telemetry::{Cause, Outcome, Span, SpanId, SpanKind, TraceId};
use crate::topology::LifeId;

use super::attributes::{self, Attributes};
use super::{OtlpError, SCOPE, life_of, resource_of, run_us, unix_ns};

const STATUS_CODE: &str = "http.response.status_code";
const USER: &str = "brownout.user";
const ATTEMPT: &str = "brownout.attempt";
const PEER: &str = "brownout.peer";
const TO: &str = "brownout.to";
const OUTCOME: &str = "brownout.outcome";

/// The bit of the W3C trace flags that says that the whole trace is sampled.
const SAMPLED: u32 = 1;

/// A span on its way to the app.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The span.
    pub span: Span,
    /// Whether every hop of its trace is reported unasked. A span that is not sampled comes because it ended badly, or
    /// because its trace was asked for.
    pub sampled: bool,
}

/// The request that carries these spans of one life. `epoch_unix_ns` is the run's epoch in nanoseconds since 1970.
pub fn encode_spans(life: &LifeId, epoch_unix_ns: u64, spans: &[Reported]) -> Vec<u8> {
    let scope_spans = ScopeSpans {
        scope: Some(InstrumentationScope { name: SCOPE.to_owned(), ..InstrumentationScope::default() }),
        spans: spans.iter().map(|span| encode(epoch_unix_ns, span)).collect(),
        ..ScopeSpans::default()
    };
    let resource_spans =
        ResourceSpans { resource: Some(resource_of(life)), scope_spans: vec![scope_spans], ..ResourceSpans::default() };
    ExportTraceServiceRequest { resource_spans: vec![resource_spans] }.encode_to_vec()
}

/// The spans in such a request. Foreign spans that cannot be mapped (no usable name of the process, no ids, work that
/// is no hop) are left out.
///
/// # Errors
/// When the bytes are no `ExportTraceServiceRequest`.
pub fn decode_spans(bytes: &[u8], epoch_unix_ns: u64) -> Result<Vec<Reported>, OtlpError> {
    let request = ExportTraceServiceRequest::decode(bytes)
        .map_err(|error| OtlpError { expected: "trace", reason: error.to_string() })?;
    let mut spans = Vec::new();
    for resource in &request.resource_spans {
        let Some(life) = life_of(resource.resource.as_ref()) else { continue };
        let of_the_resource = resource.scope_spans.iter().flat_map(|scope| &scope.spans);
        spans.extend(of_the_resource.filter_map(|sent| {
            let span = decode(epoch_unix_ns, &life, sent)?;
            Some(Reported { span, sampled: sent.flags & SAMPLED == SAMPLED })
        }));
    }
    Ok(spans)
}

fn encode(epoch_unix_ns: u64, reported: &Reported) -> otlp::Span {
    let Reported { span, sampled } = reported;
    let mut attributes = Attributes::default()
        .text(OUTCOME, outcome_text(span.outcome))
        .maybe(TO, span.to.as_ref())
        .maybe(PEER, span.peer.as_ref());
    if span.status != 0 {
        attributes = attributes.number(STATUS_CODE, span.status);
    }
    if span.attempt != 0 {
        attributes = attributes.number(ATTEMPT, span.attempt);
    }
    if let Some(user) = span.user {
        attributes = attributes.number(USER, user);
    }
    let kind = match span.kind {
        SpanKind::Client => otlp::span::SpanKind::Client,
        SpanKind::Server => otlp::span::SpanKind::Server,
        SpanKind::Request => otlp::span::SpanKind::Internal,
    };
    let code = if span.outcome.is_ok() { otlp::status::StatusCode::Unset } else { otlp::status::StatusCode::Error };
    otlp::Span {
        trace_id: span.trace.0.to_be_bytes().to_vec(),
        span_id: span.id.0.to_be_bytes().to_vec(),
        parent_span_id: span.parent.map_or_else(Vec::new, |parent| parent.0.to_be_bytes().to_vec()),
        name: span.name.clone(),
        kind: kind as i32,
        start_time_unix_nano: unix_ns(epoch_unix_ns, span.start_us),
        end_time_unix_nano: unix_ns(epoch_unix_ns, span.end_us),
        attributes: attributes.build(),
        flags: if *sampled { SAMPLED } else { 0 },
        status: Some(Status { code: code as i32, ..Status::default() }),
        ..otlp::Span::default()
    }
}

/// What a span says, as far as it is a hop.
pub(super) fn decode(epoch_unix_ns: u64, life: &LifeId, span: &otlp::Span) -> Option<Span> {
    let attributes = &span.attributes;
    let said = attributes::text(attributes, OUTCOME).and_then(outcome_of_text);
    let kind = match (span.kind(), said) {
        (otlp::span::SpanKind::Client | otlp::span::SpanKind::Producer, _) => SpanKind::Client,
        (otlp::span::SpanKind::Server | otlp::span::SpanKind::Consumer, _) => SpanKind::Server,
        (otlp::span::SpanKind::Internal, Some(_)) => SpanKind::Request,
        // Work inside a foreign process is no hop.
        (otlp::span::SpanKind::Internal | otlp::span::SpanKind::Unspecified, _) => return None,
    };
    let status = attributes::number(attributes, STATUS_CODE)
        .or_else(|| attributes::number(attributes, "http.status_code"))
        .unwrap_or(0);
    let start_us = run_us(epoch_unix_ns, span.start_time_unix_nano);
    Some(Span {
        trace: TraceId(u128::from_be_bytes(span.trace_id.as_slice().try_into().ok()?)),
        id: span_id(&span.span_id)?,
        parent: span_id(&span.parent_span_id),
        life: life.clone(),
        kind,
        name: span.name.clone(),
        // OpenTelemetry's word for whom a program asked.
        to: attributes::parsed(attributes, TO).or_else(|| attributes::parsed(attributes, "peer.service")),
        peer: attributes::parsed(attributes, PEER),
        start_us,
        end_us: run_us(epoch_unix_ns, span.end_time_unix_nano).max(start_us),
        outcome: said.unwrap_or_else(|| foreign_outcome(span, status)),
        status,
        attempt: attributes::number(attributes, ATTEMPT).unwrap_or(0),
        user: attributes::number(attributes, USER),
    })
}

fn span_id(bytes: &[u8]) -> Option<SpanId> {
    Some(SpanId(u64::from_be_bytes(bytes.try_into().ok()?)))
}

/// How a span ended that does not say so in Brownout's words.
fn foreign_outcome(span: &otlp::Span, status: u16) -> Outcome {
    let error = span.status.as_ref().is_some_and(|status| status.code() == otlp::status::StatusCode::Error);
    match status {
        400.. => Outcome::Failed(Cause::of_status(status)),
        _ if error => Outcome::Failed(Cause::Status),
        _ => Outcome::Ok,
    }
}

const fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "ok",
        Outcome::Degraded => "degraded",
        Outcome::TimedOut => "timed_out",
        Outcome::Failed(cause) => cause.as_str(),
    }
}

fn outcome_of_text(text: &str) -> Option<Outcome> {
    match text {
        "ok" => Some(Outcome::Ok),
        "degraded" => Some(Outcome::Degraded),
        "timed_out" => Some(Outcome::TimedOut),
        cause => Cause::parse(cause).map(Outcome::Failed),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EPOCH: u64 = 1_790_000_000_000_000_000;

    fn outcome() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            Just(Outcome::Ok),
            Just(Outcome::Degraded),
            Just(Outcome::TimedOut),
            prop::sample::select(Cause::ALL.to_vec()).prop_map(Outcome::Failed),
        ]
    }

    fn span() -> impl Strategy<Value = Reported> {
        let ids = (1..u128::MAX, 1..u64::MAX, proptest::option::of(1..u64::MAX));
        let kind = prop::sample::select(vec![SpanKind::Client, SpanKind::Server, SpanKind::Request]);
        let peer = proptest::option::of((1..99_u32, 1..9_u32));
        let times = (0..1_u64 << 40, 0..1_u64 << 30);
        let rest = (outcome(), 0..600_u16, 0..5_u32, proptest::option::of(1..20_000_u32));
        let span =
            (ids, kind, "[a-z.]{0,20}", peer, times, rest).prop_map(|(ids, kind, name, peer, times, rest)| Span {
                trace: TraceId(ids.0),
                id: SpanId(ids.1),
                parent: ids.2.map(SpanId),
                life: "gate.1#1".parse().unwrap(),
                kind,
                name,
                to: peer.map(|_| "shop".parse().unwrap()),
                peer: peer.map(|(slot, life)| format!("shop.{slot}#{life}").parse().unwrap()),
                start_us: times.0,
                end_us: times.0 + times.1,
                outcome: rest.0,
                status: rest.1,
                attempt: rest.2,
                user: rest.3,
            });
        (span, any::<bool>()).prop_map(|(span, sampled)| Reported { span, sampled })
    }

    proptest! {
        #[test]
        fn spans_come_back_as_they_were(spans in prop::collection::vec(span(), 0..20)) {
            let bytes = encode_spans(&"gate.1#1".parse().unwrap(), EPOCH, &spans);
            prop_assert!(bytes.len() < 128 + 400 * spans.len());
            prop_assert_eq!(decode_spans(&bytes, EPOCH).unwrap(), spans);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode_spans(&bytes, EPOCH);
        }

        #[test]
        fn a_damaged_request_does_not_make_it_panic(span in span(), at in any::<prop::sample::Index>(), to in any::<u8>()) {
            let mut bytes = encode_spans(&"gate.1#1".parse().unwrap(), EPOCH, &[span]);
            let at = at.index(bytes.len());
            bytes[at] = to;
            let _ = decode_spans(&bytes, EPOCH);
        }
    }

    #[test]
    fn a_foreign_span_is_taken_as_far_as_it_goes() {
        let foreign = |kind: otlp::span::SpanKind| otlp::Span {
            trace_id: vec![1; 16],
            span_id: vec![2; 8],
            kind: kind as i32,
            start_time_unix_nano: EPOCH + 5_000,
            attributes: Attributes::default().number(STATUS_CODE, 500).build(),
            ..otlp::Span::default()
        };
        let spans = vec![foreign(otlp::span::SpanKind::Server), foreign(otlp::span::SpanKind::Internal)];
        let resource = otlp::ResourceSpans {
            resource: Some(opentelemetry_proto::tonic::resource::v1::Resource {
                attributes: Attributes::default().text("service.name", "analytics").build(),
                ..Default::default()
            }),
            scope_spans: vec![ScopeSpans { spans, ..ScopeSpans::default() }],
            ..ResourceSpans::default()
        };
        let bytes = ExportTraceServiceRequest { resource_spans: vec![resource] }.encode_to_vec();
        let decoded = decode_spans(&bytes, EPOCH).unwrap();
        assert_eq!(decoded.len(), 1, "work inside the process is no hop");
        assert_eq!((decoded[0].span.life.to_string().as_str(), decoded[0].span.start_us), ("analytics.1#1", 5));
        assert_eq!(decoded[0].span.outcome, Outcome::Failed(Cause::Upstream5xx));
    }
}
