//! What outlives a window: unsaved work, the files that were open, how it looked.

use std::fs;
use std::path::Path;

use brownout::app::{Opening, Origin, StateDirs};
use brownout::topology::builtin;
use brownout::topology::format;
use egui::Key;
use egui_kittest::kittest::Queryable;

use super::documents::Desk;
use super::preset;
use super::script::opening;

/// A window that keeps what it has in this folder.
fn window(state: &Path) -> Desk {
    let mut desk = Desk::keeping(Opening { state: Some(StateDirs::below(state)), ..opening() });
    if desk.harness.query_by_label_contains("Run experiment").is_none() {
        desk.key(Key::B);
    }
    desk
}

/// The files that hold unsaved work.
fn kept(state: &Path) -> Vec<String> {
    let files = fs::read_dir(state.join("recovery")).into_iter().flatten().flatten().map(|entry| entry.path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).flat_map(fs::read_to_string).collect()
}

/// A window that ended without a word, and left its work there. Its lock is gone with it.
fn crash(desk: Desk, state: &Path) {
    let mut desk = desk;
    desk.until("the work is kept", |_| kept(state).iter().any(|text| text.contains("session-hash")));
    drop(desk);
    assert_eq!(kept(state).len(), 1, "what is not agreed to be lost stays");
}

#[test]
fn work_is_kept_while_it_is_unsaved_and_no_longer() {
    let state = tempfile::tempdir().unwrap();
    let mut desk = window(state.path());
    assert_eq!(kept(state.path()), [""; 0]);
    desk.edit();
    desk.until("the work is kept", |_| kept(state.path()).len() == 1);
    assert!(kept(state.path())[0].contains("session-hash"));
    desk.harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::Z);
    desk.until("nothing is unsaved", |_| kept(state.path()).is_empty());
}

#[test]
fn work_that_a_crashed_window_left_is_offered_and_restored_as_unsaved() {
    let state = tempfile::tempdir().unwrap();
    let mut first = window(state.path());
    first.edit();
    let edited = preset(&first.harness).clone();
    crash(first, state.path());
    let mut second = window(state.path());
    second.until("it is offered", |desk| desk.sees("Brownout did not end as it should"));
    // A third one, at the same time, is not offered what the second is asking about.
    let third = window(state.path());
    assert!(!third.sees("did not end as it should"));
    second.answer("Restore");
    assert_eq!(*preset(&second.harness), edited);
    second.until("it says so", |desk| desk.sees("Sticky sessions *"));
    // It is still kept, until it is saved.
    crash(second, state.path());
    let mut fourth = window(state.path());
    fourth.until("it is offered again", |desk| desk.sees("did not end as it should"));
    fourth.answer("Discard");
    fourth.until("it is gone", |_| kept(state.path()).is_empty());
    assert!(!fourth.sees("did not end as it should"));
    drop(fourth);
    assert!(!window(state.path()).sees("did not end as it should"));
}

#[test]
fn the_work_of_several_windows_is_kept_apart_and_listed() {
    let state = tempfile::tempdir().unwrap();
    let mut windows = [window(state.path()), window(state.path())];
    for desk in &mut windows {
        desk.edit();
    }
    let [one, two] = &mut windows;
    one.until("both are kept", |_| kept(state.path()).len() == 2);
    two.harness.step();
    drop(windows);
    let mut third = window(state.path());
    third.until("both are offered", |desk| desk.sees("did not end as it should"));
    assert_eq!(third.harness.query_all_by_label("Restore Sticky sessions").count(), 2);
    third.answer("Later");
    drop(third);
    assert_eq!(kept(state.path()).len(), 2, "later is later");
}

#[test]
fn closing_without_saving_leaves_nothing_behind() {
    let state = tempfile::tempdir().unwrap();
    let mut desk = window(state.path());
    desk.edit();
    desk.until("the work is kept", |_| kept(state.path()).len() == 1);
    desk.ask_to_close();
    desk.harness.step();
    desk.answer("Do not save");
    drop(desk);
    assert_eq!(kept(state.path()), [""; 0]);
}

#[test]
fn restored_work_knows_its_file_and_that_others_changed_it() {
    let (state, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = folder.path().join("mine.toml");
    let text = builtin::by_name("sticky-sessions").unwrap().text;
    fs::write(&path, text).unwrap();
    let document = || Some((format::read(text).unwrap(), Origin::File(path.clone())));
    let state_dirs = || Some(StateDirs::below(state.path()));
    let mut first = Desk::keeping(Opening { preset: document(), state: state_dirs(), ..opening() });
    first.key(Key::B);
    first.edit();
    crash(first, state.path());
    fs::write(&path, text.replace("Sticky", "Their sticky")).unwrap();
    let mut second = window(state.path());
    second.until("it is offered", |desk| desk.sees("mine.toml"));
    second.answer("Restore");
    second.harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::S);
    second.until("it asks", |desk| desk.sees("Another program changed this file"));
    second.answer("Overwrite");
    second.until("it is saved", |_| fs::read_to_string(&path).unwrap().contains("session-hash"));
    second.until("nothing is unsaved", |_| kept(state.path()).is_empty());
}

#[test]
fn a_folder_that_cannot_be_used_is_told_of_once_and_breaks_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("no-folder");
    fs::write(&file, "a file").unwrap();
    let mut desk = window(&file);
    desk.until("it says so", |desk| desk.sees("Unsaved work would not survive a crash"));
    desk.answer("Dismiss");
    desk.edit();
    assert!(desk.sees("Sticky sessions *"));
    for _ in 0..20 {
        desk.harness.step();
    }
    drop(desk);
    assert_eq!(fs::read_to_string(file).unwrap(), "a file");
}

#[test]
fn how_the_window_looked_and_what_was_open_is_remembered() {
    let (state, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = folder.path().join("mine.toml");
    fs::write(&path, builtin::by_name("one-server").unwrap().text).unwrap();
    let mut first = window(state.path());
    first.key(Key::L);
    first.harness.input_mut().dropped_files.push(super::documents::dropped(&path));
    first.until("it is open", |desk| preset(&desk.harness).title == "One server");
    drop(first);
    let json = fs::read_to_string(state.path().join("window.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["look"]["build"], &json["look"]["legend"]), (&true.into(), &false.into()));
    assert_eq!(json["files"][0], path.to_str().unwrap());
    fs::remove_file(&path).unwrap();
    let mut second = window(state.path());
    assert!(second.sees("Run experiment"), "Build is on");
    second.click("File");
    second.click("Open recent");
    second.until("it is said to be missing", |desk| desk.sees("mine.toml (missing)"));
    second.click("mine.toml (missing)");
    second.until("it says so", |desk| desk.sees("Cannot open "));
}

#[test]
fn a_file_of_the_window_that_is_rubbish_is_told_of_and_then_written_anew() {
    let state = tempfile::tempdir().unwrap();
    let path = state.path().join("window.json");
    fs::write(&path, "{\"look\": 3").unwrap();
    let mut desk = window(state.path());
    assert!(desk.sees("How the window looked is forgotten"));
    desk.answer("Dismiss");
    drop(desk);
    assert!(!window(state.path()).sees("is forgotten"));
}
