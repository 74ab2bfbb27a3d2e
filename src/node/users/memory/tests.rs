//! Tests of the verdict: cases by hand, then a model service. One that is right is never accused; one that forgets is
//! always caught.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::node::users::answer::Body;
use SessionStep::{Append, Clear, Create, End, Read};

/// A service that keeps sessions as it should, and a user who talks to it.
#[derive(Default)]
struct Model {
    memory: Memory,
    sessions: BTreeMap<String, BTreeSet<String>>,
    cookie: Option<String>,
    made: u32,
    at_us: u64,
}

/// What becomes of a request on its way.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Answered,
    /// It was done, but the answer got lost.
    AnswerLost,
    /// It got lost itself.
    Lost,
    /// It was turned away before anything was done.
    Shed,
}

impl Model {
    fn request(&mut self, steps: &[SessionStep], fate: Fate) -> (Outcome, Vec<BeliefKind>) {
        self.made += 1;
        self.at_us += 1;
        let item = steps.contains(&Append).then(|| format!("u1-{}", self.made));
        let sent = Sent { steps, item: item.as_deref(), at_us: self.at_us };
        let mut learned = self.memory.sending(sent);
        let ending = match fate {
            Fate::Answered => {
                let answer = self.execute(steps, item.as_deref(), true);
                Ending::Answered(answer)
            }
            Fate::AnswerLost => {
                self.execute(steps, item.as_deref(), false);
                Ending::TimedOut
            }
            Fate::Lost => Ending::Failed(Cause::Reset),
            Fate::Shed => Ending::Answered(Answer { status: 503, cause: Some(Cause::Shed), ..Answer::default() }),
        };
        let (outcome, more) = self.memory.judge(sent, &ending);
        learned.extend(more);
        (outcome, learned.into_iter().map(|(_, kind)| kind).collect())
    }

    fn execute(&mut self, steps: &[SessionStep], item: Option<&str>, heard: bool) -> Answer {
        let mut current = self.cookie.clone();
        let mut body = Body::default();
        for step in steps {
            if *step == Create {
                let id = format!("s{}", self.made);
                self.sessions.insert(id.clone(), BTreeSet::new());
                current = Some(id);
                continue;
            }
            let Some(items) = current.as_ref().and_then(|id| self.sessions.get_mut(id)) else {
                return Answer { status: 401, ..Answer::default() };
            };
            match step {
                Append => drop(items.insert(item.unwrap().to_owned())),
                Read => body.items = Some(items.iter().cloned().collect()),
                Clear => items.clear(),
                End => drop(current.as_ref().map(|id| self.sessions.remove(id))),
                Create => {}
            }
        }
        body.session = current.clone().map(SessionId::from);
        if heard {
            self.cookie = current;
        }
        Answer { status: 200, body, ..Answer::default() }
    }

    fn items(&mut self) -> Option<&mut BTreeSet<String>> {
        self.sessions.get_mut(self.cookie.as_ref()?)
    }
}

fn logged_in() -> Model {
    let mut model = Model::default();
    assert_eq!(model.request(&[Create], Fate::Answered).0, Outcome::Ok);
    model
}

#[test]
fn a_session_is_opened_filled_cleared_and_ended() {
    let mut model = Model::default();
    let ok = |model: &mut Model, steps: &[SessionStep]| {
        let (outcome, learned) = model.request(steps, Fate::Answered);
        assert_eq!(outcome, Outcome::Ok);
        learned
    };
    assert_eq!(ok(&mut model, &[Create]), [BeliefKind::Opened { by: None, again: false }]);
    assert_eq!(ok(&mut model, &[Append]), [BeliefKind::Items { items: 1 }]);
    assert_eq!(ok(&mut model, &[Append, Read]), [BeliefKind::Items { items: 2 }]);
    assert_eq!(ok(&mut model, &[Read]), []);
    assert_eq!(model.memory.standing(1).map(|standing| (standing.items, standing.verified_us)), Some((2, Some(4))));
    assert_eq!(ok(&mut model, &[Read, Clear]), [BeliefKind::Items { items: 0 }]);
    assert_eq!(ok(&mut model, &[Create]), [BeliefKind::Ended, BeliefKind::Opened { by: None, again: false }]);
    assert_eq!(ok(&mut model, &[End]), [BeliefKind::Ended]);
    assert_eq!(model.memory.standing(1), None);
}

#[test]
fn a_forgotten_session_is_a_loss_once_and_the_next_one_replaces_it() {
    let mut model = logged_in();
    model.request(&[Append], Fate::Answered);
    model.sessions.clear();
    let lost = model.request(&[Append], Fate::Answered);
    assert_eq!(lost, (Outcome::Failed(Cause::UnknownSession), vec![BeliefKind::LoggedOut { items_lost: 1, by: None }]));
    let again = model.request(&[Append], Fate::Answered);
    assert_eq!(again, (Outcome::Failed(Cause::UnknownSession), vec![]), "nothing is left to lose");
    assert_eq!(model.request(&[Create], Fate::Answered).1, [BeliefKind::Opened { by: None, again: true }]);
}

#[test]
fn an_end_without_an_answer_is_an_end() {
    let mut model = logged_in();
    assert_eq!(model.request(&[End], Fate::Lost), (Outcome::Failed(Cause::Reset), vec![BeliefKind::Ended]));
    model.sessions.clear();
    assert_eq!(model.request(&[Read], Fate::Answered), (Outcome::Failed(Cause::UnknownSession), vec![]));
}

#[test]
fn what_has_no_answer_is_in_doubt_and_either_outcome_is_right() {
    for fate in [Fate::AnswerLost, Fate::Lost] {
        let mut model = logged_in();
        model.request(&[Append], Fate::Answered);
        model.request(&[Append], fate);
        model.request(&[Clear], fate);
        let (outcome, _) = model.request(&[Read], Fate::Answered);
        assert_eq!(outcome, Outcome::Ok, "{fate:?}");
        let seen = model.items().unwrap().len();
        assert_eq!(model.memory.standing(1).unwrap().items as usize, seen, "once seen it is acknowledged");
    }
}

#[test]
fn a_clear_that_was_turned_away_puts_nothing_in_doubt() {
    let mut model = logged_in();
    model.request(&[Append], Fate::Answered);
    model.request(&[Clear], Fate::Shed);
    model.items().unwrap().clear();
    let (outcome, learned) = model.request(&[Read], Fate::Answered);
    assert_eq!(outcome, Outcome::Failed(Cause::CartLost));
    assert_eq!(learned, [BeliefKind::CartLost { items_lost: 1, by: None }]);
}

#[test]
fn an_item_that_was_never_sent_is_counted_once() {
    let mut model = logged_in();
    model.items().unwrap().insert("u9-9".to_owned());
    assert_eq!(
        model.request(&[Read], Fate::Answered),
        (Outcome::Failed(Cause::Duplicated), vec![BeliefKind::Duplicated { items: 1 }])
    );
    assert_eq!(model.request(&[Read], Fate::Answered), (Outcome::Ok, vec![]));
}

#[test]
fn an_answer_that_does_not_deliver_what_its_operation_promises_is_no_success() {
    let empty = Ending::Answered(Answer { status: 200, ..Answer::default() });
    let sent = |steps| Sent { steps, item: None, at_us: 1 };
    assert_eq!(Memory::default().judge(sent(&[Create]), &empty).0, Outcome::Failed(Cause::Protocol));
    assert_eq!(logged_in().memory.judge(sent(&[Read]), &empty).0, Outcome::Failed(Cause::Protocol));
    assert_eq!(logged_in().memory.judge(sent(&[]), &empty).0, Outcome::Ok);
}

#[test]
fn a_degraded_answer_may_have_left_steps_out() {
    let mut model = logged_in();
    model.request(&[Append], Fate::Answered);
    let body = Body { degraded: true, ..Body::default() };
    let degraded = Ending::Answered(Answer { status: 200, body, ..Answer::default() });
    let sent = Sent { steps: &[Read, Clear], item: None, at_us: 9 };
    assert_eq!(model.memory.judge(sent, &degraded).0, Outcome::Degraded);
    model.items().unwrap().clear();
    assert_eq!(model.request(&[Read], Fate::Answered).0, Outcome::Ok);
}

#[test]
fn only_a_request_sent_after_the_death_verifies() {
    let mut model = logged_in();
    assert!(!model.memory.is_unverified_since(None), "nothing died");
    assert!(model.memory.is_unverified_since(Some(1)));
    model.request(&[], Fate::Answered);
    assert!(model.memory.is_unverified_since(Some(1)), "no step touched the session");
    model.request(&[Append], Fate::Answered);
    assert!(!model.memory.is_unverified_since(Some(1)));
}

fn operations() -> impl Strategy<Value = &'static [SessionStep]> {
    const ALL: &[&[SessionStep]] = &[
        &[],
        &[Create],
        &[Append],
        &[Read],
        &[Clear],
        &[End],
        &[Read, Clear],
        &[Append, Read],
        &[Clear, Append],
        &[Create, Append, Read],
        &[Create, End],
        &[Append, Append],
    ];
    prop::sample::select(ALL)
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![6 => Just(Fate::Answered), 1 => Just(Fate::AnswerLost), 1 => Just(Fate::Lost), 1 => Just(Fate::Shed)]
}

fn accuses(learned: &[BeliefKind]) -> bool {
    learned.iter().any(|kind| {
        matches!(kind, BeliefKind::LoggedOut { .. } | BeliefKind::CartLost { .. } | BeliefKind::Duplicated { .. })
    })
}

proptest! {
    #[test]
    fn a_service_that_is_right_is_never_accused(story in prop::collection::vec((operations(), fates()), 0..60)) {
        let mut model = Model::default();
        for (steps, fate) in story {
            let open = model.memory.standing(1).is_some();
            let (outcome, learned) = model.request(steps, fate);
            prop_assert!(!accuses(&learned), "{steps:?} {fate:?}: {learned:?}");
            if fate == Fate::Answered && open {
                prop_assert!(outcome.is_ok() || steps.contains(&End), "{steps:?}: {outcome:?}");
            }
        }
    }

    #[test]
    fn a_service_that_forgets_a_session_is_always_caught(
        story in prop::collection::vec((operations(), fates()), 0..40),
        next in operations(),
    ) {
        let mut model = Model::default();
        for (steps, fate) in story {
            model.request(steps, fate);
        }
        prop_assume!(matches!(next.first(), Some(Append | Read | Clear)));
        let Some(standing) = model.memory.standing(1) else { return Ok(()) };
        model.sessions.clear();
        let (outcome, learned) = model.request(next, Fate::Answered);
        prop_assert_eq!(outcome, Outcome::Failed(Cause::UnknownSession));
        prop_assert_eq!(learned, [BeliefKind::LoggedOut { items_lost: standing.items, by: None }]);
    }

    #[test]
    fn a_service_that_forgets_an_item_is_always_caught_and_only_once(
        story in prop::collection::vec((operations(), fates()), 0..40),
        pick in any::<prop::sample::Index>(),
    ) {
        let mut model = logged_in();
        for (steps, fate) in story {
            model.request(steps, fate);
        }
        let Some(session) = &model.memory.session else { return Ok(()) };
        let acknowledged: Vec<String> = session.acknowledged.iter().map(|item| item.to_string()).collect();
        prop_assume!(!acknowledged.is_empty());
        model.items().unwrap().remove(pick.get(&acknowledged));
        let (outcome, learned) = model.request(&[Read], Fate::Answered);
        prop_assert_eq!(outcome, Outcome::Failed(Cause::CartLost));
        let said = learned.contains(&BeliefKind::CartLost { items_lost: 1, by: None });
        prop_assert!(said);
        prop_assert_eq!(model.request(&[Read], Fate::Answered), (Outcome::Ok, vec![]));
    }
}
