//! The real window on a display without a screen, by mouse: opens, runs, kills a replica, and its score is the report's.

use std::path::Path;
use std::process::Command;

use egui::Pos2;
use egui_kittest::kittest::Queryable;
use serde_json::Value;

use crate::support::display::{Display, until};
use crate::ui::script::{Script, running};
use crate::ui::window;

/// Where a control of that name is, in a window of the same size that shows the same: the layout is the program's own.
fn place(script: &Script, name: &str) -> Pos2 {
    window(script).get_by_label(name).rect().center()
}

/// How many sockets each node of the app holds.
fn sockets_of_nodes(app: u32) -> Vec<usize> {
    let children = Command::new("pgrep").args(["-P", &app.to_string()]).output().unwrap();
    let sockets = |pid: &str| {
        let descriptors = std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
        let is_socket = |target: &Path| target.to_string_lossy().starts_with("socket:");
        let links = descriptors.flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok());
        Some(links.filter(|target| is_socket(target)).count())
    };
    String::from_utf8_lossy(&children.stdout).lines().filter_map(sockets).collect()
}

/// The number that stands before these words.
fn number_before(text: &str, words: &str) -> u64 {
    let before = text.split(words).next().unwrap();
    before
        .rsplit(' ')
        .find(|word| !word.is_empty())
        .unwrap()
        .parse()
        .unwrap_or_else(|_| panic!("{words:?} in {text:?}"))
}

#[test]
fn a_mouse_runs_the_preset_kills_a_replica_and_reads_the_reports_score() {
    let display = Display::open();
    let folder = tempfile::tempdir().unwrap();
    let preset = folder.path().join("sticky.toml");
    let text = brownout::topology::builtin::by_name("sticky-sessions").unwrap().text;
    assert!(text.contains("think = \"2s\""));
    std::fs::write(&preset, text.replace("think = \"2s\"", "think = \"500ms\"")).unwrap();
    let report = folder.path().join("report.json");
    let app = display.brownout(folder.path(), &["--report", report.to_str().unwrap(), preset.to_str().unwrap()]);

    display.until_title("the window is open", |title| title == "Sticky sessions – Brownout");
    display.click(place(&Script::idle(), "Run"));
    display.until_title("it runs", |title| title.contains("0 of 30 users hurt"));
    until("thirty users have a connection to the gateway", || {
        let busy = sockets_of_nodes(app.id()).into_iter().filter(|&sockets| sockets > 30).count();
        (busy == 2).then_some(())
    });
    display.click(place(&Script::showing(running()), "Kill shop.2"));
    display.until_title("somebody is hurt", |title| number_before(title, " of 30 users hurt") > 0);
    display.click(place(&Script::showing(running()), "Stop"));
    let report: Value = until("the report is saved", || serde_json::from_slice(&std::fs::read(&report).ok()?).ok());

    let hurt = report["sessions"]["users_hurt"].as_u64().unwrap();
    let items = report["sessions"]["items_lost"].as_u64().unwrap();
    let title = display.until_title("the score is the report's", |title| {
        number_before(title, " of 30 users hurt") == hurt && number_before(title, " item") == items
    });
    assert_eq!(report["sessions"]["lost"], report["sessions"]["held_by_killed"], "{title}: {report:#}");
    assert_eq!(report["faults"][0]["on"], "shop.2");
}

/// How long a process has computed, in ticks of the kernel's clock, of which there are a hundred in a second.
fn ticks(pid: u32) -> u64 {
    ticks_in(&format!("/proc/{pid}/stat"))
}

fn ticks_in(path: &str) -> u64 {
    let stat = std::fs::read_to_string(path).unwrap();
    // The name of the program, in brackets, may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn a_window_in_which_nothing_happens_computes_nothing() {
    let (display, folder) = (Display::open(), tempfile::tempdir().unwrap());
    let app = display.brownout(folder.path(), &["sticky-sessions"]);
    display.until_title("the window is open", |title| title == "Sticky sessions – Brownout");
    until("the window has come to rest", || {
        let before = ticks(app.id());
        // Somebody looks at the window for two seconds and touches nothing.
        display.xdotool(&["sleep", "2"]);
        (ticks(app.id()) <= before + 1).then_some(())
    });
    app.kill();
}

#[test]
fn a_window_that_another_one_hides_draws_nothing_and_its_title_goes_on_telling() {
    let (display, folder, other) = (Display::open(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let app = display.brownout(folder.path(), &["sticky-sessions", "--experiment"]);
    display.until_title("it runs", |title| title.contains("0 of 30 users hurt"));
    // How long the thread that draws computes in two seconds.
    let drawing = || {
        let thread = || ticks_in(&format!("/proc/{0}/task/{0}/stat", app.id()));
        let before = thread();
        display.xdotool(&["sleep", "2"]);
        thread() - before
    };
    let seen = drawing();
    // As large as the first, and above it.
    let above = display.brownout(other.path(), &["one-server"]);
    until("nothing is drawn", || (drawing() * 3 < seen).then_some(()));
    until("the title tells of the kill", || {
        let windows = display.xdotool(&["search", "--name", "^Sticky sessions .* 10 of 30 users hurt"]);
        (!windows.is_empty()).then_some(())
    });
    above.kill();
    app.kill();
}
