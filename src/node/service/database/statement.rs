//! The SQL of the steps. Table names can stand in it as they are; everything else is a parameter.

use crate::topology::{DbOp, DbStep, TableName};

/// Makes a table, unless it is there.
pub(super) fn make(table: &TableName) -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS {table} (key text PRIMARY KEY, version bigint NOT NULL, \
         written timestamptz NOT NULL);"
    )
}

/// Makes the log of sagas, unless it is there. `lease` is the run time, in microseconds, until which its owner is left
/// alone with it.
pub(super) const MAKE_SAGAS: &str = "CREATE TABLE IF NOT EXISTS brownout_sagas (id text PRIMARY KEY, \
     operation text NOT NULL, state text NOT NULL, done bigint NOT NULL, lease bigint NOT NULL, owner text NOT NULL, \
     trace text NOT NULL, client bigint NOT NULL, item text NOT NULL);";

/// The statement of a step. `$1` is the key.
pub(super) fn of(step: &DbStep) -> String {
    let table = &step.table;
    match step.op {
        DbOp::Insert => {
            format!("INSERT INTO {table} (key, version, written) VALUES ($1, 1, now()) ON CONFLICT (key) DO NOTHING")
        }
        DbOp::Update => format!(
            "INSERT INTO {table} (key, version, written) VALUES ($1, 1, now()) \
             ON CONFLICT (key) DO UPDATE SET version = {table}.version + 1, written = now()"
        ),
        DbOp::Read => format!("SELECT version FROM {table} WHERE key = $1"),
        DbOp::Delete => format!("DELETE FROM {table} WHERE key = $1"),
    }
}
