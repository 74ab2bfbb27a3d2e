//! Names where there is little room: how wide they are, about, and what is left of one that is too long.

/// About how wide a text is in letters of this size: rather more than it is, for what is cut here is not to be cut again.
pub(super) fn width(text: &str, size: f32) -> f32 {
    text.chars().map(letter).sum::<f32>() * size
}

/// The width of a letter, as a share of its size.
fn letter(letter: char) -> f32 {
    match letter {
        '.' | '-' | ' ' | 'i' | 'j' | 'l' | 'I' => 0.27,
        'f' | 'r' | 't' => 0.38,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | '_' | 'J' | 'L' => 0.47,
        'm' | 'w' | 'M' | 'O' | 'Q' | 'W' => 0.83,
        '…' => 0.95,
        'A'..='Z' => 0.65,
        _ => 0.56,
    }
}

/// A name as far as there is room. Its middle goes first: by its end it differs from its likes.
pub(super) fn fitted(name: &str, size: f32, room: f32) -> String {
    if width(name, size) <= room {
        return name.to_owned();
    }
    let letters: Vec<char> = name.chars().collect();
    let mut left = room / size - letter('…');
    // In turn one of the end and one of the beginning; one of each in any case.
    let (mut start, mut end) = (0, letters.len());
    while start < end {
        let from_end = letters.len() - end <= start;
        let next = if from_end { letters[end - 1] } else { letters[start] };
        left -= letter(next);
        if left < 0.0 && start > 0 {
            break;
        }
        if from_end {
            end -= 1;
        } else {
            start += 1;
        }
    }
    letters[..start].iter().chain(&['…']).chain(&letters[end..]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_too_long_loses_its_middle() {
        let name = "service-0123";
        assert_eq!(fitted(name, 10.0, width(name, 10.0)), name);
        assert_eq!(fitted(name, 10.0, 50.0), "ser…0123");
        assert_eq!(fitted(name, 10.0, 0.0), "s…3");
        for room in 0..80_u8 {
            let cut = fitted(name, 10.0, f32::from(room));
            assert!(width(&cut, 10.0) <= f32::from(room).max(width("s…3", 10.0)), "{cut} in {room}");
        }
    }
}
