//! Sagas: calls that are done all or not at all, without a transaction. How far each has come is in the linked database
//! before and after every call, under a lease, so that any replica goes on with one whose owner is gone. Every call is
//! made at least once and may be made again, so what it writes must be found by the request's key.
//!
//! After H. Garcia-Molina and K. Salem, "Sagas", 1987, with backward recovery.

use std::rc::{Rc, Weak};
use std::time::Duration;

use bytes::Bytes;
use tokio::task::JoinSet;
use tokio_postgres::Row;

use crate::node::log::Level;
use crate::telemetry::{Cause, TraceId, TraceParent};
use crate::topology::{OperationId, SagaStep, Step};

use super::Service;
use super::database::{Taken, Together};
use super::refusal::Refusal;
use super::steps::{Work, doing};
use super::visit::{Ask, Visit};

/// How often a call is made before it has failed for good.
const TRIES: u32 = 3;
/// How often one that undoes another is made before it is left for later.
const UNDO_TRIES: u32 = 10;
/// The time between two tries, at first; it doubles.
const BACKOFF: Duration = Duration::from_millis(50);
/// What a lease has beyond the longest that a call may take, in microseconds.
const LEASE_MARGIN_US: u64 = 2_000_000;
/// How often a service looks for sagas that were left.
const LOOK: Duration = Duration::from_millis(500);
/// How many of them it takes at once.
const MOST_AT_ONCE: i64 = 10;

const BEGIN: &str = "INSERT INTO brownout_sagas (id, operation, state, done, lease, owner, trace, client, item) \
     VALUES ($1, $2, 'forward', 0, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING id";
const KNOWN: &str = "SELECT state FROM brownout_sagas WHERE id = $1";
const NOTE: &str =
    "UPDATE brownout_sagas SET state = $2, done = $3, lease = $4 WHERE id = $1 AND owner = $5 RETURNING id";
const LEFT: &str = "SELECT id, operation, state, done, lease, trace, client, item FROM brownout_sagas \
     WHERE state IN ('forward', 'back') AND lease < $1 ORDER BY lease LIMIT $2";
const CLAIM: &str = "UPDATE brownout_sagas SET owner = $2, lease = $3 WHERE id = $1 AND lease = $4 RETURNING id";

/// Which way a saga goes, or where it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Forward,
    Back,
    Done,
    Undone,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Back => "back",
            Self::Done => "done",
            Self::Undone => "undone",
        }
    }
}

/// One saga of one request.
struct Saga<'a> {
    id: String,
    steps: &'a [SagaStep],
    timeout: Duration,
    state: State,
    /// How many calls are done, or, on the way back, not undone yet.
    done: usize,
}

impl Work {
    /// Does a saga for a request.
    pub(super) async fn begin_saga(
        &self,
        operation: &OperationId,
        visit: &mut Visit,
        steps: &[SagaStep],
        timeout: Duration,
    ) -> Result<(), Refusal> {
        if !matches!(visit.together, Together::No) {
            let words = format!("the saga of {operation} cannot be part of a transaction");
            return Err(Refusal::new(Cause::DatabaseFailed, words));
        }
        let id = format!("{} {operation}", self.ask.trace.trace);
        let mut saga = Saga { id, steps, timeout, state: State::Forward, done: 0 };
        let mut taken = self.database.take().await?;
        let began = self.enter(&mut taken, &saga, operation).await?;
        if !began {
            let rows = self.database.ask(Some(&self.ask), &mut taken, "read saga", KNOWN, &[&saga.id]).await?;
            self.database.give_back(taken);
            let state: Option<String> = rows.first().and_then(|row| row.try_get(0).ok());
            return match state.as_deref() {
                Some("done") => Ok(()),
                _ => Err(undone(&saga, "it was begun before")),
            };
        }
        self.database.give_back(taken);
        self.drive(visit, &mut saga).await
    }

    async fn enter(&self, taken: &mut Taken, saga: &Saga<'_>, operation: &OperationId) -> Result<bool, Refusal> {
        let client = self.ask.user.map_or(-1, i64::from);
        let (operation, trace) = (operation.to_string(), self.ask.trace.trace.to_string());
        let item = self.ask.item.as_deref().unwrap_or_default();
        let (lease, owner) = (self.lease(saga.timeout), self.owner());
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 7] =
            [&saga.id, &operation, &lease, &owner, &trace, &client, &item];
        let rows = self.database.ask(Some(&self.ask), taken, "begin saga", BEGIN, &values).await?;
        Ok(!rows.is_empty())
    }

    /// Goes on with a saga until it has ended one way or the other.
    async fn drive(&self, visit: &mut Visit, saga: &mut Saga<'_>) -> Result<(), Refusal> {
        let mut why = String::new();
        while let (State::Forward, Some(step)) = (saga.state, saga.steps.get(saga.done)) {
            let called = self.persist(visit, &step.call, saga.timeout, TRIES).await;
            // What failed may have been done all the same, so it is undone with the others.
            saga.done += 1;
            if let Err(refusal) = called {
                saga.state = State::Back;
                why = refusal.words;
            } else if saga.done == saga.steps.len() {
                saga.state = State::Done;
            }
            self.note(saga).await?;
        }
        while let (State::Back, Some(last)) = (saga.state, saga.done.checked_sub(1)) {
            if let Some(undo) = saga.steps.get(last).and_then(|step| step.undo.as_ref()) {
                // Where it cannot be undone now, the lease runs out and some replica tries again.
                self.persist(visit, undo, saga.timeout, UNDO_TRIES).await?;
            }
            saga.done = last;
            if last == 0 {
                saga.state = State::Undone;
            }
            self.note(saga).await?;
        }
        if saga.state == State::Done { Ok(()) } else { Err(undone(saga, &why)) }
    }

    /// Has an operation done, however often it takes, within limits.
    async fn persist(
        &self,
        visit: &mut Visit,
        operation: &OperationId,
        timeout: Duration,
        tries: u32,
    ) -> Result<(), Refusal> {
        let mut backoff = BACKOFF;
        let mut tried = 1;
        loop {
            match self.ask_for(1, visit, operation, timeout, 0).await {
                Err(_) if tried < tries => tokio::time::sleep(backoff).await,
                done => return done,
            }
            (tried, backoff) = (tried + 1, backoff * 2);
        }
    }

    /// Writes down how far a saga has come. An error when it belongs to somebody else by now.
    async fn note(&self, saga: &Saga<'_>) -> Result<(), Refusal> {
        let mut taken = self.database.take().await?;
        let done = i64::try_from(saga.done).unwrap_or(i64::MAX);
        let (state, lease, owner) = (saga.state.word(), self.lease(saga.timeout), self.owner());
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] = [&saga.id, &state, &done, &lease, &owner];
        let rows = self.database.ask(Some(&self.ask), &mut taken, "note saga", NOTE, &values).await?;
        self.database.give_back(taken);
        if rows.is_empty() { Err(undone(saga, "another replica has taken it over")) } else { Ok(()) }
    }

    /// Until when a saga is left to its owner.
    fn lease(&self, timeout: Duration) -> i64 {
        let call_us = u64::try_from(timeout.as_micros()).unwrap_or(u64::MAX);
        let until_us = self.database.now_us().saturating_add(call_us.saturating_mul(2)).saturating_add(LEASE_MARGIN_US);
        i64::try_from(until_us).unwrap_or(i64::MAX)
    }

    fn owner(&self) -> String {
        self.database.life().to_string()
    }
}

fn undone(saga: &Saga<'_>, why: &str) -> Refusal {
    Refusal::new(Cause::CallFailed, format!("the saga {} was undone: {why}", saga.id))
}

/// Looks for sagas that were left, for as long as the service is there.
pub(super) fn watch(service: &Rc<Service>) {
    let watched = Rc::downgrade(service);
    tokio::task::spawn_local(async move {
        while let Some(more) = look(&watched).await {
            if !more {
                tokio::time::sleep(LOOK).await;
            }
        }
    });
}

/// Goes on with sagas whose lease has run out, several at once: each waits for its calls most of the time, and a crash
/// leaves all that were under way. Gives whether there may be more; `None` when the service is gone.
async fn look(watched: &Weak<Service>) -> Option<bool> {
    let service = watched.upgrade()?;
    let config = service.config.borrow().clone();
    let steps = config.modules.iter().flat_map(|module| &module.operations).flat_map(|operation| &operation.steps);
    let has_sagas = steps.into_iter().any(|step| matches!(step, Step::Saga { .. }));
    let is_there = config.database.as_ref().is_some_and(|database| database.endpoint.is_some());
    if !has_sagas || !is_there || service.draining.get() {
        return Some(false);
    }
    // What cannot be read now is there the next time.
    let found = left_behind(&service).await.unwrap_or_default();
    let more = i64::try_from(found.len()).is_ok_and(|count| count >= MOST_AT_ONCE);
    let mut going_on = JoinSet::new();
    for left in found {
        if let Some(ask) = left.ask(&service) {
            let work = Work {
                config: config.clone(),
                sessions: service.sessions.clone(),
                database: service.database.clone(),
                caller: service.caller.clone(),
                versions: service.versions.clone(),
                ask,
            };
            let service = service.clone();
            going_on.spawn_local(async move { go_on(&service, &work, &left).await });
        }
    }
    while going_on.join_next().await.is_some() {}
    Some(more)
}

/// A saga that nobody goes on with.
struct Left {
    id: String,
    operation: OperationId,
    state: State,
    done: usize,
    lease: i64,
    trace: TraceId,
    user: Option<u32>,
    item: Option<Rc<str>>,
}

impl Left {
    fn of(row: &Row) -> Option<Self> {
        let text = |at: usize| row.try_get::<_, String>(at).ok();
        let number = |at: usize| row.try_get::<_, i64>(at).ok();
        Some(Self {
            id: text(0)?,
            operation: text(1)?.parse().ok()?,
            state: if text(2)? == State::Back.word() { State::Back } else { State::Forward },
            done: usize::try_from(number(3)?).ok()?,
            lease: number(4)?,
            trace: TraceId(u128::from_str_radix(&text(5)?, 16).ok()?),
            user: u32::try_from(number(6)?).ok(),
            item: text(7).filter(|item| !item.is_empty()).map(Rc::from),
        })
    }

    /// The request as it was, as far as it is known: without the user's session.
    fn ask(&self, service: &Service) -> Option<Ask> {
        let parent = service.context.reporter.span_id();
        let body = match &self.item {
            Some(item) => serde_json::to_vec(&serde_json::json!({ "item": &**item })).ok()?,
            None => b"{}".to_vec(),
        };
        Some(Ask {
            trace: TraceParent { trace: self.trace, parent, sampled: true },
            user: self.user,
            body: Bytes::from(body),
            item: self.item.clone(),
        })
    }
}

async fn left_behind(service: &Service) -> Result<Vec<Left>, Refusal> {
    let now = i64::try_from(service.context.clock.now_us()).unwrap_or(i64::MAX);
    let mut taken = service.database.take().await?;
    let rows = service.database.ask(None, &mut taken, "look for sagas", LEFT, &[&now, &MOST_AT_ONCE]).await?;
    service.database.give_back(taken);
    Ok(rows.iter().filter_map(Left::of).collect())
}

/// Takes a saga over and brings it to its end.
async fn go_on(service: &Service, work: &Work, left: &Left) {
    let Some(doing) = doing(&work.config, &left.operation) else { return };
    let Some((steps, timeout)) = doing.saga() else { return };
    let mut saga = Saga { id: left.id.clone(), steps, timeout, state: left.state, done: left.done.min(steps.len()) };
    let claimed = async {
        let mut taken = work.database.take().await?;
        let (owner, lease) = (work.owner(), work.lease(timeout));
        let rows =
            work.database.ask(None, &mut taken, "claim saga", CLAIM, &[&left.id, &owner, &lease, &left.lease]).await?;
        work.database.give_back(taken);
        Ok::<bool, Refusal>(!rows.is_empty())
    };
    if !matches!(claimed.await, Ok(true)) {
        return;
    }
    let ended = work.drive(&mut Visit::default(), &mut saga).await;
    let (level, how) = match (&ended, saga.state) {
        (Ok(()), _) => (Level::Info, "to its end".to_owned()),
        (Err(_), State::Undone) => (Level::Info, "back: all of it is undone".to_owned()),
        (Err(refusal), _) => (Level::Warning, format!("but it has not ended: {}", refusal.words)),
    };
    service.context.app.log(level, &format!("went on with the saga {} that was left, {how}", left.id));
}
