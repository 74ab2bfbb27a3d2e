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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::app_link;
    use crate::node::log::Log;
    use crate::wire::Bootstrap;
    use tokio::net::TcpStream;

    #[test]
    fn a_port_is_had_again_at_once_and_one_that_is_taken_is_given_up() {
        super::super::tests::rig::on_one_thread(async {
            let app = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let bootstrap = Bootstrap {
                protocol: crate::wire::PROTOCOL,
                control: app.local_addr().unwrap(),
                token: "secret".to_owned(),
                life: "shop.1#2".parse().unwrap(),
                parent_pid: 0,
            };
            let (link, _messages) = app_link::dial(&bootstrap, Log::default()).await.unwrap();
            let first = listen(&link, None).await.unwrap();
            let port = first.local_addr().unwrap().port();
            // A connection that its server closes first stays in TIME_WAIT.
            let client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            drop(first.accept().await.unwrap());
            drop((client, first));
            let second = listen(&link, Some(port)).await.unwrap();
            assert_eq!(second.local_addr().unwrap().port(), port);
            let third = listen(&link, Some(port)).await.unwrap();
            assert_ne!(third.local_addr().unwrap().port(), port);
        });
    }
}
