//! The counters of a life as an `ExportMetricsServiceRequest`: monotonic cumulative sums, and histograms whose explicit
//! bounds are the values that were counted, so that nothing is lost on the way.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Histogram, HistogramDataPoint, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum,
};
use prost::Message;

use crate::telemetry::{Cause, Latency, Totals};
use crate::topology::LifeId;

use super::attributes::{self, Attributes};
use super::{OtlpError, SCOPE, life_of, resource_of, run_us, unix_ns};

const ISSUED: &str = "brownout.requests.issued";
const OK: &str = "brownout.requests.ok";
const DEGRADED: &str = "brownout.requests.degraded";
const FAILED: &str = "brownout.requests.failed";
const TIMED_OUT: &str = "brownout.requests.timed_out";
const FAILED_IDEMPOTENT: &str = "brownout.requests.failed_idempotent";
const LATENCY: &str = "brownout.requests.latency";
const ATTEMPTS_SENT: &str = "brownout.attempts.sent";
const ATTEMPTS_FAILED: &str = "brownout.attempts.failed";
const ATTEMPT_LATENCY: &str = "brownout.attempts.latency";
const ATTEMPTS_RECEIVED: &str = "brownout.attempts.received";
const CALLS_ANSWERED: &str = "brownout.calls.answered";
const CALLS_REQUEST_BYTES: &str = "brownout.calls.request_bytes";
const CALLS_ANSWER_BYTES: &str = "brownout.calls.answer_bytes";
const SPANS_DROPPED: &str = "brownout.spans.dropped";
const TRACES_BEGUN: &str = "brownout.traces.begun";
const TRACES_SAMPLED: &str = "brownout.traces.sampled";
const ARRIVALS: &str = "brownout.arrivals.scheduled";
const ARRIVALS_WAITED: &str = "brownout.arrivals.waited";
const ARRIVALS_UNSENT: &str = "brownout.arrivals.unsent";
const LATENESS: &str = "brownout.lateness";

const OPERATION: &str = "brownout.operation";
const CAUSE: &str = "brownout.cause";
const TO: &str = "brownout.to";
const PEER: &str = "brownout.peer";
const FROM: &str = "brownout.from";

/// The request that carries the totals of one life. `epoch_unix_ns` is the run's epoch in nanoseconds since 1970.
pub fn encode_totals(life: &LifeId, epoch_unix_ns: u64, totals: &Totals) -> Vec<u8> {
    let mut metrics =
        Metrics { start_ns: epoch_unix_ns, at_ns: unix_ns(epoch_unix_ns, totals.at_us), ..Metrics::default() };
    for (name, books) in &totals.operations {
        let operation = || Attributes::default().text(OPERATION, name);
        metrics.sum(ISSUED, operation(), books.issued);
        metrics.sum(OK, operation(), books.ok);
        metrics.sum(DEGRADED, operation(), books.degraded);
        metrics.sum(TIMED_OUT, operation(), books.timed_out);
        metrics.sum(FAILED_IDEMPOTENT, operation(), books.failed_idempotent);
        for (cause, &count) in &books.failed {
            metrics.sum(FAILED, operation().text(CAUSE, cause), count);
        }
        metrics.histogram(LATENCY, operation(), &books.latency);
    }
    for ((to, peer), books) in &totals.sent {
        let link = || Attributes::default().text(TO, to).maybe(PEER, peer.as_ref());
        metrics.sum(ATTEMPTS_SENT, link(), books.sent);
        metrics.sum(ATTEMPTS_FAILED, link(), books.failed);
    }
    for (to, latency) in &totals.attempt_latency {
        metrics.histogram(ATTEMPT_LATENCY, Attributes::default().text(TO, to), latency);
    }
    for (from, &count) in &totals.received {
        metrics.sum(ATTEMPTS_RECEIVED, Attributes::default().text(FROM, from), count);
    }
    for (to, operation, books) in totals.calls.iter() {
        let call = || Attributes::default().text(TO, to).text(OPERATION, operation);
        metrics.sum(CALLS_ANSWERED, call(), books.answered);
        metrics.sum(CALLS_REQUEST_BYTES, call(), books.request_bytes);
        metrics.sum(CALLS_ANSWER_BYTES, call(), books.answer_bytes);
    }
    metrics.sum(SPANS_DROPPED, Attributes::default(), totals.spans_dropped);
    metrics.sum(TRACES_BEGUN, Attributes::default(), totals.traces_begun);
    metrics.sum(TRACES_SAMPLED, Attributes::default(), totals.traces_sampled);
    metrics.sum(ARRIVALS, Attributes::default(), totals.arrivals.scheduled);
    metrics.sum(ARRIVALS_WAITED, Attributes::default(), totals.arrivals.waited);
    metrics.sum(ARRIVALS_UNSENT, Attributes::default(), totals.arrivals.unsent);
    metrics.histogram(LATENESS, Attributes::default(), &totals.lateness);
    metrics.into_request(life).encode_to_vec()
}

/// The totals in such a request, by life. Metrics that are not Brownout's own are left out.
///
/// # Errors
/// When the bytes are no `ExportMetricsServiceRequest`.
pub fn decode_totals(bytes: &[u8], epoch_unix_ns: u64) -> Result<Vec<(LifeId, Totals)>, OtlpError> {
    let request = ExportMetricsServiceRequest::decode(bytes)
        .map_err(|error| OtlpError { expected: "metrics", reason: error.to_string() })?;
    let mut lives = Vec::new();
    for resource in &request.resource_metrics {
        let ours = resource
            .scope_metrics
            .iter()
            .filter(|metrics| metrics.scope.as_ref().is_some_and(|scope| scope.name == SCOPE));
        let Some(life) = life_of(resource.resource.as_ref()) else { continue };
        let mut totals = None;
        for metric in ours.flat_map(|scope| &scope.metrics) {
            enter(totals.get_or_insert_with(Totals::default), metric, epoch_unix_ns);
        }
        lives.extend(totals.map(|totals| (life, totals)));
    }
    Ok(lives)
}

/// Collects data points by the metric that they belong to.
#[derive(Default)]
struct Metrics {
    start_ns: u64,
    at_ns: u64,
    sums: BTreeMap<&'static str, Vec<NumberDataPoint>>,
    histograms: BTreeMap<&'static str, Vec<HistogramDataPoint>>,
}

impl Metrics {
    fn sum(&mut self, name: &'static str, attributes: Attributes, count: u64) {
        self.sums.entry(name).or_default().push(NumberDataPoint {
            attributes: attributes.build(),
            start_time_unix_nano: self.start_ns,
            time_unix_nano: self.at_ns,
            value: Some(Value::AsInt(i64::try_from(count).unwrap_or(i64::MAX))),
            ..NumberDataPoint::default()
        });
    }

    fn histogram(&mut self, name: &'static str, attributes: Attributes, latency: &Latency) {
        if latency.count() == 0 {
            return;
        }
        let (bounds, mut counts): (Vec<f64>, Vec<u64>) =
            latency.values().map(|(value, count)| (value as f64, u64::from(count))).unzip();
        // Above the highest bound there is nothing, but OTLP wants that bucket too.
        counts.push(0);
        self.histograms.entry(name).or_default().push(HistogramDataPoint {
            attributes: attributes.build(),
            start_time_unix_nano: self.start_ns,
            time_unix_nano: self.at_ns,
            count: latency.count(),
            bucket_counts: counts,
            explicit_bounds: bounds,
            ..HistogramDataPoint::default()
        });
    }

    fn into_request(self, life: &LifeId) -> ExportMetricsServiceRequest {
        let aggregation_temporality = AggregationTemporality::Cumulative as i32;
        let sums = self.sums.into_iter().map(|(name, data_points)| {
            let data = Data::Sum(Sum { data_points, aggregation_temporality, is_monotonic: true });
            Metric { name: name.to_owned(), unit: "1".to_owned(), data: Some(data), ..Metric::default() }
        });
        let histograms = self.histograms.into_iter().map(|(name, data_points)| {
            let data = Data::Histogram(Histogram { data_points, aggregation_temporality });
            Metric { name: name.to_owned(), unit: "us".to_owned(), data: Some(data), ..Metric::default() }
        });
        let scope_metrics = ScopeMetrics {
            scope: Some(InstrumentationScope { name: SCOPE.to_owned(), ..InstrumentationScope::default() }),
            metrics: sums.chain(histograms).collect(),
            ..ScopeMetrics::default()
        };
        let resource_metrics = ResourceMetrics {
            resource: Some(resource_of(life)),
            scope_metrics: vec![scope_metrics],
            ..ResourceMetrics::default()
        };
        ExportMetricsServiceRequest { resource_metrics: vec![resource_metrics] }
    }
}

fn enter(totals: &mut Totals, metric: &Metric, epoch_unix_ns: u64) {
    match &metric.data {
        Some(Data::Sum(sum)) => {
            for point in &sum.data_points {
                totals.at_us = totals.at_us.max(run_us(epoch_unix_ns, point.time_unix_nano));
                if let Some(Value::AsInt(count)) = point.value {
                    enter_sum(totals, &metric.name, &point.attributes, count.max(0).unsigned_abs());
                }
            }
        }
        Some(Data::Histogram(histogram)) => {
            for point in &histogram.data_points {
                enter_histogram(totals, &metric.name, point);
            }
        }
        _ => {}
    }
}

/// Enters one counter; `None` when it lacks an attribute that it needs.
fn enter_sum(totals: &mut Totals, name: &str, attributes: &[KeyValue], count: u64) -> Option<()> {
    match name {
        SPANS_DROPPED => totals.spans_dropped = count,
        TRACES_BEGUN => totals.traces_begun = count,
        TRACES_SAMPLED => totals.traces_sampled = count,
        ARRIVALS => totals.arrivals.scheduled = count,
        ARRIVALS_WAITED => totals.arrivals.waited = count,
        ARRIVALS_UNSENT => totals.arrivals.unsent = count,
        ATTEMPTS_RECEIVED => {
            totals.received.insert(attributes::parsed(attributes, FROM)?, count);
        }
        ATTEMPTS_SENT | ATTEMPTS_FAILED => {
            let link = (attributes::parsed(attributes, TO)?, attributes::parsed(attributes, PEER));
            let books = totals.sent.entry(link).or_default();
            *(if name == ATTEMPTS_SENT { &mut books.sent } else { &mut books.failed }) = count;
        }
        CALLS_ANSWERED | CALLS_REQUEST_BYTES | CALLS_ANSWER_BYTES => {
            let to = attributes::parsed(attributes, TO)?;
            let books = totals.calls.books_mut(to, attributes::text(attributes, OPERATION)?);
            *match name {
                CALLS_ANSWERED => &mut books.answered,
                CALLS_REQUEST_BYTES => &mut books.request_bytes,
                _ => &mut books.answer_bytes,
            } = count;
        }
        ISSUED | OK | DEGRADED | TIMED_OUT | FAILED_IDEMPOTENT | FAILED => {
            let operation = attributes::text(attributes, OPERATION)?;
            let books = totals.operations.entry(operation.to_owned()).or_default();
            match name {
                ISSUED => books.issued = count,
                OK => books.ok = count,
                DEGRADED => books.degraded = count,
                TIMED_OUT => books.timed_out = count,
                FAILED_IDEMPOTENT => books.failed_idempotent = count,
                _ => {
                    books.failed.insert(Cause::parse(attributes::text(attributes, CAUSE)?)?, count);
                }
            }
        }
        _ => {}
    }
    Some(())
}

/// Enters one histogram; `None` when it lacks the attribute that it needs.
fn enter_histogram(totals: &mut Totals, name: &str, point: &HistogramDataPoint) -> Option<()> {
    match name {
        LATENESS => totals.lateness = filled(Latency::default(), point),
        LATENCY => {
            let operation = attributes::text(&point.attributes, OPERATION)?;
            totals.operations.entry(operation.to_owned()).or_default().latency = filled(Latency::default(), point);
        }
        ATTEMPT_LATENCY => {
            let to = attributes::parsed(&point.attributes, TO)?;
            totals.attempt_latency.insert(to, filled(Latency::coarse(), point));
        }
        _ => {}
    }
    Some(())
}

fn filled(mut latency: Latency, point: &HistogramDataPoint) -> Latency {
    for (&bound, &count) in point.explicit_bounds.iter().zip(&point.bucket_counts) {
        // The cast holds rubbish (negative, not a number) to 0, which counts as 1 µs.
        latency.record_n(bound as u64, u32::try_from(count).unwrap_or(u32::MAX));
    }
    latency
}

#[cfg(test)]
mod tests;
