//! What all connections share: the databases, and who is connected.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::resp::Protocol;
use super::store::{Database, UnixMs};

/// How many databases there are, as in Redis.
pub(super) const DATABASES: usize = 16;

/// The whole state of the cache.
#[derive(Debug, Default)]
pub(super) struct Cache {
    /// The numbered databases.
    pub(super) databases: [Database; DATABASES],
    /// Who is connected, by connection id.
    pub(super) clients: BTreeMap<u64, Client>,
    /// Connections taken since the start; the newest one's id.
    pub(super) connections: u64,
    /// Commands answered since the start.
    pub(super) commands: u64,
    /// When the cache started, in milliseconds since 1970.
    pub(super) started: UnixMs,
}

/// What `CLIENT LIST` says about one connection.
#[derive(Debug)]
pub(super) struct Client {
    /// The other end.
    pub(super) address: SocketAddr,
    /// This end.
    pub(super) local: SocketAddr,
    /// When it came, in milliseconds since 1970.
    pub(super) since: UnixMs,
    /// Which database it has selected.
    pub(super) database: usize,
    /// Which version of the protocol it speaks.
    pub(super) protocol: Protocol,
    /// The name that it gave itself.
    pub(super) name: String,
    /// The library that it uses.
    pub(super) library: String,
    /// The library's version.
    pub(super) library_version: String,
    /// Its last command.
    pub(super) command: &'static str,
}

impl Cache {
    /// An empty cache.
    pub(super) fn new(started: UnixMs) -> Self {
        Self { started, ..Self::default() }
    }

    /// Enters a connection and gives it its id.
    pub(super) fn connect(&mut self, address: SocketAddr, local: SocketAddr, since: UnixMs) -> u64 {
        self.connections += 1;
        let client = Client {
            address,
            local,
            since,
            database: 0,
            protocol: Protocol::default(),
            name: String::new(),
            library: String::new(),
            library_version: String::new(),
            command: "NULL",
        };
        self.clients.insert(self.connections, client);
        self.connections
    }

    /// Removes keys whose time has come, at most `limit` from each database.
    pub(super) fn drop_expired(&mut self, now: UnixMs, limit: usize) {
        for database in &mut self.databases {
            database.drop_all_expired(now, limit);
        }
    }
}

impl Client {
    /// The line of `CLIENT LIST`.
    pub(super) fn line(&self, id: u64, now: UnixMs) -> String {
        format!(
            "id={id} addr={} laddr={} name={} age={} db={} cmd={} user=default lib-name={} lib-ver={} resp={}",
            self.address,
            self.local,
            self.name,
            now.saturating_sub(self.since) / 1_000,
            self.database,
            self.command,
            self.library,
            self.library_version,
            self.protocol.number(),
        )
    }
}
