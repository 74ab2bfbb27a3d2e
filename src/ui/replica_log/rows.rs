//! Which lines are shown, in which order, and which of them have what is sought. Made anew only when something changed.

use std::ops::Range;
use std::sync::Arc;

use crate::control::snapshot::{Output, OutputLevel};
use crate::topology::Slot;

/// What is to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// Only the lives of this slot.
    pub(super) slot: Option<Slot>,
    /// Only lines at least as grave; lines that do not say how grave they are count as ordinary.
    pub(super) least: Option<OutputLevel>,
    /// What is sought. Lines without it are shown too.
    pub(super) words: String,
}

/// A line on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// When, in microseconds of run time.
    pub(super) at_us: u64,
    /// Whose: an index.
    pub(super) output: usize,
    /// What it is.
    pub(super) what: What,
    /// How grave it is.
    pub(super) level: Option<OutputLevel>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// Lines that are not kept.
    LeftOut,
    /// A line: an index.
    Line(usize),
    /// The end of a life.
    End,
}

impl Row {
    /// Whose it is, in words.
    pub(super) fn life(&self, outputs: &[Output]) -> String {
        outputs.get(self.output).map(|output| output.life.to_string()).unwrap_or_default()
    }
}

/// The rows, and what they were made of.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// All rows, by time.
    pub(super) all: Vec<Row>,
    /// Those that have what is sought: indices.
    pub(super) found: Vec<usize>,
    of: Option<(Arc<[Output]>, Filter)>,
}

impl Rows {
    /// Makes the rows of these lines, unless they are made already.
    pub(super) fn refresh(&mut self, outputs: &Arc<[Output]>, filter: &Filter) {
        if self.of.as_ref().is_some_and(|(of, by)| Arc::ptr_eq(of, outputs) && by == filter) {
            return;
        }
        self.all = rows(outputs, filter);
        let has = |row: &Row| match row.what {
            What::Line(line) => !finds(&outputs[row.output].lines[line].text, &filter.words).is_empty(),
            What::LeftOut | What::End => false,
        };
        self.found = self.all.iter().enumerate().filter(|(_, row)| has(row)).map(|(index, _)| index).collect();
        self.of = Some((Arc::clone(outputs), filter.clone()));
    }
}

fn rows(outputs: &[Output], filter: &Filter) -> Vec<Row> {
    let mut rows = Vec::new();
    let wanted = |output: &Output| filter.slot.as_ref().is_none_or(|slot| output.life.slot == *slot);
    for (index, output) in outputs.iter().enumerate().filter(|(_, output)| wanted(output)) {
        let row = |at_us, what, level| Row { at_us, output: index, what, level };
        if let (Some(first), 1..) = (output.lines.first(), output.left_out) {
            rows.push(row(first.at_us, What::LeftOut, None));
        }
        for (number, line) in output.lines.iter().enumerate() {
            if filter.least.is_none_or(|least| line.level.unwrap_or(OutputLevel::Info) >= least) {
                rows.push(row(line.at_us, What::Line(number), line.level));
            }
        }
        if let Some((end_us, _)) = output.end {
            // What it wrote just before was read just after.
            let last_us = output.lines.last().map_or(0, |line| line.at_us);
            rows.push(row(end_us.max(last_us), What::End, None));
        }
    }
    rows.sort_by_key(|row| (row.at_us, row.output, row.what));
    rows
}

/// Where the words are in a text, whatever their case.
pub(super) fn finds(text: &str, words: &str) -> Vec<Range<usize>> {
    if words.is_empty() {
        return Vec::new();
    }
    // ASCII only, so that places in the one are places in the other.
    let (text, words) = (text.to_ascii_lowercase(), words.to_ascii_lowercase());
    text.match_indices(&words).map(|(at, found)| at..at + found.len()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::snapshot::{Death, OutputLine};

    fn output(life: &str, lines: &[(u64, &str)], end: Option<u64>) -> Output {
        let lines = lines.iter().map(|&(at_us, raw)| OutputLine::read(at_us, raw)).collect();
        Output { life: life.parse().unwrap(), lines, left_out: 0, end: end.map(|at| (at, Death::Killed)) }
    }

    fn two() -> Arc<[Output]> {
        let first = output("shop.1#1", &[(1, "<6>started"), (5, "<4>slow"), (9, "panicked")], Some(8));
        let second = output("shop.2#1", &[(2, "<6>started"), (6, "<3>No port")], None);
        [first, second].into()
    }

    #[test]
    fn lines_of_all_lives_are_in_the_order_of_time_and_a_death_comes_after_the_last_words() {
        let mut rows = Rows::default();
        rows.refresh(&two(), &Filter::default());
        let order: Vec<(u64, usize)> = rows.all.iter().map(|row| (row.at_us, row.output)).collect();
        assert_eq!(order, [(1, 0), (2, 1), (5, 0), (6, 1), (9, 0), (9, 0)]);
        assert_eq!(rows.all[5].what, What::End);
    }

    #[test]
    fn a_filter_keeps_one_slot_or_what_is_grave_and_a_search_finds_whatever_its_case() {
        let (outputs, mut rows) = (two(), Rows::default());
        rows.refresh(&outputs, &Filter { slot: Some("shop.2".parse().unwrap()), ..Filter::default() });
        assert_eq!(rows.all.len(), 2);
        rows.refresh(&outputs, &Filter { least: Some(OutputLevel::Warning), ..Filter::default() });
        assert_eq!(rows.all.len(), 3, "a warning, an error, and the death");
        rows.refresh(&outputs, &Filter { words: "no PORT".to_owned(), ..Filter::default() });
        assert_eq!((rows.all.len(), rows.found.as_slice()), (6, [3].as_slice()));
        assert_eq!(finds("äNo port, no port", "no port"), [2..9, 11..18]);
    }
}
