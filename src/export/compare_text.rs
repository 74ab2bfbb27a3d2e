//! A comparison for a terminal, and as JSON.

use std::fmt::{self, Write};

use crate::telemetry::compare::{Comparison, PROXIES, number};

/// The widest that a line about how a figure was measured gets.
const WIDTH: usize = 100;

/// The comparison as indented JSON with a final line feed.
pub fn json(comparison: &Comparison) -> String {
    // Cannot fail: there are no maps with keys that are no texts, and JSON has no way to fail in memory.
    let mut text = serde_json::to_string_pretty(comparison).unwrap_or_default();
    text.push('\n');
    text
}

/// The comparison as plain text, without a final line feed.
pub fn write(comparison: &Comparison) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = write_all(&mut text, comparison);
    text.truncate(text.trim_end().len());
    text
}

fn write_all(out: &mut String, comparison: &Comparison) -> fmt::Result {
    let (a, b) = (&comparison.a, &comparison.b);
    writeln!(out, "{}  (seed {})", comparison.title(), comparison.seed)?;
    let names = comparison.figures().map(|figure| figure.titled().chars().count()).max().unwrap_or(0);
    let (wide_a, wide_b) = (a.chars().count().max(10), b.chars().count().max(10));
    writeln!(out, "{:names$}    {a:>wide_a$}  {b:>wide_b$}  better", "")?;
    for row in &comparison.rows {
        writeln!(out, "\n{}", row.name)?;
        for figure in &row.figures {
            let mark = if figure.proxy { "~" } else { " " };
            writeln!(
                out,
                "{mark} {:names$}  {:>wide_a$}  {:>wide_b$}  {}",
                figure.titled(),
                number(figure.a),
                number(figure.b),
                comparison.better(figure),
            )?;
        }
    }
    writeln!(out, "\n~ {PROXIES}.")?;
    let [stacks, mut how, doubts, left_out] = comparison.lists();
    how.1.extend(comparison.figures().map(|figure| format!("{}: {}.", figure.name, figure.measured_as)));
    for (title, lines) in [how, stacks, doubts, left_out] {
        if !lines.is_empty() {
            writeln!(out, "\n{title}")?;
        }
        for line in &lines {
            wrapped(out, "  ", line)?;
        }
    }
    Ok(())
}

/// Writes a text in lines, all but the first indented further.
fn wrapped(out: &mut String, indent: &str, text: &str) -> fmt::Result {
    let mut line = indent.to_owned();
    for word in text.split_whitespace() {
        if line.chars().count() + word.chars().count() + 1 > WIDTH && !line.trim().is_empty() {
            writeln!(out, "{}", line.trim_end())?;
            line = format!("{indent}  ");
        }
        line.push_str(word);
        line.push(' ');
    }
    writeln!(out, "{}", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_broken_between_words() {
        let mut text = String::new();
        wrapped(&mut text, "  ", &"word ".repeat(60)).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH) && text.lines().count() > 2, "{text}");
    }
}
