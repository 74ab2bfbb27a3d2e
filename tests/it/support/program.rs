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

/// Runs a preset headless and gives the exit code, the JSON report and what was printed. Where the machine was too busy to
/// send requests in time, the program says that the run means nothing; then, as a person would, it is run once more.
pub(crate) fn run_preset(preset: &str, more: &[&str]) -> (i32, Value, String) {
    let mut run = run_once(preset, more);
    for _ in 0..2 {
        if run.1["verdict"] != "inconclusive" || run.1["fidelity"]["generator_late_p99_ms"].as_f64().unwrap() <= 5.0 {
            break;
        }
        run = run_once(preset, more);
    }
    run
}

/// Runs a preset and demands all that it expects. That requests were sent late, as on a busy machine, says nothing against
/// what was served and what was not; anything else that leaves the run without a verdict does.
pub(crate) fn all_holds(preset: &str, more: &[&str]) -> Value {
    let (code, report, printed) = run_preset(preset, more);
    let expectations = report["expectations"].as_array().unwrap();
    assert!(!expectations.is_empty() && expectations.iter().all(|it| it["holds"] == true), "{printed}");
    let only_late = report["reasons"].as_array().unwrap().iter().all(|it| it.as_str().unwrap().contains("sent late"));
    assert!(code == 0 || (code == 3 && only_late), "{printed}");
    report
}

fn run_once(preset: &str, more: &[&str]) -> (i32, Value, String) {
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
