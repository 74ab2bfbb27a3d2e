//! `brownout run`: a preset from start to report, with live progress on a terminal.

use std::io::{self, IsTerminal};
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::control::snapshot::{NodeState, Phase};
use crate::control::{Plan, Snapshot};
use crate::export::{report_json, report_text};
use crate::runtime;
use crate::telemetry::report::{Report, Verdict};
use crate::topology::{NodeId, Period, Preset, Role};

use super::footage::Footage;
use super::play::{self, Interrupts};
use super::traces::Traces;
use super::{RunArguments, complain, exit, input, programs, say};

/// Runs a preset headless. The error is the exit code.
pub(super) fn run(arguments: &RunArguments) -> Result<(), u8> {
    let preset = prepare(arguments)?;
    let mut footage = Footage::plan(&arguments.pictures, &preset).map_err(|message| {
        complain(&message);
        exit::BAD_INPUT
    })?;
    check_places(arguments, &footage)?;
    let name = input::name(&arguments.preset);
    programs::consent(&preset, arguments.allow_programs)?;
    let plan = Plan {
        name,
        preset: preset.clone(),
        home: programs::home(&arguments.preset),
        scenario: true,
        ends: true,
        ..Plan::default()
    };
    let mut traces = arguments.traces.as_deref().map(Traces::create).transpose().map_err(|error| {
        complain(&format!("nothing was run: traces cannot be written: {error}"));
        exit::COULD_NOT_RUN
    })?;
    let (report, written) = play(plan, arguments.quiet, &mut footage, traces.as_mut())?;
    if !arguments.quiet {
        say(&report_text::write(&report, &preset));
    }
    let mut unsaved = false;
    if let Err(error) = written.and_then(|()| traces.map_or(Ok(()), Traces::finish)) {
        complain(&format!("not all traces were written: {error}"));
        unsaved = true;
    }
    for error in footage.draw(&preset) {
        complain(&error.to_string());
        unsaved = true;
    }
    if let Some(path) = &arguments.report
        && let Err(error) = runtime::save_atomically(path, report_json::write(&report))
    {
        complain(&format!("the report was not saved: {error}"));
        unsaved = true;
    }
    if unsaved {
        return Err(exit::COULD_NOT_RUN);
    }
    match report.verdict {
        Verdict::Holds => Ok(()),
        Verdict::Fails => Err(exit::EXPECTATION_FAILS),
        Verdict::Inconclusive => {
            // On a terminal the report says it already.
            if arguments.quiet || !std::io::stdout().is_terminal() {
                complain(&format!("the verdict is inconclusive: {}", report.reasons.join("; ")));
            }
            Err(exit::COULD_NOT_RUN)
        }
    }
}

/// Looks whether everything that the run leaves can be saved, before a run that would be for nothing.
fn check_places(arguments: &RunArguments, footage: &Footage) -> Result<(), u8> {
    let files = [arguments.report.as_deref(), arguments.traces.as_deref()];
    for path in files.into_iter().flatten().chain(footage.paths()) {
        runtime::check_writable(path).map_err(|error| {
            complain(&format!("nothing was run: {error}"));
            exit::COULD_NOT_RUN
        })?;
    }
    Ok(())
}

/// Reads the preset and applies what the arguments change.
fn prepare(arguments: &RunArguments) -> Result<Preset, u8> {
    if let Some(path) = &arguments.report
        && path.extension().is_some_and(|ending| ending != "json")
    {
        complain(&format!("--report {}: the report is JSON, so its name must end in .json", path.display()));
        return Err(exit::BAD_INPUT);
    }
    let document = input::read(&arguments.preset).map_err(|refusal| refusal.complain())?;
    let mut preset = document.into_preset();
    input::set(&mut preset, &arguments.settings).map_err(|refusal| refusal.complain())?;
    if let Some(duration) = arguments.duration {
        if duration == Period::default() {
            complain("--duration 0s: a run takes some time, as in 20s");
            return Err(exit::BAD_INPUT);
        }
        preset.run.duration = duration;
        // Steps that the shorter run never reaches are left out, as the person who shortened it expects.
        preset.scenario.retain(|step| step.at <= duration);
    }
    if let Some(seed) = arguments.seed {
        preset.run.seed = seed;
    }
    Ok(preset)
}

/// Runs the preset to its end and gives the report, and whether all traces were written.
fn play(
    plan: Plan,
    quiet: bool,
    footage: &mut Footage,
    mut traces: Option<&mut Traces>,
) -> Result<(Arc<Report>, io::Result<()>), u8> {
    let mut progress = Progress::new(&plan.preset, quiet);
    let mut written = Ok(());
    let report = play::play(plan, &Interrupts::listen(), |handle, snapshot| {
        progress.show(snapshot);
        if footage.is_empty() && traces.is_none() {
            return;
        }
        let spans = handle.take_spans();
        if let (Some(traces), Ok(())) = (&mut traces, &written) {
            written = traces.write(&spans);
        }
        if !footage.is_empty() {
            footage.observe(snapshot, &spans);
        }
    });
    progress.finish();
    let report = report.map_err(|message| {
        complain(&message);
        exit::COULD_NOT_RUN
    })?;
    Ok((report, written))
}

/// The live line on a terminal: time, and people first.
struct Progress {
    bar: ProgressBar,
    gateways: Vec<NodeId>,
    /// Whether it was said where gateways can be visited.
    told: bool,
}

impl Progress {
    fn new(preset: &Preset, quiet: bool) -> Self {
        let target = if quiet || !std::io::stderr().is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(10)
        };
        let tenths = preset.run.duration.as_micros() / 100_000;
        let bar = ProgressBar::with_draw_target(Some(tenths), target);
        if let Ok(style) = ProgressStyle::with_template("{prefix:>9} {bar:30} {msg}") {
            bar.set_style(style);
        }
        let gateways = preset.topology.nodes().filter(|node| matches!(node.role, Role::Gateway(_)));
        Self { bar, gateways: gateways.map(|node| node.id.clone()).collect(), told: quiet }
    }

    fn show(&mut self, snapshot: &Snapshot) {
        if snapshot.phase == Phase::Running && !std::mem::replace(&mut self.told, true) {
            self.say_addresses(snapshot);
        }
        self.bar.set_prefix(match snapshot.phase {
            Phase::Idle | Phase::Starting => "starting",
            Phase::Running => "running",
            Phase::Settling => "settling",
            Phase::Stopping | Phase::Finished => "stopping",
        });
        if let Some(started_us) = snapshot.started_us {
            self.bar.set_position(snapshot.now_us.saturating_sub(started_us) / 100_000);
        }
        let counts = &snapshot.sessions;
        self.bar.set_message(format!(
            "{} of {} users hurt · {} items lost · {} requests, {} failed",
            counts.users_hurt,
            counts.users,
            counts.items_lost,
            snapshot.total.issued,
            snapshot.total.failed_total() + snapshot.total.timed_out,
        ));
    }

    /// Says where a browser, or any program, finds the gateways while the run goes on.
    fn say_addresses(&self, snapshot: &Snapshot) {
        let of_preset = |node: &&NodeState| self.gateways.contains(&node.id);
        for slot in snapshot.nodes.iter().filter(of_preset).flat_map(|node| &node.slots) {
            if let Some(address) = slot.address {
                self.bar.suspend(|| complain(&format!("{} is at http://{address}", slot.slot)));
            }
        }
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
