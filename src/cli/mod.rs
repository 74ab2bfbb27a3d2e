//! The command line: what can be asked for, and the exit code that answers.
//!
//! Errors go to standard error, reports to standard output. Exit codes: 0 all expectations hold, 1 one does not, 2 the
//! input is wrong, 3 it could not run or the verdict is inconclusive.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::topology::{Period, builtin, schema};

mod compare;
mod export;
mod footage;
mod input;
mod look;
mod play;
mod programs;
mod run;
mod traces;
#[cfg(feature = "gui")]
mod window;

/// The exit codes, by meaning.
mod exit {
    pub(super) const EXPECTATION_FAILS: u8 = 1;
    pub(super) const BAD_INPUT: u8 = 2;
    pub(super) const COULD_NOT_RUN: u8 = 3;
}

/// The preset that is opened when none is named.
const FIRST_PRESET: &str = "sticky-sessions";

/// What `--help` ends with.
const AFTER: &str = "The window keeps unsaved work, and how it looked, in folders of your own; BROWNOUT_STATE_DIR names one \
                     folder to use in place of them.";

/// Draw a system, run it for real, break it, see who gets hurt.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true, after_help = AFTER)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// The preset to open: a file, the name of a built-in one (see `brownout presets`), or `-` for standard input, which may
    /// also be a shared text. Without a display it is run headless instead, and reported.
    #[arg(value_name = "FILE|NAME", default_value = FIRST_PRESET)]
    preset: String,

    #[cfg(feature = "gui")]
    #[command(flatten)]
    window: window::WindowArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a preset without a window: its load, its scenario, its expectations; then print the report.
    Run(RunArguments),
    /// Measure two systems the same way: the textbook's table of monolith and microservices, with figures.
    Compare(compare::CompareArguments),
    /// Write a preset as a picture, a file or a handout, without running it.
    Export(export::ExportArguments),
    /// Check presets: every mistake with its line and column.
    Check {
        /// Preset files; `-` is standard input. A file may also hold a shared text.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<String>,
    },
    /// List the built-in presets with what they teach.
    Presets,
    /// Print the JSON Schema of the preset format.
    Schema,
}

/// Arguments of `brownout run`.
#[derive(Debug, Default, clap::Args)]
struct RunArguments {
    /// The preset: a file, the name of a built-in one, or `-` for standard input, which may also be a shared text.
    #[arg(value_name = "FILE|NAME")]
    preset: String,

    /// How long the scenario runs, as in 20s. Settling afterwards takes a moment more.
    #[arg(long)]
    duration: Option<Period>,

    /// Also write the report here, as JSON.
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,

    /// Also write every span that arrives here, one a line as JSON.
    #[arg(long, value_name = "FILE.jsonl")]
    traces: Option<PathBuf>,

    /// The seed of every random choice.
    #[arg(long)]
    seed: Option<u64>,

    /// Change a setting first, as in shop.sessions=store. May be given several times.
    #[arg(long = "set", value_name = "NODE.SETTING=VALUE")]
    settings: Vec<String>,

    /// Start the programs that the preset names. Without it a preset with programs is not run, and what it would start is
    /// listed.
    #[arg(long)]
    allow_programs: bool,

    #[command(flatten)]
    pictures: footage::PictureArguments,

    /// Print nothing but errors; the exit code and the report file tell the result.
    #[arg(long)]
    quiet: bool,
}

/// Does what the command line says.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let code = match arguments.command {
        Some(Command::Run(run)) => run::run(&run),
        Some(Command::Compare(arguments)) => compare::compare(&arguments),
        Some(Command::Export(arguments)) => export::export(&arguments),
        Some(Command::Check { files }) => check(&files),
        Some(Command::Presets) => presets(),
        Some(Command::Schema) => {
            say(&format!("{:#}", schema::schema()));
            Ok(())
        }
        #[cfg(feature = "gui")]
        None => window::open(&arguments.preset, arguments.window),
        #[cfg(not(feature = "gui"))]
        None => {
            complain("this build has no window, so the preset runs headless");
            run::run(&RunArguments { preset: arguments.preset, ..RunArguments::default() })
        }
    };
    code.map_or_else(ExitCode::from, |()| ExitCode::SUCCESS)
}

fn check(files: &[String]) -> Result<(), u8> {
    let mut all_right = true;
    for file in files {
        match input::read(file) {
            Ok(_) => say(&format!("{file}: ok")),
            Err(refusal) => {
                refusal.complain();
                all_right = false;
            }
        }
    }
    if all_right { Ok(()) } else { Err(exit::BAD_INPUT) }
}

fn presets() -> Result<(), u8> {
    let presets = builtin::all();
    let width = presets.iter().map(|preset| preset.name.len()).max().unwrap_or(0);
    for preset in presets {
        let document = input::read(preset.name).map_err(|refusal| refusal.complain())?;
        say(&format!("{:width$}  {}", preset.name, document.preset().summary));
    }
    Ok(())
}

/// Prints to standard output. A reader that went away (`| head`) is no error.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints to standard error, as the program.
fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "brownout: {text}");
}
