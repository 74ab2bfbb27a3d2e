//! Other words for commands: what people who know other programs, or mean the effect and not the name, type into the
//! palette. They are found, not shown.

use crate::scene::CardKind;
use crate::topology::Sessions;
use crate::topology::edit::Axis;
use crate::ui::placing::Piece;

use super::Command;

impl Command {
    /// Words by which the command is found beside those of its title, in small letters with spaces between.
    pub(crate) fn other_words(self) -> &'static str {
        if matches!(self, Self::Align(_)) {
            return "arrange line up";
        }
        OTHERS.iter().find(|(command, _)| *command == self).map_or("", |(_, words)| words)
    }
}

const OTHERS: &[(Command, &str)] = &[
    (Command::Run, "start play begin launch go"),
    (Command::RunExperiment, "start play scenario test verdict"),
    (Command::Stop, "end halt finish quit"),
    (Command::Reset, "clear restart again"),
    (Command::Freeze, "pause halt stand still picture"),
    (Command::SlowMotion, "slower motion picture"),
    (Command::WatchAgain, "replay repeat rewind"),
    (Command::SlowerPace, "speed tempo load rate less traffic"),
    (Command::FasterPace, "speed tempo load rate more traffic"),
    (Command::Spike, "burst peak rush surge load more traffic"),
    (Command::Kill, "terminate unplug fail break fault"),
    (Command::LoseData, "wipe delete erase disk broken database cache fault"),
    (Command::Crash, "abort panic bug fail break fault"),
    (Command::Deploy, "release ship rollout rolling recreate canary upgrade update bug"),
    (Command::RollBack, "revert undo deploy release rollback previous"),
    (Command::ReplaceByProgram, "swap exchange rewrite language python go java external"),
    (Command::Pause, "hang stall suspend break fault"),
    (Command::Resume, "continue unpause"),
    (Command::Restart, "start revive respawn"),
    (Command::New, "create empty blank document"),
    (Command::Open, "load import file document"),
    (Command::Save, "write file document"),
    (Command::SaveAs, "write export copy file document"),
    (Command::Share, "export send link copy text url"),
    (Command::Path, "file location open save"),
    (Command::SaveReport, "export results figures json"),
    (Command::SaveHandout, "export print paper worksheet html"),
    (Command::Undo, "revert back"),
    (Command::Redo, "repeat forward"),
    (Command::Cut, "remove clipboard"),
    (Command::Copy, "clipboard"),
    (Command::Paste, "insert import clipboard"),
    (Command::Duplicate, "clone copy"),
    (Command::Delete, "remove erase"),
    (Command::DeleteAndReconnect, "remove bridge"),
    (Command::SelectAll, "everything mark"),
    (Command::Rename, "name title text edit"),
    (Command::KeepSessions(Sessions::Store), "move sessions to the shared external cache redis database stateless"),
    (Command::KeepSessions(Sessions::Memory), "move sessions to the local replica process stateful"),
    (Command::KeepSessions(Sessions::Token), "move sessions to the jwt signed cookie client stateless"),
    (Command::Find, "search look locate"),
    (Command::FindNext, "search"),
    (Command::FindPrevious, "search"),
    (Command::Place(Piece::Node(CardKind::Users)), "new insert node people clients customers load generator traffic"),
    (Command::Place(Piece::Node(CardKind::Gateway)), "new insert node load balancer proxy router ingress"),
    (
        Command::Place(Piece::Node(CardKind::Service)),
        "new insert node server backend application microservice monolith",
    ),
    (Command::Place(Piece::Node(CardKind::Cache)), "new insert node store database redis shared sessions"),
    (Command::Place(Piece::Note), "new insert comment text annotation"),
    (Command::Connect, "link wire edge arrow line"),
    (Command::Group, "frame box container"),
    (Command::Ungroup, "frame box dissolve"),
    (Command::Distribute(Axis::Across), "arrange space spread evenly horizontally"),
    (Command::Distribute(Axis::Down), "arrange space spread evenly vertically"),
    (Command::AutoLayout, "automatic layout arrange tidy clean order"),
    (Command::Pin, "fix lock hold"),
    (Command::Unpin, "unlock release"),
    (Command::ZoomIn, "larger bigger magnify"),
    (Command::ZoomOut, "smaller"),
    (Command::Fit, "zoom whole everything overview"),
    (Command::ZoomTo100, "actual size original"),
    (Command::Build, "edit editor engineer mode"),
    (Command::Compare, "versus two systems side by side measure table monolith microservices trials"),
    (Command::Present, "fullscreen projector beamer class large"),
    (Command::Minimap, "overview map"),
    (Command::Figures, "chart graph plot metrics statistics events"),
    (Command::Legend, "symbols shapes help meaning"),
    (Command::DarkColours, "theme night light mode colors"),
    (Command::ReduceMotion, "animation accessibility calm"),
    (Command::Lessons, "gallery presets examples tutorial course"),
    (Command::EverydayWords, "analogy metaphor"),
    (Command::TeachersNotes, "hints"),
    (Command::NextStep, "forward on"),
    (Command::PreviousStep, "back"),
    (Command::Keys, "shortcuts hotkeys keyboard help"),
];
