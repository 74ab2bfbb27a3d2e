//! What the user wants, in the imperative.

use std::path::PathBuf;

use crate::topology::{Act, Preset, Target, Topology};

use super::pace::Pace;

/// A wish of the user, from the window, the command line, or the scenario's clock.
#[derive(Debug, Clone)]
pub enum Command {
    /// Begin a run.
    Start(Box<Plan>),
    /// Let the users in as soon as everything is ready, where the plan has them wait.
    Go,
    /// Make the running system look like this drawing. Carries the whole desired state.
    Apply(Box<Topology>),
    /// Do this to the running system: a fault, or its lifting.
    Act {
        /// What.
        act: Act,
        /// To what.
        on: Target,
    },
    /// Let users act slower or faster than drawn, until the run ends: they think longer or shorter, and arrivals come
    /// less or more often.
    Pace(Pace),
    /// Let users act five times as fast for five seconds.
    Spike,
    /// Come to an end: settle, write the report, stop every process.
    Stop,
    /// Stop every process now, without settling; there will be no report.
    Abort,
}

/// What a run is to be.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The preset's name for the report: its file name without ending, or its built-in name.
    pub name: String,
    /// The preset: drawing, settings, scenario and expectations.
    pub preset: Preset,
    /// Where its programs and their files are.
    pub home: Home,
    /// Whether the scenario's steps are played.
    pub scenario: bool,
    /// Whether the run ends by itself after the preset's duration. The window's *Run* goes on until it is stopped.
    pub ends: bool,
    /// Whether users wait for [`Command::Go`] once everything is ready: so that several systems begin at one moment.
    pub waits: bool,
}

/// Where the programs of a preset, and the files that they need, are: the folder in which they are started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Home {
    /// The app's own working folder: for what is in no file.
    #[default]
    Here,
    /// The folder of the preset's file.
    Folder(PathBuf),
    /// Within the executable, for the built-in preset of this name.
    Builtin(String),
}
