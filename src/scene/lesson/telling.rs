//! What happened to people, in sentences made of measured numbers only: while it unfolds, and once it is over.

use super::outcome::Outcome;
use crate::scene::words::{Words, count, plural, row};

/// More replicas than this are counted instead of named.
const MOST_NAMES: usize = 3;

/// What happens to people just now; `None` while nothing was done and nobody was hurt.
pub(super) fn unfolding(outcome: &Outcome, words: Words<'_>) -> Option<String> {
    let noun = noun(outcome, words);
    let place = place(outcome);
    if outcome.doomed > 0 {
        let held = count(outcome.held.max(outcome.doomed), noun);
        let know = if outcome.doomed == 1 { "doesn't" } else { "don't" };
        return Some(format!("{held} existed only in {place}. {} {know} know yet.", count(outcome.doomed, words.user)));
    }
    if outcome.hurt > 0 {
        let lost = count(outcome.items, words.item);
        return Some(format!("{} hurt so far, {lost} lost.", share(outcome, words)));
    }
    if outcome.places.is_empty() {
        return None;
    }
    let what = if outcome.paused {
        format!("{place} is stopped and answers nobody.")
    } else if outcome.released {
        format!("{place} gets another version.")
    } else if outcome.held > 0 {
        // A database has its rows again when it is back.
        format!("{place} held {}; none of them is lost.", count(outcome.held, noun))
    } else {
        format!("{place} held no {noun}.")
    };
    let failed = match outcome.failed {
        0 => "Nobody has noticed so far.".to_owned(),
        failed => format!("{} failed so far.", count(failed, "request")),
    };
    Some(format!("{what} {failed}"))
}

/// What happened to people, once everybody who was hit knows.
pub(super) fn over(outcome: &Outcome, words: Words<'_>) -> String {
    let share = share(outcome, words);
    let items = count(outcome.items, words.item);
    if outcome.hurt == 0 {
        return match outcome.failed {
            0 => format!("{share} noticed."),
            failed => format!("{share} lost anything. {} failed.", count(failed, "request")),
        };
    }
    let harm = if outcome.logged_out == 0 {
        format!("{share} lost {}, {items} in all. Nobody had to log in again.", plural(words.item))
    } else if outcome.carts_lost > 0 {
        let again = format!("{} logged in again", outcome.relogins);
        format!("{share} hurt: {} logged out, {items} lost, {again}.", outcome.logged_out)
    } else {
        let share = format!("{} of {}", outcome.hurt, outcome.users);
        format!("{share} logged out, {items} lost, {} logged in again.", outcome.relogins)
    };
    match untouched(outcome, words) {
        Some(others) => format!("{harm} {others}"),
        None => harm,
    }
}

/// `10 of 30 users`.
fn share(outcome: &Outcome, words: Words<'_>) -> String {
    format!("{} of {}", outcome.hurt, count(outcome.users, words.user))
}

/// What was in the place that was hit: carts, where the sessions are in tokens.
fn noun<'a>(outcome: &Outcome, words: Words<'a>) -> &'a str {
    if outcome.carts { "cart" } else { words.session }
}

/// What was hit, in words.
pub(super) fn place(outcome: &Outcome) -> String {
    if outcome.places.is_empty() { "what is gone".to_owned() } else { row(&outcome.places) }
}

/// Who was spared, by where their sessions are.
fn untouched(outcome: &Outcome, words: Words<'_>) -> Option<String> {
    let users = capital(&plural(words.user));
    let names = &outcome.untouched;
    match names.len() {
        0 => None,
        1..=MOST_NAMES => Some(format!("{users} of {}: untouched.", row(names))),
        all if all == outcome.others => {
            Some(format!("{users} of the other {}: untouched.", count(all as u64, words.a_replica())))
        }
        some => Some(format!("{users} of {}: untouched.", count(some as u64, &format!("other {}", words.a_replica())))),
    }
}

/// A sentence that begins with a capital letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
