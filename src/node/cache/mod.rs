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

use super::{Context, Failure, Order, builtin};
use server::Server;

/// Runs the role until it is told to end.
pub(super) async fn run(
    context: Context,
    revision: u64,
    config: CacheConfig,
    orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    match config.settings.engine {
        Engine::Builtin => {
            let server = Server::bind(context.clone()).await?;
            builtin::run(context, revision, server, orders).await
        }
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
