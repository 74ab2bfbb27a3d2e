//! Sharing in the window: what is copied is what is opened, and it is in no file.

use std::fs;

use brownout::topology::{builtin, format};
use egui::{Key, Modifiers};

use super::documents::{Desk, sticky};
use super::preset;

#[test]
fn sharing_says_how_long_the_text_is_and_pasting_opens_it_as_a_new_document() {
    let mut desk = Desk::file(sticky());
    desk.edit();
    // As it comes, so that the frame that copies is the last one.
    let modifiers = Modifiers::COMMAND | Modifiers::SHIFT;
    let key = egui::Event::Key { key: Key::C, physical_key: None, pressed: true, repeat: false, modifiers };
    desk.harness.input_mut().events.push(key);
    desk.harness.step();
    let text = copied(&desk).unwrap();
    desk.harness.run_ok();
    assert!(desk.sees(&format!("as a text of {} characters", text.len())));
    let edited = preset(&desk.harness).clone();
    desk.command(Key::N);
    desk.answer("Do not save");
    desk.harness.event(egui::Event::Paste(format!("  {text}\n")));
    desk.until("it is open", |desk| *preset(&desk.harness) == edited);
    // It is in no file yet, least of all in the one that it was shared from.
    desk.command(Key::N);
    desk.until("it asks", |desk| desk.sees("is in no file yet"));
    assert_eq!(fs::read_to_string(desk.path("a.toml")).unwrap(), sticky());
}

/// What the last frame put on the clipboard.
fn copied(desk: &Desk) -> Option<String> {
    let commands = &desk.harness.output().platform_output.commands;
    commands.iter().find_map(
        |command| {
            if let egui::OutputCommand::CopyText(text) = command { Some(text.clone()) } else { None }
        },
    )
}

#[test]
fn a_damaged_text_is_not_opened_and_says_so() {
    let mut desk = Desk::builtin();
    let before = preset(&desk.harness).clone();
    for (text, words) in [("brownout1:AAAA", "cut off"), ("hello", "no preset on the clipboard")] {
        desk.harness.event(egui::Event::Paste(text.to_owned()));
        desk.until(words, |desk| desk.sees(words));
        assert_eq!(*preset(&desk.harness), before);
    }
}

#[test]
fn a_file_that_holds_a_shared_text_opens_and_is_never_saved_over() {
    let mut desk = Desk::builtin();
    let letter = desk.path("letter.txt");
    fs::write(&letter, format::share::encode(builtin::by_name("one-server").unwrap().text)).unwrap();
    desk.open(&letter);
    desk.until("it is open", |desk| desk.title() == "One server");
    desk.command(Key::N);
    desk.until("it asks", |desk| desk.sees("is in no file yet"));
}
