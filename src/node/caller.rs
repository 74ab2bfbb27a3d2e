//! Calls from one service to another: which replica, how often, how long, and what the books say about it. Balances
//! with the same balancer as a gateway, but asks nobody on the way.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, header};
use http_body_util::Full;

use crate::telemetry::{Cause, Outcome, Span, SpanKind, TraceParent};
use crate::topology::{LifeId, ModuleName, NodeId, OperationId, Policy};
use crate::wire::{NoticedBy, Upstream};

use super::Context;
use super::balancer::{Balancer, Ended, Picked};

mod meter;
mod probe;
mod transport;

use transport::Answer;
pub(super) use transport::{Broken, Pool};

/// One call, as often as it is tried.
pub(crate) struct Call<'a> {
    /// What is asked for.
    pub(crate) operation: &'a OperationId,
    /// Whether it only reads: then it is GET, and safe to repeat.
    pub(crate) reads: bool,
    /// How long one attempt may take.
    pub(crate) timeout: Duration,
    /// How many further attempts may follow one that failed in any way.
    pub(crate) retries: u32,
    /// The `cookie` header.
    pub(crate) cookie: Option<String>,
    /// The virtual user on whose behalf it is made, from 1.
    pub(crate) user: Option<u32>,
    /// The body of a POST.
    pub(crate) body: Bytes,
    /// The caller's own span.
    pub(crate) trace: TraceParent,
}

/// Makes the request of one attempt, to a replica and with a `traceparent`; `None` when it cannot be written.
pub(crate) type MakeRequest<'a> = dyn Fn(&Picked, &str) -> Option<Request<Full<Bytes>>> + 'a;

/// A request to one node, as often as it is tried.
pub(crate) struct Errand<'a> {
    /// What its spans are called.
    pub(crate) name: String,
    /// Whether it only reads: then it is safe to repeat.
    pub(crate) reads: bool,
    /// How long one attempt may take.
    pub(crate) timeout: Duration,
    /// How many further attempts may follow one that failed in any way.
    pub(crate) retries: u32,
    /// The virtual user on whose behalf it is made, from 1.
    pub(crate) user: Option<u32>,
    /// The sender's own span.
    pub(crate) trace: TraceParent,
    /// Makes the request of one attempt, to this replica with this `traceparent`; `None` when it cannot be written.
    pub(crate) request: &'a MakeRequest<'a>,
}

/// The answer to a call; any status.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// What the answer says went wrong.
    pub(crate) cause: Option<Cause>,
    /// Its headers.
    pub(crate) headers: HeaderMap,
    /// Its body.
    pub(crate) body: Bytes,
}

/// No attempt of a call got an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallFailed {
    /// What the last attempt failed of.
    pub(crate) cause: Cause,
    /// What happened, for a person.
    pub(crate) words: String,
}

/// Makes the calls of one service. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Caller {
    inner: Rc<Inner>,
}

struct Inner {
    context: Context,
    routes: RefCell<BTreeMap<NodeId, Route>>,
    pool: Pool,
    /// Lives that are being looked at until they answer again.
    watched: RefCell<BTreeSet<LifeId>>,
}

struct Route {
    modules: Vec<ModuleName>,
    balancer: Balancer,
}

impl Reply {
    /// The values of its `set-cookie` headers that are text.
    pub(crate) fn set_cookies(&self) -> impl Iterator<Item = &str> {
        self.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok())
    }
}

impl Caller {
    /// A caller that knows nobody yet.
    pub(crate) fn new(context: Context) -> Self {
        let inner = Inner { context, routes: RefCell::default(), pool: Pool::default(), watched: RefCell::default() };
        Self { inner: Rc::new(inner) }
    }

    /// Calls go to these nodes from now on, balanced by this policy. Calls under way finish where they are.
    pub(crate) fn update(&self, upstreams: &[Upstream], policy: Policy) {
        let mut routes = self.inner.routes.borrow_mut();
        let mut gone = Vec::new();
        routes.retain(|node, _| upstreams.iter().any(|upstream| upstream.node == *node));
        for upstream in upstreams {
            let route = routes.entry(upstream.node.clone()).or_insert_with(|| Route {
                modules: Vec::new(),
                balancer: Balancer::new(policy, self.inner.context.run.seed),
            });
            route.modules.clone_from(&upstream.modules);
            route.balancer.set_policy(policy);
            gone.extend(route.balancer.update(upstream));
        }
        drop(routes);
        for life in gone {
            self.inner.context.app.noticed(life, self.inner.context.clock.now_us(), NoticedBy::Told);
        }
        let listed = |life: &LifeId| {
            let of = |upstream: &&Upstream| upstream.endpoints.iter().any(|endpoint| endpoint.life == *life);
            upstreams.iter().find(of).is_some()
        };
        self.inner.pool.keep_only(listed);
    }

    /// Calls, and calls again where that is allowed. Further attempts go to replicas that were not tried yet, as long as
    /// there are some. Beyond `retries`, one that certainly did nothing (the connection was refused, or it only reads and
    /// the connection ended) may go on to an untried replica, as a balancer would do it.
    pub(crate) async fn call(&self, call: &Call<'_>) -> Result<Reply, CallFailed> {
        let node = self.route(&call.operation.module).ok_or_else(|| CallFailed {
            cause: Cause::NoRoute,
            words: format!(
                "no link leads from {} to a node that serves module {}: draw one",
                self.inner.context.life.node(),
                call.operation.module
            ),
        })?;
        let request =
            |to: &Picked, traceparent: &str| transport::request(&self.inner.context, call, to.address, traceparent);
        let errand = Errand {
            name: call.operation.to_string(),
            reads: call.reads,
            timeout: call.timeout,
            retries: call.retries,
            user: call.user,
            trace: call.trace,
            request: &request,
        };
        self.run(&node, &errand).await
    }

    /// Sends a request of any form to a node, with the attempts that an errand allows.
    ///
    /// # Errors
    /// When no attempt got an answer.
    pub(crate) async fn run(&self, node: &NodeId, errand: &Errand<'_>) -> Result<Reply, CallFailed> {
        let mut tried = Vec::new();
        let mut retries = errand.retries;
        for attempt in 1.. {
            let mut picked = self.pick(node, &tried);
            if picked.is_none() && !tried.is_empty() {
                picked = self.pick(node, &[]);
            }
            let failure = match self.attempt(errand, node, picked, attempt).await {
                Ok(reply) if reply.status < 500 => return Ok(reply),
                failed => failed,
            };
            let harmless = match &failure {
                Ok(_) => false,
                Err((_, broken)) => match broken {
                    Broken::Refused => true,
                    Broken::Reset => errand.reads,
                    Broken::TimedOut | Broken::Protocol | Broken::NoUpstream => false,
                },
            };
            if let Err((Some(life), _)) = &failure {
                tried.push(life.clone());
            }
            let untried = self.balance(node, |balancer| {
                balancer.replicas().iter().any(|replica| replica.takes_new() && !tried.contains(&replica.life))
            });
            if retries > 0 {
                retries -= 1;
            } else if !(harmless && untried == Some(true)) {
                return failure.map_err(|(life, broken)| failed(node, life, broken));
            }
        }
        Err(failed(node, None, Broken::NoUpstream))
    }

    /// The node that serves a module.
    fn route(&self, module: &ModuleName) -> Option<NodeId> {
        let routes = self.inner.routes.borrow();
        routes.iter().find(|(_, route)| route.modules.contains(module)).map(|(node, _)| node.clone())
    }

    fn pick(&self, node: &NodeId, tried: &[LifeId]) -> Option<Picked> {
        let now_us = self.inner.context.clock.now_us();
        self.balance(node, |balancer| balancer.pick(tried, now_us)).flatten()
    }

    fn balance<T>(&self, node: &NodeId, act: impl FnOnce(&mut Balancer) -> T) -> Option<T> {
        self.inner.routes.borrow_mut().get_mut(node).map(|route| act(&mut route.balancer))
    }

    /// One attempt: one span, one entry in the books.
    async fn attempt(
        &self,
        errand: &Errand<'_>,
        node: &NodeId,
        picked: Option<Picked>,
        attempt: u32,
    ) -> Result<Reply, (Option<LifeId>, Broken)> {
        let context = &self.inner.context;
        let start_us = context.clock.now_us();
        let id = context.reporter.span_id();
        let sent = Cell::new(false);
        let result = match &picked {
            None => {
                context.reporter.attempt(node, None, false);
                Err(Broken::NoUpstream)
            }
            Some(to) => {
                self.balance(node, |balancer| balancer.begin(&to.life));
                let ends = Ends { caller: self, node, life: &to.life, start_us, failed: Cell::new(true) };
                let trace = TraceParent { parent: id, ..errand.trace };
                let result = self.exchange(errand, to, &trace.to_string(), &sent).await;
                ends.failed.set(!result.as_ref().is_ok_and(|answer| answer.status < 500));
                context.reporter.attempt(node, Some(&to.life), sent.get());
                result
            }
        };
        let life = picked.as_ref().map(|picked| picked.life.clone());
        let (outcome, status) = match &result {
            Ok(answer) if (200..300).contains(&answer.status) => (Outcome::Ok, answer.status),
            Ok(answer) => {
                let cause = answer.cause.unwrap_or(Cause::of_status(answer.status));
                (Outcome::Failed(cause), answer.status)
            }
            Err(Broken::TimedOut) => (Outcome::TimedOut, 0),
            Err(broken) => (Outcome::Failed(broken.cause()), 0),
        };
        let end_us = context.clock.now_us();
        if sent.get() {
            context.reporter.attempt_ended(node, end_us.saturating_sub(start_us));
            if result.is_err() || status >= 500 {
                context.reporter.attempt_failed(node, life.as_ref());
            }
            if let Ok(answer) = &result {
                context.reporter.answered(node, &errand.name, answer.carried);
            }
        }
        let span = Span {
            trace: errand.trace.trace,
            id,
            parent: Some(errand.trace.parent),
            life: context.life.clone(),
            kind: SpanKind::Client,
            name: errand.name.clone(),
            to: Some(node.clone()),
            peer: life.clone(),
            start_us,
            end_us,
            outcome,
            status,
            attempt,
            user: errand.user,
        };
        context.reporter.span(span, errand.trace.sampled);
        if let (Err(broken), Some(picked)) = (&result, picked) {
            self.judge(node, picked, *broken);
        }
        result.map(Answer::into_reply).map_err(|broken| (life, broken))
    }

    /// Sends the request and reads the answer, within the errand's time limit.
    async fn exchange(
        &self,
        errand: &Errand<'_>,
        to: &Picked,
        traceparent: &str,
        sent: &Cell<bool>,
    ) -> Result<Answer, Broken> {
        let request = (errand.request)(to, traceparent).ok_or(Broken::Protocol)?;
        let exchange = self.inner.pool.exchange(to, request, sent);
        tokio::time::timeout(errand.timeout, exchange).await.unwrap_or(Err(Broken::TimedOut))
    }
}

/// Tells the balancer that an attempt is over, however it ends.
struct Ends<'a> {
    caller: &'a Caller,
    node: &'a NodeId,
    life: &'a LifeId,
    start_us: u64,
    /// Whether there was no good answer; so it is until one is there.
    failed: Cell<bool>,
}

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        let now_us = self.caller.inner.context.clock.now_us();
        let took_us = now_us.saturating_sub(self.start_us);
        let ended = Ended { now_us, took_us, failed: self.failed.get() };
        self.caller.balance(self.node, |balancer| balancer.end(self.life, ended));
    }
}

fn failed(node: &NodeId, life: Option<LifeId>, broken: Broken) -> CallFailed {
    let whom = life.map_or_else(|| node.to_string(), |life| life.to_string());
    let words = match broken {
        Broken::Refused => format!("{whom} refused the connection"),
        Broken::Reset => format!("the connection to {whom} ended before its answer"),
        Broken::TimedOut => format!("{whom} did not answer in time"),
        Broken::Protocol => format!("the answer of {whom} breaks the rules of HTTP or is too long"),
        Broken::NoUpstream => format!("no replica of {whom} takes requests"),
    };
    CallFailed { cause: broken.cause(), words }
}
