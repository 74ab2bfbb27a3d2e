//! Writes what changed in one value into its text. Of lists and tables on one line only what differs: each item of a
//! list keeps the comments that tell of it, and what was not understood stays.

use std::collections::BTreeSet;
use std::mem;

use toml_edit::{Array, InlineTable, RawString, Value as Toml};

use super::merge::LeftOut;
use super::pairs::by_order;
use super::reader::{join, plain_value};
use crate::topology::field::Value;

/// A value as a fresh file has it.
pub(super) fn toml(value: &Value) -> Toml {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => (*number as i64).into(),
        Value::Number(number) => (*number).into(),
        Value::Flag(flag) => (*flag).into(),
        Value::List(values) => values.iter().map(toml).collect::<Array>().into(),
        Value::Table(keys) => {
            keys.iter().map(|(key, value)| (key.as_str(), toml(value))).collect::<InlineTable>().into()
        }
        Value::Other(_) => "".into(),
    }
}

impl LeftOut<'_> {
    /// Brings the value at a path, which was read as `old`, to `new`, and keeps the spaces and comments around it.
    pub(super) fn value(&self, known: &mut Toml, path: &str, old: Option<&Value>, new: &Value) {
        match (&mut *known, old, new) {
            (Toml::Array(array), old, Value::List(new)) => {
                let old = if let Some(Value::List(old)) = old { old.as_slice() } else { &[] };
                self.list(array, path, old, new);
            }
            (Toml::InlineTable(table), Some(Value::Table(old)), Value::Table(new)) if akin(old, new) => {
                self.inline_table(table, path, old, new);
            }
            _ => {
                let decor = known.decor().clone();
                *known = toml(new);
                *known.decor_mut() = decor;
            }
        }
    }

    fn inline_table(&self, table: &mut InlineTable, path: &str, old: &[(String, Value)], new: &[(String, Value)]) {
        // What stands before the bracket belongs to it, not to the value that happens to be the last.
        let end = table.iter_mut().last().map(|(_, value)| take_suffix(value));
        for (key, _) in old.iter().filter(|(key, _)| find(new, key).is_none()) {
            table.remove(key);
        }
        for (key, value) in new {
            let before = find(old, key);
            match table.get_mut(key) {
                Some(_) if before == Some(value) => {}
                Some(known) => self.value(known, &join(path, key), before, value),
                None => drop(table.insert(key, toml(value))),
            }
        }
        if let (Some(end), Some((_, last))) = (end, table.iter_mut().last()) {
            last.decor_mut().set_suffix(end);
        }
    }

    /// Items that were there keep their text and comments, those that were left out their place.
    fn list(&self, array: &mut Array, path: &str, old: &[Value], new: &[Value]) {
        let left_out = |index: &usize| !self.all.is_empty() && self.all.contains(&format!("{path}[{index}]"));
        let (left, kept): (Vec<usize>, Vec<usize>) = (0..array.len()).partition(left_out);
        let read: Vec<Value> = kept.iter().filter_map(|&index| array.get(index)).map(plain_value).collect();
        let new = in_the_order_of(&read, old, new);
        // Of a step the text may say the same in other words.
        let steps = read.len() == old.len() && read.iter().all(|value| matches!(value, Value::Table(_)));
        let old = if steps { old } else { read.as_slice() };
        let mut list = List::taken(array);
        let mut sources: Vec<Option<Item>> = mem::take(&mut list.items).into_iter().map(Some).collect();
        let mut left = left.into_iter().peekable();
        for (value, before) in new.iter().zip(by_order(old, &new)) {
            let index = before.and_then(|before| kept.get(before).copied());
            while let Some(left) = left.next_if(|&left| index.is_some_and(|index| left < index)) {
                list.items.extend(sources[left].take());
            }
            let item = index.and_then(|index| Some((index, sources[index].take()?)));
            let Some((index, mut item)) = item else {
                list.add(toml(value));
                continue;
            };
            let before = before.and_then(|before| old.get(before));
            if before != Some(value) {
                self.value(&mut item.value, &format!("{path}[{index}]"), before, value);
            }
            list.items.push(item);
        }
        for left in left {
            list.items.extend(sources[left].take());
        }
        list.put(array);
    }
}

fn find<'a>(keys: &'a [(String, Value)], key: &str) -> Option<&'a Value> {
    keys.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

/// Whether one table may have become the other: what else its text says is kept only then.
fn akin(old: &[(String, Value)], new: &[(String, Value)]) -> bool {
    old.iter().any(|(key, _)| find(new, key).is_some())
}

/// The new items; of a set, which is read sorted however it was written, as the text has them.
fn in_the_order_of(read: &[Value], old: &[Value], new: &[Value]) -> Vec<Value> {
    let (there, wanted) = (names(read), names(new));
    if read == old || !old.iter().filter_map(name).eq(there.iter().copied()) {
        return new.to_vec();
    }
    let stays = read.iter().filter(|value| name(value).is_some_and(|name| wanted.contains(name)));
    let comes = new.iter().filter(|value| name(value).is_none_or(|name| !there.contains(name)));
    stays.chain(comes).cloned().collect()
}

fn name(value: &Value) -> Option<&str> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

fn names(values: &[Value]) -> BTreeSet<&str> {
    values.iter().filter_map(name).collect()
}

/// An item of a list with what is said of it.
struct Item {
    value: Toml,
    /// What stands before it: spaces, and comments on lines above.
    before: String,
    /// The comment behind its comma, on the same line.
    behind: String,
}

/// A list taken apart, so that comments go with their items.
struct List {
    /// The comment on the line of the bracket that begins the list.
    begin: String,
    items: Vec<Item>,
    /// What stands before the first item of a list on one line, and before each other.
    gaps: [String; 2],
    /// What stands before a new item of a list on several lines.
    line: Option<String>,
    /// What stands before the bracket that ends the list.
    end: String,
}

impl List {
    fn taken(array: &mut Array) -> Self {
        let values = mem::take(array);
        let comma = values.trailing_comma();
        let mut end = text_of(values.trailing());
        array.set_trailing_comma(comma);
        *array.decor_mut() = values.decor().clone();
        let mut items: Vec<Item> = values.into_iter().map(Item::taken).collect();
        if let (false, Some(last)) = (comma, items.last_mut()) {
            end = text_of(&take_suffix(&mut last.value)) + &end;
        }
        // A comment on the bracket's line, and none behind the last item: comments stand before what they tell of.
        let opened = items.first().is_some_and(|first| first_line(&first.before).contains('#'));
        let mut begin = String::new();
        if !opened || first_line(&end).contains('#') {
            begin = cut_first_line(&mut end);
            for item in items.iter_mut().rev() {
                item.behind = mem::replace(&mut begin, cut_first_line(&mut item.before));
            }
        }
        let gap = |index: usize, usual: &str| {
            let before = items.get(index).map(|item| &item.before).filter(|before| is_blank(before));
            before.cloned().unwrap_or_else(|| usual.to_owned())
        };
        let indentation = items.iter().find_map(|item| item.before.rsplit_once('\n'));
        let line = indentation.map(|(_, last)| format!("\n{last}"));
        Self { begin, gaps: [gap(0, ""), gap(1, " ")], line, items, end }
    }

    fn add(&mut self, value: Toml) {
        let before = self.line.clone().unwrap_or_default();
        self.items.push(Item { value, before, behind: String::new() });
    }

    fn put(self, array: &mut Array) {
        let mut behind = self.begin;
        let line = self.line.as_deref().unwrap_or("\n");
        for (index, Item { mut value, before, behind: next }) in self.items.into_iter().enumerate() {
            let before = if is_blank(&before) { self.gaps[index.min(1)].clone() } else { before };
            value.decor_mut().set_prefix(joined(behind, &before, line));
            behind = next;
            array.push_formatted(value);
        }
        let end = joined(behind, &self.end, "\n");
        let comma = array.trailing_comma();
        match array.iter_mut().last() {
            Some(last) if !comma => {
                let own = text_of(&take_suffix(last));
                last.decor_mut().set_suffix(own + &end);
            }
            _ => array.set_trailing(end),
        }
    }
}

impl Item {
    fn taken(mut value: Toml) -> Self {
        let before = value.decor().prefix().map(text_of).unwrap_or_default();
        value.decor_mut().set_prefix("");
        Self { value, before, behind: String::new() }
    }
}

fn text_of(raw: &RawString) -> String {
    raw.as_str().unwrap_or_default().to_owned()
}

fn take_suffix(value: &mut Toml) -> RawString {
    let suffix = value.decor().suffix().cloned().unwrap_or_default();
    value.decor_mut().set_suffix("");
    suffix
}

/// Whether there is nothing but spaces on one line.
fn is_blank(text: &str) -> bool {
    !text.contains(['\n', '#'])
}

fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or_default()
}

/// Takes the comment on the first line out of a text, if there is one.
fn cut_first_line(text: &mut String) -> String {
    let line = first_line(text).len();
    if !text[..line].contains('#') {
        return String::new();
    }
    let rest = text.split_off(line);
    mem::replace(text, rest)
}

/// A comment and what follows it, on a line of its own where the comment would swallow it.
fn joined(comment: String, next: &str, line: &str) -> String {
    if comment.is_empty() || next.starts_with('\n') { comment + next } else { comment + line + next.trim_start() }
}
