//! What came back from the disk.

use crate::topology::Problem;
use crate::topology::format::{self, Document, share};

use super::App;
use super::disk::{Answer, Paper};
use super::documents::Intent;

/// Why the path field is there: a dialog that was cancelled and one that never opened answer the same.
const NO_FILE: &str = "No file was chosen. If no dialog opened, this system has none: type the file's path into the field \
                       above, then press Open path or Save path";

/// The same for what can only be saved.
const NO_PLACE: &str = "No file was chosen, so the table was not saved. If no dialog opened, this system has none: type a \
                        path into the field above, then press Save path";

impl App {
    /// Takes in what came of a wish.
    pub(super) fn receive(&mut self, answer: Answer) {
        match answer {
            Answer::Opened { path, bytes } => match read(&bytes) {
                // A file that holds a shared text is a letter, not a place to save to.
                Ok((document, shared)) => {
                    self.want(Intent::Take(Box::new(document), (!shared).then_some(path)));
                }
                Err(problems) => self.cannot(spell("Cannot open", &path.display().to_string(), &problems)),
            },
            Answer::Read(files) => self.picked_files_read(&files),
            Answer::ToOpen(path) => self.want(Intent::Open(path)),
            Answer::ToSave(path) => self.save_where_chosen(path),
            Answer::Saved { path, text, unread } => self.saved(path, &text, unread),
            Answer::Strange { path } => self.file_is_strange(path),
            Answer::PaperSaved { paper, path } => {
                self.tell(format!("Saved the {} as {}", paper.name(), path.display()), false);
            }
            Answer::PaperNotChosen(Paper::Comparison) => {
                self.view.compare.ask_for_path();
                self.tell(NO_PLACE, false);
            }
            Answer::PaperNotChosen(paper) => {
                let (name, otherwise) = (paper.name(), paper.otherwise());
                self.tell(
                    format!("No file was chosen, so the {name} was not saved. In a terminal: {otherwise}"),
                    false,
                );
            }
            Answer::NotChosen { saves } => {
                self.desk.give_up();
                self.view.ask_for_path(saves);
                self.tell(NO_FILE, false);
            }
            Answer::Failed { message, missing } => {
                missing.into_iter().for_each(|path| self.keeping.is_missing(path));
                self.cannot(message);
            }
        }
    }

    /// Says why something could not be done, and gives up what was to follow.
    fn cannot(&mut self, mut message: String) {
        self.desk.give_up();
        if let Some(first) = message.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        self.tell(message, true);
    }
}

/// Reads a file as far as it can be understood, and says whether it held a shared text.
pub(super) fn read(bytes: &[u8]) -> Result<(Document, bool), Vec<Problem>> {
    let text = format::text_of(bytes)?;
    let file = share::unfold(text).map_err(|problem| vec![problem])?;
    format::read_lenient(&file).map(|document| (document, share::is_share_text(text)))
}

/// What cannot be done with a file, and every problem with its place, a line each.
pub(super) fn spell(cannot: &str, file: &str, problems: &[Problem]) -> String {
    let line = |problem: &Problem| match problem.place {
        Some(_) => format!("{file}:{problem}"),
        None => format!("{file}: {problem}"),
    };
    format!("{cannot} {}", problems.iter().map(line).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::{Backend, FileAccess, Opening, Origin};
    use crate::control::{Command, Snapshot};
    use crate::telemetry::Span;

    /// Nothing runs.
    struct Rest(Arc<Snapshot>);

    impl Backend for Rest {
        fn send(&self, _command: Command) {}

        fn snapshot(&self) -> Arc<Snapshot> {
            Arc::clone(&self.0)
        }

        fn take_spans(&self) -> Vec<Span> {
            Vec::new()
        }

        fn beside(&self) -> std::io::Result<Box<dyn Backend>> {
            Ok(Box::new(Self(Arc::default())))
        }
    }

    /// A window on this, with nothing behind it.
    pub(in crate::app) fn app(files: FileAccess, preset: Option<(Document, Origin)>) -> App {
        let opening = Opening { preset, shots: Vec::new(), files, report: None, experiment: false, state: None };
        App::new(&egui::Context::default(), opening, Box::new(Rest(Arc::default())))
    }

    #[test]
    fn without_a_dialog_there_is_a_path_field_and_a_word_about_it() {
        let files = FileAccess { read: |_, _| Err("none".to_owned()), save: |_, _| Err("none".to_owned()) };
        let mut app = app(files, None);
        assert!(app.view.files.is_none());
        app.receive(Answer::NotChosen { saves: false });
        assert!(app.view.files.is_some());
        let said = app.notice.as_ref().map(|notice| (notice.text.as_str(), notice.bad));
        assert_eq!(said, Some((NO_FILE, false)));
    }
}
