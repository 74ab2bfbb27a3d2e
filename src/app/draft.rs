//! The open document: the preset as it is edited, its file and its history.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::topology::edit::{History, Step};
use crate::topology::format::{self, Document};
use crate::topology::preset::FORMAT;
use crate::topology::validate::validate;
use crate::topology::{Preset, Problem, Severity};

use super::disk::Print;

/// How many revisions there were so far, of all drafts.
static REVISIONS: AtomicU64 = AtomicU64::new(0);

fn next_revision() -> u64 {
    REVISIONS.fetch_add(1, Ordering::Relaxed)
}

/// A preset that is being edited.
#[derive(Debug)]
pub(super) struct Draft {
    /// Which draft it is: another number for every document that is taken.
    pub(super) id: u64,
    pub(super) preset: Preset,
    pub(super) problems: Vec<Problem>,
    pub(super) path: Option<PathBuf>,
    pub(super) dirty: bool,
    /// Another number whenever the preset is another one; no two drafts have one in common.
    pub(super) revision: u64,
    /// The text that it was read from, whose comments saving keeps.
    document: Option<Arc<Document>>,
    /// What is in the file, or was opened; `None` when what is here was never saved.
    saved: Option<Preset>,
    /// What the file held when it was last read or written here.
    on_disk: Option<Print>,
    /// What of the text was not understood. It stays in the file as it is, so it stays here too.
    pub(super) unread: Vec<Problem>,
    history: History,
}

impl Draft {
    /// A draft of what was read.
    pub(super) fn of(document: Document, path: Option<PathBuf>) -> Self {
        let unread = unread(&document);
        let mut problems = document.check();
        for problem in &mut problems {
            if document.problems().contains(problem) {
                problem.severity = Severity::Warning;
            }
        }
        Self {
            id: next_revision(),
            preset: document.preset().clone(),
            problems,
            on_disk: path.as_ref().map(|_| Print::of(document.source().as_bytes())),
            path,
            dirty: false,
            revision: next_revision(),
            saved: Some(document.preset().clone()),
            document: Some(Arc::new(document)),
            unread,
            history: History::default(),
        }
    }

    /// A draft of a preset that no file holds.
    pub(super) fn new(preset: Preset) -> Self {
        let problems = validate(&preset);
        Self {
            id: next_revision(),
            saved: Some(preset.clone()),
            preset,
            problems,
            path: None,
            dirty: false,
            revision: next_revision(),
            document: None,
            on_disk: None,
            unread: Vec::new(),
            history: History::default(),
        }
    }

    /// The same, as work that is in no file, or differs from what is there.
    pub(super) fn unsaved(self, path: Option<PathBuf>, on_disk: Option<Print>) -> Self {
        Self { path, on_disk, dirty: true, saved: None, ..self }
    }

    /// Makes a change.
    pub(super) fn edit(&mut self, step: Step) -> Result<(), Problem> {
        self.history.apply(&mut self.preset, step)?;
        self.changed();
        Ok(())
    }

    /// Takes the last change back. Whether there was one.
    pub(super) fn undo(&mut self) -> bool {
        let done = self.history.undo(&mut self.preset).is_some();
        self.changed_if(done)
    }

    /// Makes the change that was taken back again. Whether there was one.
    pub(super) fn redo(&mut self) -> bool {
        let done = self.history.redo(&mut self.preset).is_some();
        self.changed_if(done)
    }

    /// What would be taken back, if there is anything.
    pub(super) fn undo_label(&self) -> Option<&str> {
        self.history.undo_label()
    }

    /// What would be made again, if there is anything.
    pub(super) fn redo_label(&self) -> Option<&str> {
        self.history.redo_label()
    }

    /// The draft as a file's text.
    pub(super) fn text(&self) -> String {
        text(self.document.as_deref(), &self.preset)
    }

    /// The text that the draft was read from, if it was, to be saved elsewhere with it.
    pub(super) fn document(&self) -> Option<Arc<Document>> {
        self.document.clone()
    }

    /// The format of the file, when a newer Brownout made it.
    pub(super) fn newer_format(&self) -> Option<u32> {
        self.document.as_ref().map(|document| document.format()).filter(|&format| format > FORMAT)
    }

    /// The document's file, and what it should hold if nobody else changed it.
    pub(super) fn file(&self) -> (Option<PathBuf>, Option<Print>) {
        (self.path.clone(), self.on_disk)
    }

    /// What this file should hold if nobody else changed it; `None` when nothing is known of it.
    pub(super) fn known_of(&self, path: &Path) -> Option<Print> {
        self.on_disk.filter(|_| self.path.as_deref() == Some(path))
    }

    /// This is in this file now, and of its text this is not understood; `None` when that is not known.
    pub(super) fn saved(&mut self, path: PathBuf, preset: Preset, text: &str, unread: Option<Vec<Problem>>) {
        self.path = Some(path);
        self.on_disk = Some(Print::of(text.as_bytes()));
        self.saved = Some(preset);
        self.compare();
        if let Some(unread) = unread.filter(|unread| *unread != self.unread) {
            self.unread = unread;
            self.check();
        }
    }

    fn changed_if(&mut self, done: bool) -> bool {
        if done {
            self.changed();
        }
        done
    }

    fn changed(&mut self) {
        self.revision = next_revision();
        self.compare();
        self.check();
    }

    fn check(&mut self) {
        self.problems = self.unread.iter().cloned().chain(validate(&self.preset)).collect();
    }

    fn compare(&mut self) {
        self.dirty = self.saved.as_ref() != Some(&self.preset);
    }
}

/// What of a text was not understood. It prevents nothing.
pub(super) fn unread(document: &Document) -> Vec<Problem> {
    let warning = |problem: &Problem| Problem { severity: Severity::Warning, ..problem.clone() };
    document.problems().iter().map(warning).collect()
}

/// A preset as a file's text, with the comments of the text that it was read from.
pub(super) fn text(document: Option<&Document>, preset: &Preset) -> String {
    document.map_or_else(|| format::write(preset), |document| document.text(preset))
}
