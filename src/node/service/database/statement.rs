//! The SQL of the steps, and of the tables. Table names can stand in it as they are; everything else is a parameter.

use std::collections::BTreeSet;

use crate::topology::{DbOp, DbStep, Step, TableName};
use crate::wire::{ServiceConfig, StoreProtocol};

/// Makes every table that a service uses, unless it is there.
pub(super) fn schema(config: &ServiceConfig) -> String {
    let steps = config.modules.iter().flat_map(|module| &module.operations).flat_map(|it| &it.steps);
    let tables: BTreeSet<&TableName> =
        steps.filter_map(|step| if let Step::Db { db } = step { Some(&db.table) } else { None }).collect();
    let is_store = config.store.as_ref().is_some_and(|store| store.protocol == StoreProtocol::Postgres);
    let keeps_sessions = is_store || config.leaves_database;
    let sessions = keeps_sessions.then(|| MAKE_SESSIONS.to_owned());
    tables.into_iter().map(make).chain([MAKE_SAGAS.to_owned()]).chain(sessions).collect()
}

fn make(table: &TableName) -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS {table} (key text PRIMARY KEY, version bigint NOT NULL, \
         written timestamptz NOT NULL);"
    )
}

/// Makes the log of sagas, unless it is there. `lease` is the run time, in microseconds, until which its owner is left
/// alone with it.
const MAKE_SAGAS: &str = "CREATE TABLE IF NOT EXISTS brownout_sagas (id text PRIMARY KEY, \
     operation text NOT NULL, state text NOT NULL, done bigint NOT NULL, lease bigint NOT NULL, owner text NOT NULL, \
     trace text NOT NULL, client bigint NOT NULL, item text NOT NULL);";

/// Makes the table of sessions, unless it is there. `expires` is the run time, in microseconds, from which on a session is
/// as good as gone; `items` are in the order in which they came.
const MAKE_SESSIONS: &str = "CREATE TABLE IF NOT EXISTS brownout_sessions (id text PRIMARY KEY, client bigint, \
     items text NOT NULL, version bigint NOT NULL, expires bigint NOT NULL);";

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
