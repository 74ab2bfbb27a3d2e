//! The gateway: a reverse proxy and load balancer for HTTP/1.1. It forwards bytes and rewrites only heads; it observes
//! failures and says so, but never infers them; it keeps no state of a user except in that user's own cookies. Of who
//! comes from outside it knows a few, to show them.

use std::io::ErrorKind;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout, timeout_at};

use crate::wire::{GatewayConfig, RoleConfig};

use super::{Context, Failure, Order};
use limits::Limits;
use routes::Shared;

mod affinity;
mod answer;
mod attempt;
mod body;
mod client;
mod forward;
mod head;
mod health;
mod limits;
mod own;
mod page;
mod pool;
mod routes;
mod socket;
#[cfg(test)]
mod tests;
mod visitors;

/// How long a gateway that was asked to end finishes what it has.
const DRAIN: Duration = Duration::from_secs(5);
/// How long accepting pauses when the process has no descriptor left; those in use come free meanwhile.
const BREATHER: Duration = Duration::from_millis(10);
/// How many clients are told at once that there is no place for them.
const REFUSALS: usize = 64;

/// Runs the gateway until it is released, or has waited for that long enough.
///
/// # Errors
/// When it cannot listen.
pub(super) async fn run(
    context: Context,
    revision: u64,
    config: GatewayConfig,
    orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    run_within(Limits::of_process(limits::descriptors()), context, revision, config, orders).await
}

/// Runs the gateway with these limits for its clients.
async fn run_within(
    limits: Limits,
    context: Context,
    mut revision: u64,
    config: GatewayConfig,
    mut orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    let cannot_listen = |error| Failure(format!("gateway {} cannot listen on 127.0.0.1: {error}", context.life));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let shared = Rc::new(Shared::new(context.clone(), limits));
    shared.configure(config);
    let _tasks = Tasks(vec![
        tokio::task::spawn_local(accept(shared.clone(), listener)),
        tokio::task::spawn_local(health::watch(shared.clone())),
        tokio::task::spawn_local(visitors::report(shared.clone())),
    ]);
    context.app.applied(revision);
    context.app.ready(Some(address));
    while let Some(order) = orders.recv().await {
        match order {
            Order::Configure(config) => apply(&shared, &mut revision, *config),
            Order::Settle { .. } => {
                context.reporter.flush().await;
                context.app.settled(Vec::new());
            }
            Order::Terminate => {
                drain(&shared, &mut revision, &mut orders).await;
                break;
            }
            Order::Released => {
                let _ = timeout(DRAIN, shared.idle()).await;
                break;
            }
            Order::Keeper(_) => {}
        }
    }
    context.reporter.flush().await;
    context.app.drained().await;
    Ok(())
}

fn apply(shared: &Shared, revision: &mut u64, config: crate::wire::NodeConfig) {
    if config.revision <= *revision {
        return;
    }
    if let RoleConfig::Gateway(gateway) = config.role {
        shared.configure(gateway);
        *revision = config.revision;
        shared.context.app.applied(*revision);
    }
}

/// Goes on serving until nobody sends here any more and nothing is in flight, or time is up.
async fn drain(shared: &Shared, revision: &mut u64, orders: &mut mpsc::Receiver<Order>) {
    shared.draining.set(true);
    shared.context.app.draining();
    let deadline = tokio::time::Instant::now() + DRAIN;
    while let Ok(Some(order)) = timeout_at(deadline, orders.recv()).await {
        match order {
            Order::Configure(config) => apply(shared, revision, *config),
            Order::Settle { .. } => {
                shared.context.reporter.flush().await;
                shared.context.app.settled(Vec::new());
            }
            Order::Released => break,
            Order::Terminate | Order::Keeper(_) => {}
        }
    }
    let _ = timeout_at(deadline, shared.idle()).await;
}

/// Tasks that end with the role.
struct Tasks(Vec<JoinHandle<()>>);

impl Drop for Tasks {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// Takes connections for as long as the gateway runs. Those beyond the limit are turned away; beyond what can be told
/// so at once, they are closed without a word.
async fn accept(shared: Rc<Shared>, listener: TcpListener) {
    let places = Arc::new(Semaphore::new(shared.limits.clients));
    let refusals = Arc::new(Semaphore::new(REFUSALS));
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let (shared, peer) = (shared.clone(), peer.ip().to_string());
                if let Ok(place) = places.clone().try_acquire_owned() {
                    tokio::task::spawn_local(async move {
                        client::serve(shared, stream, peer).await;
                        drop(place);
                    });
                } else if let Ok(refusal) = refusals.clone().try_acquire_owned() {
                    tokio::task::spawn_local(async move {
                        client::turn_away(stream).await;
                        drop(refusal);
                    });
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(_) => sleep(BREATHER).await,
        }
    }
}
