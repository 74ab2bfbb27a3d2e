//! One connection to a database, with the statements that it has prepared.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Row, Statement};

use crate::topology::LifeId;

/// One connection. Dropping it ends it.
pub(super) struct Line {
    pub(super) life: LifeId,
    client: Client,
    prepared: BTreeMap<String, Statement>,
    /// Whether an answer is still under way that nobody waits for any more.
    spoilt: bool,
}

impl Line {
    /// Connects to a life of a database. There a statement waits for a lock at most so long: it must not be done after
    /// whoever asked has given up.
    pub(super) async fn open(life: LifeId, address: SocketAddr, lock_patience: Duration) -> Result<Self, Error> {
        let mut config = Config::new();
        config.hostaddr(address.ip()).port(address.port()).user("app").dbname("app").application_name("brownout");
        let (client, connection) = config.connect(NoTls).await?;
        // It ends when the client is dropped or the database goes.
        tokio::task::spawn_local(async move {
            let _ = connection.await;
        });
        client.batch_execute(&format!("SET lock_timeout = {}", lock_patience.as_millis())).await?;
        Ok(Self { life, client, prepared: BTreeMap::new(), spoilt: false })
    }

    /// Whether nothing can be asked over it any more.
    pub(super) fn is_closed(&self) -> bool {
        self.spoilt || self.client.is_closed()
    }

    /// Never to be used again.
    pub(super) fn spoil(&mut self) {
        self.spoilt = true;
    }

    /// Sends a statement and reads its rows.
    pub(super) async fn ask(&mut self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Error> {
        if parameters.is_empty() {
            return self.client.batch_execute(sql).await.map(|()| Vec::new());
        }
        let statement = match self.prepared.get(sql) {
            Some(statement) => statement.clone(),
            None => {
                let statement = self.client.prepare(sql).await?;
                self.prepared.insert(sql.to_owned(), statement.clone());
                statement
            }
        };
        self.client.query(&statement, parameters).await
    }

    /// Sends several statements without parameters.
    pub(super) async fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).await
    }
}

/// What went wrong, in the database's own words where it said something.
pub(super) fn words(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} (SQLSTATE {})", said.message(), said.code().code()),
        None => error.to_string(),
    }
}
