//! When requests arrive in an open loop: a Poisson process, the same for the same seed. Pure: the time is an argument.
//!
//! The rate may change at any moment. What is drawn by chance is therefore not a time but how much of the process has to
//! pass until the next arrival (unit exponential); at a higher rate it passes faster (time rescaling: Brown et al., "The
//! Time-Rescaling Theorem and Its Application to Neural Spike Train Data Analysis", Neural Computation 14(2), 2002).

use super::stream::Stream;
use super::user::whole_millis;

/// The arrivals of one users node.
#[derive(Debug)]
pub(super) struct Arrivals {
    stream: Stream,
    /// Arrivals per microsecond; `None` before the first rate was set.
    rate: Option<f64>,
    /// How much of the process is left until the next arrival.
    left: f64,
    /// The moment that `left` is counted from, in microseconds of run time.
    from_us: f64,
}

impl Arrivals {
    /// No arrivals yet.
    pub(super) fn new(mut stream: Stream) -> Self {
        let left = stream.exponential();
        Self { stream, rate: None, left, from_us: 0.0 }
    }

    /// Arrivals come this often from now on, in times per second; those that were due before must have been taken.
    /// `now_us` of the first call is the beginning of the process.
    pub(super) fn set_rate(&mut self, per_second: f64, now_us: u64) {
        let now_us = now_us as f64;
        if self.rate == Some(per_second / 1e6) {
            return;
        }
        if let Some(rate) = self.rate {
            self.left = (self.left - rate * (now_us - self.from_us).max(0.0)).max(0.0);
        }
        self.rate = Some(per_second / 1e6);
        self.from_us = self.from_us.max(now_us);
    }

    /// When the next request arrives, in microseconds of run time; `None` when none does. A whole millisecond, the grain
    /// of the timers, so that a plan can be kept; the process itself is not rounded.
    pub(super) fn next_us(&self) -> Option<u64> {
        self.rate.filter(|rate| *rate > 0.0).map(|rate| whole_millis((self.from_us + self.left / rate) as u64))
    }

    /// Takes the next arrival, if it is due.
    pub(super) fn take(&mut self, now_us: u64) -> Option<u64> {
        let at_us = self.next_us().filter(|at_us| *at_us <= now_us)?;
        self.from_us += self.left / self.rate?;
        self.left = self.stream.exponential();
        Some(at_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000;

    fn arrivals(seed: u64) -> Arrivals {
        Arrivals::new(Stream::new(seed, &"shoppers".parse().unwrap(), 0))
    }

    fn all_until(arrivals: &mut Arrivals, until_us: u64) -> Vec<u64> {
        std::iter::from_fn(|| arrivals.take(until_us)).collect()
    }

    #[test]
    fn they_come_at_the_mean_rate_by_chance_and_the_same_twice() {
        let draw = |seed| {
            let mut arrivals = arrivals(seed);
            arrivals.set_rate(100.0, SECOND);
            all_until(&mut arrivals, 101 * SECOND)
        };
        let times = draw(7);
        // A Poisson count of mean 10,000 has a standard deviation of 100.
        assert!((9_600..10_400).contains(&times.len()), "{}", times.len());
        assert!(times.is_sorted() && times[0] >= SECOND && times.iter().all(|at_us| at_us % 1_000 == 0));
        // Of exponential gaps as many as 1/e are longer than the mean.
        let long = times.windows(2).filter(|pair| pair[1] - pair[0] > 10_000).count() as f64 / times.len() as f64;
        assert!((0.33..0.41).contains(&long), "{long}");
        assert_eq!(times, draw(7));
        assert_ne!(times, draw(8));
    }

    #[test]
    fn a_change_of_rate_counts_from_its_moment() {
        let mut arrivals = arrivals(7);
        arrivals.set_rate(100.0, 0);
        assert!((900..1_100).contains(&all_until(&mut arrivals, 10 * SECOND).len()));
        arrivals.set_rate(0.0, 10 * SECOND);
        assert_eq!((arrivals.next_us(), arrivals.take(60 * SECOND)), (None, None));
        arrivals.set_rate(400.0, 60 * SECOND);
        let later = all_until(&mut arrivals, 70 * SECOND);
        assert!((3_800..4_200).contains(&later.len()) && later[0] >= 60 * SECOND);
        // Told the same again and again, nothing changes.
        let (mut calm, mut nervous) = (self::arrivals(3), self::arrivals(3));
        calm.set_rate(50.0, 0);
        for step in 0..1_000 {
            nervous.set_rate(50.0, step * 7_000);
            while let Some(at_us) = nervous.take((step + 1) * 7_000) {
                assert_eq!(calm.take(u64::MAX), Some(at_us));
            }
        }
    }
}
