//! How a request ended, and how long something took, in words.

use crate::telemetry::{Cause, Outcome};

/// How a request or an attempt ended, in words.
pub fn ended(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "answered well",
        Outcome::Degraded => "answered, but not with all of it",
        Outcome::TimedOut => "no answer in time",
        Outcome::Failed(cause) => why(cause),
    }
}

fn why(cause: Cause) -> &'static str {
    match cause {
        Cause::Refused => "refused: nobody listens there",
        Cause::Reset => "cut off before the answer was complete",
        Cause::UpstreamTimedOut => "the replica did not answer in time",
        Cause::NoUpstream => "no replica was there to ask",
        Cause::Shed => "turned away: the line was full",
        Cause::Draining => "turned away: the replica is closing",
        Cause::UnknownSession => "session unknown: logged out",
        Cause::CartLost => "items are missing from the basket",
        Cause::Duplicated => "items are in the basket twice",
        Cause::StoreUnavailable => "the session store did not answer",
        Cause::DatabaseFailed => "the database did not do it",
        Cause::CallFailed => "a call to another module failed",
        Cause::NoRoute => "nothing serves this",
        Cause::Protocol => "the answer broke the rules of HTTP",
        Cause::Upstream5xx => "the replica answered with an error",
        Cause::Status => "the answer was not a success",
    }
}

/// A span of time as people say it: `0.3 ms`, `42 ms`, `1.5 s`.
pub fn span_of_time(us: u64) -> String {
    let ms = us as f64 / 1_000.0;
    match us {
        0..10_000 => format!("{ms:.1} ms"),
        10_000..1_000_000 => format!("{ms:.0} ms"),
        _ => format!("{:.1} s", ms / 1_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_short() {
        assert_eq!(
            [250, 12_400, 999_400, 1_000_000, 61_000_000].map(span_of_time),
            ["0.2 ms", "12 ms", "999 ms", "1.0 s", "61.0 s"]
        );
    }

    #[test]
    fn every_cause_has_words_of_its_own() {
        let words: std::collections::BTreeSet<&str> = Cause::ALL.into_iter().map(why).collect();
        assert_eq!(words.len(), Cause::ALL.len());
    }
}
