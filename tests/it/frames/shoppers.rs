//! The users of the exact world and their requests: each logs in, fills a basket, and finds out when it is gone. Every
//! request leaves the spans that the real processes would leave, and both ledgers the lines that they would write.

use std::collections::{BTreeMap, BTreeSet};

use brownout::control::{EndpointState, Event};
use brownout::telemetry::{
    Belief, BeliefKind, Cause, LedgerKind, LedgerLine, Outcome, SessionId, Span, SpanId, SpanKind, TraceId,
};
use brownout::topology::{Affinity, LifeId, NodeId, OperationId, SessionStep, Sessions, Slot, Step, Users};
use rand::RngExt;

use super::world::{Happening, Moment, World};

/// How long one hop between two processes takes.
const HOP_US: u64 = 200;
/// How long a replica takes for any request, waiting in its steps aside.
const WORK_US: u64 = 1_000;

/// One user, with what it believes in.
#[derive(Default)]
pub(super) struct Person {
    session: Option<(SessionId, BTreeSet<u32>)>,
    /// The replica that its cookie names.
    tie: Option<LifeId>,
    was_lost: bool,
    logged_in: bool,
    journey: usize,
    items_made: u32,
}

/// A request on its way.
#[derive(Clone)]
pub(super) struct Visit {
    user: usize,
    operation: OperationId,
    item: Option<u32>,
    trace: TraceId,
    start_us: u64,
    /// The ids of the request, of the user's attempt, and of the gateway's part.
    request: SpanId,
    asking: SpanId,
    passing: SpanId,
    /// The replicas that were tried, the last one being where it is.
    tried: Vec<LifeId>,
    sent_us: u64,
}

/// What a replica answers.
#[derive(Default)]
struct Answer {
    session: Option<SessionId>,
    items: Option<BTreeSet<u32>>,
}

impl World {
    fn settings(&self) -> Users {
        self.preset.topology.node(&self.places.users).and_then(|node| node.users()).unwrap().clone()
    }

    /// The users' first requests, spread over the time of one thought.
    pub(super) fn begin(&mut self) {
        let settings = self.settings();
        for user in 0..settings.users as usize {
            self.people.push(Person::default());
            let us = settings.think.as_micros() * user as u64 / u64::from(settings.users);
            self.later(us, Happening::Act(user));
        }
        if let Some((_, _, at_us)) = &mut self.plug {
            *at_us += self.now_us;
        }
    }

    fn alive(&self, node: &NodeId) -> Option<LifeId> {
        self.processes.keys().find(|life| life.node() == node).cloned()
    }

    fn next_id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    fn steps(&self, operation: &OperationId) -> Vec<Step> {
        let modules = &self.preset.topology.modules;
        let module = modules.iter().find(|module| module.name == operation.module).unwrap();
        module.operations.iter().find(|it| it.name == *operation.operation).unwrap().steps.clone()
    }

    /// How long the steps of an operation wait, those that it calls included.
    fn wait_us(&self, operation: &OperationId) -> u64 {
        let wait = |step: &Step| match step {
            Step::Wait { wait } => wait.as_micros(),
            Step::Call { call, .. } => self.wait_us(call),
            Step::Cpu { .. } | Step::Session { .. } | Step::Db { .. } | Step::Saga { .. } => 0,
        };
        self.steps(operation).iter().map(wait).sum()
    }

    fn session_steps(&self, operation: &OperationId) -> Vec<SessionStep> {
        let session = |step: &Step| if let Step::Session { session } = step { Some(*session) } else { None };
        self.steps(operation).iter().filter_map(session).collect()
    }

    /// Lets a user begin the next request.
    pub(super) fn act(&mut self, user: usize) {
        let settings = self.settings();
        let person = &self.people[user];
        let next = person.journey % settings.journey.len();
        let operation = if person.logged_in { settings.journey[next].clone() } else { settings.start[0].clone() };
        let item = self.session_steps(&operation).contains(&SessionStep::Append).then(|| {
            self.people[user].items_made += 1;
            self.people[user].items_made
        });
        self.books(&operation, |books| books.issued += 1);
        let (users, gate) = (self.alive(&self.places.users).unwrap(), self.alive(&self.places.gate).unwrap());
        self.count_attempt(&users, &gate);
        let visit = Visit {
            user,
            operation,
            item,
            trace: TraceId(u128::from(self.next_id())),
            start_us: self.now_us,
            request: SpanId(self.next_id()),
            asking: SpanId(self.next_id()),
            passing: SpanId(self.next_id()),
            tried: Vec::new(),
            sent_us: 0,
        };
        self.pull_the_plug(&visit);
        self.later(2 * HOP_US, Happening::Send(visit));
    }

    /// Kills what is to be killed, if its time has come and this request leads there. What is caught there is a request
    /// that may not be repeated, so that it fails.
    fn pull_the_plug(&mut self, visit: &Visit) {
        let Some((slot, moment, at_us)) = self.plug.clone() else { return };
        let leads_there = Some(&slot.node) == self.places.store.as_ref()
            || self.tie(visit.user).or_else(|| self.next_in_turn(&[])).is_some_and(|life| life.slot == slot);
        let fits = moment == Moment::Asking || !self.preset.topology.only_reads(&visit.operation);
        if at_us <= self.now_us && leads_there && fits {
            self.plug = None;
            let us = if moment == Moment::Asking { HOP_US / 2 } else { 3 * HOP_US + WORK_US / 2 };
            self.later(us, Happening::Kill(slot));
        }
    }

    fn books(&mut self, operation: &OperationId, change: impl FnOnce(&mut brownout::telemetry::OperationBooks)) {
        let users = self.alive(&self.places.users).unwrap();
        let totals = &mut self.processes.get_mut(&users).unwrap().totals;
        change(totals.operations.entry(operation.to_string()).or_default());
    }

    /// The replicas that the gateway may send to.
    fn candidates(&self) -> Vec<LifeId> {
        let gate = &self.processes[&self.alive(&self.places.gate).unwrap()];
        let endpoints = gate.view.iter().flat_map(|view| view.endpoints.get(&self.places.shop)).flatten();
        let ready = endpoints.filter(|endpoint| endpoint.state == EndpointState::Ready).map(|it| it.life.clone());
        ready.filter(|life| !gate.ejected.contains(life)).collect()
    }

    /// The replica that a user's cookie names, if the gateway may still send there.
    fn tie(&self, user: usize) -> Option<LifeId> {
        self.people[user].tie.clone().filter(|tie| self.candidates().contains(tie))
    }

    fn next_in_turn(&self, tried: &[LifeId]) -> Option<LifeId> {
        let left: Vec<LifeId> = self.candidates().into_iter().filter(|life| !tried.contains(life)).collect();
        // By slot, so that who is next does not depend on who else is there.
        let after = |life: &LifeId| (life.slot.index as usize + 2 - self.turn % 3) % 3;
        left.into_iter().min_by_key(after)
    }

    /// Sends a request from the gateway to a replica.
    pub(super) fn send(&mut self, mut visit: Visit) {
        let tied = self.tie(visit.user);
        let Some(to) = tied.clone().or_else(|| self.next_in_turn(&visit.tried)) else {
            return self.finish(&visit, Err(Cause::NoUpstream));
        };
        if tied.is_none() {
            self.turn = to.slot.index as usize % 3;
        }
        let gate = self.alive(&self.places.gate).unwrap();
        visit.tried.push(to.clone());
        visit.sent_us = self.now_us;
        let listens = self.processes.contains_key(&to);
        self.count_attempt(&gate, &to);
        if listens {
            let number = self.next_id();
            let us = 2 * HOP_US + WORK_US + self.wait_us(&visit.operation);
            self.visits.insert(number, visit);
            return self.later(us, Happening::Done(number));
        }
        self.forwarded(&visit, Outcome::Failed(Cause::Refused), 0);
        self.eject(&to, "refused");
        // What was never sent may be sent elsewhere, once.
        if visit.tried.len() < 2 { self.send(visit) } else { self.finish(&visit, Err(Cause::Refused)) }
    }

    /// Enters an attempt into the books of both ends. What is refused was not sent.
    fn count_attempt(&mut self, from: &LifeId, to: &LifeId) {
        let arrives = u64::from(self.processes.contains_key(to));
        let books = &mut self.processes.get_mut(from).unwrap().totals.sent;
        let link = books.entry((to.node().clone(), Some(to.clone()))).or_default();
        link.sent += arrives;
        link.failed += 1 - arrives;
        if let Some(process) = self.processes.get_mut(to) {
            *process.totals.received.entry(from.clone()).or_default() += 1;
        }
    }

    fn eject(&mut self, upstream: &LifeId, by: &'static str) {
        let gate = self.alive(&self.places.gate).unwrap();
        if self.processes.get_mut(&gate).unwrap().ejected.insert(upstream.clone()) {
            let noticed = Event::Noticed { life: gate, upstream: upstream.clone(), at_us: self.now_us, by };
            self.tell(HOP_US, noticed);
        }
    }

    /// Ends the requests in a replica that has died.
    pub(super) fn break_off(&mut self, life: &LifeId) {
        let broken: Vec<u64> =
            self.visits.iter().filter(|(_, it)| it.tried.last() == Some(life)).map(|it| *it.0).collect();
        for visit in broken.iter().filter_map(|number| self.visits.remove(number)).collect::<Vec<_>>() {
            self.forwarded(&visit, Outcome::Failed(Cause::Reset), 0);
            self.eject(life, "reset");
            if self.preset.topology.only_reads(&visit.operation) && visit.tried.len() < 2 {
                self.send(visit);
            } else {
                self.finish(&visit, Err(Cause::Reset));
            }
        }
    }

    /// Does what a request asks of the replica that it has reached.
    pub(super) fn done(&mut self, number: u64) {
        let Some(visit) = self.visits.remove(&number) else { return };
        let life = visit.tried.last().unwrap().clone();
        let server = SpanId(self.next_id());
        let mut answer = Ok(Answer::default());
        for step in self.session_steps(&visit.operation) {
            answer = answer.and_then(|answer| self.step(&visit, server, &life, step, answer));
        }
        let (outcome, status) = verdict(&answer);
        let start_us = visit.sent_us + HOP_US;
        let span = self.span(&visit, server, None, SpanKind::Server, (start_us, self.now_us), outcome, status);
        let parent = self.forwarded(&visit, outcome, status);
        self.keep(&life, Span { parent: Some(parent), ..span });
        self.finish(&visit, answer);
    }

    fn step(
        &mut self,
        visit: &Visit,
        server: SpanId,
        life: &LifeId,
        step: SessionStep,
        answer: Answer,
    ) -> Result<Answer, Cause> {
        let service = self.preset.topology.node(&self.places.shop).and_then(|node| node.service()).unwrap();
        let regime = service.sessions;
        let is_login = step == SessionStep::Create;
        let holder = match (regime, self.places.store.clone()) {
            (Sessions::Memory, _) | (_, None) => life.clone(),
            (Sessions::Token, _) if is_login => {
                let session = SessionId(format!("s{}", self.next_id()).into());
                self.write(life, None, &session, LedgerKind::Created);
                return Ok(Answer { session: Some(session), ..answer });
            }
            (Sessions::Store | Sessions::Token, Some(store)) => self.ask_store(visit, server, life, &store)?,
        };
        if is_login {
            let session = SessionId(format!("s{}", self.next_id()).into());
            self.held(&holder).insert(session.clone(), BTreeSet::new());
            self.write(life, Some(&holder), &session, LedgerKind::Created);
            return Ok(Answer { session: Some(session), ..answer });
        }
        let Some((session, _)) = self.people[visit.user].session.clone() else { return Err(Cause::UnknownSession) };
        let known = self.held(&holder).contains_key(&session);
        if !known && regime != Sessions::Token {
            return Err(Cause::UnknownSession);
        }
        match step {
            SessionStep::Append => {
                self.held(&holder).entry(session.clone()).or_default().extend(visit.item);
                if known {
                    self.write(life, Some(&holder), &session, LedgerKind::Changed);
                } else {
                    self.write(life, Some(&holder), &session, LedgerKind::Created);
                    self.write(life, None, &session, LedgerKind::Moved);
                }
            }
            SessionStep::Clear if regime == Sessions::Token => {
                if self.held(&holder).remove(&session).is_some() {
                    self.write(life, None, &session, LedgerKind::Created);
                    self.write(life, Some(&holder), &session, LedgerKind::Moved);
                }
            }
            SessionStep::Clear => self.held(&holder).entry(session).or_default().clear(),
            SessionStep::Read => {
                let items = self.held(&holder).get(&session).cloned().unwrap_or_default();
                return Ok(Answer { items: Some(items), ..answer });
            }
            SessionStep::Create | SessionStep::End => {}
        }
        Ok(answer)
    }

    fn held(&mut self, holder: &LifeId) -> &mut BTreeMap<SessionId, BTreeSet<u32>> {
        &mut self.processes.get_mut(holder).unwrap().sessions
    }

    /// Asks the store for something; the way there leaves a span.
    fn ask_store(&mut self, visit: &Visit, server: SpanId, life: &LifeId, store: &NodeId) -> Result<LifeId, Cause> {
        let view = self.processes[life].view.clone();
        let listed = view.and_then(|view| Some(view.endpoints.get(store)?.first()?.life.clone()));
        let alive = listed.clone().filter(|life| self.processes.contains_key(life));
        if let Some(store) = &listed {
            self.count_attempt(life, store);
        }
        let outcome = if alive.is_some() { Outcome::Ok } else { Outcome::Failed(Cause::StoreUnavailable) };
        let id = SpanId(self.next_id());
        let window = (self.now_us.saturating_sub(2 * HOP_US), self.now_us);
        let span = self.span(visit, id, Some(server), SpanKind::Client, window, outcome, 0);
        self.keep(life, Span { to: Some(store.clone()), peer: listed, attempt: 1, ..span });
        alive.ok_or(Cause::StoreUnavailable)
    }

    fn write(&mut self, by: &LifeId, holder: Option<&LifeId>, session: &SessionId, kind: LedgerKind) {
        // Two lines of one step follow each other.
        self.now_us += 1;
        let (at_us, session) = (self.now_us, session.clone());
        let line = LedgerLine { at_us, holder: holder.cloned(), session, kind, items: 0 };
        self.tell(HOP_US, Event::Ledger { life: by.clone(), line });
    }

    #[expect(clippy::too_many_arguments, reason = "a span has so many parts")]
    fn span(
        &self,
        visit: &Visit,
        id: SpanId,
        parent: Option<SpanId>,
        kind: SpanKind,
        (start_us, end_us): (u64, u64),
        outcome: Outcome,
        status: u16,
    ) -> Span {
        Span {
            trace: visit.trace,
            id,
            parent,
            life: LifeId { slot: Slot::new(self.places.users.clone(), 1), life: 1 },
            kind,
            name: visit.operation.to_string(),
            to: None,
            peer: None,
            start_us,
            end_us,
            outcome,
            status,
            attempt: 0,
            user: Some(visit.user as u32 + 1),
        }
    }

    /// Keeps a span in the process that made it, until it reports.
    fn keep(&mut self, life: &LifeId, span: Span) {
        if let Some(process) = self.processes.get_mut(life) {
            process.spans.push(Span { life: life.clone(), ..span });
        }
    }

    /// The gateway's span of its newest attempt.
    fn forwarded(&mut self, visit: &Visit, outcome: Outcome, status: u16) -> SpanId {
        let (gate, id) = (self.alive(&self.places.gate).unwrap(), SpanId(self.next_id()));
        let window = (visit.sent_us, self.now_us + HOP_US);
        let span = self.span(visit, id, Some(visit.passing), SpanKind::Client, window, outcome, status);
        let (peer, attempt) = (visit.tried.last().cloned(), visit.tried.len() as u32);
        self.keep(&gate, Span { to: Some(self.places.shop.clone()), peer, attempt, ..span });
        id
    }

    /// Brings the answer to the user, who judges it and thinks about what to do next.
    fn finish(&mut self, visit: &Visit, answer: Result<Answer, Cause>) {
        let (outcome, status) = verdict(&answer);
        let (users, gate) = (self.alive(&self.places.users).unwrap(), self.alive(&self.places.gate).unwrap());
        let (from_us, to_us) = (visit.start_us, self.now_us + 3 * HOP_US);
        let window = (from_us + HOP_US, self.now_us + 2 * HOP_US);
        let passing = self.span(visit, visit.passing, Some(visit.asking), SpanKind::Server, window, outcome, status);
        self.keep(&gate, passing);
        let asking =
            self.span(visit, visit.asking, Some(visit.request), SpanKind::Client, (from_us, to_us), outcome, status);
        let (to, peer) = (Some(self.places.gate.clone()), Some(gate));
        self.keep(&users, Span { to, peer, attempt: 1, ..asking });
        let judged = self.judge(visit, answer);
        let request = self.span(visit, visit.request, None, SpanKind::Request, (from_us, to_us), judged, status);
        self.keep(&users, request);
        let reads = self.preset.topology.only_reads(&visit.operation);
        self.books(&visit.operation, |books| books.settle(judged, reads));
        let settings = self.settings();
        let spread = self.rng.random_range(1.0 - settings.think_spread..1.0 + settings.think_spread);
        let think_us = settings.think.as_micros() as f64 * spread;
        self.later(3 * HOP_US + think_us as u64, Happening::Act(visit.user));
    }

    fn believe(&mut self, user: usize, session: SessionId, kind: BeliefKind) {
        self.now_us += 1;
        let life = self.alive(&self.places.users).unwrap();
        let belief = Belief { at_us: self.now_us + 3 * HOP_US, user: user as u32 + 1, session, kind };
        self.tell(4 * HOP_US, Event::Belief { life, belief });
    }

    /// What the user makes of an answer.
    fn judge(&mut self, visit: &Visit, answer: Result<Answer, Cause>) -> Outcome {
        let (user, by) = (visit.user, visit.tried.last().cloned());
        let gate = self.preset.topology.node(&self.places.gate).and_then(|node| node.gateway()).unwrap();
        if answer.is_ok() && gate.affinity != Affinity::None {
            self.people[user].tie = by.clone();
        }
        self.people[user].journey +=
            usize::from(self.people[user].logged_in && !matches!(answer, Err(Cause::UnknownSession)));
        let answer = match answer {
            Ok(answer) => answer,
            Err(cause) => {
                if cause == Cause::UnknownSession
                    && let Some((session, items)) = self.people[user].session.take()
                {
                    self.people[user].was_lost = true;
                    self.people[user].logged_in = false;
                    self.believe(user, session, BeliefKind::LoggedOut { items_lost: items.len() as u32, by });
                }
                return Outcome::Failed(cause);
            }
        };
        if let Some(session) = answer.session {
            let again = std::mem::take(&mut self.people[user].was_lost);
            self.people[user].session = Some((session.clone(), BTreeSet::new()));
            self.people[user].logged_in = true;
            self.believe(user, session, BeliefKind::Opened { by, again });
            return Outcome::Ok;
        }
        let Some((session, mut items)) = self.people[user].session.clone() else { return Outcome::Ok };
        let before = items.len() as u32;
        items.extend(visit.item);
        let seen = answer.items.unwrap_or_else(|| items.clone());
        let lost = items.difference(&seen).count() as u32;
        items.retain(|item| seen.contains(item));
        if lost > 0 {
            self.believe(user, session.clone(), BeliefKind::CartLost { items_lost: lost, by });
        }
        if self.session_steps(&visit.operation).contains(&SessionStep::Clear) {
            items.clear();
        }
        if items.len() as u32 != before {
            self.believe(user, session.clone(), BeliefKind::Items { items: items.len() as u32 });
        }
        self.people[user].session = Some((session, items));
        if lost > 0 { Outcome::Failed(Cause::CartLost) } else { Outcome::Ok }
    }
}

fn verdict(answer: &Result<Answer, Cause>) -> (Outcome, u16) {
    match answer {
        Ok(_) => (Outcome::Ok, 200),
        Err(cause) => (Outcome::Failed(*cause), cause.http_status()),
    }
}
