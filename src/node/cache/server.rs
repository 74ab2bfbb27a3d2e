//! The listener and its connections. A connection answers what has arrived, in order, before it reads more, and does
//! not answer more while its client does not read: so neither requests nor replies pile up.

use std::cell::RefCell;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::commands::{Session, answer};
use super::resp::{Parser, Reply, ReplyError};
use super::state::Cache;
use crate::node::builtin::Serve;
use crate::node::{Context, Failure};

/// The most connections at once, as in Redis.
pub(super) const MAX_CLIENTS: usize = 10_000;
/// Replies are written out when they are this long, even if more requests wait to be answered.
const WRITE_AT: usize = 64 << 10;
/// Buffers that grew beyond this are given back when they are empty.
const KEEP_BUFFER: usize = 256 << 10;
/// How often keys that nobody asks for are looked at.
const EXPIRY_INTERVAL: Duration = Duration::from_millis(100);
/// How many expired keys are removed from each database at a time, so that no client waits for it long.
const EXPIRED_AT_ONCE: usize = 1_000;
/// How long clients may take to read what is written when the cache ends.
const CLOSING_TIME: Duration = Duration::from_millis(500);
/// How long to wait before taking connections again when there are no descriptors left.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// A RESP server on a port of its own.
pub(super) struct Server {
    listener: TcpListener,
    shared: Rc<Shared>,
    connections: JoinSet<()>,
    /// Dropped or set when connections shall end.
    closing: watch::Sender<bool>,
}

struct Shared {
    context: Context,
    cache: RefCell<Cache>,
}

impl Shared {
    /// Microseconds since 1970 by the run's clock, which nothing sets back.
    fn now_us(&self) -> u64 {
        self.context.run.epoch_unix_ns / 1_000 + self.context.clock.now_us()
    }
}

impl Server {
    /// Binds a free port of the loopback interface.
    pub(super) async fn bind(context: Context) -> Result<Self, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(|error| Failure(format!("cannot listen on 127.0.0.1: {error}")))?;
        let shared = Shared { context, cache: RefCell::default() };
        *shared.cache.borrow_mut() = Cache::new(shared.now_us() / 1_000);
        let (closing, _) = watch::channel(false);
        Ok(Self { listener, shared: Rc::new(shared), connections: JoinSet::new(), closing })
    }

    fn take(&mut self, stream: TcpStream, peer: SocketAddr) {
        if self.connections.len() >= MAX_CLIENTS {
            // Fits into any socket's buffer; if not, the end of the connection says enough.
            let _ = stream.try_write(b"-ERR max number of clients reached\r\n");
            return;
        }
        let (shared, closing) = (Rc::clone(&self.shared), self.closing.subscribe());
        self.connections.spawn_local(async move {
            let local = stream.local_addr().unwrap_or(peer);
            let _ = stream.set_nodelay(true);
            let mut connection = Connection::new(shared, peer, local);
            // However the connection ended, nobody is left to be told.
            let _ = connection.serve(stream, closing).await;
        });
    }
}

impl Serve for Server {
    fn address(&self) -> Result<SocketAddr, Failure> {
        self.listener.local_addr().map_err(|error| Failure(format!("cannot learn the port listened on: {error}")))
    }

    async fn serve(&mut self) {
        let mut expiry = tokio::time::interval(EXPIRY_INTERVAL);
        expiry.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, peer)) => self.take(stream, peer),
                    Err(_) => tokio::time::sleep(ACCEPT_RETRY).await,
                },
                Some(_) = self.connections.join_next() => {}
                _ = expiry.tick() => {
                    let now = self.shared.now_us() / 1_000;
                    self.shared.cache.borrow_mut().drop_expired(now, EXPIRED_AT_ONCE);
                }
            }
        }
    }

    async fn close(mut self) {
        drop(self.listener);
        // Every connection first writes what it has answered.
        self.closing.send_replace(true);
        let all_ended = async { while self.connections.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(CLOSING_TIME, all_ended).await;
    }
}

/// One client.
struct Connection {
    shared: Rc<Shared>,
    session: Session,
    parser: Parser,
    input: BytesMut,
    output: BytesMut,
}

impl Connection {
    fn new(shared: Rc<Shared>, peer: SocketAddr, local: SocketAddr) -> Self {
        let since = shared.now_us() / 1_000;
        let id = shared.cache.borrow_mut().connect(peer, local, since);
        let session = Session { id, ..Session::default() };
        Self { shared, session, parser: Parser::default(), input: BytesMut::new(), output: BytesMut::new() }
    }

    async fn serve(&mut self, mut stream: TcpStream, mut closing: watch::Receiver<bool>) -> std::io::Result<()> {
        while !self.session.closing {
            tokio::select! {
                read = stream.read_buf(&mut self.input) => if read? == 0 {
                    return Ok(());
                },
                _ = closing.wait_for(|closing| *closing) => return Ok(()),
            }
            while self.answer_some() {
                stream.write_all(&self.output).await?;
                self.output.clear();
            }
            stream.write_all(&self.output).await?;
            self.output.clear();
            give_back(&mut self.input);
            give_back(&mut self.output);
        }
        stream.shutdown().await
    }

    /// Answers requests that have arrived, until there is enough to write. `false` when all are answered.
    fn answer_some(&mut self) -> bool {
        let now_us = self.shared.now_us();
        let mut cache = self.shared.cache.borrow_mut();
        while !self.session.closing {
            match self.parser.next(&mut self.input) {
                Ok(None) => return false,
                Ok(Some(request)) => {
                    let reply = answer(request, &mut self.session, &mut cache, now_us);
                    reply.write(self.session.protocol, &mut self.output);
                }
                Err(error) => {
                    let refusal = Reply::Error(ReplyError::quoting(format!("ERR {error}")));
                    refusal.write(self.session.protocol, &mut self.output);
                    self.session.closing = true;
                }
            }
            if self.output.len() >= WRITE_AT {
                return true;
            }
        }
        false
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // A drop while the cache is borrowed cannot be: borrows never last over an await.
        if let Ok(mut cache) = self.shared.cache.try_borrow_mut() {
            self.session.transaction.discard(&mut cache);
            cache.clients.remove(&self.session.id);
        }
    }
}

fn give_back(buffer: &mut BytesMut) {
    if buffer.is_empty() && buffer.capacity() > KEEP_BUFFER {
        *buffer = BytesMut::new();
    }
}
