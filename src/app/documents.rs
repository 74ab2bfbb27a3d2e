//! One document takes the place of another, or the window closes: never without asking about what is unsaved.

use std::path::PathBuf;

use crate::topology::Preset;
use crate::topology::edit::starter_modules;
use crate::topology::format::Document;
use crate::ui::gallery::Choice;
use crate::ui::question::{Answer, Question};

use super::consent::Wanted;
use super::disk::Known;
use super::draft::Draft;
use super::recovery::Found;
use super::saving::Saving;
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
pub(super) enum About {
    /// There are unsaved changes, and the user wants this.
    Unsaved(Intent),
    /// The file to save this to holds something else.
    Strange(PathBuf, Box<Saving>),
    /// A newer Brownout made the file to save this to.
    Newer(PathBuf, Box<Saving>),
    /// Crashed windows left work.
    Found,
    /// The drawing has programs that were not allowed yet, and this is wanted.
    Programs(Wanted),
}

/// What is being decided about documents.
#[derive(Debug, Default)]
pub(super) struct Desk {
    asked: Option<(Question, About)>,
    /// What is being written.
    pub(super) saving: Option<Saving>,
    /// What is to be written once a file was chosen for it.
    pub(super) choosing: Option<Saving>,
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

    /// Another document is open. What is being saved of the one before goes on.
    pub(super) fn taken(&mut self) {
        self.agreed = None;
    }

    /// What was wanted cannot be done, so nothing was agreed to and nothing is to follow.
    pub(super) fn give_up(&mut self) {
        (self.agreed, self.choosing, self.saving) = (None, None, None);
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

    pub(super) fn ask(&mut self, question: Question, about: About) {
        self.asked = Some((question, about));
    }
}

impl App {
    /// Does what leaves the document behind, or asks what is to become of unsaved changes.
    pub(super) fn want(&mut self, intent: Intent) {
        self.take_in_written();
        if self.desk.agreed == Some(self.draft.revision) || !self.is_unsaved() {
            self.go_on(intent);
        } else {
            let question = if self.draft.dirty {
                questions::unsaved(&self.draft, self.chosen.is_some())
            } else {
                questions::unfinished()
            };
            self.desk.ask(question, About::Unsaved(intent));
        }
    }

    /// Whether something would be lost: changes, or what is written and cannot be taken into the drawing.
    fn is_unsaved(&self) -> bool {
        self.draft.dirty || self.view.written_mark().is_some()
    }

    /// Does what leaves the document behind. Whether it could begin.
    fn go_on(&mut self, intent: Intent) -> bool {
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
                return begun;
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
        true
    }

    /// The user agreed to lose what is unsaved for this, and for nothing else if it cannot begin now.
    fn go_on_without_saving(&mut self, intent: Intent) {
        let before = self.desk.agreed.replace(self.draft.revision);
        if !self.go_on(intent) {
            self.desk.agreed = before;
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

    /// Says why nothing happens when the disk does something else, which goes on.
    pub(super) fn say_if_busy(&mut self, begun: bool) {
        if !begun {
            self.tell("A file dialog is open, or a file is being written: finish that first", false);
        }
    }

    /// Does not let the window close before it is known what becomes of unsaved changes.
    pub(super) fn look_at_closing(&mut self) {
        if !self.context.input(|input| input.viewport().close_requested()) || self.desk.closing {
            return;
        }
        self.take_in_written();
        if self.is_unsaved() {
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

    /// Carries out the answer to the question on the screen.
    pub(super) fn answer(&mut self, answer: Answer) {
        let Some((_, about)) = self.desk.asked.take() else { return };
        match (answer, about) {
            (Answer::Save, About::Unsaved(intent)) => self.save(Some(intent)),
            (Answer::SaveAs, About::Unsaved(intent)) => self.save_as(Some(intent)),
            (Answer::SaveAs, About::Strange(_, saving) | About::Newer(_, saving)) => self.ask_where(*saving),
            (Answer::Discard, About::Unsaved(intent)) => self.go_on_without_saving(intent),
            (Answer::Overwrite, About::Strange(path, saving)) => self.write(path, Known::All, *saving),
            (Answer::Overwrite, About::Newer(path, saving)) => self.write_if_known(path, *saving),
            (Answer::Reload, About::Strange(path, _)) => self.go_on_without_saving(Intent::Open(path)),
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
