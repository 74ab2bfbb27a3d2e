//! Each user's own random stream, so that what one user does never depends on how many numbers another drew.

use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::topology::{NodeId, Users};

/// The random stream of one user.
#[derive(Debug)]
pub(super) struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of this user of this node under this seed: ChaCha8 keyed by the seed, with the stream number made of
    /// the node's id (FNV-1a, 64 bits) and the user's number (spread by Fibonacci hashing).
    pub(super) fn new(seed: u64, node: &NodeId, user: u32) -> Self {
        const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const FNV_PRIME: u64 = 0x0100_0000_01b3;
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        let node =
            node.as_str().bytes().fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(node ^ u64::from(user).wrapping_mul(GOLDEN));
        Self(random)
    }

    /// A thinking time: the mean times an even draw from 1 − spread to 1 + spread, in whole milliseconds, the grain of
    /// the timers.
    pub(super) fn think(&mut self, settings: &Users) -> Duration {
        // Drawn even when it does not matter, so that a change of spread does not shift the stream.
        let draw: f64 = self.0.random();
        let spread = if settings.think_spread > 0.0 { settings.think_spread.min(1.0) } else { 0.0 };
        let micros = settings.think.as_micros() as f64 * (1.0 + spread * (2.0 * draw - 1.0));
        Duration::from_millis((micros / 1_000.0).round() as u64)
    }

    /// A draw from the exponential distribution of mean 1.
    pub(super) fn exponential(&mut self) -> f64 {
        // From 0 to below 1, so the logarithm is of nothing smaller than 2⁻⁵³.
        let draw: f64 = self.0.random();
        -(1.0 - draw).ln()
    }

    /// An even draw between two durations.
    pub(super) fn between(&mut self, least: Duration, most: Duration) -> Duration {
        let draw: f64 = self.0.random();
        least + most.saturating_sub(least).mul_f64(draw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::units::Period;

    #[test]
    fn thinking_times_are_even_around_the_mean_and_the_same_twice() {
        let settings = Users { think: Period::secs(1), think_spread: 0.5, ..Users::default() };
        let node = "shoppers".parse().unwrap();
        let draw = |user| {
            let mut stream = Stream::new(7, &node, user);
            (0..1_000).map(|_| stream.think(&settings).as_millis()).collect::<Vec<_>>()
        };
        let times = draw(1);
        assert!(times.iter().all(|time| (500..=1_500).contains(time)));
        let mean = times.iter().sum::<u128>() / 1_000;
        assert!((950..1_050).contains(&mean), "{mean}");
        assert_eq!(times, draw(1));
        assert_ne!(times, draw(2));
    }

    #[test]
    fn a_nonsensical_spread_is_none() {
        let settings = Users { think: Period::millis(10), think_spread: f64::NAN, ..Users::default() };
        let mut stream = Stream::new(7, &"shoppers".parse().unwrap(), 1);
        assert_eq!(stream.think(&settings), Duration::from_millis(10));
    }
}
