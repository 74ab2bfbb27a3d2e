//! The role cache: a store that speaks RESP, either Brownout's own, built in, or a real `redis-server` under a keeper.
//!
//! The built-in one is made so that redis-cli and client libraries work with their default settings. It keeps
//! everything in memory and never writes a file.

mod commands;
mod glob;
#[cfg(target_os = "linux")]
mod redis_server;
mod resp;
mod server;
mod state;
mod store;
mod transaction;

use tokio::sync::mpsc;

use crate::topology::Engine;
use crate::wire::CacheConfig;

use super::{Context, Failure, Order};
use server::Server;

/// Runs the role until it is told to end.
pub(super) async fn run(
    context: Context,
    revision: u64,
    config: CacheConfig,
    orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    match config.settings.engine {
        Engine::Builtin => run_builtin(context, revision, orders).await,
        #[cfg(target_os = "linux")]
        Engine::Redis => redis_server::run(context, revision, orders).await,
        // Elsewhere the kernel does not end a program together with the one that started it.
        #[cfg(not(target_os = "linux"))]
        Engine::Redis => Err(Failure(format!(
            "node \"{}\" wants engine = \"redis\", which needs Linux: use engine = \"builtin\"",
            context.life.node()
        ))),
    }
}

async fn run_builtin(context: Context, revision: u64, mut orders: mpsc::Receiver<Order>) -> Result<(), Failure> {
    let mut server = Server::bind(context.clone()).await?;
    context.app.applied(revision);
    context.app.ready(Some(server.address()?));
    let mut revisions = Revisions { newest: revision };
    loop {
        let order = tokio::select! {
            () = server.serve() => continue,
            order = orders.recv() => order,
        };
        match order {
            Some(Order::Configure(config)) => revisions.apply(&context, config.revision),
            Some(Order::Settle { .. }) => settle(&context).await,
            Some(Order::Terminate) => break,
            // It has nothing in flight between two requests, so nothing to wait for, and is no keeper.
            Some(Order::Released | Order::Keeper(_)) => {}
            None => return Ok(()),
        }
    }
    context.app.draining();
    server.close().await;
    context.reporter.flush().await;
    context.app.drained().await;
    Ok(())
}

/// Which configuration is applied. A cache has nothing that can change while it runs: another engine is another life.
#[derive(Debug)]
struct Revisions {
    newest: u64,
}

impl Revisions {
    fn apply(&mut self, context: &Context, revision: u64) {
        if revision > self.newest {
            self.newest = revision;
            context.app.applied(revision);
        }
    }
}

async fn settle(context: &Context) {
    context.reporter.flush().await;
    context.app.settled(Vec::new());
}
