//! Spans as OTLP/JSON, which a program can write without any library. Only what a hop is made of is read; ids are in
//! hexadecimal and 64-bit numbers may be texts, as OTLP says.

use opentelemetry_proto::tonic::trace::v1 as otlp;
use serde::Deserialize;
use serde_json::Value;

use super::attributes::Attributes;
use super::spans::{Reported, decode};
use super::{OtlpError, life_of};
use opentelemetry_proto::tonic::resource::v1::Resource;

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Request {
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct ResourceSpans {
    resource: Attributed,
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Attributed {
    attributes: Vec<Attribute>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ScopeSpans {
    spans: Vec<Span>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Span {
    trace_id: String,
    span_id: String,
    parent_span_id: String,
    flags: u32,
    name: String,
    kind: i32,
    start_time_unix_nano: Value,
    end_time_unix_nano: Value,
    attributes: Vec<Attribute>,
    status: Status,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Status {
    code: i32,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Attribute {
    key: String,
    value: Value,
}

/// The spans in an `ExportTraceServiceRequest` that is JSON. Those that cannot be mapped are left out, as with protobuf.
///
/// # Errors
/// When the text is no such request.
pub fn decode_spans_json(text: &[u8], epoch_unix_ns: u64) -> Result<Vec<Reported>, OtlpError> {
    let refused = |reason: String| OtlpError { expected: "trace", reason };
    // A list of values would do for a reader that goes by position.
    if text.trim_ascii_start().first() != Some(&b'{') {
        return Err(refused("it is no object".to_owned()));
    }
    let request: Request = serde_json::from_slice(text).map_err(|error| refused(error.to_string()))?;
    let mut spans = Vec::new();
    for resource in request.resource_spans {
        let attributes = attributes(&resource.resource.attributes);
        let Some(life) = life_of(Some(&Resource { attributes, ..Resource::default() })) else { continue };
        let sent = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        spans.extend(sent.filter_map(|sent| {
            let span = decode(epoch_unix_ns, &life, &of_json(sent)?)?;
            Some(Reported { span, sampled: true })
        }));
    }
    Ok(spans)
}

fn of_json(sent: Span) -> Option<otlp::Span> {
    Some(otlp::Span {
        trace_id: hex(&sent.trace_id)?,
        span_id: hex(&sent.span_id)?,
        parent_span_id: hex(&sent.parent_span_id)?,
        flags: sent.flags,
        name: sent.name,
        kind: sent.kind,
        start_time_unix_nano: number(&sent.start_time_unix_nano)?,
        end_time_unix_nano: number(&sent.end_time_unix_nano)?,
        attributes: attributes(&sent.attributes),
        status: Some(otlp::Status { code: sent.status.code, ..otlp::Status::default() }),
        ..otlp::Span::default()
    })
}

/// Texts and whole numbers, which is all that hops need.
fn attributes(sent: &[Attribute]) -> Vec<opentelemetry_proto::tonic::common::v1::KeyValue> {
    let add = |all: Attributes, attribute: &Attribute| {
        if let Some(text) = attribute.value.get("stringValue").and_then(Value::as_str) {
            return all.text(&attribute.key, text);
        }
        match attribute.value.get("intValue").and_then(number).and_then(|number| i64::try_from(number).ok()) {
            Some(number) => all.number(&attribute.key, number),
            None => all,
        }
    };
    sent.iter().fold(Attributes::default(), add).build()
}

/// A 64-bit number, which JSON may hold as a text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::{SpanId, SpanKind, TraceId};

    /// The example of the OTLP specification, shortened, with what the specification allows to differ.
    const EXAMPLE: &str = r#"{"resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "accounts"}}]},
        "scopeSpans": [{"scope": {"name": "by.hand"}, "spans": [{
            "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174",
            "parentSpanId": "EEE19B7EC3C1B173", "name": "accounts.check", "kind": 2, "flags": 1,
            "startTimeUnixNano": "5000", "endTimeUnixNano": 9000,
            "attributes": [{"key": "http.response.status_code", "value": {"intValue": "401"}}]
        }]}]
    }]}"#;

    #[test]
    fn spans_that_were_written_by_hand_are_read() {
        let spans = decode_spans_json(EXAMPLE.as_bytes(), 1_000).unwrap();
        let [Reported { span, .. }] = &spans[..] else { panic!("{spans:?}") };
        assert_eq!(span.life.to_string(), "accounts.1#1");
        assert_eq!(
            (span.trace, span.id),
            (TraceId(0x5B8E_FFF7_9803_8103_D269_B633_813F_C60C), SpanId(0xEEE1_9B7E_C3C1_B174))
        );
        assert_eq!((span.kind, span.start_us, span.end_us, span.status), (SpanKind::Server, 4, 8, 401));
        assert_eq!(span.parent, Some(SpanId(0xEEE1_9B7E_C3C1_B173)));
    }

    #[test]
    fn what_is_no_request_is_refused_and_a_damaged_span_left_out() {
        assert!(decode_spans_json(b"[]", 0).is_err());
        assert!(decode_spans_json(b"", 0).is_err());
        let damaged = EXAMPLE.replace("EEE19B7EC3C1B174", "not an id \u{e4}");
        assert_eq!(decode_spans_json(damaged.as_bytes(), 0), Ok(Vec::new()));
    }
}
