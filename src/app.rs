//! Wires the window: holds the document, the scene and the running system, and carries out what the user wants. It
//! decides nothing about the system itself: that is `control`'s.

mod again;
mod answers;
mod backend;
mod carry_out;
mod clock;
mod compare;
mod consent;
mod disk;
mod documents;
mod draft;
mod keeping;
mod lay_out;
mod mark;
mod opening;
pub mod planning;
mod questions;
mod recovery;
mod remembered;
mod reports;
mod saving;
mod sharing;
mod shots;
mod state;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::control::Snapshot;
use crate::control::snapshot::Phase;
use crate::scene::lesson::Progress;
use crate::scene::{Drawing, Picture, dots};
use crate::telemetry::Span;
use crate::topology::format::{self, Document};
use crate::topology::{Preset, builtin};
use crate::ui::time::Moment;
use crate::ui::{self, Inputs, Notice, View, gallery};

pub use backend::Backend;
pub use disk::FileAccess;
pub use opening::{Opening, Origin, WindowError, run};
pub use shots::Shot;
pub use state::{STATE_DIR, StateDirs};

use again::Again;
use clock::Clock;
use compare::{Awaited, Compared};
use consent::Consent;
use disk::Disk;
use documents::Desk;
use draft::Draft;
use keeping::Keeping;
use lay_out::LayOut;
use reports::Reports;
use shots::Shots;

/// While something moves, a frame is drawn this often.
const FRAME: std::time::Duration = std::time::Duration::from_millis(16);

/// How long a message stays that asks for nothing, in seconds.
const READ_S: f64 = 10.0;

/// The window with all that it holds.
pub struct App {
    context: egui::Context,
    backend: Box<dyn Backend>,
    draft: Draft,
    desk: Desk,
    consent: Consent,
    keeping: Keeping,
    gallery: Vec<gallery::Entry>,
    chosen: Option<usize>,
    view: View,
    picture: Picture,
    again: Again,
    clock: Clock,
    lesson: Progress,
    disk: Disk,
    reports: Reports,
    headline: String,
    lay_out: LayOut,
    shots: Shots,
    notice: Option<Notice>,
    /// Since when the message is on the screen, in seconds of the window's time.
    told_s: Option<f64>,
    course: Course,
    /// What the system said when it was last told to start.
    before: Arc<Snapshot>,
    /// The last thing done was a fault, which cannot be undone.
    after_fault: Option<&'static str>,
    /// What a comparison that is wanted waits for.
    awaited: Awaited,
    /// Two systems that are compared; the document waits meanwhile.
    compared: Option<Compared>,
    /// What was compared and is about to end.
    leaving: Vec<Box<dyn Backend>>,
}

/// What the app waits for from the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// Nothing.
    Steady,
    /// It was told to start and has not said so yet.
    Starting,
    /// It was told to abort, and is to be started again.
    Restarting,
    /// It was told to abort, and what it still says is not to be shown.
    Clearing,
}

impl App {
    /// A window on this opening and this running system.
    pub fn new(context: &egui::Context, opening: Opening, backend: Box<dyn Backend>) -> Self {
        ui::install(context);
        let (remembered, forgotten) = opening.remembered();
        let mut view = View::default();
        view.recall(&remembered.look, context);
        let (keeping, unkept) = Keeping::start(opening.state.clone(), remembered, opening.files, context);
        let gallery: Vec<gallery::Entry> = builtin::all().into_iter().filter_map(entry).collect();
        let (draft, builtin) = opening.preset.map_or_else(|| (Draft::new(Preset::default()), None), opened);
        let chosen = builtin.and_then(|name| gallery.iter().position(|entry| entry.name == name));
        let mut app = Self {
            context: context.clone(),
            backend,
            desk: Desk::default(),
            consent: Consent::default(),
            keeping,
            draft,
            gallery,
            chosen,
            view,
            picture: planning::picture(),
            again: Again::new(),
            clock: Clock::default(),
            lesson: Progress::default(),
            disk: Disk::new(context.clone(), opening.files),
            reports: Reports::new(opening.report),
            headline: String::new(),
            lay_out: LayOut::new(),
            shots: Shots::new(opening.shots),
            notice: None,
            told_s: None,
            course: Course::Steady,
            before: Arc::default(),
            after_fault: None,
            awaited: Awaited::default(),
            compared: None,
            leaving: Vec::new(),
        };
        if let Some(path) = &app.draft.path {
            app.keeping.opened(path);
        }
        app.say_unread();
        if let Some(message) = forgotten.or(unkept) {
            app.tell(message, true);
        }
        if opening.experiment {
            app.start(true);
        }
        app
    }

    /// The drawing as it is now.
    pub fn preset(&self) -> &Preset {
        &self.draft.preset
    }

    /// Selects something, as a click on it does.
    pub fn select(&mut self, selection: ui::selection::Selection) {
        self.view.selection = selection;
    }

    /// Takes a document in place of the one that is open.
    fn take(&mut self, draft: Draft) {
        self.draft = draft;
        self.desk.taken();
        self.say_unread();
        self.view.start_over();
        self.lesson = Progress::default();
        self.after_fault = None;
    }

    /// Says something, until it is put away or something else is said.
    fn tell(&mut self, text: impl Into<String>, bad: bool) {
        self.notice = Some(Notice { text: text.into(), bad });
        self.told_s = None;
    }

    /// Puts a message away that was there long enough to be read, unless something is wrong.
    fn let_notice_go(&mut self, context: &egui::Context) {
        if self.notice.as_ref().is_none_or(|notice| notice.bad) {
            return;
        }
        let now_s = context.input(|input| input.time);
        let left_s = *self.told_s.get_or_insert(now_s) + READ_S - now_s;
        if left_s <= 0.0 {
            self.notice = None;
        } else {
            context.request_repaint_after_secs(left_s as f32);
        }
    }

    /// What follows from the course that was set: a new start, or an empty picture.
    fn follow_course(&mut self) {
        let snapshot = self.backend.snapshot();
        let phase = snapshot.phase;
        let over = matches!(phase, Phase::Idle | Phase::Finished);
        match self.course {
            // A run that fails at once may be over before it was ever seen to start.
            Course::Starting if !over || snapshot.trouble.is_some() && !Arc::ptr_eq(&snapshot, &self.before) => {
                self.course = Course::Steady;
            }
            Course::Restarting if over => self.start(false),
            Course::Clearing if phase == Phase::Idle => self.course = Course::Steady,
            Course::Steady | Course::Starting | Course::Restarting | Course::Clearing => {}
        }
    }
}

impl App {
    /// Takes news in. Before every frame, and also while the window is hidden.
    pub fn advance(&mut self, context: &egui::Context) {
        self.advance_by(context, clock::seconds(context));
    }

    fn advance_by(&mut self, context: &egui::Context, seconds: f32) {
        self.shots.advance(context);
        while let Some(answer) = self.disk.answer() {
            self.receive(answer);
        }
        self.look_at_closing();
        self.keep();
        self.follow_course();
        self.reports.observe(&self.backend.snapshot(), &mut self.disk);
        self.tick_off();
        let spans = self.backend.take_spans();
        if self.course != Course::Clearing {
            let snapshot = self.backend.snapshot();
            let spans: Arc<[Span]> = spans.into();
            self.picture.advance(Arc::clone(&snapshot), Arc::clone(&spans), seconds);
            let forgotten = self.again.record(&snapshot, spans, self.picture.playback.display_us());
            self.picture.let_go_of(forgotten);
            if !self.view.frozen {
                self.again.advance(drawing(&self.draft, &self.view), seconds);
            }
        }
        self.advance_compared(context, seconds);
        self.go_on_with_layout(context);
        self.let_notice_go(context);
        self.say_headline(context);
        self.clock.begin();
        if self.picture.is_moving() || self.again.replay().is_some() && !self.view.frozen {
            context.request_repaint_after(FRAME);
        }
    }

    /// Marks the lesson's stop on the path once everything that its preset expects was shown.
    fn tick_off(&mut self) {
        let snapshot = self.picture.playback.shown();
        let judged = snapshot.phase == Phase::Finished && !snapshot.expectations.is_empty();
        if judged
            && snapshot.expectations.iter().all(|expectation| expectation.holds == Some(true))
            && let Some(entry) = self.chosen.and_then(|chosen| self.gallery.get_mut(chosen))
        {
            entry.done = true;
        }
    }

    /// Puts the score into the window's title, where the task bar and screen readers find it.
    fn say_headline(&mut self, context: &egui::Context) {
        // What is seen moves on with what is drawn; of a window that is hidden the title is all that there is.
        let seen = if self.clock.is_seen() { self.picture.seen() } else { self.picture.playback.shown() };
        let of_document = || ui::headline(&self.draft.preset, self.draft.dirty, seen);
        let headline = self.compared.as_ref().map_or_else(of_document, Compared::headline);
        if headline != self.headline {
            context.send_viewport_cmd(egui::ViewportCommand::Title(headline.clone()));
            self.headline = headline;
        }
    }

    /// Draws a frame and carries out what the user did in it.
    pub fn show(&mut self, ui: &mut egui::Ui) {
        self.clock.draw();
        if self.compared.is_some() {
            return self.show_compared(ui);
        }
        self.look_at_dropped();
        self.picture.draw(drawing(&self.draft, &self.view));
        self.look_at_selection();
        let replay = self.again.replay();
        let picture = replay.map_or(&self.picture, |replay| &replay.picture);
        let left_us = replay.map_or(0, |replay| replay.until_us() - replay.display_us());
        let live = self.picture.seen();
        self.lesson.observe(&self.draft.preset, live);
        let strip = self.lesson.strip(&self.draft.preset, live, self.view.lesson.analogy);
        let ended = strip.is_end && live.phase == Phase::Running;
        if let (true, Some(entry)) = (ended, self.chosen.and_then(|chosen| self.gallery.get_mut(chosen))) {
            entry.done = true;
        }
        let inputs = Inputs {
            preset: &self.draft.preset,
            revision: self.draft.revision,
            problems: &self.draft.problems,
            latest: self.picture.playback.latest(),
            shown: picture.seen(),
            display_us: picture.playback.display_us(),
            awaited: self.course != Course::Steady && self.course != Course::Clearing,
            strip: &strip,
            stage: &picture.stage,
            dots: &picture.dots,
            losses: &picture.losses,
            picture,
            moment: Moment {
                again: self.again.fault().map(|fault| (fault, left_us)),
                can_watch_again: self.again.is_possible(),
                late_us: self.picture.playback.late_us(),
            },
            undrawn_spans: self.picture.undrawn(),
            gallery: &self.gallery,
            chosen: self.chosen,
            question: self.desk.question(),
            recent: &self.keeping.recent,
            path: self.draft.path.as_deref(),
            dirty: self.draft.dirty,
            // That a fault cannot be undone is said to whoever asks for it.
            undo: self.after_fault.or(self.draft.undo_label()),
            redo: self.draft.redo_label(),
            notice: self.notice.as_ref(),
            laying_out: self.lay_out.is_busy(),
        };
        let actions = ui::show(ui, &inputs, &mut self.view);
        self.picture.playback.frozen = self.view.frozen;
        self.picture.playback.slow = self.view.slow;
        if !actions.is_empty() {
            ui.request_repaint();
        }
        for action in actions {
            self.carry_out(action);
        }
    }

    /// Remembers the requests of who is selected, now and in what is shown again.
    fn look_at_selection(&mut self) {
        for picture in [Some(&mut self.picture), self.again.picture_mut()].into_iter().flatten() {
            self.view.selection.follow(&mut picture.follow);
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, context: &egui::Context, frame: &mut eframe::Frame) {
        self.look_for_window(frame);
        let seconds = self.clock.step(context);
        self.advance_by(context, seconds);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }
}

/// What of the document is drawn.
fn drawing<'a>(draft: &'a Draft, view: &'a View) -> Drawing<'a> {
    Drawing {
        preset: &draft.preset,
        revision: Some(draft.revision),
        moved: &view.moved,
        most_dots: if view.is_building() { dots::STREAM } else { dots::LEGIBLE },
        sight: view.sight(),
    }
}

/// What the window opens on, and which built-in preset it is. What came from elsewhere is in no file.
fn opened((document, origin): (Document, Origin)) -> (Draft, Option<String>) {
    match origin {
        Origin::Builtin(name) => (Draft::of(document, None), Some(name)),
        Origin::File(path) => (Draft::of(document, Some(absolute(&path))), None),
        Origin::Elsewhere => (Draft::of(document, None).unsaved(None, None), None),
    }
}

fn entry(builtin: builtin::Builtin) -> Option<gallery::Entry> {
    let document = format::read(builtin.text).ok()?;
    Some(gallery::Entry::new(builtin.name, document.preset()))
}

/// The path from the root on, for it may be asked for from another folder.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
