//! Patterns of `KEYS` and `SCAN MATCH`: `*`, `?`, `[abc]`, `[a-z]`, `[^a]` and `\` before any of them.
//!
//! Only the last `*` is ever retried, since what an earlier one could still swallow the last one can too. So the time
//! is at most the product of both lengths, also for patterns made to explode.

/// Whether the whole text matches the pattern.
pub(super) fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut pattern_at, mut text_at) = (0, 0);
    // Where to go on when what follows the last star does not match here: behind the star, one byte of text further.
    let mut retry = None;
    loop {
        if pattern.get(pattern_at) == Some(&b'*') {
            pattern_at += 1;
            retry = Some((pattern_at, text_at));
            continue;
        }
        let Some(&byte) = text.get(text_at) else { return pattern_at >= pattern.len() };
        if let Some(length) = match_one(&pattern[pattern_at..], byte) {
            pattern_at += length;
            text_at += 1;
            continue;
        }
        let Some((behind_star, from)) = retry else { return false };
        retry = Some((behind_star, from + 1));
        (pattern_at, text_at) = (behind_star, from + 1);
    }
}

/// Matches one byte with the beginning of the pattern: how long that beginning is, or `None` if it does not match.
fn match_one(pattern: &[u8], byte: u8) -> Option<usize> {
    match pattern {
        [] => None,
        [b'?', ..] => Some(1),
        [b'\\', escaped, ..] => (*escaped == byte).then_some(2),
        [b'[', class @ ..] => {
            let (length, hit) = match_class(class, byte);
            hit.then_some(1 + length)
        }
        [literal, ..] => (*literal == byte).then_some(1),
    }
}

/// Matches one byte with a class, given from behind its `[`: its length with the `]`, and whether it matches. A class
/// that is never closed ends with the pattern, as in Redis.
fn match_class(class: &[u8], byte: u8) -> (usize, bool) {
    let negated = class.first() == Some(&b'^');
    let mut at = usize::from(negated);
    let mut hit = false;
    loop {
        match class.get(at..).unwrap_or_default() {
            [] => break,
            [b']', ..] => {
                at += 1;
                break;
            }
            [b'\\', escaped, ..] => {
                hit |= *escaped == byte;
                at += 2;
            }
            [first, b'-', last, ..] => {
                hit |= (*first.min(last)..=*first.max(last)).contains(&byte);
                at += 3;
            }
            [literal, ..] => {
                hit |= *literal == byte;
                at += 1;
            }
        }
    }
    (at, hit != negated)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_in_redis() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("h?llo", "hello", true),
            ("h?llo", "hllo", false),
            ("h*llo", "heeeello", true),
            ("h*l*o", "hello there, o", true),
            ("h[ae]llo", "hallo", true),
            ("h[ae]llo", "hillo", false),
            ("h[^e]llo", "hallo", true),
            ("h[^e]llo", "hello", false),
            ("h[a-c]llo", "hbllo", true),
            ("h[c-a]llo", "hbllo", true),
            ("h[\\]]llo", "h]llo", true),
            ("h\\*llo", "h*llo", true),
            ("h\\*llo", "heello", false),
            ("h[a", "ha", true),
            ("a\\", "a\\", true),
            ("session:*:items", "session:4711:items", true),
        ] {
            assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), expected, "{pattern:?} {text:?}");
        }
    }

    #[test]
    fn a_pattern_made_to_explode_does_not() {
        let text = vec![b'a'; 20_000];
        let pattern = [&b"a*".repeat(50)[..], b"b"].concat();
        assert!(!matches(&pattern, &text));
    }

    /// The obvious way, too slow for use.
    fn by_definition(pattern: &[u8], text: &[u8]) -> bool {
        match pattern {
            [] => text.is_empty(),
            [b'*', rest @ ..] => (0..=text.len()).any(|skipped| by_definition(rest, &text[skipped..])),
            _ => text.split_first().is_some_and(|(first, text)| {
                match_one(pattern, *first).is_some_and(|length| by_definition(&pattern[length..], text))
            }),
        }
    }

    proptest! {
        #[test]
        fn stars_mean_any_run_of_bytes(pattern in "[ab*?]{0,8}", text in "[ab]{0,8}") {
            let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
            prop_assert_eq!(matches(pattern, text), by_definition(pattern, text));
        }

        #[test]
        fn rubbish_never_panics(pattern: Vec<u8>, text: Vec<u8>) {
            let _ = matches(&pattern, &text);
        }
    }
}
