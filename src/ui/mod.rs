//! The window: draws what it is given and returns what the user wants. Never blocks, locks or spawns, and knows no
//! runtime: a frame is a function from the document, two snapshots and the scene to a list of actions.

pub mod action;
mod alone;
mod arrange;
mod bottom;
mod build_bar;
mod build_strip;
mod button;
mod canvas;
mod chart;
pub(crate) mod command;
mod command_palette;
pub mod compare;
mod deploy;
mod dropping;
mod empty;
pub mod files;
mod find;
pub mod gallery;
mod glyphs;
mod icons;
mod inspector;
mod keys;
mod keys_list;
mod lesson;
mod log;
mod look;
mod menu;
mod menus;
mod minimap;
mod notices;
mod person;
mod placing;
mod presenter;
mod problems;
pub mod question;
mod replica_log;
mod request;
mod score;
pub mod selection;
mod shelf;
mod sight;
mod style;
pub(crate) mod theme;
pub mod time;
mod toolbar;
mod written;

use std::path::Path;

use egui::Ui;

use crate::control::Snapshot;
use crate::control::snapshot::Phase;
use crate::scene::dots::Dots;
use crate::scene::lesson::Strip;
use crate::scene::people::RecentLosses;
use crate::scene::words::Words;
use crate::scene::{self, Moved, Picture, Stage};
use crate::topology::edit::Item;
use crate::topology::{Preset, Problem, Severity};

pub(crate) use score::headline;

use action::Action;
use placing::Placing;
use selection::Selection;

/// Everything that a frame is drawn from.
pub struct Inputs<'a> {
    /// The document.
    pub preset: &'a Preset,
    /// Another number after every change of it.
    pub revision: u64,
    /// What is wrong with it.
    pub problems: &'a [Problem],
    /// The run as it is: for what answers clicks.
    pub latest: &'a Snapshot,
    /// The run as it was at the moment on the screen: for what is drawn.
    pub shown: &'a Snapshot,
    /// The moment on the screen, in microseconds of run time.
    pub display_us: u64,
    /// Whether the system was told to start and has not said so yet.
    pub awaited: bool,
    /// Where cards and cells are.
    pub stage: &'a Stage,
    /// What the lesson's strip says.
    pub strip: &'a Strip,
    /// The requests under way.
    pub dots: &'a Dots,
    /// Who lost what just now.
    pub losses: &'a RecentLosses,
    /// The picture that is on the screen.
    pub picture: &'a Picture,
    /// Which time is on the screen.
    pub moment: time::Moment<'a>,
    /// Spans that could not be drawn.
    pub undrawn_spans: u64,
    /// The presets to choose from.
    pub gallery: &'a [gallery::Entry],
    /// Which of them is open.
    pub chosen: Option<usize>,
    /// What must be answered before anything else.
    pub question: Option<&'a question::Question>,
    /// The files that were open last, the newest first.
    pub recent: &'a [files::Recent],
    /// The file that the document came from or went to.
    pub path: Option<&'a Path>,
    /// Whether there are edits that are not in a file.
    pub dirty: bool,
    /// What undo would take back; `None` where there is nothing.
    pub undo: Option<&'a str>,
    /// What redo would make again.
    pub redo: Option<&'a str>,
    /// A message to be read and put away.
    pub notice: Option<&'a notices::Notice>,
    /// Whether the drawing is being laid out.
    pub laying_out: bool,
}

pub use alone::show_canvas;
pub use look::Look;
pub use notices::Notice;

impl<'a> Inputs<'a> {
    /// The words for things: the field's, or those of the lesson's analogy.
    fn words(&self, view: &View) -> Words<'a> {
        Words::of(&self.preset.lesson, view.lesson.analogy)
    }
}

impl Inputs<'_> {
    /// Why a run cannot begin now; `None` when it can.
    fn run_refused(&self) -> Option<String> {
        if self.awaited || self.is_running() {
            return Some("It runs already".to_owned());
        }
        self.run_problem().map(|problem| format!("Cannot run yet: {problem}"))
    }

    /// What is wrong with the drawing, so that it cannot run.
    fn run_problem(&self) -> Option<&str> {
        let first = self.problems.iter().find(|problem| problem.severity == Severity::Error)?;
        Some(&first.message)
    }

    fn is_running(&self) -> bool {
        matches!(self.latest.phase, Phase::Starting | Phase::Running | Phase::Settling | Phase::Stopping)
    }

    /// Whether users act.
    fn is_acting(&self) -> bool {
        self.latest.phase == Phase::Running
    }

    fn can_stop(&self) -> bool {
        matches!(self.latest.phase, Phase::Starting | Phase::Running)
    }
}

/// What the window itself remembers from frame to frame.
#[derive(Debug)]
pub struct View {
    pub(crate) camera: canvas::camera::Camera,
    /// What was painted of the canvas.
    pub(crate) kept: canvas::kept::Kept,
    /// What of the drawing was seen last, and somewhat more.
    pub(crate) sight: Option<scene::Rect>,
    /// What of it was seen in the last frame.
    pub(crate) seen: Option<scene::Rect>,
    /// Where the canvas was when it was last drawn.
    pub(crate) frame: egui::Rect,
    /// The camera's way to somewhere else, while it is on it.
    pub(crate) glide: Option<sight::Glide>,
    /// The command palette, while it is open.
    pub(crate) asking: Option<command_palette::Asking>,
    /// What was chosen in the palette of late, the newest first.
    pub(crate) asked_before: Vec<command_palette::Wanted>,
    /// Where a menu asked for what was copied, and when, in seconds of the window's time.
    pub(crate) paste_at: Option<(scene::Point, f64)>,
    /// The search, while its bar is open.
    pub(crate) find: Option<find::Find>,
    /// What is selected.
    pub selection: Selection,
    /// What is on its way by a gesture or an animation, and where it is.
    pub moved: Moved,
    /// What is being dropped from the palette.
    pub(crate) placing: Option<Placing>,
    pub(crate) hand: canvas::Hand,
    /// What is to be given another name or text, where it stands.
    pub(crate) renaming: Option<Item>,
    /// Whether the picture stands still.
    pub frozen: bool,
    /// Whether the picture goes slowly.
    pub slow: bool,
    /// Whether the path of lessons is shown.
    pub(crate) gallery: bool,
    /// Whether the path is opened although the window is narrow.
    pub(crate) gallery_opened: bool,
    /// Whether everything for engineers is shown.
    pub(crate) build: bool,
    /// Whether the whole drawing is shown in small; `None` for whenever it is larger than the canvas.
    pub(crate) minimap: Option<bool>,
    pub(crate) sizes: look::Sizes,
    pub(crate) minimap_drawn: minimap::Memory,
    /// Whether the chart and the log are shown in Build once something has run.
    pub(crate) figures: bool,
    /// Whether the shapes are explained.
    pub(crate) legend: bool,
    /// Whether what moves is shown by numbers instead.
    pub(crate) reduce_motion: bool,
    /// Whether the list of keys is shown.
    pub(crate) keys: bool,
    /// The deploy that is being chosen.
    pub(crate) deploying: Option<deploy::Choice>,
    /// How the window was before it was made large for a class; `None` when it is not.
    pub(crate) presenter: Option<presenter::Before>,
    /// The warnings that were put away.
    pub(crate) hushed: Vec<Problem>,
    /// Where messages are.
    pub(crate) notice_spot: notices::Spot,
    pub(crate) lesson: lesson::Memory,
    pub(crate) files: Option<files::Bar>,
    pub(crate) path_text: String,
    pub(crate) inspector: inspector::Memory,
    pub(crate) bottom: bottom::Memory,
    pub(crate) compare: compare::Memory,
}

impl Default for View {
    fn default() -> Self {
        Self {
            kept: canvas::kept::Kept::default(),
            camera: canvas::camera::Camera::default(),
            sight: None,
            seen: None,
            frame: egui::Rect::ZERO,
            glide: None,
            asking: None,
            asked_before: Vec::new(),
            paste_at: None,
            find: None,
            selection: Selection::Nothing,
            moved: Moved::default(),
            placing: None,
            hand: canvas::Hand::default(),
            renaming: None,
            frozen: false,
            slow: false,
            gallery: true,
            gallery_opened: false,
            build: false,
            minimap: None,
            sizes: look::Sizes::default(),
            minimap_drawn: minimap::Memory::default(),
            figures: true,
            legend: true,
            reduce_motion: false,
            keys: false,
            deploying: None,
            presenter: None,
            hushed: Vec::new(),
            notice_spot: notices::Spot::default(),
            lesson: lesson::Memory::default(),
            files: None,
            path_text: String::new(),
            inspector: inspector::Memory::default(),
            bottom: bottom::Memory::default(),
            compare: compare::Memory::default(),
        }
    }
}

impl View {
    /// Points of the screen for each unit of the drawing.
    pub fn zoom(&self) -> f32 {
        self.camera.zoom()
    }

    /// The part of the drawing that was seen last, and somewhat more, so that moving about uncovers nothing empty.
    pub fn sight(&self) -> Option<scene::Rect> {
        self.sight
    }

    /// Whether what is shown is for engineers, who build, and not for a lesson.
    pub fn is_building(&self) -> bool {
        self.build
    }

    /// Shows everything for engineers.
    pub fn show_build(&mut self) {
        self.build = true;
    }

    /// Does not show these problems on the drawing, for they are said elsewhere.
    pub fn put_away(&mut self, problems: &[Problem]) {
        self.hushed.extend_from_slice(problems);
    }

    /// Looks at another document: everything fitted in, nothing selected.
    pub fn start_over(&mut self) {
        self.camera.fit_again();
        self.glide = None;
        self.find = None;
        self.selection = Selection::Nothing;
        self.moved = Moved::default();
        self.placing = None;
        self.deploying = None;
        self.hand = canvas::Hand::default();
        self.frozen = false;
        self.slow = false;
        self.inspector = inspector::Memory::default();
        self.bottom = bottom::Memory::default();
        self.lesson.start_over();
    }
}

impl View {
    /// Whether what moves is shown by numbers, and places change at once.
    pub fn reduces_motion(&self) -> bool {
        self.reduce_motion
    }

    /// Whether the path of lessons is asked for: in Build it lies above the canvas.
    pub(crate) fn shows_lessons(&self) -> bool {
        if self.build { self.gallery_opened } else { self.gallery }
    }
}

/// Sets fonts and colours, and makes room for frames. Once, when the window opens.
pub fn install(context: &egui::Context) {
    style::install(context);
    context.add_plugin(canvas::Recut::default());
    // Whoever paints looks for itself what is in sight. To find out again costs a look at every corner of what was cut
    // before, which took a seventh of a frame.
    context.tessellation_options_mut(|options| options.coarse_tessellation_culling = false);
    keep_room();
}

/// Each frame's triangles take a few megabytes anew. Without this, glibc gives so much back to the system and gets it page by
/// page again in every frame, which took a third of a frame with twenty thousand dots: from a large block that is given back
/// it learns to keep as much (mallopt(3), "dynamic mmap threshold"; 32 MiB is the most that it learns from). Other allocators
/// do not mind.
fn keep_room() {
    const MOST: usize = (32 << 20) - (64 << 10);
    drop(std::hint::black_box(Vec::<u8>::with_capacity(MOST)));
}

/// Draws a frame, and returns what the user did.
pub fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View) -> Vec<Action> {
    let mut actions = Vec::new();
    canvas::keep_up(ui, inputs, view);
    // Before the keys: Esc in a field is the field's.
    view.inspector.begin_frame(ui, inputs);
    // What asks something has the keyboard to itself, and Esc answers it.
    let asks = inputs.question.is_some() || view.deploying.is_some() || view.compare.choice.is_some();
    if !asks {
        canvas::read_first_keys(ui, view);
        keys::read(ui, inputs, view, &mut actions);
    }
    arrange::show(ui, inputs, view, &mut actions);
    view.inspector.end_frame(inputs.preset, &mut actions);
    deploy::show(ui, inputs, view, &mut actions);
    compare::choice::show(ui, inputs, view, &mut actions);
    question::show(ui, inputs.question, &mut actions);
    dropping::show(ui);
    written::put_edits_first(&mut actions);
    canvas::follow_up(inputs, view, &mut actions);
    actions
}
