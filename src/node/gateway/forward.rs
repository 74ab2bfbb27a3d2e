//! A request's way to a replica and its answer's way back: which replica, how often, and what is remembered of it.

use crate::node::balancer::{self, Picked};
use crate::telemetry::{Cause, Outcome, Span, SpanKind, TraceParent};
use crate::topology::{Affinity, Gateway};

use super::affinity::Tie;
use super::answer::Answer;
use super::attempt::{self, Answered, Failed, Outgoing};
use super::body::{self, BodyReader, Framing, Piece};
use super::client::{BODY_STALL, BodyPlan, Client, Ended};
use super::head::Method;
use super::own::Own;
use super::routes::{Route, Shared};
use super::socket::Socket;

/// How much of an answer is gathered before it is written, in bytes.
const GATHER: usize = 32 << 10;

/// What all attempts of one request have in common.
struct Errand<'a> {
    shared: &'a Shared,
    route: &'a Route,
    settings: &'a Gateway,
    /// The trace, with the server span as its parent.
    context: TraceParent,
    name: &'a str,
    tie: Tie,
    /// The client does not know its affinity key yet.
    new_key: bool,
}

impl Client {
    /// Sends the request to replicas until one answers or no further attempt is allowed, and answers the client.
    pub(super) async fn forward(
        &mut self,
        shared: &Shared,
        mut plan: BodyPlan,
        context: TraceParent,
        name: &str,
    ) -> Ended {
        let Some(route) = shared.route(self.head.path()) else {
            return self.fail(Own::failed(Cause::NoRoute), plan.rest.is_none()).await;
        };
        let settings = shared.settings();
        let mut errand =
            Errand { shared, route: &route, settings: &settings, context, name, tie: Tie::Loose, new_key: false };
        errand.tie(self);
        let mut tried = Vec::new();
        let mut failed = None;
        for number in 1..=settings.retries.saturating_add(1) {
            let now_us = shared.context.clock.now_us();
            let picked = errand.tie.choose(&mut route.balancer.borrow_mut(), &tried, now_us);
            let Some(picked) = picked else { break };
            let outcome = self.attempt(&errand, &picked, &mut plan, number).await;
            let now = match outcome {
                Ok(ended) => return ended,
                Err(failed) => failed,
            };
            if let Some(by) = now.by {
                shared.eject(&route, &picked.life, by);
            }
            failed = Some(now);
            if !self.may_repeat(now, &plan) {
                break;
            }
            tried.push(picked.life);
        }
        match failed {
            Some(Failed::CLIENT) => Ended { keep: false, status: 0, outcome: Outcome::Failed(Cause::Reset) },
            Some(failed) => self.fail(Own::failed(failed.cause), plan.rest.is_none()).await,
            None => self.fail(Own::failed(Cause::NoUpstream), plan.rest.is_none()).await,
        }
    }

    /// What was never sent may be sent elsewhere, whatever it is. What was sent may have been done; only what merely
    /// reads is then asked again, and only while all of it is at hand.
    fn may_repeat(&self, failed: Failed, plan: &BodyPlan) -> bool {
        let mends = matches!(failed.cause, Cause::Reset | Cause::UpstreamTimedOut);
        !failed.sent || (mends && plan.rest.is_none() && self.head.method != Method::Other)
    }

    /// Makes one attempt and, if the replica answers, passes the answer on.
    async fn attempt(
        &mut self,
        errand: &Errand<'_>,
        picked: &Picked,
        plan: &mut BodyPlan,
        number: u32,
    ) -> Result<Ended, Failed> {
        let (shared, route) = (errand.shared, errand.route);
        let reporter = &shared.context.reporter;
        let start_us = shared.context.clock.now_us();
        route.balancer.borrow_mut().begin(&picked.life);
        let context = TraceParent { parent: reporter.span_id(), ..errand.context };
        let connected = attempt::connect(shared, route, picked).await;
        reporter.attempt(&route.node, Some(&picked.life), connected.is_ok());
        let ended = match connected {
            Ok(socket) => self.send(errand, picked, plan, socket, context).await,
            Err(failed) => Err(failed),
        };
        let (outcome, status) = match &ended {
            Ok((ended, outcome)) => (*outcome, ended.status),
            Err(failed) => (Outcome::Failed(failed.cause), 0),
        };
        let sent = !matches!(ended, Err(Failed { sent: false, .. }));
        let failed =
            !outcome.is_ok() && (status == 0 || status >= 500 || matches!(outcome, Outcome::Failed(Cause::Reset)));
        let end_us = shared.context.clock.now_us();
        let took_us = end_us.saturating_sub(start_us);
        if sent {
            reporter.attempt_ended(&route.node, took_us);
            if failed {
                reporter.attempt_failed(&route.node, Some(&picked.life));
            }
        }
        // A client that breaks off says nothing about the replica.
        let failed = failed && !matches!(ended, Err(Failed::CLIENT));
        route.balancer.borrow_mut().end(&picked.life, balancer::Ended { now_us: end_us, took_us, failed });
        let span = Span {
            trace: context.trace,
            id: context.parent,
            parent: Some(errand.context.parent),
            life: shared.context.life.clone(),
            kind: SpanKind::Client,
            name: errand.name.to_owned(),
            to: Some(route.node.clone()),
            peer: Some(picked.life.clone()),
            start_us,
            end_us,
            outcome,
            status,
            attempt: number,
            user: self.user(),
        };
        reporter.span(span, context.sampled);
        ended.map(|(ended, _)| ended)
    }

    /// Sends the request over a connection and passes the answer on. Answers with how it ended for the client, and how
    /// the attempt did.
    async fn send(
        &mut self,
        errand: &Errand<'_>,
        picked: &Picked,
        plan: &mut BodyPlan,
        socket: Socket,
        context: TraceParent,
    ) -> Result<(Ended, Outcome), Failed> {
        let outgoing = Outgoing {
            head: &self.head,
            peer: &self.peer,
            body: &self.body,
            framing: plan.framing,
            rest: plan.rest.as_mut().map(|reader| (&mut self.socket, reader)),
            limit: errand.settings.timeout.duration(),
        };
        let Answered { mut socket, answer, complete } =
            attempt::exchange(socket, outgoing, errand.shared, context, &mut self.out).await?;
        let keep =
            self.head.keep_alive && complete && answer.reframed != Framing::UntilClose && !errand.shared.draining.get();
        let cookie = errand.tie.new_cookie(errand.settings, &picked.life, errand.new_key);
        if let Some(value) = cookie {
            for part in ["set-cookie: ", &errand.route.cookie, "=", &value, "; Path=/; HttpOnly; SameSite=Lax\r\n"] {
                self.out.extend_from_slice(part.as_bytes());
            }
        }
        if let Some(guest) = &self.guest {
            errand.shared.visitors.hears(guest, &self.out, answer.cause);
            self.out.extend_from_slice(guest.cookie_line.as_deref().unwrap_or_default().as_bytes());
        }
        self.out.extend_from_slice(if keep { b"\r\n" } else { b"connection: close\r\n\r\n" });
        let passed = self.pass_on(&mut socket, answer, errand.settings).await;
        let carried = socket.take_carried();
        if passed.is_ok() && self.guest.is_none() {
            errand.shared.context.reporter.answered(&errand.route.node, errand.name, carried);
        }
        let outcome = match (passed, answer.status) {
            (Err(Stopped::Upstream { cause, begun: false }), _) => return Err(Failed::answering(cause)),
            (Err(Stopped::Upstream { cause, .. }), _) => Outcome::Failed(cause),
            (_, 200..400) => Outcome::Ok,
            (_, status) => Outcome::Failed(answer.cause.unwrap_or(Cause::of_status(status))),
        };
        let reuse = answer.reuse && complete && passed.is_ok() && socket.buffer.is_empty();
        if reuse && errand.route.balancer.borrow().life(&picked.life).is_some_and(|replica| !replica.ejected) {
            let now_us = errand.shared.context.clock.now_us();
            errand.route.pool.borrow_mut().put(&picked.life, socket, now_us);
        }
        Ok((Ended { keep: keep && passed.is_ok(), status: answer.status, outcome }, outcome))
    }

    /// Writes the answer to the client as it comes, no faster than the client reads.
    async fn pass_on(&mut self, upstream: &mut Socket, answer: Answer, settings: &Gateway) -> Result<(), Stopped> {
        let mut reader = BodyReader::new(answer.framing);
        let gone = |_| Stopped::Client;
        let mut begun = false;
        loop {
            match reader.next(&mut upstream.buffer) {
                Ok(Piece::Data(count)) => body::pass(answer.reframed, &mut upstream.buffer, count, &mut self.out),
                Ok(Piece::End) => break,
                Ok(Piece::More) => {
                    if !self.out.is_empty() {
                        self.socket.write_within(&self.out, BODY_STALL).await.map_err(gone)?;
                        self.out.clear();
                        begun = true;
                    }
                    match upstream.fill_within(settings.timeout.duration()).await {
                        Ok(0) if reader.closed().is_ok() => break,
                        Ok(count) if count > 0 => {}
                        Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                            return Err(Stopped::Upstream { cause: Cause::UpstreamTimedOut, begun });
                        }
                        _ => return Err(Stopped::Upstream { cause: Cause::Reset, begun }),
                    }
                }
                Err(_) => return Err(Stopped::Upstream { cause: Cause::Protocol, begun }),
            }
            if self.out.len() >= GATHER {
                self.socket.write_within(&self.out, BODY_STALL).await.map_err(gone)?;
                self.out.clear();
                begun = true;
            }
        }
        body::finish(answer.reframed, &mut self.out);
        self.socket.write_within(&self.out, BODY_STALL).await.map_err(gone)
    }
}

/// Why an answer did not reach its end.
#[derive(Debug, Clone, Copy)]
enum Stopped {
    /// The client no longer reads.
    Client,
    /// The replica broke off.
    Upstream {
        /// Why.
        cause: Cause,
        /// Whether the client has got a part of the answer.
        begun: bool,
    },
}

impl Errand<'_> {
    fn tie(&mut self, client: &Client) {
        if self.settings.affinity == Affinity::None {
            return;
        }
        let cookie = client.head.cookie(&self.route.cookie);
        let tie = Tie::read(self.settings, &self.route.node, cookie);
        self.new_key = tie == Tie::Loose;
        let mut balancer = self.route.balancer.borrow_mut();
        self.tie = tie.or_new_key(self.settings, &mut balancer, &mut self.shared.random.borrow_mut());
    }
}
