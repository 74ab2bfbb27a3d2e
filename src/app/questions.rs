//! What the window asks about documents, in words.

use std::path::Path;

use crate::topology::Problem;
use crate::ui::question::{Answer, Question, Row};

use super::draft::Draft;
use super::recovery::{Found, Kept};

/// What is to become of unsaved changes?
pub(super) fn unsaved(draft: &Draft, builtin: bool) -> Question {
    let (text, save) = match &draft.path {
        Some(path) => (format!("What you changed is not in {} yet.", path.display()), Answer::Save),
        None if builtin => {
            let text = "This preset comes with Brownout and stays as it is. What you changed can be saved as a file.";
            (text.to_owned(), Answer::SaveAs)
        }
        None => ("What you drew is in no file yet.".to_owned(), Answer::SaveAs),
    };
    let title = format!("Save what you changed in {}?", name(draft));
    ask(title, text, vec![save, Answer::Discard, Answer::Cancel])
}

/// What is to become of words in a field that the drawing cannot have?
pub(super) fn unfinished() -> Question {
    let text = "What is written in a field, or on the canvas, cannot be taken into the drawing as it is, and would be lost. \
                It says there what is wrong with it.";
    ask("Leave what you are writing?".to_owned(), text.to_owned(), vec![Answer::Discard, Answer::Cancel])
}

/// Somebody else changed the document's file.
pub(super) fn changed(path: &Path) -> Question {
    let title = "Another program changed this file".to_owned();
    let text = format!(
        "{} is not as it was when you opened it. Save somewhere else, write over it, or reload it and lose what you changed?",
        path.display()
    );
    ask(title, text, vec![Answer::SaveAs, Answer::Overwrite, Answer::Reload, Answer::Cancel])
}

/// There is a file already.
pub(super) fn exists(path: &Path) -> Question {
    let title = "There is a file of this name".to_owned();
    let text = format!("{} would be written over, and what is in it now would be lost.", path.display());
    ask(title, text, vec![Answer::SaveAs, Answer::Overwrite, Answer::Cancel])
}

/// A newer Brownout made the file.
pub(super) fn newer(path: &Path, format: u32) -> Question {
    let title = "A newer Brownout made this file".to_owned();
    let text = format!(
        "{} has format {format}, and this Brownout does not know all that is in it. What it does not know stays in the \
         file as it is, but may no longer fit what you changed.",
        path.display()
    );
    ask(title, text, vec![Answer::SaveAs, Answer::Overwrite, Answer::Cancel])
}

/// Crashed windows left work.
pub(super) fn found(found: &[Found]) -> Question {
    let title = "Brownout did not end as it should".to_owned();
    if let [Found { kept: Ok(kept), when, .. }] = found {
        let text = format!("What was not saved is still here: {}, {}.", title_of(kept), where_and_when(kept, when));
        return ask(title, text, vec![Answer::Restore(0), Answer::Forget(0), Answer::Later]);
    }
    let row = |(at, found): (usize, &Found)| match &found.kept {
        Ok(kept) => Row {
            name: title_of(kept).to_owned(),
            detail: where_and_when(kept, &found.when),
            answers: vec![Answer::Restore(at), Answer::Forget(at)],
        },
        Err(error) => Row {
            name: found.path().display().to_string(),
            detail: format!("cannot be read: {error}"),
            answers: vec![Answer::Forget(at)],
        },
    };
    Question {
        title,
        text: "What was not saved is still here. What you do not choose now is offered again at the next start."
            .to_owned(),
        rows: found.iter().enumerate().map(row).collect(),
        answers: vec![Answer::Later],
    }
}

fn title_of(kept: &Kept) -> &str {
    match kept.document.preset().title.as_str() {
        "" => "Untitled",
        title => title,
    }
}

fn where_and_when(kept: &Kept, when: &str) -> String {
    let file = kept.origins.path.as_deref().unwrap_or("in no file yet");
    format!("{when}, {file}")
}

/// What of a document was not understood; `None` if all was.
pub(super) fn unread(draft: &Draft) -> Option<String> {
    if draft.unread.is_empty() {
        return None;
    }
    let line = |problem: &Problem| {
        let place = problem.place.map(|place| format!("Line {}: ", place.line)).unwrap_or_default();
        let advice = if problem.advice.is_empty() { String::new() } else { format!("; {}", problem.advice) };
        format!("{place}{}{advice}", problem.message)
    };
    let lines: Vec<String> = draft.unread.iter().map(line).collect();
    let head = "This file is open as far as it can be understood. The rest stays in it as it is:";
    Some(format!("{head}\n{}", lines.join("\n")))
}

fn ask(title: String, text: String, answers: Vec<Answer>) -> Question {
    Question { title, text, rows: Vec::new(), answers }
}

/// What the document is called in a sentence.
pub(super) fn name(draft: &Draft) -> &str {
    if draft.preset.title.is_empty() { "this drawing" } else { &draft.preset.title }
}
