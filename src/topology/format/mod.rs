//! The preset file: TOML with comments, read with every problem in its place, and saved without touching what did not
//! change. Bounded: neither a huge text, deep nesting nor binary rubbish takes time or stack.

mod canvas;
mod keys;
mod lesson;
mod merge;
mod pairs;
mod parts;
mod place;
mod reader;
mod revived;
pub mod share;
mod steps;
mod tree;
mod values;

use std::collections::BTreeSet;

use toml_edit::{Document as Toml, DocumentMut};

use super::preset::{FORMAT, Preset};
use super::validate::validate;
use super::{Place, Problem};
pub use keys::keys;
use reader::{Reader, Strictness};

/// The longest text that is shared, in bytes: ten thousand nodes with their links, modules and places take three quarters of
/// it.
pub const LONGEST_TEXT: usize = 4 << 20;

/// The longest file that is read, and that the window writes: what was saved can be opened again.
pub const LONGEST_FILE: usize = 4 * LONGEST_TEXT;

/// A preset that was read from a text, with that text, so that saving can keep its comments and order.
#[derive(Debug, Clone)]
pub struct Document {
    preset: Preset,
    source: Toml<String>,
    problems: Vec<Problem>,
    dropped: BTreeSet<String>,
    format: u32,
}

impl Document {
    /// The preset.
    pub fn preset(&self) -> &Preset {
        &self.preset
    }

    /// The preset, without its text.
    pub fn into_preset(self) -> Preset {
        self.preset
    }

    /// The text that it was read from.
    pub fn source(&self) -> &str {
        self.source.raw()
    }

    /// The format that the file says it has; above [`FORMAT`] only from [`read_lenient`], and then the file should be
    /// treated as somebody else's: ask before writing over it.
    pub fn format(&self) -> u32 {
        self.format
    }

    /// What reading found: entries that were left out (a second node of one id, a dangling link) as errors, and, after
    /// [`read_lenient`], what is not known as warnings.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Everything that is wrong with the file, in the order of its lines: what reading found and what is wrong in
    /// meaning, each with its place.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = self.problems.clone();
        let lines = place::Lines::of(self.source.raw());
        let dropped = place::Dropped::of(&self.dropped);
        for problem in validate(&self.preset) {
            let written = || place::offset(&self.source, &dropped, &problem.path).map(|at| lines.place(at));
            problems.push(Problem { place: problem.place.or_else(written), ..problem });
        }
        problems.sort_by_key(|problem| problem.place);
        problems
    }

    /// Where in the text a path of the preset as it was read, such as `node[2].modules[0]`, is written; the nearest
    /// table around it if it is not.
    pub fn place(&self, path: &str) -> Option<Place> {
        place::offset(&self.source, &place::Dropped::of(&self.dropped), path).map(|at| Place::at(self.source.raw(), at))
    }

    /// The text with the preset's changes in it: comments, order and all that did not change stay as they are. The
    /// text itself, byte by byte, if nothing changed.
    pub fn text(&self, preset: &Preset) -> String {
        if *preset == self.preset {
            return self.source.raw().to_owned();
        }
        let mut text = self.source.clone().into_mut();
        let table = text.as_table_mut();
        let revived = revived::find(table, &self.dropped, &self.preset.topology, &preset.topology);
        let left_out = merge::LeftOut { all: &self.dropped, revived: &revived };
        merge::merge(table, &left_out, &tree::of(&self.preset), &tree::of(preset));
        let text = text.to_string();
        if self.source.raw().contains("\r\n") { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
    }
}

/// Reads a preset. What is only wrong in meaning, a half-drawn topology, is no error here: see [`Document::check`].
///
/// # Errors
/// Every problem of the text, each with its line and column.
pub fn read(text: &str) -> Result<Document, Vec<Problem>> {
    read_as(text, Strictness::Strict)
}

/// Reads what can be understood: the rest is told of in [`Document::problems`], and stays in the file when it is saved. A
/// file of a newer format opens with whatever this version knows.
///
/// # Errors
/// When the text is no TOML, or does not say which format it has.
pub fn read_lenient(text: &str) -> Result<Document, Vec<Problem>> {
    read_as(text, Strictness::Lenient)
}

/// A fresh file of a preset.
pub fn write(preset: &Preset) -> String {
    let mut text = DocumentMut::new();
    let none = BTreeSet::new();
    let left_out = merge::LeftOut { all: &none, revived: &none };
    merge::merge(text.as_table_mut(), &left_out, &tree::Keys::new(), &tree::of(preset));
    text.to_string()
}

/// The text of a file, if it can be one.
///
/// # Errors
/// When it is too long or not UTF-8.
pub fn text_of(bytes: &[u8]) -> Result<&str, Vec<Problem>> {
    if bytes.len() > LONGEST_FILE {
        return Err(vec![too_long(bytes.len())]);
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let place = Some(Place::at(&valid, valid.len()));
        let problem = Problem::error("", "this is not a text in UTF-8").advise("a preset is a TOML file");
        vec![Problem { place, ..problem }]
    })
}

/// What is wrong with a file of so many bytes, which are too many.
pub(crate) fn too_long(bytes: usize) -> Problem {
    let most = LONGEST_FILE >> 20;
    let message =
        format!("the file has {} MiB; a preset has at most {most} MiB", bytes.div_ceil(1 << 20).max(most + 1));
    Problem::error("", message).advise("is this the right file?")
}

fn read_as(text: &str, strictness: Strictness) -> Result<Document, Vec<Problem>> {
    if text.len() > LONGEST_FILE {
        return Err(vec![too_long(text.len())]);
    }
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(vec![Problem::error("", "the file is empty").advise("a preset begins with format = 1")]);
    }
    let source = Toml::parse(text.to_owned()).map_err(|error| vec![no_toml(text, &error)])?;
    let format = format_of(&source, text, strictness).map_err(|problem| vec![problem])?;
    let strictness = if format > FORMAT { Strictness::Newer } else { strictness };
    let mut reader = Reader::new(text, strictness);
    if format > FORMAT {
        let advice = "what it does not know is kept as it is";
        let message = format!("the file has format {format}, made by a newer Brownout; this one knows {FORMAT}");
        reader.unknown("format", source.get("format").and_then(toml_edit::Item::span), message, advice);
    }
    let preset = reader.preset(source.as_table());
    let (problems, dropped, refused) = reader.finish();
    if refused {
        return Err(problems);
    }
    Ok(Document { preset, source, problems, dropped, format })
}

fn no_toml(text: &str, error: &toml_edit::TomlError) -> Problem {
    let message = error.message().trim().replace('\n', "; ");
    let place = error.span().map(|span| Place::at(text, span.start));
    let problem = Problem::error("", format!("this is not TOML: {message}"));
    Problem { place: place.or(Some(Place { line: 1, column: 1 })), ..problem }
}

/// The format that the file says it has.
fn format_of(source: &Toml<String>, text: &str, strictness: Strictness) -> Result<u32, Problem> {
    let Some(item) = source.get("format") else {
        let problem = Problem::error("format", "the file does not say which format it has");
        let problem = problem.advise(format!("begin it with format = {FORMAT}"));
        return Err(Problem { place: Some(Place { line: 1, column: 1 }), ..problem });
    };
    let place = item.span().map(|span| Place::at(text, span.start));
    let wrong =
        |message: String, advice: String| Err(Problem { place, ..Problem::error("format", message).advise(advice) });
    match item.as_integer().and_then(|number| u32::try_from(number).ok()) {
        Some(format) if format > FORMAT && strictness == Strictness::Strict => wrong(
            format!("the file has format {format}; this version of Brownout reads format {FORMAT}"),
            "get a newer Brownout, or open it in the window, which shows what it knows".to_owned(),
        ),
        Some(0) | None => wrong(
            format!("format: {} is no format", reader::value_of(item).found()),
            format!("write format = {FORMAT}"),
        ),
        Some(format) => Ok(format),
    }
}
