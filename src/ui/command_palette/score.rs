//! How well a text fits what was typed: letters in order, the better the closer they stand and the more of them begin
//! words. The same idea as in fzf and in editors' lists, without their tables.

/// What a letter that was typed is worth.
const LETTER: i32 = 16;
/// What it is worth more at the beginning of a word.
const WORD: i32 = 12;
/// What it is worth more right after the letter before it.
const NEXT: i32 = 14;
/// What it is worth more at the very beginning.
const FIRST: i32 = 8;
/// What each letter between costs, up to [`FARTHEST`] of them.
const GAP: i32 = 1;
const FARTHEST: i32 = 10;
/// Of other words at least so many letters must be typed.
const SHORTEST: usize = 2;
/// A text that is exactly what was typed comes before everything.
const EXACT: i32 = 400;
/// What was chosen of late is worth more.
pub(super) const RECENT: i32 = 24;
/// Longer texts are compared as far as this, in letters.
const LONGEST: usize = 160;

/// The score; `None` when some word that was typed is not in the text. Among texts with the same letters the shorter one
/// is better.
pub(super) fn score(typed: &str, text: &str) -> Option<i32> {
    let exact = if is_exactly(typed, text) { EXACT } else { 0 };
    let text: Vec<char> = text.chars().take(LONGEST).collect();
    let words = typed.split_whitespace();
    let sum = words.map(|word| one_word(word, &text)).sum::<Option<i32>>()?;
    Some(exact + sum - text.len() as i32 / 4)
}

fn is_exactly(typed: &str, text: &str) -> bool {
    let letters = |text: &str| text.chars().map(lowered).collect::<Vec<char>>();
    let typed = typed.trim();
    !typed.is_empty() && typed.len() == text.len() && letters(typed) == letters(text)
}

/// The same for a text that can also be found by other words: a word that was typed counts as there when one of these
/// begins with it. What the text itself says is worth more.
pub(super) fn with_other_words(typed: &str, text: &str, other_words: &str) -> Option<i32> {
    let begins = |word: &&str| {
        let word = word.to_lowercase();
        word.chars().count() >= SHORTEST && other_words.split(' ').any(|other| other.starts_with(&word))
    };
    let (others, own): (Vec<&str>, Vec<&str>) = typed.split_whitespace().partition(begins);
    let by_others = (!others.is_empty()).then(|| score(&own.join(" "), text)).flatten();
    let letters: usize = others.iter().map(|word| word.chars().count()).sum();
    let by_others = by_others.map(|score| score + letters as i32 * LETTER);
    score(typed, text).max(by_others)
}

fn one_word(word: &str, text: &[char]) -> Option<i32> {
    let lower: Vec<char> = text.iter().map(|c| lowered(*c)).collect();
    // The best score of an alignment that ends at each letter of the text, so far for the letters that were typed.
    let mut best: Option<Vec<Option<i32>>> = None;
    for letter in word.chars().map(lowered) {
        let before = best.take();
        let fits = |at: usize| (lower[at] == letter).then(|| value(text, at, before.as_deref())).flatten();
        best = Some((0..lower.len()).map(fits).collect());
    }
    best.map_or(Some(0), |ends| ends.into_iter().flatten().max())
}

/// The best score of an alignment whose newest letter stands at `at`.
fn value(text: &[char], at: usize, before: Option<&[Option<i32>]>) -> Option<i32> {
    let starts = at == 0 || !text[at - 1].is_alphanumeric() || text[at - 1].is_lowercase() && text[at].is_uppercase();
    let own = LETTER + if starts { WORD } else { 0 } + if at == 0 { FIRST } else { 0 };
    let Some(before) = before else { return Some(own) };
    let link = |(from, score): (usize, &Option<i32>)| {
        let between = (at - from - 1) as i32;
        Some((*score)? + if between == 0 { NEXT } else { -GAP * between.min(FARTHEST) })
    };
    before[..at].iter().enumerate().filter_map(link).max().map(|best| best + own)
}

fn lowered(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn better(typed: &str, good: &str, worse: &str) {
        assert!(score(typed, good) > score(typed, worse), "{typed:?}: {good:?} before {worse:?}");
    }

    #[test]
    fn beginnings_of_words_and_whole_words_come_first() {
        better("save", "Save", "Save as…");
        better("zs", "Zoom to selection", "Freeze stop");
        better("shop", "shop", "workshop");
        better("cart", "cart", "catalogue art");
        better("dup", "Duplicate", "Dark update");
        better("lay out", "Lay out", "Delay layer outer");
    }

    #[test]
    fn what_is_called_exactly_that_comes_before_what_is_also_found_by_other_words() {
        let command = with_other_words("users", "Add users", "new insert node people users").unwrap();
        assert!(score("Users ", "users").unwrap() > command + RECENT);
        assert!(score("", "").is_some_and(|score| score < EXACT));
    }

    #[test]
    fn every_word_must_be_there_in_any_order() {
        assert!(score("selection zoom", "Zoom to selection").is_some());
        assert!(score("zoom nothing", "Zoom to selection").is_none());
        assert!(score("Ü", "überall").is_some());
    }

    #[test]
    fn other_words_are_found_by_their_beginnings_after_what_the_text_says() {
        let cache = |typed: &str| with_other_words(typed, "Add a cache", "store redis");
        assert!(cache("stor").is_some() && cache("add store").is_some() && cache("Redis").is_some());
        assert!(cache("tore").is_none() && cache("store kill").is_none() && cache("s").is_none());
        assert_eq!(cache("add"), score("add", "Add a cache"));
        assert!(score("store", "Keep it in a store") > cache("store"));
    }

    proptest! {
        #[test]
        fn a_text_fits_itself_and_no_input_is_too_odd(text in "\\PC{0,40}", other in "\\PC{0,300}") {
            prop_assert!(score(&text, &text).is_some());
            let _ = score(&text, &other);
        }
    }
}
