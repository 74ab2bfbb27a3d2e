//! Everything that can be asked for, each thing once: its name, its keys, why not now, and what it does. Keys, buttons,
//! menus, the palette and the list of keys all go by this, so that they cannot disagree. What an edit means is
//! `topology::edit`'s; here it is only asked for.

mod about;
mod edits;
mod give;
mod menu;
mod modules;
mod refused;
mod sessions;
mod table;
mod words;

use egui::KeyboardShortcut;

use super::placing::Piece;
use crate::topology::Sessions;
use crate::topology::edit::{Axis, Edge};

pub(crate) use about::{main_keys, spelled_all};
pub(crate) use edits::paste;
pub(crate) use menu::{Spot, context_menu, entry};
pub(crate) use modules::Departure;
pub(crate) use table::TABLE;

/// Something that can be asked for. It is about what is selected, where it is about anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// Begin a run with the load only.
    Run,
    /// Begin a run with the scenario, that ends by itself.
    RunExperiment,
    /// Come to an end.
    Stop,
    /// Back to the beginning.
    Reset,
    /// Stop the picture, or let it go on.
    Freeze,
    /// Let the picture go slowly, or at its own speed.
    SlowMotion,
    /// Show the last fault once more, or return to now.
    WatchAgain,
    /// Let users act slower.
    SlowerPace,
    /// Let users act faster.
    FasterPace,
    /// Let users act much faster for a moment.
    Spike,
    /// SIGKILL to the selected replica.
    Kill,
    /// End the selected cache or database and take away what it keeps.
    LoseData,
    /// Have the selected replica, or all of the selected service, end from within.
    Crash,
    /// Ask of what, how and with which bug a new version is to be deployed to the selected service.
    Deploy,
    /// Bring back the version before.
    RollBack,
    /// SIGSTOP to the selected replica.
    Pause,
    /// SIGCONT to the selected replica.
    Resume,
    /// Begin the selected replica's next life now.
    Restart,
    /// An empty document.
    New,
    /// Open a file.
    Open,
    /// Save to the file that is open.
    Save,
    /// Save to another file.
    SaveAs,
    /// Copy the whole document as a text that others paste.
    Share,
    /// Save the report of the finished run.
    SaveReport,
    /// Save the lesson on paper.
    SaveHandout,
    /// Take the last edit back.
    Undo,
    /// Make it again.
    Redo,
    /// Copy what is selected and delete it.
    Cut,
    /// Copy what is selected.
    Copy,
    /// Put in what was copied.
    Paste,
    /// Put a copy of what is selected beside it.
    Duplicate,
    /// Delete what is selected.
    Delete,
    /// Delete what is selected, and link what it linked.
    DeleteAndReconnect,
    /// Select everything.
    SelectAll,
    /// Change the name of what is selected, where it stands.
    Rename,
    /// Keep the sessions of the selected services there, or of all services.
    KeepSessions(Sessions),
    /// Put the program that hosts nothing yet in the place of the selected service.
    ReplaceByProgram,
    /// Link the two selected nodes.
    Connect,
    /// Let something new follow the pointer until it is dropped.
    Place(Piece),
    /// Draw a frame around the selected nodes.
    Group,
    /// Take the frame away.
    Ungroup,
    /// Bring what is selected to one line.
    Align(Edge),
    /// Make the gaps between what is selected equal.
    Distribute(Axis),
    /// Lay the drawing out anew.
    AutoLayout,
    /// Have the automatic layout leave the selected nodes where they are.
    Pin,
    /// Let the automatic layout move them again.
    Unpin,
    /// Zoom in.
    ZoomIn,
    /// Zoom out.
    ZoomOut,
    /// One point of the screen for one of the drawing.
    ZoomTo100,
    /// See everything.
    Fit,
    /// See what is selected.
    ZoomToSelection,
    /// Ask which two systems are to be seen side by side, and measured.
    Compare,
    /// Show or hide what engineers need.
    Build,
    /// Show or hide the path of lessons.
    Lessons,
    /// Everything large, for a class.
    Present,
    /// The whole drawing in small.
    Minimap,
    /// The chart and the log.
    Figures,
    /// The field for a file's path.
    Path,
    /// Explain the shapes.
    Legend,
    /// Dark colours, or light ones.
    DarkColours,
    /// Numbers in place of moving dots.
    ReduceMotion,
    /// Name what is drawn after something from daily life.
    EverydayWords,
    /// Show what a teacher may say.
    TeachersNotes,
    /// The lesson's next step.
    NextStep,
    /// The lesson's step before.
    PreviousStep,
    /// Select the user after.
    NextUser,
    /// Select the user before.
    PreviousUser,
    /// The list that finds everything.
    Palette,
    /// Find nodes.
    Find,
    /// Select the next match.
    FindNext,
    /// Select the match before.
    FindPrevious,
    /// The list of keys.
    Keys,
}

/// Where a command stands in menus and in the list of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    /// The run and the time on the screen.
    Run,
    /// Documents.
    File,
    /// Changes of the drawing.
    Edit,
    /// What can be put on the canvas.
    Insert,
    /// Where things are.
    Arrange,
    /// What is seen, and how.
    View,
    /// Lessons and help.
    Learn,
}

impl Section {
    /// Every section, in the order of menus.
    pub(crate) const ALL: [Self; 7] =
        [Self::Run, Self::File, Self::Edit, Self::Insert, Self::Arrange, Self::View, Self::Learn];

    /// Its heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Run => "Run",
            Self::File => "File",
            Self::Edit => "Edit",
            Self::Insert => "Insert",
            Self::Arrange => "Arrange",
            Self::View => "View",
            Self::Learn => "Lessons and help",
        }
    }
}

/// A command in words, with its keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About {
    pub(crate) command: Command,
    pub(crate) section: Section,
    /// Its name, as a menu has it.
    pub(crate) title: &'static str,
    /// What it does, in half a sentence.
    pub(crate) does: &'static str,
    /// The keys that ask for it, the one to be shown first.
    pub(crate) keys: &'static [KeyboardShortcut],
}

#[cfg(test)]
mod tests;
