//! What outlives the window: unsaved work, and how it looked. Says to the keeper what there is to keep, and hears what it
//! found.

use std::path::PathBuf;

use crate::topology::edit::Step;
use crate::ui::files::Recent;

use super::documents::Intent;
use super::draft::Draft;
use super::recovery::{Found, Keeper, News, Origins, Watch, Work};
use super::remembered::{self, Remembered};
use super::{App, FileAccess, StateDirs};

/// A document in one state: its revision, whether anything of it is unsaved, and what is being written.
type Seen = (u64, bool, Option<u64>);

/// What is kept, and what was said of it so far.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    keeper: Option<Keeper>,
    /// The window as it is.
    pub(super) window: Remembered,
    /// The window as the keeper knows it.
    told: Remembered,
    /// Which document, in which state, the keeper was last told of.
    seen: Option<Seen>,
    /// Files of the menu that are not there.
    missing: Vec<PathBuf>,
    /// The menu.
    pub(super) recent: Vec<Recent>,
    /// Whether the window was looked for on the screens.
    placed: bool,
}

impl Keeping {
    /// Keeps everything in these folders; without them, nothing.
    pub(super) fn start(
        state: Option<StateDirs>,
        window: Remembered,
        files: FileAccess,
        context: &egui::Context,
    ) -> (Self, Option<String>) {
        let known = window.files.clone();
        let started = state.map(|state| Keeper::start(state, files, known, context.clone())).transpose();
        let (keeper, trouble) = match started {
            Ok(keeper) => (keeper, None),
            Err(error) => (None, Some(format!("Unsaved work would not survive a crash: {error}"))),
        };
        let keeping = Self { keeper, recent: window.recent(&[]), told: window.clone(), window, ..Self::default() };
        (keeping, trouble)
    }

    /// What can have everything written when the window ends otherwise than it should.
    pub(super) fn watch(&self) -> Option<Watch> {
        self.keeper.as_ref().map(Keeper::watch)
    }

    /// The window closes, and what is unsaved is to be lost.
    pub(super) fn forget(&self) {
        if let Some(keeper) = &self.keeper {
            keeper.forget();
        }
    }

    /// What was found is this window's work now.
    pub(super) fn adopt(&self, found: Found) {
        if let Some(keeper) = &self.keeper {
            keeper.adopt(found);
        }
    }

    /// A file was opened or saved.
    pub(super) fn opened(&mut self, path: &std::path::Path) {
        self.window.opened(path);
        self.missing.retain(|missing| missing != path);
        self.recent = self.window.recent(&self.missing);
    }

    /// A file is not there.
    pub(super) fn is_missing(&mut self, path: PathBuf) {
        self.missing.push(path);
        self.recent = self.window.recent(&self.missing);
    }
}

impl App {
    /// Hears what the keeper found, and tells it what there is to keep.
    pub(super) fn keep(&mut self) {
        while let Some(news) = self.keeping.keeper.as_ref().and_then(Keeper::news) {
            match news {
                News::Found(found) => self.found(found),
                News::Missing(missing) => missing.into_iter().for_each(|path| self.keeping.is_missing(path)),
                News::Trouble(message) => self.tell(message, true),
            }
        }
        let Some(keeper) = &self.keeping.keeper else { return };
        let written = self.view.written_mark();
        let state = (self.draft.revision, self.draft.dirty || written.is_some(), written);
        if self.keeping.seen != Some(state) && !self.desk.is_closing() {
            if state.1 {
                keeper.keep(work(&self.draft, self.view.written(&self.draft.preset), self.builtin()));
            } else if self.keeping.seen.is_some_and(|(_, unsaved, _)| unsaved) {
                keeper.forget();
            }
            self.keeping.seen = Some(state);
        }
        self.context.input(|input| self.keeping.window.note(input.viewport()));
        if let Some(look) = self.view.look(&self.context) {
            self.keeping.window.look = look;
        }
        if self.keeping.window != self.keeping.told {
            self.keeping.told = self.keeping.window.clone();
            keeper.remember(self.keeping.told.clone());
        }
    }

    /// The name of the built-in preset that is open, edited or not.
    pub(super) fn builtin(&self) -> Option<String> {
        self.chosen.and_then(|at| self.gallery.get(at)).map(|entry| entry.name.clone())
    }

    /// Opens work that a crashed window left.
    pub(super) fn restore(&mut self, mut found: Found) {
        let kept = match std::mem::replace(&mut found.kept, Err(String::new())) {
            Ok(kept) => kept,
            Err(error) => return self.tell(format!("{} cannot be read: {error}", found.path().display()), true),
        };
        self.leave();
        let path = kept.origins.path.map(PathBuf::from);
        self.chosen = kept.origins.builtin.and_then(|name| self.gallery.iter().position(|entry| entry.name == name));
        self.view.path_text = path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        self.take(Draft::of(kept.document, None).unsaved(path, kept.origins.print));
        self.keeping.adopt(found);
        self.tell("Restored. It is not saved yet", false);
    }

    /// Asks what is to become of work that crashed windows left.
    fn found(&mut self, found: Vec<Found>) {
        self.desk.found = found;
        self.offer();
    }

    /// Opens what was chosen of what was found. The rest is left for the next time.
    pub(super) fn restore_chosen(&mut self, at: usize) {
        let mut found = std::mem::take(&mut self.desk.found);
        if at < found.len() {
            self.want(Intent::Restore(Box::new(found.swap_remove(at))));
        }
    }

    /// Throws away what was chosen of what was found, and asks about the rest.
    pub(super) fn discard_chosen(&mut self, at: usize) {
        if at < self.desk.found.len()
            && let Err(message) = self.desk.found.remove(at).discard()
        {
            self.tell(message, true);
        }
        self.offer();
    }

    /// Fetches a window back that was put where there is no screen any more. Once, when it is known where it is.
    pub(super) fn look_for_window(&mut self, frame: &eframe::Frame) {
        let Some(window) = frame.winit_window().filter(|_| !self.keeping.placed) else { return };
        let (Ok(at), size) = (window.outer_position(), window.outer_size()) else {
            // The system keeps to itself where windows are, and sees to it.
            self.keeping.placed = true;
            return;
        };
        let rect = |x: i32, y: i32, width: u32, height: u32| {
            egui::Rect::from_min_size(egui::pos2(x as f32, y as f32), egui::vec2(width as f32, height as f32))
        };
        let screens: Vec<egui::Rect> = window
            .available_monitors()
            .map(|screen| (screen.position(), screen.size()))
            .map(|(at, size)| rect(at.x, at.y, size.width, size.height))
            .collect();
        if let Some(to) = remembered::back_on_screen(rect(at.x, at.y, size.width, size.height), &screens) {
            let points = to / self.context.pixels_per_point();
            self.context.send_viewport_cmd(egui::ViewportCommand::OuterPosition(points));
        }
        self.keeping.placed = true;
    }
}

/// What there is to keep of a draft, with what is being written.
fn work(draft: &Draft, written: Vec<Step>, builtin: Option<String>) -> Work {
    let (path, print) = draft.file();
    let origins = Origins::new(path, print, builtin);
    let mut preset = draft.preset.clone();
    for edit in written.into_iter().flat_map(|step| step.edits) {
        // One that cannot be done changes nothing.
        drop(edit.apply(&mut preset));
    }
    Work { preset, document: draft.document(), origins }
}
