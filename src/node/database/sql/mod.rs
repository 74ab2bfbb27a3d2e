//! PostgreSQL's SQL as SQLite's: cut into tokens, told apart by kind, written anew. No connection, no IO.

mod columns;
mod expression;
mod kind;
mod lexer;
mod rewrite;
mod shape;
#[cfg(test)]
mod tests;
pub(super) mod types;

pub(super) use kind::{Isolation, Kind};
pub(super) use lexer::{Token, statements};
pub(super) use shape::{Shape, Tables};
pub(super) use types::SqlType;

use super::refusal::Refusal;

/// What the server says of itself and of who is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Names {
    /// The user that the client named.
    pub(super) user: String,
    /// The database that the client named.
    pub(super) database: String,
}

/// The version that `version()` tells.
pub(super) const VERSION: &str =
    concat!("PostgreSQL 15.0 (Brownout ", env!("CARGO_PKG_VERSION"), ", the built-in database over SQLite)");

/// A statement that can be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// What it does.
    pub(super) kind: Kind,
    /// The statement in PostgreSQL's words.
    pub(super) tokens: Vec<Token>,
    /// The same for SQLite; empty where the server itself does it.
    pub(super) sql: String,
}

impl Statement {
    /// Understands one statement.
    ///
    /// # Errors
    /// It is no SQL, or not supported.
    pub(super) fn new(tokens: Vec<Token>, names: &Names) -> Result<Self, Refusal> {
        let kind = Kind::of(&tokens)?;
        let sql = if kind.is_for_sqlite() { rewrite::rewrite(&kind, &tokens, names)? } else { String::new() };
        Ok(Self { kind, tokens, sql })
    }

    /// The highest number of its parameters.
    pub(super) fn parameters(&self) -> usize {
        let numbers = self.tokens.iter().filter_map(|token| match token {
            Token::Parameter(number) => Some(usize::from(*number)),
            Token::Word(_) | Token::Quoted(_) | Token::Text(_) | Token::Number(_) | Token::Symbol(_) => None,
        });
        numbers.max().unwrap_or(0)
    }
}
