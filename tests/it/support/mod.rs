//! What several tests need to speak with real processes.

pub(crate) mod collector;
pub(crate) mod one_node;
