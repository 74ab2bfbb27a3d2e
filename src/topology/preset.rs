//! A preset: a drawing, a load, a fault timeline, what must be true afterwards, and the lesson that goes with it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::database::Audit;
use super::graph::Topology;
use super::id::{NodeId, Target};
use super::lesson::Lesson;
use super::marks::Marks;
use super::release::Deploy;
use super::units::Period;

/// The version of the preset format that this program reads and writes.
pub const FORMAT: u32 = 1;

/// One preset file, understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preset {
    /// What the preset is called.
    pub title: String,
    /// What it shows, in a sentence or two.
    pub summary: String,
    /// How long it runs and from which seed.
    pub run: RunSettings,
    /// What was drawn.
    pub topology: Topology,
    /// What happens to it.
    pub scenario: Vec<ScenarioStep>,
    /// What must be true afterwards.
    pub expect: Vec<Expectation>,
    /// What is read in the databases afterwards.
    pub audits: Vec<Audit>,
    /// The lesson.
    pub lesson: Lesson,
    /// Where nodes are drawn, in points; a node without a place is laid out.
    pub layout: BTreeMap<NodeId, [f32; 2]>,
    /// Groups, notes and pins.
    pub marks: Marks,
}

/// The `[run]` table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RunSettings {
    /// How long the scenario runs, counted from the first moment at which everything is ready.
    pub duration: Period,
    /// The seed of every random choice.
    pub seed: u64,
    /// How long after the start latencies are not yet counted in percentiles.
    pub warmup: Period,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self { duration: Period::secs(20), seed: 1, warmup: Period::default() }
    }
}

/// One `[[scenario]]` step: at this time, this happens to that.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenarioStep {
    /// When, counted from the first moment at which everything is ready.
    pub at: Period,
    /// How long it lasts, for what can be lifted (`pause`, `set`).
    pub lasts: Option<Period>,
    /// How long the numbers that `set` changes take to get there, in even steps: a ramp.
    pub over: Option<Period>,
    /// What is done.
    pub act: Act,
    /// To what.
    pub on: Target,
}

/// What a scenario step, or a click, does to the running system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Act {
    /// Ends the process at once (SIGKILL). On a node: every replica.
    Kill,
    /// Ends the process gracefully (SIGTERM): it drains, then exits.
    Terminate,
    /// Stops the process where it stands (SIGSTOP): connections are accepted by the kernel, nothing answers.
    Pause,
    /// Lets a paused process go on (SIGCONT).
    Resume,
    /// Starts the next life of a dead replica now instead of after the restart delay.
    Restart,
    /// Changes settings of a node, as an edit while running would: `sessions = "store"`.
    Set(Vec<(String, String)>),
    /// Ends the process from within, as a bug does: whatever else it hosts goes with it.
    Crash,
    /// Takes away all that a cache or database holds, and ends its process.
    LoseData,
    /// Brings a new version.
    Deploy(Deploy),
    /// Brings the version before back.
    RollBack,
}

impl Act {
    /// The name in presets.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Terminate => "terminate",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Restart => "restart",
            Self::Set(_) => "set",
            Self::Crash => "crash",
            Self::LoseData => "lose-data",
            Self::Deploy(_) => "deploy",
            Self::RollBack => "roll-back",
        }
    }
}

/// One `[[expect]]`: a measured value and its bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// What is measured: a name of the metrics catalogue, such as `sessions.lost`.
    pub metric: String,
    /// Of which operation, as in `cart.add`, replica, as in `shop.2`, or node; without it, of the whole run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// In which window after the start, as in `10s..15s`; without it, over the whole run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub during: Option<Window>,
    /// The value may not be lower.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// The value may not be higher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// The value must be this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<f64>,
    /// What it means when it holds, in words for people.
    #[serde(default)]
    pub says: String,
}

/// A window of run time, written `10s..15s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The window's beginning, counted from the first moment at which everything is ready.
    pub from: Period,
    /// Its end.
    pub to: Period,
}

impl Window {
    /// Whether a moment, in microseconds after the start, is in it. A counter read just at its beginning tells of what
    /// was before.
    pub fn covers(&self, since_start_us: u64) -> bool {
        since_start_us > self.from.as_micros() && since_start_us <= self.to.as_micros()
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}

impl std::str::FromStr for Window {
    type Err = super::units::BadUnit;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || super::units::BadUnit { text: text.to_owned(), expected: "a window of time, as in 10s..15s" };
        let (from, to) = text.split_once("..").ok_or_else(bad)?;
        let window = Self { from: from.parse().map_err(|_| bad())?, to: to.parse().map_err(|_| bad())? };
        if window.from < window.to { Ok(window) } else { Err(bad()) }
    }
}
super::text::as_text!(
    Window,
    "Window",
    "^[0-9]+(\\.[0-9]+)?\\s*(us|\u{b5}s|\u{3bc}s|ms|s|m|h)\\.\\.[0-9]+(\\.[0-9]+)?\\s*(us|\u{b5}s|\u{3bc}s|ms|s|m|h)$"
);
