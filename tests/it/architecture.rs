//! The rules that keep the folders apart and the files small, checked on the source itself. Every rule is also checked
//! on a planted violation, so that a rule that finds nothing is known to look.
//!
//! Textual: what macros produce and names that are re-exported elsewhere slip by.

mod paths;
mod rules;

use std::fs;
use std::path::Path;

use rules::Source;

/// All of `src/`, by paths relative to it, with `/` between their parts.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut sources) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                sources.push(Source { path: relative, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

#[test]
fn the_source_keeps_the_rules() {
    let sources = sources();
    assert!(sources.iter().any(|source| source.path == "node/mod.rs"), "no source was found");
    let violations: Vec<_> = sources.iter().flat_map(rules::violations).collect();
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

/// Checks that the text, after a line of documentation, breaks one rule, and what is said about it.
#[track_caller]
fn finds(path: &str, text: &str, said: &str) {
    let source = Source { path: path.to_owned(), text: format!("//! A planted file.\n{text}") };
    let violations = rules::violations(&source);
    assert!(violations.len() == 1 && violations[0].contains(said), "{violations:?} should be one, saying {said:?}");
}

#[track_caller]
fn finds_nothing(path: &str, text: &str) {
    let source = Source { path: path.to_owned(), text: format!("//! A planted file.\n{text}") };
    assert_eq!(rules::violations(&source), [""; 0]);
}

#[test]
fn a_folder_that_reaches_where_it_must_not_is_found() {
    finds("node/mod.rs", "use crate::control::Event;", "src/node/mod.rs:2: node must not use control");
    finds("telemetry/span.rs", "use crate::{topology::Id, control::Event};", "telemetry must not use control");
    finds("wire/config.rs", "use crate::{\n    telemetry::Span,\n    node::Clock,\n};", "wire must not use node");
    finds("scene/dots.rs", "fn f() -> crate::runtime::Pid { g() }", "scene must not use runtime");
    finds("ui/canvas/mod.rs", "use super::super::runtime::Conductor;", "ui must not use runtime");
    finds("ui/canvas/nodes.rs", "use super::super::super::node::Clock;", "ui must not use node");
    finds("ui/log.rs", "mod tests { use super::super::super::node::Clock; }", "ui must not use node");
    finds("topology/id.rs", "use super::super::{wire};", "topology must not use wire");
    finds("control/a.rs", "use crate::*;", "control must not use everything");
    finds("export/mod.rs", "use crate::app::App;", "export must not use app");
}

#[test]
fn a_folder_that_uses_what_it_may_is_left_alone() {
    finds_nothing("node/mod.rs", "use crate::{topology::{self, LifeId}, wire::*};\nuse super::node::Clock;");
    finds_nothing("node/gateway/mod.rs", "mod tests { use super::super::super::wire::Hop; use super::super::Clock; }");
    finds_nothing("app.rs", "use crate::{control, runtime, ui};");
    finds_nothing("node/cache.rs", "pub(crate) fn f() {} // crate::control\nconst S: &str = \"crate::control\";");
    finds_nothing(
        "node/a.rs",
        "const S: &str = r#\"\" crate::control \"#; const C: char = '\"'; fn f<'a>(x: &'a u8) {}",
    );
}

#[test]
fn a_folder_that_the_table_does_not_have_is_found() {
    finds("utils/mod.rs", "", "no such folder in the table of the architecture");
    finds("utils.rs", "", "no such folder in the table of the architecture");
    finds_nothing("cli/run.rs", "use crate::{app, runtime};");
}

#[test]
fn the_world_is_kept_out_of_what_is_pure() {
    finds("control/mod.rs", "use tokio::sync::mpsc;", "control must not use tokio");
    finds("topology/preset.rs", "fn f() { std::fs::read(p); }", "topology must not use std::fs");
    finds("scene/dots.rs", "use std::{fmt, thread};", "scene must not use std::thread");
    finds("telemetry/span.rs", "use std::time::{Duration, Instant};", "telemetry must not use std::time::Instant");
    finds("wire/mod.rs", "use std::net::{SocketAddr, TcpStream};", "wire must not use std::net::TcpStream");
    finds("scene/layout.rs", "use egui::Painter;", "scene must not use egui::Painter");
    finds("node/mod.rs", "use egui::Ui;", "node must not use egui");
    finds("ui/log.rs", "use std::process;", "ui must not use std::process");
    finds_nothing("wire/mod.rs", "use std::net::{IpAddr, Ipv4Addr, SocketAddr};\nuse std::time::Duration;");
    finds_nothing("scene/layout.rs", "use egui::emath::Pos2;");
}

#[test]
fn a_file_that_does_not_say_what_it_is_for_is_found() {
    let source = Source { path: "app.rs".to_owned(), text: "use std::fmt;\n".to_owned() };
    assert_eq!(rules::violations(&source), ["src/app.rs:1: a file opens with //! and says what it is for"]);
}

#[test]
fn a_file_that_is_too_long_is_found() {
    finds("app.rs", &"\n".repeat(500), "501 lines, at most 500");
    finds_nothing("app.rs", &"\n".repeat(499));
}

#[test]
fn starting_processes_anywhere_else_is_found() {
    finds("cli.rs", "use std::process::{Child, Command};", "only runtime/process.rs and node/keeper.rs");
    finds("node/mod.rs", "fn f() { tokio::process::Command::new(x); }", "only runtime/process.rs and node/keeper.rs");
    finds("runtime/engine.rs", "fn f() { process::Command::new(x); }", "only runtime/process.rs and node/keeper.rs");
    finds_nothing("runtime/process.rs", "use std::process::Command;");
}

#[test]
fn colours_anywhere_else_are_found() {
    finds("ui/log.rs", "const RED: Color32 = egui::Color32::from_rgb(9, 0, 0);", "colours come from scene/palette.rs");
    finds_nothing("ui/theme.rs", "const RED: Color32 = Color32::from_rgb(9, 0, 0);");
}

#[test]
fn dots_from_anywhere_else_are_found() {
    finds("scene/playback.rs", "fn f() { g(Dot { at: 1 }) }", "only scene/dots.rs makes dots");
    finds("ui/traffic.rs", "fn f() { let x = Dot\n{ at: 1 }; }", "only scene/dots.rs makes dots");
    finds_nothing("scene/dots.rs", "fn f() -> Dot { Dot { at: 1 } }");
    finds_nothing("ui/traffic.rs", "impl Paint for Dot {}\nfn f() -> Dot { g() }");
}
