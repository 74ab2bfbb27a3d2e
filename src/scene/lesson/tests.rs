//! The first five minutes of `sticky-sessions`, told by snapshots as a run would give them.

use std::sync::Arc;

use super::outcome::Outcome;
use super::{Control, Input, Progress, Stage, Strip, Turn, telling};
use crate::control::Snapshot;
use crate::control::snapshot::{Death, FaultState, Holder, LifeState, NodeState, Phase, UserState};
use crate::scene::dots::tests::slot_of;
use crate::scene::words::Words;
use crate::topology::edit::History;
use crate::topology::{Act, Deploy, LifeId, Preset, Target, builtin, format};

/// A class in front of a run that does what the test says.
struct Class {
    preset: Preset,
    run: Snapshot,
    progress: Progress,
}

impl Class {
    /// In front of `sticky-sessions`, with nothing running.
    fn new() -> Self {
        let text = builtin::by_name("sticky-sessions").unwrap().text;
        let preset = format::read(text).unwrap().into_preset();
        let mut class = Self { preset, run: Snapshot::default(), progress: Progress::default() };
        class.see();
        class
    }

    /// At the second step, which asks about the kill of `shop.2`.
    fn before_the_kill() -> Self {
        let mut class = Self::new();
        class.run();
        class.turn(Turn::Next);
        class
    }

    fn see(&mut self) {
        self.progress.observe(&self.preset, &Arc::new(self.run.clone()));
    }

    fn strip(&self) -> Strip {
        self.progress.strip(&self.preset, &self.run, false)
    }

    fn turn(&mut self, turn: Turn) {
        self.progress.turn(&self.preset, turn);
        self.see();
    }

    /// Thirty users with three items each, ten in each replica.
    fn run(&mut self) {
        let user = |user: u32| UserState {
            node: "shoppers".parse().unwrap(),
            user,
            session: Some(format!("{user:032x}").into()),
            holder: Holder::Life(format!("shop.{}#1", user % 3 + 1).parse().unwrap()),
            items: 3,
            losses: 0,
            items_lost: 0,
            logged_out: false,
        };
        let node = |id: &str, slots: u32| NodeState {
            id: id.parse().unwrap(),
            slots: (1..=slots).map(|slot| slot_of(&format!("{id}.{slot}#1"))).collect(),
        };
        self.run = Snapshot {
            phase: Phase::Running,
            now_us: 11_000_000,
            started_us: Some(1_000_000),
            nodes: vec![node("shoppers", 1), node("gate", 1), node("shop", 3)],
            users: (1..=30).map(user).collect(),
            ..Snapshot::default()
        };
        self.run.sessions.users = 30;
        self.see();
    }

    fn pass(&mut self, seconds: u64) {
        self.run.now_us += seconds * 1_000_000;
        self.see();
    }

    fn change_users(&mut self, mut change: impl FnMut(&mut UserState)) {
        let mut users = self.run.users.to_vec();
        users.iter_mut().for_each(&mut change);
        self.run.sessions.doomed = users.iter().filter(|user| matches!(user.holder, Holder::Dead(_))).count() as u64;
        self.run.users = users.into();
    }

    /// The life ends; its users do not know yet.
    fn kill(&mut self, life: &str) {
        let life: LifeId = life.parse().unwrap();
        let mut held = 0;
        self.change_users(|user| {
            if user.holder == Holder::Life(life.clone()) {
                user.holder = Holder::Dead(life.clone());
                held += 1;
            }
        });
        for slot in self.run.nodes.iter_mut().flat_map(|node| &mut node.slots).filter(|slot| slot.life == life) {
            slot.state = LifeState::Dead(Death::Killed);
        }
        let fault = FaultState {
            at_us: self.run.now_us,
            kind: "kill",
            on: life.slot.to_string(),
            life: Some(life),
            held: Some(held),
            noticed_after_ms: None,
            recovered_after_ms: None,
            lifted_us: None,
        };
        self.run.faults = self.run.faults.iter().cloned().chain([fault]).collect();
        self.pass(0);
    }

    /// As many of those who were hit ask, are told that nobody knows them, and log in again in `shop.1`.
    fn discover(&mut self, most: usize) {
        let (mut left, mut items) = (most, 0);
        self.change_users(|user| {
            if left > 0 && matches!(user.holder, Holder::Dead(_)) {
                left -= 1;
                items += user.items;
                user.items_lost += user.items;
                user.losses += 1;
                user.items = 0;
                user.holder = Holder::Life("shop.1#1".parse().unwrap());
            }
        });
        let found = (most - left) as u64;
        self.run.sessions.items_lost += u64::from(items);
        self.run.sessions.logged_out += found;
        self.run.sessions.relogins += found;
        self.pass(1);
    }

    /// The sessions move to a store, as an edit of the drawing makes them.
    fn switch_to_a_store(&mut self) {
        let step = crate::topology::edit::set_sessions_with_store(&self.preset, &"shop".parse().unwrap()).unwrap();
        History::default().apply(&mut self.preset, step).unwrap();
        let store = NodeState { id: "sessions".parse().unwrap(), slots: vec![slot_of("sessions.1#1")] };
        self.run.nodes.push(store);
        self.change_users(|user| user.holder = Holder::Life("sessions.1#1".parse().unwrap()));
        self.pass(1);
    }
}

fn kill_of(slot: &str) -> Option<Control> {
    Some(Control::Act { act: Act::Kill, on: Target::Slot(slot.parse().unwrap()) })
}

#[test]
fn the_first_step_asks_for_run_and_is_over_when_every_user_has_a_session() {
    let mut class = Class::new();
    let strip = class.strip();
    assert_eq!((strip.place, strip.highlight), (Some((1, 6)), Some(Control::Run)));
    assert_eq!(strip.body, ["A cookie ties each user to one of them.", "Press Run."]);
    class.run();
    let strip = class.strip();
    assert!(strip.headline.starts_with("Each numbered mark"), "{}", strip.headline);
    assert_eq!(strip.highlight, Some(Control::Next));
}

#[test]
fn the_kill_is_highlighted_only_after_the_guess_and_the_guess_stays_beside_the_result() {
    let mut class = Class::before_the_kill();
    let strip = class.strip();
    assert_eq!(strip.question.unwrap().input, Input::Number);
    assert_eq!(strip.highlight, None);
    class.turn(Turn::Guess(12));
    assert_eq!(class.strip().highlight, kill_of("shop.2"));
    class.kill("shop.2#1");
    let strip = class.strip();
    assert_eq!(strip.headline, "10 sessions existed only in shop.2. 10 users don't know yet.");
    assert!(strip.harm && strip.highlight.is_none());
    class.discover(9);
    let strip = class.strip();
    assert_eq!(strip.headline, "10 sessions existed only in shop.2. 1 user doesn't know yet.");
    assert_eq!(strip.result, "you said 12 · 9 so far");
    class.discover(1);
    assert_eq!(class.progress.stage, Stage::Unfolding, "the others had no time to ask yet");
    class.pass(3);
    let strip = class.strip();
    assert_eq!(
        strip.headline,
        "10 of 30 logged out, 30 items lost, 10 logged in again. Users of shop.1 and shop.3: untouched."
    );
    assert!(strip.body[0].starts_with("10 sessions were only in shop.2."), "{:?}", strip.body);
    assert_eq!((strip.result.as_str(), strip.highlight), ("you said 12 · it was 10", Some(Control::Next)));
    class.turn(Turn::Dismiss);
    assert!(class.strip().headline.starts_with("10 sessions were only in shop.2."));
}

#[test]
fn a_prediction_can_be_skipped_and_a_kill_without_one_is_taken() {
    let mut class = Class::before_the_kill();
    class.turn(Turn::Skip);
    assert_eq!(class.strip().highlight, kill_of("shop.2"));
    let mut class = Class::before_the_kill();
    class.kill("shop.2#1");
    class.discover(10);
    class.pass(4);
    assert_eq!(class.strip().result, "it was 10");
}

#[test]
fn another_replica_is_taken_and_named() {
    let mut class = Class::before_the_kill();
    class.turn(Turn::Guess(10));
    class.kill("shop.1#1");
    class.discover(10);
    class.pass(4);
    let strip = class.strip();
    assert!(strip.body[0].starts_with("10 sessions were only in shop.1."), "{:?}", strip.body);
    assert_eq!(strip.highlight, Some(Control::Next));
}

#[test]
fn a_crash_is_taken_for_the_kill_that_a_step_asks_for() {
    let mut class = Class::before_the_kill();
    class.turn(Turn::Guess(10));
    class.kill("shop.2#1");
    let mut faults = class.run.faults.to_vec();
    faults.iter_mut().for_each(|fault| fault.kind = Act::Crash.name());
    class.run.faults = faults.into();
    class.discover(10);
    class.pass(4);
    assert_eq!(class.strip().result, "you said 10 · it was 10");
    assert_eq!(class.strip().highlight, Some(Control::Next));
}

#[test]
fn of_a_deploy_it_is_not_said_that_nothing_was_held() {
    let Class { preset, run, .. } = Class::before_the_kill();
    let deploy = FaultState {
        at_us: run.now_us,
        kind: Act::Deploy(Deploy::default()).name(),
        on: "shop".to_owned(),
        life: None,
        held: None,
        noticed_after_ms: None,
        recovered_after_ms: None,
        lifted_us: None,
    };
    let outcome = Outcome::measure(&preset, &run, &run, &run, &[deploy]);
    let said = telling::unfolding(&outcome, Words::of(&preset.lesson, false));
    assert_eq!(said.as_deref(), Some("shop gets another version. Nobody has noticed so far."));
}

#[test]
fn another_node_is_named_and_the_step_still_asks_for_its_own() {
    let mut class = Class::before_the_kill();
    class.turn(Turn::Skip);
    class.kill("gate.1#1");
    class.pass(4);
    let strip = class.strip();
    assert_eq!(strip.headline, "0 of 30 users noticed.");
    assert_eq!(strip.body, ["That was gate. This step asks for shop.2."]);
    assert_eq!(strip.highlight, kill_of("shop.2"));
    class.kill("shop.2#1");
    assert!(class.strip().headline.contains("10 users don't know yet"));
}

#[test]
fn with_a_store_nobody_notices_and_the_stores_own_death_hurts_everybody() {
    let mut class = Class::before_the_kill();
    class.turn(Turn::Next);
    let set = Control::Set { node: "shop".parse().unwrap(), key: "sessions".to_owned(), value: "store".to_owned() };
    assert_eq!(class.strip().highlight, Some(set));
    assert_eq!(class.strip().setting, "Keep the sessions in a store");
    class.switch_to_a_store();
    class.pass(4);
    assert_eq!(class.strip().body, ["0 of 30 users lost anything."]);

    class.turn(Turn::Next);
    class.turn(Turn::Guess(10));
    class.kill("shop.3#1");
    assert_eq!(class.strip().headline, "shop.3 held no session. Nobody has noticed so far.");
    class.pass(4);
    let strip = class.strip();
    assert_eq!((strip.headline.as_str(), strip.result.as_str()), ("0 of 30 users noticed.", "you said 10 · it was 0"));
    assert!(!strip.harm);

    class.turn(Turn::Next);
    class.turn(Turn::Hands { answer: 0, count: 3 });
    class.turn(Turn::Hands { answer: 1, count: 14 });
    class.turn(Turn::Hands { answer: 2, count: 5 });
    assert_eq!(class.strip().highlight, kill_of("sessions.1"));
    class.kill("sessions.1#1");
    assert_eq!(class.strip().headline, "30 sessions existed only in sessions. 30 users don't know yet.");
    class.discover(30);
    class.pass(4);
    let strip = class.strip();
    assert_eq!(strip.headline, "30 of 30 logged out, 90 items lost, 30 logged in again.");
    assert_eq!(strip.result, "A 3 · B 14 · C 5, it was C");
    class.turn(Turn::Next);
    assert_eq!(class.strip().highlight, Some(Control::MakeItYours));
}

#[test]
fn who_was_hurt_before_counts_again_when_hurt_again() {
    let mut class = Class::before_the_kill();
    class.kill("shop.2#1");
    class.discover(10);
    class.pass(4);
    class.turn(Turn::Next);
    class.turn(Turn::Next);
    // All ten have moved into shop.1, which holds twenty now.
    class.kill("shop.1#1");
    class.change_users(|_| {});
    class.discover(20);
    class.pass(4);
    assert!(class.strip().headline.starts_with("20 of 30 logged out"), "{}", class.strip().headline);
}

#[test]
fn an_act_of_the_next_step_leads_there() {
    let mut class = Class::new();
    class.run();
    assert_eq!(class.strip().place, Some((1, 6)));
    class.kill("shop.2#1");
    let strip = class.strip();
    assert_eq!(strip.place, Some((2, 6)));
    assert!(strip.headline.starts_with("10 sessions existed only in shop.2."));
}

#[test]
fn going_back_shows_the_result_again_and_a_new_run_starts_the_step_anew() {
    let mut class = Class::before_the_kill();
    class.turn(Turn::Guess(12));
    class.kill("shop.2#1");
    class.discover(10);
    class.pass(4);
    class.turn(Turn::Next);
    class.turn(Turn::Back);
    assert_eq!(class.strip().result, "you said 12 · it was 10");
    class.run = Snapshot::default();
    class.see();
    class.run();
    let strip = class.strip();
    assert_eq!((strip.place, strip.result.as_str()), (Some((2, 6)), ""));
    assert!(strip.question.is_some());
}

#[test]
fn a_guess_made_before_the_run_is_kept_when_it_begins() {
    let mut class = Class::new();
    class.turn(Turn::Next);
    class.turn(Turn::Guess(7));
    assert_eq!(class.strip().highlight, Some(Control::Run));
    class.run();
    let strip = class.strip();
    assert_eq!((strip.result.as_str(), strip.highlight), ("you said 7", kill_of("shop.2")));
}

#[test]
fn an_experiment_is_told_without_orders() {
    let mut class = Class::new();
    class.progress.run_begins(true);
    class.run();
    let strip = class.strip();
    assert!(strip.question.is_none() && strip.highlight.is_none());
    class.kill("shop.2#1");
    assert!(class.strip().headline.starts_with("10 sessions existed only in shop.2."));
    class.discover(10);
    class.pass(4);
    let strip = class.strip();
    assert!(strip.headline.starts_with("10 of 30 logged out"), "{}", strip.headline);
    assert!(strip.body[0].contains("cookie"), "{:?}", strip.body);
}

#[test]
fn every_number_is_told_in_the_analogys_words_while_that_is_on() {
    let mut class = Class::before_the_kill();
    class.kill("shop.2#1");
    let strip = class.progress.strip(&class.preset, &class.run, true);
    assert_eq!(strip.headline, "10 customer files existed only in shop.2. 10 callers don't know yet.");
}

#[test]
fn a_run_that_was_stopped_is_summed_up_and_the_steps_can_still_be_read() {
    let mut class = Class::before_the_kill();
    class.kill("shop.2#1");
    class.discover(10);
    class.pass(4);
    class.run.phase = Phase::Finished;
    class.see();
    assert_eq!(class.strip().headline, "10 of 30 logged out, 30 items lost, 10 logged in again.");
    class.turn(Turn::Next);
    assert_eq!(class.strip().place, Some((2, 6)), "the first turn goes from the sum to the step");
    assert_eq!(class.strip().result, "it was 10");
    class.turn(Turn::Next);
    assert_eq!(class.strip().place, Some((3, 6)));
}

#[test]
fn a_lesson_without_steps_is_told_from_its_texts() {
    let mut class = Class::new();
    class.preset.lesson.steps.clear();
    assert_eq!((class.strip().place, class.strip().highlight), (None, Some(Control::Run)));
    class.run();
    class.kill("shop.2#1");
    let strip = class.strip();
    assert!(strip.headline.starts_with("10 sessions existed only in shop.2."));
    assert_eq!(strip.body, [class.preset.lesson.why.clone()]);
}
