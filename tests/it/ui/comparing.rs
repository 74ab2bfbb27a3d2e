//! Two systems side by side by accessible names, each with a script behind it: the choice, the common start, the trials,
//! the table, and what goes wrong.

use std::sync::Arc;

use brownout::app::{Opening, Origin};
use brownout::control::snapshot::Phase;
use brownout::control::{Command, Plan, Snapshot};
use brownout::telemetry::report::Report;
use brownout::topology::{builtin, format};
use egui::accesskit::Role;
use egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::script::{Script, opening, running};
use super::{Window, accessible, click, preset, sizes, window, window_on};

/// A window, and the two systems that a comparison in it gets.
struct Pair {
    harness: Harness<'static, Window>,
    halves: [Script; 2],
}

fn builtin_opening(name: &str) -> Opening {
    let document = format::read(builtin::by_name(name).unwrap().text).unwrap();
    Opening { preset: Some((document, Origin::Builtin(name.to_owned()))), ..opening() }
}

impl Pair {
    /// A window on a built-in preset, compared with its natural partner.
    fn of(name: &str) -> Self {
        let halves = [Script::idle(), Script::idle()];
        let main = Script::idle().with_beside(halves.to_vec());
        let mut pair = Self { harness: window_on(&main, builtin_opening(name)), halves };
        click(&mut pair.harness, "Compare…");
        click(&mut pair.harness, "Side by side");
        pair
    }

    /// What the systems of both say from now on.
    fn show(&mut self, at: usize, snapshot: Snapshot) {
        self.halves[at].show(snapshot);
        self.harness.run_ok();
    }

    /// The plans that a system was told to start.
    fn plans(&self, at: usize) -> Vec<Plan> {
        let plan = |command| if let Command::Start(plan) = command { Some(*plan) } else { None };
        self.halves[at].sent().into_iter().filter_map(plan).collect()
    }

    fn count(&self, at: usize, is: impl Fn(&Command) -> bool) -> usize {
        self.halves[at].sent().iter().filter(|command| is(command)).count()
    }

    fn goes(&self) -> [usize; 2] {
        [0, 1].map(|at| self.count(at, |command| matches!(command, Command::Go)))
    }

    fn has(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }
}

/// Chooses in an open list, which is drawn last and may have to be scrolled.
fn choose_last(harness: &mut Harness<'static, Window>, words: &str) {
    harness.get_all_by_label(words).last().unwrap().scroll_to_me();
    harness.run();
    harness.get_all_by_label(words).last().unwrap().click();
    harness.run();
}

fn ready() -> Snapshot {
    Snapshot { phase: Phase::Starting, waits: true, now_us: 900_000, ..Snapshot::default() }
}

fn failed(trouble: &str) -> Snapshot {
    Snapshot { phase: Phase::Finished, trouble: Some(trouble.to_owned()), ..Snapshot::default() }
}

/// The end of a run with a report that was recorded once.
fn finished() -> Snapshot {
    let report: Report =
        serde_json::from_str(include_str!("../../../src/telemetry/compare/tally/report.json")).unwrap();
    Snapshot { phase: Phase::Finished, report: Some(Arc::new(report)), ..Snapshot::default() }
}

/// Plays the trials to their end, after so many runs of each system, and gives how many there were.
fn play_trials(pair: &mut Pair, mut known: [usize; 2]) -> usize {
    let mut played = 0;
    while !pair.has("Save report…") {
        let begun = [0, 1].map(|at| pair.plans(at).len() - known[at]);
        assert_eq!(begun.iter().sum::<usize>(), 1, "one run at a time, after {played}");
        let at = begun.iter().position(|&begun| begun == 1).unwrap();
        (known[at], played) = (known[at] + 1, played + 1);
        pair.show(at, Snapshot { phase: Phase::Running, now_us: 5_000_000, started_us: Some(1_000_000), ..ready() });
        assert!(pair.has("Trial ") && pair.has("seconds left"));
        pair.show(at, finished());
    }
    played
}

#[test]
fn the_open_document_is_set_beside_its_natural_partner_and_two_that_are_one_are_refused() {
    let mut harness = window_on(&Script::idle(), builtin_opening("microservices"));
    click(&mut harness, "Compare…");
    let chosen = |harness: &Harness<'static, Window>, letter: &str| {
        harness.get_by_role_and_label(Role::ComboBox, letter).value().unwrap_or_default()
    };
    assert_eq!(chosen(&harness, "A"), "The open drawing: Microservices");
    assert_eq!(chosen(&harness, "B"), "Monolith");
    harness.get_by_role_and_label(Role::ComboBox, "B").click();
    harness.run();
    choose_last(&mut harness, "Microservices");
    assert!(harness.get_by_label("Side by side").accesskit_node().is_disabled());
    harness.get_by_label_contains("These are one and the same");
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label("Side by side").is_none());
}

#[test]
fn both_run_the_same_faults_and_go_when_both_are_ready() {
    let mut pair = Pair::of("monolith");
    let [a, b] = [0, 1].map(|at| pair.plans(at).pop().unwrap());
    assert_eq!([a.name.as_str(), b.name.as_str()], ["monolith", "microservices"]);
    assert_eq!((&a.preset.scenario, &a.preset.run), (&b.preset.scenario, &b.preset.run));
    assert!(!a.preset.scenario.is_empty() && [&a, &b].iter().all(|plan| plan.scenario && plan.ends && plan.waits));
    assert!(a.preset.topology != b.preset.topology);
    pair.show(0, ready());
    assert!(pair.has("ready, waits for the other") && pair.has("starting"));
    assert_eq!(pair.goes(), [0, 0]);
    pair.show(1, ready());
    assert_eq!(pair.goes(), [1, 1]);
    assert!(pair.has("; crash recommendations at 6 s is to come; crash payments at 14 s is to come"));
    assert!(pair.has("measured one run at a time"));
    for name in ["system A: monolith", "system B: microservices"] {
        let half = pair.harness.get_by_label(name);
        half.get_by_label("node gate");
        half.get_by_label("lamp orders.checkout: dark");
    }
    assert!(pair.harness.query_by_label("Kill shop.1").is_none(), "it is only looked at");
}

#[test]
fn a_system_that_fails_says_so_in_its_half_and_the_other_goes_on() {
    let mut pair = Pair::of("monolith");
    pair.show(1, failed("payment-db.1: no space is left"));
    assert_eq!(pair.goes()[0], 0);
    pair.show(0, ready());
    assert_eq!(pair.goes()[0], 1);
    let half = pair.harness.get_by_label("system B: microservices");
    half.get_by_label("It could not go on: payment-db.1: no space is left");
    half.get_by_label("could not go on");
    pair.harness.get_by_label("system A: monolith").get_by_label("ready, waits for the other");
    click(&mut pair.harness, "Run again");
    assert_eq!(pair.plans(1).len(), 2);
    assert!(!pair.has("It could not go on"));
}

#[test]
fn measuring_begins_when_nothing_else_runs_and_can_be_given_up() {
    let mut pair = Pair::of("monolith");
    for at in [0, 1] {
        pair.show(at, Snapshot { phase: Phase::Running, started_us: Some(1_000_000), ..ready() });
    }
    click(&mut pair.harness, "Measure");
    let aborts = |pair: &Pair| [0, 1].map(|at| pair.count(at, |command| matches!(command, Command::Abort)));
    assert_eq!(aborts(&pair), [1, 1], "what was looked at ends");
    let over = || Snapshot { phase: Phase::Finished, ..Snapshot::default() };
    pair.show(0, over());
    assert_eq!(pair.plans(0).len(), 1, "it waits for the end of the other, too");
    pair.show(1, over());
    assert_eq!(pair.plans(0).len(), 2);
    pair.show(0, Snapshot { phase: Phase::Running, now_us: 4_000_000, started_us: Some(1_000_000), ..ready() });
    pair.harness.get_by_label("Trial 1 of 6: deploy, monolith, 9 seconds left");
    pair.harness.get_by_label("system B: microservices").get_by_label("waits: one run at a time");
    click(&mut pair.harness, "Cancel");
    assert!(aborts(&pair)[0] == 2 && pair.has("Measuring was given up"));
    click(&mut pair.harness, "Dismiss");
    pair.harness.get_by_label("Measure");
}

#[test]
fn the_table_has_every_figure_for_both_and_says_what_is_better_a_proxy_or_missing() {
    let mut pair = Pair::of("monolith");
    for at in [0, 1] {
        pair.show(at, failed("nothing"));
    }
    pair.harness.get_by_label("Measure").click();
    pair.harness.run_ok();
    assert_eq!(play_trials(&mut pair, [1, 1]), 12);
    let rows =
        ["Initial development", "Deployment", "Technology stack", "Complexity", "How it was measured", "Left out"];
    for row in rows {
        pair.harness.get_by_label(row);
    }
    assert!(pair.has("processes to start, monolith: 4 processes, better"));
    assert!(pair.has("processes to start, microservices: 13 processes"));
    assert!(pair.has("a count of moving parts, not a measurement of people"));
    assert!(pair.harness.query_all_by_label("proxy").count() >= 7);
    click(&mut pair.harness, "Systems");
    pair.harness.get_by_label("system A: monolith");
    click(&mut pair.harness, "Table");
    pair.harness.get_by_label("monolith and microservices, measured");
}

#[test]
fn leaving_ends_what_runs_and_leads_back_to_unsaved_work() {
    let halves = [Script::idle(), Script::idle()];
    let main = Script::showing(running()).with_beside(halves.to_vec());
    let mut harness = window(&main);
    harness.get_by_label("node shop").click_accesskit();
    harness.run();
    click(&mut harness, "Sessions: store");
    let edited = preset(&harness).clone();
    click(&mut harness, "Close the inspector");
    click(&mut harness, "Compare…");
    assert!(harness.query_by_label_contains("What runs now is ended; the drawing stays").is_some());
    click(&mut harness, "Side by side");
    assert!(matches!(main.sent().last(), Some(Command::Abort)));
    main.show(Snapshot::default());
    halves[0].show(Snapshot { phase: Phase::Running, ..ready() });
    harness.run_ok();
    harness.get_by_label("sticky-sessions, changed");
    harness.key_press(Key::Escape);
    harness.run_ok();
    assert!(matches!(halves[0].sent().last(), Some(Command::Abort)));
    harness.get_by_label("Run");
    assert_eq!(*preset(&harness), edited);
    harness.get_by_label("node shop");
}

#[test]
fn without_a_second_system_the_window_stays_and_says_why() {
    let mut harness = window_on(&Script::idle(), builtin_opening("monolith"));
    click(&mut harness, "Compare…");
    click(&mut harness, "Side by side");
    harness.get_by_label("Nothing can be compared now: no threads are left");
    harness.get_by_label("Run");
}

#[test]
fn programs_are_asked_about_before_anything_starts() {
    let halves = [Script::idle(), Script::idle()];
    let mut harness = window_on(&Script::idle().with_beside(halves.to_vec()), builtin_opening("polyglot"));
    click(&mut harness, "Compare…");
    click(&mut harness, "Side by side");
    harness.get_by_label_contains("polyglot starts commands on this machine");
    click(&mut harness, "Cancel");
    harness.get_by_label_contains("Nothing was started");
    click(&mut harness, "Dismiss");
    click(&mut harness, "Compare…");
    click(&mut harness, "Side by side");
    click(&mut harness, "Start them");
    let started = |script: &Script| script.sent().iter().any(|command| matches!(command, Command::Start(_)));
    assert!(halves.iter().all(started));
}

#[test]
fn a_file_that_cannot_be_compared_is_named_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.toml");
    std::fs::write(&path, "format = 1\n[[node]]\nid = \"a\"\nrole = \"users\"\njourney = [\"no.such\"]\n").unwrap();
    let mut harness = window_on(&Script::idle(), builtin_opening("monolith"));
    click(&mut harness, "Compare…");
    harness.get_by_role_and_label(Role::ComboBox, "B").click();
    harness.run();
    choose_last(&mut harness, "A file…");
    assert!(harness.get_by_label("Side by side").accesskit_node().is_disabled());
    harness.get_by_role_and_label(Role::TextInput, "Path of B").focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Path of B").type_text(path.to_str().unwrap());
    harness.run();
    click(&mut harness, "Side by side");
    // The file is read on a thread of its own; its answer asks for a frame.
    let said = (0..10_000).any(|_| {
        std::thread::yield_now();
        harness.step();
        harness.query_by_label_contains(&format!("Cannot compare {}:", path.display())).is_some()
    });
    assert!(said);
}

#[test]
fn whatever_is_used_has_a_name() {
    let mut harness = window_on(&Script::idle(), builtin_opening("monolith"));
    click(&mut harness, "Compare…");
    accessible::all_are_named(&harness, "the choice");
    let mut pair = Pair::of("monolith");
    for at in [0, 1] {
        pair.show(at, failed("nothing"));
    }
    accessible::all_are_named(&pair.harness, "the systems");
    pair.harness.get_by_label("Measure").click();
    pair.harness.run_ok();
    accessible::all_are_named(&pair.harness, "a trial");
}

#[test]
fn nothing_is_cut_off_and_nothing_lies_on_anything() {
    let mut found = Vec::new();
    for size in [(1280.0, 800.0), (1000.0, 640.0), (760.0, 480.0), (760.0, 900.0)] {
        let mut pair = Pair::of("monolith");
        pair.harness.set_size(vec2(size.0, size.1));
        let mut worst = Snapshot { phase: Phase::Running, started_us: Some(1_000_000), now_us: 9_000_000, ..ready() };
        (worst.sessions.users, worst.sessions.users_hurt, worst.sessions.items_lost) = (24, 24, 999);
        (worst.total.issued, worst.total.timed_out) = (9_999, 9_999);
        for state in ["shown", "failed", "measured"] {
            match state {
                "shown" => [0, 1].iter().for_each(|&at| pair.show(at, worst.clone())),
                "failed" => pair.show(1, failed("payment-db.1: no space is left")),
                _ => {
                    pair.show(0, finished());
                    click(&mut pair.harness, "Measure");
                    pair.show(0, worst.clone());
                }
            }
            let faults = sizes::faults(&pair.harness, vec2(size.0, size.1));
            found.extend(faults.into_iter().map(|fault| format!("{size:?}, {state}: {fault}")));
        }
    }
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}

#[test]
fn halves_stand_side_by_side_or_one_above_the_other() {
    let mut pair = Pair::of("monolith");
    for (size, beside) in [((1280.0, 800.0), true), ((1000.0, 640.0), true), ((760.0, 900.0), false)] {
        pair.harness.set_size(vec2(size.0, size.1));
        pair.harness.run_ok();
        let [a, b] = ["system A: monolith", "system B: microservices"]
            .map(|half| pair.harness.get_by_label(half).get_by_label("canvas").rect());
        assert_eq!(a.right() <= b.left() + 4.0, beside, "{size:?}: {a:?}, {b:?}");
        assert_eq!(a.bottom() <= b.top() + 4.0, !beside, "{size:?}: {a:?}, {b:?}");
    }
}
