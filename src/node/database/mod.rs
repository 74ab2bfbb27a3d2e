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

use super::{Context, Failure, Order};
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
    mut revision: u64,
    config: DatabaseConfig,
    mut orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    let (mut server, own) = Server::open(&config.folder).await?;
    context.app.applied(revision);
    context.app.ready(Some(server.address()?));
    let counting = tokio::task::spawn_local(holdings::count_sqlite(context.app.clone(), own));
    loop {
        let order = tokio::select! {
            () = server.serve() => continue,
            order = orders.recv() => order,
        };
        match order {
            // There is nothing in it that could change while this life runs: another engine is another life.
            Some(Order::Configure(config)) if config.revision > revision => {
                revision = config.revision;
                context.app.applied(revision);
            }
            // Beside the serving, which goes on until the end.
            Some(Order::Settle { .. }) => drop(tokio::task::spawn_local(settle(context.clone()))),
            Some(Order::Terminate) => break,
            // Those who sent here have open connections still, which end with it; and this is no keeper.
            Some(Order::Configure(_) | Order::Released | Order::Keeper(_)) => {}
            None => return Ok(()),
        }
    }
    context.app.draining();
    counting.abort();
    server.close().await;
    context.reporter.flush().await;
    context.app.drained().await;
    Ok(())
}

async fn settle(context: Context) {
    context.reporter.flush().await;
    context.app.settled(Vec::new());
}
