//! One client's connection to SQLite and its transaction. Everything here blocks; `session.rs` calls it on a thread
//! that may.

#![expect(clippy::wildcard_enum_match_arm, reason = "in each place a few of the many kinds of statements matter")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use bytes::BytesMut;
use pgwire::api::results::FieldFormat;
use pgwire::messages::data::DataRow;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::refusal::Refusal;
use super::sql::{Isolation, Kind, Shape, SqlType, Statement, Tables};
use super::turns::Turn;
use super::{catalog, value};

/// The most bytes of one result.
const MAX_RESULT: usize = 32 << 20;
/// The most settings that a client can set.
const MAX_SETTINGS: usize = 64;
/// How long a client waits for its turn to write, if it does not set `lock_timeout`.
const PATIENCE: Duration = Duration::from_secs(10);

/// A statement with its types.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    /// The statement.
    pub(super) statement: Statement,
    /// The types of its parameters.
    pub(super) parameters: Vec<SqlType>,
    /// The names and types of its results.
    pub(super) columns: Vec<(String, SqlType)>,
}

/// What became of a statement.
pub(super) enum Outcome {
    /// It answers rows; the word is the command tag's.
    Rows(&'static str, Vec<DataRow>),
    /// It wrote this many rows.
    Wrote(&'static str, usize),
    /// It is done; the command tag.
    Done(&'static str),
    /// A transaction has begun.
    Begun,
    /// The transaction has ended; the command tag.
    Ended(&'static str),
}

#[derive(Debug, Default)]
struct Transaction {
    isolation: Isolation,
    /// Whether SQLite knows of it: not before it is needed, so that one that only reads keeps nobody waiting.
    begun: bool,
    /// A statement failed, so nothing of it can be committed.
    failed: bool,
    /// Of several statements in one message, which are one transaction unless they say otherwise.
    implicit: bool,
    savepoints: Vec<String>,
}

/// One client's connection. When it is dropped SQLite rolls back what is open, and only then is its turn given on.
pub(super) struct Client {
    sqlite: Connection,
    turn: Option<Turn>,
    transaction: Option<Transaction>,
    settings: BTreeMap<String, String>,
}

impl Client {
    /// Opens the file.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub(super) fn open(file: &Path) -> Result<Self, Refusal> {
        Ok(Self { sqlite: catalog::open(file)?, turn: None, transaction: None, settings: BTreeMap::new() })
    }

    /// What ends its running statement from another thread.
    pub(super) fn interrupt(&self) -> rusqlite::InterruptHandle {
        self.sqlite.get_interrupt_handle()
    }

    /// Whether it must wait for its turn before it runs this.
    pub(super) fn needs_turn(&self, kind: &Kind) -> bool {
        let failed = self.transaction.as_ref().is_some_and(|transaction| transaction.failed);
        kind.locks() && self.turn.is_none() && !failed
    }

    /// How long it waits for its turn.
    pub(super) fn patience(&self) -> Duration {
        let set = self.settings.get("lock_timeout").and_then(|text| milliseconds(text)).filter(|ms| *ms > 0);
        set.map_or(PATIENCE, Duration::from_millis)
    }

    /// Its turn has come.
    pub(super) fn give_turn(&mut self, turn: Turn) {
        self.turn = Some(turn);
    }

    /// Whether a transaction of its has failed.
    pub(super) fn has_failed(&self) -> bool {
        self.transaction.as_ref().is_some_and(|transaction| transaction.failed)
    }

    /// Several statements came in one message.
    pub(super) fn begin_implicitly(&mut self) {
        if self.transaction.is_none() {
            self.transaction = Some(Transaction { implicit: true, ..Transaction::default() });
        }
    }

    /// They are over.
    ///
    /// # Errors
    /// They cannot be committed.
    pub(super) fn end_implicitly(&mut self) -> Result<(), Refusal> {
        if self.transaction.as_ref().is_some_and(|transaction| transaction.implicit) {
            self.end(true)?;
        }
        Ok(())
    }

    /// Something about the current statement failed.
    pub(super) fn fail(&mut self) {
        let Some(transaction) = &mut self.transaction else {
            self.turn = None;
            return;
        };
        transaction.failed = true;
        // As in PostgreSQL others need not wait for the client to say ROLLBACK.
        if transaction.savepoints.is_empty() {
            self.roll_back();
        }
    }

    fn roll_back(&mut self) {
        if !self.sqlite.is_autocommit() {
            // It fails only where SQLite has rolled back by itself.
            let _ = self.sqlite.execute_batch("rollback");
        }
        if let Some(transaction) = &mut self.transaction {
            transaction.begun = false;
        }
        self.turn = None;
    }

    /// Finds out the types of a statement's parameters and results.
    ///
    /// # Errors
    /// A table or column is not there, or the statement is no SQL.
    pub(super) fn prepare(&mut self, statement: Statement, given: &[Option<SqlType>]) -> Result<Prepared, Refusal> {
        self.refuse_if_failed(&statement.kind)?;
        let tables = self.tables(&statement)?;
        let shape = Shape { tokens: &statement.tokens, tables: &tables };
        let parameters = shape.parameters(statement.parameters(), given);
        let columns = match &statement.kind {
            Kind::Show(name) => vec![(name.clone(), SqlType::Text)],
            _ if statement.sql.is_empty() => Vec::new(),
            _ => {
                let prepared = self.sqlite.prepare_cached(&statement.sql)?;
                let columns = prepared.columns();
                let (names, declared): (Vec<_>, Vec<_>) =
                    columns.map(|column| (column.name().to_owned(), column.decl_type().map(str::to_owned))).unzip();
                names.into_iter().zip(shape.results(&declared, &parameters)).collect()
            }
        };
        Ok(Prepared { statement, parameters, columns })
    }

    fn tables(&self, statement: &Statement) -> Result<Tables, Refusal> {
        if statement.sql.is_empty() {
            return Ok(Tables::default());
        }
        let mut columns = self.sqlite.prepare_cached("select name, type from pragma_table_info(?1)")?;
        let mut tables = Vec::new();
        for table in Tables::named_in(&statement.tokens) {
            let rows = columns.query_map([&table], |row| {
                let declared: String = row.get(1)?;
                Ok((row.get(0)?, SqlType::of_declaration(&declared)))
            })?;
            tables.push((table, rows.collect::<Result<_, _>>()?));
        }
        Ok(Tables(tables))
    }

    /// Runs a statement; `format` says of each result whether it is wanted as text or binary.
    ///
    /// # Errors
    /// It cannot be done. A transaction that is open has failed with it.
    pub(super) fn run(
        &mut self,
        prepared: &Prepared,
        values: &[Value],
        format: impl Fn(usize) -> FieldFormat,
    ) -> Result<Outcome, Refusal> {
        let outcome = self.try_run(prepared, values, format);
        if outcome.is_err() {
            self.fail();
        } else if self.transaction.is_none() {
            self.turn = None;
        }
        outcome
    }

    fn try_run(
        &mut self,
        prepared: &Prepared,
        values: &[Value],
        format: impl Fn(usize) -> FieldFormat,
    ) -> Result<Outcome, Refusal> {
        let kind = &prepared.statement.kind;
        self.refuse_if_failed(kind)?;
        match kind {
            Kind::Begin(isolation) => {
                let transaction = self.transaction.get_or_insert_default();
                transaction.implicit = false;
                transaction.isolation = *isolation;
                Ok(Outcome::Begun)
            }
            Kind::Commit => self.end(true),
            Kind::Rollback => self.end(false),
            Kind::Savepoint(name) => self.savepoint(name),
            Kind::RollbackTo(name) => self.roll_back_to(name),
            Kind::Release(name) => self.release(name),
            Kind::Set(name, value) => self.set(name, value),
            Kind::Show(name) => self.show(name, format(0)),
            Kind::Lock => {
                self.in_transaction("LOCK TABLE")?;
                self.begin(true)?;
                Ok(Outcome::Done("LOCK TABLE"))
            }
            Kind::Nothing(tag) => Ok(Outcome::Done(tag)),
            Kind::Select { .. } | Kind::Write(_) | Kind::Define(_) => {
                self.begin(kind.locks())?;
                self.query(prepared, values, format)
            }
        }
    }

    fn refuse_if_failed(&self, kind: &Kind) -> Result<(), Refusal> {
        if self.has_failed() && !kind.ends_failure() {
            return Err(Refusal::new(
                "25P02",
                "current transaction is aborted, commands ignored until end of transaction block",
            ));
        }
        Ok(())
    }

    fn in_transaction(&self, what: &str) -> Result<(), Refusal> {
        match &self.transaction {
            Some(transaction) if !transaction.implicit => Ok(()),
            _ => Err(Refusal::new("25P01", format!("{what} can only be used in transaction blocks"))),
        }
    }

    /// Begins the open transaction in SQLite when a statement needs it.
    fn begin(&mut self, writes: bool) -> Result<(), Refusal> {
        let Some(transaction) = &mut self.transaction else { return Ok(()) };
        if !transaction.begun && (writes || transaction.isolation == Isolation::Snapshot) {
            self.sqlite.execute_batch(if writes { "begin immediate" } else { "begin" })?;
            transaction.begun = true;
        }
        Ok(())
    }

    fn end(&mut self, commits: bool) -> Result<Outcome, Refusal> {
        let transaction = self.transaction.take().unwrap_or_default();
        let commits = commits && !transaction.failed;
        let committed = if commits && transaction.begun { self.sqlite.execute_batch("commit") } else { Ok(()) };
        self.roll_back();
        committed?;
        Ok(Outcome::Ended(if commits { "COMMIT" } else { "ROLLBACK" }))
    }

    fn savepoint(&mut self, name: &str) -> Result<Outcome, Refusal> {
        self.in_transaction("SAVEPOINT")?;
        self.begin(true)?;
        self.sqlite.execute_batch(&format!("savepoint {}", quoted(name)))?;
        if let Some(transaction) = &mut self.transaction {
            transaction.savepoints.push(name.to_owned());
        }
        Ok(Outcome::Done("SAVEPOINT"))
    }

    fn known_savepoint(&mut self, name: &str, what: &str) -> Result<(&mut Transaction, usize), Refusal> {
        self.in_transaction(what)?;
        let refusal = || Refusal::new("3B001", format!("savepoint \"{name}\" does not exist"));
        let transaction = self.transaction.as_mut().ok_or_else(refusal)?;
        let at = transaction.savepoints.iter().rposition(|known| known == name).ok_or_else(refusal)?;
        Ok((transaction, at))
    }

    fn roll_back_to(&mut self, name: &str) -> Result<Outcome, Refusal> {
        let (transaction, at) = self.known_savepoint(name, "ROLLBACK TO SAVEPOINT")?;
        transaction.savepoints.truncate(at + 1);
        self.sqlite.execute_batch(&format!("rollback to {}", quoted(name)))?;
        if let Some(transaction) = &mut self.transaction {
            transaction.failed = false;
        }
        Ok(Outcome::Done("ROLLBACK"))
    }

    fn release(&mut self, name: &str) -> Result<Outcome, Refusal> {
        let (transaction, at) = self.known_savepoint(name, "RELEASE SAVEPOINT")?;
        transaction.savepoints.truncate(at);
        self.sqlite.execute_batch(&format!("release {}", quoted(name)))?;
        Ok(Outcome::Done("RELEASE"))
    }

    fn set(&mut self, name: &str, value: &str) -> Result<Outcome, Refusal> {
        if name == "lock_timeout" && milliseconds(value).is_none() {
            return Err(Refusal::new("22023", format!("invalid value for parameter \"lock_timeout\": \"{value}\"")));
        }
        if !self.settings.contains_key(name) && self.settings.len() >= MAX_SETTINGS {
            return Err(Refusal::new("53400", format!("at most {MAX_SETTINGS} settings can be set")));
        }
        self.settings.insert(name.to_owned(), value.to_owned());
        Ok(Outcome::Done("SET"))
    }

    fn show(&self, name: &str, format: FieldFormat) -> Result<Outcome, Refusal> {
        let isolation = self.transaction.as_ref().map(|transaction| transaction.isolation).unwrap_or_default();
        let value = match (self.settings.get(name).map(String::as_str), name) {
            (Some(value), _) => value,
            (None, "server_version") => "15.0",
            (None, "server_encoding" | "client_encoding") => "UTF8",
            (None, "standard_conforming_strings" | "integer_datetimes") => "on",
            (None, "timezone" | "time_zone") => "UTC",
            (None, "datestyle") => "ISO, YMD",
            (None, "search_path") => "public",
            (None, "lock_timeout") => "10s",
            (None, "transaction_isolation" | "transaction_isolation_level") if isolation == Isolation::Snapshot => {
                "serializable"
            }
            (None, "transaction_isolation" | "transaction_isolation_level" | "default_transaction_isolation") => {
                "read committed"
            }
            (None, _) => {
                return Err(Refusal::new("42704", format!("unrecognized configuration parameter \"{name}\"")));
            }
        };
        let mut row = BytesMut::new();
        value::encode(SqlType::Text, format, rusqlite::types::ValueRef::Text(value.as_bytes()), &mut row)?;
        Ok(Outcome::Rows("SHOW", vec![DataRow::new(row, 1)]))
    }

    fn query(
        &self,
        prepared: &Prepared,
        values: &[Value],
        format: impl Fn(usize) -> FieldFormat,
    ) -> Result<Outcome, Refusal> {
        let mut statement = self.sqlite.prepare_cached(&prepared.statement.sql)?;
        if statement.column_count() != prepared.columns.len() {
            return Err(Refusal::new("0A000", "cached plan must not change result type"));
        }
        let wanted = statement.parameter_count();
        if values.len() < wanted {
            let message = format!("the statement has {wanted} parameters, but {} values came", values.len());
            return Err(Refusal::new("08P01", message));
        }
        for (at, value) in values.iter().take(wanted).enumerate() {
            statement.raw_bind_parameter(at + 1, value)?;
        }
        if prepared.columns.is_empty() {
            let rows = statement.raw_execute()?;
            return Ok(match prepared.statement.kind {
                Kind::Write(tag) => Outcome::Wrote(tag, rows),
                Kind::Define(tag) => Outcome::Done(tag),
                _ => Outcome::Done("SELECT 0"),
            });
        }
        let (mut answered, mut size) = (Vec::new(), 0);
        let count = i16::try_from(prepared.columns.len()).map_err(|_| Refusal::new("54011", "too many columns"))?;
        let mut buffer = BytesMut::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            for (at, (_, kind)) in prepared.columns.iter().enumerate() {
                value::encode(*kind, format(at), row.get_ref(at)?, &mut buffer)?;
            }
            size += buffer.len() + size_of::<DataRow>();
            if size > MAX_RESULT {
                let message = format!("the result is larger than {} MiB: ask for less with LIMIT", MAX_RESULT >> 20);
                return Err(Refusal::new("54000", message));
            }
            answered.push(DataRow::new(buffer.split(), count));
        }
        Ok(Outcome::Rows(
            match prepared.statement.kind {
                Kind::Write(tag) => tag,
                _ => "SELECT",
            },
            answered,
        ))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `500`, `500ms`, `2s` or `1min`, as settings have it.
fn milliseconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim() {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        _ => return None,
    };
    number.checked_mul(unit)
}
