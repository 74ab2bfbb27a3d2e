//! Settings that are one of a few words: every such type with its words, in one place for reading, writing and menus.

use super::database::{DatabaseEngine, DbKey, DbOp};
use super::lesson::Measure;
use super::node::{Address, Affinity, Engine, Policy, Repoint, Sessions};
use super::release::Strategy;
use super::software::SessionStep;

/// A setting that is one of a few words.
pub trait Choice: Copy + PartialEq + Sized + 'static {
    /// Every choice, in the order in which menus show them.
    const ALL: &'static [Self];
    /// The word of each choice, in the same order.
    const WORDS: &'static [&'static str];

    /// The word that presets write.
    fn word(self) -> &'static str {
        let index = Self::ALL.iter().position(|&choice| choice == self);
        index.and_then(|index| Self::WORDS.get(index)).copied().unwrap_or_default()
    }

    /// The choice of that word.
    fn from_word(word: &str) -> Option<Self> {
        let index = Self::WORDS.iter().position(|&known| known == word)?;
        Self::ALL.get(index).copied()
    }
}

macro_rules! choice {
    ($type:ident: $($variant:ident = $word:literal),+) => {
        impl Choice for $type {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const WORDS: &'static [&'static str] = &[$($word),+];
        }
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

choice!(
    Policy: RoundRobin = "round-robin", LeastRequests = "least-requests", Random = "random", P2cEwma = "p2c-ewma"
);
choice!(Affinity: None = "none", Cookie = "cookie", SessionHash = "session-hash");
choice!(Repoint: OnEject = "on-eject", Never = "never");
choice!(Sessions: Memory = "memory", Store = "store", Token = "token");
choice!(Engine: Builtin = "builtin", Redis = "redis");
choice!(SessionStep: Create = "create", Append = "append", Read = "read", Clear = "clear", End = "end");
choice!(Address: New = "new", Stable = "stable");
choice!(DatabaseEngine: Builtin = "builtin", Postgres = "postgres");
choice!(DbOp: Insert = "insert", Update = "update", Read = "read", Delete = "delete");
choice!(DbKey: Request = "request", User = "user", Item = "item", One = "one");
choice!(Strategy: Rolling = "rolling", Recreate = "recreate", Canary = "canary");
choice!(Measure: Hurt = "hurt", Items = "items", LoggedOut = "logged_out", Failed = "failed");

#[cfg(test)]
mod tests {
    use super::*;

    fn words_are_those_of_serde<T: Choice + serde::Serialize>() {
        for choice in T::ALL {
            assert_eq!(serde_json::to_value(choice).unwrap(), choice.word());
            assert!(T::from_word(choice.word()) == Some(*choice));
        }
    }

    #[test]
    fn presets_and_the_wire_use_the_same_words() {
        words_are_those_of_serde::<Policy>();
        words_are_those_of_serde::<Affinity>();
        words_are_those_of_serde::<Repoint>();
        words_are_those_of_serde::<Sessions>();
        words_are_those_of_serde::<Engine>();
        words_are_those_of_serde::<SessionStep>();
        words_are_those_of_serde::<Address>();
        words_are_those_of_serde::<DatabaseEngine>();
        words_are_those_of_serde::<DbOp>();
        words_are_those_of_serde::<DbKey>();
        words_are_those_of_serde::<Strategy>();
        words_are_those_of_serde::<Measure>();
    }
}
