//! Where a service listens: at a port that the system chooses, or, with a stable address, at the one that the slot's last
//! life had.
//!
//! The next life simply binds the same port again. On Unix `SO_REUSEADDR` (which tokio sets) allows that while closed
//! connections of the last life are still in TIME_WAIT; meanwhile a connection is refused, as it should be where nobody
//! listens. A reservation held by the app (`SO_REUSEPORT`, bound and not listening) would also keep strangers out, at the
//! price of a socket for each slot in the app; instead, a port that a stranger took is given up, openly.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use crate::node::AppLink;
use crate::node::Failure;
use crate::node::log::Level;

/// How long the port of the last life is tried: the kernel may take a moment to close what that life left.
const PATIENCE: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(10);

/// Listens.
///
/// # Errors
/// When the system has no port at all.
pub(super) async fn listen(app: &AppLink, port: Option<u16>) -> Result<TcpListener, Failure> {
    if let Some(port) = port {
        match again(port).await {
            Ok(listener) => return Ok(listener),
            Err(error) => app.log(
                Level::Warning,
                &format!("port {port}, where the last life listened, cannot be had again ({error}): a new one is used"),
            ),
        }
    }
    let no_port = |error: std::io::Error| Failure(format!("cannot listen on 127.0.0.1: {error}"));
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(no_port)
}

async fn again(port: u16) -> std::io::Result<TcpListener> {
    let until = Instant::now() + PATIENCE;
    loop {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Err(_) if Instant::now() < until => sleep(PAUSE).await,
            bound => return bound,
        }
    }
}
