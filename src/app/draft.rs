//! The open document: the preset as it is edited, its file and its history.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::topology::edit::{History, Step};
use crate::topology::format::{self, Document};
use crate::topology::validate::validate;
use crate::topology::{Preset, Problem};

/// How many revisions there were so far, of all drafts.
static REVISIONS: AtomicU64 = AtomicU64::new(0);

fn next_revision() -> u64 {
    REVISIONS.fetch_add(1, Ordering::Relaxed)
}

/// A preset that is being edited.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) preset: Preset,
    pub(super) problems: Vec<Problem>,
    pub(super) path: Option<PathBuf>,
    pub(super) dirty: bool,
    /// Another number whenever the preset is another one; no two drafts have one in common.
    pub(super) revision: u64,
    /// The text that it was read from, whose comments saving keeps.
    document: Option<Document>,
    history: History,
}

impl Draft {
    /// A draft of what was read.
    pub(super) fn of(document: Document, path: Option<PathBuf>) -> Self {
        let problems = document.check();
        Self {
            preset: document.preset().clone(),
            problems,
            path,
            dirty: false,
            revision: next_revision(),
            document: Some(document),
            history: History::default(),
        }
    }

    /// A draft of a preset that no file holds.
    pub(super) fn new(preset: Preset) -> Self {
        let problems = validate(&preset);
        Self {
            preset,
            problems,
            path: None,
            dirty: false,
            revision: next_revision(),
            document: None,
            history: History::default(),
        }
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

    /// Whether there is something to undo, and to redo.
    pub(super) fn can(&self) -> (bool, bool) {
        (self.history.undo_label().is_some(), self.history.redo_label().is_some())
    }

    /// The draft as a file's text.
    pub(super) fn text(&self) -> String {
        match &self.document {
            Some(document) => document.text(&self.preset),
            None => format::write(&self.preset),
        }
    }

    /// The draft is in this file now.
    pub(super) fn saved(&mut self, path: PathBuf) {
        self.path = Some(path);
        self.dirty = false;
    }

    fn changed_if(&mut self, done: bool) -> bool {
        if done {
            self.changed();
        }
        done
    }

    fn changed(&mut self) {
        self.dirty = true;
        self.revision = next_revision();
        self.problems = validate(&self.preset);
    }
}
