//! The real window on a display without a screen: what it keeps when it is killed, loses its display or is closed.

use std::fs;
use std::path::Path;
use std::process::Command;

use brownout::topology::builtin;
use egui_kittest::kittest::Queryable;
use serde_json::{Value, json};

use crate::support::display::{Display, Ended, until};
use crate::ui::script::Script;
use crate::ui::window;

/// Opens the window on this preset, and moves a card, which is an edit.
fn edited(display: &Display, state: &Path, arguments: &[&str]) -> Ended {
    let app = display.brownout(state, arguments);
    display.until_title("the window is open", |title| title.starts_with("Sticky sessions"));
    let card = window(&Script::idle()).get_by_label("node gate").rect();
    until("it was edited", || {
        // A window that was just opened may miss a gesture.
        display.drag_down(card);
        (0..40).any(|_| display.title().starts_with("Sticky sessions *")).then_some(())
    });
    app
}

/// The unsaved work, once it is on the disk.
fn kept(state: &Path) -> String {
    let file = state.join("recovery/window-1.toml");
    until("the work is kept", || fs::read_to_string(&file).ok())
}

fn children(app: &Ended) -> Vec<String> {
    let output = Command::new("pgrep").args(["-P", &app.id().to_string()]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn a_window_that_is_killed_while_somebody_edits_offers_the_work_again() {
    let (display, state) = (Display::open(), tempfile::tempdir().unwrap());
    let app = edited(&display, state.path(), &[]);
    assert!(kept(state.path()).contains("[layout]"));
    app.kill();
    let app = display.brownout(state.path(), &["one-server"]);
    display.until_title("the next window is open", |title| title == "One server – Brownout");
    // Enter gives the best answer, which is to restore it.
    until("the work is back", || {
        display.key("Return");
        display.title().starts_with("Sticky sessions *").then_some(())
    });
    app.kill();
    assert!(kept(state.path()).contains("[layout]"), "it is still not saved");
}

#[test]
fn a_lost_display_loses_no_work_and_leaves_no_process() {
    let (display, state) = (Display::open(), tempfile::tempdir().unwrap());
    let app = edited(&display, state.path(), &[]);
    display.key("ctrl+Return");
    display.until_title("it runs", |title| title.contains("30 users hurt"));
    let children = children(&app);
    assert!(children.len() > 3, "{children:?}");
    // At once: what was edited last may not be on the disk yet.
    display.close();
    let (code, said) = app.end();
    assert_eq!(code, Some(3), "{said}");
    let file = state.path().join("recovery/window-1.toml");
    assert!(said.contains("window was lost") && said.contains(file.to_str().unwrap()), "{said}");
    assert!(kept(state.path()).contains("[layout]"));
    let is_gone = |child: &String| !Path::new("/proc").join(child).exists();
    until("the children are gone", || children.iter().all(is_gone).then_some(()));
}

#[test]
fn closing_the_window_asks_and_saves_and_then_nothing_is_left_of_it() {
    let (display, state) = (Display::open(), tempfile::tempdir().unwrap());
    let file = state.path().join("mine.toml");
    let text = builtin::by_name("sticky-sessions").unwrap().text;
    fs::write(&file, text).unwrap();
    let app = edited(&display, state.path(), &[file.to_str().unwrap()]);
    kept(state.path());
    display.ask_to_close();
    until("it is saved", || {
        display.key("Return");
        fs::read_to_string(&file).ok().filter(|saved| saved != text)
    });
    assert_eq!(app.end().0, Some(0));
    assert!(!state.path().join("recovery/window-1.toml").exists());
}

#[test]
fn a_window_comes_back_where_it_was_and_never_off_the_screen() {
    let (display, state) = (Display::open(), tempfile::tempdir().unwrap());
    let place = |what: &str, x: i64, y: i64| {
        until(what, || {
            let said = display.xdotool(&["getwindowgeometry", &display.window()]);
            said.contains(&format!("Position: {x},{y} ")).then_some(said)
        })
    };
    let json = state.path().join("window.json");
    let read = || serde_json::from_slice::<Value>(&fs::read(&json).ok()?).ok();
    let app = display.brownout(state.path(), &[]);
    display.until_title("the window is open", |title| !title.is_empty());
    let window = display.window();
    display.xdotool(&["windowsize", "--sync", &window, "900", "700", "windowmove", "--sync", &window, "120", "40"]);
    until("it is remembered", || read().filter(|json| json["place"] == json!([120.0, 40.0])));
    display.ask_to_close();
    assert_eq!(app.end().0, Some(0));
    let app = display.brownout(state.path(), &[]);
    let said = place("it is there again", 120, 40);
    assert!(said.contains("Geometry: 900x700"), "{said}");
    app.kill();
    let mut lost = read().unwrap();
    lost["place"] = json!([5000.0, 4000.0]);
    fs::write(&json, lost.to_string()).unwrap();
    let app = display.brownout(state.path(), &[]);
    place("it is in the middle of the screen", (1280 - 900) / 2, (800 - 700) / 2);
    app.kill();
}
