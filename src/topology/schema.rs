//! The JSON Schema of the preset file as a whole, for editors and checkers.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::id::{NodeId, Target};
use super::node::{Link, Node};
use super::preset::{Expectation, Lesson, RunSettings};
use super::software::Module;
use super::units::Period;

/// A preset file.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its shape is asked for")]
struct PresetFile {
    /// The version of the format: 1.
    #[schemars(range(min = 1, max = 1))]
    format: u32,
    /// What the preset is called.
    #[schemars(default)]
    title: String,
    /// What it shows, in a sentence or two.
    #[schemars(default)]
    summary: String,
    /// How long it runs and from which seed.
    #[schemars(default)]
    run: RunSettings,
    /// What the software does.
    #[schemars(default)]
    module: Vec<Module>,
    /// Where it runs.
    #[schemars(default)]
    node: Vec<Node>,
    /// Which node sends requests to which.
    #[schemars(default)]
    link: Vec<Link>,
    /// What happens to it.
    #[schemars(default)]
    scenario: Vec<ScenarioStepFile>,
    /// What must be true afterwards.
    #[schemars(default)]
    expect: Vec<Expectation>,
    /// The lesson.
    #[schemars(default)]
    lesson: Lesson,
    /// Where nodes are drawn, in points.
    #[schemars(default)]
    layout: BTreeMap<NodeId, [f32; 2]>,
}

/// At this time, this happens to that.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its shape is asked for")]
struct ScenarioStepFile {
    /// When, counted from the first moment at which everything is ready.
    at: Period,
    /// How long it lasts, for what can be lifted (pause).
    #[schemars(default)]
    r#for: Option<Period>,
    /// What is done.
    r#do: ActWord,
    /// To what.
    on: Target,
    /// The settings that `set` changes.
    #[schemars(default)]
    with: BTreeMap<String, serde_json::Value>,
}

/// What a scenario step does.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its words are asked for")]
enum ActWord {
    /// Ends the process at once (SIGKILL).
    Kill,
    /// Ends the process gracefully (SIGTERM).
    Terminate,
    /// Stops the process where it stands (SIGSTOP).
    Pause,
    /// Lets a paused process go on (SIGCONT).
    Resume,
    /// Starts the next life of a dead replica now.
    Restart,
    /// Changes settings of a node.
    Set,
}

/// The schema, as a JSON value.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(PresetFile).to_value()
}
