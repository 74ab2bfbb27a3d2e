//! Finding and reading the preset that an argument names, with every mistake said with its place.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::OnceLock;

use crate::runtime;
use crate::topology::format::{self, Document, share};
use crate::topology::validate::validate;
use crate::topology::{Preset, Problem, Severity, builtin, settings};

use super::exit;

/// The most that is read of a file: a preset is text of a few hundred lines.
const MAX_BYTES: usize = format::LONGEST_FILE;

/// Why an input was refused: what to print before each problem, and the problems.
#[derive(Debug)]
pub(super) struct Refusal {
    source: String,
    problems: Vec<Problem>,
}

impl Refusal {
    fn whole(source: &str, message: impl Into<String>) -> Self {
        Self { source: source.to_owned(), problems: vec![Problem::error("", message)] }
    }

    /// Prints every problem to standard error and gives the exit code.
    pub(super) fn complain(&self) -> u8 {
        complain_about(&self.source, &self.problems);
        exit::BAD_INPUT
    }
}

/// Prints problems to standard error, each with file, line and column.
fn complain_about(source: &str, problems: &[Problem]) {
    let mut stderr = std::io::stderr().lock();
    for problem in problems {
        let _ = match problem.place {
            Some(_) => writeln!(stderr, "{source}:{problem}"),
            None => writeln!(stderr, "{source}: {problem}"),
        };
    }
}

/// Reads the preset that an argument names: `-` is standard input, then a file, then a built-in name. A shared text is read
/// as the preset that it stands for.
pub(super) fn read(argument: &str) -> Result<Document, Refusal> {
    let (source, text, _) = text(argument)?;
    let document = format::read(&text).map_err(|problems| Refusal { source: source.clone(), problems })?;
    let problems = document.check();
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(Refusal { source, problems });
    }
    complain_about(&source, &problems);
    Ok(document)
}

/// Reads what can be understood of a preset, for the window, which says what it could not; and says whether it was a
/// shared text.
#[cfg(feature = "gui")]
pub(super) fn read_lenient(argument: &str) -> Result<(Document, bool), Refusal> {
    let (source, text, shared) = text(argument)?;
    let document = format::read_lenient(&text).map_err(|problems| Refusal { source, problems })?;
    Ok((document, shared))
}

/// What messages call the input, the text of the preset, and whether it was shared.
fn text(argument: &str) -> Result<(String, String, bool), Refusal> {
    let (source, bytes) = if argument == "-" {
        ("standard input", read_standard_input()?)
    } else if Path::new(argument).exists() || argument.contains(['/', '\\']) || argument.ends_with(".toml") {
        let bytes = runtime::read_bounded(Path::new(argument), MAX_BYTES)
            .map_err(|error| Refusal::whole(argument, format!("cannot be read: {error}")))?;
        (argument, bytes)
    } else {
        let preset = builtin::by_name(argument).ok_or_else(|| {
            let problem = Problem::error("", "no built-in preset has this name, and there is no such file");
            Refusal { source: argument.to_owned(), problems: vec![problem.advise(builtin::advice(argument))] }
        })?;
        (argument, preset.text.as_bytes().to_vec())
    };
    let refusal = |problems| Refusal { source: source.to_owned(), problems };
    let text = format::text_of(&bytes).map_err(refusal)?;
    let file = share::unfold(text).map_err(|problem| refusal(vec![problem]))?;
    Ok((source.to_owned(), file.into_owned(), share::is_share_text(text)))
}

/// Changes settings as `--set` says, then checks the result as a whole.
pub(super) fn set(preset: &mut Preset, assignments: &[String]) -> Result<(), Refusal> {
    for assignment in assignments {
        let source = format!("--set {assignment}");
        let (path, value) = assignment
            .split_once('=')
            .ok_or_else(|| Refusal::whole(&source, "is not NODE.SETTING=VALUE, as in shop.sessions=store"))?;
        settings::set(preset, path, value)
            .map_err(|problem| Refusal { source: source.clone(), problems: vec![problem] })?;
        let problems: Vec<Problem> =
            validate(preset).into_iter().filter(|problem| problem.severity == Severity::Error).collect();
        if !problems.is_empty() {
            return Err(Refusal { source, problems });
        }
    }
    Ok(())
}

/// The name that reports give a preset: the file's name without its ending, or the built-in name.
pub(super) fn name(argument: &str) -> String {
    if argument == "-" {
        return "standard-input".to_owned();
    }
    Path::new(argument).file_stem().map_or_else(|| argument.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// Reads standard input once, for whoever asks: the window, and then the run in its place where there is no display.
fn read_standard_input() -> Result<Vec<u8>, Refusal> {
    static READ: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(bytes) = READ.get() {
        return Ok(bytes.clone());
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Refusal::whole("standard input", format!("cannot be read: {error}")))?;
    Ok(READ.get_or_init(|| bytes).clone())
}
