//! `brownout compare`: two systems go through the same trials, one after the other; then the table.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::control::{Home, Plan, Snapshot};
use crate::export::{compare_html, compare_text};
use crate::runtime;
use crate::telemetry::compare::{self, Comparison, Measurement, POLYGLOT};
use crate::topology::Preset;

use super::play::{self, Interrupts};
use super::{complain, exit, input, programs, say};

/// Arguments of `brownout compare`.
#[derive(Debug, clap::Args)]
pub(super) struct CompareArguments {
    /// The first system: a preset file, or the name of a built-in one.
    #[arg(value_name = "A")]
    a: String,

    /// The second system; without it, the first one, which --set-a and --set-b then make two of.
    #[arg(value_name = "B")]
    b: Option<String>,

    /// Change a setting of both first, as in shop.replicas=2. May be given several times.
    #[arg(long = "set", value_name = "NODE.SETTING=VALUE")]
    settings: Vec<String>,

    /// Change a setting of the first system only.
    #[arg(long = "set-a", value_name = "NODE.SETTING=VALUE")]
    settings_a: Vec<String>,

    /// Change a setting of the second system only.
    #[arg(long = "set-b", value_name = "NODE.SETTING=VALUE")]
    settings_b: Vec<String>,

    /// The seed of every random choice, in every run.
    #[arg(long)]
    seed: Option<u64>,

    /// Also write the table here: .json, or .html as a page with charts.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Allow what the presets want to start: the commands of their program nodes. Also runs the built-in preset
    /// polyglot for a few seconds, to see its languages and stores run together.
    #[arg(long)]
    allow_programs: bool,

    /// Print nothing but errors; the exit code and the report file tell the result.
    #[arg(long)]
    quiet: bool,
}

/// How a table is written to a file.
type Form = fn(&Comparison) -> String;

/// Compares two systems. The error is the exit code.
pub(super) fn compare(arguments: &CompareArguments) -> Result<(), u8> {
    let form = arguments.report.as_deref().map(form).transpose()?;
    let systems = systems(arguments)?;
    if let Some(path) = &arguments.report {
        runtime::check_writable(path).map_err(|error| could_not(&format!("nothing was run: {error}")))?;
    }
    let comparison = measure(&systems, arguments)?;
    if !arguments.quiet {
        say(&compare_text::write(&comparison));
    }
    if let (Some(path), Some(form)) = (&arguments.report, form) {
        runtime::save_atomically(path, form(&comparison))
            .map_err(|error| could_not(&format!("the report was not saved: {error}")))?;
    }
    if comparison.left_out.is_empty() {
        return Ok(());
    }
    let left_out: Vec<String> = comparison.left_out.iter().map(|it| format!("{} ({})", it.name, it.why)).collect();
    Err(could_not(&format!("not everything could be measured: {}", left_out.join("; "))))
}

fn could_not(message: &str) -> u8 {
    complain(message);
    exit::COULD_NOT_RUN
}

/// The form that a file's ending asks for.
fn form(path: &Path) -> Result<Form, u8> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("json") => Ok(compare_text::json),
        Some("html") => Ok(compare_html::write),
        _ => {
            complain(&format!("--report {}: its name must end in .json or .html", path.display()));
            Err(exit::BAD_INPUT)
        }
    }
}

/// A system and what it is called.
struct System {
    name: String,
    preset: Preset,
    home: Home,
}

fn systems(arguments: &CompareArguments) -> Result<[System; 2], u8> {
    let second = arguments.b.as_ref().unwrap_or(&arguments.a);
    if arguments.b.is_none() && arguments.settings_a.is_empty() && arguments.settings_b.is_empty() {
        complain("there is one system only: name a second one, or change the first with --set-b NODE.SETTING=VALUE");
        return Err(exit::BAD_INPUT);
    }
    let mut systems =
        [system(arguments, &arguments.a, &arguments.settings_a)?, system(arguments, second, &arguments.settings_b)?];
    // Two of one name are told apart by what was changed.
    if systems[0].name == systems[1].name {
        for (system, settings) in systems.iter_mut().zip([&arguments.settings_a, &arguments.settings_b]) {
            if !settings.is_empty() {
                system.name = format!("{} {}", system.name, settings.join(" "));
            }
        }
    }
    let seed = arguments.seed.unwrap_or(systems[0].preset.run.seed);
    for system in &mut systems {
        system.preset.run.seed = seed;
    }
    Ok(systems)
}

fn system(arguments: &CompareArguments, preset: &str, settings: &[String]) -> Result<System, u8> {
    let document = input::read(preset).map_err(|refusal| refusal.complain())?;
    let mut changed = document.into_preset();
    for settings in [&arguments.settings, settings] {
        input::set(&mut changed, settings).map_err(|refusal| refusal.complain())?;
    }
    programs::consent(&changed, arguments.allow_programs)?;
    Ok(System { name: input::name(preset), preset: changed, home: programs::home(preset) })
}

/// Runs every trial with the first system and then with the second.
fn measure(systems: &[System; 2], arguments: &CompareArguments) -> Result<Comparison, u8> {
    let [a, b] = systems;
    let mut measurement = Measurement::of((&a.name, &a.preset), (&b.name, &b.preset));
    let interrupts = Interrupts::listen();
    let progress = Progress::new(&measurement, arguments.quiet);
    while let (Some(run), Some(heading)) = (measurement.current(), measurement.heading()) {
        progress.begin(&measurement, heading);
        let system = &systems[run.side.index()];
        let (name, home) = (system.name.clone(), system.home.clone());
        let plan = Plan { name, preset: run.preset.clone(), home, scenario: true, ends: true, ..Plan::default() };
        let report = play::play(plan, &interrupts, |_, snapshot| progress.show(snapshot));
        if interrupts.count() > 0 {
            progress.finish();
            return Err(could_not("stopped before everything was measured"));
        }
        measurement.enter(report.as_deref().map_err(Clone::clone));
    }
    polyglot(&mut measurement, arguments.allow_programs, &interrupts, &progress);
    progress.finish();
    Ok(measurement.comparison())
}

/// Sees the languages and stores of the built-in preset run together, if its programs may be started.
fn polyglot(measurement: &mut Measurement, allowed: bool, interrupts: &Interrupts, progress: &Progress) {
    let Some(preset) = compare::polyglot() else { return };
    if !allowed {
        let why = "it starts programs, which --allow-programs allows";
        return measurement.enter_polyglot(&preset, Err(why));
    }
    progress.begin(measurement, format!("the languages and stores of {POLYGLOT}"));
    let (name, home) = (POLYGLOT.to_owned(), Home::Builtin(POLYGLOT.to_owned()));
    let plan = Plan { name, preset: preset.clone(), home, scenario: true, ends: true, ..Plan::default() };
    let report = play::play(plan, interrupts, |_, _| {});
    measurement.enter_polyglot(&preset, report.as_deref().map_err(String::as_str));
}

/// One line on a terminal for all runs together, in tenths of a second.
struct Progress {
    bar: ProgressBar,
    all: u64,
    /// Before the run that goes on.
    done: std::cell::Cell<u64>,
}

/// In tenths of a second.
fn tenths(us: u64) -> u64 {
    us / 100_000
}

impl Progress {
    fn new(measurement: &Measurement, quiet: bool) -> Self {
        let target = if quiet || !std::io::stderr().is_terminal() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(10)
        };
        let all = tenths(measurement.lengths_us().0);
        let bar = ProgressBar::with_draw_target(Some(all), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {msg}  about {eta} more") {
            bar.set_style(style);
        }
        Self { bar, all, done: std::cell::Cell::new(0) }
    }

    fn begin(&self, measurement: &Measurement, what: String) {
        self.done.set(self.all.saturating_sub(tenths(measurement.lengths_us().1)));
        self.bar.set_position(self.done.get());
        self.bar.set_message(what);
    }

    fn show(&self, snapshot: &Snapshot) {
        if let Some(started_us) = snapshot.started_us {
            self.bar.set_position(self.done.get() + tenths(snapshot.now_us.saturating_sub(started_us)));
        }
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
