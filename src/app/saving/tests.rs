//! Saving while other things go on: another document, another wish, another file of nearly the same name.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::*;
use crate::app::answers::{self, tests::app};
use crate::app::disk::Answer;
use crate::app::draft::Draft;
use crate::app::{FileAccess, Origin};
use crate::topology::edit::{Edit, Step};
use crate::topology::format::{self, LONGEST_FILE, LONGEST_TEXT};
use crate::topology::{Cache, Node, Role, builtin};
use crate::ui::action::Action;

fn read(path: &Path, most: usize) -> Result<Vec<u8>, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    if bytes.len() <= most { Ok(bytes) } else { Err("it is larger than may be".to_owned()) }
}

fn save(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| error.to_string())
}

const FILES: FileAccess = FileAccess { read, save };

fn one_server() -> &'static str {
    builtin::by_name("one-server").unwrap().text
}

/// A window on this text, which is in `a.toml`, with a change.
fn window(folder: &Path, text: &str) -> App {
    let path = folder.join("a.toml");
    fs::write(&path, text).unwrap();
    let document = format::read_lenient(text).unwrap();
    let mut app = app(FILES, Some((document, Origin::File(path))));
    edit(&mut app, Edit::SetTitle("Mine".to_owned()));
    app
}

fn edit(app: &mut App, edit: Edit) {
    app.draft.edit(Step::new("edit", vec![edit])).unwrap();
}

/// Takes in what the disk answers to the wish under way.
fn hear(app: &mut App) {
    for _ in 0..3_000 {
        if let Some(answer) = app.disk.answer() {
            return app.receive(answer);
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    panic!("the disk does not answer");
}

fn told(app: &App) -> &str {
    app.notice.as_ref().map_or("", |notice| &notice.text)
}

fn text_of(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_document_that_was_left_before_its_file_was_written_does_not_give_its_file_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = window(folder.path(), one_server());
    app.save(Some(Intent::New));
    app.take(Draft::new(Preset { title: "Another".to_owned(), ..Preset::default() }));
    hear(&mut app);
    assert!(told(&app).starts_with("Saved "), "{}", told(&app));
    assert!(text_of(&folder.path().join("a.toml")).contains("Mine"));
    assert_eq!((app.draft.path.as_ref(), app.draft.preset.title.as_str()), (None, "Another"));
}

#[test]
fn the_file_that_a_dialog_gives_gets_the_document_that_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = window(folder.path(), one_server());
    app.desk.choosing = Some(app.saving(None));
    app.take(Draft::new(Preset { title: "Another".to_owned(), ..Preset::default() }));
    let path = folder.path().join("b.toml");
    app.receive(Answer::ToSave(path.clone()));
    hear(&mut app);
    assert!(text_of(&path).contains("title = \"Mine\""));
    assert_eq!(app.draft.path, None);
}

#[test]
fn a_name_that_gets_its_ending_is_not_written_over_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = window(folder.path(), one_server());
    let path = folder.path().join("theirs.toml");
    fs::write(&path, "theirs").unwrap();
    app.desk.choosing = Some(app.saving(None));
    app.receive(Answer::ToSave(folder.path().join("theirs")));
    hear(&mut app);
    let asked = app.desk.question().map(|question| question.title.as_str());
    assert_eq!((asked, text_of(&path).as_str()), (Some("There is a file of this name"), "theirs"));
    app.answer(crate::ui::question::Answer::Cancel);
    // The whole name the dialog has asked about.
    app.desk.choosing = Some(app.saving(None));
    app.receive(Answer::ToSave(path.clone()));
    hear(&mut app);
    assert!(text_of(&path).contains("Mine"));
    assert_eq!(app.draft.path, Some(path));
}

#[test]
fn a_second_wish_while_the_disk_is_busy_is_refused_and_spoils_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for second in [
        Action::Save,
        Action::SaveDialog,
        Action::OpenDialog,
        Action::SaveHandout,
        Action::Compare(crate::ui::compare::Wish::Save),
    ] {
        let mut app = window(folder.path(), one_server());
        app.save(Some(Intent::New));
        let name = format!("{second:?}");
        app.carry_out(second);
        assert!(told(&app).contains("finish that first"), "{name}: {}", told(&app));
        hear(&mut app);
        assert_eq!(app.draft.preset.title, "Untitled", "{name}: what was wanted after the first came");
        assert!(text_of(&folder.path().join("a.toml")).contains("Mine"));
    }
}

#[test]
fn what_was_agreed_to_be_lost_for_a_wish_that_cannot_begin_is_asked_about_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = window(folder.path(), one_server());
    app.save(None);
    app.want(Intent::Open(folder.path().join("b.toml")));
    app.answer(crate::ui::question::Answer::Discard);
    assert!(told(&app).contains("finish that first"));
    app.want(Intent::New);
    assert!(app.desk.question().is_some());
}

#[test]
fn what_a_change_made_understandable_is_no_problem_once_it_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{}\n[[link]]\nfrom = \"shop\"\nto = \"later\"\n", one_server());
    let mut app = window(folder.path(), &text);
    assert_eq!(app.draft.unread.len(), 1, "{:?}", app.draft.unread);
    let node = Node { id: "later".parse().unwrap(), role: Role::Cache(Cache::default()) };
    edit(&mut app, Edit::AddNode { node, position: None, at: None });
    let is_told = |app: &App| app.draft.problems.iter().any(|problem| problem.place.is_some());
    assert!(is_told(&app));
    app.save(None);
    hear(&mut app);
    assert!(app.draft.unread.is_empty() && !is_told(&app), "{:?}", app.draft.problems);
}

#[test]
fn what_is_saved_can_be_opened_again_however_large_and_what_could_not_be_is_not_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = window(folder.path(), one_server());
    let path = folder.path().join("a.toml");
    edit(&mut app, Edit::SetSummary("x".repeat(LONGEST_TEXT + 1)));
    app.share();
    assert!(told(&app).contains("too large for a text"), "{}", told(&app));
    app.save(None);
    hear(&mut app);
    assert!(told(&app).starts_with("Saved "), "{}", told(&app));
    let bytes = read(&path, LONGEST_FILE).unwrap();
    assert_eq!(answers::read(&bytes).unwrap().0.preset(), &app.draft.preset);
    edit(&mut app, Edit::SetSummary("x".repeat(LONGEST_FILE + 1)));
    app.save(None);
    hear(&mut app);
    assert!(told(&app).contains("a.toml was not saved: the file has 17 MiB"), "{}", told(&app));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}
