//! What is running: the control plane as a pure state machine. A [`Command`] or an [`Event`] goes in with the time, [`Effect`]s
//! come out. No IO, no clock, no chance, so a seeded simulation can throw reordered, late, doubled and lost events at it.

mod acts;
mod arrivals;
mod audits;
mod census;
mod cluster;
pub mod command;
mod course;
mod deploy;
mod deploys;
mod discovery;
mod edits;
pub mod effect;
pub mod event;
mod expect;
mod faults;
mod handover;
mod judgement;
mod keeping;
mod lifecycle;
mod lives;
mod log;
mod metrics;
mod output;
mod overview;
mod pace;
mod rates;
mod reconcile;
mod relocation;
mod renewal;
mod report;
mod reports;
mod rollout;
mod scenario;
mod shape;
pub mod snapshot;
#[cfg(test)]
mod stories;
mod timeline;
mod usage;
mod visits;
mod wishes;

pub use cluster::{Cluster, Input};
pub use command::{Command, Home, Plan};
pub use effect::{Effect, Endpoint, EndpointState, Own, Signal, Version, View};
pub use event::{Audited, Event, Exit};
pub use pace::Pace;
pub use snapshot::Snapshot;
