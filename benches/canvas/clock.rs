//! What one thread has used of a processor, and what of many measurements to tell.

use rustix::time::{ClockId, clock_gettime};

/// The processor time of this thread, in milliseconds.
pub(crate) fn thread_ms() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 * 1e3 + now.tv_nsec as f64 / 1e6
}

/// Measurements in milliseconds.
#[derive(Default)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    /// Measures one.
    pub(crate) fn measure(&mut self, work: impl FnOnce()) {
        let before = thread_ms();
        work();
        self.add(thread_ms() - before);
    }

    /// Adds one that was measured.
    pub(crate) fn add(&mut self, took_ms: f64) {
        self.0.push(took_ms);
    }

    /// The value that this share of them is at or below.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
        sorted.get(at).copied().unwrap_or(f64::NAN)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}
