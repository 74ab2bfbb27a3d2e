//! Spans and counters as OTLP/HTTP protobuf, both ways: what nodes send, what the app receives, and, as far as it can
//! be mapped, what foreign programs instrumented with OpenTelemetry send. Pure: bytes in, bytes out.
//!
//! A resource is one life: `service.name` is its node, `service.instance.id` the life. Times are the run's epoch on the
//! wall clock plus run time, so microseconds survive the round trip exactly.

use crate::topology::{LifeId, NodeId, Slot};

mod attributes;
mod json;
mod spans;
mod totals;

pub use json::decode_spans_json;
pub use spans::{Reported, decode_spans, encode_spans};
pub use totals::{decode_totals, encode_totals};

use attributes::Attributes;
use opentelemetry_proto::tonic::resource::v1::Resource;

/// Bytes that are not the OTLP request that they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no OTLP {expected} request: {reason}")]
pub struct OtlpError {
    /// Which request was expected: trace or metrics.
    pub expected: &'static str,
    /// What the protobuf decoder says.
    pub reason: String,
}

const SERVICE_NAME: &str = "service.name";
const SERVICE_INSTANCE_ID: &str = "service.instance.id";
/// The instrumentation scope of everything that Brownout's own nodes send.
const SCOPE: &str = "brownout";

fn resource_of(life: &LifeId) -> Resource {
    let attributes = Attributes::default().text(SERVICE_NAME, life.node()).text(SERVICE_INSTANCE_ID, life).build();
    Resource { attributes, ..Resource::default() }
}

/// The life that a resource is. A foreign program that says only its name counts as the first life of its first slot.
fn life_of(resource: Option<&Resource>) -> Option<LifeId> {
    let attributes = &resource?.attributes;
    if let Some(life) = attributes::parsed(attributes, SERVICE_INSTANCE_ID) {
        return Some(life);
    }
    let node: NodeId = attributes::parsed(attributes, SERVICE_NAME)?;
    Some(LifeId { slot: Slot::new(node, 1), life: 1 })
}

/// Run time as nanoseconds since 1970.
fn unix_ns(epoch_unix_ns: u64, at_us: u64) -> u64 {
    epoch_unix_ns.saturating_add(at_us.saturating_mul(1_000))
}

/// Nanoseconds since 1970 as run time; what was before the epoch counts as the epoch.
fn run_us(epoch_unix_ns: u64, unix_ns: u64) -> u64 {
    unix_ns.saturating_sub(epoch_unix_ns) / 1_000
}
