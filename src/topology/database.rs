//! Nodes that keep data: a database's settings, what an operation does to a table, and what is audited afterwards.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::{BadId, ModuleName};
use super::node::Restart;
use super::text::as_text;

/// Settings of a `database` node: one process that speaks the PostgreSQL protocol. Its data outlives its process for as
/// long as the run goes on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Which program keeps the data.
    pub engine: DatabaseEngine,
    /// When a process that died is followed by the next.
    pub restart: Restart,
}

/// Which program a database node runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseEngine {
    /// Brownout's own server: the PostgreSQL protocol over SQLite.
    #[default]
    Builtin,
    /// A real PostgreSQL, which must be installed.
    Postgres,
}

/// One statement on the database that is linked to the node: `db = { op = "insert", table = "orders" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DbStep {
    /// What is done.
    pub op: DbOp,
    /// To which table. It is made when it is first needed, with the columns `key`, `version` and `written`.
    pub table: TableName,
    /// Which row.
    #[serde(default)]
    pub key: DbKey,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DbOp {
    /// Writes a new row; a row of that key stays as it is, so that twice is once.
    Insert,
    /// Writes the row anew, and makes it if it is not there: its `version` grows by one.
    Update,
    /// Reads the row, which need not be there.
    #[default]
    Read,
    /// Takes the row out, which need not be there.
    Delete,
}

impl DbOp {
    /// Whether the data stays as it was.
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::Read)
    }
}

/// What a row is found by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DbKey {
    /// The user's intention: the same in every call that a request makes and in each repetition.
    #[default]
    Request,
    /// The user; of a visitor from outside the session, or, without one, the request.
    User,
    /// The item that the request carries, or, without one, the request.
    Item,
    /// One row for everybody: a hot spot.
    One,
}

fn is_table(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_lowercase())
        && text.len() <= 63
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The name of a table, such as `charges`: it can stand in SQL as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableName(Arc<str>);

impl TableName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for TableName {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let expected = "a table's name: at most 63 lower-case letters, digits and underscores, starting with a letter";
        if is_table(text) { Ok(Self(text.into())) } else { Err(BadId { text: text.to_owned(), expected }) }
    }
}
as_text!(TableName, "TableName", "^[a-z][a-z0-9_]{0,62}$");

/// A table of a module, written `payments.charges`: it is in the database of whichever node hosts the module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TablePath {
    /// The module that writes the table.
    pub module: ModuleName,
    /// The table.
    pub table: TableName,
}

impl fmt::Display for TablePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.table)
    }
}

impl FromStr for TablePath {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId { text: text.to_owned(), expected: "a module's table, as in payments.charges" };
        let (module, table) = text.split_once('.').ok_or_else(bad)?;
        Ok(Self { module: module.parse().map_err(|_| bad())?, table: table.parse().map_err(|_| bad())? })
    }
}
as_text!(TablePath, "TablePath", "^[a-z][a-z0-9-]*\\.[a-z][a-z0-9_]*$");

/// One `[[audit]]`: after everything has settled the databases are read, and every row of one table that has no partner
/// of the same key in another is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// What it is called, as the metric `audit.unmatched` takes it in `of`.
    pub name: ModuleName,
    /// Every row of this table …
    pub each: TablePath,
    /// … should have a row of the same key in this one.
    pub has: TablePath,
    /// The column that is compared.
    #[serde(default = "key_column")]
    pub key: TableName,
    /// What it means when every row has its partner, in words for people.
    #[serde(default)]
    pub says: String,
}

/// The column that is compared where an audit names none.
pub fn key_column() -> TableName {
    TableName("key".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_can_stand_in_sql_as_they_are() {
        for text in ["orders", "order_lines2"] {
            assert_eq!(text.parse::<TableName>().map(|name| name.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "Orders", "2orders", "order-lines", "o'r", "a\"b", &"a".repeat(64)] {
            assert!(text.parse::<TableName>().is_err(), "{text:?}");
        }
        assert_eq!("payments.charges".parse::<TablePath>().map(|path| path.to_string()), Ok("payments.charges".into()));
    }
}
