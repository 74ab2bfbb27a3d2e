//! The event log: what happened, in order, in words for people. Bounded: the oldest lines go first and are counted.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use super::snapshot::{LogEntry, LogLevel};

/// How many lines are kept.
const MAX_LINES: usize = 10_000;

/// No more lines than these are looked through for what was said already.
const RECENT: usize = 100;

/// The lines so far.
#[derive(Debug, Default)]
pub(super) struct Log {
    lines: VecDeque<LogEntry>,
    dropped: u64,
    shared: OnceLock<Arc<[LogEntry]>>,
}

/// A line that can be rewritten as long as it is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineNumber(u64);

impl Log {
    pub(super) fn info(&mut self, at_us: u64, text: impl Into<String>) {
        self.push(at_us, LogLevel::Info, text.into());
    }

    /// The same, of something that goes on and may be rewritten.
    pub(super) fn info_line(&mut self, at_us: u64, text: impl Into<String>) -> LineNumber {
        self.push(at_us, LogLevel::Info, text.into())
    }

    pub(super) fn fault(&mut self, at_us: u64, text: impl Into<String>) -> LineNumber {
        self.push(at_us, LogLevel::Fault, text.into())
    }

    pub(super) fn harm(&mut self, at_us: u64, text: impl Into<String>) -> LineNumber {
        self.push(at_us, LogLevel::Harm, text.into())
    }

    /// Rewrites a line: for counts that grow while something goes on.
    pub(super) fn rewrite(&mut self, line: LineNumber, text: String) {
        let index = line.0.checked_sub(self.dropped).and_then(|index| usize::try_from(index).ok());
        if let Some(entry) = index.and_then(|index| self.lines.get_mut(index)) {
            entry.text = text;
            self.shared.take();
        }
    }

    /// Whether this was said in so long a time before now.
    pub(super) fn said_since(&self, now_us: u64, span_us: u64, text: &str) -> bool {
        let newest = self.lines.iter().rev().take_while(|line| now_us.saturating_sub(line.at_us) < span_us);
        newest.take(RECENT).any(|line| line.text == text)
    }

    /// All lines, after a first one that says how many are gone, if any are.
    pub(super) fn lines(&self) -> Arc<[LogEntry]> {
        let lines = self.shared.get_or_init(|| {
            let gone = (self.dropped > 0).then(|| LogEntry {
                at_us: self.lines.front().map_or(0, |line| line.at_us),
                level: LogLevel::Info,
                text: format!("{} earlier lines are not kept", self.dropped),
            });
            gone.into_iter().chain(self.lines.iter().cloned()).collect()
        });
        Arc::clone(lines)
    }

    fn push(&mut self, at_us: u64, level: LogLevel, text: String) -> LineNumber {
        if self.lines.len() == MAX_LINES {
            self.lines.pop_front();
            self.dropped += 1;
        }
        self.lines.push_back(LogEntry { at_us, level, text });
        self.shared.take();
        LineNumber(self.dropped + self.lines.len() as u64 - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_lines_go_first_and_are_counted() {
        let mut log = Log::default();
        let first = log.harm(0, "first");
        (1..=MAX_LINES as u64).for_each(|n| log.info(n, n.to_string()));
        log.rewrite(first, "never seen".to_owned());
        let lines = log.lines();
        assert_eq!(lines.len(), MAX_LINES + 1);
        assert_eq!(lines[0].text, "1 earlier lines are not kept");
        assert_eq!(lines[1].text, "1");
    }
}
