//! A new version of what a service runs: how it is rolled out, and what is wrong with it.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text::as_text;
use super::units::{BadUnit, Bytes};

/// What `deploy` does: every replica of the node gets a new life with this version of the module (or, on a node, of
/// all that it hosts).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Deploy {
    /// How the new version takes the place of the old.
    pub strategy: Strategy,
    /// What is wrong with the new version; `None` for a good one.
    pub bug: Option<Bug>,
}

/// How a new version takes the place of the old.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// One replica after the other: a new one is ready before an old one drains.
    #[default]
    Rolling,
    /// All old ones end, then the new ones start.
    Recreate,
    /// One replica gets the new version and is watched; the others follow only if it does no worse, else it goes back.
    Canary,
}

/// What is wrong with a version: `crash-on-start`, `crash-on-request 20`, `errors 0.5`, `leak 1MiB`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bug {
    /// The process ends while it starts.
    CrashOnStart,
    /// The process ends at its n-th request for the module, counted from 1.
    CrashOnRequest(u32),
    /// This share of the module's requests, 0 to 1, is answered with 500.
    Errors(f64),
    /// Each request for the module leaves this much memory behind.
    Leak(Bytes),
}

const EXPECTED: &str = "a bug: crash-on-start, crash-on-request 20, errors 0.5 or leak 1MiB";

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CrashOnStart => f.write_str("crash-on-start"),
            Self::CrashOnRequest(nth) => write!(f, "crash-on-request {nth}"),
            Self::Errors(share) => write!(f, "errors {share}"),
            Self::Leak(bytes) => write!(f, "leak {bytes}"),
        }
    }
}

impl FromStr for Bug {
    type Err = BadUnit;
    fn from_str(text: &str) -> Result<Self, BadUnit> {
        let (kind, how) = text.split_once(' ').map_or((text, None), |(kind, how)| (kind, Some(how.trim())));
        let bug = match (kind, how) {
            ("crash-on-start", None) => Some(Self::CrashOnStart),
            ("crash-on-request", Some(nth)) => nth.parse().ok().filter(|&nth: &u32| nth > 0).map(Self::CrashOnRequest),
            ("errors", Some(share)) => {
                share.parse().ok().filter(|share: &f64| (0.0..=1.0).contains(share)).map(Self::Errors)
            }
            ("leak", Some(bytes)) => bytes.parse().ok().map(Self::Leak),
            _ => None,
        };
        bug.ok_or_else(|| BadUnit { text: text.to_owned(), expected: EXPECTED })
    }
}
as_text!(
    Bug,
    "Bug",
    "^(crash-on-start|crash-on-request [1-9][0-9]*|errors [0-9.]+|leak [0-9]+(\\.[0-9]+)?\\s*(B|KiB|MiB|GiB))$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bugs_are_written_as_they_are_read() {
        for text in ["crash-on-start", "crash-on-request 20", "errors 0.5", "leak 1MiB"] {
            assert_eq!(text.parse::<Bug>().map(|bug| bug.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "crash", "crash-on-request", "crash-on-request 0", "errors 2", "errors", "leak 1"] {
            assert!(text.parse::<Bug>().is_err(), "{text:?}");
        }
    }
}
