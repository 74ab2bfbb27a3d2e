//! Writes what changed between two trees into a TOML document, and touches nothing else of it.

use std::collections::BTreeSet;
use std::mem;

use toml_edit::{ArrayOfTables, Item, Table, TableLike};

use super::pairs::{find, pairs};
use super::reader::join;
use super::tree::{Branch, Keys};
use super::values::toml;

/// Entries of lists, by path, that are in the document but not in what was read from it.
pub(super) struct LeftOut<'a> {
    /// All of them. They stay, so that opening and saving a file takes nothing from it.
    pub(super) all: &'a BTreeSet<String>,
    /// Those that the change would bring to life, which go.
    pub(super) revived: &'a BTreeSet<String>,
}

/// Brings a document that was read as `old` to `new`.
pub(super) fn merge(root: &mut Table, left_out: &LeftOut<'_>, old: &Keys, new: &Keys) {
    left_out.keys(root, "", old, new);
}

impl LeftOut<'_> {
    /// Whether the list of tables at a path has entries that must go.
    fn revives_in(&self, path: &str) -> bool {
        self.revived.iter().any(|entry| entry.strip_prefix(path).is_some_and(|index| index.starts_with('[')))
    }

    fn keys(&self, table: &mut dyn TableLike, path: &str, old: &Keys, new: &Keys) {
        for (key, _) in old.iter().filter(|(key, _)| find(new, key).is_none()) {
            table.remove(key);
        }
        for (key, branch) in new {
            let before = find(old, key);
            let alike = before == Some(branch) && (table.contains_key(key) || implied(branch));
            if alike && !self.revives_in(&join(path, key)) {
                continue;
            }
            match branch {
                Branch::Leaf { value, implied } => {
                    let before = if let Some(Branch::Leaf { value, .. }) = before { Some(value) } else { None };
                    if let Some(Item::Value(known)) = table.get_mut(key) {
                        self.value(known, &join(path, key), before, value);
                    } else if table.contains_key(key) || !implied {
                        table.remove(key);
                        table.insert(key, Item::Value(toml(value)));
                    }
                }
                Branch::Table(keys) => {
                    let empty = Keys::new();
                    let before = if let Some(Branch::Table(keys)) = before { keys } else { &empty };
                    self.table(table, key, &join(path, key), before, keys);
                }
                Branch::Tables { entries, identity } => {
                    let before =
                        if let Some(Branch::Tables { entries, .. }) = before { entries.as_slice() } else { &[] };
                    let item = take(table, key);
                    let merged = self.tables(item, &join(path, key), before, entries, identity);
                    if !merged.is_empty() {
                        put(table, key, Item::ArrayOfTables(merged));
                    }
                }
            }
        }
    }

    fn table(&self, parent: &mut dyn TableLike, key: &str, path: &str, old: &Keys, new: &Keys) {
        if parent.get(key).and_then(Item::as_table_like).is_none() {
            if new.iter().all(|(_, branch)| implied(branch)) {
                return;
            }
            put(parent, key, Item::Table(fresh_table("\n")));
        }
        // A table on one line cannot hold lists of tables.
        if new.iter().any(|(_, branch)| matches!(branch, Branch::Tables { .. }))
            && parent.get(key).is_some_and(Item::is_inline_table)
            && let Ok(table) = take(parent, key).into_table()
        {
            put(parent, key, Item::Table(table));
        }
        if let Some(table) = parent.get_mut(key).and_then(Item::as_table_like_mut) {
            self.keys(table, path, old, new);
        }
    }

    /// The list of tables with its changes: entries that were there keep their text, dropped ones their place.
    fn tables(&self, item: Item, path: &str, old: &[Keys], new: &[Keys], identity: &[&str]) -> ArrayOfTables {
        let mut sources: Vec<Option<Table>> =
            item.into_array_of_tables().unwrap_or_default().into_iter().map(Some).collect();
        let entry = |index: usize| format!("{path}[{index}]");
        let (dropped, kept): (Vec<usize>, Vec<usize>) =
            (0..sources.len()).partition(|&index| self.all.contains(&entry(index)));
        let mut dropped = dropped.into_iter().filter(|&index| !self.revived.contains(&entry(index))).peekable();
        let mut order: Vec<Option<usize>> = Vec::new();
        let mut merged = Vec::new();
        for (entry, before) in new.iter().zip(pairs(old, new, identity)) {
            let index = before.and_then(|before| kept.get(before).copied());
            while let Some(left) = dropped.next_if(|&left| index.is_some_and(|index| left < index)) {
                order.push(Some(left));
                merged.extend(sources[left].take());
            }
            let source = index.and_then(|index| sources[index].take());
            let known = before.filter(|_| source.is_some()).and_then(|before| old.get(before));
            let mut table = source.unwrap_or_else(|| fresh_table(if path.contains('[') { "" } else { "\n" }));
            let path = index.map_or_else(|| path.to_owned(), |index| format!("{path}[{index}]"));
            self.keys(&mut table, &path, known.unwrap_or(&Keys::new()), entry);
            order.push(index);
            merged.push(table);
        }
        for left in dropped {
            order.push(Some(left));
            merged.extend(sources[left].take());
        }
        // The document prints tables by the positions that they were read at: where the order changed, those must go.
        if !order.iter().flatten().is_sorted() {
            merged.iter_mut().for_each(forget_position);
        }
        merged.into_iter().collect()
    }
}

/// Whether an absent key means the same.
fn implied(branch: &Branch) -> bool {
    match branch {
        Branch::Leaf { implied, .. } => *implied,
        Branch::Table(keys) => keys.iter().all(|(_, branch)| implied(branch)),
        Branch::Tables { entries, .. } => entries.is_empty(),
    }
}

fn fresh_table(before: &str) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix(before);
    table
}

fn take(table: &mut dyn TableLike, key: &str) -> Item {
    table.get_mut(key).map(mem::take).unwrap_or_default()
}

/// Puts an item under a key and keeps the key's own place and comments, if it is there.
fn put(table: &mut dyn TableLike, key: &str, item: Item) {
    match table.get_mut(key) {
        Some(known) => *known = item,
        None => {
            table.insert(key, item);
        }
    }
}

fn forget_position(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(table) => forget_position(table),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(forget_position),
            Item::Value(_) | Item::None => {}
        }
    }
}
