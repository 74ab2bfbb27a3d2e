//! What a client is told when something cannot be done: a sentence and its SQLSTATE, as PostgreSQL would choose it.

#![expect(clippy::wildcard_enum_match_arm, reason = "other errors say themselves what they are")]

use pgwire::error::{ErrorInfo, PgWireError};
use rusqlite::ErrorCode;
use rusqlite::ffi;

use super::sql::types::CHECKED;

/// An error of the PostgreSQL protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The SQLSTATE, five letters and digits.
    pub(super) code: &'static str,
    /// What is wrong, in a sentence.
    pub(super) message: String,
}

impl Refusal {
    /// An error with a code and a message.
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// PostgreSQL has it, this server does not.
    pub(super) fn unsupported(what: impl std::fmt::Display) -> Self {
        Self::new("0A000", format!("the built-in database does not support {what}; engine = \"postgres\" does"))
    }

    /// It is no SQL.
    pub(super) fn syntax(message: impl Into<String>) -> Self {
        Self::new("42601", message)
    }

    /// A value that is not of its type.
    pub(super) fn bad_value(kind: &str, text: &str) -> Self {
        Self::new("22P02", format!("invalid input for type {kind}: \"{text}\""))
    }
}

impl From<Refusal> for ErrorInfo {
    fn from(refusal: Refusal) -> Self {
        Self::new("ERROR".to_owned(), refusal.code.to_owned(), refusal.message)
    }
}

impl From<Refusal> for PgWireError {
    fn from(refusal: Refusal) -> Self {
        Self::UserError(Box::new(refusal.into()))
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        let message = match &error {
            rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
            rusqlite::Error::SqlInputError { msg, .. } => return by_words(msg.clone()),
            _ => error.to_string(),
        };
        let Some(failure) = error.sqlite_error() else { return Self::new("XX000", message) };
        match failure.code {
            ErrorCode::ConstraintViolation => constraint(failure.extended_code, &message),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::new(
                "40001",
                "could not serialize access: another transaction wrote after this one had begun to read",
            ),
            ErrorCode::OperationInterrupted => Self::new("57014", "canceling statement due to user request"),
            ErrorCode::OutOfMemory => Self::new("53200", "out of memory"),
            ErrorCode::DiskFull => Self::new("53100", "the disk is full"),
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => Self::new("58030", format!("file error: {message}")),
            ErrorCode::TooBig => Self::new("54000", "a value is too large"),
            ErrorCode::TypeMismatch => Self::new("42804", message),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::new("XX001", message),
            _ => by_words(message),
        }
    }
}

fn constraint(extended: i32, message: &str) -> Refusal {
    // As in "UNIQUE constraint failed: orders.key".
    let of = message.split_once(": ").map_or("", |(_, of)| of);
    match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Refusal::new("23505", format!("duplicate key value violates the unique constraint on {of}"))
        }
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            Refusal::new("23502", format!("null value in column {of} violates its not-null constraint"))
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Refusal::new("23503", "a row refers to one that is not there"),
        ffi::SQLITE_CONSTRAINT_CHECK => match of.strip_prefix(CHECKED) {
            Some(kind) => Refusal::new("22P02", format!("a value is not of the column's type, {kind}")),
            None => Refusal::new("23514", format!("a row violates the check constraint {of}")),
        },
        _ => Refusal::new("23000", message),
    }
}

/// SQLite has one code for everything that is wrong with a statement; its sentences tell which it is.
fn by_words(message: String) -> Refusal {
    const WORDS: [(&str, &str); 13] = [
        ("no such table", "42P01"),
        ("no such view", "42P01"),
        ("no such column", "42703"),
        ("has no column named", "42703"),
        ("no such function", "42883"),
        ("wrong number of arguments", "42883"),
        ("no such index", "42704"),
        ("no such savepoint", "3B001"),
        ("ambiguous column", "42702"),
        ("duplicate column", "42701"),
        ("already exists", "42P07"),
        ("ON CONFLICT clause does not match", "42P10"),
        ("already another table or index", "42P07"),
    ];
    const SYNTAX: [&str; 5] =
        ["syntax error", "incomplete input", "unrecognized token", "values were supplied", "values for"];
    let code = WORDS.iter().find(|(words, _)| message.contains(words)).map(|(_, code)| *code);
    let syntax = || SYNTAX.iter().any(|words| message.contains(words)).then_some("42601");
    Refusal::new(code.or_else(syntax).unwrap_or("42000"), message)
}
