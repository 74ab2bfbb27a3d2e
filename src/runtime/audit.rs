//! Reads two tables and counts the rows of one that have no partner in the other. Only reads, and only when a run has
//! settled.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, Error, NoTls};

use crate::control::Audited;
use crate::topology::{Audit, TableName};

/// How long one database may take.
const PATIENCE: Duration = Duration::from_secs(4);
/// More keys than this are not compared: a run writes some thousands.
const MOST_ROWS: usize = 1_000_000;
/// How many keys without a partner are named.
const EXAMPLES: usize = 10;

/// Does an audit. The error is what could not be read, in words.
pub(super) async fn read(audit: &Audit, each: SocketAddr, has: SocketAddr) -> Result<Audited, String> {
    let rows = keys(each, &audit.each.table, &audit.key).await.map_err(|why| format!("{}: {why}", audit.each))?;
    let partners = keys(has, &audit.has.table, &audit.key).await.map_err(|why| format!("{}: {why}", audit.has))?;
    let unmatched: Vec<&String> = rows.difference(&partners).collect();
    Ok(Audited {
        rows: rows.len() as u64,
        unmatched: unmatched.len() as u64,
        examples: unmatched.into_iter().take(EXAMPLES).cloned().collect(),
    })
}

async fn keys(address: SocketAddr, table: &TableName, column: &TableName) -> Result<BTreeSet<String>, String> {
    let asked = timeout(PATIENCE, query(address, table, column)).await;
    let keys = match asked {
        Err(_) => return Err(format!("no answer within {} s", PATIENCE.as_secs())),
        // Nothing was ever written there.
        Ok(Err(error)) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => Vec::new(),
        Ok(Err(error)) => {
            return Err(error.as_db_error().map_or_else(|| error.to_string(), |said| said.message().to_owned()));
        }
        Ok(Ok(keys)) => keys,
    };
    if keys.len() > MOST_ROWS {
        Err(format!("it has more than {MOST_ROWS} rows"))
    } else {
        Ok(keys.into_iter().collect())
    }
}

async fn query(address: SocketAddr, table: &TableName, column: &TableName) -> Result<Vec<String>, Error> {
    let mut config = Config::new();
    config.hostaddr(address.ip()).port(address.port()).user("app").dbname("app").application_name("brownout audit");
    let (client, connection) = config.connect(NoTls).await?;
    let serving = tokio::task::spawn_local(async move {
        let _ = connection.await;
    });
    // Names of tables and columns can stand in SQL as they are.
    let rows = client.query(&format!("SELECT {column} FROM {table} LIMIT {}", MOST_ROWS + 1), &[]).await;
    drop(client);
    serving.abort();
    rows?.iter().map(|row| row.try_get(0)).collect()
}
