//! What several tests need: the built program, running presets, and a proxy that reads the traffic itself.

pub mod live;
pub mod program;
pub mod witness;
