//! Saving the document: to its own file, or to one that is asked for. The window may show another document by the time
//! that is done, so what is saved is remembered with the document that it is.

use std::path::PathBuf;
use std::sync::Arc;

use crate::topology::format::Document;
use crate::topology::{Preset, Problem};

use super::disk::Known;
use super::documents::{About, Intent};
use super::{App, carry_out, draft, questions};

/// A document to be saved, as it was when that was asked for.
#[derive(Debug)]
pub(super) struct Saving {
    /// Which one: the draft's identity.
    of: u64,
    preset: Preset,
    /// The text that it was read from.
    document: Option<Arc<Document>>,
    /// What is wanted afterwards.
    then: Option<Intent>,
}

impl App {
    /// Saves to the document's file, or asks for one.
    pub(super) fn save(&mut self, then: Option<Intent>) {
        match self.draft.path.clone() {
            Some(path) => self.save_to(path, then),
            None => self.save_as(then),
        }
    }

    /// Asks for a file to save to.
    pub(super) fn save_as(&mut self, then: Option<Intent>) {
        let saving = self.saving(then);
        self.ask_where(saving);
    }

    /// Asks for a file to save this to.
    pub(super) fn ask_where(&mut self, saving: Saving) {
        let begun = self.disk.ask_to_save(format!("{}.toml", carry_out::name_of(&saving.preset)));
        if begun {
            self.desk.choosing = Some(saving);
        }
        self.say_if_busy(begun);
    }

    /// Saves to a file that the user named, if that harms nobody.
    pub(super) fn save_to(&mut self, path: PathBuf, then: Option<Intent>) {
        let saving = self.saving(then);
        let own = self.draft.path.as_deref() == Some(&path);
        match self.draft.newer_format().filter(|_| own) {
            Some(format) => self.desk.ask(questions::newer(&path, format), About::Newer(path, Box::new(saving))),
            None => self.write_if_known(path, saving),
        }
    }

    /// The document as it is now, to be saved.
    fn saving(&self, then: Option<Intent>) -> Saving {
        let (preset, document) = (self.draft.preset.clone(), self.draft.document());
        Saving { of: self.draft.id, preset, document, then }
    }

    /// Writes a document to a file, unless that holds something else than is known here.
    pub(super) fn write_if_known(&mut self, path: PathBuf, saving: Saving) {
        let print = self.draft.known_of(&path).filter(|_| saving.of == self.draft.id);
        self.write(path, print.map_or(Known::Nothing, Known::Print), saving);
    }

    /// Writes a document to a file.
    pub(super) fn write(&mut self, path: PathBuf, known: Known, saving: Saving) {
        let (preset, document) = (saving.preset.clone(), saving.document.clone());
        let begun = self.disk.save(path, known, move || draft::text(document.as_deref(), &preset));
        if begun {
            self.desk.saving = Some(saving);
        }
        self.say_if_busy(begun);
    }

    /// A file was chosen for saving. Its dialog has asked whether to write over it, but not over the one that it becomes
    /// with its ending.
    pub(super) fn save_where_chosen(&mut self, chosen: PathBuf) {
        let Some(saving) = self.desk.choosing.take() else { return };
        let path = with_extension(chosen.clone());
        if path == chosen { self.write(path, Known::All, saving) } else { self.write_if_known(path, saving) }
    }

    /// A document was written, and this is what of its text is not understood, if that is known.
    pub(super) fn saved(&mut self, path: PathBuf, text: &str, unread: Option<Vec<Problem>>) {
        self.tell(format!("Saved {}", path.display()), false);
        let Some(saving) = self.desk.saving.take() else { return };
        self.keeping.opened(&path);
        if saving.of != self.draft.id {
            return;
        }
        self.view.path_text = path.display().to_string();
        self.draft.saved(path, saving.preset, text, unread);
        if let Some(intent) = saving.then {
            self.want(intent);
        }
    }

    /// The file to save to holds something else than is known of it.
    pub(super) fn file_is_strange(&mut self, path: PathBuf) {
        let Some(saving) = self.desk.saving.take() else { return };
        let own = saving.of == self.draft.id && self.draft.path.as_deref() == Some(&path);
        let question = if own { questions::changed(&path) } else { questions::exists(&path) };
        self.desk.ask(question, About::Strange(path, Box::new(saving)));
    }
}

/// The path with the ending of presets, where it has none.
pub(super) fn with_extension(path: PathBuf) -> PathBuf {
    if path.extension().is_some() { path } else { path.with_extension("toml") }
}

#[cfg(test)]
mod tests;
