//! What came back from the disk.

use crate::topology::Problem;
use crate::topology::format::{self, Document, share};

use super::App;
use super::disk::Answer;
use super::documents::Intent;

impl App {
    /// Takes in what came of a wish.
    pub(super) fn receive(&mut self, answer: Answer) {
        match answer {
            Answer::Opened { path, bytes } => match read(&bytes) {
                // A file that holds a shared text is a letter, not a place to save to.
                Ok((document, shared)) => {
                    self.want(Intent::Take(Box::new(document), (!shared).then_some(path)));
                }
                Err(problems) => self.cannot(spell(&path.display().to_string(), &problems)),
            },
            Answer::ToOpen(path) => self.want(Intent::Open(path)),
            Answer::ToSave(path) => self.save_where_chosen(path),
            Answer::Saved { path, text } => self.saved(path, &text),
            Answer::Strange { path } => self.file_is_strange(path),
            Answer::PaperSaved { paper, path } => {
                self.tell(format!("Saved the {} as {}", paper.name(), path.display()), false);
            }
            Answer::PaperNotChosen(paper) => {
                let (name, otherwise) = (paper.name(), paper.otherwise());
                self.tell(format!("The {name} was not saved. In a terminal: {otherwise}"), false);
            }
            Answer::NotChosen => {
                self.desk.give_up();
                self.view.files = true;
            }
            Answer::Failed { message, missing } => {
                missing.into_iter().for_each(|path| self.keeping.is_missing(path));
                self.cannot(message);
            }
        }
    }

    /// Says why something could not be done, and gives up what was to follow.
    fn cannot(&mut self, message: String) {
        self.desk.give_up();
        self.tell(message, true);
    }
}

/// Reads a file as far as it can be understood, and says whether it held a shared text.
pub(super) fn read(bytes: &[u8]) -> Result<(Document, bool), Vec<Problem>> {
    let text = format::text_of(bytes)?;
    let file = share::unfold(text).map_err(|problem| vec![problem])?;
    format::read_lenient(&file).map(|document| (document, share::is_share_text(text)))
}

/// Every problem with its place, a line each.
pub(super) fn spell(file: &str, problems: &[Problem]) -> String {
    let line = |problem: &Problem| match problem.place {
        Some(_) => format!("{file}:{problem}"),
        None => format!("{file}: {problem}"),
    };
    format!("Cannot open {}", problems.iter().map(line).collect::<Vec<_>>().join("\n"))
}
