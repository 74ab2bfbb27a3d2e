//! The table of commands: names, keys, and the half sentence that tooltips say.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::{About, Command, Section};
use crate::scene::CardKind;
use crate::topology::Sessions;
use crate::topology::edit::{Axis, Edge};
use crate::ui::placing::Piece;

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

const fn row(
    section: Section,
    command: Command,
    title: &'static str,
    does: &'static str,
    keys: &'static [KeyboardShortcut],
) -> About {
    About { command, section, title, does, keys }
}

/// Every command, in the order of menus and of the list of keys.
pub(crate) const TABLE: &[About] = &[
    row(Section::Run, Command::Run, "Run", "Start every process and let the users in", &[ctrl(Key::Enter)]),
    row(
        Section::Run,
        Command::RunExperiment,
        "Run experiment",
        "Play the preset's scenario too, and end with a verdict",
        &[ctrl_shift(Key::Enter)],
    ),
    row(Section::Run, Command::Stop, "Stop", "Settle what is in flight, then end", &[ctrl(Key::Period)]),
    row(Section::Run, Command::Reset, "Reset", "Back to the beginning", &[plain(Key::R)]),
    row(Section::Run, Command::Freeze, "Freeze", "Stop the picture, not the system", &[plain(Key::Space)]),
    row(
        Section::Run,
        Command::SlowMotion,
        "Slow ×1/8",
        "Slow motion: the picture goes slowly, the system does not",
        &[plain(Key::S)],
    ),
    row(
        Section::Run,
        Command::WatchAgain,
        "Watch again",
        "Show the last fault once more at ×1/8; the system runs on",
        &[plain(Key::W)],
    ),
    row(Section::Run, Command::SlowerPace, "Slower pace", "Users act slower", &[plain(Key::OpenBracket)]),
    row(Section::Run, Command::FasterPace, "Faster pace", "Users act faster", &[plain(Key::CloseBracket)]),
    row(Section::Run, Command::Spike, "Spike", "Users act five times as fast for 5 seconds", &[]),
    row(Section::Run, Command::Kill, "Kill", "Pull the plug: SIGKILL, nothing is saved", &[]),
    row(
        Section::Run,
        Command::LoseData,
        "Lose its data",
        "End it and take away what it keeps: it starts again empty",
        &[],
    ),
    row(Section::Run, Command::Crash, "Crash", "Have it end from within, as a bug does: nothing is saved", &[]),
    row(
        Section::Run,
        Command::Deploy,
        "Deploy a new version…",
        "Another version in place of this one, replica by replica or at once",
        &[],
    ),
    row(Section::Run, Command::RollBack, "Roll back", "Back to the version before, one replica after the other", &[]),
    row(Section::Run, Command::Pause, "Pause", "Freeze it where it stands: SIGSTOP", &[]),
    row(Section::Run, Command::Resume, "Resume", "Let it go on: SIGCONT", &[]),
    row(Section::Run, Command::Restart, "Restart now", "Start the next life now, without waiting for its time", &[]),
    row(Section::File, Command::New, "New", "An empty drawing", &[ctrl(Key::N)]),
    row(Section::File, Command::Open, "Open…", "Choose a preset file", &[ctrl(Key::O)]),
    row(Section::File, Command::Save, "Save", "Save this preset to its file", &[ctrl(Key::S)]),
    row(Section::File, Command::SaveAs, "Save as…", "Choose where to save this preset", &[ctrl_shift(Key::S)]),
    row(Section::File, Command::Share, "Share", "Copy the preset as a text that Paste opens", &[ctrl_shift(Key::C)]),
    row(Section::File, Command::Path, "Path…", "A field for the path of a file to open or to save to", &[]),
    row(Section::File, Command::SaveReport, "Save report…", "Everything that this run measured, as JSON", &[]),
    row(
        Section::File,
        Command::SaveHandout,
        "Save handout…",
        "The lesson on paper: drawing, questions, room for predictions, answers",
        &[],
    ),
    row(Section::Edit, Command::Undo, "Undo", "Take the last edit back", &[ctrl(Key::Z)]),
    row(
        Section::Edit,
        Command::Redo,
        "Redo",
        "Make the edit that was taken back again",
        &[ctrl_shift(Key::Z), ctrl(Key::Y)],
    ),
    row(Section::Edit, Command::Cut, "Cut", "Copy what is selected and delete it", &[ctrl(Key::X)]),
    row(Section::Edit, Command::Copy, "Copy", "Copy what is selected", &[ctrl(Key::C)]),
    row(Section::Edit, Command::Paste, "Paste", "Put in what was copied; a shared preset is opened", &[ctrl(Key::V)]),
    row(Section::Edit, Command::Duplicate, "Duplicate", "Put a copy of it beside it", &[ctrl(Key::D)]),
    row(
        Section::Edit,
        Command::Delete,
        "Delete",
        "Take what is selected out of the drawing, a group with what is in it",
        &[plain(Key::Delete), plain(Key::Backspace)],
    ),
    row(
        Section::Edit,
        Command::DeleteAndReconnect,
        "Delete and reconnect",
        "Take it out, and link what sent to it with what it sent to",
        &[shift(Key::Delete)],
    ),
    row(Section::Edit, Command::SelectAll, "Select all", "Every node, link, group and note", &[ctrl(Key::A)]),
    row(Section::Edit, Command::Rename, "Rename", "Write another name where it stands", &[plain(Key::F2)]),
    row(
        Section::Edit,
        Command::KeepSessions(Sessions::Memory),
        "Keep sessions in memory",
        "In the replicas themselves: the only copy dies with its replica",
        &[],
    ),
    row(
        Section::Edit,
        Command::KeepSessions(Sessions::Store),
        "Keep sessions in a store",
        "In the cache or database that all replicas share; a cache is drawn where there is neither",
        &[],
    ),
    row(
        Section::Edit,
        Command::KeepSessions(Sessions::Token),
        "Keep sessions in tokens",
        "In a signed token that each user carries",
        &[],
    ),
    row(
        Section::Edit,
        Command::ReplaceByProgram,
        "Replace by a program",
        "The drawn program that hosts nothing yet takes over its modules and links; undo puts the service back",
        &[],
    ),
    row(Section::Edit, Command::Find, "Find…", "Nodes by name, role or module", &[ctrl(Key::F)]),
    row(Section::Edit, Command::FindNext, "Find next", "Select the next match", &[plain(Key::F3)]),
    row(Section::Edit, Command::FindPrevious, "Find previous", "Select the match before", &[shift(Key::F3)]),
    row(Section::Insert, Command::Place(Piece::Node(CardKind::Users)), "Add users", "People who send requests", &[]),
    row(
        Section::Insert,
        Command::Place(Piece::Node(CardKind::Gateway)),
        "Add a gateway",
        "Shares requests out among replicas",
        &[],
    ),
    row(Section::Insert, Command::Place(Piece::Node(CardKind::Service)), "Add a service", "Does the work", &[]),
    row(
        Section::Insert,
        Command::Place(Piece::Node(CardKind::Cache)),
        "Add a cache",
        "Keeps sessions for services",
        &[],
    ),
    row(
        Section::Insert,
        Command::Place(Piece::Node(CardKind::Database)),
        "Add a database",
        "Keeps tables for services",
        &[],
    ),
    row(
        Section::Insert,
        Command::Place(Piece::Node(CardKind::Program)),
        "Add a program",
        "Any command in any language",
        &[],
    ),
    row(Section::Insert, Command::Place(Piece::Note), "Add a note", "A text on the canvas", &[]),
    row(
        Section::Insert,
        Command::Connect,
        "Connect",
        "Link the two selected nodes, or the one to another",
        &[plain(Key::C), ctrl(Key::L)],
    ),
    row(Section::Arrange, Command::Group, "Group", "Draw a frame around the selected nodes", &[ctrl(Key::G)]),
    row(
        Section::Arrange,
        Command::Ungroup,
        "Ungroup",
        "Take the frame away, and leave what is in it",
        &[ctrl_shift(Key::G)],
    ),
    row(Section::Arrange, Command::Align(Edge::Left), "Align left", "Bring left edges to one line", &[]),
    row(Section::Arrange, Command::Align(Edge::Centre), "Align centres", "Bring middles to one upright line", &[]),
    row(Section::Arrange, Command::Align(Edge::Right), "Align right", "Bring right edges to one line", &[]),
    row(Section::Arrange, Command::Align(Edge::Top), "Align top", "Bring upper edges to one line", &[]),
    row(Section::Arrange, Command::Align(Edge::Middle), "Align middles", "Bring middles to one level line", &[]),
    row(Section::Arrange, Command::Align(Edge::Bottom), "Align bottom", "Bring lower edges to one line", &[]),
    row(Section::Arrange, Command::Distribute(Axis::Across), "Distribute across", "Make the gaps sideways equal", &[]),
    row(Section::Arrange, Command::Distribute(Axis::Down), "Distribute down", "Make the gaps up and down equal", &[]),
    row(
        Section::Arrange,
        Command::AutoLayout,
        "Lay out",
        "Arrange everything in layers; what is pinned stays",
        &[ctrl_shift(Key::L)],
    ),
    row(Section::Arrange, Command::Pin, "Pin", "Have Lay out leave it where it is", &[]),
    row(Section::Arrange, Command::Unpin, "Unpin", "Let Lay out move it again", &[]),
    row(Section::View, Command::ZoomIn, "Zoom in", "Larger", &[plain(Key::Plus), plain(Key::Equals)]),
    row(Section::View, Command::ZoomOut, "Zoom out", "Smaller", &[plain(Key::Minus)]),
    row(Section::View, Command::Fit, "Fit", "See everything", &[plain(Key::Num0)]),
    row(Section::View, Command::ZoomTo100, "Zoom to 100 %", "One to one", &[plain(Key::Num1)]),
    row(Section::View, Command::ZoomToSelection, "Zoom to selection", "What is selected, large", &[plain(Key::Num2)]),
    row(
        Section::View,
        Command::Build,
        "Build",
        "Change the drawing, play the scenario, see figures and the log",
        &[plain(Key::B)],
    ),
    row(
        Section::View,
        Command::Compare,
        "Compare…",
        "Two systems side by side with the same faults, and measured",
        &[],
    ),
    row(Section::View, Command::Present, "Present", "Everything large, for a class; Esc leaves", &[plain(Key::F5)]),
    row(Section::View, Command::Minimap, "Minimap", "The whole drawing in small", &[plain(Key::M)]),
    row(Section::View, Command::Figures, "Figures and log", "The chart and the log of a run", &[plain(Key::G)]),
    row(Section::View, Command::Legend, "Legend", "What the shapes mean", &[plain(Key::L)]),
    row(Section::View, Command::DarkColours, "Dark colours", "Dark or light", &[]),
    row(
        Section::View,
        Command::ReduceMotion,
        "Reduce motion",
        "Requests become numbers on the links, and marks change at once",
        &[],
    ),
    row(
        Section::Learn,
        Command::Palette,
        "Find a command…",
        "Every command, node, preset and setting by name",
        &[ctrl(Key::K)],
    ),
    row(Section::Learn, Command::Lessons, "Lessons", "The path of lessons: choose one", &[]),
    row(
        Section::Learn,
        Command::EverydayWords,
        "Everyday words",
        "Name what is drawn after something from daily life",
        &[plain(Key::A)],
    ),
    row(
        Section::Learn,
        Command::TeachersNotes,
        "Teacher's notes",
        "What a teacher may say to this step",
        &[plain(Key::N)],
    ),
    row(Section::Learn, Command::NextStep, "Next step", "The next step of the lesson", &[plain(Key::PageDown)]),
    row(Section::Learn, Command::PreviousStep, "Previous step", "The step before", &[plain(Key::PageUp)]),
    row(Section::Learn, Command::NextUser, "Next user", "Select the user after", &[plain(Key::Period)]),
    row(Section::Learn, Command::PreviousUser, "Previous user", "Select the user before", &[plain(Key::Comma)]),
    row(
        Section::Learn,
        Command::Keys,
        "Keys…",
        "Every key and what it does",
        &[plain(Key::Questionmark), plain(Key::F1)],
    ),
];
