//! Run time on the app's side: microseconds since the run's epoch. The one place in `runtime` that reads a clock.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The clock of one run. Its epoch is the moment at which it was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    epoch: Instant,
    /// The epoch on the wall clock, in nanoseconds since 1970.
    pub(super) epoch_unix_ns: u64,
    /// The epoch on the machine's monotonic clock, in nanoseconds, where processes share one.
    pub(super) epoch_monotonic_ns: Option<u64>,
}

impl Clock {
    /// A clock whose epoch is now.
    #[expect(clippy::disallowed_methods, reason = "this is the layer's clock")]
    pub(super) fn start() -> Self {
        let epoch_monotonic_ns = monotonic_ns();
        let epoch_unix_ns = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| u64::try_from(since.as_nanos()).unwrap_or(0));
        Self { epoch: Instant::now(), epoch_unix_ns, epoch_monotonic_ns }
    }

    /// The moment, in microseconds of run time.
    pub(super) fn now_us(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// A moment of the standard library's clock, this long from now, for waiting with a deadline.
#[expect(clippy::disallowed_methods, reason = "this is the layer's clock")]
pub(super) fn deadline(after: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(after).unwrap_or(now)
}

/// How long it is until that moment; zero when it has passed.
#[expect(clippy::disallowed_methods, reason = "this is the layer's clock")]
pub(super) fn until(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

#[cfg(unix)]
fn monotonic_ns() -> Option<u64> {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    Some(now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64)
}

#[cfg(not(unix))]
fn monotonic_ns() -> Option<u64> {
    None
}
