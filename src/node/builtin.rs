//! What the built-in stores have in common: a server in this process, from its start until it is told to end. Knows
//! nothing of what it serves.

use std::net::SocketAddr;

use tokio::sync::mpsc;

use super::{Context, Failure, Order};

/// A server with a port of its own.
pub(super) trait Serve {
    /// Where it listens.
    fn address(&self) -> Result<SocketAddr, Failure>;

    /// Takes clients and serves them, for as long as the future is polled.
    async fn serve(&mut self);

    /// Stops listening, and ends what goes on.
    async fn close(self);
}

/// Serves until the app says that it is to end, or is gone.
pub(super) async fn run(
    context: Context,
    mut revision: u64,
    mut server: impl Serve,
    mut orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    context.app.applied(revision);
    context.app.ready(Some(server.address()?));
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
    server.close().await;
    context.reporter.flush().await;
    context.app.drained().await;
    Ok(())
}

async fn settle(context: Context) {
    context.reporter.flush().await;
    context.app.settled(Vec::new());
}
