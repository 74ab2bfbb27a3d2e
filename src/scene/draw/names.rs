//! Names where there is little room: how wide they are, about, and what is left of one that is too long.

/// The width of a letter, as a share of its size: rather more than the mean, for what is cut here is not to be cut again.
const LETTER: f32 = 0.5;

/// About how wide a text is in letters of this size.
pub(super) fn width(text: &str, size: f32) -> f32 {
    text.chars().count() as f32 * size * LETTER
}

/// A name as far as there is room. Its middle goes first: by its end it differs from its likes.
pub(super) fn fitted(name: &str, size: f32, room: f32) -> String {
    // Rounding alone cuts nothing.
    let (letters, most) = (name.chars().count(), (room / (size * LETTER) + 0.01).max(3.0) as usize);
    if letters <= most {
        return name.to_owned();
    }
    let end = most / 2;
    let start: String = name.chars().take(most - 1 - end).collect();
    let end: String = name.chars().skip(letters - end).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_too_long_loses_its_middle() {
        let room = |letters: f32| letters * 10.0 * LETTER + 0.1;
        assert_eq!(fitted("service-0123", 10.0, room(12.0)), "service-0123");
        assert_eq!(fitted("service-0123", 10.0, room(8.0)), "ser…0123");
        assert_eq!(fitted("service-0123", 10.0, 0.0), "s…3");
    }
}
