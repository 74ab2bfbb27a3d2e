//! A gateway in this process, replicas that answer what a test says, and a client that sees every byte.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::super::limits::Limits;
use crate::node::testing::{self, App, SOON};
use crate::node::{Context, Failure, Order};
use crate::telemetry::Calls;
use crate::topology::{Gateway, Period, SessionStep};
use crate::wire::{
    Endpoint, EndpointState, GatewayConfig, NodeConfig, NodeMessage, Noticed, PlannedOperation, RoleConfig, Upstream,
};

/// A running gateway.
pub(super) struct Gate {
    pub(super) address: SocketAddr,
    pub(super) app: App,
    pub(super) orders: mpsc::Sender<Order>,
    pub(super) task: JoinHandle<Result<(), Failure>>,
    context: Context,
    settings: Gateway,
    revision: u64,
}

/// Settings under which nothing happens on its own during a test.
pub(super) fn settings() -> Gateway {
    Gateway { timeout: Period::secs(5), health_interval: Period::secs(3600), ..Gateway::default() }
}

/// Replicas of `shop`, in the order of their slots, all ready and in their first life.
pub(super) fn ready(addresses: &[SocketAddr]) -> Vec<Endpoint> {
    let life = |slot: usize| format!("shop.{slot}#1").parse().unwrap();
    let endpoint = |(at, address): (usize, &SocketAddr)| Endpoint {
        life: life(at + 1),
        address: *address,
        state: EndpointState::Ready,
    };
    addresses.iter().enumerate().map(endpoint).collect()
}

fn operations() -> Vec<PlannedOperation> {
    let operation =
        |id: &str, reads, session: Vec<SessionStep>| PlannedOperation { id: id.parse().unwrap(), reads, session };
    vec![operation("cart.add", false, vec![SessionStep::Append]), operation("cart.view", true, vec![SessionStep::Read])]
}

fn config(settings: &Gateway, endpoints: Vec<Endpoint>) -> GatewayConfig {
    let modules = vec!["cart".parse().unwrap(), "orders".parse().unwrap()];
    let slots = endpoints.iter().map(|endpoint| endpoint.life.slot.index).max().unwrap_or(0);
    let upstream = Upstream { node: "shop".parse().unwrap(), modules, endpoints, slots };
    GatewayConfig { settings: settings.clone(), upstreams: vec![upstream], operations: operations() }
}

impl Gate {
    pub(super) async fn start(settings: Gateway, endpoints: Vec<Endpoint>) -> Self {
        Self::start_within(Limits::of_process(usize::MAX), settings, endpoints).await
    }

    /// The same with other limits for clients.
    pub(super) async fn start_within(limits: Limits, settings: Gateway, endpoints: Vec<Endpoint>) -> Self {
        let (context, mut app) = testing::context("gate.1#1").await;
        let (orders, receiver) = mpsc::channel(8);
        let first = config(&settings, endpoints);
        let task = tokio::task::spawn_local(super::super::run_within(limits, context.clone(), 1, first, receiver));
        let address = app.wait(|said| if let NodeMessage::Ready { address } = said { address } else { None }).await;
        Self { address, app, orders, task, context, settings, revision: 1 }
    }

    /// Gives the gateway another list of replicas and waits until it acts on it; answers with the replicas that were
    /// given up until then.
    pub(super) async fn configure(&mut self, endpoints: Vec<Endpoint>) -> Vec<Noticed> {
        self.revision += 1;
        let wanted = self.revision;
        let mut noticed = Vec::new();
        let role = RoleConfig::Gateway(config(&self.settings, endpoints));
        let config = NodeConfig { revision: wanted, run: (*self.context.run).clone(), role };
        self.orders.send(Order::Configure(Box::new(config))).await.unwrap();
        self.app
            .wait(|said| {
                if let NodeMessage::Noticed(one) = said {
                    noticed.push(one);
                    return None;
                }
                (said == NodeMessage::Applied { revision: wanted }).then_some(())
            })
            .await;
        noticed
    }

    pub(super) async fn noticed(&mut self) -> Noticed {
        self.app.wait(|said| if let NodeMessage::Noticed(noticed) = said { Some(noticed) } else { None }).await
    }

    /// What its calls carried so far.
    pub(super) fn calls(&self) -> Calls {
        self.context.reporter.totals(|totals| totals.calls.clone())
    }

    pub(super) async fn client(&self) -> Client {
        Client { stream: TcpStream::connect(self.address).await.unwrap(), read: Vec::new() }
    }

    /// Sends one request over a connection of its own.
    pub(super) async fn ask(&self, method: &str, lines: &str) -> Answer {
        let mut client = self.client().await;
        client.send(&format!("{method} /cart/view HTTP/1.1\r\nhost: shop\r\n{lines}\r\n")).await;
        client.answer().await
    }
}

/// A client's connection.
pub(super) struct Client {
    pub(super) stream: TcpStream,
    read: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    /// The cookies that it gives, but for the one that every visitor from outside gets.
    pub(super) fn cookies(&self) -> impl Iterator<Item = &str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let values = lines.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")).map(|(_, value)| value.trim());
        values.filter(|value| !value.starts_with("brownout-visitor-"))
    }
}

impl Client {
    pub(super) async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// Sends a request and reads its answer. A connection that is closed for want of places may break while it is written to.
    pub(super) async fn ask(&mut self, text: &str) -> Answer {
        let _ = self.stream.write_all(text.as_bytes()).await;
        self.answer().await
    }

    /// Reads one answer to its end.
    pub(super) async fn answer(&mut self) -> Answer {
        let (head, body) = timeout(SOON, read_message(&mut self.stream, &mut self.read, true))
            .await
            .expect("no answer in time")
            .expect("the connection was closed instead of an answer");
        let status = head[9..12].parse().unwrap();
        Answer { status, head, body }
    }

    /// Reads the head of an answer that has no body.
    pub(super) async fn head_only(&mut self) -> String {
        timeout(SOON, read_head(&mut self.stream, &mut self.read)).await.unwrap().unwrap()
    }

    /// Reads to the end of the connection.
    pub(super) async fn rest(&mut self) -> Vec<u8> {
        let mut rest = std::mem::take(&mut self.read);
        let _ = timeout(SOON, self.stream.read_to_end(&mut rest)).await.expect("the connection stays open");
        rest
    }
}

/// A request as a replica got it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) connection: usize,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }
}

/// What a replica does with a request.
pub(super) enum Reply {
    /// Writes this and waits for the next request.
    Say(String),
    /// Writes this and closes.
    SayAndClose(String),
    /// Does nothing.
    Nothing,
}

/// A replica that does what the test says.
pub(super) struct Replica {
    pub(super) address: SocketAddr,
    seen: Rc<RefCell<Vec<Seen>>>,
    open: Rc<Cell<usize>>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Replica {
    pub(super) async fn start(reply: impl Fn(&Seen) -> Reply + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Rc<RefCell<Vec<Seen>>> = Rc::default();
        let (log, reply) = (seen.clone(), Rc::new(reply));
        let open: Rc<Cell<usize>> = Rc::default();
        let count = open.clone();
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::task::spawn_local(async move {
            // Connections end with the replica, as they do when a process ends.
            let mut connections = tokio::task::JoinSet::new();
            for connection in 0.. {
                tokio::select! {
                    _ = &mut stopped => break,
                    accepted = listener.accept() => {
                        let (stream, _) = accepted.unwrap();
                        let (log, reply, count) = (log.clone(), reply.clone(), count.clone());
                        count.set(count.get() + 1);
                        connections.spawn_local(async move {
                            converse(stream, connection, log, reply).await;
                            count.set(count.get() - 1);
                        });
                    }
                }
            }
            drop(listener);
            connections.shutdown().await;
        });
        Self { address, seen, open, stop, task }
    }

    /// One that answers 200 with its name.
    pub(super) async fn named(name: &'static str) -> Self {
        Self::start(move |_| Reply::Say(ok(name))).await
    }

    /// How many connections it has open.
    pub(super) fn open(&self) -> usize {
        self.open.get()
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.borrow().clone()
    }

    /// Ends as if killed: its port refuses and its connections are closed.
    pub(super) async fn kill(self) {
        let _ = self.stop.send(());
        self.task.await.unwrap();
    }
}

async fn converse(
    mut stream: TcpStream,
    connection: usize,
    log: Rc<RefCell<Vec<Seen>>>,
    reply: Rc<impl Fn(&Seen) -> Reply>,
) {
    let mut read = Vec::new();
    while let Some((head, body)) = read_message(&mut stream, &mut read, false).await {
        let seen = Seen { connection, head, body };
        let what = reply(&seen);
        log.borrow_mut().push(seen);
        match what {
            Reply::Say(text) => stream.write_all(text.as_bytes()).await.unwrap_or_default(),
            Reply::SayAndClose(text) => return stream.write_all(text.as_bytes()).await.unwrap_or_default(),
            Reply::Nothing => {}
        }
    }
}

/// A good answer with this body.
pub(super) fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// Reads a connection in pieces of known length.
#[derive(Default)]
pub(super) struct Reader(Vec<u8>);

impl Reader {
    pub(super) async fn head(&mut self, stream: &mut TcpStream) -> String {
        timeout(SOON, read_head(stream, &mut self.0)).await.unwrap().unwrap()
    }

    /// Reads so many bytes.
    pub(super) async fn bytes(&mut self, stream: &mut TcpStream, count: usize) {
        let enough = async {
            while self.0.len() < count {
                more(stream, &mut self.0).await.unwrap();
            }
        };
        timeout(SOON, enough).await.expect("the bytes do not come");
        self.0.drain(..count);
    }
}

/// An address where nobody listens.
pub(super) async fn nobody() -> SocketAddr {
    TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap()
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}

async fn more(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<()> {
    matches!(stream.read_buf(read).await, Ok(count) if count > 0).then_some(())
}

async fn read_head(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<String> {
    loop {
        if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            return String::from_utf8(read.drain(..end + 4).collect()).ok();
        }
        more(stream, read).await?;
    }
}

/// Reads a message to its end; chunks are put together. `until_close`: without a length the body ends with the
/// connection.
async fn read_message(stream: &mut TcpStream, read: &mut Vec<u8>, until_close: bool) -> Option<(String, Vec<u8>)> {
    let head = read_head(stream, read).await?;
    let mut body = Vec::new();
    if let Some(length) = header(&head, "content-length").map(|length| length.parse::<usize>().unwrap()) {
        while read.len() < length {
            more(stream, read).await?;
        }
        body.extend(read.drain(..length));
    } else if header(&head, "transfer-encoding") == Some("chunked") {
        loop {
            let line = loop {
                if let Some(end) = read.windows(2).position(|window| window == b"\r\n") {
                    break String::from_utf8(read.drain(..end + 2).collect()).unwrap();
                }
                more(stream, read).await?;
            };
            let size = usize::from_str_radix(line.trim(), 16).unwrap();
            while read.len() < size + 2 {
                more(stream, read).await?;
            }
            body.extend(read.drain(..size));
            read.drain(..2);
            if size == 0 {
                break;
            }
        }
    } else if until_close && !head.contains(" 204 ") && !head.contains(" 304 ") && !head.contains(" 100 ") {
        while more(stream, read).await.is_some() {}
        body.append(read);
    }
    Some((head, body))
}
