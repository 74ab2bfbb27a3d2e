//! Documents by their accessible names: nothing unsaved is lost without a question, and every file is what it is said to
//! be.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use brownout::app::{Opening, Origin};
use brownout::topology::{builtin, format};
use egui::accesskit::Role;
use egui::{Key, Modifiers, ViewportCommand, ViewportEvent, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::script::{Script, opening};
use super::{Window, preset, window_on};

/// How long the disk may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A window with its bar of files, and a folder for them.
pub(super) struct Desk {
    pub(super) harness: Harness<'static, Window>,
    pub(super) folder: PathBuf,
    _folder: Option<tempfile::TempDir>,
}

impl Desk {
    /// On the built-in `sticky-sessions`.
    pub(super) fn builtin() -> Self {
        Self::on(opening(), tempfile::tempdir().unwrap())
    }

    /// On a file with this text, which is `a.toml` in the folder.
    pub(super) fn file(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        fs::write(&path, text).unwrap();
        let document = format::read_lenient(text).unwrap();
        Self::on(Opening { preset: Some((document, Origin::File(path))), ..opening() }, folder)
    }

    fn on(opening: Opening, folder: tempfile::TempDir) -> Self {
        let mut desk = Self {
            harness: window_on(&Script::idle(), opening),
            folder: folder.path().to_owned(),
            _folder: Some(folder),
        };
        desk.key(Key::B);
        desk.choose("Path…");
        // The field has the keyboard now, which is wanted elsewhere.
        desk.harness.get_by_role_and_label(Role::Button, "More").focus();
        desk.harness.run_ok();
        desk
    }

    /// A window that keeps what is in this opening, without a folder of its own.
    pub(super) fn keeping(opening: Opening) -> Self {
        Self { harness: window_on(&Script::idle(), opening), folder: PathBuf::new(), _folder: None }
    }

    pub(super) fn click(&mut self, label: &str) {
        self.harness.get_by_role_and_label(Role::Button, label).click();
        self.harness.run_ok();
    }

    /// Gives the answer to a question; a button below it may have the same name.
    pub(super) fn answer(&mut self, label: &str) {
        self.harness.get_all_by_role_and_label(Role::Button, label).last().unwrap().click();
        self.harness.run_ok();
    }

    /// Chooses from the menu of files.
    pub(super) fn choose(&mut self, label: &str) {
        self.click("File");
        self.click(label);
    }

    pub(super) fn key(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run_ok();
    }

    pub(super) fn command(&mut self, key: Key) {
        self.harness.key_press_modifiers(Modifiers::COMMAND, key);
        self.harness.run_ok();
    }

    fn enter(&mut self, path: &Path) {
        self.harness.get_by_role_and_label(Role::TextInput, "Path").focus();
        self.harness.run_ok();
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.get_by_role_and_label(Role::TextInput, "Path").type_text(path.to_str().unwrap());
        self.harness.run_ok();
    }

    pub(super) fn open(&mut self, path: &Path) {
        self.enter(path);
        self.click("Open path");
    }

    fn save_to(&mut self, path: &Path) {
        self.enter(path);
        self.click("Save path");
    }

    /// Moves a card, which is one edit.
    pub(super) fn edit(&mut self) {
        self.harness.get_by_label("node gate").click_accesskit();
        self.harness.run_ok();
        self.click("Affinity: hash");
        self.key(Key::Escape);
    }

    pub(super) fn sees(&self, label: &str) -> bool {
        self.harness.query_all_by_label_contains(label).next().is_some()
    }

    pub(super) fn until(&mut self, what: &str, seen: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !seen(self) {
            assert!(Instant::now() < deadline, "waited in vain until {what}: {:#?}", self.harness.root());
            std::thread::yield_now();
            self.harness.step();
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn title(&self) -> &str {
        &preset(&self.harness).title
    }

    /// The window's own closing, as its cross or the task bar asks for it. What the window answered.
    pub(super) fn ask_to_close(&mut self) -> Vec<ViewportCommand> {
        let viewports = &mut self.harness.input_mut().viewports;
        viewports.entry(ViewportId::ROOT).or_default().events.push(ViewportEvent::Close);
        self.harness.step();
        self.harness.input_mut().viewports.entry(ViewportId::ROOT).or_default().events.clear();
        self.commands()
    }

    fn commands(&self) -> Vec<ViewportCommand> {
        let output = &self.harness.output().viewport_output;
        output.get(&ViewportId::ROOT).map(|output| output.commands.clone()).unwrap_or_default()
    }
}

pub(super) fn sticky() -> &'static str {
    builtin::by_name("sticky-sessions").unwrap().text
}

fn write(path: &Path, name: &str) {
    fs::write(path, builtin::by_name(name).unwrap().text).unwrap();
}

#[test]
fn an_untouched_document_is_left_without_a_question() {
    let mut desk = Desk::builtin();
    write(&desk.path("one.toml"), "one-server");
    desk.open(&desk.path("one.toml"));
    desk.until("the file is open", |desk| desk.title() == "One server");
    desk.command(Key::N);
    assert!(desk.title() == "Untitled" && !desk.sees("Save what you changed"));
    assert_eq!(preset(&desk.harness).topology.nodes().count(), 0);
}

#[test]
fn an_edited_builtin_asks_before_each_way_of_leaving_it_and_cancel_keeps_it() {
    let mut desk = Desk::builtin();
    write(&desk.path("one.toml"), "one-server");
    desk.edit();
    let edited = preset(&desk.harness).clone();
    let one = desk.path("one.toml");
    type Way<'a> = (&'a str, &'a dyn Fn(&mut Desk));
    let ways: [Way<'_>; 4] = [
        ("New", &|desk| desk.command(Key::N)),
        ("Open", &|desk| desk.open(&one)),
        ("dropping a file", &|desk| desk.harness.input_mut().dropped_files.push(dropped(&one))),
        ("the path of lessons", &|desk| {
            desk.key(Key::B);
            desk.harness.get_by_label_contains("Scattered").click();
        }),
    ];
    for (way, leave) in ways {
        leave(&mut desk);
        desk.until(way, |desk| desk.sees("Save what you changed in Sticky sessions?"));
        // A preset that comes with the program is never written over.
        assert_eq!(desk.harness.query_all_by_label("Save as…").count(), 1, "{way}");
        desk.key(Key::Escape);
        assert!(!desk.sees("Save what you changed"), "{way}");
        assert_eq!(*preset(&desk.harness), edited, "{way}");
    }
    desk.command(Key::N);
    desk.answer("Do not save");
    assert_eq!(desk.title(), "Untitled");
}

/// A file that is dropped onto the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// A file that is let go over the window.
pub(super) fn dropped(path: &Path) -> egui::DroppedFileHandle {
    Arc::new(Dropped(path.to_owned()))
}

#[test]
fn undoing_every_edit_leaves_nothing_to_be_saved() {
    let mut desk = Desk::builtin();
    desk.edit();
    assert!(desk.sees("Sticky sessions *"));
    desk.command(Key::Z);
    assert!(!desk.sees("Sticky sessions *"));
    desk.command(Key::N);
    assert_eq!(desk.title(), "Untitled");
}

#[test]
fn a_file_is_saved_to_itself_and_then_is_left_without_a_question() {
    let mut desk = Desk::file(sticky());
    desk.edit();
    desk.command(Key::S);
    desk.until("it is saved", |desk| desk.sees("Saved "));
    let saved = fs::read_to_string(desk.path("a.toml")).unwrap();
    assert!(saved.contains("affinity = \"session-hash\"") && saved.contains('#'), "{saved}");
    assert!(!desk.sees("Sticky sessions *"));
    desk.command(Key::N);
    assert_eq!(desk.title(), "Untitled");
}

#[test]
fn save_in_the_question_saves_and_then_does_what_was_wanted() {
    let mut desk = Desk::file(sticky());
    desk.edit();
    desk.command(Key::N);
    // The best answer has the keyboard.
    desk.key(Key::Enter);
    desk.until("the new document is there", |desk| desk.title() == "Untitled");
    assert!(fs::read_to_string(desk.path("a.toml")).unwrap().contains("session-hash"));
}

#[test]
fn when_saving_fails_nothing_is_left_and_it_is_asked_again() {
    let mut desk = Desk::file(sticky());
    desk.edit();
    fs::remove_dir_all(&desk.folder).unwrap();
    desk.command(Key::N);
    desk.answer("Save");
    desk.until("it says why", |desk| desk.sees("No such file"));
    assert_eq!(desk.title(), "Sticky sessions");
    desk.command(Key::N);
    assert!(desk.sees("Save what you changed"));
}

#[test]
fn a_file_that_another_program_changed_is_not_written_over_unasked() {
    let theirs = sticky().replace("Sticky sessions", "Theirs");
    for (answer, title, file) in [
        ("Cancel", "Sticky sessions", "Theirs"),
        ("Overwrite", "Sticky sessions", "session-hash"),
        ("Reload", "Theirs", "Theirs"),
    ] {
        let mut desk = Desk::file(sticky());
        desk.edit();
        fs::write(desk.path("a.toml"), &theirs).unwrap();
        desk.command(Key::S);
        desk.until("it asks", |desk| desk.sees("Another program changed this file"));
        desk.answer(answer);
        desk.until("it is done", |desk| {
            desk.title() == title && fs::read_to_string(desk.path("a.toml")).unwrap().contains(file)
        });
    }
}

#[test]
fn a_file_that_is_gone_is_written_again() {
    let mut desk = Desk::file(sticky());
    desk.edit();
    fs::remove_file(desk.path("a.toml")).unwrap();
    desk.command(Key::S);
    desk.until("it is saved", |desk| desk.path("a.toml").exists());
}

#[test]
fn another_file_is_not_written_over_unasked() {
    let mut desk = Desk::builtin();
    let path = desk.path("theirs.toml");
    write(&path, "one-server");
    desk.save_to(&path);
    desk.until("it asks", |desk| desk.sees("There is a file of this name"));
    desk.key(Key::Escape);
    assert_eq!(fs::read_to_string(&path).unwrap(), builtin::by_name("one-server").unwrap().text);
    desk.save_to(&path);
    desk.until("it asks", |desk| desk.sees("There is a file of this name"));
    desk.answer("Overwrite");
    desk.until("it is saved", |_| fs::read_to_string(&path).unwrap() == sticky());
}

#[test]
fn a_file_of_a_newer_format_is_written_over_only_when_asked() {
    let newer = format!("{}\n[weather]\nrain = true\n", sticky().replace("format = 1", "format = 7"));
    let mut desk = Desk::file(&newer);
    desk.edit();
    desk.command(Key::S);
    desk.until("it asks", |desk| desk.sees("A newer Brownout made this file"));
    desk.key(Key::Escape);
    assert_eq!(fs::read_to_string(desk.path("a.toml")).unwrap(), newer);
    desk.command(Key::S);
    desk.answer("Overwrite");
    desk.until("it is saved", |desk| fs::read_to_string(desk.path("a.toml")).unwrap().contains("session-hash"));
    assert!(fs::read_to_string(desk.path("a.toml")).unwrap().contains("rain = true"));
}

#[test]
fn a_window_with_unsaved_work_asks_before_it_closes_and_one_without_closes() {
    let mut desk = Desk::builtin();
    assert_eq!(desk.ask_to_close(), [], "nothing holds it");
    let mut desk = Desk::builtin();
    desk.edit();
    assert!(desk.ask_to_close().contains(&ViewportCommand::CancelClose));
    desk.harness.step();
    desk.harness.get_by_label("Do not save").click();
    desk.harness.step();
    let mut closes = desk.commands().contains(&ViewportCommand::Close);
    for _ in 0..3 {
        desk.harness.step();
        closes |= desk.commands().contains(&ViewportCommand::Close);
    }
    assert!(closes);
    assert!(!desk.ask_to_close().contains(&ViewportCommand::CancelClose), "it was agreed to");
}

#[test]
fn a_preset_with_problems_opens_and_all_of_them_are_said_with_their_lines() {
    let spoiled =
        sticky().replace("replicas = 3", "replicas = \"three\"").replace("think = \"2s\"", "think = \"2 parsecs\"");
    let text = format!("{spoiled}\n[[link]]\nfrom = \"gate\"\nto = \"nowhere\"\n");
    let mut desk = Desk::builtin();
    let path = desk.path("spoiled.toml");
    fs::write(&path, &text).unwrap();
    desk.open(&path);
    desk.until("it is open", |desk| desk.sees("parsecs"));
    let line = |words: &str| text.lines().position(|line| line.contains(words)).unwrap() + 1;
    for words in ["\"three\"", "2 parsecs", "to = \"nowhere\""] {
        desk.until(words, |desk| desk.sees(&format!("Line {}: ", line(words))));
    }
    assert_eq!(preset(&desk.harness).topology.nodes().count(), 3);
    // What was not understood stays in the file.
    desk.edit();
    desk.command(Key::S);
    desk.until("it is saved", |desk| desk.sees("Saved "));
    let saved = fs::read_to_string(&path).unwrap();
    assert!(["\"three\"", "2 parsecs", "nowhere", "session-hash"].iter().all(|words| saved.contains(words)), "{saved}");
}

#[test]
fn a_file_that_is_no_preset_says_where_and_leaves_the_open_document_alone() {
    let mut desk = Desk::builtin();
    desk.edit();
    let edited = preset(&desk.harness).clone();
    let path = desk.path("broken.toml");
    fs::write(&path, "format = 1\ntitle = \"x\n").unwrap();
    desk.open(&path);
    desk.answer("Do not save");
    desk.until("it says where", |desk| desk.sees("broken.toml:2:"));
    assert_eq!(*preset(&desk.harness), edited);
    // It was agreed to lose the work for this file, not for whatever comes next.
    desk.command(Key::N);
    assert!(desk.sees("Save what you changed"));
}

#[test]
fn a_file_that_is_held_over_the_window_says_what_letting_go_does() {
    let mut desk = Desk::builtin();
    let hovered = egui::HoveredFile { path: Some(desk.path("mine.toml")), ..Default::default() };
    desk.harness.input_mut().hovered_files.push(hovered);
    desk.harness.run_ok();
    assert!(desk.sees("Let go to open mine.toml"));
}
