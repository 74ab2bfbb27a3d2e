//! The words of settings: what a key is called, how its values are written, and what each of a few words means.

use crate::topology::settings::SettingKind;

/// What a key is called: `session_ttl` is "Session TTL".
pub(super) fn name(key: &str) -> String {
    let spaced = key.replace('_', " ").replace("ttl", "TTL");
    capital(&spaced)
}

/// The same words beginning with a capital letter.
pub(in crate::ui) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// How a word of a choice is shown, where the word of presets says too much or too little.
pub(super) fn shown(word: &str) -> &str {
    match word {
        "session-hash" => "hash",
        "p2c-ewma" => "P2C EWMA",
        "builtin" => "built-in",
        word => word,
    }
}

/// What a word of a setting means.
pub(super) fn meaning(key: &str, word: &str) -> &'static str {
    match (key, word) {
        ("policy", "round-robin") => "One replica after the other",
        ("policy", "least-requests") => "The replica with the fewest requests in flight",
        ("policy", "random") => "Any replica, by chance",
        ("policy", "p2c-ewma") => {
            "Of two replicas drawn by chance, the one with the lower product of latency and requests in flight \
             (power of two choices with peak EWMA)"
        }
        ("affinity", "none") => "Every request is balanced by itself",
        ("affinity", "cookie") => "A cookie names the replica that a user's requests go to",
        ("affinity", "session-hash") => {
            "A hash of a key in the user's cookie chooses the replica; another replica moves few users"
        }
        ("repoint", "on-eject") => "The user is given another replica as soon as the gateway has noticed",
        ("repoint", "never") => "The user waits until the same replica is back",
        ("sessions", "memory") => "In the process: the only copy dies with it",
        ("sessions", "store") => {
            "In the linked cache, or, without one, in the linked database: every replica knows every session"
        }
        ("sessions", "token") => {
            "The user carries a signed token; items are in the linked cache, or, without one, in the token too"
        }
        ("engine", "builtin") => "Brownout's own server",
        ("engine", "postgres") => "A real PostgreSQL, which must be installed",
        ("address", "new") => "Each life has a port of its own, which callers must learn",
        ("address", "stable") => "The next life listens where the last one did",
        ("engine", "redis") => "A real redis-server, which must be installed",
        _ => "",
    }
}

/// How a value of this kind is written, with an example; empty where nothing is typed.
pub(super) fn example(kind: SettingKind) -> &'static str {
    if kind == SettingKind::Period {
        "A time with its unit: 250ms, 2s, 5m."
    } else if kind == SettingKind::Memory {
        "An amount of memory: 512KiB, 8MiB."
    } else if kind == SettingKind::Rate {
        "None, or a rate: 50/s, 2k/s, 30/min."
    } else if kind == SettingKind::Restart {
        "Never, at once, or after a delay: 8s."
    } else if kind == SettingKind::Integer {
        "A whole number: 120, or 2k for 2000."
    } else if kind == SettingKind::Number {
        "A number: 0.5."
    } else if kind == SettingKind::Command {
        "As in a terminal, with quotes where an argument has spaces: python3 users.py \"two words\". No shell reads it."
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::settings::{describe, words};
    use crate::topology::{Cache, Database, Gateway, Program, Role, Service, Users};

    #[test]
    fn every_word_that_can_be_chosen_is_explained() {
        let roles = [
            Role::Users(Users::default()),
            Role::Gateway(Gateway::default()),
            Role::Service(Service::default()),
            Role::Cache(Cache::default()),
            Role::Database(Database::default()),
            Role::Program(Program::default()),
        ];
        for info in roles.iter().flat_map(describe) {
            for word in words(info.kind).unwrap_or_default() {
                assert_ne!(meaning(info.key, word), "", "{}: {word}", info.key);
            }
        }
    }

    #[test]
    fn keys_are_called_in_plain_words() {
        assert_eq!((name("session_ttl").as_str(), name("users").as_str()), ("Session TTL", "Users"));
    }
}
