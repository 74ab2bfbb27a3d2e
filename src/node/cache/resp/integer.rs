//! Integers as Redis reads them: one written form for each, no spaces, no plus, no leading zeros.

/// Reads a 64-bit integer; `None` for anything that Redis would not have written itself.
pub(in crate::node::cache) fn parse_integer(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let canonical = match digits {
        [] => false,
        [b'0'] => text.len() == 1,
        [first, ..] => *first != b'0' && digits.iter().all(u8::is_ascii_digit),
    };
    if !canonical {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Reads an integer that must not be negative.
pub(in crate::node::cache) fn parse_unsigned(text: &[u8]) -> Option<u64> {
    parse_integer(text).and_then(|number| u64::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_written_form_is_an_integer() {
        for text in ["", "-", "+1", "01", "-0", "00", " 1", "1 ", "1.0", "0x1", "9223372036854775808", "1\0"] {
            assert_eq!(parse_integer(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(parse_unsigned(b"-1"), None);
    }

    proptest! {
        #[test]
        fn every_integer_is_read_as_it_is_written(number: i64) {
            prop_assert_eq!(parse_integer(number.to_string().as_bytes()), Some(number));
        }

        #[test]
        fn rubbish_never_panics(text: Vec<u8>) {
            let _ = parse_integer(&text);
        }
    }
}
