//! One user's memory of what the system acknowledged, and the verdict on each answer that follows from it: the judge of
//! every session loss. Pure: no IO, no clock, no randomness; it never looks at what any holder of sessions says of itself.
//!
//! An item is *acknowledged* once an answer confirmed it. It is *in doubt* while its fate is unknown: its append, or a
//! clear, was sent and not answered. Either outcome is right for items in doubt; once seen they are acknowledged.

use std::collections::BTreeSet;

use crate::telemetry::{BeliefKind, Cause, Outcome, SessionId, Standing};
use crate::topology::{LifeId, SessionStep};

use super::answer::{Answer, Ending};

#[cfg(test)]
mod tests;

/// Something the user learned, and about which session.
pub(super) type Learned = (SessionId, BeliefKind);

/// A request as the memory needs to know it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent<'a> {
    /// What it does to the session, in order.
    pub(super) steps: &'a [SessionStep],
    /// The item that it appends.
    pub(super) item: Option<&'a str>,
    /// When it was sent, in microseconds of run time.
    pub(super) at_us: u64,
}

/// What one user believes.
#[derive(Debug, Default)]
pub(super) struct Memory {
    session: Option<Session>,
    /// Whether the last session was lost and none was opened since.
    lost: bool,
}

#[derive(Debug)]
struct Session {
    id: SessionId,
    acknowledged: BTreeSet<Box<str>>,
    in_doubt: BTreeSet<Box<str>>,
    /// Items that were never sent, or cleared, and have been counted as duplicated already.
    excused: BTreeSet<Box<str>>,
    /// How many items the ledger says that the user believes in.
    entered: u32,
    verified_us: Option<u64>,
}

impl Memory {
    /// Whether an open session has not been verified by a request sent after this moment.
    pub(super) fn is_unverified_since(&self, since_us: Option<u64>) -> bool {
        self.session.as_ref().is_some_and(|session| since_us.is_some_and(|since| session.verified_us <= Some(since)))
    }

    /// How the open session stands.
    pub(super) fn standing(&self, user: u32) -> Option<Standing> {
        self.session.as_ref().map(|session| Standing {
            user,
            session: session.id.clone(),
            verified_us: session.verified_us,
            items: count(session.acknowledged.len()),
        })
    }

    /// The user leaves: the session is open no more.
    pub(super) fn abandon(&mut self) -> Vec<Learned> {
        self.session.take().map(|session| (session.id, BeliefKind::Ended)).into_iter().collect()
    }

    /// A request goes out. From here on its append may have happened, and its end has been said.
    pub(super) fn sending(&mut self, sent: Sent<'_>) -> Vec<Learned> {
        if let (Some(session), Some(item)) = (&mut self.session, sent.item) {
            session.in_doubt.insert(item.into());
        }
        let first = sent.steps.iter().find(|step| matches!(step, SessionStep::Create | SessionStep::End));
        if first == Some(&SessionStep::End) { self.abandon() } else { Vec::new() }
    }

    /// Judges how a request ended that [`Memory::sending`] was told of (or that did not go out at all), and changes what
    /// the user believes accordingly.
    pub(super) fn judge(&mut self, sent: Sent<'_>, ending: &Ending) -> (Outcome, Vec<Learned>) {
        match ending {
            Ending::TimedOut => (Outcome::TimedOut, self.doubt(sent)),
            Ending::Failed(cause) => (Outcome::Failed(*cause), self.unanswered(sent, *cause)),
            Ending::Answered(answer) => match answer.failure() {
                Some(Cause::UnknownSession) => (Outcome::Failed(Cause::UnknownSession), self.log_out(answer)),
                Some(cause) => (Outcome::Failed(cause), self.unanswered(sent, cause)),
                None if answer.body.degraded => self.judge_degraded(sent, answer),
                None => self.judge_complete(sent, answer),
            },
        }
    }

    /// An answer that says everything was done.
    fn judge_complete(&mut self, sent: Sent<'_>, answer: &Answer) -> (Outcome, Vec<Learned>) {
        let mut learned = Vec::new();
        let mut outcome = Outcome::Ok;
        let last_read = sent.steps.iter().rposition(|step| *step == SessionStep::Read);
        for (at, step) in sent.steps.iter().enumerate() {
            match step {
                SessionStep::Create => match &answer.body.session {
                    Some(id) => self.open(id, answer.by.as_ref(), sent.item, &mut learned),
                    None => return (Outcome::Failed(Cause::Protocol), learned),
                },
                SessionStep::End => learned.extend(self.abandon()),
                SessionStep::Append => {
                    if let (Some(session), Some(item)) = (&mut self.session, sent.item) {
                        session.acknowledge(item);
                    }
                }
                SessionStep::Clear => {
                    if let Some(session) = &mut self.session {
                        session.acknowledged.clear();
                    }
                }
                SessionStep::Read if Some(at) == last_read => {
                    let Some(session) = &mut self.session else { continue };
                    let Some(items) = &answer.body.items else {
                        return (Outcome::Failed(Cause::Protocol), learned);
                    };
                    if let Some(cause) = session.compare(items, answer.by.as_ref(), &mut learned) {
                        outcome = Outcome::Failed(cause);
                    }
                }
                SessionStep::Read => {}
            }
        }
        if let Some(session) = &mut self.session {
            if outcome.is_ok() && !sent.steps.is_empty() {
                session.verified_us = Some(sent.at_us);
            }
            session.enter_items(&mut learned);
        }
        (outcome, learned)
    }

    /// An answer that says an optional call failed: which of the steps were done is not known, but what it says of the
    /// session counts.
    fn judge_degraded(&mut self, sent: Sent<'_>, answer: &Answer) -> (Outcome, Vec<Learned>) {
        let mut learned = Vec::new();
        if sent.steps.contains(&SessionStep::Create)
            && let Some(id) = &answer.body.session
        {
            self.open(id, answer.by.as_ref(), sent.item, &mut learned);
        }
        learned.extend(self.doubt(sent));
        let mut outcome = Outcome::Degraded;
        if let (Some(session), Some(items)) = (&mut self.session, &answer.body.items) {
            match session.compare(items, answer.by.as_ref(), &mut learned) {
                Some(cause) => outcome = Outcome::Failed(cause),
                None => session.verified_us = Some(sent.at_us),
            }
            session.enter_items(&mut learned);
        }
        (outcome, learned)
    }

    fn open(&mut self, id: &SessionId, by: Option<&LifeId>, item: Option<&str>, learned: &mut Vec<Learned>) {
        learned.extend(self.abandon());
        let again = std::mem::take(&mut self.lost);
        learned.push((id.clone(), BeliefKind::Opened { by: by.cloned(), again }));
        self.session = Some(Session {
            id: id.clone(),
            acknowledged: BTreeSet::new(),
            in_doubt: item.map(Into::into).into_iter().collect(),
            excused: BTreeSet::new(),
            entered: 0,
            verified_us: None,
        });
    }

    fn log_out(&mut self, answer: &Answer) -> Vec<Learned> {
        let Some(session) = self.session.take() else { return Vec::new() };
        self.lost = true;
        let items_lost = count(session.acknowledged.len());
        vec![(session.id, BeliefKind::LoggedOut { items_lost, by: answer.by.clone() })]
    }

    /// No answer that tells what was done.
    fn unanswered(&mut self, sent: Sent<'_>, cause: Cause) -> Vec<Learned> {
        if !certainly_not_done(cause) {
            return self.doubt(sent);
        }
        if let (Some(session), Some(item)) = (&mut self.session, sent.item) {
            session.in_doubt.remove(item);
        }
        Vec::new()
    }

    /// The steps may have been done or not.
    fn doubt(&mut self, sent: Sent<'_>) -> Vec<Learned> {
        let mut learned = Vec::new();
        if let Some(session) = &mut self.session {
            if sent.steps.contains(&SessionStep::Clear) {
                session.in_doubt.append(&mut session.acknowledged);
            }
            session.enter_items(&mut learned);
        }
        learned
    }
}

impl Session {
    fn acknowledge(&mut self, item: &str) {
        self.in_doubt.remove(item);
        self.acknowledged.insert(item.into());
    }

    /// Compares what the system says it has with what it should have. Afterwards the user believes what the answer says,
    /// so that nothing is counted twice.
    fn compare(&mut self, items: &[String], by: Option<&LifeId>, learned: &mut Vec<Learned>) -> Option<Cause> {
        let seen: BTreeSet<&str> = items.iter().map(String::as_str).collect();
        let before = self.acknowledged.len();
        self.acknowledged.retain(|item| seen.contains(item.as_ref()));
        let items_lost = count(before - self.acknowledged.len());
        let mut unsent = 0;
        for item in seen {
            if self.in_doubt.contains(item) {
                self.acknowledge(item);
            } else if !self.acknowledged.contains(item) && self.excused.insert(item.into()) {
                unsent += 1;
            }
        }
        if items_lost > 0 {
            learned.push((self.id.clone(), BeliefKind::CartLost { items_lost, by: by.cloned() }));
            self.entered = self.entered.saturating_sub(items_lost);
        }
        if unsent > 0 {
            learned.push((self.id.clone(), BeliefKind::Duplicated { items: unsent }));
        }
        match (items_lost, unsent) {
            (1.., _) => Some(Cause::CartLost),
            (0, 1..) => Some(Cause::Duplicated),
            (0, 0) => None,
        }
    }

    /// Enters the number of items into the ledger if it changed.
    fn enter_items(&mut self, learned: &mut Vec<Learned>) {
        let items = count(self.acknowledged.len());
        if self.entered != items {
            self.entered = items;
            learned.push((self.id.clone(), BeliefKind::Items { items }));
        }
    }
}

/// Whether a failure for this cause means that the operation was not begun, so that nothing is in doubt: whoever refused
/// did so before the first step, and what is not idempotent is not sent elsewhere after it may have begun.
const fn certainly_not_done(cause: Cause) -> bool {
    matches!(cause, Cause::Refused | Cause::NoUpstream | Cause::Shed | Cause::Draining | Cause::NoRoute)
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
