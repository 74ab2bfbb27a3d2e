//! A span as one line of JSON, as `docs/report.md` describes it.

use serde_json::json;

use crate::telemetry::{Outcome, Span, SpanKind};

/// The line, without its line feed.
pub fn write(span: &Span) -> String {
    let kind = match span.kind {
        SpanKind::Request => "request",
        SpanKind::Client => "client",
        SpanKind::Server => "server",
    };
    let (outcome, cause) = match span.outcome {
        Outcome::Ok => ("ok", None),
        Outcome::Degraded => ("degraded", None),
        Outcome::Failed(cause) => ("failed", Some(cause.as_str())),
        Outcome::TimedOut => ("timed_out", None),
    };
    let text = |value: &dyn ToString| value.to_string();
    let line = json!({
        "trace": text(&span.trace),
        "span": text(&span.id),
        "parent": span.parent.as_ref().map(ToString::to_string),
        "life": text(&span.life),
        "kind": kind,
        "name": span.name,
        "to": span.to.as_ref().map(ToString::to_string),
        "peer": span.peer.as_ref().map(ToString::to_string),
        "start_us": span.start_us,
        "end_us": span.end_us,
        "outcome": outcome,
        "cause": cause,
        "status": span.status,
        "attempt": span.attempt,
        "user": span.user,
    });
    line.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::{Cause, SpanId, TraceId};

    #[test]
    fn a_span_is_one_line_in_which_everything_has_its_name() {
        let span = Span {
            trace: TraceId(1),
            id: SpanId(2),
            parent: None,
            life: "shop.1#2".parse().unwrap(),
            kind: SpanKind::Client,
            name: "insert\n\"charges\"".to_owned(),
            to: Some("shop-db".parse().unwrap()),
            peer: None,
            start_us: 5,
            end_us: 9,
            outcome: Outcome::Failed(Cause::Reset),
            status: 0,
            attempt: 1,
            user: Some(4),
        };
        let line = write(&span);
        assert!(!line.contains('\n'), "{line}");
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&read["outcome"], &read["cause"]), (&"failed".into(), &"reset".into()));
        assert_eq!((&read["life"], &read["name"]), (&"shop.1#2".into(), &span.name.as_str().into()));
    }
}
