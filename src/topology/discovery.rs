//! How a node learns where the replicas of its upstreams are.

use std::fmt;
use std::str::FromStr;

use super::text::as_text;
use super::units::{BadUnit, Period};

/// How a node learns of replicas that come and go: `push`, or `poll` with an interval, as in `poll 1s`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Discovery {
    /// It is told of each change at once.
    #[default]
    Push,
    /// It asks after each such time.
    Poll(Period),
}

impl fmt::Display for Discovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Push => f.write_str("push"),
            Self::Poll(interval) => write!(f, "poll {interval}"),
        }
    }
}

impl FromStr for Discovery {
    type Err = BadUnit;
    fn from_str(text: &str) -> Result<Self, BadUnit> {
        let bad = || BadUnit { text: text.to_owned(), expected: "push, or poll with a time, as in poll 1s" };
        match text.split_once(' ') {
            None if text == "push" => Ok(Self::Push),
            Some(("poll", interval)) => {
                let interval: Period = interval.trim().parse().map_err(|_| bad())?;
                if interval.as_micros() > 0 { Ok(Self::Poll(interval)) } else { Err(bad()) }
            }
            _ => Err(bad()),
        }
    }
}
as_text!(Discovery, "Discovery", "^(push|poll [0-9]+(\\.[0-9]+)?\\s*(us|\u{b5}s|\u{3bc}s|ms|s|m|h))$");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discovery_is_written_as_it_is_read() {
        for text in ["push", "poll 1s", "poll 250ms"] {
            assert_eq!(text.parse::<Discovery>().map(|discovery| discovery.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "poll", "poll 0s", "pull 1s", "push 1s"] {
            assert!(text.parse::<Discovery>().is_err(), "{text:?}");
        }
    }
}
