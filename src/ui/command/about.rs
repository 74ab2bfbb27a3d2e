//! The table of commands: names, keys, and the half sentence that tooltips say.

use egui::{Context, Key, KeyboardShortcut, Modifiers};

use super::{About, Command, Section};

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
    row(Section::Run, Command::SlowerPace, "Slower pace", "Users think longer", &[plain(Key::OpenBracket)]),
    row(Section::Run, Command::FasterPace, "Faster pace", "Users think shorter", &[plain(Key::CloseBracket)]),
    row(Section::Run, Command::Kill, "Kill", "Pull the plug: SIGKILL, nothing is saved", &[]),
    row(Section::Run, Command::Pause, "Pause", "Freeze it where it stands: SIGSTOP", &[]),
    row(Section::Run, Command::Resume, "Resume", "Let it go on: SIGCONT", &[]),
    row(Section::Run, Command::Restart, "Restart now", "Start the next life now, without waiting for its time", &[]),
    row(Section::File, Command::New, "New", "An empty drawing", &[ctrl(Key::N)]),
    row(Section::File, Command::Open, "Open…", "Choose a preset file", &[ctrl(Key::O)]),
    row(Section::File, Command::Save, "Save", "Save this preset to its file", &[ctrl(Key::S)]),
    row(Section::File, Command::SaveAs, "Save as…", "Choose where to save this preset", &[ctrl_shift(Key::S)]),
    row(Section::File, Command::Share, "Share", "Copy the preset as a text that Paste opens", &[ctrl_shift(Key::C)]),
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
    row(Section::Edit, Command::SelectAll, "Select all", "Every node, link, group and note", &[ctrl(Key::A)]),
    row(Section::Edit, Command::Find, "Find…", "Nodes by name, role or module", &[ctrl(Key::F)]),
    row(Section::Edit, Command::FindNext, "Find next", "Select the next match", &[plain(Key::F3)]),
    row(Section::Edit, Command::FindPrevious, "Find previous", "Select the match before", &[shift(Key::F3)]),
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
    row(Section::View, Command::Present, "Present", "Everything large, for a class; Esc leaves", &[plain(Key::F5)]),
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

const NOTHING: About = row(Section::Learn, Command::Keys, "", "", &[]);

impl Command {
    /// The command in words, with its keys.
    pub(crate) fn about(self) -> &'static About {
        TABLE.iter().find(|about| about.command == self).unwrap_or(&NOTHING)
    }

    /// What a tooltip says of it: what it does, and its keys.
    pub(crate) fn tip(self, context: &Context) -> String {
        let about = self.about();
        match main_keys(context, about) {
            Some(keys) => format!("{} ({keys})", about.does),
            None => about.does.to_owned(),
        }
    }

    /// Whether its keys count while somebody types into a field: those that no field has a use for.
    pub(crate) fn while_typing(self) -> bool {
        let about = self.about();
        match about.section {
            Section::Run => about.keys.iter().any(|keys| keys.modifiers.command),
            Section::File => true,
            Section::Edit => matches!(self, Self::Find | Self::FindNext | Self::FindPrevious),
            Section::View => matches!(self, Self::Present),
            Section::Learn => matches!(self, Self::NextStep | Self::PreviousStep | Self::Palette),
        }
    }
}

/// The first keys of a command as people read them.
pub(crate) fn main_keys(context: &Context, about: &About) -> Option<String> {
    about.keys.first().map(|keys| spelled(context, keys))
}

/// All keys of a command as people read them.
pub(crate) fn spelled_all(context: &Context, about: &About) -> String {
    let keys: Vec<String> = about.keys.iter().map(|keys| spelled(context, keys)).collect();
    keys.join(", ")
}

/// Keys as people read them: as they are printed on the key where the toolkit has only a name.
fn spelled(context: &Context, keys: &KeyboardShortcut) -> String {
    match keys.logical_key {
        Key::Questionmark => "?".to_owned(),
        Key::OpenBracket => "[".to_owned(),
        Key::CloseBracket => "]".to_owned(),
        Key::Comma => ",".to_owned(),
        Key::Period if keys.modifiers.is_none() => ".".to_owned(),
        Key::PageDown => "Page Down".to_owned(),
        Key::PageUp => "Page Up".to_owned(),
        Key::Plus => "+".to_owned(),
        Key::Minus => "−".to_owned(),
        _ => context.format_shortcut(keys),
    }
}
