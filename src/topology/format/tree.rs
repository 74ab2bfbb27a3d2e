//! A preset as the tree of keys and values that a file of it would have. Comparing two trees shows what an edit changed.

use crate::topology::choice::Choice;
use crate::topology::field::{
    ANALOGY, ANSWER, AUDIT, CACHE, CALL, CallOptions, DATABASE, DB, DEPLOY, EXPECT, Field, FieldValue, GATEWAY, GROUP,
    HEAD, LESSON, LESSON_STEP, MODULE, NOTE, OPERATION, PROGRAM, RUN, SAGA_STEP, SCENARIO, SERVICE, USERS, Value,
};
use crate::topology::preset::FORMAT;
use crate::topology::{
    Act, Analogy, Answer, Audit, Cache, Database, DbStep, Deploy, Gateway, Group, Lesson, LessonStep, Module, Node,
    Note, Operation, Preset, Program, Role, RunSettings, SagaStep, ScenarioStep, Service, Step, Users,
};

/// The keys of one table, in the order in which a fresh file has them.
pub(super) type Keys = Vec<(String, Branch)>;

/// What stands under a key.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Branch {
    /// A value, and whether it may be left out because it is what an absent key means.
    Leaf { value: Value, implied: bool },
    /// A table of its own.
    Table(Keys),
    /// A list of tables, and the keys that tell its entries apart; none where only the order does.
    Tables { entries: Vec<Keys>, identity: &'static [&'static str] },
}

/// The tree of a preset.
pub(super) fn of(preset: &Preset) -> Keys {
    let mut keys = vec![said("format", Value::Integer(i64::from(FORMAT)))];
    keys.extend(fields(preset, &Preset::default(), HEAD));
    let topology = &preset.topology;
    let layout = preset.layout.iter().filter_map(|(id, at)| Some(said(id.as_str(), at.to_value()?)));
    let link =
        |link: crate::topology::Link| vec![said("from", text(link.from.as_str())), said("to", text(link.to.as_str()))];
    let expectations = preset.expect.iter().map(|expectation| {
        let bare = crate::topology::Expectation {
            metric: String::new(),
            of: None,
            during: None,
            at_least: None,
            at_most: None,
            equals: None,
            says: String::new(),
        };
        require(fields(expectation, &bare, EXPECT), "metric")
    });
    keys.extend([
        table("run", fields(&preset.run, &RunSettings::default(), RUN)),
        tables("module", topology.modules.iter().map(module), &["name"]),
        tables("node", topology.nodes().map(node), &["id"]),
        tables("link", topology.links().map(link), &["from", "to"]),
        tables("scenario", preset.scenario.iter().map(scenario_step), &[]),
        tables("expect", expectations, &[]),
        tables("audit", preset.audits.iter().map(audit), &["name"]),
        table("lesson", lesson(&preset.lesson)),
        tables("group", preset.marks.groups.iter().map(group), &["id"]),
        tables("note", preset.marks.notes.iter().map(note), &["id"]),
        table("layout", layout.collect()),
    ]);
    keys
}

fn said(key: &str, value: Value) -> (String, Branch) {
    (key.to_owned(), Branch::Leaf { value, implied: false })
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn table(key: &str, keys: Keys) -> (String, Branch) {
    (key.to_owned(), Branch::Table(keys))
}

fn tables(key: &str, entries: impl Iterator<Item = Keys>, identity: &'static [&'static str]) -> (String, Branch) {
    (key.to_owned(), Branch::Tables { entries: entries.collect(), identity })
}

/// The fields of a part; those that have the default's value are implied.
fn fields<T>(owner: &T, default: &T, fields: &[Field<T>]) -> Keys {
    let leaf = |field: &Field<T>| {
        let value = (field.get)(owner)?;
        let implied = (field.get)(default).as_ref() == Some(&value);
        Some((field.info.key.to_owned(), Branch::Leaf { value, implied }))
    };
    fields.iter().filter_map(leaf).collect()
}

/// The keys of a table on one line: those whose values are not implied.
fn told(keys: Keys) -> Vec<(String, Value)> {
    let said = keys.into_iter().filter_map(|(key, branch)| {
        if let Branch::Leaf { value, implied: false } = branch { Some((key, value)) } else { None }
    });
    said.collect()
}

/// The same keys with one that is always written.
fn require(mut keys: Keys, required: &str) -> Keys {
    for (key, branch) in &mut keys {
        if let (true, Branch::Leaf { implied, .. }) = (key == required, branch) {
            *implied = false;
        }
    }
    keys
}

fn module(module: &Module) -> Keys {
    let bare = Module {
        name: module.name.clone(),
        memory: Default::default(),
        startup: Default::default(),
        contract: crate::topology::software::first_contract(),
        operations: vec![],
    };
    let mut keys = vec![said("name", text(module.name.as_str()))];
    keys.extend(fields(module, &bare, MODULE));
    keys.push(tables("operation", module.operations.iter().map(operation), &["name"]));
    keys
}

fn operation(operation: &Operation) -> Keys {
    let steps = Value::List(operation.steps.iter().map(step).collect());
    let implied = operation.steps.is_empty();
    let bare = Operation { name: String::new(), transaction: false, steps: Vec::new() };
    let mut keys = vec![said("name", text(&operation.name))];
    keys.extend(fields(operation, &bare, OPERATION));
    keys.push(("steps".to_owned(), Branch::Leaf { value: steps, implied }));
    keys
}

fn step(step: &Step) -> Value {
    let one = |key: &str, value: String| Value::Table(vec![(key.to_owned(), Value::Text(value))]);
    match step {
        Step::Cpu { cpu } => one("cpu", cpu.to_string()),
        Step::Wait { wait } => one("wait", wait.to_string()),
        Step::Session { session } => one("session", session.word().to_owned()),
        Step::Call { call, timeout, retries, optional } => {
            let options = CallOptions { timeout: *timeout, retries: *retries, optional: *optional };
            let options = told(fields(&options, &CallOptions::default(), CALL));
            Value::Table([("call".to_owned(), Value::Text(call.to_string()))].into_iter().chain(options).collect())
        }
        Step::Db { db } => Value::Table(vec![("db".to_owned(), Value::Table(db_step(db)))]),
        Step::Saga { saga, timeout } => {
            let options = CallOptions { timeout: *timeout, ..CallOptions::default() };
            let options = told(fields(&options, &CallOptions::default(), CALL));
            let calls = Value::List(saga.iter().map(saga_step).collect());
            Value::Table([("saga".to_owned(), calls)].into_iter().chain(options).collect())
        }
    }
}

/// What stands in `db`: what is done and to which table always, the rest where it says something.
fn db_step(db: &DbStep) -> Vec<(String, Value)> {
    let bare = DbStep { key: Default::default(), ..db.clone() };
    told(require(require(fields(db, &bare, DB), "op"), "table"))
}

fn saga_step(step: &SagaStep) -> Value {
    let bare = SagaStep { undo: None, ..step.clone() };
    Value::Table(told(require(fields(step, &bare, SAGA_STEP), "call")))
}

fn audit(audit: &Audit) -> Keys {
    let bare = Audit { key: crate::topology::database::key_column(), says: String::new(), ..audit.clone() };
    let keys = require(require(fields(audit, &bare, AUDIT), "each"), "has");
    [vec![said("name", text(audit.name.as_str()))], keys].concat()
}

fn node(node: &Node) -> Keys {
    let mut keys = vec![said("id", text(node.id.as_str())), said("role", text(node.role.name()))];
    keys.extend(match &node.role {
        Role::Users(users) => fields(users, &Users::default(), USERS),
        Role::Gateway(gateway) => fields(gateway, &Gateway::default(), GATEWAY),
        Role::Service(service) => fields(service, &Service::default(), SERVICE),
        Role::Cache(cache) => fields(cache, &Cache::default(), CACHE),
        Role::Database(database) => fields(database, &Database::default(), DATABASE),
        Role::Program(program) => fields(program, &Program::default(), PROGRAM),
    });
    keys
}

fn group(group: &Group) -> Keys {
    let bare = Group { id: group.id.clone(), title: String::new(), nodes: Default::default() };
    [vec![said("id", text(group.id.as_str()))], fields(group, &bare, GROUP)].concat()
}

fn note(note: &Note) -> Keys {
    let bare = Note { id: note.id.clone(), text: String::new(), at: Default::default() };
    let place = require(fields(note, &bare, NOTE), "at");
    [vec![said("id", text(note.id.as_str()))], place].concat()
}

fn scenario_step(step: &ScenarioStep) -> Keys {
    let bare = ScenarioStep { at: Default::default(), lasts: None, over: None, act: Act::Kill, on: step.on.clone() };
    let mut keys = require(fields(step, &bare, SCENARIO), "at");
    keys.push(said("do", text(step.act.name())));
    keys.push(said("on", Value::Text(step.on.to_string())));
    if let Act::Set(settings) = &step.act {
        let setting = |(key, value): &(String, String)| (key.clone(), with_value(value));
        keys.push(said("with", Value::Table(settings.iter().map(setting).collect())));
    }
    if let Act::Deploy(deploy) = &step.act {
        let with = told(fields(deploy, &Deploy::default(), DEPLOY));
        if !with.is_empty() {
            keys.push(said("with", Value::Table(with)));
        }
    }
    keys
}

/// A parameter as a file would have it: a number where its text is one.
fn with_value(value: &str) -> Value {
    match value.parse::<i64>() {
        Ok(number) if number.to_string() == value => Value::Integer(number),
        _ => text(value),
    }
}

fn lesson(lesson: &Lesson) -> Keys {
    let mut keys = fields(lesson, &Lesson::default(), LESSON);
    keys.push(table("analogy", fields(&lesson.analogy, &Analogy::default(), ANALOGY)));
    keys.push(tables("step", lesson.steps.iter().map(lesson_step), &[]));
    keys
}

/// A lesson's step, with its answers after the question that they answer.
fn lesson_step(step: &LessonStep) -> Keys {
    let mut keys = fields(step, &LessonStep::default(), LESSON_STEP);
    let answers = Value::List(step.choices.iter().map(answer).collect());
    let leaf = Branch::Leaf { value: answers, implied: step.choices.is_empty() };
    let at = keys.iter().position(|(key, _)| key == "measure").unwrap_or(keys.len());
    keys.insert(at, ("choices".to_owned(), leaf));
    keys
}

fn answer(answer: &Answer) -> Value {
    Value::Table(told(fields(answer, &Answer::default(), ANSWER)))
}
