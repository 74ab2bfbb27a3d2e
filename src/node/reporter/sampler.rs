//! Which traces are sampled: a token bucket, so that a quiet system is traced completely and a busy one at a bounded
//! rate. Pure: the time is an argument.

/// A token bucket that holds one second's worth of traces. After a pause a burst may use the whole bucket at once; over
/// time no more than the rate gets through.
#[derive(Debug)]
pub(super) struct Sampler {
    /// The rate in traces a second, which is also millionths of a trace a microsecond.
    per_second: u64,
    /// What is in the bucket, in millionths of a trace.
    tokens: u64,
    filled_us: u64,
}

const TRACE: u64 = 1_000_000;

impl Sampler {
    /// A full bucket at this moment of run time.
    pub(super) fn new(per_second: u32, now_us: u64) -> Self {
        let per_second = u64::from(per_second);
        Self { per_second, tokens: per_second * TRACE, filled_us: now_us }
    }

    /// Whether the trace that begins now is sampled.
    pub(super) fn sample(&mut self, now_us: u64) -> bool {
        let passed_us = now_us.saturating_sub(self.filled_us);
        self.filled_us = self.filled_us.max(now_us);
        self.tokens =
            (self.tokens.saturating_add(passed_us.saturating_mul(self.per_second))).min(self.per_second * TRACE);
        let sampled = self.tokens >= TRACE;
        if sampled {
            self.tokens -= TRACE;
        }
        sampled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of `rate` traces a second, evenly spread over ten seconds, how many are sampled.
    fn sampled(per_second: u32, rate: u64) -> usize {
        let mut sampler = Sampler::new(per_second, 0);
        (0..rate * 10).filter(|n| sampler.sample(n * 1_000_000 / rate)).count()
    }

    #[test]
    fn below_the_limit_all_are_sampled() {
        assert_eq!(sampled(100, 100), 1_000);
        assert_eq!(sampled(100, 7), 70);
    }

    #[test]
    fn above_the_limit_the_limit_is() {
        let count = sampled(100, 10_000);
        assert!((1_000..=1_100).contains(&count), "{count} in ten seconds and one bucket");
        assert_eq!(sampled(0, 1_000), 0);
    }
}
