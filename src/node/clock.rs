//! Run time in a node: microseconds since the run's epoch. The one place in `node` that reads a clock.

use std::time::{Duration, Instant};

use crate::wire::RunContext;

/// Run time, on the monotonic clock.
#[derive(Debug, Clone)]
pub struct Clock {
    origin: Instant,
    origin_us: u64,
}

impl Clock {
    /// A clock that agrees with the app's. Exact where app and node share a monotonic clock (the same machine on Unix),
    /// else late by the time that the configuration took to arrive.
    #[expect(clippy::disallowed_methods, reason = "this is the layer's clock")]
    pub fn new(run: &RunContext) -> Self {
        let origin = Instant::now();
        let origin_us = run
            .epoch_monotonic_ns
            .zip(monotonic_ns())
            .map_or(run.now_us, |(epoch, now)| now.saturating_sub(epoch) / 1_000);
        Self { origin, origin_us }
    }

    /// The moment, in microseconds of run time.
    #[expect(clippy::disallowed_methods, reason = "this is the layer's clock")]
    pub fn now_us(&self) -> u64 {
        self.us(Instant::now())
    }

    /// A moment of the standard library's clock in run time.
    pub fn us(&self, at: Instant) -> u64 {
        self.origin_us + at.saturating_duration_since(self.origin).as_micros() as u64
    }

    /// A moment of run time as tokio's timers want it.
    pub fn instant(&self, at_us: u64) -> tokio::time::Instant {
        tokio::time::Instant::from_std(self.origin + Duration::from_micros(at_us.saturating_sub(self.origin_us)))
    }
}

/// The machine's monotonic clock in nanoseconds, where processes share one.
#[cfg(unix)]
fn monotonic_ns() -> Option<u64> {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    Some(now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64)
}

#[cfg(not(unix))]
fn monotonic_ns() -> Option<u64> {
    None
}
