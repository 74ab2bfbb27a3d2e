//! Latency histograms: HDR histograms in microseconds, from 1 µs to about an hour, with at most 0.1 % relative error,
//! well below the 1 % that percentiles may have. Coarse ones, of which a process may need many, use up that 1 %.

use hdrhistogram::Histogram;

/// A latency histogram that costs nothing until something is recorded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Latency {
    grain: Grain,
    histogram: Option<Histogram<u32>>,
}

/// How finely values are told apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Grain {
    /// Three significant digits: about 45 KiB once a second was recorded.
    #[default]
    Fine,
    /// Two significant digits: an eighth of that.
    Coarse,
}

/// Values above are counted as this: an hour.
const HIGHEST_US: u64 = 3_600_000_000;

impl Latency {
    /// A histogram that takes an eighth of the space, with at most 1 % relative error.
    pub fn coarse() -> Self {
        Self { grain: Grain::Coarse, histogram: None }
    }

    /// Counts one value in microseconds; 0 counts as 1.
    pub fn record(&mut self, micros: u64) {
        self.record_n(micros, 1);
    }

    /// Counts one value several times.
    pub fn record_n(&mut self, micros: u64, count: u32) {
        let histogram = self.histogram.get_or_insert_with(|| empty(self.grain));
        // Cannot fail: the histogram grows by itself, up to the bound that the value is held to.
        let _ = histogram.record_n(micros.clamp(1, HIGHEST_US), count);
    }

    /// How many values were counted.
    pub fn count(&self) -> u64 {
        self.histogram.as_ref().map_or(0, Histogram::len)
    }

    /// The value in microseconds that this share of the values, from 0 to 1, does not exceed; `None` without values.
    pub fn quantile_us(&self, share: f64) -> Option<u64> {
        let histogram = self.histogram.as_ref().filter(|histogram| !histogram.is_empty())?;
        Some(histogram.value_at_quantile(share))
    }

    /// The highest value in microseconds; `None` without values.
    pub fn max_us(&self) -> Option<u64> {
        let histogram = self.histogram.as_ref().filter(|histogram| !histogram.is_empty())?;
        Some(histogram.max())
    }

    /// Adds another's values.
    pub fn add(&mut self, other: &Self) {
        if let Some(other) = &other.histogram {
            let _ = self.histogram.get_or_insert_with(|| empty(self.grain)).add(other);
        }
    }

    /// The values counted since `earlier`, which must be an earlier state of this same histogram.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut rest = self.clone();
        if let (Some(rest), Some(earlier)) = (&mut rest.histogram, &earlier.histogram) {
            let _ = rest.subtract(earlier);
        }
        rest
    }

    /// Each value that was counted, with its count, ascending.
    pub fn values(&self) -> impl Iterator<Item = (u64, u32)> {
        self.histogram
            .iter()
            .flat_map(|histogram| histogram.iter_recorded())
            .map(|step| (step.value_iterated_to(), step.count_at_value()))
    }
}

fn empty(grain: Grain) -> Histogram<u32> {
    let digits = match grain {
        Grain::Fine => 3,
        Grain::Coarse => 2,
    };
    // The digits are within the crate's 0 to 5, so this cannot fail; the fallback is never reached.
    Histogram::new(digits).unwrap_or_else(|_| unreachable!("two or three significant digits are allowed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_within_one_percent() {
        for mut latency in [Latency::default(), Latency::coarse()] {
            (1..=100_000).for_each(|micros| latency.record(micros));
            for (share, exact) in [(0.5, 50_000.0), (0.95, 95_000.0), (0.99, 99_000.0)] {
                let measured = latency.quantile_us(share).unwrap() as f64;
                assert!((measured - exact).abs() / exact < 0.01, "{share}: {measured}");
            }
        }
    }

    #[test]
    fn a_window_holds_what_came_after_it_began() {
        let mut latency = Latency::default();
        latency.record_n(1_000, 9);
        let earlier = latency.clone();
        latency.record(50_000);
        let window = latency.since(&earlier);
        assert_eq!(window.count(), 1);
        assert!(window.quantile_us(0.5).unwrap().abs_diff(50_000) < 500);
    }

    #[test]
    fn rebuilding_from_values_loses_nothing_that_a_percentile_shows() {
        let mut latency = Latency::default();
        for micros in [1, 999, 12_345, 2_000_000, u64::MAX] {
            latency.record(micros);
        }
        let mut rebuilt = Latency::default();
        latency.values().for_each(|(value, count)| rebuilt.record_n(value, count));
        assert_eq!(rebuilt.quantile_us(0.5), latency.quantile_us(0.5));
        assert_eq!(rebuilt.count(), 5);
    }
}
