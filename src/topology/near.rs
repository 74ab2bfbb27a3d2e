//! The name that was probably meant: for messages about unknown keys, nodes, metrics and presets.

/// Longer texts are no misspelt names, and comparing them would cost time.
const LONGEST: usize = 48;

/// More names than this are not all listed, only so many of them.
pub(crate) const MOST_LISTED: usize = 12;
const FIRST_LISTED: usize = 8;

/// So many known names are looked at for the unknown ones of a document: a hundredth of a second's work, or some.
const MOST_LOOKED_AT: usize = 50_000;

/// The candidate closest to a misspelt name, if one is close enough to be meant.
pub(crate) fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if text.len() > LONGEST {
        return None;
    }
    let lowered = text.to_lowercase();
    let allowed = (lowered.chars().count() / 3).max(1);
    candidates
        .into_iter()
        // What differs by more than that in length differs by more in letters, unless it only goes on.
        .filter(|candidate| {
            candidate.len().abs_diff(text.len()) <= 4 * allowed || candidate.starts_with(lowered.as_str())
        })
        .map(|candidate| (strsim::damerau_levenshtein(&lowered, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| {
            distance <= allowed || (lowered.len() > 3 && candidate.starts_with(lowered.as_str()))
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Advice for an unknown name: the one that was probably meant, else those that there are.
pub(crate) fn advice<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(text, candidates.clone()) {
        return format!("did you mean {near}?");
    }
    let all: Vec<&str> = candidates.into_iter().collect();
    match all.as_slice() {
        [] => String::new(),
        [only] => format!("there is only {only}"),
        all => format!("there are {}", few(all)),
    }
}

/// Names in a row; of many the first, and how many more there are.
pub(crate) fn few<T: AsRef<str>>(names: &[T]) -> String {
    let told = if names.len() > MOST_LISTED { FIRST_LISTED } else { names.len() };
    let row: Vec<&str> = names.iter().take(told).map(AsRef::as_ref).collect();
    let row = row.join(", ");
    if told < names.len() { format!("{row} and {} more", names.len() - told) } else { row }
}

/// Advice for the unknown names of one document. Where it has thousands, among thousands that are known, the first have
/// it: nobody reads the others, and each takes time.
pub(crate) struct Adviser {
    /// How many names may still be looked at.
    left: usize,
}

impl Default for Adviser {
    fn default() -> Self {
        Self { left: MOST_LOOKED_AT }
    }
}

impl Adviser {
    /// Advice for an unknown name; none where too much was asked.
    pub(crate) fn advice<T: AsRef<str>>(&mut self, text: &str, candidates: impl FnOnce() -> Vec<T>) -> String {
        let Some(candidates) = self.afford(candidates) else { return String::new() };
        advice(text, candidates.iter().map(AsRef::as_ref))
    }

    /// The name that was probably meant.
    pub(crate) fn nearest<T: AsRef<str>>(&mut self, text: &str, candidates: impl FnOnce() -> Vec<T>) -> Option<String> {
        let candidates = self.afford(candidates)?;
        nearest(text, candidates.iter().map(AsRef::as_ref)).map(str::to_owned)
    }

    fn afford<T>(&mut self, candidates: impl FnOnce() -> Vec<T>) -> Option<Vec<T>> {
        if self.left == 0 {
            return None;
        }
        let candidates = candidates();
        self.left = self.left.saturating_sub(candidates.len().max(1));
        Some(candidates)
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

    #[test]
    fn of_many_names_the_first_are_listed() {
        let names: Vec<String> = (0..2_000).map(|at| format!("node-{at}")).collect();
        let told = advice("colour", names.iter().map(String::as_str));
        assert_eq!(told, "there are node-0, node-1, node-2, node-3, node-4, node-5, node-6, node-7 and 1992 more");
        assert_eq!(few(&names[..MOST_LISTED]).matches(',').count(), MOST_LISTED - 1);
    }

    #[test]
    fn advice_for_a_document_has_an_end() {
        let names: Vec<String> = (0..1_000).map(|at| format!("node-{at}")).collect();
        let mut adviser = Adviser::default();
        let asked = (0..500).map(|_| adviser.advice("nodd-7", || names.clone()));
        let told = asked.filter(|advice| advice == "did you mean node-7?").count();
        assert_eq!(told, MOST_LOOKED_AT / 1_000);
        assert_eq!(adviser.nearest::<String>("nodd-7", || panic!("looked for once more")), None);
    }
}
