//! What the window and the command line hold of the runtime: send commands, see snapshots and spans. Dropping it stops
//! every process.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc as std_mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::control::{Command, Snapshot};
use crate::telemetry::Span;
use crate::topology::LifeId;

use super::clock;
use super::conductor;
use super::process::Spawner;
use super::spans::SpanQueue;

/// How many commands may wait: far more than a person gives while the conductor does one.
const COMMANDS: usize = 1024;
/// How many traces a second each users or gateway node may sample: as many as the canvas can show as dots.
const TRACES_PER_SECOND: u32 = 500;
/// How long the end of the app may take.
const END: Duration = Duration::from_secs(6);

/// A running runtime: its threads, and the newest snapshot.
pub struct Handle {
    commands: Option<mpsc::Sender<Command>>,
    shared: Arc<Shared>,
    /// The version of the snapshot that was given out last.
    seen: AtomicU64,
    ended: std_mpsc::Receiver<()>,
    conductor: Option<JoinHandle<()>>,
}

/// How a runtime is set up.
pub struct Options {
    /// The program whose `node` command the nodes run.
    pub program: PathBuf,
    /// Called, on another thread, after each new snapshot and with it new spans; it must return at once.
    pub on_change: Box<dyn Fn() + Send + Sync>,
    /// Stands something between a life and those who send to it.
    pub relay: Option<Relay>,
    /// How many traces a second each users or gateway node may sample.
    pub traces_per_second: u32,
}

/// Answers with the address that others are told in place of a life's own, so that something can stand between: a link
/// that can be made slow, or a witness that reads the traffic itself.
pub type Relay = Arc<dyn Fn(&LifeId, SocketAddr) -> SocketAddr + Send + Sync>;

impl Options {
    /// Nodes that are processes of this program, with nothing between them.
    pub fn new(program: PathBuf) -> Self {
        Self { program, on_change: Box::new(|| ()), relay: None, traces_per_second: TRACES_PER_SECOND }
    }

    /// The same for the program that is running now.
    ///
    /// # Errors
    /// When the program cannot find its own file.
    pub fn this_program() -> io::Result<Self> {
        std::env::current_exe().map(Self::new)
    }
}

/// What the conductor and the handle share.
pub(super) struct Shared {
    published: Mutex<Published>,
    newer: Condvar,
    /// Spans for the window.
    pub(super) spans: Arc<SpanQueue>,
    /// Commands that found no room.
    pub(super) refused: AtomicU64,
    /// How many traces a second each node that begins some may sample.
    pub(super) traces_per_second: u32,
    on_change: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct Published {
    snapshot: Arc<Snapshot>,
    version: u64,
}

impl Shared {
    /// Makes a snapshot the newest and tells whoever waits. Spans that nobody took in time are among those it says were
    /// dropped.
    pub(super) fn publish(&self, mut snapshot: Snapshot) {
        snapshot.spans_dropped += self.spans.missed();
        {
            let mut published = self.published.lock().unwrap_or_else(PoisonError::into_inner);
            published.snapshot = Arc::new(snapshot);
            published.version += 1;
        }
        self.newer.notify_all();
        (self.on_change)();
    }
}

impl Handle {
    /// Starts the runtime.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(options: Options) -> io::Result<Self> {
        let spawner = Spawner::start(options.program, &["node"])?;
        let shared = Arc::new(Shared {
            published: Mutex::default(),
            newer: Condvar::new(),
            spans: Arc::default(),
            refused: AtomicU64::new(0),
            traces_per_second: options.traces_per_second,
            on_change: options.on_change,
        });
        let (commands, commands_out) = mpsc::channel(COMMANDS);
        let (ending, ended) = std_mpsc::sync_channel(1);
        let conductor = conductor::start(spawner, shared.clone(), options.relay, commands_out, ending)?;
        Ok(Self { commands: Some(commands), shared, seen: AtomicU64::new(0), ended, conductor: Some(conductor) })
    }

    /// Gives a command. Never blocks; what came of it is in a later snapshot.
    pub fn send(&self, command: Command) {
        let sent = self.commands.as_ref().is_some_and(|commands| commands.try_send(command).is_ok());
        if !sent {
            self.shared.refused.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How it is now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        let published = self.shared.published.lock().unwrap_or_else(PoisonError::into_inner);
        self.seen.store(published.version, Ordering::Relaxed);
        published.snapshot.clone()
    }

    /// Takes the spans that came since the last call, oldest first.
    pub fn take_spans(&self) -> Vec<Span> {
        self.shared.spans.take()
    }

    /// Waits until there is a snapshot that this handle has not given out yet, or until the deadline; returns the newest.
    pub fn wait(&self, deadline: Duration) -> Arc<Snapshot> {
        let seen = self.seen.load(Ordering::Relaxed);
        let end = clock::deadline(deadline);
        let mut published = self.shared.published.lock().unwrap_or_else(PoisonError::into_inner);
        while published.version == seen {
            let left = clock::until(end);
            if left.is_zero() {
                break;
            }
            published = self.shared.newer.wait_timeout(published, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        self.seen.store(published.version, Ordering::Relaxed);
        published.snapshot.clone()
    }
}

impl Drop for Handle {
    /// Kills every process and waits until none is left, for a bounded time.
    fn drop(&mut self) {
        self.commands = None;
        // Not joined when it hangs: the app must end, and the kernel then kills the children.
        if self.ended.recv_timeout(END).is_ok()
            && let Some(conductor) = self.conductor.take()
        {
            let _ = conductor.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::{Outcome, SpanId, SpanKind, TraceId};

    fn span(trace: u128) -> Span {
        Span {
            trace: TraceId(trace),
            id: SpanId(1),
            parent: None,
            life: "shoppers.1#1".parse().unwrap(),
            kind: SpanKind::Request,
            name: "cart.add".to_owned(),
            to: None,
            peer: None,
            start_us: 0,
            end_us: 1,
            outcome: Outcome::Ok,
            status: 200,
            attempt: 0,
            user: Some(1),
        }
    }

    #[test]
    fn spans_that_nobody_took_in_time_are_in_the_next_snapshot() {
        let shared = Shared {
            published: Mutex::default(),
            newer: Condvar::new(),
            spans: Arc::default(),
            refused: AtomicU64::new(0),
            traces_per_second: 0,
            on_change: Box::new(|| ()),
        };
        let said = |dropped| {
            shared.publish(Snapshot { spans_dropped: dropped, ..Snapshot::default() });
            shared.published.lock().unwrap().snapshot.spans_dropped
        };
        shared.spans.push((0..10).map(span).collect());
        assert_eq!(said(0), 0, "there is room");
        let enough = (0..20_000).map(span).collect();
        shared.spans.push(enough);
        let missed = 20_010 - shared.spans.take().len() as u64;
        assert!(missed > 10_000);
        assert_eq!(said(3), missed + 3, "beside what nodes dropped");
        assert_eq!(said(3), missed + 3, "once");
        shared.spans.clear();
        assert_eq!(said(0), 0, "a new run");
    }
}
