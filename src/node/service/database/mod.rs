//! The way to the linked database, in the PostgreSQL protocol: what requests do to its tables, each statement by itself
//! or together in one transaction. Knows of sessions only their table, and never repeats a statement that may have run.

mod line;
mod statement;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::node::Context;
use crate::telemetry::{Cause, Outcome, Span, SpanKind};
use crate::topology::{DbKey, DbStep, LifeId};
use crate::wire::{ServiceConfig, Store};

use super::refusal::Refusal;
use super::visit::{Ask, Visit};
use line::Line;

/// The most connections of one process to its database.
const CONNECTIONS: usize = 8;
/// How long a request waits for a free connection, and then for a new one to be made.
const CONNECT_PATIENCE: Duration = Duration::from_millis(500);
/// How long a statement may take, waiting for locks included.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long of that it may wait for a lock.
const LOCK_PATIENCE: Duration = Duration::from_millis(1_800);

/// The database as seen from here. Cheap to clone.
#[derive(Clone)]
pub(super) struct Database(Rc<Inner>);

struct Inner {
    context: Context,
    target: RefCell<Option<Store>>,
    /// What makes the tables that this service uses.
    schema: RefCell<String>,
    /// The life in which these tables have been made.
    made_in: RefCell<Option<LifeId>>,
    /// Connections that nobody uses, the last used last.
    idle: RefCell<Vec<Line>>,
    room: Arc<Semaphore>,
}

/// Whether what a request does to the database belongs together.
#[derive(Default)]
pub(super) enum Together {
    /// Each statement stands for itself.
    #[default]
    No,
    /// A transaction begins with the first statement.
    Wanted,
    /// It has begun. Dropped, it is rolled back: the connection goes, and the server sees it.
    Open(Box<Taken>),
    /// A statement of it failed, so nothing of it is kept.
    Broken,
}

/// What a statement answered.
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    /// The database's life that acknowledged it.
    pub(super) life: LifeId,
}

/// A connection that a request uses.
pub(super) struct Taken {
    line: Line,
    _room: OwnedSemaphorePermit,
}

impl Database {
    /// A way that leads nowhere yet.
    pub(super) fn new(context: Context, config: &ServiceConfig) -> Self {
        let inner = Inner {
            context,
            target: RefCell::default(),
            schema: RefCell::default(),
            made_in: RefCell::default(),
            idle: RefCell::default(),
            room: Arc::new(Semaphore::new(CONNECTIONS)),
        };
        let database = Self(Rc::new(inner));
        database.configure(config);
        database
    }

    /// Leads to this configuration's database, or its new life, from now on.
    pub(super) fn configure(&self, config: &ServiceConfig) {
        let schema = statement::schema(config);
        if *self.0.schema.borrow() != schema {
            *self.0.schema.borrow_mut() = schema;
            *self.0.made_in.borrow_mut() = None;
        }
        self.0.target.borrow_mut().clone_from(&config.database);
        let life = self.endpoint().map(|endpoint| endpoint.0);
        self.0.idle.borrow_mut().retain(|line| Some(&line.life) == life.as_ref());
    }

    /// The life that this process is.
    pub(super) fn life(&self) -> &LifeId {
        &self.0.context.life
    }

    /// Run time, in microseconds.
    pub(super) fn now_us(&self) -> u64 {
        self.0.context.clock.now_us()
    }

    /// Does what a step says, within the request's transaction if there is one.
    pub(super) async fn step(&self, ask: &Ask, visit: &mut Visit, step: &DbStep) -> Result<(), Refusal> {
        let key = key_of(step.key, ask, visit);
        let (name, sql) = (format!("{} {}", step.op, step.table), statement::of(step));
        if matches!(visit.together, Together::Wanted) {
            let mut taken = self.take().await?;
            self.tell(ask, &mut taken, "begin", "BEGIN").await?;
            visit.together = Together::Open(Box::new(taken));
        }
        self.query(Some(ask), &mut visit.together, &name, &sql, &[&key]).await.map(drop)
    }

    /// Sends a statement, within the request's transaction if that has begun, else by itself.
    pub(super) async fn query(
        &self,
        ask: Option<&Ask>,
        together: &mut Together,
        name: &str,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Rows, Refusal> {
        match together {
            Together::Open(taken) => {
                let life = taken.line.life.clone();
                let answer = self.ask(ask, taken, name, sql, parameters).await;
                if answer.is_err() {
                    *together = Together::Broken;
                }
                Ok(Rows { rows: answer?, life })
            }
            Together::Broken => Err(self.failed("a statement of this transaction failed before")),
            Together::No | Together::Wanted => {
                let mut taken = self.take().await?;
                let life = taken.line.life.clone();
                let rows = self.ask(ask, &mut taken, name, sql, parameters).await?;
                self.give_back(taken);
                Ok(Rows { rows, life })
            }
        }
    }

    /// Ends a request's transaction: all of it is kept, or nothing.
    pub(super) async fn end(&self, ask: &Ask, visit: &mut Visit, keep: bool) -> Result<(), Refusal> {
        let mut taken = match std::mem::take(&mut visit.together) {
            Together::Open(taken) => *taken,
            Together::Broken if keep => {
                return Err(self.failed("a statement of the transaction failed, so it was undone"));
            }
            Together::No | Together::Wanted | Together::Broken => return Ok(()),
        };
        let (name, sql) = if keep { ("commit", "COMMIT") } else { ("rollback", "ROLLBACK") };
        self.tell(ask, &mut taken, name, sql).await?;
        self.give_back(taken);
        Ok(())
    }

    /// The database's ready life and its address.
    fn endpoint(&self) -> Option<(LifeId, std::net::SocketAddr)> {
        let target = self.0.target.borrow();
        let endpoint = target.as_ref()?.endpoint.as_ref()?;
        Some((endpoint.life.clone(), endpoint.address))
    }

    /// A connection to the ready life, on which every table is there.
    pub(super) async fn take(&self) -> Result<Taken, Refusal> {
        let room = timeout(CONNECT_PATIENCE, self.0.room.clone().acquire_owned()).await;
        let Ok(Ok(room)) = room else {
            return Err(self.failed(&format!("all {CONNECTIONS} connections are in use")));
        };
        if self.0.target.borrow().is_none() {
            return Err(self.failed("no database is linked to this service"));
        }
        let Some((life, address)) = self.endpoint() else { return Err(self.failed("it has no ready life")) };
        let kept = loop {
            let kept = self.0.idle.borrow_mut().pop();
            match kept {
                Some(line) if line.life != life || line.is_closed() => {}
                kept => break kept,
            }
        };
        let line = match kept {
            Some(line) => line,
            None => match timeout(CONNECT_PATIENCE, Line::open(life, address, LOCK_PATIENCE)).await {
                Ok(opened) => opened.map_err(|error| self.failed(&line::words(&error)))?,
                Err(_) => return Err(self.failed("no connection in time")),
            },
        };
        let mut taken = Taken { line, _room: room };
        self.make_tables(&mut taken).await?;
        Ok(taken)
    }

    /// Makes the tables of this service, once for each life of the database. Before any transaction: making one
    /// would wait for a transaction that writes.
    async fn make_tables(&self, taken: &mut Taken) -> Result<(), Refusal> {
        if self.0.made_in.borrow().as_ref() == Some(&taken.line.life) {
            return Ok(());
        }
        let sql = self.0.schema.borrow().clone();
        // Two replicas that make a table at once get in each other's way in PostgreSQL, whatever IF NOT EXISTS says.
        let mut made = taken.line.batch(&sql).await;
        if made.is_err() {
            made = taken.line.batch(&sql).await;
        }
        made.map_err(|error| self.failed(&format!("cannot make its tables: {}", line::words(&error))))?;
        *self.0.made_in.borrow_mut() = Some(taken.line.life.clone());
        Ok(())
    }

    /// Keeps a connection for the next request.
    pub(super) fn give_back(&self, taken: Taken) {
        if self.endpoint().is_some_and(|(life, _)| life == taken.line.life) && !taken.line.is_closed() {
            self.0.idle.borrow_mut().push(taken.line);
        }
    }

    async fn tell(&self, ask: &Ask, taken: &mut Taken, name: &str, sql: &str) -> Result<(), Refusal> {
        self.ask(Some(ask), taken, name, sql, &[]).await.map(drop)
    }

    /// Sends one statement and reads its rows. `name` is what the span is called; without an `ask` there is no request
    /// that it could belong to, and no span.
    pub(super) async fn ask(
        &self,
        ask: Option<&Ask>,
        taken: &mut Taken,
        name: &str,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Refusal> {
        let node = taken.line.life.node().clone();
        let life = taken.line.life.clone();
        let (reporter, clock) = (&self.0.context.reporter, &self.0.context.clock);
        let start_us = clock.now_us();
        reporter.attempt(&node, Some(&life), true);
        let answer = match timeout(PATIENCE, taken.line.ask(sql, parameters)).await {
            Ok(Ok(rows)) => Ok(rows),
            Ok(Err(error)) => Err(line::words(&error)),
            Err(_) => {
                taken.line.spoil();
                Err(format!("no answer within {} s", PATIENCE.as_secs()))
            }
        };
        let end_us = clock.now_us();
        reporter.attempt_ended(&node, end_us.saturating_sub(start_us));
        if answer.is_err() {
            reporter.attempt_failed(&node, Some(&life));
        }
        if let Some(ask) = ask {
            let outcome = if answer.is_ok() { Outcome::Ok } else { Outcome::Failed(Cause::DatabaseFailed) };
            let span = Span {
                trace: ask.trace.trace,
                id: reporter.span_id(),
                parent: Some(ask.trace.parent),
                life: self.0.context.life.clone(),
                kind: SpanKind::Client,
                name: name.to_owned(),
                to: Some(node),
                peer: Some(life),
                start_us,
                end_us,
                outcome,
                status: 0,
                attempt: 1,
                user: ask.user,
            };
            reporter.span(span, ask.trace.sampled);
        }
        answer.map_err(|why| self.failed(&format!("{name}: {why}")))
    }

    fn failed(&self, why: &str) -> Refusal {
        let target = self.0.target.borrow();
        let name = target.as_ref().map_or_else(String::new, |store| format!(" {}", store.node));
        Refusal::new(Cause::DatabaseFailed, format!("database{name}: {why}"))
    }
}

/// What a row is found by, for this request.
fn key_of(key: DbKey, ask: &Ask, visit: &Visit) -> String {
    let request = || ask.trace.trace.to_string();
    match key {
        DbKey::Request => request(),
        DbKey::Item => ask.item.as_deref().map_or_else(request, str::to_owned),
        DbKey::User => match (ask.user, &visit.session) {
            (Some(user), _) => format!("user-{user}"),
            (None, Some(session)) => session.to_string(),
            (None, None) => request(),
        },
        DbKey::One => "one".to_owned(),
    }
}
