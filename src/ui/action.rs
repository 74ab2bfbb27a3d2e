//! What the window saw the user want. The app carries it out; the window itself changes nothing but its own view.

use std::path::PathBuf;

use crate::control::Pace;
use crate::topology::edit::Step;
use crate::topology::{Act, Problem, Target};

use crate::scene::lesson::Turn;

use super::compare::Wish;
use super::gallery::Choice;
use super::question::Answer;
use super::selection::Selection;

/// Something that the user did.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Begin a run. With `experiment`, the scenario is played and the run ends by itself.
    Run {
        /// Whether to play the scenario and end after the preset's duration.
        experiment: bool,
    },
    /// Come to an end, with a report.
    Stop,
    /// Back to the beginning: afresh when it was running, else empty.
    Reset,
    /// Do this to the running system.
    Act {
        /// What.
        act: Act,
        /// To what.
        on: Target,
    },
    /// Let users act slower or faster.
    Pace(Pace),
    /// Let users act much faster for a moment.
    Spike,
    /// Show the last fault again, or return to now.
    WatchAgain(bool),
    /// Change the drawing. One step for undo.
    Edit(Step),
    /// Lay the drawing out anew, in one step.
    LayOut,
    /// An edit cannot be done, and this is why.
    Refused(Problem),
    /// Take the last edit back.
    Undo,
    /// Make the edit that was taken back again.
    Redo,
    /// Open a preset of the gallery.
    Choose(Choice),
    /// Select something, or nothing.
    Select(Selection),
    /// Begin a new document.
    New,
    /// Ask for a file to open, by the system's dialog.
    OpenDialog,
    /// Save to the file of the document; ask for one where it has none.
    Save,
    /// Ask for a file to save to, by the system's dialog.
    SaveDialog,
    /// Ask for a file to save the report of the finished run to, by the system's dialog.
    SaveReport,
    /// Ask for a file to save the lesson on paper to, by the system's dialog.
    SaveHandout,
    /// Open this file.
    Open(PathBuf),
    /// Save to this file.
    SaveTo(PathBuf),
    /// Copy the document to the clipboard as one line of text.
    Share,
    /// This text was pasted onto the canvas: a shared document, or nodes that were copied.
    PasteText(String),
    /// The answer to the question that is on the screen.
    Answer(Answer),
    /// Put a message away.
    Dismiss,
    /// Do something in a comparison, or begin one.
    Compare(Wish),
    /// Do something in the lesson's strip.
    Lesson(Turn),
}

impl Action {
    /// Whether it is about the document as a whole, and so also about what is still being written.
    pub(crate) fn is_about_all(&self) -> bool {
        match self {
            Self::Run { .. }
            | Self::Reset
            | Self::LayOut
            | Self::Choose(_)
            | Self::New
            | Self::OpenDialog
            | Self::Save
            | Self::SaveDialog
            | Self::SaveHandout
            | Self::Open(_)
            | Self::SaveTo(_)
            | Self::Share
            | Self::PasteText(_)
            | Self::Compare(_) => true,
            Self::Stop
            | Self::Act { .. }
            | Self::Pace(_)
            | Self::Spike
            | Self::WatchAgain(_)
            | Self::Edit(_)
            | Self::Refused(_)
            | Self::Undo
            | Self::Redo
            | Self::Select(_)
            | Self::SaveReport
            | Self::Answer(_)
            | Self::Dismiss
            | Self::Lesson(_) => false,
        }
    }

    /// The edit, or the reason why there is none.
    pub fn edit(step: Result<Step, Problem>) -> Self {
        step.map_or_else(Self::Refused, Self::Edit)
    }
}
