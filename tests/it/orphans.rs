//! After `kill -9` of the app nothing of it is left. A short form of `tests/no-orphans`.

use std::process::Command;

use crate::support::program::BROWNOUT;

#[test]
fn nothing_is_left_after_the_app_is_killed_at_a_random_moment() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/no-orphans");
    let output = Command::new(script).args(["10"]).env("BROWNOUT", BROWNOUT).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
}
