//! What is running: the control plane as a pure state machine. A [`Command`] or an [`Event`] goes in with the time, [`Effect`]s
//! come out. No IO, no clock, no chance, so a seeded simulation can throw reordered, late, doubled and lost events at it.

pub mod command;
pub mod effect;
pub mod event;
pub mod snapshot;

pub use command::{Command, Plan};
pub use effect::{Effect, Endpoint, EndpointState, Signal, View};
pub use event::{Event, Exit};
pub use snapshot::Snapshot;
