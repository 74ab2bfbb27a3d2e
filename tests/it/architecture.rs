//! Placeholder while the rules are written.
