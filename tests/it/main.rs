//! All integration tests in one binary, so that they are linked once.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod architecture;
#[cfg(target_os = "linux")]
mod cache;
#[cfg(target_os = "linux")]
mod support;
