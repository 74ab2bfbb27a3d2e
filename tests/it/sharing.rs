//! Shared texts through the built program: what is sent is what arrives, by every way in.

use std::fs;

use brownout::topology::builtin;

use crate::support::program::{brownout, brownout_with_input, printed};

/// What `export --to share` writes.
fn shared(name: &str) -> String {
    let output = brownout(&["export", name, "--to", "share"]);
    assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_builtin_preset_arrives_byte_for_byte() {
    for preset in builtin::all() {
        let text = shared(preset.name);
        assert_eq!(text.lines().count(), 1, "{}", preset.name);
        assert!(text.len() < preset.text.len(), "{}: {} of {}", preset.name, text.len(), preset.text.len());
        let output = brownout_with_input(&["export", "-", "--to", "toml"], text.as_bytes());
        assert_eq!(String::from_utf8(output.stdout).unwrap(), preset.text, "{}", preset.name);
        let output = brownout_with_input(&["check", "-"], text.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
    }
}

#[test]
fn what_is_changed_on_the_way_out_is_in_what_is_shared() {
    let output = brownout(&["export", "sticky-sessions", "--to", "share", "--set", "shop.replicas=5"]);
    let output = brownout_with_input(&["export", "-", "--to", "toml"], &output.stdout);
    assert!(String::from_utf8(output.stdout).unwrap().contains("replicas = 5"));
}

#[test]
fn a_shared_text_runs_from_standard_input_and_from_a_file() {
    let text = shared("one-server");
    let run = |preset: &str, input: &str| {
        let output = brownout_with_input(&["run", preset, "--duration", "1s"], input.as_bytes());
        assert!(String::from_utf8_lossy(&output.stdout).contains("One server"), "{}", printed(&output));
    };
    run("-", &text);
    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("letter.txt");
    fs::write(&letter, format!("\n{}\r\n", text.trim())).unwrap();
    let output = brownout(&["check", letter.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
    run(letter.to_str().unwrap(), "");
}

#[test]
fn without_a_display_the_window_runs_what_came_from_standard_input() {
    let short = r#"
format = 1
title = "A short run"
run = { duration = "1s" }
module = [{ name = "cart", operation = [{ name = "add", steps = [{ session = "create" }] }] }]
node = [
  { id = "shoppers", role = "users", journey = ["cart.add"] },
  { id = "shop", role = "service", modules = ["cart"] },
]
link = [{ from = "shoppers", to = "shop" }]
"#;
    let output = brownout_with_input(&["-"], short.as_bytes());
    let said = printed(&output);
    assert!(said.contains("runs headless") && said.contains("A short run"), "{said}");
}

#[test]
fn a_text_that_was_spoiled_on_the_way_says_so() {
    let text = shared("one-server");
    let half = &text[..text.len() / 2];
    let newer = text.replacen("brownout1:", "brownout2:", 1);
    for (spoiled, words) in [(half, "cut off"), (newer.as_str(), "newer"), ("brownout1:!!", "damaged")] {
        let output = brownout_with_input(&["check", "-"], spoiled.as_bytes());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains(words), "{words}: {said}");
    }
}
