//! One virtual user: thinks, asks, judges the answer, remembers; at the end says how its session stands.

use std::rc::Rc;
use std::time::Duration;

use tokio::sync::watch;

use crate::telemetry::{BeliefKind, Cause, Outcome, Span, SpanKind, Standing};
use crate::topology::SessionStep;
use crate::wire::headers::SESSION_COOKIE;

use super::answer::Ending;
use super::jar::Jar;
use super::memory::{Memory, Sent};
use super::request::{Connections, Trace};
use super::script::{End, Script};
use super::shared::{Plan, Planned, Shared};
use super::stream::Stream;

/// What all users of a node are to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The users up to this number act; those above it leave.
    Acting {
        /// How many users there should be.
        population: u32,
    },
    /// Nobody begins anything new; every open session that was not verified since is checked.
    Settling {
        /// In microseconds of run time; `None` when nothing needs to be checked.
        since_us: Option<u64>,
    },
}

/// The shortest pause after a request that found nobody to ask, so that a user who does not think does not spin.
const PAUSE: Duration = Duration::from_millis(10);
/// The least and the longest pause between two tries to check a session at the end.
const CHECK_AGAIN: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(150));
/// The time between the checks of one user and the next at the end, so that they do not all come at once.
const CHECK_STAGGER: Duration = Duration::from_micros(200);

/// One virtual user.
pub(super) struct User {
    pub(super) number: u32,
    pub(super) shared: Rc<Shared>,
    pub(super) jar: Jar,
    pub(super) memory: Memory,
    pub(super) connections: Connections,
    script: Script,
    stream: Stream,
    items_made: u64,
}

/// What a user does when it is its turn.
enum Turn {
    Act,
    Leave,
    Settle(Option<u64>),
}

/// How a request ended, as far as the user's next step depends on it.
#[derive(Debug, Clone, Copy)]
struct Done {
    outcome: Outcome,
    session_lost: bool,
}

impl Done {
    const fn end(self) -> End {
        match self.outcome {
            Outcome::Failed(_) | Outcome::TimedOut if self.session_lost => End::SessionLost,
            Outcome::Failed(Cause::UnknownSession) => End::NoSession,
            Outcome::Failed(_) | Outcome::TimedOut => End::Failed,
            Outcome::Ok | Outcome::Degraded => End::Ok,
        }
    }
}

impl User {
    /// The user with this number, from 1.
    pub(super) fn new(number: u32, shared: Rc<Shared>) -> Self {
        let stream = Stream::new(shared.context.run.seed, shared.context.life.node(), number);
        Self {
            number,
            shared,
            jar: Jar::default(),
            memory: Memory::default(),
            connections: Connections::default(),
            script: Script::default(),
            stream,
            items_made: 0,
        }
    }

    /// Lives from the first request, planned for `first_us`, until it leaves or has settled. Answers with how an open
    /// session stands.
    pub(super) async fn live(mut self, first_us: u64, mut phase: watch::Receiver<Phase>) -> Option<Standing> {
        let mut planned_us = first_us;
        loop {
            match self.turn(planned_us, &mut phase).await {
                Turn::Act => {}
                Turn::Leave => {
                    self.shared.believe(self.number, self.memory.abandon());
                    self.shared.present.borrow_mut().remove(&self.number);
                    return None;
                }
                Turn::Settle(since_us) => return self.settle(since_us).await,
            }
            let pause = self.act(planned_us).await;
            planned_us = whole_millis(self.shared.now_us() + pause.as_micros() as u64);
        }
    }

    /// Waits until it is time for the next request, or until something else is asked for.
    async fn turn(&self, planned_us: u64, phase: &mut watch::Receiver<Phase>) -> Turn {
        let planned = self.shared.context.clock.instant(planned_us);
        loop {
            match *phase.borrow_and_update() {
                Phase::Settling { since_us } => return Turn::Settle(since_us),
                Phase::Acting { population } if self.number > population => return Turn::Leave,
                Phase::Acting { .. } => {}
            }
            tokio::select! {
                () = tokio::time::sleep_until(planned) => return Turn::Act,
                changed = phase.changed() => if changed.is_err() { return Turn::Leave },
            }
        }
    }

    /// Does what comes next. Answers with how long the user thinks afterwards.
    async fn act(&mut self, planned_us: u64) -> Duration {
        let plan = self.shared.plan();
        let late_us = self.shared.now_us().saturating_sub(planned_us);
        let Some(next) = self.script.current(&plan.settings) else {
            return self.stream.think(&plan.settings).max(PAUSE);
        };
        self.shared.context.reporter.totals(|totals| totals.lateness.record(late_us));
        let done = self.perform(&plan, &plan.operation(next)).await;
        let newest = self.shared.plan();
        self.script.ended(&newest.settings, done.end());
        let think = self.stream.think(&newest.settings);
        let nobody_there = matches!(done.outcome, Outcome::Failed(Cause::Refused | Cause::NoUpstream | Cause::NoRoute));
        if nobody_there { think.max(PAUSE) } else { think }
    }

    /// Makes one request, from intention to verdict, and enters it into all books.
    async fn perform(&mut self, plan: &Plan, planned: &Planned) -> Done {
        let shared = Rc::clone(&self.shared);
        let reporter = &shared.context.reporter;
        let (id, sampled) = reporter.begin_trace();
        let trace = Trace { id, sampled, request: reporter.span_id() };
        let item = planned.steps.contains(&SessionStep::Append).then(|| self.new_item());
        let start_us = shared.now_us();
        shared.books(&planned.name, |books| books.issued += 1);
        let sent = Sent { steps: &planned.steps, item: item.as_deref(), at_us: start_us };

        let (ending, attempt) = self.ask(planned, sent, trace).await;
        let end_us = shared.now_us();
        let went_out = attempt.as_ref().is_some_and(|attempt| attempt.sent);
        // What did not go out leaves nothing in doubt.
        let judged = if went_out { sent } else { Sent { steps: &[], item: None, ..sent } };
        let (outcome, learned) = self.memory.judge(judged, &ending);
        let session_lost = learned.iter().any(|(_, kind)| matches!(kind, BeliefKind::LoggedOut { .. }));
        if session_lost {
            self.jar.remove(SESSION_COOKIE);
        }
        shared.believe(self.number, learned);

        shared.books(&planned.name, |books| {
            books.settle(outcome, planned.reads);
            if matches!(ending, Ending::Answered(_)) && start_us >= plan.warm_us {
                books.latency.record(end_us - start_us);
            }
        });
        if let Some(attempt) = attempt {
            self.report_attempt(attempt, planned, trace, &ending, outcome.is_ok());
        }
        let span = Span {
            trace: trace.id,
            id: trace.request,
            parent: None,
            life: shared.context.life.clone(),
            kind: SpanKind::Request,
            name: planned.name.as_ref().to_owned(),
            to: None,
            peer: None,
            start_us,
            end_us: shared.now_us(),
            outcome,
            status: if let Ending::Answered(answer) = &ending { answer.status } else { 0 },
            attempt: 0,
            user: Some(self.number),
        };
        // What ends badly is always shown, sampled or not.
        if outcome.is_ok() {
            reporter.span(span, sampled)
        } else {
            reporter.bad_span(span, sampled)
        }
        Done { outcome, session_lost }
    }

    /// Checks the open session if that is due, again and again while there is no answer about it, for up to twice the
    /// user's patience. Answers with how the session stands.
    async fn settle(mut self, since_us: Option<u64>) -> Option<Standing> {
        if self.memory.is_unverified_since(since_us) {
            tokio::time::sleep(CHECK_STAGGER * self.number).await;
        }
        let patience = self.shared.plan().settings.timeout.as_micros() * 2;
        let give_up_us = self.shared.now_us() + patience;
        while self.memory.is_unverified_since(since_us) {
            let plan = self.shared.plan();
            let Some(check) = plan.check.clone() else { break };
            let done = self.perform(&plan, &check).await;
            let about_the_session =
                matches!(done.outcome, Outcome::Failed(Cause::UnknownSession | Cause::CartLost | Cause::Duplicated));
            if done.outcome.is_ok() || about_the_session || self.shared.now_us() >= give_up_us {
                break;
            }
            let pause = self.stream.between(CHECK_AGAIN.0, CHECK_AGAIN.1);
            tokio::time::sleep(pause).await;
        }
        self.memory.standing(self.number)
    }

    fn new_item(&mut self) -> String {
        self.items_made += 1;
        format!("u{}-{}", self.number, self.items_made)
    }
}

/// The next whole millisecond: the grain of the timers, so that a plan can be kept.
pub(super) fn whole_millis(at_us: u64) -> u64 {
    at_us.div_ceil(1_000) * 1_000
}
