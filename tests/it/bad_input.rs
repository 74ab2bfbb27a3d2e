//! Bad input: one clear message with its place, the right exit code, no panic, and nothing of the user's is harmed.

use std::fs;
use std::process::Output;

use crate::support::program::{brownout, brownout_with_input, printed};

fn refused(output: &Output, code: i32, says: &[&str]) {
    let text = printed(output);
    assert_eq!(output.status.code(), Some(code), "{text}");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked"), "{text}");
    for word in says {
        assert!(stderr.contains(word), "{word:?} is missing: {text}");
    }
}

fn check(text: &[u8]) -> Output {
    brownout_with_input(&["check", "-"], text)
}

/// A sound preset to spoil.
fn sound() -> String {
    brownout::topology::builtin::by_name("sticky-sessions").unwrap().text.to_owned()
}

#[test]
fn broken_toml_is_refused_with_line_and_column() {
    refused(&check(b"format = 1\ntitle = \"x\n"), 2, &["standard input:2:"]);
}

#[test]
fn an_unknown_field_is_named_with_the_one_that_was_meant() {
    let text = sound().replacen("replicas = 3", "replicsa = 3", 1);
    refused(&check(text.as_bytes()), 2, &["replicsa", "replicas"]);
}

#[test]
fn a_wrong_unit_is_refused_with_an_example() {
    let text = sound().replacen("think = \"2s\"", "think = \"2 parsecs\"", 1);
    refused(&check(text.as_bytes()), 2, &["2 parsecs", "250ms"]);
}

#[test]
fn a_dangling_link_is_refused() {
    let text = sound() + "\n[[link]]\nfrom = \"gate\"\nto = \"nowhere\"\n";
    refused(&check(text.as_bytes()), 2, &["nowhere"]);
}

#[test]
fn two_nodes_of_one_name_are_refused() {
    let text = sound() + "\n[[node]]\nid = \"gate\"\nrole = \"gateway\"\n";
    refused(&check(text.as_bytes()), 2, &["gate"]);
}

#[test]
fn a_module_that_is_hosted_twice_is_refused() {
    let text = sound() + "\n[[node]]\nid = \"second\"\nrole = \"service\"\nmodules = [\"cart\"]\n";
    refused(&check(text.as_bytes()), 2, &["cart", "second"]);
}

#[test]
fn a_cycle_of_calls_is_refused_and_named() {
    let text = sound().replacen("[[module]]", "[[module]]\nname = \"a\"\n[[module.operation]]\nname = \"x\"\nsteps = [{ call = \"b.y\" }]\n\n[[module]]\nname = \"b\"\n[[module.operation]]\nname = \"y\"\nsteps = [{ call = \"a.x\" }]\n\n[[module]]", 1);
    refused(&check(text.as_bytes()), 2, &["a.x", "b.y"]);
}

#[test]
fn an_empty_file_is_refused() {
    refused(&check(b""), 2, &["standard input"]);
}

#[test]
fn a_file_of_ten_megabytes_is_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.toml");
    fs::write(&path, vec![b'#'; 10 << 20]).unwrap();
    refused(&brownout(&["check", path.to_str().unwrap()]), 2, &["huge.toml", "1 MiB"]);
}

#[test]
fn binary_rubbish_is_refused() {
    let rubbish: Vec<u8> = (0..4096u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    refused(&check(&rubbish), 2, &["standard input"]);
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("format = 1\nx = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    refused(&check(deep.as_bytes()), 2, &["standard input"]);
}

#[test]
fn a_future_format_is_refused() {
    let text = sound().replacen("format = 1", "format = 99", 1);
    refused(&check(text.as_bytes()), 2, &["99"]);
}

#[test]
fn a_missing_file_and_an_unknown_name_are_refused() {
    refused(&brownout(&["run", "no/such/file.toml"]), 2, &["no/such/file.toml"]);
    refused(&brownout(&["run", "stiky-sessions"]), 2, &["sticky-sessions"]);
}

#[test]
fn a_bad_setting_is_refused() {
    refused(&brownout(&["run", "sticky-sessions", "--set", "shop.sesions=store"]), 2, &["sessions"]);
    refused(&brownout(&["run", "sticky-sessions", "--set", "shop.sessions=cloud"]), 2, &["memory"]);
    refused(&brownout(&["run", "sticky-sessions", "--set", "shop.sessions=store"]), 2, &["cache"]);
    refused(&brownout(&["run", "sticky-sessions", "--set", "nonsense"]), 2, &["NODE.SETTING=VALUE"]);
}

#[test]
fn a_missing_redis_server_is_named_with_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(crate::support::program::BROWNOUT)
        .args(["run", "shared-session-store", "--set", "sessions.engine=redis"])
        .env("PATH", empty.path())
        .output()
        .unwrap();
    refused(&output, 3, &["redis-server", "install"]);
}

#[test]
fn a_report_that_cannot_be_saved_says_why_and_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no-such-folder").join("r.json");
    let output = brownout(&["run", "one-server", "--duration", "1s", "--quiet", "--report", missing.to_str().unwrap()]);
    refused(&output, 3, &["r.json"]);
}
