//! Wires the window: holds the document, the scene and the running system, and carries out what the user wants. It
//! decides nothing about the system itself: that is `control`'s.

mod again;
mod backend;
mod carry_out;
mod disk;
mod draft;
mod mark;
mod reports;
mod shots;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::control::Snapshot;
use crate::control::snapshot::Phase;
use crate::scene::lesson::Progress;
use crate::scene::{Drawing, Picture, dots};
use crate::topology::format::{self, Document};
use crate::topology::{Preset, Problem, builtin};
use crate::ui::time::Moment;
use crate::ui::{self, Inputs, Notice, View, gallery};

pub use backend::Backend;
pub use disk::FileAccess;
pub use shots::Shot;

use again::Again;
use disk::{Answer, Disk};
use draft::Draft;
use reports::Reports;
use shots::Shots;

/// While something moves, a frame is drawn this often.
const FRAME: std::time::Duration = std::time::Duration::from_millis(16);

/// How long a message stays that asks for nothing, in seconds.
const READ_S: f64 = 10.0;

/// What the window opens on.
#[derive(Debug)]
pub struct Opening {
    /// The preset that was read, and the file or built-in name that it came from.
    pub preset: Option<(Document, Origin)>,
    /// Pictures of the window to be made on the way.
    pub shots: Vec<Shot>,
    /// How files are read and written.
    pub files: FileAccess,
    /// Where the report of each finished run is saved, without being asked.
    pub report: Option<PathBuf>,
    /// Whether the experiment begins at once, as if its button had been clicked.
    pub experiment: bool,
}

/// Where a preset comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A built-in preset of this name.
    Builtin(String),
    /// A file.
    File(PathBuf),
    /// Neither: standard input, or a test.
    Elsewhere,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// There is no display, or none that can be drawn on.
    #[error("cannot open a window: {0}")]
    NoDisplay(String),
    /// There is a display, but nothing could be run.
    #[error("cannot run anything: {0}")]
    NoBackend(io::Error),
}

/// Opens the window and returns when it is closed. `connect` gets the means to wake the window when there is news.
///
/// # Errors
/// When there is no display; then nothing has been started.
pub fn run(
    opening: Opening,
    connect: impl FnOnce(egui::Context) -> io::Result<Box<dyn Backend>>,
) -> Result<(), WindowError> {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Brownout")
            .with_app_id("brownout")
            .with_icon(mark::icon())
            .with_inner_size([1280.0, 800.0])
            .with_min_inner_size([760.0, 480.0]),
        ..eframe::NativeOptions::default()
    };
    let mut refused = None;
    let result = eframe::run_native(
        "Brownout",
        options,
        Box::new(|creation| match connect(creation.egui_ctx.clone()) {
            Ok(backend) => Ok(Box::new(App::new(&creation.egui_ctx, opening, backend))),
            Err(error) => {
                refused = Some(error);
                Err("nothing can be run".into())
            }
        }),
    );
    match (refused, result) {
        (Some(error), _) => Err(WindowError::NoBackend(error)),
        (None, Err(error)) => Err(WindowError::NoDisplay(error.to_string())),
        (None, Ok(())) => Ok(()),
    }
}

/// The window with all that it holds.
pub struct App {
    backend: Box<dyn Backend>,
    draft: Draft,
    gallery: Vec<gallery::Entry>,
    chosen: Option<usize>,
    view: View,
    picture: Picture,
    again: Again,
    lesson: Progress,
    disk: Disk,
    reports: Reports,
    headline: String,
    shots: Shots,
    notice: Option<Notice>,
    /// Since when the message is on the screen, in seconds of the window's time.
    told_s: Option<f64>,
    course: Course,
    /// What the system said when it was last told to start.
    before: Arc<Snapshot>,
    /// The last thing done was a fault, which cannot be undone.
    after_fault: Option<&'static str>,
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
        let gallery: Vec<gallery::Entry> = builtin::all().into_iter().filter_map(entry).collect();
        let (document, origin) = match opening.preset {
            Some((document, origin)) => (Some(document), origin),
            None => (None, Origin::Elsewhere),
        };
        let chosen = match &origin {
            Origin::Builtin(name) => gallery.iter().position(|entry| entry.name == *name),
            Origin::File(_) | Origin::Elsewhere => None,
        };
        let path = if let Origin::File(path) = origin { Some(path) } else { None };
        let mut app = Self {
            backend,
            draft: document.map_or_else(|| Draft::new(Preset::default()), |document| Draft::of(document, path)),
            gallery,
            chosen,
            view: View::default(),
            picture: Picture::default(),
            again: Again::new(),
            lesson: Progress::default(),
            disk: Disk::new(context.clone(), opening.files),
            reports: Reports::new(opening.report),
            headline: String::new(),
            shots: Shots::new(opening.shots),
            notice: None,
            told_s: None,
            course: Course::Steady,
            before: Arc::default(),
            after_fault: None,
        };
        if opening.experiment {
            app.start(true);
        }
        app
    }

    /// The drawing as it is now.
    pub fn preset(&self) -> &Preset {
        &self.draft.preset
    }

    /// Takes a document in place of the one that is open.
    fn take(&mut self, document: Document, path: Option<PathBuf>) {
        self.draft = Draft::of(document, path);
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

    fn receive(&mut self, answer: Answer) {
        match answer {
            Answer::Opened { path, bytes } => match read(&bytes) {
                Ok(document) => {
                    self.leave();
                    self.chosen = None;
                    self.view.path_text = path.display().to_string();
                    self.take(document, Some(path));
                }
                Err(problems) => self.tell(spell(&path.display().to_string(), &problems), true),
            },
            Answer::Saved { path } => {
                self.view.path_text = path.display().to_string();
                self.tell(format!("Saved {}", path.display()), false);
                self.draft.saved(path);
            }
            Answer::PaperSaved { paper, path } => {
                self.tell(format!("Saved the {} as {}", paper.name(), path.display()), false);
            }
            Answer::PaperNotChosen(paper) => {
                let (name, otherwise) = (paper.name(), paper.otherwise());
                self.tell(format!("The {name} was not saved. In a terminal: {otherwise}"), false);
            }
            Answer::NotChosen => self.view.files = true,
            Answer::Failed { message } => self.tell(message, true),
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
        self.shots.advance(context);
        while let Some(answer) = self.disk.answer() {
            self.receive(answer);
        }
        self.follow_course();
        self.reports.observe(&self.backend.snapshot(), &mut self.disk);
        self.tick_off();
        let spans = self.backend.take_spans();
        if self.course != Course::Clearing {
            let seconds = context.input(|input| input.stable_dt.min(0.1));
            let snapshot = self.backend.snapshot();
            self.picture.advance(Arc::clone(&snapshot), spans.clone(), seconds);
            self.again.record(&snapshot, &spans, self.picture.playback.display_us());
            if !self.view.frozen {
                self.again.advance(&self.draft.preset, seconds);
            }
        }
        self.let_notice_go(context);
        self.say_headline(context);
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
        let headline = ui::headline(&self.draft.preset, self.picture.seen());
        if headline != self.headline {
            context.send_viewport_cmd(egui::ViewportCommand::Title(headline.clone()));
            self.headline = headline;
        }
    }

    /// Draws a frame and carries out what the user did in it.
    pub fn show(&mut self, ui: &mut egui::Ui) {
        let (preset, revision) = (&self.draft.preset, Some(self.draft.revision));
        let most_dots = if self.view.is_building() { dots::STREAM } else { dots::LEGIBLE };
        self.picture.draw(Drawing { preset, revision, moved: &self.view.dragged, most_dots });
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
            path: self.draft.path.as_deref(),
            dirty: self.draft.dirty,
            undo: self.draft.can(),
            notice: self.notice.as_ref(),
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
    fn logic(&mut self, context: &egui::Context, _frame: &mut eframe::Frame) {
        self.advance(context);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }
}

fn entry(builtin: builtin::Builtin) -> Option<gallery::Entry> {
    let document = format::read(builtin.text).ok()?;
    Some(gallery::Entry::new(builtin.name, document.preset()))
}

/// Reads a file as far as it can be understood.
fn read(bytes: &[u8]) -> Result<Document, Vec<Problem>> {
    format::read_lenient(format::text_of(bytes)?)
}

/// The first problem with its place, and how many there are besides.
fn spell(file: &str, problems: &[Problem]) -> String {
    let first = problems.first().map(ToString::to_string).unwrap_or_default();
    match problems.len() {
        0 | 1 => format!("cannot open {file}:{first}"),
        count => format!("cannot open {file}:{first} (and {} more)", count - 1),
    }
}
