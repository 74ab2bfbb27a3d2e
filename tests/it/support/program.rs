//! Running the built program as its users do.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The built executable.
pub(crate) const BROWNOUT: &str = env!("CARGO_BIN_EXE_brownout");

/// Runs the program to its end.
pub(crate) fn brownout(arguments: &[&str]) -> Output {
    brownout_with_input(arguments, b"")
}

/// Runs the program to its end, with this on standard input.
pub(crate) fn brownout_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(BROWNOUT)
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// What a program printed, for messages of failing tests.
pub(crate) fn printed(output: &Output) -> String {
    format!(
        "exit {:?}\n{}\n{}",
        output.status.code(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Runs a preset headless and gives the exit code, the JSON report and what was printed.
pub(crate) fn run_preset(preset: &str, more: &[&str]) -> (i32, Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let mut arguments = vec!["run", preset, "--report", path.to_str().unwrap()];
    arguments.extend_from_slice(more);
    let output = brownout(&arguments);
    let report = read_json(&path).unwrap_or_else(|| panic!("no report: {}", printed(&output)));
    (output.status.code().unwrap_or(-1), report, printed(&output))
}

fn read_json(path: &Path) -> Option<Value> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}
