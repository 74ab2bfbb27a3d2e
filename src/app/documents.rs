//! One document takes the place of another, or the window closes: never without asking about what is unsaved.

use std::path::PathBuf;

use crate::topology::Preset;
use crate::topology::edit::starter_modules;
use crate::topology::format::Document;
use crate::ui::gallery::Choice;
use crate::ui::question::{Answer, Question};

use super::consent::Wanted;
use super::disk::Known;
use super::draft::{self, Draft};
use super::recovery::Found;
use super::{App, questions};

/// What the user wants that leaves the open document behind.
#[derive(Debug)]
pub(super) enum Intent {
    /// Begin a new document.
    New,
    /// Read this file and open it.
    Open(PathBuf),
    /// Open this, which was read.
    Take(Box<Document>, Option<PathBuf>),
    /// Open a preset of the gallery.
    Choose(Choice),
    /// Open work that a crashed window left.
    Restore(Box<Found>),
    /// Close the window.
    Close,
}

/// What the question on the screen is about.
#[derive(Debug)]
enum About {
    /// There are unsaved changes, and the user wants this.
    Unsaved(Intent),
    /// The file to save to holds something else; afterwards this is wanted.
    Strange(PathBuf, Option<Intent>),
    /// A newer Brownout made the file to save to; afterwards this is wanted.
    Newer(PathBuf, Option<Intent>),
    /// Crashed windows left work.
    Found,
    /// The drawing has programs that were not allowed yet, and this is wanted.
    Programs(Wanted),
}

/// What is being decided about documents.
#[derive(Debug, Default)]
pub(super) struct Desk {
    asked: Option<(Question, About)>,
    /// What is being written, and what is wanted afterwards.
    saving: Option<(Preset, Option<Intent>)>,
    /// What is wanted once a file was chosen and written.
    then: Option<Intent>,
    /// The revision of the document that the user agreed to lose.
    agreed: Option<u64>,
    /// Whether the window may close.
    closing: bool,
    /// What crashed windows left.
    pub(super) found: Vec<Found>,
}

impl Desk {
    /// What must be answered before anything else.
    pub(super) fn question(&self) -> Option<&Question> {
        self.asked.as_ref().map(|(question, _)| question)
    }

    /// Another document is open.
    pub(super) fn taken(&mut self) {
        (self.agreed, self.then) = (None, None);
    }

    /// What was wanted cannot be done, so nothing was agreed to and nothing is to follow.
    pub(super) fn give_up(&mut self) {
        (self.agreed, self.then, self.saving) = (None, None, None);
    }

    /// Whether it is settled that the window closes.
    pub(super) fn is_closing(&self) -> bool {
        self.closing
    }

    /// Asks whether programs may be started. What is being asked already goes first.
    pub(super) fn ask_for_programs(&mut self, question: Question, wanted: Wanted) {
        if self.asked.is_none() {
            self.ask(question, About::Programs(wanted));
        }
    }

    fn ask(&mut self, question: Question, about: About) {
        self.asked = Some((question, about));
    }
}

impl App {
    /// Does what leaves the document behind, or asks what is to become of unsaved changes.
    pub(super) fn want(&mut self, intent: Intent) {
        if self.draft.dirty && self.desk.agreed != Some(self.draft.revision) {
            let question = questions::unsaved(&self.draft, self.chosen.is_some());
            self.desk.ask(question, About::Unsaved(intent));
        } else {
            self.go_on(intent);
        }
    }

    fn go_on(&mut self, intent: Intent) {
        match intent {
            Intent::New => {
                self.leave();
                (self.chosen, self.notice) = (None, None);
                self.view.path_text.clear();
                self.take(Draft::new(starter()));
                self.view.show_build();
            }
            Intent::Open(path) => {
                let begun = self.disk.open(path);
                self.say_if_busy(begun);
            }
            Intent::Take(document, path) => {
                self.leave();
                (self.chosen, self.notice) = (None, None);
                self.view.path_text = path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
                if let Some(path) = &path {
                    self.keeping.opened(path);
                }
                let unsaved = path.is_none();
                let draft = Draft::of(*document, path);
                self.take(if unsaved { draft.unsaved(None, None) } else { draft });
            }
            Intent::Choose(choice) => self.choose(choice),
            Intent::Restore(found) => self.restore(*found),
            Intent::Close => {
                self.close_for_good();
                self.context.send_viewport_cmd(egui::ViewportCommand::Close);
            }
        }
    }

    /// Says what of the document was not understood, each with its line.
    pub(super) fn say_unread(&mut self) {
        if let Some(words) = questions::unread(&self.draft) {
            self.tell(words, true);
            // They are said here, and nothing in the drawing can mend them.
            self.view.put_away(&self.draft.unread);
        }
    }

    /// Says why nothing happens when the disk does something else.
    pub(super) fn say_if_busy(&mut self, begun: bool) {
        if !begun {
            self.desk.give_up();
            self.tell("A file dialog is open, or a file is being written: finish that first", false);
        }
    }

    /// Does not let the window close before it is known what becomes of unsaved changes.
    pub(super) fn look_at_closing(&mut self) {
        if !self.context.input(|input| input.viewport().close_requested()) || self.desk.closing {
            return;
        }
        if self.draft.dirty {
            self.context.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.want(Intent::Close);
        } else {
            self.close_for_good();
        }
    }

    /// From here on nothing is kept: it is saved, or the user agreed to lose it.
    fn close_for_good(&mut self) {
        self.desk.closing = true;
        self.keeping.forget();
    }

    /// Asks what is to become of what was found, unless something else is being asked.
    pub(super) fn offer(&mut self) {
        if !self.desk.found.is_empty() && self.desk.asked.is_none() {
            self.desk.ask(questions::found(&self.desk.found), About::Found);
        }
    }

    /// Saves to the document's file, or asks for one.
    pub(super) fn save(&mut self, then: Option<Intent>) {
        match self.draft.path.clone() {
            Some(path) => self.save_to(path, then),
            None => self.save_as(then),
        }
    }

    /// Asks for a file to save to.
    pub(super) fn save_as(&mut self, then: Option<Intent>) {
        let begun = self.disk.ask_to_save(self.file_name());
        self.desk.then = then;
        self.say_if_busy(begun);
    }

    /// Saves to a file that the user named, if that harms nobody.
    pub(super) fn save_to(&mut self, path: PathBuf, then: Option<Intent>) {
        let own = self.draft.path.as_deref() == Some(&path);
        match self.draft.newer_format().filter(|_| own) {
            Some(format) => self.desk.ask(questions::newer(&path, format), About::Newer(path, then)),
            None => {
                let known = self.draft.known_of(&path).map_or(Known::Nothing, Known::Print);
                self.write(path, known, then);
            }
        }
    }

    /// Writes the document to a file.
    pub(super) fn write(&mut self, path: PathBuf, known: Known, then: Option<Intent>) {
        let (preset, document) = (self.draft.preset.clone(), self.draft.document());
        let saved = preset.clone();
        let begun = self.disk.save(path, known, move || draft::text(document.as_deref(), &preset));
        if begun {
            self.desk.saving = Some((saved, then));
        }
        self.say_if_busy(begun);
    }

    /// A file was chosen for saving; its dialog has asked whether to write over it.
    pub(super) fn save_where_chosen(&mut self, path: PathBuf) {
        let then = self.desk.then.take();
        self.write(with_extension(path), Known::All, then);
    }

    /// The document was written.
    pub(super) fn saved(&mut self, path: PathBuf, text: &str) {
        self.view.path_text = path.display().to_string();
        self.tell(format!("Saved {}", path.display()), false);
        let Some((preset, then)) = self.desk.saving.take() else { return };
        self.keeping.opened(&path);
        self.draft.saved(path, preset, text);
        if let Some(intent) = then {
            self.want(intent);
        }
    }

    /// The file to save to holds something else than what is known of it.
    pub(super) fn file_is_strange(&mut self, path: PathBuf) {
        let then = self.desk.saving.take().and_then(|(_, then)| then);
        let own = self.draft.path.as_deref() == Some(&path);
        let question = if own { questions::changed(&path) } else { questions::exists(&path) };
        self.desk.ask(question, About::Strange(path, then));
    }

    /// Carries out the answer to the question on the screen.
    pub(super) fn answer(&mut self, answer: Answer) {
        let Some((_, about)) = self.desk.asked.take() else { return };
        match (answer, about) {
            (Answer::Save, About::Unsaved(intent)) => self.save(Some(intent)),
            (Answer::SaveAs, About::Unsaved(intent)) => self.save_as(Some(intent)),
            (Answer::SaveAs, About::Strange(_, then) | About::Newer(_, then)) => self.save_as(then),
            (Answer::Discard, About::Unsaved(intent)) => {
                self.desk.agreed = Some(self.draft.revision);
                self.go_on(intent);
            }
            (Answer::Overwrite, About::Strange(path, then)) => self.write(path, Known::All, then),
            (Answer::Overwrite, About::Newer(path, then)) => {
                let known = self.draft.known_of(&path).map_or(Known::Nothing, Known::Print);
                self.write(path, known, then);
            }
            (Answer::Reload, About::Strange(path, _)) => {
                self.desk.agreed = Some(self.draft.revision);
                self.go_on(Intent::Open(path));
            }
            (Answer::Restore(at), About::Found) => self.restore_chosen(at),
            (Answer::Forget(at), About::Found) => self.discard_chosen(at),
            (Answer::Allow, About::Programs(wanted)) => self.allow(wanted),
            (_, About::Programs(wanted)) => self.refuse(wanted),
            (_, About::Found) => self.desk.found.clear(),
            _ => self.desk.give_up(),
        }
        self.offer();
    }
}

/// What a new document begins with: nothing drawn, and software for what will be.
fn starter() -> Preset {
    let mut preset = Preset { title: "Untitled".to_owned(), ..Preset::default() };
    preset.topology.modules = starter_modules().into();
    preset
}

/// The path with the ending of presets, where it has none.
pub(super) fn with_extension(path: PathBuf) -> PathBuf {
    if path.extension().is_some() { path } else { path.with_extension("toml") }
}
