//! The way to the linked cache: one connection for all requests, kept up in the background, with a limit on every wait.
//! Knows nothing of sessions.

use std::rc::Rc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, FromRedisValue, Pipeline, RedisError};
use tokio::sync::{Notify, watch};

use crate::node::log::Level;
use crate::node::{AppLink, Context};
use crate::telemetry::{Cause, Outcome, Span, SpanKind};
use crate::topology::LifeId;
use crate::wire::{Endpoint, Store};

use super::super::refusal::Refusal;
use super::super::visit::Ask;

/// How long a request waits for the store.
const PATIENCE: Duration = Duration::from_millis(500);
/// The time between two attempts to connect.
const REDIAL: Duration = Duration::from_millis(100);

/// The store as seen from here.
pub(super) struct StoreLink {
    context: Context,
    target: watch::Sender<Option<Store>>,
    line: watch::Receiver<Line>,
    broken: Rc<Notify>,
}

/// The state of the connection.
#[derive(Clone)]
enum Line {
    /// A first attempt to connect to this life is under way.
    Dialling,
    /// Connected.
    Up(LifeId, MultiplexedConnection),
    /// Not connected, for this reason; attempts go on.
    Down(String),
}

impl StoreLink {
    /// A link that leads nowhere yet.
    pub(super) fn new(context: Context) -> Self {
        let (target, targets) = watch::channel(None);
        let (state, line) = watch::channel(Line::Down("no store is linked".to_owned()));
        let broken = Rc::new(Notify::new());
        tokio::task::spawn_local(keep_up(targets, state, broken.clone()));
        tokio::task::spawn_local(tell(line.clone(), context.app.clone()));
        Self { context, target, line, broken }
    }

    /// Leads to this store, or its new life, from now on.
    pub(super) fn lead_to(&self, store: Option<&Store>) {
        self.target.send_if_modified(|target| {
            let changed = target.as_ref() != store;
            *target = store.cloned();
            changed
        });
    }

    /// Sends commands, all or nothing, and reads their answers. `name` is what the span is called; without an `ask` there
    /// is no request that it could belong to, and no span. Also answers with the life that acknowledged.
    pub(super) async fn query<T: FromRedisValue>(
        &self,
        ask: Option<&Ask>,
        name: &str,
        commands: &Pipeline,
    ) -> Result<(T, LifeId), Refusal> {
        let node = self.target.borrow().as_ref().map(|store| store.node.clone());
        let Some(node) = node else { return Err(unavailable("no store is linked")) };
        let start_us = self.context.clock.now_us();
        let connected = self.connected().await;
        let peer = connected.as_ref().ok().map(|(life, _)| life.clone());
        let went_out = connected.is_ok();
        self.context.reporter.attempt(&node, peer.as_ref(), went_out);
        let answer = match connected {
            Err(why) => Err(why),
            Ok((life, mut connection)) => match commands.query_async::<T>(&mut connection).await {
                Ok(answer) => Ok((answer, life)),
                Err(error) => {
                    self.context.reporter.attempt_failed(&node, Some(&life));
                    Err(self.judge(&error))
                }
            },
        };
        let end_us = self.context.clock.now_us();
        if went_out {
            self.context.reporter.attempt_ended(&node, end_us.saturating_sub(start_us));
        }
        if let Some(ask) = ask {
            let outcome = if answer.is_ok() { Outcome::Ok } else { Outcome::Failed(Cause::StoreUnavailable) };
            let span = Span {
                trace: ask.trace.trace,
                id: self.context.reporter.span_id(),
                parent: Some(ask.trace.parent),
                life: self.context.life.clone(),
                kind: SpanKind::Client,
                name: name.to_owned(),
                to: Some(node.clone()),
                peer,
                start_us,
                end_us,
                outcome,
                status: 0,
                attempt: 1,
                user: ask.user,
            };
            self.context.reporter.span(span, ask.trace.sampled);
        }
        answer.map_err(|why| unavailable(&format!("store {node}: {why}")))
    }

    /// The connection, as soon as there is one.
    async fn connected(&self) -> Result<(LifeId, MultiplexedConnection), String> {
        let mut line = self.line.clone();
        let settled = tokio::time::timeout(PATIENCE, line.wait_for(|line| !matches!(line, Line::Dialling))).await;
        match settled.map(|line| line.map(|line| line.clone())) {
            Ok(Ok(Line::Up(life, connection))) => Ok((life, connection)),
            Ok(Ok(Line::Down(why))) => Err(why),
            _ => Err("no connection in time".to_owned()),
        }
    }

    fn judge(&self, error: &RedisError) -> String {
        if error.is_unrecoverable_error() && !error.is_timeout() {
            self.broken.notify_one();
        }
        error.to_string()
    }
}

fn unavailable(words: &str) -> Refusal {
    Refusal::new(Cause::StoreUnavailable, format!("the session store did not answer: {words}"))
}

/// Keeps a connection to the target's newest life until the link is dropped.
async fn keep_up(mut targets: watch::Receiver<Option<Store>>, line: watch::Sender<Line>, broken: Rc<Notify>) {
    loop {
        let target = targets.borrow_and_update().clone();
        let endpoint = match target {
            None => Err("no store is linked".to_owned()),
            Some(store) => store.endpoint.ok_or_else(|| "it has no ready life".to_owned()),
        };
        let ended = match endpoint {
            Err(why) => {
                line.send_replace(Line::Down(why));
                targets.changed().await.is_err()
            }
            Ok(endpoint) => {
                line.send_replace(Line::Dialling);
                tokio::select! {
                    changed = changed_from(&mut targets, &endpoint) => changed.is_err(),
                    () = stay_connected(&endpoint, &line, &broken) => false,
                }
            }
        };
        if ended {
            return;
        }
    }
}

/// Says in the log when the store is there and when it is lost.
async fn tell(mut line: watch::Receiver<Line>, app: AppLink) {
    let mut connected = None;
    while line.changed().await.is_ok() {
        match &*line.borrow_and_update() {
            Line::Up(life, _) if connected.as_ref() != Some(life) => {
                app.log(Level::Info, &format!("the session store {life} is connected"));
                connected = Some(life.clone());
            }
            Line::Down(why) => {
                if let Some(life) = connected.take() {
                    app.log(Level::Warning, &format!("the session store {life} is lost: {why}"));
                }
            }
            Line::Up(..) | Line::Dialling => {}
        }
    }
}

/// Waits until the target is no longer this endpoint.
async fn changed_from(
    targets: &mut watch::Receiver<Option<Store>>,
    endpoint: &Endpoint,
) -> Result<(), watch::error::RecvError> {
    let same = |store: &Option<Store>| {
        let now = store.as_ref().and_then(|store| store.endpoint.as_ref());
        now.is_some_and(|now| now.life == endpoint.life && now.address == endpoint.address)
    };
    targets.wait_for(|store| !same(store)).await.map(|_| ())
}

/// Connects, and connects again whenever the connection breaks. Never ends by itself.
async fn stay_connected(endpoint: &Endpoint, line: &watch::Sender<Line>, broken: &Notify) {
    loop {
        match dial(endpoint).await {
            Ok(connection) => {
                line.send_replace(Line::Up(endpoint.life.clone(), connection));
                broken.notified().await;
                line.send_replace(Line::Down("the connection ended".to_owned()));
            }
            Err(error) => {
                line.send_replace(Line::Down(error.to_string()));
                tokio::time::sleep(REDIAL).await;
            }
        }
    }
}

async fn dial(endpoint: &Endpoint) -> Result<MultiplexedConnection, RedisError> {
    let limits =
        AsyncConnectionConfig::new().set_connection_timeout(Some(PATIENCE)).set_response_timeout(Some(PATIENCE));
    let client = redis::Client::open(format!("redis://{}/", endpoint.address))?;
    client.get_multiplexed_async_connection_with_config(&limits).await
}
