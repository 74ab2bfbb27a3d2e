//! The blanks in a lesson's explanation, such as `{hurt}`: the learner's own measured numbers go there.

use std::fmt;

/// What goes into a blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// Users who were hurt in this step.
    Hurt,
    /// All users.
    Users,
    /// Items lost in this step.
    Items,
    /// Sessions logged out in this step.
    LoggedOut,
    /// Requests that failed in this step.
    Failed,
    /// Sessions whose only copy was in what was hit.
    Held,
    /// What was hit.
    Place,
    /// What the learner predicted.
    Guess,
    /// Users who were not hurt in this step.
    Untouched,
}

impl Blank {
    /// Every blank, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Hurt,
        Self::Users,
        Self::Items,
        Self::LoggedOut,
        Self::Failed,
        Self::Held,
        Self::Place,
        Self::Guess,
        Self::Untouched,
    ];

    /// Its name between the braces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hurt => "hurt",
            Self::Users => "users",
            Self::Items => "items",
            Self::LoggedOut => "logged_out",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Place => "place",
            Self::Guess => "guess",
            Self::Untouched => "untouched",
        }
    }
}

impl fmt::Display for Blank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.name())
    }
}

/// A piece of a text with blanks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words that stay.
    Words(&'a str),
    /// A blank.
    Blank(Blank),
    /// A name in braces that is no blank.
    Unknown(&'a str),
}

/// The pieces of a text, in order. A brace that is never closed is part of the words.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((words, name, after)) = next_braces(rest) {
        if !words.is_empty() {
            parts.push(Part::Words(words));
        }
        let blank = Blank::ALL.into_iter().find(|blank| blank.name() == name);
        parts.push(blank.map_or(Part::Unknown(name), Part::Blank));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Words(rest));
    }
    parts
}

/// What stands before the next braces, in them and after them.
fn next_braces(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((words, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_its_words_and_blanks_in_order() {
        let found = parts("{hurt} of {users} were in {place}: {what} {");
        let expected = [
            Part::Blank(Blank::Hurt),
            Part::Words(" of "),
            Part::Blank(Blank::Users),
            Part::Words(" were in "),
            Part::Blank(Blank::Place),
            Part::Words(": "),
            Part::Unknown("what"),
            Part::Words(" {"),
        ];
        assert_eq!(found, expected);
        assert!(parts("").is_empty());
    }
}
