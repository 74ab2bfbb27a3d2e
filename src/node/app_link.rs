//! The node's end of the control connection.
//!
//! Ledger lines must be in the kernel's hands before the answer that they speak of leaves, so that the app can read
//! them even if this process is killed in between. Hence [`AppLink::say`] writes into the socket itself, at once; only
//! what the socket does not take is queued, and then a ledger line owns up that the census has a hole.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{Notify, mpsc};

use crate::telemetry::{Belief, LedgerLine, Standing};
use crate::topology::LifeId;
use crate::wire::{AppMessage, Bootstrap, MAX_LINE, NodeMessage, Noticed, NoticedBy, PROTOCOL};

use super::Failure;
use super::log::{Level, Log};

/// How much may wait for a full socket. Beyond it the app is considered gone: it reads faster than any node writes.
const MAX_PENDING: usize = 16 << 20;

/// The way to the app. Cheap to clone; never blocks.
#[derive(Clone)]
pub struct AppLink {
    shared: Rc<Shared>,
}

struct Shared {
    /// What is said of this process's own course is also written there, for people.
    log: Log,
    socket: OwnedWriteHalf,
    /// What the socket has not taken yet. Empty nearly always.
    pending: RefCell<VecDeque<u8>>,
    /// Wakes the task that writes `pending` when the socket takes more.
    pending_added: Notify,
    /// Wakes whoever waits for `pending` to be empty.
    pending_written: Notify,
}

/// Dials the app and says hello. Messages from the app come out of the receiver, which ends when the connection does.
pub(super) async fn dial(bootstrap: &Bootstrap, log: Log) -> Result<(AppLink, mpsc::Receiver<AppMessage>), Failure> {
    let stream = TcpStream::connect(bootstrap.control)
        .await
        .map_err(|error| Failure(format!("cannot reach the app at {}: {error}", bootstrap.control)))?;
    let _ = stream.set_nodelay(true);
    let (read, socket) = stream.into_split();
    let link = AppLink {
        shared: Rc::new(Shared {
            log,
            socket,
            pending: RefCell::default(),
            pending_added: Notify::new(),
            pending_written: Notify::new(),
        }),
    };
    link.say(&NodeMessage::Hello {
        protocol: PROTOCOL,
        token: bootstrap.token.clone(),
        life: bootstrap.life.clone(),
        pid: std::process::id(),
    });
    let (sender, receiver) = mpsc::channel(64);
    tokio::task::spawn_local(read_messages(read, sender));
    tokio::task::spawn_local(link.clone().write_pending());
    Ok((link, receiver))
}

async fn read_messages(read: OwnedReadHalf, sender: mpsc::Sender<AppMessage>) {
    let mut read = BufReader::new(read);
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut bounded = (&mut read).take(MAX_LINE as u64);
        match bounded.read_until(b'\n', &mut line).await {
            Ok(length) if length > 0 && line.ends_with(b"\n") => {}
            _ => return,
        }
        // A message that this version does not know means that app and node are not of one version: as good as no app.
        let Ok(message) = serde_json::from_slice(&line) else { return };
        if sender.send(message).await.is_err() {
            return;
        }
    }
}

impl AppLink {
    /// Says something to the app, in order, without waiting. `false` when it could not go into the socket at once.
    pub fn say(&self, message: &NodeMessage) -> bool {
        let Ok(mut line) = serde_json::to_vec(message) else { return false };
        line.push(b'\n');
        let mut pending = self.shared.pending.borrow_mut();
        let mut written = 0;
        if pending.is_empty() {
            while written < line.len() {
                match self.shared.socket.try_write(&line[written..]) {
                    Ok(count) if count > 0 => written += count,
                    _ => break,
                }
            }
        }
        if written == line.len() {
            return true;
        }
        if pending.len() + line.len() > MAX_PENDING {
            std::process::exit(1);
        }
        pending.extend(&line[written..]);
        self.shared.pending_added.notify_one();
        false
    }

    /// Enters a line into the holder's ledger. Call it before the answer to the user leaves.
    pub fn ledger(&self, line: LedgerLine) {
        if !self.say(&NodeMessage::Ledger(line)) {
            self.say(&NodeMessage::CensusIncomplete);
        }
    }

    /// Enters a line into a user's ledger.
    pub fn belief(&self, belief: Belief) {
        if !self.say(&NodeMessage::Belief(belief)) {
            self.say(&NodeMessage::CensusIncomplete);
        }
    }

    /// Writes a line of this process's log. Never about a single request, never a secret.
    pub(super) fn log(&self, level: Level, text: &str) {
        self.shared.log.write(level, text);
    }

    /// A configuration is applied.
    pub fn applied(&self, revision: u64) {
        self.log(Level::Info, &format!("configuration {revision} applied"));
        self.say(&NodeMessage::Applied { revision });
    }

    /// Requests are taken from now on.
    pub fn ready(&self, address: Option<SocketAddr>) {
        match address {
            Some(address) => self.log(Level::Info, &format!("ready, listening on {address}")),
            None => self.log(Level::Info, "ready"),
        }
        self.say(&NodeMessage::Ready { address });
    }

    /// No requests are taken for now.
    pub fn unready(&self, reason: impl Into<String>) {
        let reason = reason.into();
        self.log(Level::Warning, &format!("not ready: {reason}"));
        self.say(&NodeMessage::Unready { reason });
    }

    /// SIGTERM came: what is in flight is finished, then the process exits.
    pub fn draining(&self) {
        self.log(Level::Info, "draining: what is in flight is finished, nothing new is taken");
        self.say(&NodeMessage::Draining);
    }

    /// The node cannot do what it should.
    pub fn failed(&self, message: &str) {
        self.say(&NodeMessage::Failed { message: message.to_owned() });
    }

    /// A replica that was given up takes requests again. Nobody but people needs to know.
    pub(super) fn readmitted(&self, upstream: &LifeId) {
        self.log(Level::Info, &format!("{upstream} is back"));
    }

    /// A replica is given up.
    pub fn noticed(&self, upstream: LifeId, at_us: u64, by: NoticedBy) {
        self.log(Level::Warning, &format!("{upstream} is given up: {}", words(by)));
        self.say(&NodeMessage::Noticed(Noticed { upstream, at_us, by }));
    }

    /// Asks for the newest list of endpoints.
    pub(super) fn poll(&self) {
        self.say(&NodeMessage::Poll);
    }

    /// Everything is resolved and final totals are delivered.
    pub fn settled(&self, standings: Vec<Standing>) {
        self.log(Level::Info, "settled: nothing is in flight");
        self.say(&NodeMessage::Settled { standings });
    }

    /// Waits until everything said is in the kernel's hands: before exiting on purpose.
    pub async fn drained(&self) {
        while !self.shared.pending.borrow().is_empty() {
            self.shared.pending_written.notified().await;
        }
    }

    async fn write_pending(self) {
        loop {
            if self.shared.pending.borrow().is_empty() {
                self.shared.pending_written.notify_waiters();
                self.shared.pending_added.notified().await;
            }
            if self.shared.socket.writable().await.is_err() {
                return;
            }
            let mut pending = self.shared.pending.borrow_mut();
            match self.shared.socket.try_write(pending.make_contiguous()) {
                Ok(count) => drop(pending.drain(..count)),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }
}

/// What told that a replica is gone, in words.
const fn words(by: NoticedBy) -> &'static str {
    match by {
        NoticedBy::Refused => "it refused a connection",
        NoticedBy::Reset => "it ended a connection",
        NoticedBy::TimedOut => "it did not answer in time",
        NoticedBy::HealthCheck => "it failed its health checks",
        NoticedBy::Told => "it was taken off the list",
    }
}
