//! Files and the system's dialogs, each on a thread of its own, so that the window never waits. Answers come back by a
//! bounded channel.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::topology::format::LONGEST_TEXT;

/// How files are read and written.
#[derive(Debug, Clone, Copy)]
pub struct FileAccess {
    /// Reads a file of at most that many bytes.
    pub read: fn(&Path, usize) -> Result<Vec<u8>, String>,
    /// Saves a text, all or nothing.
    pub save: fn(&Path, &str) -> Result<(), String>,
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
    /// A file was written.
    Saved {
        /// Which.
        path: PathBuf,
    },
    /// A report was written.
    ReportSaved {
        /// Where to.
        path: PathBuf,
    },
    /// No file was chosen: cancelled, or there is no dialog on this system.
    NotChosen,
    /// It could not be done, and this is why.
    Failed {
        /// One message with its place.
        message: String,
    },
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

    /// Asks which file to open, then reads it.
    pub(super) fn ask_to_open(&mut self) {
        let files = self.files;
        self.begin(move || dialog().pick_file().map_or(Answer::NotChosen, |path| files.open(&path)));
    }

    /// Asks where to save, then saves.
    pub(super) fn ask_to_save(&mut self, text: String, name: String) {
        let chosen = move || dialog().set_file_name(name).save_file();
        let files = self.files;
        self.begin(move || chosen().map_or(Answer::NotChosen, |path| files.write(&path, &text)));
    }

    /// Reads a file.
    pub(super) fn open(&mut self, path: PathBuf) {
        let files = self.files;
        self.begin(move || files.open(&path));
    }

    /// Writes a file.
    pub(super) fn save(&mut self, path: PathBuf, text: String) {
        let files = self.files;
        self.begin(move || files.write(&path, &text));
    }

    /// Writes a report.
    pub(super) fn save_report(&mut self, path: PathBuf, text: String) {
        let files = self.files;
        self.begin(move || files.write_report(path, &text));
    }

    /// Asks where to save a report, then saves it.
    pub(super) fn ask_to_save_report(&mut self, text: String, name: String) {
        let files = self.files;
        let chosen = move || rfd::FileDialog::new().add_filter("Report", &["json"]).set_file_name(name).save_file();
        self.begin(move || chosen().map_or(Answer::NotChosen, |path| files.write_report(path, &text)));
    }

    /// Whether a wish is still being carried out.
    pub(super) fn is_busy(&self) -> bool {
        self.busy
    }

    fn begin(&mut self, work: impl FnOnce() -> Answer + Send + 'static) {
        // One dialog is enough; a second click while it is open changes nothing.
        if self.busy {
            return;
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
            let _ = self.answers.0.try_send(Answer::Failed { message });
        }
    }
}

fn dialog() -> rfd::FileDialog {
    rfd::FileDialog::new().add_filter("Brownout preset", &["toml"])
}

impl FileAccess {
    fn open(self, path: &Path) -> Answer {
        match (self.read)(path, LONGEST_TEXT) {
            Ok(bytes) => Answer::Opened { path: path.to_owned(), bytes },
            Err(error) => Answer::Failed { message: format!("cannot open {}: {error}", path.display()) },
        }
    }

    fn write_report(self, path: PathBuf, text: &str) -> Answer {
        match (self.save)(&path, text) {
            Ok(()) => Answer::ReportSaved { path },
            Err(message) => Answer::Failed { message: format!("the report was not saved: {message}") },
        }
    }

    fn write(self, path: &Path, text: &str) -> Answer {
        match (self.save)(path, text) {
            Ok(()) => Answer::Saved { path: path.to_owned() },
            Err(message) => Answer::Failed { message },
        }
    }
}
