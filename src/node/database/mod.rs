//! The role database: a store that speaks the PostgreSQL protocol, either Brownout's own, built in over SQLite, or a
//! real PostgreSQL under a keeper.
//!
//! The data is in a folder that outlives this process, until the run is over or its data is taken away.

mod catalog;
mod client;
mod holdings;
#[cfg(target_os = "linux")]
mod postgres;
mod refusal;
mod server;
mod session;
mod sql;
#[cfg(test)]
mod tests;
mod time;
mod turns;
mod value;

use tokio::sync::mpsc;

use crate::topology::DatabaseEngine;
use crate::wire::DatabaseConfig;

use super::{Context, Failure, Order, builtin};
use server::Server;

/// Runs the role until it is told to end.
pub(super) async fn run(
    context: Context,
    revision: u64,
    config: DatabaseConfig,
    orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    match config.settings.engine {
        DatabaseEngine::Builtin => run_builtin(context, revision, config, orders).await,
        #[cfg(target_os = "linux")]
        DatabaseEngine::Postgres => postgres::run(context, revision, config, orders).await,
        // Elsewhere the kernel does not end a program together with the one that started it.
        #[cfg(not(target_os = "linux"))]
        DatabaseEngine::Postgres => Err(Failure(format!(
            "node \"{}\" wants engine = \"postgres\", which needs Linux: use engine = \"builtin\"",
            context.life.node()
        ))),
    }
}

async fn run_builtin(
    context: Context,
    revision: u64,
    config: DatabaseConfig,
    orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    let (server, own) = Server::open(&config.folder).await?;
    let counting = tokio::task::spawn_local(holdings::count_sqlite(context.app.clone(), own));
    let ended = builtin::run(context, revision, server, orders).await;
    counting.abort();
    ended
}
