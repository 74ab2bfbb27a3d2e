//! What is wrong with a drawing or a file: one clear message, its place, and what to do.

use std::fmt;

use super::cause::Cause;

/// The longest message, in characters: a file's own text can be any length.
const LONGEST_MESSAGE: usize = 400;

/// A message, cut where it is too long.
pub(super) fn clipped(message: String) -> String {
    if message.len() <= LONGEST_MESSAGE {
        return message;
    }
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}

/// A mistake in a preset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether it prevents a run.
    pub severity: Severity,
    /// Where in the document, as the keys that lead there: `node[2].replicas`. Empty for the whole.
    pub path: String,
    /// Where in the text, when it was read from one.
    pub place: Option<Place>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it, in one sentence; may be empty when the message says it.
    pub advice: String,
    /// What it comes from, where an edit could mend it: see `edit::fixes`.
    pub cause: Option<Box<Cause>>,
}

impl Problem {
    /// A problem that prevents a run.
    pub fn error(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            path: path.into(),
            place: None,
            message: message.into(),
            advice: String::new(),
            cause: None,
        }
    }

    /// A problem that a run survives.
    pub fn warning(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(path, message) }
    }

    /// The same with advice.
    #[must_use]
    pub fn advise(self, advice: impl Into<String>) -> Self {
        Self { advice: advice.into(), ..self }
    }

    /// The same with what it comes from.
    #[must_use]
    pub fn because(self, cause: Cause) -> Self {
        Self { cause: Some(Box::new(cause)), ..self }
    }

    /// Whether this is the other problem, told of another state of the drawing or its text: as bad, of the same part, and
    /// come from the same. Neither the place in a text nor words that may count something else by now are looked at,
    /// unless there are only words to go by.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let alike = match (&self.cause, &other.cause) {
            (Some(one), Some(other)) => one == other,
            (None, None) => self.message == other.message,
            (Some(_), None) | (None, Some(_)) => false,
        };
        alike && self.severity == other.severity && self.path == other.path
    }
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It can run, but perhaps not as meant.
    Warning,
    /// It cannot run.
    Error,
}

/// A place in a text, counted from 1; columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl Place {
    /// The place of a byte offset in a text.
    pub fn at(text: &str, offset: usize) -> Self {
        let before = &text[..text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        Self { line: line as u32, column: column as u32 }
    }
}

impl fmt::Display for Problem {
    /// Writes `12:3: error: node "shop" …; do this`, ready to have a file name put before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Place { line, column }) = self.place {
            write!(f, "{line}:{column}: ")?;
        }
        f.write_str(match self.severity {
            Severity::Error => "error: ",
            Severity::Warning => "warning: ",
        })?;
        f.write_str(&self.message)?;
        if !self.advice.is_empty() {
            write!(f, "; {}", self.advice)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_the_same_wherever_its_text_stands_and_however_its_cause_is_worded() {
        let told = |path: &str, message: &str| Problem::error(path, message);
        let placed = |line: u32| Problem { place: Some(Place { line, column: 1 }), ..told("node[1]", "empty") };
        assert!(placed(3).is_same_as(&placed(30)) && placed(3).is_same_as(&told("node[1]", "empty").advise("fill it")));
        assert!(!told("node[1]", "empty").is_same_as(&told("node[2]", "empty")), "another part");
        assert!(!told("node[1]", "empty").is_same_as(&told("node[1]", "full")), "another mistake");
        assert!(!told("node[1]", "empty").is_same_as(&Problem::warning("node[1]", "empty")), "another severity");
        let caused = |message: &str, cause: Cause| told("node[1]", message).because(cause);
        assert!(caused("two are empty", Cause::EmptyGroup).is_same_as(&caused("three are empty", Cause::EmptyGroup)));
        assert!(!caused("empty", Cause::EmptyGroup).is_same_as(&caused("empty", Cause::NoUsers)), "another cause");
        assert!(!caused("empty", Cause::EmptyGroup).is_same_as(&told("node[1]", "empty")), "no cause");
    }
}
