//! The name that was probably meant: for messages about unknown keys, nodes, metrics and presets.

/// Longer texts are no misspelt names, and comparing them would cost time.
const LONGEST: usize = 48;

/// The candidate closest to a misspelt name, if one is close enough to be meant.
pub(crate) fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if text.len() > LONGEST {
        return None;
    }
    let lowered = text.to_lowercase();
    let allowed = (lowered.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lowered, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| {
            distance <= allowed || (lowered.len() > 3 && candidate.starts_with(lowered.as_str()))
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Advice for an unknown name: the one that was probably meant, else all that there are.
pub(crate) fn advice<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(text, candidates.clone()) {
        return format!("did you mean {near}?");
    }
    let all: Vec<&str> = candidates.into_iter().collect();
    match all.as_slice() {
        [] => String::new(),
        [only] => format!("there is only {only}"),
        _ => format!("there are {}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_another_word_is_not() {
        let keys = ["think", "think_spread", "journey"];
        assert_eq!(nearest("thnik", keys), Some("think"));
        assert_eq!(nearest("Journy", keys), Some("journey"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest(&"j".repeat(1_000_000), keys), None);
        assert_eq!(advice("colour", keys), "there are think, think_spread, journey");
    }
}
