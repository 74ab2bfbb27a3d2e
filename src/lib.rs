//! Brownout: draw a system, run it for real, break it, see who gets hurt.
//!
//! The folders answer questions, lowest layer first; `ARCHITECTURE.md` has the map, the rules and how each is checked.

pub mod topology;

pub mod telemetry;

pub mod wire;

pub mod control;

pub mod node;

pub mod runtime;

pub mod scene;

pub mod export;

#[cfg(feature = "gui")]
pub mod ui;

#[cfg(feature = "gui")]
pub mod app;
