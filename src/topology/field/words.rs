//! Texts in one line, as a shell has a command: words with spaces between them, in quotes where their bounds could not be
//! seen. In double quotes, \n, \t, \" and the like stand for what cannot be written there; in single quotes everything
//! stands for itself.

use std::str::Chars;

/// What a shell does something with.
const SPECIAL: &str = "\"'\\`$&|;<>()*?#~";

/// A text as one word.
pub(super) fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_graphic() && !SPECIAL.contains(letter));
    if plain { text.to_owned() } else { format!("{text:?}") }
}

/// The texts of a line.
///
/// # Errors
/// What is wrong with it: a quote that is not closed.
pub(super) fn read(line: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = line.chars();
    while let Some(letter) = rest.next() {
        if letter.is_whitespace() {
            words.extend(word.take());
            continue;
        }
        let word = word.get_or_insert_default();
        match letter {
            '\'' => as_it_is(&mut rest, word)?,
            '"' => with_escapes(&mut rest, word)?,
            '\\' => word.push(rest.next().ok_or("nothing follows the \\ at the end")?),
            _ => word.push(letter),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Up to the next single quote.
fn as_it_is(rest: &mut Chars<'_>, word: &mut String) -> Result<(), &'static str> {
    let (text, after) = rest.as_str().split_once('\'').ok_or("a quote ' is not closed")?;
    word.push_str(text);
    *rest = after.chars();
    Ok(())
}

/// Up to the next double quote that is meant as one.
fn with_escapes(rest: &mut Chars<'_>, word: &mut String) -> Result<(), &'static str> {
    const OPEN: &str = "a quote \" is not closed";
    loop {
        match rest.next().ok_or(OPEN)? {
            '"' => return Ok(()),
            '\\' => match rest.next().ok_or(OPEN)? {
                'n' => word.push('\n'),
                'r' => word.push('\r'),
                't' => word.push('\t'),
                '0' => word.push('\0'),
                'u' => match by_number(rest) {
                    Some(letter) => word.push(letter),
                    None => word.push_str("\\u"),
                },
                letter @ ('"' | '\\' | '\'' | '$' | '`') => word.push(letter),
                // As in a shell, it stands for itself before anything else.
                letter => word.extend(['\\', letter]),
            },
            letter => word.push(letter),
        }
    }
}

/// The letter whose number follows in braces.
fn by_number(rest: &mut Chars<'_>) -> Option<char> {
    let (digits, after) = rest.as_str().strip_prefix('{')?.split_once('}')?;
    let letter = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    *rest = after.chars();
    Some(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_read_as_a_shell_reads_it() {
        for (line, words) in [
            ("", &[] as &[&str]),
            ("  python3  users.py ", &["python3", "users.py"]),
            ("echo a, b,c", &["echo", "a,", "b,c"]),
            (r#"sh -c 'echo "$HOME"' '' """#, &["sh", "-c", r#"echo "$HOME""#, "", ""]),
            (r#"a"b c"'d e' f\ g"#, &["ab cd e", "f g"]),
            (r#""two\nlines" "\u{e4}" "\d \u""#, &["two\nlines", "ä", r"\d \u"]),
        ] {
            assert_eq!(read(line).unwrap(), words, "{line}");
        }
        for (line, wrong) in [("'a", "quote '"), ("a\"b\\\"", "quote \""), ("a\\", "nothing follows")] {
            assert!(read(line).unwrap_err().contains(wrong), "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_texts_come_back_from_the_line_that_they_make(
            texts in prop::collection::vec(prop_oneof![any::<String>(), r#"[ \\"'u{}n,a0]{0,8}"#], 0..6),
        ) {
            let line = texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(" ");
            prop_assert!(!line.contains('\n'), "one line: {line}");
            prop_assert_eq!(read(&line), Ok(texts));
        }
    }
}
