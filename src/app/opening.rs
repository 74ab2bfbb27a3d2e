//! Opening the window: what it opens on, and why there may be none.

use std::io;
use std::path::PathBuf;

use crate::topology::format::Document;

use super::recovery::LastWords;
use super::remembered::Remembered;
use super::{App, Backend, FileAccess, Shot, StateDirs, mark};

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
    /// Where what outlives the window is kept; without it, nothing is.
    pub state: Option<StateDirs>,
}

impl Opening {
    /// What is remembered of the window, and why it is not what it could be.
    pub(super) fn remembered(&self) -> (Remembered, Option<String>) {
        let read = |state: &StateDirs| Remembered::read(&state.window(), self.files);
        self.state.as_ref().map(read).unwrap_or_default()
    }
}

/// Where a preset comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A built-in preset of this name.
    Builtin(String),
    /// A file.
    File(PathBuf),
    /// Neither, so it is in no file yet: standard input, a shared text, or a test.
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
    /// The window was there and could not go on.
    #[error("the window was lost: {reason}")]
    Lost {
        /// What the system said.
        reason: String,
        /// The file that holds what was not saved.
        kept: Option<PathBuf>,
    },
}

/// Opens the window and returns when it is closed. `connect` gets the means to wake the window when there is news.
///
/// Where the system ends the process because the display is gone, standard error says where unsaved work is.
///
/// # Errors
/// When there is no display, and then nothing has been started; and when the window is lost.
pub fn run(
    opening: Opening,
    connect: impl FnOnce(egui::Context) -> io::Result<Box<dyn Backend>>,
) -> Result<(), WindowError> {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Brownout")
        .with_app_id("brownout")
        .with_icon(mark::icon())
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([760.0, 480.0]);
    let viewport = opening.remembered().0.place(viewport);
    let options = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    let (mut refused, mut opened) = (None, false);
    let result = eframe::run_native(
        "Brownout",
        options,
        Box::new(|creation| match connect(creation.egui_ctx.clone()) {
            Ok(backend) => {
                let app = App::new(&creation.egui_ctx, opening, backend);
                opened = true;
                app.keeping.watch().into_iter().for_each(LastWords::prepare);
                Ok(Box::new(app))
            }
            Err(error) => {
                refused = Some(error);
                Err("nothing can be run".into())
            }
        }),
    );
    let watch = LastWords::withdraw();
    match (refused, result) {
        (Some(error), _) => Err(WindowError::NoBackend(error)),
        (None, Err(error)) if opened => {
            Err(WindowError::Lost { reason: error.to_string(), kept: watch.and_then(|watch| watch.flush()) })
        }
        (None, Err(error)) => Err(WindowError::NoDisplay(error.to_string())),
        (None, Ok(())) => Ok(()),
    }
}
