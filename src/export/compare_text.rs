//! A comparison for a terminal, and as JSON.

use std::fmt::{self, Write};

use crate::telemetry::compare::{Better, Comparison, Figure};

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
    writeln!(out, "{a} and {b}, measured  (seed {})", comparison.seed)?;
    let names = comparison.figures().map(|figure| titled(figure).chars().count()).max().unwrap_or(0);
    let (wide_a, wide_b) = (a.chars().count().max(10), b.chars().count().max(10));
    writeln!(out, "{:names$}    {a:>wide_a$}  {b:>wide_b$}  better", "")?;
    for row in &comparison.rows {
        writeln!(out, "\n{}", row.name)?;
        for figure in &row.figures {
            let mark = if figure.proxy { "~" } else { " " };
            let better = match figure.better {
                Better::A => a,
                Better::B => b,
                Better::Same => "the same",
            };
            writeln!(
                out,
                "{mark} {:names$}  {:>wide_a$}  {:>wide_b$}  {better}",
                titled(figure),
                number(figure.a),
                number(figure.b)
            )?;
        }
    }
    writeln!(out, "\n~ stands for what the row is about, and measures nobody.")?;
    write_how(out, comparison)
}

fn write_how(out: &mut String, comparison: &Comparison) -> fmt::Result {
    writeln!(out, "\nHow it was measured")?;
    for sentence in &comparison.how {
        wrapped(out, "  ", sentence)?;
    }
    for figure in comparison.figures() {
        wrapped(out, "  ", &format!("{}: {}.", figure.name, figure.measured_as))?;
    }
    let left_out = comparison.left_out.iter().map(|it| format!("{}: {}", it.name, it.why)).collect();
    if !comparison.stacks.is_empty() {
        writeln!(out, "\nLanguages and stores")?;
    }
    for stack in &comparison.stacks {
        wrapped(out, "  ", &format!("{}.", stack.sentence()))?;
    }
    for (title, lines) in [("To be held against it", comparison.doubts.clone()), ("Left out", left_out)] {
        if !lines.is_empty() {
            writeln!(out, "\n{title}")?;
        }
        for line in &lines {
            wrapped(out, "  ", line)?;
        }
    }
    Ok(())
}

/// The name with its unit where the name does not say it.
fn titled(figure: &Figure) -> String {
    if figure.name.contains(&figure.unit) || figure.unit.starts_with("share") {
        figure.name.clone()
    } else {
        format!("{}, {}", figure.name, figure.unit)
    }
}

/// A number as people read it: as many digits as mean something.
pub(super) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
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
    fn numbers_have_the_digits_that_mean_something() {
        let numbers = [3.0, 0.857_142, 25.4321, 1234.567, 0.0];
        assert_eq!(numbers.map(number), ["3", "0.86", "25.4", "1235", "0"]);
    }

    #[test]
    fn long_texts_are_broken_between_words() {
        let mut text = String::new();
        wrapped(&mut text, "  ", &"word ".repeat(60)).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH) && text.lines().count() > 2, "{text}");
    }
}
