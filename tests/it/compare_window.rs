//! A comparison in the window with real processes: both systems run at once, then the trials give a table, and nothing of it
//! is left when the view is left.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use brownout::app::{App, Backend, Opening, Origin};
use brownout::control::{Command, Snapshot};
use brownout::runtime::{Handle, Options};
use brownout::telemetry::Span;
use brownout::topology::{builtin, format};
use egui::accesskit::Role;
use egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use crate::support::program::BROWNOUT;
use crate::ui::Window;
use crate::ui::script::opening;

/// How long the trials of two small systems may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// The pause between two looks at the window: about a frame.
const FRAME: Duration = Duration::from_millis(16);

/// What ran so far.
#[derive(Debug, Default)]
struct Seen {
    pids: BTreeSet<u32>,
    /// The systems of which processes ran at the last look.
    running: BTreeSet<usize>,
    /// The most systems of which some ran at once.
    most: usize,
    /// When the first fault struck, by system: in microseconds after its beginning, and when that was seen.
    struck: BTreeMap<usize, (u64, Instant)>,
    systems: usize,
}

/// A real runtime that notes what it runs.
struct Watched {
    handle: Handle,
    number: usize,
    seen: Rc<RefCell<Seen>>,
}

impl Watched {
    fn start(seen: &Rc<RefCell<Seen>>) -> io::Result<Self> {
        let number = seen.borrow().systems;
        seen.borrow_mut().systems += 1;
        Ok(Self { handle: Handle::start(Options::new(PathBuf::from(BROWNOUT)))?, number, seen: Rc::clone(seen) })
    }
}

impl Backend for Watched {
    fn send(&self, command: Command) {
        self.handle.send(command);
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        let snapshot = self.handle.snapshot();
        let pids: Vec<u32> = snapshot.nodes.iter().flat_map(|node| &node.slots).filter_map(|slot| slot.pid).collect();
        let mut seen = self.seen.borrow_mut();
        if pids.iter().any(|pid| lives(*pid)) {
            seen.running.insert(self.number);
        } else {
            seen.running.remove(&self.number);
        }
        seen.most = seen.most.max(seen.running.len());
        seen.pids.extend(pids);
        if let (Some(fault), Some(started_us)) = (snapshot.faults.first(), snapshot.started_us) {
            let since_us = fault.at_us.saturating_sub(started_us);
            seen.struck.entry(self.number).or_insert((since_us, Instant::now()));
        }
        snapshot
    }

    fn take_spans(&self) -> Vec<Span> {
        self.handle.take_spans()
    }

    fn beside(&self) -> io::Result<Box<dyn Backend>> {
        Ok(Box::new(Self::start(&self.seen)?))
    }
}

/// Whether a process exists and is not just waiting to be reaped.
fn lives(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    status.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['Z', 'X']))
}

fn window(seen: &Rc<RefCell<Seen>>) -> Harness<'static, Window> {
    let seen = Rc::clone(seen);
    let frame = move |ui: &mut egui::Ui, app: &mut Window| {
        let app = app.get_or_insert_with(|| {
            let document = format::read(builtin::by_name("one-server").unwrap().text).unwrap();
            let preset = Some((document, Origin::Builtin("one-server".to_owned())));
            App::new(ui.ctx(), Opening { preset, ..opening() }, Box::new(Watched::start(&seen).unwrap()))
        });
        app.advance(ui.ctx());
        app.show(ui);
    };
    Harness::builder().with_size(vec2(1280.0, 800.0)).with_step_dt(FRAME.as_secs_f32()).build_ui_state(frame, None)
}

/// Draws frames until the window shows what is waited for.
fn until(harness: &mut Harness<'static, Window>, what: &str, is: impl Fn(&Harness<'static, Window>) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is(harness) {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        let next = Instant::now() + FRAME;
        harness.step();
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}

fn until_none_is_left(seen: &Rc<RefCell<Seen>>) {
    let deadline = Instant::now() + PATIENCE;
    while let Some(pid) = seen.borrow().pids.iter().copied().find(|pid| lives(*pid)) {
        assert!(Instant::now() < deadline, "process {pid} is left");
        std::thread::sleep(FRAME);
    }
}

fn has(harness: &Harness<'static, Window>, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

fn begin(harness: &mut Harness<'static, Window>) {
    let press = |harness: &mut Harness<'static, Window>, name: &str| {
        harness.get_by_label(name).click();
        harness.run_steps(3);
    };
    harness.run_steps(3);
    press(harness, "Compare…");
    harness.get_by_role_and_label(Role::ComboBox, "B").click();
    harness.run_steps(3);
    harness.get_all_by_label("Shared session store").last().unwrap().click();
    harness.run_steps(3);
    press(harness, "Side by side");
    until(harness, "both run", |harness| harness.query_all_by_label("running").count() == 2);
}

#[test]
fn a_comparison_in_the_window_gives_a_table_and_leaves_no_process() {
    let seen = Rc::default();
    let mut harness = window(&seen);
    begin(&mut harness);
    assert_eq!(seen.borrow().most, 2, "both run at once");
    until(&mut harness, "a fault strikes both", |_| seen.borrow().struck.len() == 2);
    let struck: Vec<(u64, Instant)> = seen.borrow().struck.values().copied().collect();
    assert!(struck[0].0.abs_diff(struck[1].0) < 500_000, "at the same second of the run: {struck:?}");
    let apart = struck[1].1.max(struck[0].1) - struck[1].1.min(struck[0].1);
    assert!(apart < Duration::from_secs(1), "and of the day: {apart:?}");
    harness.get_by_label("Measure").click();
    until(&mut harness, "a trial goes on", |harness| has(harness, "Trial 1 of 2: deploy, one-server"));
    until(&mut harness, "nothing of the show runs", |_| seen.borrow().running.len() < 2);
    seen.borrow_mut().most = 0;
    until(&mut harness, "there is a table", |harness| has(harness, "Save report…"));
    assert_eq!(seen.borrow().most, 1, "one run at a time");
    assert!(
        has(&harness, "hops of a checkout, one-server: 1")
            && has(&harness, "hops of a checkout, shared-session-store: 2")
    );
    assert!(has(&harness, "nobody hosts a module video"));
    harness.key_press(Key::Escape);
    until(&mut harness, "the drawing is back", |harness| has(harness, "node shop"));
    until_none_is_left(&seen);
}

#[test]
fn closing_the_window_ends_both_systems() {
    let seen = Rc::default();
    let mut harness = window(&seen);
    begin(&mut harness);
    assert!(seen.borrow().pids.len() >= 4);
    drop(harness);
    until_none_is_left(&seen);
}
