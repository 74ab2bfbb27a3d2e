//! The lessons of the built-in presets: complete, and led to their end by somebody who does nothing but what the strip
//! highlights.

use std::sync::Arc;

use brownout::control::Snapshot;
use brownout::control::snapshot::{Death, FaultState, Holder, LifeState, NodeState, Phase, SlotState, UserState};
use brownout::scene::lesson::{Control, Input, Progress, Strip, Turn};
use brownout::topology::edit::{History, set_sessions_with_store};
use brownout::topology::{Act, LifeId, Preset, Sessions, Target, Until, builtin, format, settings};

fn lessons() -> impl Iterator<Item = (&'static str, Preset)> {
    builtin::all().into_iter().map(|found| (found.name, format::read(found.text).unwrap().into_preset()))
}

#[test]
fn every_lesson_is_complete() {
    for (name, preset) in lessons() {
        let lesson = &preset.lesson;
        assert!((3..=6).contains(&lesson.steps.len()), "{name}: {} steps", lesson.steps.len());
        for words in [&preset.summary, &lesson.attempt, &lesson.watch, &lesson.why] {
            assert!(words.ends_with('.'), "{name}: {words:?}");
        }
        let analogy = &lesson.analogy;
        for word in [&analogy.user, &analogy.service, &analogy.replica, &analogy.session, &analogy.kill] {
            assert!(!word.is_empty(), "{name}: {analogy:?}");
        }
        for (index, step) in lesson.steps.iter().enumerate() {
            let place = format!("{name}, step {}", index + 1);
            for (what, words) in [("say", &step.say), ("do", &step.act), ("note", &step.note)] {
                assert!(!words.is_empty(), "{place}: {what} is empty");
            }
            // What ends a lesson may speak of what comes next, for which there is no analogy.
            let is_end = step.until.is_none() && index + 1 == lesson.steps.len();
            assert!(is_end || !step.analogy.is_empty(), "{place} has no analogy");
            if matches!(step.until, Some(Until::Done { .. })) {
                assert!(!step.predict.is_empty() && !step.after.is_empty(), "{place}: {step:?}");
            }
            // What is set is the label of a button; everything else is a sentence.
            let is_label = matches!(step.until, Some(Until::Setting { .. }));
            assert_eq!(is_label, !step.act.ends_with('.'), "{place}: {:?}", step.act);
            // Of the numbers that can be measured, exactly one answer is right.
            for number in (0..=1_000).filter(|_| !step.choices.is_empty()) {
                let right = step.choices.iter().filter(|answer| answer.holds(number)).count();
                assert_eq!(right, 1, "{place}: {number}");
            }
        }
        let questions = lesson.steps.iter().filter(|step| !step.predict.is_empty()).count();
        assert!(questions > 0 || name == "scale-out-that-does-not-help", "{name} asks nothing");
    }
}

#[test]
fn doing_what_the_strip_highlights_leads_through_every_lesson() {
    for (name, preset) in lessons() {
        let steps = preset.lesson.steps.len();
        let mut learner = Learner { preset, run: Snapshot::default(), progress: Progress::default() };
        let mut furthest = 0;
        // Each step takes a few looks; none may need more than these.
        for _ in 0..steps * 20 {
            let strip = learner.look();
            furthest = furthest.max(strip.place.unwrap().0);
            if strip.is_end {
                break;
            }
            learner.obey(&strip);
        }
        let strip = learner.look();
        assert_eq!((strip.place, strip.is_end), (Some((steps, steps)), true), "{name} stops at {furthest}: {strip:#?}");
        assert!(!strip.headline.contains('{'), "{name}: {}", strip.headline);
    }
}

/// Somebody in front of a lesson, and a run in which everything is as it was told to be.
struct Learner {
    preset: Preset,
    run: Snapshot,
    progress: Progress,
}

impl Learner {
    fn look(&mut self) -> Strip {
        self.progress.observe(&self.preset, &Arc::new(self.run.clone()));
        self.progress.strip(&self.preset, &self.run, false)
    }

    /// Does what is asked for; waits where nothing is.
    fn obey(&mut self, strip: &Strip) {
        // Hands stay on screen after they were counted.
        let answer =
            strip.question.as_ref().filter(|_| strip.highlight.is_none()).and_then(|asked| match &asked.input {
                Input::Number => Some(Turn::Guess(10)),
                Input::Hands(hands) => {
                    hands.iter().all(|hand| hand.count == 0).then_some(Turn::Hands { answer: 0, count: 1 })
                }
            });
        if let Some(answer) = answer {
            return self.progress.turn(&self.preset, answer);
        }
        match &strip.highlight {
            Some(Control::Run) => self.begin(),
            Some(Control::Act { act, on }) => self.act(act, on),
            Some(Control::Set { node, key, value }) => {
                if key == "sessions" && value == &Sessions::Store.to_string() {
                    let step = set_sessions_with_store(&self.preset, node).unwrap();
                    History::default().apply(&mut self.preset, step).unwrap();
                } else {
                    settings::set(&mut self.preset, &format!("{node}.{key}"), value).unwrap();
                }
                self.staff();
            }
            Some(Control::Next) => self.progress.turn(&self.preset, Turn::Next),
            Some(Control::MakeItYours) => panic!("the lesson is not over: {strip:#?}"),
            None => self.run.now_us += 2_000_000,
        }
    }

    fn begin(&mut self) {
        self.run =
            Snapshot { phase: Phase::Running, now_us: 2_000_000, started_us: Some(1_000_000), ..Snapshot::default() };
        self.staff();
        let users: Vec<UserState> = self
            .preset
            .topology
            .nodes()
            .filter_map(|node| Some((node.id.clone(), node.users()?.users)))
            .flat_map(|(node, count)| (1..=count).map(move |user| (node.clone(), user)))
            .map(|(node, user)| UserState {
                node,
                user,
                session: Some(format!("{user:032x}").into()),
                holder: Holder::default(),
                items: 1,
                losses: 0,
                items_lost: 0,
                logged_out: false,
            })
            .collect();
        self.run.sessions.users = users.len() as u32;
        self.run.users = users.into();
    }

    /// Every replica of the drawing is there and ready.
    fn staff(&mut self) {
        let slot = |life: LifeId| SlotState {
            slot: life.slot.clone(),
            life,
            state: LifeState::Ready,
            pid: None,
            address: None,
            restarts_us: None,
            cpu: 0.0,
            pss_kib: 0,
            requests: 0,
            sessions: 0,
            tables: Default::default(),
        };
        let nodes = self.preset.topology.nodes().map(|node| NodeState {
            id: node.id.clone(),
            slots: (1..=node.replicas()).map(|index| slot(format!("{}.{index}#1", node.id).parse().unwrap())).collect(),
        });
        self.run.nodes = nodes.collect();
    }

    fn act(&mut self, act: &Act, on: &Target) {
        if let (Act::Deploy(_) | Act::RollBack, Target::Node(node)) = (act, on) {
            assert!(
                self.preset.topology.node(node).is_some_and(|node| node.service().is_some()),
                "{node} is no service"
            );
            return self.note(act, on, None);
        }
        let Target::Slot(slot) = on else { panic!("{on} is no replica") };
        let states = self.run.nodes.iter_mut().flat_map(|node| &mut node.slots);
        let state =
            states.into_iter().find(|state| state.slot == *slot).unwrap_or_else(|| panic!("there is no {slot}"));
        let death = if *act == Act::Crash { Death::Crashed } else { Death::Killed };
        assert!(matches!(act, Act::Kill | Act::Crash), "{act:?}");
        state.state = LifeState::Dead(death);
        let life = state.life.clone();
        self.note(act, on, Some(life));
    }

    fn note(&mut self, act: &Act, on: &Target, life: Option<LifeId>) {
        let fault = FaultState {
            at_us: self.run.now_us,
            kind: act.name(),
            on: on.to_string(),
            life,
            held: Some(0),
            noticed_after_ms: None,
            recovered_after_ms: None,
            lifted_us: None,
        };
        self.run.faults = self.run.faults.iter().cloned().chain([fault]).collect();
        self.run.now_us += 1_000;
    }
}
