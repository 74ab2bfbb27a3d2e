//! The laws of the table: nothing twice, nothing without words.

use super::*;

#[test]
fn no_two_commands_share_keys_or_a_name() {
    for (at, about) in TABLE.iter().enumerate() {
        for other in &TABLE[..at] {
            assert_ne!(about.command, other.command);
            assert_ne!(about.title, other.title);
            let shared = about.keys.iter().find(|keys| other.keys.contains(keys));
            assert!(shared.is_none(), "{} and {} share {shared:?}", about.title, other.title);
        }
    }
}

#[test]
fn every_command_says_what_it_does() {
    for about in TABLE {
        assert!(!about.title.is_empty() && !about.does.is_empty(), "{:?}", about.command);
        assert!(!about.does.ends_with('.'), "{}: half a sentence", about.title);
    }
}
