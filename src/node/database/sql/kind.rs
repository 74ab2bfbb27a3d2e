//! Tells statements apart: what one does, whether it writes, and which ones are not supported.

use super::lexer::Token;
use crate::node::database::refusal::Refusal;

/// What a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::node::database) enum Kind {
    /// Reads rows; with `FOR UPDATE` nobody else writes until the transaction ends.
    Select {
        /// Whether it locks.
        locks: bool,
        /// Whether it refuses to wait for the lock.
        at_once: bool,
    },
    /// Writes rows; the word is the command tag's.
    Write(&'static str),
    /// Changes what tables there are; the command tag is whole.
    Define(&'static str),
    /// `BEGIN`.
    Begin(Isolation),
    /// `COMMIT`.
    Commit,
    /// `ROLLBACK`.
    Rollback,
    /// `SAVEPOINT`.
    Savepoint(String),
    /// `ROLLBACK TO`.
    RollbackTo(String),
    /// `RELEASE`.
    Release(String),
    /// Sets a setting; the words are its name and value.
    Set(String, String),
    /// Shows a setting.
    Show(String),
    /// `LOCK TABLE`: nobody else writes until the transaction ends.
    Lock,
    /// Has no effect here, and needs none; the command tag.
    Nothing(&'static str),
}

/// What a transaction sees of others that commit while it goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::node::database) enum Isolation {
    /// What was committed before each statement.
    #[default]
    ReadCommitted,
    /// What was committed before its first statement.
    Snapshot,
}

/// Statements of PostgreSQL that are not supported.
const UNSUPPORTED: [&str; 24] = [
    "call",
    "checkpoint",
    "cluster",
    "comment",
    "copy",
    "declare",
    "do",
    "execute",
    "explain",
    "fetch",
    "grant",
    "import",
    "listen",
    "load",
    "merge",
    "move",
    "notify",
    "prepare",
    "reassign",
    "refresh",
    "reindex",
    "revoke",
    "security",
    "unlisten",
];

impl Kind {
    /// The kind of a statement.
    ///
    /// # Errors
    /// It is not supported, or no statement at all.
    pub(super) fn of(tokens: &[Token]) -> Result<Self, Refusal> {
        let words = Words(tokens);
        let Some(Token::Word(first)) = tokens.first() else {
            // A query in parentheses is one, too.
            return match tokens.first() {
                Some(token) if token.is_symbol("(") => Ok(select(tokens)),
                first => Err(syntax(first)),
            };
        };
        Ok(match first.as_str() {
            "select" | "values" | "table" if first != "table" => {
                if words.has_top("into") {
                    return Err(Refusal::unsupported("SELECT INTO"));
                }
                select(tokens)
            }
            "with" => with(tokens)?,
            "insert" => Self::Write("INSERT 0"),
            "update" => Self::Write("UPDATE"),
            "delete" => Self::Write("DELETE"),
            "truncate" => Self::Define("TRUNCATE TABLE"),
            "create" => create(&words)?,
            "drop" => drop_kind(&words)?,
            "alter" if words.at(1, "table") => Self::Define("ALTER TABLE"),
            "begin" => Self::Begin(isolation(&words)),
            "start" if words.at(1, "transaction") => Self::Begin(isolation(&words)),
            "commit" | "end" if words.at(1, "prepared") => return Err(Refusal::unsupported("two-phase commit")),
            "commit" | "end" => Self::Commit,
            "abort" => Self::Rollback,
            "rollback" => match words.name_after("to")? {
                Some(name) => Self::RollbackTo(name),
                None if words.has_top("prepared") => return Err(Refusal::unsupported("two-phase commit")),
                None => Self::Rollback,
            },
            "savepoint" => Self::Savepoint(words.last_name()?),
            "release" => Self::Release(words.last_name()?),
            "set" => set(&words)?,
            "reset" => Self::Nothing("RESET"),
            "show" => Self::Show(tokens[1..].iter().filter_map(Token::name).collect::<Vec<_>>().join("_")),
            "lock" => Self::Lock,
            "discard" => Self::Nothing("DISCARD ALL"),
            "deallocate" => Self::Nothing("DEALLOCATE"),
            "close" => Self::Nothing("CLOSE CURSOR"),
            "analyze" => Self::Nothing("ANALYZE"),
            "vacuum" => Self::Nothing("VACUUM"),
            "alter" | "table" => return Err(Refusal::unsupported(words.beginning())),
            other if UNSUPPORTED.contains(&other) => return Err(Refusal::unsupported(other.to_uppercase())),
            _ => return Err(syntax(tokens.first())),
        })
    }

    /// Whether SQLite does it.
    pub(super) const fn is_for_sqlite(&self) -> bool {
        matches!(self, Self::Select { .. } | Self::Write(_) | Self::Define(_))
    }

    /// Whether nobody else may write meanwhile.
    pub(in crate::node::database) const fn locks(&self) -> bool {
        matches!(
            self,
            Self::Select { locks: true, .. } | Self::Write(_) | Self::Define(_) | Self::Lock | Self::Savepoint(_)
        )
    }

    /// Whether it may run in a transaction that has failed.
    pub(in crate::node::database) const fn ends_failure(&self) -> bool {
        matches!(self, Self::Commit | Self::Rollback | Self::RollbackTo(_))
    }
}

/// A statement's words, with their depth in parentheses in mind.
struct Words<'a>(&'a [Token]);

impl Words<'_> {
    fn at(&self, index: usize, word: &str) -> bool {
        self.0.get(index).is_some_and(|token| token.is(word))
    }

    fn has_top(&self, word: &str) -> bool {
        top(self.0).any(|(_, token)| token.is(word))
    }

    fn beginning(&self) -> String {
        let words: Vec<_> = self.0.iter().take(2).filter_map(Token::name).map(str::to_uppercase).collect();
        words.join(" ")
    }

    fn name_after(&self, word: &str) -> Result<Option<String>, Refusal> {
        if self.has_top(word) { self.last_name().map(Some) } else { Ok(None) }
    }

    fn last_name(&self) -> Result<String, Refusal> {
        let name = self.0.last().filter(|_| self.0.len() > 1).and_then(Token::name);
        name.map(str::to_owned).ok_or_else(|| syntax(self.0.last()))
    }
}

/// The tokens that are in no parentheses, with their places.
pub(super) fn top(tokens: &[Token]) -> impl Iterator<Item = (usize, &Token)> {
    let mut depth = 0_usize;
    tokens.iter().enumerate().filter(move |(_, token)| {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            depth = depth.saturating_sub(1);
        }
        depth == 0
    })
}

/// A syntax error at a token.
pub(super) fn syntax(token: Option<&Token>) -> Refusal {
    let Some(token) = token else { return Refusal::syntax("syntax error at end of input") };
    let mut text = String::new();
    token.write(&mut text);
    Refusal::syntax(format!("syntax error at or near \"{text}\""))
}

/// Where a query's `FOR UPDATE` or the like begins.
pub(super) fn locking_clause(tokens: &[Token]) -> Option<usize> {
    let clause = top(tokens).map(|(at, _)| at).find(|&at| {
        tokens[at].is("for")
            && tokens.get(at + 1).is_some_and(|next| ["update", "share", "no", "key"].iter().any(|word| next.is(word)))
    });
    clause.filter(|&at| at > 0)
}

fn select(tokens: &[Token]) -> Kind {
    let clause = locking_clause(tokens);
    let at_once = clause.is_some_and(|at| tokens[at..].iter().any(|token| token.is("nowait")));
    Kind::Select { locks: clause.is_some(), at_once }
}

fn with(tokens: &[Token]) -> Result<Kind, Refusal> {
    let writes = |token: &Token| ["insert", "update", "delete"].iter().any(|word| token.is(word));
    for (at, token) in tokens.iter().enumerate() {
        if at > 0 && tokens[at - 1].is_symbol("(") && writes(token) {
            return Err(Refusal::unsupported("writing statements in WITH"));
        }
    }
    let main =
        top(tokens).map(|(_, token)| token).find(|token| token.is("select") || token.is("values") || writes(token));
    Ok(match main {
        Some(token) if token.is("insert") => Kind::Write("INSERT 0"),
        Some(token) if token.is("update") => Kind::Write("UPDATE"),
        Some(token) if token.is("delete") => Kind::Write("DELETE"),
        _ => select(tokens),
    })
}

fn create(words: &Words<'_>) -> Result<Kind, Refusal> {
    if words.at(1, "table") || (words.at(1, "unlogged") && words.at(2, "table")) {
        return Ok(Kind::Define("CREATE TABLE"));
    }
    if words.at(1, "index") || (words.at(1, "unique") && words.at(2, "index")) {
        return Ok(Kind::Define("CREATE INDEX"));
    }
    if words.at(1, "view") {
        return Ok(Kind::Define("CREATE VIEW"));
    }
    // There is one schema and one database, whose names are free.
    if words.at(1, "schema") && words.0.last().is_some_and(|name| name.is("public")) {
        return Ok(Kind::Nothing("CREATE SCHEMA"));
    }
    Err(Refusal::unsupported(words.beginning()))
}

fn drop_kind(words: &Words<'_>) -> Result<Kind, Refusal> {
    match words.0.get(1) {
        Some(token) if token.is("table") => Ok(Kind::Define("DROP TABLE")),
        Some(token) if token.is("index") => Ok(Kind::Define("DROP INDEX")),
        Some(token) if token.is("view") => Ok(Kind::Define("DROP VIEW")),
        _ => Err(Refusal::unsupported(words.beginning())),
    }
}

fn isolation(words: &Words<'_>) -> Isolation {
    let is_snapshot = words.has_top("serializable") || words.has_top("repeatable");
    if is_snapshot { Isolation::Snapshot } else { Isolation::ReadCommitted }
}

/// `SET [SESSION | LOCAL] name {TO | =} value`, `SET TIME ZONE value`, `SET TRANSACTION …`.
fn set(words: &Words<'_>) -> Result<Kind, Refusal> {
    let mut rest = &words.0[1..];
    if rest.first().is_some_and(|token| token.is("session") || token.is("local")) {
        rest = &rest[1..];
    }
    let is_value = |token: &Token| !token.is("to") && !token.is_symbol("=");
    let Some(first) = rest.first().and_then(Token::name) else { return Err(syntax(rest.first())) };
    let (name, value) = match first {
        "time" if rest.get(1).is_some_and(|token| token.is("zone")) => ("timezone".to_owned(), &rest[2..]),
        "transaction" | "characteristics" => return Ok(Kind::Nothing("SET")),
        name => (name.to_owned(), &rest[1..]),
    };
    let mut text = String::new();
    for token in value.iter().filter(|token| is_value(token)) {
        match token {
            Token::Text(value) => text.push_str(value),
            Token::Word(_) | Token::Quoted(_) | Token::Number(_) | Token::Parameter(_) | Token::Symbol(_) => {
                token.write(&mut text);
            }
        }
    }
    Ok(Kind::Set(name, text))
}
