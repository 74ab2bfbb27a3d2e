//! A service under test: real sockets, an app that writes down what it is told, and optionally the built-in cache.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};

use crate::node::log::Log;
use crate::node::{AppLink, Clock, Context, Failure, Order, Reporter, app_link, cache, database, testing};
use crate::telemetry::{LedgerKind, LedgerLine};
use crate::topology::{self, LifeId, Module, OperationId, Service, Sessions};
use crate::wire::{
    Bootstrap, CacheConfig, DatabaseConfig, Endpoint, EndpointState, NodeConfig, NodeMessage, RoleConfig, RunContext,
    ServiceConfig, Store, StoreProtocol, Upstream,
};

/// Runs a test on one thread, as a node runs, and not for ever.
pub(super) fn on_one_thread(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let limited = async { tokio::time::timeout(Duration::from_secs(30), test).await.expect("the test takes too long") };
    tokio::task::LocalSet::new().block_on(&runtime, limited);
}

/// A service and what its app heard.
pub(super) struct Rig {
    pub(super) address: SocketAddr,
    pub(super) life: LifeId,
    pub(super) ended: tokio::task::JoinHandle<Result<(), Failure>>,
    heard: Rc<RefCell<Vec<NodeMessage>>>,
    news: Rc<Notify>,
    orders: mpsc::Sender<Order>,
    revision: Cell<u64>,
    run: RunContext,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(super) struct Got {
    pub(super) status: u16,
    pub(super) headers: http::HeaderMap,
    pub(super) json: serde_json::Value,
}

impl Got {
    /// The session cookie that the answer sets.
    pub(super) fn cookie(&self) -> Option<String> {
        let set = self.headers.get(header::SET_COOKIE)?.to_str().unwrap();
        Some(set.split(';').next().unwrap().to_owned())
    }

    pub(super) fn items(&self) -> Vec<&str> {
        self.json["items"].as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Rig {
    /// Starts a service as this life, and waits until it is ready.
    pub(super) async fn start(life: &str, config: ServiceConfig) -> Self {
        let app = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let life: LifeId = life.parse().unwrap();
        let bootstrap = Bootstrap {
            protocol: crate::wire::PROTOCOL,
            control: app.local_addr().unwrap(),
            token: "secret".to_owned(),
            life: life.clone(),
            parent_pid: 0,
        };
        let (link, messages) = app_link::dial(&bootstrap, Log::default()).await.unwrap();
        let (stream, _) = app.accept().await.unwrap();
        let (heard, news): (Rc<RefCell<Vec<NodeMessage>>>, Rc<Notify>) = Default::default();
        let (written, told) = (heard.clone(), news.clone());
        tokio::task::spawn_local(async move {
            let _open = messages;
            let mut lines = BufReader::new(stream).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                written.borrow_mut().push(serde_json::from_str(&line).unwrap());
                told.notify_waiters();
            }
        });
        let run = RunContext {
            id: "run-1".to_owned(),
            seed: 7,
            epoch_unix_ns: 1_700_000_000_000_000_000,
            epoch_monotonic_ns: None,
            now_us: 0,
            collector: "127.0.0.1:1".parse().unwrap(),
            traces_per_second: 0,
        };
        let (orders, received) = mpsc::channel(8);
        let ended = tokio::task::spawn_local(super::super::run(context(&life, &run, link), 1, config, received));
        let unset = "127.0.0.1:1".parse().unwrap();
        let mut rig = Self { address: unset, life, ended, heard, news, orders, revision: Cell::new(1), run };
        let ready = |message: &NodeMessage| {
            if let NodeMessage::Ready { address } = message { *address } else { None }
        };
        rig.address = rig.hears(ready).await;
        rig
    }

    /// Waits until the app has heard something.
    pub(super) async fn hears<T>(&self, what: impl Fn(&NodeMessage) -> Option<T>) -> T {
        loop {
            let news = self.news.notified();
            if let Some(found) = self.heard.borrow().iter().find_map(&what) {
                return found;
            }
            news.await;
        }
    }

    /// The ledger lines so far, short: holder, kind, items.
    pub(super) fn ledger(&self) -> Vec<(String, LedgerKind, u32)> {
        let short = |line: &LedgerLine| {
            let holder = line.holder.as_ref().map_or_else(|| "user".to_owned(), ToString::to_string);
            (holder, line.kind, line.items)
        };
        let heard = self.heard.borrow();
        let lines = heard
            .iter()
            .filter_map(|message| if let NodeMessage::Ledger(line) = message { Some(short(line)) } else { None });
        lines.collect()
    }

    pub(super) async fn order(&self, order: Order) {
        self.orders.send(order).await.unwrap();
    }

    /// Sends a newer configuration and waits until it is applied.
    pub(super) async fn configure(&self, config: ServiceConfig) {
        let revision = self.revision.get() + 1;
        self.revision.set(revision);
        let config = NodeConfig { revision, run: self.run.clone(), role: RoleConfig::Service(config) };
        self.order(Order::Configure(Box::new(config))).await;
        self.hears(|message| (*message == NodeMessage::Applied { revision }).then_some(())).await;
    }

    pub(super) async fn get(&self, path: &str, cookie: &str) -> Got {
        self.ask("GET", path, cookie, "").await
    }

    pub(super) async fn post(&self, path: &str, cookie: &str, item: &str) -> Got {
        let body = if item.is_empty() { "{}".to_owned() } else { format!("{{\"item\":\"{item}\"}}") };
        self.ask("POST", path, cookie, &body).await
    }

    pub(super) async fn ask(&self, method: &str, path: &str, cookie: &str, body: &str) -> Got {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::task::spawn_local(connection);
        let request = Request::builder().method(method).uri(path).header(header::HOST, "test");
        let request = request.header(header::COOKIE, cookie).body(Full::new(Bytes::from(body.to_owned()))).unwrap();
        let (head, body) = sender.send_request(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let json = serde_json::from_slice(&body).unwrap_or_default();
        Got { status: head.status.as_u16(), headers: head.headers, json }
    }

    /// This service as another one's upstream.
    pub(super) fn as_upstream(&self, modules: &[&str]) -> Upstream {
        Upstream {
            node: self.life.node().clone(),
            modules: modules.iter().map(|module| module.parse().unwrap()).collect(),
            endpoints: vec![Endpoint { life: self.life.clone(), address: self.address, state: EndpointState::Ready }],
            slots: 1,
        }
    }
}

fn context(life: &LifeId, run: &RunContext, app: AppLink) -> Context {
    let (run, clock) = (Rc::new(run.clone()), Clock::new(run));
    let reporter = Reporter::new(life.clone(), run.clone(), clock.clone(), "secret".to_owned());
    Context { life: life.clone(), run, clock, app, reporter }
}

/// A configuration with these modules, in JSON as presets have them.
pub(super) fn config(sessions: Sessions, modules: serde_json::Value, reads: &[&str]) -> ServiceConfig {
    let modules: Vec<Module> = serde_json::from_value(modules).unwrap();
    let settings =
        Service { modules: modules.iter().map(|module| module.name.clone()).collect(), sessions, ..Service::default() };
    let reads = reads.iter().map(|id| id.parse::<OperationId>().unwrap()).collect();
    ServiceConfig {
        settings,
        modules,
        reads,
        upstreams: Vec::new(),
        store: None,
        database: None,
        leaves_database: false,
        token_key: "00ff".repeat(16),
        versions: Vec::new(),
        port: None,
    }
}

/// A module whose operations are the session steps.
pub(super) fn shop(sessions: Sessions) -> ServiceConfig {
    let step = |name: &str, step: &str| serde_json::json!({ "name": name, "steps": [{ "session": step }] });
    let operations = [
        step("login", "create"),
        step("add", "append"),
        step("view", "read"),
        step("empty", "clear"),
        step("logout", "end"),
    ];
    config(sessions, serde_json::json!([{ "name": "shop", "operation": operations }]), &["shop.view"])
}

/// A built-in cache or database as a store, on a socket of its own; it ends with the value.
pub(super) struct LinkedStore {
    pub(super) store: Store,
    _orders: mpsc::Sender<Order>,
    _app: testing::App,
    _folder: tempfile::TempDir,
}

impl LinkedStore {
    /// Starts one that speaks this, and waits until it is ready.
    pub(super) async fn start(protocol: StoreProtocol) -> Self {
        let (context, mut app) = testing::context("kept.1#1").await;
        let life = context.life.clone();
        let (sender, orders) = mpsc::channel(1);
        let folder = tempfile::tempdir().unwrap();
        let shared = folder.path().to_owned();
        tokio::task::spawn_local(async move {
            let ended = match protocol {
                StoreProtocol::Resp => {
                    let config = CacheConfig { settings: topology::Cache::default() };
                    cache::run(context, 1, config, orders).await
                }
                StoreProtocol::Postgres => {
                    let settings = topology::Database::default();
                    let config = DatabaseConfig { settings, folder: shared.join("data"), shared };
                    database::run(context, 1, config, orders).await
                }
            };
            ended.unwrap();
        });
        let ready = |message| if let NodeMessage::Ready { address } = message { address } else { None };
        let endpoint = Endpoint { address: app.wait(ready).await, life, state: EndpointState::Ready };
        let store = Store { node: "kept".parse().unwrap(), protocol, endpoint: Some(endpoint) };
        Self { store, _orders: sender, _app: app, _folder: folder }
    }

    /// A configuration with this store linked.
    pub(super) fn linked(&self, config: ServiceConfig) -> ServiceConfig {
        let database = Some(self.store.clone()).filter(|store| store.protocol == StoreProtocol::Postgres);
        ServiceConfig { store: Some(self.store.clone()), database, ..config }
    }
}
