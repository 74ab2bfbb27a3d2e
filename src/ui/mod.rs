//! The window: draws what it is given and returns what the user wants. Never blocks, locks or spawns, and knows no
//! runtime: a frame is a function from the document, two snapshots and the scene to a list of actions.

pub mod action;
mod arrange;
mod build_bar;
mod button;
mod canvas;
mod chart;
mod files;
pub mod gallery;
mod glyphs;
mod icons;
mod inspector;
mod keys;
mod keys_list;
mod lesson;
mod log;
mod menu;
mod notices;
mod person;
mod presenter;
mod request;
mod score;
pub mod selection;
mod style;
pub(crate) mod theme;
pub mod time;
mod toolbar;

use std::collections::BTreeMap;
use std::path::Path;

use egui::Ui;

use crate::control::Snapshot;
use crate::control::snapshot::Phase;
use crate::scene::dots::Dots;
use crate::scene::lesson::Strip;
use crate::scene::people::RecentLosses;
use crate::scene::words::Words;
use crate::scene::{Picture, Point, Stage};
use crate::topology::{NodeId, Preset, Problem, Severity};

pub(crate) use score::headline;

use action::Action;
use selection::Selection;

/// Everything that a frame is drawn from.
pub struct Inputs<'a> {
    /// The document.
    pub preset: &'a Preset,
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
    /// The file that the document came from or went to.
    pub path: Option<&'a Path>,
    /// Whether there are edits that are not in a file.
    pub dirty: bool,
    /// Whether there is something to undo, and to redo.
    pub undo: (bool, bool),
    /// A message to be read and put away.
    pub notice: Option<&'a notices::Notice>,
}

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
        let first = self.problems.iter().find(|problem| problem.severity == Severity::Error)?;
        Some(format!("Cannot run yet: {}", first.message))
    }

    fn is_running(&self) -> bool {
        matches!(self.latest.phase, Phase::Starting | Phase::Running | Phase::Settling | Phase::Stopping)
    }

    fn can_stop(&self) -> bool {
        matches!(self.latest.phase, Phase::Starting | Phase::Running)
    }
}

/// What the window itself remembers from frame to frame.
#[derive(Debug)]
pub struct View {
    pub(crate) camera: canvas::camera::Camera,
    /// What is selected.
    pub selection: Selection,
    /// The cards that are being dragged, and where they are.
    pub dragged: BTreeMap<NodeId, Point>,
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
    /// Whether the shapes are explained.
    pub(crate) legend: bool,
    /// Whether what moves is shown by numbers instead.
    pub(crate) reduce_motion: bool,
    /// Whether the list of keys is shown.
    pub(crate) keys: bool,
    /// How the window was before it was made large for a class; `None` when it is not.
    pub(crate) presenter: Option<presenter::Before>,
    /// The warnings that were put away.
    pub(crate) hushed: Vec<Problem>,
    pub(crate) lesson: lesson::Memory,
    pub(crate) files: bool,
    pub(crate) path_text: String,
    pub(crate) chart_top: f64,
}

impl Default for View {
    fn default() -> Self {
        Self {
            camera: canvas::camera::Camera::default(),
            selection: Selection::Nothing,
            dragged: BTreeMap::new(),
            frozen: false,
            slow: false,
            gallery: true,
            gallery_opened: false,
            build: false,
            legend: true,
            reduce_motion: false,
            keys: false,
            presenter: None,
            hushed: Vec::new(),
            lesson: lesson::Memory::default(),
            files: false,
            path_text: String::new(),
            chart_top: 0.0,
        }
    }
}

impl View {
    /// Whether what is shown is for engineers, who build, and not for a lesson.
    pub fn is_building(&self) -> bool {
        self.build
    }

    /// Looks at another document: everything fitted in, nothing selected.
    pub fn start_over(&mut self) {
        self.camera.fit_again();
        self.selection = Selection::Nothing;
        self.dragged.clear();
        self.frozen = false;
        self.slow = false;
        self.chart_top = 0.0;
        self.lesson.start_over();
    }
}

/// Sets fonts and colours. Once, when the window opens.
pub fn install(context: &egui::Context) {
    style::install(context);
}

/// Draws a frame, and returns what the user did.
pub fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View) -> Vec<Action> {
    let mut actions = Vec::new();
    // Before the others: Esc leaves the past before it leaves anything else.
    time::read_keys(ui, inputs, view, &mut actions);
    keys::read(ui, inputs, view, &mut actions);
    keys::read_lesson(ui, view, &mut actions);
    arrange::show(ui, inputs, view, &mut actions);
    actions
}
