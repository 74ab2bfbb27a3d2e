//! Where in the text a path of the preset is written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml_edit::{Document as Toml, Item, TableLike};

use super::reader::{join, key_span};
use crate::topology::Place;

/// Where the lines of a text begin, so that thousands of places take no look at the whole text each.
pub(super) struct Lines<'a> {
    text: &'a str,
    begins: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, begins: std::iter::once(0).chain(after).collect() }
    }

    /// The place of a byte offset.
    pub(super) fn place(&self, offset: usize) -> Place {
        let line = self.begins.partition_point(|begin| *begin <= offset).max(1);
        let begin = self.begins.get(line - 1).copied().unwrap_or_default();
        let within = Place::at(self.text.get(begin..).unwrap_or_default(), offset - begin);
        Place { line: line as u32, ..within }
    }
}

/// The byte at which a path such as `node[2].modules[0]`, or the nearest table around it, begins. Indices count what was
/// understood, so those of dropped entries are skipped.
pub(super) fn offset(source: &Toml<String>, dropped: &Dropped<'_>, path: &str) -> Option<usize> {
    let mut table: Option<&dyn TableLike> = Some(source.as_table());
    let mut span = None;
    let mut walked = String::new();
    for segment in path.split('.').filter(|segment| !segment.is_empty()) {
        let (key, index) = match segment.split_once('[') {
            Some((key, index)) => (key, index.trim_end_matches(']').parse::<usize>().ok()),
            None => (segment, None),
        };
        let Some((owner, item)) = table.and_then(|table| Some((table, table.get(key)?))) else { break };
        walked = join(&walked, key);
        // A value is pointed at itself, a table by its key.
        span = if item.is_value() { item.span() } else { key_span(owner, key) }.or_else(|| item.span()).or(span);
        table = item.as_table_like();
        if let Some(index) = index {
            let index = dropped.index_in_text(&walked, index);
            walked = format!("{walked}[{index}]");
            let inner = entry(item, index);
            span = inner.1.or(span);
            table = inner.0;
        }
    }
    span.map(|span| span.start)
}

/// An entry of a list: as a table, if it is one, and its span.
pub(super) fn entry(item: &Item, index: usize) -> (Option<&dyn TableLike>, Option<Range<usize>>) {
    if let Some(table) = item.as_array_of_tables().and_then(|tables| tables.get(index)) {
        return (Some(table), table.span());
    }
    let value = item.as_array().and_then(|array| array.get(index));
    let table = value.and_then(toml_edit::Value::as_inline_table).map(|table| table as &dyn TableLike);
    (table, value.and_then(toml_edit::Value::span))
}

/// What was left out of each list, so that thousands of indices are not each counted from the beginning: by list,
/// for each entry that was left out, how many before it were not.
pub(super) struct Dropped<'a>(BTreeMap<&'a str, Vec<usize>>);

impl<'a> Dropped<'a> {
    /// Of paths such as `node[2]` and `module[0].operation[1].steps[3]`.
    pub(super) fn of(paths: &'a BTreeSet<String>) -> Self {
        let mut lists: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for path in paths {
            let Some((list, index)) = path.strip_suffix(']').and_then(|path| path.rsplit_once('[')) else { continue };
            if let Ok(index) = index.parse() {
                lists.entry(list).or_default().push(index);
            }
        }
        for list in lists.values_mut() {
            list.sort_unstable();
            list.iter_mut().enumerate().for_each(|(before, index)| *index -= before);
        }
        Self(lists)
    }

    /// The index in the text of the entry that has this index in the preset.
    fn index_in_text(&self, list: &str, index: usize) -> usize {
        let left_out = self.0.get(list).map_or(0, |list| list.partition_point(|&kept| kept <= index));
        index + left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_by_lines_are_those_by_looking_at_the_whole_text() {
        let text = "eins\n\nzwö = \"ü\"\r\nlast";
        let lines = Lines::of(text);
        for offset in (0..=text.len()).filter(|offset| text.is_char_boundary(*offset)) {
            assert_eq!(lines.place(offset), Place::at(text, offset), "{offset}");
        }
    }

    #[test]
    fn indices_skip_what_was_left_out_of_their_list() {
        let left_out = ["node[0]", "node[2]", "node[3]", "node[11]", "module[1].operation[4]", "link"];
        let paths: BTreeSet<String> = left_out.map(str::to_owned).into();
        let dropped = Dropped::of(&paths);
        let kept: Vec<usize> = (0..40).filter(|index| !paths.contains(&format!("node[{index}]"))).collect();
        for (index, &in_text) in kept.iter().enumerate() {
            assert_eq!(dropped.index_in_text("node", index), in_text);
        }
        assert_eq!((dropped.index_in_text("module[1].operation", 4), dropped.index_in_text("link", 4)), (5, 4));
    }
}
