//! What an operator reads of this process: a line of standard error for each thing that changes, never one for each
//! request, and never a token, a cookie or what users sent.
//!
//! The app holds the other end of the pipe. Whether and when it reads must not matter to the data plane: so a line is
//! written at once and without waiting, or not at all. A line is shorter than what a pipe takes whole (4 KiB), so none
//! is ever torn; one that does not fit is left out, counted, and owned up to before the next one that does. This costs
//! one system call for a line, and no thread and no memory, which a queue to a writer thread would.

use std::cell::Cell;
use std::fmt::Write as _;
use std::io::Write as _;

/// The longest line, in bytes.
const LONGEST: usize = 900;

/// How grave a line is, by the numbers of sd-daemon(3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Something does not work.
    Error = 3,
    /// Something is not as it should be.
    Warning = 4,
    /// The ordinary course.
    Info = 6,
}

/// The log of this process.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// Whether anybody reads.
    is_on: bool,
    left_out: Cell<u64>,
}

impl Log {
    /// A log on standard error, which writes without waiting from now on. Says nothing where that cannot be had, or where
    /// standard error is a terminal, which others use too.
    pub(super) fn on_standard_error() -> Self {
        Self { is_on: never_wait(), left_out: Cell::new(0) }
    }

    /// Writes a line.
    pub(super) fn write(&self, level: Level, text: &str) {
        if !self.is_on {
            return;
        }
        let mut line = String::with_capacity(text.len() + 8);
        let left_out = self.left_out.get();
        if left_out > 0 {
            let _ = writeln!(line, "<4>{left_out} lines are missing here: they were not read in time");
        }
        let _ = writeln!(line, "<{}>{}", level as u8, cut(text));
        // Standard error has no buffer of its own: this is one call of the system.
        match std::io::stderr().write(line.as_bytes()) {
            Ok(written) if written == line.len() => self.left_out.set(0),
            _ => self.left_out.set(left_out + 1),
        }
    }
}

/// Counts what can happen with every request, so that it is told once a second at most.
#[derive(Debug, Default)]
pub(super) struct Seldom {
    count: Cell<u64>,
    next_us: Cell<u64>,
}

impl Seldom {
    /// It happened once more. How often it did since it was told last, when it is time to tell.
    pub(super) fn count(&self, now_us: u64) -> Option<u64> {
        let count = self.count.get() + 1;
        if now_us < self.next_us.get() {
            self.count.set(count);
            return None;
        }
        self.count.set(0);
        self.next_us.set(now_us + 1_000_000);
        Some(count)
    }
}

/// One line, and not too long.
fn cut(text: &str) -> String {
    let mut line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.truncate(line.floor_char_boundary(LONGEST));
    line
}

/// Makes writing to standard error fail instead of waiting. Whether it could be done.
#[cfg(unix)]
fn never_wait() -> bool {
    use std::io::IsTerminal;
    let stderr = std::io::stderr();
    !stderr.is_terminal() && rustix::io::ioctl_fionbio(&stderr, true).is_ok()
}

#[cfg(not(unix))]
fn never_wait() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_all_the_time_is_told_once_a_second_with_its_count() {
        let seldom = Seldom::default();
        let told: Vec<_> = (0..2_500).filter_map(|ms| seldom.count(ms * 1_000)).collect();
        assert_eq!(told, [1, 1_000, 1_000]);
    }

    #[test]
    fn a_line_is_one_line_and_fits_whole_into_a_pipe() {
        assert_eq!(cut("a\nb\u{1b}[0m"), "a b [0m");
        let long = cut(&"ä".repeat(LONGEST));
        assert!(long.len() <= LONGEST && long.chars().all(|c| c == 'ä'));
    }
}
