//! What is wrong with a drawing or a file: one clear message, its place, and what to do.

use std::fmt;

use super::cause::Cause;

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
        let before = &text.as_bytes()[..offset.min(text.len())];
        let line_start = before.iter().rposition(|&b| b == b'\n').map_or(0, |newline| newline + 1);
        let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
        // Continuation bytes are not characters of their own.
        let column = before[line_start..].iter().filter(|&&b| b & 0xC0 != 0x80).count() + 1;
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
