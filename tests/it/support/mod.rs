//! What several tests need: the built program, single nodes, running presets, and a proxy that reads the traffic itself.

pub(crate) mod browser;
pub(crate) mod collector;
#[cfg(all(feature = "gui", target_os = "linux"))]
pub(crate) mod display;
pub(crate) mod live;
pub(crate) mod one_node;
pub(crate) mod program;
#[cfg(feature = "gui")]
pub(crate) mod shared;
pub(crate) mod witness;
