//! Peak EWMA: how slow a replica is, as a moving average that jumps to every new peak at once and forgets it slowly.
//! From Finagle's `PeakEwma` load metric (com.twitter.finagle.loadbalancer), which linkerd uses, too. Pure.
//!
//! Two things differ from Finagle, both so that a replica does not look good because it does nothing. The average
//! decays between answers only while nothing is in flight there: one that is asked and says nothing is not getting
//! faster. And a failure counts as at least [`PENALTY_US`]: who fails quickly would otherwise attract all requests.

use super::Ended;

/// After this long an old latency has lost 63 % of its weight; Finagle's default.
const TAU_US: f64 = 10e6;
/// The cost of a replica that has requests in flight and has never answered, and the least latency that a failure
/// counts as.
const PENALTY_US: f64 = 1e6;

/// The moving average of one replica's latency.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct PeakEwma {
    /// The average, in microseconds; 0 without any answer.
    latency_us: f64,
    /// When it was last brought up to date.
    at_us: u64,
}

impl PeakEwma {
    /// Takes a request's end.
    pub(super) fn observe(&mut self, ended: Ended) {
        let took_us = ended.took_us as f64;
        let took_us = if ended.failed { took_us.max(PENALTY_US) } else { took_us };
        let kept = self.weight(ended.now_us);
        self.latency_us =
            if took_us > self.latency_us { took_us } else { self.latency_us * kept + took_us * (1.0 - kept) };
        self.at_us = self.at_us.max(ended.now_us);
    }

    /// What one more request would cost: the latency times the requests that would then be in flight.
    pub(super) fn cost(&self, in_flight: u32, now_us: u64) -> f64 {
        match in_flight {
            0 => self.latency_us * self.weight(now_us),
            waiting if self.latency_us == 0.0 => PENALTY_US + f64::from(waiting),
            waiting => self.latency_us * (f64::from(waiting) + 1.0),
        }
    }

    /// How much of the average still counts at this moment, 0 to 1.
    fn weight(&self, now_us: u64) -> f64 {
        (-(now_us.saturating_sub(self.at_us) as f64) / TAU_US).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(ends: &[(u64, u64, bool)]) -> PeakEwma {
        let mut average = PeakEwma::default();
        ends.iter().for_each(|&(now_us, took_us, failed)| average.observe(Ended { now_us, took_us, failed }));
        average
    }

    #[test]
    fn a_peak_counts_at_once_and_is_forgotten_slowly() {
        let peak = after(&[(0, 1_000, false), (1_000, 80_000, false)]);
        assert_eq!(peak.cost(1, 1_000), 160_000.0);
        let later = after(&[(0, 1_000, false), (1_000, 80_000, false), (101_000, 1_000, false)]);
        assert!((70_000.0..80_000.0).contains(&(later.cost(1, 101_000) / 2.0)));
        let long_after = after(&[(1_000, 80_000, false), (60_001_000, 1_000, false)]);
        assert!(long_after.cost(1, 60_001_000) / 2.0 < 1_300.0);
    }

    #[test]
    fn who_is_idle_is_tried_again_but_who_owes_answers_is_not() {
        let slow = after(&[(0, 80_000, false)]);
        assert!(slow.cost(0, 60_000_000) < 300.0);
        assert_eq!(slow.cost(3, 60_000_000), 320_000.0);
    }

    #[test]
    fn a_newcomer_gets_one_request_before_anything_is_known() {
        let new = PeakEwma::default();
        assert_eq!(new.cost(0, 5), 0.0);
        assert!(new.cost(1, 5) > after(&[(0, 80_000, false)]).cost(5, 5));
    }

    #[test]
    fn failing_quickly_is_not_being_fast() {
        assert!(after(&[(0, 200, true)]).cost(1, 0) >= PENALTY_US);
    }
}
