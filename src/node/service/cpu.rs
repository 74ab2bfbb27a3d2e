//! Burning CPU time of this thread, for real but politely: health checks and control answer in between.

use std::time::Duration;

/// The longest burn without giving way to other tasks.
const SLICE: Duration = Duration::from_millis(1);

/// Burns this much CPU time of the thread. What other tasks use in between does not count.
pub(super) async fn burn(time: Duration) {
    let mut left = time;
    while !left.is_zero() {
        let burnt = burn_slice(left.min(SLICE));
        left = left.saturating_sub(burnt);
        tokio::task::yield_now().await;
    }
}

/// Burns at least `slice` in one go; answers with how much it was.
fn burn_slice(slice: Duration) -> Duration {
    let begun = thread_time();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    loop {
        // Reading the clock is a system call: work a few hundred nanoseconds between two readings.
        for _ in 0..256 {
            state = std::hint::black_box(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        }
        let burnt = thread_time().saturating_sub(begun);
        if burnt >= slice {
            return burnt;
        }
    }
}

/// The CPU time that this thread has used.
#[cfg(unix)]
fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Where no thread CPU clock can be read safely, time that passes stands in for it.
#[cfg(not(unix))]
fn thread_time() -> Duration {
    thread_local! {
        static ORIGIN: tokio::time::Instant = tokio::time::Instant::now();
    }
    ORIGIN.with(tokio::time::Instant::elapsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn as_much_is_burnt_as_was_asked_for_and_others_run_in_between() {
        let turns = std::cell::Cell::new(0);
        let others = async {
            loop {
                turns.set(turns.get() + 1);
                tokio::task::yield_now().await;
            }
        };
        let begun = thread_time();
        tokio::select! {
            () = burn(Duration::from_millis(5)) => {}
            () = others => {}
        }
        assert!(thread_time() - begun >= Duration::from_millis(5));
        assert!(turns.get() >= 4, "{}", turns.get());
    }
}
