//! Units as people write them: `250ms`, `8MiB`, `50/s`. The written form is the only form in presets and on the wire.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::text::as_text;

/// A text that is not a quantity with one of the right units.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct BadUnit {
    /// What was read.
    pub text: String,
    /// What would have been right, with an example.
    pub expected: &'static str,
}

/// A length of time, written with a unit: `200us`, `20ms`, `1.5s`, `2m`, `1h`. Whole microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(Duration);

/// The longest time a preset may name: a day. Longer ones are taken for mistakes.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

impl Period {
    /// A period of whole microseconds.
    pub const fn micros(micros: u64) -> Self {
        Self(Duration::from_micros(micros))
    }

    /// A period of whole milliseconds.
    pub const fn millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// A period of whole seconds.
    pub const fn secs(secs: u64) -> Self {
        Self(Duration::from_secs(secs))
    }

    /// The period as the standard library's duration.
    pub const fn duration(self) -> Duration {
        self.0
    }

    /// The period in whole microseconds.
    pub const fn as_micros(self) -> u64 {
        self.0.as_micros() as u64
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.as_micros();
        match micros {
            0 => f.write_str("0s"),
            m if m % 3_600_000_000 == 0 => write!(f, "{}h", m / 3_600_000_000),
            m if m % 60_000_000 == 0 => write!(f, "{}m", m / 60_000_000),
            m if m % 1_000_000 == 0 => write!(f, "{}s", m / 1_000_000),
            m if m % 1_000 == 0 => write!(f, "{}ms", m / 1_000),
            m => write!(f, "{m}us"),
        }
    }
}

impl FromStr for Period {
    type Err = BadUnit;
    fn from_str(text: &str) -> Result<Self, BadUnit> {
        let bad = || BadUnit { text: text.to_owned(), expected: "a time with its unit, as in 250ms, 2s or 5m" };
        let (number, unit) = split_quantity(text).ok_or_else(bad)?;
        let micros_per_unit = match unit {
            // The micro sign, and the Greek letter that keyboards give.
            "us" | "\u{b5}s" | "\u{3bc}s" => 1.0,
            "ms" => 1e3,
            "s" => 1e6,
            "m" => 60e6,
            "h" => 3600e6,
            _ => return Err(bad()),
        };
        let micros = number * micros_per_unit;
        if micros > LONGEST.as_micros() as f64 {
            return Err(BadUnit { text: text.to_owned(), expected: "a time of at most 24h" });
        }
        Ok(Self(Duration::from_micros(micros.round() as u64)))
    }
}

/// An amount of memory, written with a binary unit: `512KiB`, `8MiB`, `1GiB`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const KIB: u64 = 1 << 10;
        const MIB: u64 = 1 << 20;
        const GIB: u64 = 1 << 30;
        match self.0 {
            b if b > 0 && b % GIB == 0 => write!(f, "{}GiB", b / GIB),
            b if b > 0 && b % MIB == 0 => write!(f, "{}MiB", b / MIB),
            b if b > 0 && b % KIB == 0 => write!(f, "{}KiB", b / KIB),
            b => write!(f, "{b}B"),
        }
    }
}

impl FromStr for Bytes {
    type Err = BadUnit;
    fn from_str(text: &str) -> Result<Self, BadUnit> {
        let bad =
            || BadUnit { text: text.to_owned(), expected: "an amount of memory with its unit, as in 512KiB or 8MiB" };
        let (number, unit) = split_quantity(text).ok_or_else(bad)?;
        let scale = match unit {
            "B" => 1.0,
            "KiB" => 1024.0,
            "MiB" => 1024.0 * 1024.0,
            "GiB" => 1024.0 * 1024.0 * 1024.0,
            _ => return Err(bad()),
        };
        let bytes = number * scale;
        if bytes > 64.0 * 1024.0 * 1024.0 * 1024.0 {
            return Err(BadUnit { text: text.to_owned(), expected: "an amount of at most 64GiB" });
        }
        Ok(Self(bytes.round() as u64))
    }
}

/// How often something happens, written with a unit: `50/s`, `2k/s`, `30/min`. Thousandths of a time per minute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(u64);

/// What one time per second is in a rate's own unit.
const PER_SECOND: u64 = 60_000;

impl Rate {
    /// The highest rate that a preset may name: more than one process can send.
    pub const HIGHEST: Self = Self(20_000 * PER_SECOND);

    /// A rate in times per second, to the nearest thousandth of a time per minute, at most the highest. What is no
    /// number is none.
    pub fn per_second(times: f64) -> Self {
        // The cast holds rubbish (negative, not a number) to 0.
        Self((times * PER_SECOND as f64).round() as u64).min(Self::HIGHEST)
    }

    /// The rate in times per second.
    pub fn as_per_second(self) -> f64 {
        self.0 as f64 / PER_SECOND as f64
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HUNDRED: u64 = 100 * PER_SECOND;
        match self.0 {
            rate if rate >= 10 * HUNDRED && rate % HUNDRED == 0 => write!(f, "{}k/s", (rate / HUNDRED) as f64 / 10.0),
            rate if rate % PER_SECOND == 0 => write!(f, "{}/s", rate / PER_SECOND),
            rate => write!(f, "{}/min", rate as f64 / 1e3),
        }
    }
}

impl FromStr for Rate {
    type Err = BadUnit;
    fn from_str(text: &str) -> Result<Self, BadUnit> {
        let bad = || BadUnit { text: text.to_owned(), expected: "a rate with its unit, as in 50/s, 2k/s or 30/min" };
        let (number, unit) = split_quantity(text).ok_or_else(bad)?;
        let per_second = match unit {
            "/s" => number,
            "k/s" => number * 1e3,
            "/min" => number / 60.0,
            "k/min" => number / 60.0 * 1e3,
            _ => return Err(bad()),
        };
        if per_second > Self::HIGHEST.as_per_second() {
            return Err(BadUnit { text: text.to_owned(), expected: "a rate of at most 20k/s" });
        }
        Ok(Self::per_second(per_second))
    }
}

/// Splits `1.5s` into 1.5 and `s`; nothing but digits and one point counts as the number.
fn split_quantity(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let number: f64 = text[..end].parse().ok()?;
    Some((number, text[end..].trim_start()))
}

as_text!(Period, "Duration", "^[0-9]+(\\.[0-9]+)?\\s*(us|\u{b5}s|\u{3bc}s|ms|s|m|h)$");
as_text!(Rate, "Rate", "^[0-9]+(\\.[0-9]+)?\\s*k?/(s|min)$");
as_text!(Bytes, "Bytes", "^[0-9]+(\\.[0-9]+)?\\s*(B|KiB|MiB|GiB)$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_unit_and_written_in_the_largest_that_is_whole() {
        for (text, micros, written) in [
            ("200us", 200, "200us"),
            ("200\u{b5}s", 200, "200us"),
            ("200\u{3bc}s", 200, "200us"),
            ("1.5s", 1_500_000, "1500ms"),
            ("120s", 120_000_000, "2m"),
            ("0s", 0, "0s"),
            ("1 h", 3_600_000_000, "1h"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!((period.as_micros(), period.to_string().as_str()), (micros, written));
        }
    }

    #[test]
    fn a_number_without_a_right_unit_is_refused() {
        for text in ["", "5", "s", "5 parsecs", "-1s", "1e3s", "..s", "25h", "5MB"] {
            assert!(text.parse::<Period>().is_err(), "{text:?}");
        }
        for text in ["", "8", "8MB", "8mib", "-8MiB", "65GiB"] {
            assert!(text.parse::<Bytes>().is_err(), "{text:?}");
        }
        assert_eq!("8MiB".parse(), Ok(Bytes(8 << 20)));
    }
}
