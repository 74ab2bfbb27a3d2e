//! Files and the system's dialogs, each on a thread of its own, so that the window never waits. Answers come back by a
//! bounded channel.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use serde::{Deserialize, Serialize};

use crate::topology::Problem;
use crate::topology::format::{self, LONGEST_FILE};

use super::draft;

/// How files are read and written.
#[derive(Debug, Clone, Copy)]
pub struct FileAccess {
    /// Reads a file of at most that many bytes.
    pub read: fn(&Path, usize) -> Result<Vec<u8>, String>,
    /// Saves a text, all or nothing.
    pub save: fn(&Path, &str) -> Result<(), String>,
}

/// What is known of a file before it is written over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known {
    /// Enough: write over whatever is there.
    All,
    /// It held what leaves this print when it was last read or written here.
    Print(Print),
    /// Nothing.
    Nothing,
}

/// What tells whether a file is still as it was, without keeping what was in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Print {
    /// How long it was.
    bytes: u64,
    /// Its CRC-32.
    crc: u32,
}

impl Print {
    /// The print of these bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, crc: crc32fast::hash(bytes) }
    }
}

/// What came of a wish.
#[derive(Debug)]
pub(super) enum Answer {
    /// A file was read.
    Opened {
        /// Which.
        path: PathBuf,
        /// What is in it.
        bytes: Vec<u8>,
    },
    /// Files were read, not to be opened.
    Read(Vec<(PathBuf, Vec<u8>)>),
    /// This file was chosen to be opened.
    ToOpen(PathBuf),
    /// This file was chosen to be saved to; whether to write over it was asked by the dialog.
    ToSave(PathBuf),
    /// A file was written.
    Saved {
        /// Which.
        path: PathBuf,
        /// What is in it now.
        text: String,
        /// What of that is not understood, if it can be read at all.
        unread: Option<Vec<Problem>>,
    },
    /// Nothing was written, for the file holds something that is not known here.
    Strange {
        /// Which.
        path: PathBuf,
    },
    /// A report or a handout was written.
    PaperSaved {
        /// Which of them.
        paper: Paper,
        /// Where to.
        path: PathBuf,
    },
    /// No file was chosen for a report or a handout.
    PaperNotChosen(Paper),
    /// No file was chosen: cancelled, or there is no dialog on this system.
    NotChosen {
        /// Whether it was to be saved to.
        saves: bool,
    },
    /// It could not be done, and this is why.
    Failed {
        /// One message with its place.
        message: String,
        /// The file, if it is because it is not there.
        missing: Option<PathBuf>,
    },
}

/// What is saved beside presets, and cannot be opened again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paper {
    /// What a run measured.
    Report,
    /// A lesson on paper.
    Handout,
    /// What measuring two systems gave.
    Comparison,
}

impl Paper {
    /// What it is called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Handout => "handout",
            Self::Comparison => "table",
        }
    }

    /// How to get it where the system has no dialog.
    pub(super) const fn otherwise(self) -> &'static str {
        match self {
            Self::Report => "brownout run … --report FILE.json",
            Self::Handout => "brownout export … --to handout --output FILE.html",
            Self::Comparison => "brownout compare A B --report FILE.html",
        }
    }
}

/// Does one thing at a time.
#[derive(Debug)]
pub(super) struct Disk {
    context: egui::Context,
    files: FileAccess,
    answers: (SyncSender<Answer>, Receiver<Answer>),
    busy: bool,
}

impl Disk {
    /// A desk that wakes this window when an answer is there.
    pub(super) fn new(context: egui::Context, files: FileAccess) -> Self {
        Self { context, files, answers: sync_channel(1), busy: false }
    }

    /// The answer to the last wish, once it is there.
    pub(super) fn answer(&mut self) -> Option<Answer> {
        let answer = self.answers.1.try_recv().ok()?;
        self.busy = false;
        Some(answer)
    }

    /// Asks which file to open. Whether it could.
    pub(super) fn ask_to_open(&mut self) -> bool {
        self.begin(move || dialog().pick_file().map_or(Answer::NotChosen { saves: false }, Answer::ToOpen))
    }

    /// Asks where to save. Whether it could.
    pub(super) fn ask_to_save(&mut self, name: String) -> bool {
        self.begin(move || {
            dialog().set_file_name(name).save_file().map_or(Answer::NotChosen { saves: true }, Answer::ToSave)
        })
    }

    /// Reads a file. Whether it could begin.
    pub(super) fn open(&mut self, path: PathBuf) -> bool {
        let files = self.files;
        self.begin(move || files.open(&path))
    }

    /// Writes a file, unless it holds something else than is known of it. Whether it could begin. The text is made where
    /// nobody waits for it.
    pub(super) fn save(&mut self, path: PathBuf, known: Known, text: impl FnOnce() -> String + Send + 'static) -> bool {
        let files = self.files;
        self.begin(
            move || if files.is_strange(&path, &known) { Answer::Strange { path } } else { files.write(path, text()) },
        )
    }

    /// Writes a report. Whether it could begin.
    pub(super) fn save_report(&mut self, path: PathBuf, text: String) -> bool {
        let files = self.files;
        self.begin(move || files.write_paper(Paper::Report, path, &text))
    }

    /// Reads files that are not to be opened. Whether it could begin.
    pub(super) fn read(&mut self, paths: Vec<PathBuf>) -> bool {
        let files = self.files;
        self.begin(move || {
            let mut read = Vec::with_capacity(paths.len());
            for path in paths {
                match files.bytes(&path) {
                    Ok(bytes) => read.push((path, bytes)),
                    Err(failed) => return failed,
                }
            }
            Answer::Read(read)
        })
    }

    /// Asks where to save a report or a handout, then saves it: the text whose ending the file's name has, else the first.
    /// Its name has no ending yet. Whether it could ask.
    pub(super) fn ask_to_save_paper(&mut self, paper: Paper, texts: Vec<(&'static str, String)>, name: &str) -> bool {
        let (files, name) = (self.files, name.to_owned());
        self.begin(move || {
            let endings: Vec<&str> = texts.iter().map(|(ending, _)| *ending).collect();
            let name = format!("{name}.{}", endings.first().unwrap_or(&"txt"));
            let dialog = rfd::FileDialog::new().add_filter(paper.name(), &endings).set_file_name(name);
            let Some(path) = dialog.save_file() else { return Answer::PaperNotChosen(paper) };
            let text = text_for(&path, &texts);
            files.write_paper(paper, path.clone(), text)
        })
    }

    /// Writes a report or a handout to a file that is not there yet, in the form that its name asks for. Whether it could
    /// begin.
    pub(super) fn save_new_paper(&mut self, paper: Paper, path: PathBuf, texts: Vec<(&'static str, String)>) -> bool {
        let files = self.files;
        self.begin(move || {
            let failed = |why: String| Answer::Failed { message: format!("{}: {why}", path.display()), missing: None };
            if !texts.iter().any(|(ending, _)| path.extension().is_some_and(|is| is == *ending)) {
                let endings: Vec<String> = texts.iter().map(|(ending, _)| format!(".{ending}")).collect();
                return failed(format!("its name must end in {}", endings.join(" or ")));
            }
            if path.exists() {
                return failed("there is such a file already, so nothing was saved; choose another name".to_owned());
            }
            files.write_paper(paper, path.clone(), text_for(&path, &texts))
        })
    }

    /// Whether a wish is still being carried out.
    pub(super) fn is_busy(&self) -> bool {
        self.busy
    }

    /// Begins to do this. Not while something else is done: one dialog is enough.
    fn begin(&mut self, work: impl FnOnce() -> Answer + Send + 'static) -> bool {
        if self.busy {
            return false;
        }
        let (sender, context) = (self.answers.0.clone(), self.context.clone());
        let thread = std::thread::Builder::new().name("files".to_owned()).spawn(move || {
            // Fails only when the window is gone, and then nobody waits for it.
            let _ = sender.try_send(work());
            context.request_repaint();
        });
        self.busy = thread.is_ok();
        if let Err(error) = thread {
            let message = format!("cannot reach files: {error}");
            let _ = self.answers.0.try_send(Answer::Failed { message, missing: None });
        }
        true
    }
}

/// The text whose ending a path has, else the first.
fn text_for<'a>(path: &Path, texts: &'a [(&str, String)]) -> &'a str {
    let is_wanted = |(ending, _): &&(&str, String)| path.extension().is_some_and(|is| is == *ending);
    texts.iter().find(is_wanted).or(texts.first()).map_or("", |(_, text)| text)
}

fn dialog() -> rfd::FileDialog {
    rfd::FileDialog::new().add_filter("Brownout preset", &["toml"])
}

impl FileAccess {
    fn open(self, path: &Path) -> Answer {
        self.bytes(path).map_or_else(|failed| failed, |bytes| Answer::Opened { path: path.to_owned(), bytes })
    }

    /// What is in a file, or the answer why that is not known.
    fn bytes(self, path: &Path) -> Result<Vec<u8>, Answer> {
        (self.read)(path, LONGEST_FILE).map_err(|error| Answer::Failed {
            message: format!("Cannot open {}: {error}", path.display()),
            missing: (!path.exists()).then(|| path.to_owned()),
        })
    }

    fn write_paper(self, paper: Paper, path: PathBuf, text: &str) -> Answer {
        match (self.save)(&path, text) {
            Ok(()) => Answer::PaperSaved { paper, path },
            Err(message) => {
                Answer::Failed { message: format!("the {} was not saved: {message}", paper.name()), missing: None }
            }
        }
    }

    fn write(self, path: PathBuf, text: String) -> Answer {
        if text.len() > LONGEST_FILE {
            let message = format!("{} was not saved: {}", path.display(), format::too_long(text.len()).message);
            return Answer::Failed { message, missing: None };
        }
        match (self.save)(&path, &text) {
            Ok(()) => {
                let unread = format::read_lenient(&text).ok().map(|document| draft::unread(&document));
                Answer::Saved { path, text, unread }
            }
            Err(message) => Answer::Failed { message, missing: None },
        }
    }

    /// Whether a file is there that holds something else. One that cannot be read is for writing to complain about.
    fn is_strange(self, path: &Path, known: &Known) -> bool {
        if matches!(known, Known::All) || !path.exists() {
            return false;
        }
        let holds = |print| (self.read)(path, LONGEST_FILE).is_ok_and(|bytes| Print::of(&bytes) == print);
        !matches!(known, Known::Print(print) if holds(*print))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_has_the_form_that_its_name_asks_for() {
        let texts = [("html", "a page".to_owned()), ("json", "figures".to_owned())];
        let text = |name: &str| text_for(Path::new(name), &texts).to_owned();
        assert_eq!(
            [text("c.html"), text("c.json"), text("c.txt"), text("c")],
            ["a page", "figures", "a page", "a page"]
        );
    }
    #[test]
    fn a_paper_is_not_written_over_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let read = |path: &Path, _: usize| std::fs::read(path).map_err(|error| error.to_string());
        let save = |path: &Path, text: &str| std::fs::write(path, text).map_err(|error| error.to_string());
        let mut disk = Disk::new(egui::Context::default(), FileAccess { read, save });
        let mut saved = |name: &str| {
            let texts = vec![("html", "a page".to_owned()), ("json", "figures".to_owned())];
            disk.save_new_paper(Paper::Comparison, folder.path().join(name), texts);
            let answer = disk.answers.1.recv().unwrap();
            disk.busy = false;
            if let Answer::PaperSaved { path, .. } = &answer {
                std::fs::read_to_string(path).unwrap()
            } else {
                format!("{answer:?}")
            }
        };
        assert_eq!(saved("c.json"), "figures");
        assert!(saved("c.json").contains("there is such a file already"));
        assert!(saved("c.txt").contains("must end in .html or .json"));
    }
}
