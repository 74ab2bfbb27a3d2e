//! The app's end of the control connections. A node dials in, shows the run's secret, and from then on each of its lines
//! becomes an event. Nothing is dropped: while the conductor's queue is full, reading waits.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::control::{Event, View};
use crate::topology::LifeId;
use crate::wire::{AppMessage, MAX_LINE, NodeConfig, NodeMessage, NoticedBy, PROTOCOL};

use super::events::Events;
use super::outbox::{Next, Outbox};

/// How long a connection has to say hello, and how long its hello may be.
const HELLO: Duration = Duration::from_secs(5);
const HELLO_BYTES: usize = 4096;
/// How many connections may be without a hello at once.
const STRANGERS: usize = 512;
/// After the exit of a process that never said hello: how long its connection may still sit in the kernel's queue.
const LATE_HELLO: Duration = Duration::from_millis(250);

/// Makes a life's configuration from a view, at the moment at which it is sent; `None` for a node that is not drawn.
pub(super) type Configure = Box<dyn Fn(&View, &LifeId) -> Option<NodeConfig>>;

/// The control connections of one run.
pub(super) struct ControlServer {
    token: String,
    configure: Configure,
    events: Events,
    lines: RefCell<BTreeMap<LifeId, Rc<Line>>>,
    strangers: Semaphore,
}

/// The connection of one life, from before it is dialled until after its end.
#[derive(Default)]
struct Line {
    state: Cell<State>,
    outbox: Outbox,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Awaited,
    Connected,
    Ended,
}

/// A free port on loopback.
pub(super) async fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

impl ControlServer {
    /// A server for one run; [`ControlServer::serve`] accepts its connections.
    pub(super) fn new(token: String, configure: Configure, events: Events) -> Rc<Self> {
        Rc::new(Self { token, configure, events, lines: RefCell::default(), strangers: Semaphore::new(STRANGERS) })
    }

    /// A process for this life is being started: its hello will be taken.
    pub(super) fn await_life(&self, life: LifeId) {
        self.lines.borrow_mut().entry(life).or_default();
    }

    /// Sends a view to a life as its configuration, now or as soon as it is connected.
    pub(super) fn configure(&self, life: &LifeId, view: Arc<View>) {
        if let Some(line) = self.lines.borrow().get(life) {
            line.outbox.configure(view);
        }
    }

    /// Says something to a life.
    pub(super) fn say(&self, life: &LifeId, message: AppMessage) {
        if let Some(line) = self.lines.borrow().get(life) {
            line.outbox.say(message);
        }
    }

    /// Says something to every life that is connected.
    pub(super) fn say_to_all(&self, message: &AppMessage) {
        for line in self.lines.borrow().values().filter(|line| line.state.get() == State::Connected) {
            line.outbox.say(message.clone());
        }
    }

    /// Whether a life is connected.
    pub(super) fn is_connected(&self, life: &LifeId) -> bool {
        self.lines.borrow().get(life).is_some_and(|line| line.state.get() == State::Connected)
    }

    /// How many messages found no room in an outbox.
    pub(super) fn dropped(&self) -> u64 {
        self.lines.borrow().values().map(|line| line.outbox.dropped()).sum()
    }

    /// The process of a life is gone. If it never says hello, its connection counts as ended.
    pub(super) fn exited(self: &Rc<Self>, life: LifeId) {
        let Some(line) = self.lines.borrow().get(&life).cloned() else { return };
        if line.state.get() != State::Awaited {
            return;
        }
        let events = self.events.clone();
        tokio::task::spawn_local(async move {
            tokio::time::sleep(LATE_HELLO).await;
            if line.state.get() == State::Awaited {
                line.state.set(State::Ended);
                events.send(Event::Disconnected { life }).await;
            }
        });
    }

    /// Accepts connections until it is aborted.
    pub(super) async fn serve(self: Rc<Self>, listener: TcpListener) {
        loop {
            let Ok(_room) = self.strangers.acquire().await else { return };
            match listener.accept().await {
                Ok((stream, _)) => drop(tokio::task::spawn_local(self.clone().connection(stream))),
                // Out of descriptors, most likely: the connection stays in the kernel's queue until there are some.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    /// Serves one connection. Whoever does not say a right hello in time hears nothing.
    async fn connection(self: Rc<Self>, stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let (read, write) = stream.into_split();
        let mut read = BufReader::with_capacity(4096, read);
        let hello = {
            let Ok(_room) = self.strangers.acquire().await else { return };
            tokio::time::timeout(HELLO, read_message(&mut read, HELLO_BYTES)).await
        };
        let Some((life, line)) = hello.ok().flatten().and_then(|hello| self.admit(hello)) else { return };
        let writer = tokio::task::spawn_local(self.clone().write(life.clone(), line.clone(), write));
        if self.events.send(Event::Connected { life: life.clone() }).await {
            while let Some(message) = read_message(&mut read, MAX_LINE).await {
                if let NodeMessage::Applied { revision } = message {
                    line.outbox.applied(revision);
                }
                let Some(event) = event(&life, message) else { break };
                if !self.events.send(event).await {
                    break;
                }
            }
        }
        writer.abort();
        line.state.set(State::Ended);
        self.events.send(Event::Disconnected { life }).await;
    }

    /// The life that this hello is from, if it is a right one: secret, protocol, a life that is awaited.
    fn admit(&self, hello: NodeMessage) -> Option<(LifeId, Rc<Line>)> {
        let NodeMessage::Hello { protocol, token, life, .. } = hello else { return None };
        if protocol != PROTOCOL || !same_secret(&token, &self.token) {
            return None;
        }
        let line = self.lines.borrow().get(&life).filter(|line| line.state.get() == State::Awaited).cloned()?;
        line.state.set(State::Connected);
        Some((life, line))
    }

    async fn write(self: Rc<Self>, life: LifeId, line: Rc<Line>, mut socket: OwnedWriteHalf) {
        loop {
            let message = match line.outbox.next().await {
                Next::Configure(view) => {
                    let Some(config) = (self.configure)(&view, &life) else { continue };
                    AppMessage::Configure(Box::new(config))
                }
                Next::Say(message) => message,
            };
            let Ok(mut text) = serde_json::to_vec(&message) else { return };
            text.push(b'\n');
            // It fails when the node is gone, which the reading side tells.
            if socket.write_all(&text).await.is_err() {
                return;
            }
        }
    }
}

/// Compares without telling by its time how much was right.
pub(super) fn same_secret(given: &str, secret: &str) -> bool {
    given.len() == secret.len() && given.bytes().zip(secret.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// Reads one line. `None` when the connection ended, or the line is too long or no message.
async fn read_message(read: &mut BufReader<OwnedReadHalf>, longest: usize) -> Option<NodeMessage> {
    let mut line = Vec::new();
    read.take(longest as u64).read_until(b'\n', &mut line).await.ok()?;
    if !line.ends_with(b"\n") {
        return None;
    }
    serde_json::from_slice(&line).ok()
}

/// What a message means. A second hello means nothing, and ends the connection.
fn event(life: &LifeId, message: NodeMessage) -> Option<Event> {
    let life = life.clone();
    Some(match message {
        NodeMessage::Hello { .. } => return None,
        NodeMessage::Applied { revision } => Event::Applied { life, revision },
        NodeMessage::Ready { address } => Event::Ready { life, address },
        NodeMessage::Unready { reason } => Event::Unready { life, reason },
        NodeMessage::Draining => Event::Draining { life },
        NodeMessage::Failed { message } => Event::Failed { life, message },
        NodeMessage::Ledger(line) => Event::Ledger { life, line },
        NodeMessage::CensusIncomplete => Event::CensusIncomplete { life },
        NodeMessage::Belief(belief) => Event::Belief { life, belief },
        NodeMessage::Noticed(noticed) => {
            let by = match noticed.by {
                NoticedBy::Refused => "refused",
                NoticedBy::Reset => "reset",
                NoticedBy::TimedOut => "timed out",
                NoticedBy::HealthCheck => "health check",
                NoticedBy::Told => "told",
            };
            Event::Noticed { life, upstream: noticed.upstream, at_us: noticed.at_us, by }
        }
        NodeMessage::Visits(visits) => Event::Visits { life, visits: Box::new(visits) },
        NodeMessage::Poll => Event::Polled { life },
        NodeMessage::Holds(holdings) => Event::Holds { life, holdings },
        NodeMessage::Settled { standings } => Event::Settled { life, standings },
    })
}

#[cfg(test)]
mod tests;
