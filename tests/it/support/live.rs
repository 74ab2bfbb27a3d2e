//! A preset running under the real control plane, in this process, with the built program as its nodes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use brownout::control::snapshot::{LifeState, Phase, SlotState};
use brownout::control::{Command, Plan, Snapshot};
use brownout::runtime::{Handle, Options};
use brownout::telemetry::Span;
use brownout::telemetry::report::Report;
use brownout::topology::{Act, Period, Preset, Target, builtin, format};

use super::program::BROWNOUT;

/// How long anything that should happen may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);

/// A running preset. Dropping it ends every process.
pub(crate) struct Live {
    handle: Handle,
}

impl Live {
    /// Starts a preset. `scenario`: whether its steps are played; `ends`: whether it ends after its duration.
    pub(crate) fn start(preset: Preset, scenario: bool, ends: bool) -> Self {
        Self::start_with(Options::new(PathBuf::from(BROWNOUT)), preset, scenario, ends)
    }

    /// The same with options of the runtime.
    pub(crate) fn start_with(options: Options, preset: Preset, scenario: bool, ends: bool) -> Self {
        Self::start_plan(options, Plan { name: "test".to_owned(), preset, scenario, ends, ..Plan::default() })
    }

    /// Starts a plan.
    pub(crate) fn start_plan(options: Options, plan: Plan) -> Self {
        let handle = Handle::start(options).unwrap();
        handle.send(Command::Start(Box::new(plan)));
        Self { handle }
    }

    /// Waits until the snapshot has what is looked for.
    pub(crate) fn until<T>(&self, what: &str, look: impl Fn(&Snapshot) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut snapshot = self.handle.snapshot();
        loop {
            if let Some(found) = look(&snapshot) {
                return found;
            }
            assert!(Instant::now() < deadline, "waited in vain until {what}: {snapshot:#?}");
            snapshot = self.handle.wait(Duration::from_millis(200));
        }
    }

    /// Waits until users act.
    pub(crate) fn until_running(&self) {
        self.until("everything runs", |snapshot| (snapshot.phase == Phase::Running).then_some(()));
    }

    /// Waits until every user has a session.
    pub(crate) fn until_all_logged_in(&self) {
        self.until("every user has a session", |snapshot| {
            (snapshot.sessions.open > 0 && snapshot.sessions.open == u64::from(snapshot.sessions.users)).then_some(())
        });
    }

    /// Waits until a replica is in a state, and gives it.
    pub(crate) fn until_slot(&self, slot: &str, state: impl Fn(&SlotState) -> bool) -> SlotState {
        self.until(slot, |snapshot| find_slot(snapshot, slot).filter(|found| state(found)))
    }

    /// The replica now.
    pub(crate) fn slot(&self, slot: &str) -> SlotState {
        find_slot(&self.handle.snapshot(), slot).unwrap()
    }

    /// Asks for something.
    pub(crate) fn command(&self, command: Command) {
        self.handle.send(command);
    }

    /// Does something to the running system.
    pub(crate) fn act(&self, act: Act, on: &str) {
        self.handle.send(Command::Act { act, on: on.parse::<Target>().unwrap() });
    }

    /// Makes the running system look like this preset.
    pub(crate) fn apply(&self, preset: &Preset) {
        self.handle.send(Command::Apply(Box::new(preset.topology.clone())));
    }

    /// The spans that came since the last call.
    pub(crate) fn take_spans(&self) -> Vec<Span> {
        self.handle.take_spans()
    }

    /// Comes to an end and gives the report.
    pub(crate) fn stop(&self) -> Arc<Report> {
        self.handle.send(Command::Stop);
        self.report()
    }

    /// Waits for the end of the run and gives the report.
    pub(crate) fn report(&self) -> Arc<Report> {
        self.until("there is a report", |snapshot| {
            assert_eq!(snapshot.trouble, None);
            (snapshot.phase == Phase::Finished).then(|| snapshot.report.clone()).flatten()
        })
    }
}

fn find_slot(snapshot: &Snapshot, slot: &str) -> Option<SlotState> {
    snapshot.nodes.iter().flat_map(|node| &node.slots).find(|found| found.slot.to_string() == slot).cloned()
}

/// Whether a replica takes requests.
pub(crate) fn is_ready(slot: &SlotState) -> bool {
    slot.state == LifeState::Ready
}

/// A built-in preset, four times as lively as it is for people, so that tests are short.
pub(crate) fn lively(name: &str) -> Preset {
    let mut preset = format::read(builtin::by_name(name).unwrap().text).unwrap().into_preset();
    set(&mut preset, "shoppers.think", "500ms");
    preset.run.duration = Period::secs(8);
    for step in &mut preset.scenario {
        step.at = Period::secs(3);
    }
    preset.expect.clear();
    preset
}

/// Changes a setting.
pub(crate) fn set(preset: &mut Preset, path: &str, value: &str) {
    brownout::topology::settings::set(preset, path, value).unwrap();
}
