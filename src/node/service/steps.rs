//! The step interpreter: does what an operation's steps say, one after the other. A call to a module of this process is
//! a function call; a call to any other is HTTP.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use crate::node::caller::{Call, Caller, Reply};
use crate::telemetry::books::SESSION_CHECK;
use crate::telemetry::{Cause, SessionId};
use crate::topology::{DbStep, OperationId, SagaStep, SessionStep, Step};
use crate::wire::ServiceConfig;

use super::answer::Done;
use super::cpu;
use super::database::{Database, Together};
use super::refusal::Refusal;
use super::sessions::Sessions;
use super::version::Versions;
use super::visit::{Ask, Visit};

/// How deep calls within the process may go. Deeper ones go round in a circle.
const MAX_DEPTH: u32 = 64;

/// What the steps of one request work with. The configuration is the one of the request's beginning.
pub(super) struct Work {
    pub(super) config: Rc<ServiceConfig>,
    pub(super) sessions: Rc<Sessions>,
    pub(super) database: Database,
    pub(super) caller: Caller,
    pub(super) versions: Rc<Versions>,
    pub(super) ask: Ask,
}

type Performing<'a> = Pin<Box<dyn Future<Output = Result<(), Refusal>> + 'a>>;

/// What an operation of this process does.
pub(super) struct Doing<'a> {
    steps: &'a [Step],
    transaction: bool,
}

impl<'a> Doing<'a> {
    /// The calls of the operation's saga, and the time for each; `None` if it has none.
    pub(super) fn saga(&self) -> Option<(&'a [SagaStep], Duration)> {
        self.steps.iter().find_map(|step| {
            if let Step::Saga { saga, timeout } = step { Some((saga.as_slice(), timeout.duration())) } else { None }
        })
    }
}

/// What an operation does that this process hosts. Every hosted module can also be asked for `session.check`.
pub(super) fn doing<'a>(config: &'a ServiceConfig, operation: &OperationId) -> Option<Doing<'a>> {
    const CHECK: &[Step] = &[Step::Session { session: SessionStep::Read }];
    let module = config.modules.iter().find(|module| module.name == operation.module)?;
    if *operation.operation == *SESSION_CHECK {
        return Some(Doing { steps: CHECK, transaction: false });
    }
    let known = module.operations.iter().find(|known| *known.name == *operation.operation)?;
    Some(Doing { steps: &known.steps, transaction: known.transaction })
}

impl Work {
    /// Does an operation.
    pub(super) async fn perform(&self, visit: &mut Visit, operation: &OperationId) -> Result<(), Refusal> {
        self.perform_at(0, visit, operation).await
    }

    fn perform_at<'a>(&'a self, depth: u32, visit: &'a mut Visit, operation: &'a OperationId) -> Performing<'a> {
        Box::pin(async move {
            let Some(doing) = doing(&self.config, operation) else {
                return Err(Refusal::new(
                    Cause::NoRoute,
                    format!("module {} has no operation {}", operation.module, operation.operation),
                ));
            };
            if depth > MAX_DEPTH {
                return Err(Refusal::new(Cause::CallFailed, format!("the calls of {operation} go round in a circle")));
            }
            if *operation.operation != *SESSION_CHECK {
                self.versions.request(&operation.module)?;
            }
            // Within a transaction that is under way, an operation joins it.
            let begins = doing.transaction && matches!(visit.together, Together::No);
            if begins {
                visit.together = Together::Wanted;
            }
            let done = self.perform_steps(depth, visit, operation, doing.steps).await;
            if begins {
                let ended = self.database.end(&self.ask, visit, done.is_ok()).await;
                return done.and(ended);
            }
            done
        })
    }

    async fn perform_steps(
        &self,
        depth: u32,
        visit: &mut Visit,
        operation: &OperationId,
        steps: &[Step],
    ) -> Result<(), Refusal> {
        for step in steps {
            match step {
                Step::Cpu { cpu } => cpu::burn(cpu.duration()).await,
                Step::Wait { wait } => tokio::time::sleep(wait.duration()).await,
                Step::Session { session } => self.session(visit, *session).await?,
                Step::Db { db } => self.db(visit, db).await?,
                Step::Saga { saga, timeout } => {
                    Box::pin(self.begin_saga(operation, visit, saga, timeout.duration())).await?;
                }
                Step::Call { call, timeout, retries, optional } => {
                    match self.ask_for(depth, visit, call, timeout.duration(), *retries).await {
                        Err(_) if *optional => visit.degraded = true,
                        called => called?,
                    }
                }
            }
        }
        Ok(())
    }

    // On the heap, and made in functions of their own: calls nest, and what all steps could need would be on the stack
    // once for each call.

    fn session<'a>(&'a self, visit: &'a mut Visit, step: SessionStep) -> Performing<'a> {
        Box::pin(self.sessions.step(&self.ask, visit, step))
    }

    fn db<'a>(&'a self, visit: &'a mut Visit, step: &'a DbStep) -> Performing<'a> {
        Box::pin(self.database.step(&self.ask, visit, step))
    }

    /// Has an operation done: here, if this process hosts it, else over HTTP.
    pub(super) async fn ask_for(
        &self,
        depth: u32,
        visit: &mut Visit,
        operation: &OperationId,
        timeout: Duration,
        retries: u32,
    ) -> Result<(), Refusal> {
        if self.config.modules.iter().any(|module| module.name == operation.module) {
            self.perform_at(depth + 1, visit, operation).await
        } else {
            self.call(visit, operation, timeout, retries).await
        }
    }

    async fn call(
        &self,
        visit: &mut Visit,
        operation: &OperationId,
        timeout: Duration,
        retries: u32,
    ) -> Result<(), Refusal> {
        let call = Call {
            operation,
            reads: self.config.reads.contains(operation),
            timeout,
            retries,
            cookie: visit.cookie_header(),
            user: self.ask.user,
            body: self.ask.body.clone(),
            trace: self.ask.trace,
        };
        let reply = self.caller.call(&call).await.map_err(|failed| {
            Refusal::new(Cause::CallFailed, format!("the call of {operation} failed: {}", failed.words))
        })?;
        if (200..300).contains(&reply.status) {
            adopt(visit, &reply);
            return Ok(());
        }
        let cause = reply.cause.unwrap_or(Cause::of_status(reply.status));
        if reply.status == 401 && cause == Cause::UnknownSession {
            return Err(Refusal::unknown_session());
        }
        Err(Refusal::new(Cause::CallFailed, format!("{operation} answered {}: {cause}", reply.status)))
    }
}

/// Takes over what a callee did: cookies, session, items, degradation.
fn adopt(visit: &mut Visit, reply: &Reply) {
    for cookie in reply.set_cookies() {
        visit.adopt_cookie(cookie);
    }
    // What is no answer of a service says nothing about sessions.
    let done: Done = serde_json::from_slice(&reply.body).unwrap_or_default();
    visit.degraded |= done.degraded;
    if let Some(session) = done.session {
        visit.session = Some(SessionId(session.into()));
    }
    if done.items.is_some() {
        visit.items = done.items;
    }
}
