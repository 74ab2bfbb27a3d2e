//! The laws of the table: nothing twice, nothing without words.

use super::*;

#[test]
fn no_two_commands_share_keys_or_a_name() {
    for (at, about) in TABLE.iter().enumerate() {
        for other in &TABLE[..at] {
            assert_ne!(about.command, other.command);
            assert_ne!(about.title, other.title);
            let shared = about.keys.iter().find(|keys| other.keys.contains(keys));
            assert!(shared.is_none(), "{} and {} share {shared:?}", about.title, other.title);
        }
    }
}

#[test]
fn every_command_says_what_it_does() {
    for about in TABLE {
        assert!(!about.title.is_empty() && !about.does.is_empty(), "{:?}", about.command);
        assert!(!about.does.ends_with('.'), "{}: half a sentence", about.title);
    }
}

#[test]
fn keys_are_called_what_is_printed_on_them() {
    let context = egui::Context::default();
    context.set_os(egui::os::OperatingSystem::Nix);
    let called = |command: Command| spelled_all(&context, command.about());
    assert_eq!(called(Command::Stop), "Ctrl+.");
    assert_eq!([called(Command::NextUser), called(Command::PreviousUser)], [".", ","]);
    assert_eq!([called(Command::ZoomIn), called(Command::ZoomOut)], ["+, =", "−"]);
    assert_eq!(called(Command::Redo), "Ctrl+Shift+Z, Ctrl+Y");
    let names = ["Period", "Comma", "Bracket", "mark", "Equals", "Plus", "Minus", "PageDown", "PageUp"];
    for about in TABLE {
        let spelled = spelled_all(&context, about);
        assert!(names.iter().all(|name| !spelled.contains(name)), "{}: {spelled}", about.title);
    }
}
