//! The listener and its clients, and the file that they share.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pgwire::tokio::process_socket;
use rusqlite::Connection;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::catalog;
use super::session::{Session, Shared};
use crate::node::Failure;
use crate::node::builtin::Serve;

/// The most clients at once, as PostgreSQL is set up.
pub(super) const MAX_CLIENTS: usize = 100;
/// How many more are told that there is no room; beyond that a connection is just closed.
const TOLD: usize = 20;
/// How long to wait before taking connections again when there are no descriptors left.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);
/// How long clients may take to end when the server does.
const CLOSING_TIME: Duration = Duration::from_millis(500);
/// The file in the node's folder.
const FILE: &str = "data.sqlite";

/// A server of the PostgreSQL protocol on a port of its own.
pub(super) struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
    clients: JoinSet<()>,
}

impl Server {
    /// Opens the file in this folder and binds a free port of the loopback interface. Answers also a connection for
    /// counting, which keeps the file's log from being tidied up whenever the last client goes.
    pub(super) async fn open(folder: &Path) -> Result<(Self, Connection), Failure> {
        let file = folder.join(FILE);
        let failed = |error: &dyn std::fmt::Display| Failure(format!("cannot open {}: {error}", file.display()));
        make_folder(folder).map_err(|error| failed(&error))?;
        let own = catalog::open(&file).map_err(|error| failed(&error))?;
        catalog::make_views(&own).map_err(|error| failed(&error))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(|error| Failure(format!("cannot listen on 127.0.0.1: {error}")))?;
        Ok((Self { listener, shared: Arc::new(Shared::new(file)), clients: JoinSet::new() }, own))
    }

    fn take(&mut self, stream: TcpStream) {
        let others = self.clients.len();
        if others >= MAX_CLIENTS + TOLD {
            return;
        }
        let session = Session::new(self.shared.clone(), others < MAX_CLIENTS);
        self.clients.spawn_local(async move {
            // However the connection ended, nobody is left to be told.
            let _ = process_socket(stream, None, session).await;
        });
    }
}

impl Serve for Server {
    fn address(&self) -> Result<SocketAddr, Failure> {
        self.listener.local_addr().map_err(|error| Failure(format!("cannot learn the port listened on: {error}")))
    }

    async fn serve(&mut self) {
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => self.take(stream),
                    Err(_) => tokio::time::sleep(ACCEPT_RETRY).await,
                },
                Some(_) = self.clients.join_next() => {}
            }
        }
    }

    async fn close(mut self) {
        drop(self.listener);
        // What their transactions did so far is rolled back.
        self.clients.abort_all();
        self.shared.interrupt_all();
        let all_ended = async { while self.clients.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(CLOSING_TIME, all_ended).await;
    }
}

/// A folder that only its owner may look into.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
