//! Unsaved work, kept on the disk while it is unsaved, so that neither a crash, a lost display nor `kill -9` loses it.
//!
//! Each running window has one place, with a lock that the system takes back when the process ends, however it ends. Work
//! in a place that nobody has locked is what a crashed window left.

mod file;
mod keeper;
mod last_words;
mod place;

use std::path::PathBuf;
use std::sync::Arc;

use crate::topology::Preset;
use crate::topology::format::Document;

use super::disk::Print;

pub(super) use file::{Kept, Origins};
pub(super) use keeper::{Keeper, News, Watch};
pub(super) use last_words::LastWords;

/// What is unsaved, before it is text.
#[derive(Debug)]
pub(super) struct Work {
    /// The drawing.
    pub(super) preset: Preset,
    /// The text that it was read from.
    pub(super) document: Option<Arc<Document>>,
    /// Where it belongs.
    pub(super) origins: Origins,
}

/// Work that a crashed window left. Nobody else is offered it while this exists.
#[derive(Debug)]
pub(super) struct Found {
    /// Its place.
    place: place::Place,
    /// What is there, or why it cannot be read.
    pub(super) kept: Result<Box<Kept>, String>,
    /// When it was written, in words.
    pub(super) when: String,
}

impl Found {
    /// The file that holds it.
    pub(super) fn path(&self) -> PathBuf {
        self.place.file()
    }

    /// Throws it away.
    pub(super) fn discard(self) -> Result<(), String> {
        let file = self.path();
        std::fs::remove_file(&file).map_err(|error| format!("{} cannot be removed: {error}", file.display()))
    }

    fn into_place(self) -> place::Place {
        self.place
    }
}

impl Origins {
    /// Of a document of this file, or of a built-in preset, or of neither.
    pub(super) fn new(path: Option<PathBuf>, print: Option<Print>, builtin: Option<String>) -> Self {
        Self { path: path.and_then(|path| path.into_os_string().into_string().ok()), print, builtin }
    }
}
