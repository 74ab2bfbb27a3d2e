//! Reads tables and keys and gathers every problem with its place. It knows TOML, not what a preset is made of.

use std::collections::BTreeSet;
use std::ops::Range;

use toml_edit::{Item, TableLike};

use crate::topology::field::{Field, FieldValue, Refusal, Value};
use crate::topology::near::Adviser;
use crate::topology::problem::clipped;
use crate::topology::{Cause, NodeId, Place, Problem, Severity};

/// More problems than a person reads; the rest is only counted.
const MOST_PROBLEMS: usize = 100;

/// What is asked of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// Everything unknown or wrong is an error.
    Strict,
    /// What is unknown is a warning, what is wrong an error; neither keeps the rest from being read.
    Lenient,
    /// The file is of a newer format: whatever is not understood is a warning, and left alone.
    Newer,
}

/// One table of a list of tables.
pub(super) struct Entry<'a> {
    pub(super) table: &'a dyn TableLike,
    pub(super) path: String,
    pub(super) span: Option<Range<usize>>,
}

/// Gathers problems while a document is read.
pub(super) struct Reader<'a> {
    text: &'a str,
    strictness: Strictness,
    problems: Vec<Problem>,
    untold: usize,
    /// Whether anything was found that makes the text unreadable as a preset.
    refused: bool,
    /// Paths of list entries that are in the text but not in the preset.
    pub(super) dropped: BTreeSet<String>,
    adviser: Adviser,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, strictness: Strictness) -> Self {
        Self {
            text,
            strictness,
            problems: Vec::new(),
            untold: 0,
            refused: false,
            dropped: BTreeSet::new(),
            adviser: Adviser::default(),
        }
    }

    /// The problems in the order of the text, the paths that were dropped, and whether the text is refused.
    pub(super) fn finish(mut self) -> (Vec<Problem>, BTreeSet<String>, bool) {
        self.problems.sort_by_key(|problem| problem.place);
        if self.untold > 0 {
            let message = format!("there are {} more problems like these", self.untold);
            self.problems.push(Problem::warning("", message));
        }
        (self.problems, self.dropped, self.refused)
    }

    /// Advice for an unknown name, if the problem will be told.
    pub(super) fn advice<T: AsRef<str>>(&mut self, text: &str, candidates: impl FnOnce() -> Vec<T>) -> String {
        if self.problems.len() < MOST_PROBLEMS { self.adviser.advice(text, candidates) } else { String::new() }
    }

    fn push(&mut self, severity: Severity, path: &str, span: Option<Range<usize>>, message: String, advice: String) {
        if self.problems.len() >= MOST_PROBLEMS {
            self.untold += 1;
            return;
        }
        let place = span.map(|span| Place::at(self.text, span.start));
        self.problems.push(Problem {
            severity,
            path: path.to_owned(),
            place,
            message: clipped(message),
            advice,
            cause: None,
        });
    }

    /// Something that is wrong.
    pub(super) fn wrong(
        &mut self,
        path: &str,
        span: Option<Range<usize>>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        let severity = if self.strictness == Strictness::Newer { Severity::Warning } else { Severity::Error };
        self.refused |= self.strictness == Strictness::Strict;
        self.push(severity, path, span, message.into(), advice.into());
    }

    /// Something that this version does not know.
    pub(super) fn unknown(
        &mut self,
        path: &str,
        span: Option<Range<usize>>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) {
        let severity = if self.strictness == Strictness::Strict { Severity::Error } else { Severity::Warning };
        self.refused |= severity == Severity::Error;
        self.push(severity, path, span, message.into(), advice.into());
    }

    /// Something that a drawing may have wrong while it is being made: an error for a run, not for reading.
    pub(super) fn left_out(
        &mut self,
        path: &str,
        span: Option<Range<usize>>,
        message: String,
        advice: &str,
        names: Vec<NodeId>,
    ) {
        self.dropped.insert(path.to_owned());
        let told = self.problems.len();
        self.push(Severity::Error, path, span, message, advice.to_owned());
        if let Some(problem) = self.problems.get_mut(told) {
            problem.cause = Some(Box::new(Cause::LeftOut(names)));
        }
    }

    /// Says which keys of a table are not among the known ones.
    pub(super) fn known_keys(&mut self, table: &dyn TableLike, path: &str, known: &[&str]) {
        for (key, item) in table.iter().filter(|(key, _)| !known.contains(key)) {
            let place = key_span(table, key).or_else(|| item.span());
            let owner = if path.is_empty() { String::new() } else { format!(" in {}", table_name(path)) };
            let advice = self.advice(key, || known.to_vec());
            self.unknown(&join(path, key), place, format!("unknown key {key:?}{owner}"), advice);
        }
    }

    /// Reads every field that the table has.
    pub(super) fn fields<T>(&mut self, table: &dyn TableLike, path: &str, owner: &mut T, fields: &[Field<T>]) {
        for field in fields {
            let Some(item) = table.get(field.info.key) else { continue };
            if let Err(refusal) = (field.set)(owner, &value_of(item)) {
                self.refused(&join(path, field.info.key), field.info.key, item, refusal);
            }
        }
    }

    /// Reads a key that must be there.
    pub(super) fn required<V: FieldValue>(&mut self, entry: &Entry<'_>, key: &str) -> Option<V> {
        let Some(item) = entry.table.get(key) else {
            let message = format!("{} has no {key:?}", table_name(&entry.path));
            self.wrong(&entry.path, entry.span.clone(), message, format!("add {key}: {}", V::KIND));
            return None;
        };
        V::from_value(&value_of(item)).map_err(|refusal| self.refused(&join(&entry.path, key), key, item, refusal)).ok()
    }

    fn refused(&mut self, path: &str, key: &str, item: &Item, refusal: Refusal) {
        let inner = refusal.item.and_then(|index| item.as_array()?.get(index)?.span());
        let path = refusal.item.map_or_else(|| path.to_owned(), |index| format!("{path}[{index}]"));
        self.wrong(&path, inner.or_else(|| item.span()), format!("{key}: {}", refusal.message), refusal.advice);
    }

    /// The table under a key, if it is there and is one.
    pub(super) fn table<'t>(&mut self, table: &'t dyn TableLike, path: &str, key: &str) -> Option<Entry<'t>> {
        let item = table.get(key)?;
        let path = join(path, key);
        let Some(table) = item.as_table_like() else {
            let message = format!("{key} is {}, not a table", value_of(item).found());
            self.wrong(&path, item.span(), message, format!("write [{key}] with its keys in lines below"));
            return None;
        };
        Some(Entry { table, path, span: item.span() })
    }

    /// The tables of a list of tables, `[[key]]` or `key = [{ … }]`; none when the key is absent.
    pub(super) fn tables<'t>(&mut self, table: &'t dyn TableLike, path: &str, key: &str) -> Vec<Entry<'t>> {
        let Some(item) = table.get(key) else { return Vec::new() };
        let path = join(path, key);
        if let Some(tables) = item.as_array_of_tables() {
            let entry = |(index, table): (usize, &'t toml_edit::Table)| Entry {
                table,
                path: format!("{path}[{index}]"),
                span: table.span(),
            };
            return tables.iter().enumerate().map(entry).collect();
        }
        let Some(array) = item.as_array() else {
            let found = value_of(item).found();
            self.wrong(&path, item.span(), format!("{key} is {found}, not a list of tables"), how_to_list(key));
            return Vec::new();
        };
        let mut entries = Vec::new();
        for (index, value) in array.iter().enumerate() {
            let path = format!("{path}[{index}]");
            match value.as_inline_table() {
                Some(table) => entries.push(Entry { table, path, span: value.span() }),
                None => {
                    let found = plain_value(value).found();
                    self.dropped.insert(path.clone());
                    self.wrong(&path, value.span(), format!("{path} is {found}, not a table"), how_to_list(key));
                }
            }
        }
        entries
    }
}

fn how_to_list(key: &str) -> String {
    match key {
        "steps" => "write each step in braces, as in { wait = \"2ms\" }".to_owned(),
        "choices" => "write each answer in braces, as in { says = \"Nobody\", equals = 0 }".to_owned(),
        _ => format!("write [[{key}]] before each, with its keys in lines below"),
    }
}

/// How the file writes the table at a path: `[[module.operation]]` for `module[0].operation[2]`.
pub(super) fn table_name(path: &str) -> String {
    let name: Vec<&str> = path.split('.').map(|key| key.split('[').next().unwrap_or(key)).collect();
    match (name.last(), path.ends_with(']')) {
        (Some(&"steps"), _) => "this step".to_owned(),
        (Some(&"choices"), _) => "this answer".to_owned(),
        (_, true) => format!("[[{}]]", name.join(".")),
        (_, false) => format!("[{}]", name.join(".")),
    }
}

/// Where a key stands in the text.
pub(super) fn key_span(table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
    table.get_key_value(key).and_then(|(key, _)| key.span())
}

/// The path of a key under a path.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// What an item holds.
pub(super) fn value_of(item: &Item) -> Value {
    match item {
        Item::Value(value) => plain_value(value),
        Item::Table(_) => Value::Table(Vec::new()),
        Item::ArrayOfTables(_) => Value::Other("a list of tables"),
        Item::None => Value::Other("nothing"),
    }
}

/// What a value holds. Nesting is bounded by the parser.
pub(super) fn plain_value(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => Value::Text(text.value().clone()),
        toml_edit::Value::Integer(number) => Value::Integer(*number.value()),
        toml_edit::Value::Float(number) => Value::Number(*number.value()),
        toml_edit::Value::Boolean(flag) => Value::Flag(*flag.value()),
        toml_edit::Value::Datetime(_) => Value::Other("a date or time of day"),
        toml_edit::Value::Array(array) => Value::List(array.iter().map(plain_value).collect()),
        toml_edit::Value::InlineTable(table) => {
            Value::Table(table.iter().map(|(key, value)| (key.to_owned(), plain_value(value))).collect())
        }
    }
}
