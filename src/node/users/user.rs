//! One virtual user: thinks, or waits for an arrival, asks, judges the answer, remembers; at the end says how its session
//! stands.

use std::rc::Rc;
use std::time::Duration;

use tokio::sync::watch;

use crate::telemetry::{BeliefKind, Cause, Outcome, Span, SpanKind, Standing};
use crate::topology::SessionStep;
use crate::wire::headers::SESSION_COOKIE;

use super::answer::Ending;
use super::desk::Next;
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
        /// Whether requests arrive by themselves; else users think.
        open: bool,
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
    Act(Due),
    Leave,
    Settle(Option<u64>),
}

/// A request that is due.
#[derive(Debug, Clone, Copy)]
enum Due {
    /// It was planned for this moment, in microseconds of run time.
    Planned(u64),
    /// It arrived at this moment, and was handed to this user at once.
    Arrived(u64),
    /// It arrived at this moment, and waited for a user who is free.
    Waited(u64),
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
        let mut planned_us = Some(first_us);
        loop {
            match self.turn(&mut planned_us, &mut phase).await {
                Turn::Act(due) => {
                    let pause = self.act(due).await;
                    planned_us = pause.map(|pause| self.after(pause));
                }
                Turn::Leave => {
                    self.shared.believe(self.number, self.memory.abandon());
                    self.shared.present.borrow_mut().remove(&self.number);
                    return None;
                }
                Turn::Settle(since_us) => return self.settle(since_us).await,
            }
        }
    }

    fn after(&self, pause: Duration) -> u64 {
        whole_millis(self.shared.now_us() + pause.as_micros() as u64)
    }

    /// Waits until the next request is due, or until something else is asked for. `planned_us`: when it is due in a
    /// closed loop; who comes out of an open loop thinks first.
    async fn turn(&mut self, planned_us: &mut Option<u64>, phase: &mut watch::Receiver<Phase>) -> Turn {
        loop {
            let open = match *phase.borrow_and_update() {
                Phase::Settling { since_us } => return Turn::Settle(since_us),
                Phase::Acting { population, .. } if self.number > population => return Turn::Leave,
                Phase::Acting { open, .. } => open,
            };
            let changed = if open {
                *planned_us = None;
                let arrival = match self.shared.desk.borrow_mut().next() {
                    Next::Waited(since_us) => return Turn::Act(Due::Waited(since_us)),
                    Next::Later(arrival) => arrival,
                };
                tokio::select! {
                    // What was handed over already is not left lying.
                    biased;
                    Ok(since_us) = arrival => return Turn::Act(Due::Arrived(since_us)),
                    changed = phase.changed() => changed,
                }
            } else {
                let due_us = match *planned_us {
                    Some(due_us) => due_us,
                    None => {
                        let think = self.stream.think(&self.shared.plan().settings);
                        *planned_us.insert(self.after(think))
                    }
                };
                let due = self.shared.context.clock.instant(due_us);
                tokio::select! {
                    () = tokio::time::sleep_until(due) => return Turn::Act(Due::Planned(due_us)),
                    changed = phase.changed() => changed,
                }
            };
            if changed.is_err() {
                return Turn::Leave;
            }
        }
    }

    /// Does what comes next. Answers with how long the user thinks afterwards; in an open loop it does not.
    async fn act(&mut self, due: Due) -> Option<Duration> {
        let plan = self.shared.plan();
        let next = self.script.current(&plan.settings).map(|next| plan.operation(next));
        let (Due::Planned(due_us) | Due::Arrived(due_us) | Due::Waited(due_us)) = due;
        let is_planned = matches!(due, Due::Planned(_));
        let late_us = self.shared.now_us().saturating_sub(due_us);
        self.shared.context.reporter.totals(|totals| match (&next, due) {
            // That all users were busy is not the generator's lateness; it was in time when it let the arrival wait.
            (Some(_), Due::Waited(_)) => {}
            (Some(_), _) => totals.lateness.record(late_us),
            (None, Due::Planned(_)) => {}
            (None, _) => totals.arrivals.unsent += 1,
        });
        let Some(next) = next else { return is_planned.then(|| self.stream.think(&plan.settings).max(PAUSE)) };
        let done = self.perform(&plan, &next, (!is_planned).then_some(due_us)).await;
        let newest = self.shared.plan();
        self.script.ended(&newest.settings, done.end());
        let nobody_there = matches!(done.outcome, Outcome::Failed(Cause::Refused | Cause::NoUpstream | Cause::NoRoute));
        is_planned.then(|| {
            let think = self.stream.think(&newest.settings);
            if nobody_there { think.max(PAUSE) } else { think }
        })
    }

    /// Makes one request, from intention to verdict, and enters it into all books. `since_us`: when it arrived, which may
    /// be earlier than now, and from when its latency counts.
    async fn perform(&mut self, plan: &Plan, planned: &Planned, since_us: Option<u64>) -> Done {
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
                books.latency.record(end_us.saturating_sub(since_us.unwrap_or(start_us)));
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
            let done = self.perform(&plan, &check, None).await;
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
