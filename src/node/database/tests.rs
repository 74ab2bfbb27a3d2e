//! The built-in database, asked by a driver that knows nothing of it.

mod conversations;
mod transactions;

use std::future::Future;

use tokio_postgres::{Client, NoTls};

use super::server::Server;
use crate::node::builtin::Serve;

/// A server with a file of its own.
struct Rig {
    server: Server,
    address: std::net::SocketAddr,
    _counting: rusqlite::Connection,
    _folder: tempfile::TempDir,
}

impl Rig {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (server, counting) =
            Server::open(&folder.path().join("data")).await.unwrap_or_else(|it| panic!("{}", it.0));
        let address = server.address().unwrap_or_else(|it| panic!("{}", it.0));
        Self { server, address, _counting: counting, _folder: folder }
    }
}

/// A new client of the server there.
async fn connect(address: std::net::SocketAddr) -> Client {
    let config = format!("host=127.0.0.1 port={} user=shop dbname=orders", address.port());
    let (client, connection) = tokio_postgres::connect(&config, NoTls).await.unwrap();
    tokio::task::spawn_local(connection);
    client
}

/// Runs a test beside a server.
fn with_server<F: Future<Output = ()>>(test: impl FnOnce(std::net::SocketAddr) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let mut rig = Rig::start().await;
        let address = rig.address;
        tokio::select! {
            () = rig.server.serve() => {}
            done = tokio::time::timeout(std::time::Duration::from_secs(30), test(address)) => done.expect("too slow"),
        }
        rig.server.close().await;
    });
}

/// The SQLSTATE of an error.
fn code<T: std::fmt::Debug>(result: Result<T, tokio_postgres::Error>) -> String {
    result.unwrap_err().code().map_or_else(|| "none".to_owned(), |code| code.code().to_owned())
}
