//! The way out of a program to a cache or a database: a port of the keeper whose address stays the same while lives
//! change. Bytes are passed on as they are. Both protocols go to and fro, so what the program says until the store
//! answers counts as one request of the link.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio::time::timeout;

use crate::node::Context;
use crate::topology::{LifeId, NodeId};
use crate::wire::{Endpoint, Store};

/// How many connections may be open at once.
const CONNECTIONS: usize = 256;
/// How long a connection waits for a store that is not ready: most programs connect when they start, and few try again.
const PATIENCE: Duration = Duration::from_secs(20);
/// How much is passed on at once, in bytes.
const CHUNK: usize = 16 << 10;
/// PostgreSQL's Terminate, which is not answered.
const GOODBYE: &[u8] = b"X\0\0\0\x04";
/// The pause after a connection could not be taken.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// The way to one store.
pub(super) struct Pipe {
    context: Context,
    node: NodeId,
    endpoint: RefCell<Option<Endpoint>>,
    changed: Notify,
}

impl Pipe {
    /// The way to this store.
    pub(super) fn new(context: Context, store: &Store) -> Rc<Self> {
        let endpoint = RefCell::new(store.endpoint.clone());
        Rc::new(Self { context, node: store.node.clone(), endpoint, changed: Notify::new() })
    }

    /// Leads to where the store is now; a store that is not linked any more is nowhere.
    pub(super) fn update(&self, stores: &[Store]) {
        let store = stores.iter().find(|store| store.node == self.node);
        *self.endpoint.borrow_mut() = store.and_then(|store| store.endpoint.clone());
        self.changed.notify_waiters();
    }

    /// Takes connections until it is aborted.
    pub(super) async fn serve(self: Rc<Self>, listener: TcpListener) {
        let room = std::sync::Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            };
            let Ok(place) = room.clone().try_acquire_owned() else { continue };
            let pipe = self.clone();
            tokio::task::spawn_local(async move {
                pipe.connect(stream).await;
                drop(place);
            });
        }
    }

    async fn connect(&self, program: TcpStream) {
        let endpoint = timeout(PATIENCE, self.endpoint()).await.ok();
        let life = endpoint.as_ref().map(|endpoint| endpoint.life.clone());
        let connected = match &endpoint {
            Some(endpoint) => TcpStream::connect(endpoint.address).await.ok(),
            None => None,
        };
        let (Some(store), Some(life)) = (connected, &life) else {
            self.context.reporter.attempt(&self.node, life.as_ref(), false);
            return;
        };
        let (_, _) = (program.set_nodelay(true), store.set_nodelay(true));
        let (program_out, program_in) = program.into_split();
        let (store_out, store_in) = store.into_split();
        let turn = Turn { pipe: self, life, since_us: Cell::new(None) };
        // Whichever side ends first ends both.
        tokio::select! {
            () = copy(program_out, store_in, |said| turn.asked(said)) => {}
            () = copy(store_out, program_in, |_| turn.answered()) => {}
        }
    }

    /// Waits until the store is somewhere.
    async fn endpoint(&self) -> Endpoint {
        loop {
            let changed = self.changed.notified();
            if let Some(endpoint) = self.endpoint.borrow().clone() {
                return endpoint;
            }
            changed.await;
        }
    }
}

/// Whose turn it is on one connection.
struct Turn<'a> {
    pipe: &'a Pipe,
    life: &'a LifeId,
    /// Since when the program waits for an answer.
    since_us: Cell<Option<u64>>,
}

impl Turn<'_> {
    fn asked(&self, said: &[u8]) {
        if self.since_us.get().is_none() && said != GOODBYE {
            self.since_us.set(Some(self.pipe.context.clock.now_us()));
            self.pipe.context.reporter.attempt(&self.pipe.node, Some(self.life), true);
        }
    }

    fn answered(&self) {
        if let Some(since_us) = self.since_us.take() {
            let took_us = self.pipe.context.clock.now_us().saturating_sub(since_us);
            self.pipe.context.reporter.attempt_ended(&self.pipe.node, took_us);
        }
    }
}

impl Drop for Turn<'_> {
    /// What waits for an answer when the connection ends will get none.
    fn drop(&mut self) {
        if self.since_us.get().is_some() {
            self.pipe.context.reporter.attempt_failed(&self.pipe.node, Some(self.life));
            self.answered();
        }
    }
}

/// Passes bytes on until either side ends.
async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, seen: impl Fn(&[u8])) {
    let mut chunk = vec![0; CHUNK];
    while let Ok(count @ 1..) = from.read(&mut chunk).await {
        seen(&chunk[..count]);
        if to.write_all(&chunk[..count]).await.is_err() {
            return;
        }
    }
}
