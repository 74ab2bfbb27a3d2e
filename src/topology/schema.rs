//! The JSON Schema of the preset file as a whole, for editors and checkers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::database::Audit;
use super::id::{NodeId, Target};
use super::lesson::Lesson;
use super::marks::{Group, Note};
use super::metrics::METRICS;
use super::node::{Link, Node};
use super::preset::{Expectation, RunSettings};
use super::software::Module;
use super::units::Period;
use super::validate::{MOST_REPLICAS, MOST_USERS};

/// A preset file.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "Brownout preset")]
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
    /// Nodes that automatic layout leaves where they are.
    #[schemars(default)]
    pinned: Vec<NodeId>,
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
    /// What is read in the databases afterwards.
    #[schemars(default)]
    audit: Vec<Audit>,
    /// The lesson.
    #[schemars(default)]
    lesson: Lesson,
    /// Frames around nodes.
    #[schemars(default)]
    group: Vec<Group>,
    /// Texts on the canvas.
    #[schemars(default)]
    note: Vec<Note>,
    /// Where nodes are drawn, in points.
    #[schemars(default)]
    layout: BTreeMap<NodeId, [f32; 2]>,
}

/// At this time, this happens to that.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename = "ScenarioStep")]
#[expect(dead_code, reason = "only its shape is asked for")]
struct ScenarioStepFile {
    /// When, counted from the first moment at which everything is ready.
    at: Period,
    /// How long it lasts, for what can be lifted (pause, set).
    #[schemars(default)]
    r#for: Option<Period>,
    /// How long numbers take to get there, in even steps (set).
    #[schemars(default)]
    over: Option<Period>,
    /// What is done.
    r#do: ActWord,
    /// To what.
    on: Target,
    /// The settings that `set` changes, or how `deploy` goes about it: `strategy` and `bug`.
    #[schemars(default)]
    with: BTreeMap<String, Value>,
}

/// What a scenario step does.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", rename = "Act")]
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
    /// Ends the process from within, as a bug does.
    Crash,
    /// Takes away all that a cache or database holds.
    LoseData,
    /// Brings a new version.
    Deploy,
    /// Brings the version before back.
    RollBack,
}

/// The schema, as a JSON value.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(PresetFile).to_value();
    plain(&mut schema);
    for name in ["Node", "Step"] {
        if let Some(definition) = schema.pointer_mut(&format!("/$defs/{name}")) {
            close(definition);
        }
    }
    for (place, rule) in rules() {
        let target = schema.pointer_mut(&format!("/$defs/{place}")).and_then(Value::as_object_mut);
        if let (Some(target), Value::Object(rule)) = (target, rule) {
            target.extend(rule);
        }
    }
    schema
}

/// Takes out what says how the program holds a value, not what a file may say: widths of numbers, and `null`, which
/// TOML does not have.
fn plain(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(plain),
        Value::Object(object) => {
            // In `properties` the keys are a preset's own, and `format` is one of them.
            if object.get("format").is_some_and(Value::is_string) {
                object.remove("format");
            }
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if object.get("default").is_some_and(Value::is_null) {
                object.remove("default");
            }
            if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    object.remove("anyOf");
                    object.extend(only);
                }
            }
            object.values_mut().for_each(plain);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Makes each variant of a definition complete by itself: what all variants share moves into each, which then forbids
/// every other key. A variant alone would refuse the shared keys, and none would refuse an unknown one.
fn close(definition: &mut Value) {
    let Some(definition) = definition.as_object_mut() else { return };
    let shared = definition.remove("properties");
    let required = definition.remove("required");
    definition.remove("type");
    let variants = definition.remove("oneOf").or_else(|| definition.remove("anyOf"));
    let Some(Value::Array(mut variants)) = variants else { return };
    for variant in variants.iter_mut().filter_map(Value::as_object_mut) {
        if let (Some(Value::Object(shared)), Some(Value::Object(own))) = (&shared, variant.get_mut("properties")) {
            own.extend(shared.clone());
        }
        if let (Some(Value::Array(all)), Some(Value::Array(own))) = (&required, variant.get_mut("required")) {
            own.splice(0..0, all.iter().cloned());
        }
        variant.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    definition.insert("oneOf".to_owned(), Value::Array(variants));
}

/// What the types do not say: bounds that validation also keeps, and the names of the catalogue.
fn rules() -> Vec<(&'static str, Value)> {
    let metrics: Vec<&str> = METRICS.iter().map(|metric| metric.name).collect();
    let replicas = json!({ "minimum": 1, "maximum": MOST_REPLICAS });
    vec![
        ("Node/oneOf/0/properties/users", json!({ "minimum": 1, "maximum": MOST_USERS })),
        ("Node/oneOf/0/properties/think_spread", json!({ "minimum": 0, "maximum": 1 })),
        ("Node/oneOf/1/properties/replicas", replicas.clone()),
        ("Node/oneOf/1/properties/health_failures", json!({ "minimum": 1 })),
        ("Node/oneOf/2/properties/replicas", replicas),
        ("Node/oneOf/2/properties/concurrency", json!({ "minimum": 1 })),
        ("Operation/properties/name", json!({ "pattern": "^[a-z][a-z0-9-]*$" })),
        ("Expectation/properties/metric", json!({ "enum": metrics })),
        (
            "Expectation",
            json!({ "anyOf": [{ "required": ["at_least"] }, { "required": ["at_most"] }, { "required": ["equals"] }] }),
        ),
        (
            "Answer",
            json!({
                "required": ["says"],
                "anyOf": [{ "required": ["at_least"] }, { "required": ["at_most"] }, { "required": ["equals"] }],
            }),
        ),
        (
            "ScenarioStep",
            json!({
                "if": { "properties": { "do": { "const": "set" } } },
                "then": { "required": ["with"] },
                "else": {
                    "if": { "properties": { "do": { "const": "deploy" } } },
                    "then": {
                        "properties": {
                            "with": {
                                "properties": {
                                    "strategy": { "enum": ["rolling", "recreate", "canary"] },
                                    "bug": { "type": "string" },
                                },
                            },
                        },
                    },
                    "else": { "not": { "required": ["with"] } },
                },
            }),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    fn variants<'a>(schema: &'a Value, name: &str) -> &'a [Value] {
        schema["$defs"][name]["oneOf"].as_array().unwrap()
    }

    #[test]
    fn each_role_takes_an_id_and_its_own_keys_and_no_other() {
        let schema = schema();
        assert_eq!(schema["$defs"]["Node"].get("required"), None, "a variant alone says what must be there");
        let roles: Vec<&Value> =
            variants(&schema, "Node").iter().map(|role| &role["properties"]["role"]["const"]).collect();
        assert_eq!(roles, ["users", "gateway", "service", "cache", "database", "program"]);
        for role in variants(&schema, "Node") {
            assert_eq!(role["properties"]["id"]["$ref"], "#/$defs/NodeId");
            assert_eq!(role["required"], json!(["id", "role"]));
            assert_eq!(role["additionalProperties"], false);
        }
    }

    #[test]
    fn every_table_forbids_unknown_keys() {
        fn tables<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
            if value.get("properties").is_some_and(Value::is_object) && value.get("type").is_some() {
                found.push(value);
            }
            let inner = value.as_object().into_iter().flat_map(Map::values);
            inner.chain(value.as_array().into_iter().flatten()).for_each(|value| tables(value, found));
        }
        let schema = schema();
        let mut found = Vec::new();
        tables(&schema, &mut found);
        assert!(found.len() > 15, "{}", found.len());
        assert!(found.iter().all(|table| table["additionalProperties"] == false), "{found:#?}");
    }

    #[test]
    fn every_rule_has_its_place_and_no_word_of_the_program_is_left() {
        let schema = schema();
        for (place, rule) in rules() {
            let target = &schema["$defs"].pointer(&format!("/{place}")).unwrap_or(&Value::Null);
            for key in rule.as_object().unwrap().keys() {
                assert_eq!(target[key], rule[key], "{place}");
            }
        }
        let text = schema.to_string();
        for word in ["uint", "double", "float", "null", "PresetFile", "StepFile"] {
            assert!(!text.contains(word), "{word}");
        }
    }
}
