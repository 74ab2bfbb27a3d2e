//! Without a window nothing is written into the home of who runs the program.

use std::process::Command;

use crate::support::program::{BROWNOUT, printed};

/// What would lead elsewhere: to a window, or out of the home.
const VARIABLES: [&str; 6] =
    ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "BROWNOUT_STATE_DIR"];

#[test]
fn without_a_window_nothing_is_written_into_a_home() {
    let home = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 4] = [
        &["check", "one-server"],
        &["export", "one-server", "--to", "share"],
        &["run", "one-server", "--duration", "1s", "--quiet"],
        // Opens no window where there is no display.
        &["no-such-preset"],
    ];
    for arguments in commands {
        let mut command = Command::new(BROWNOUT);
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        let output = command.args(arguments).env("HOME", home.path()).current_dir(home.path()).output().unwrap();
        assert!(output.status.code().is_some(), "{}", printed(&output));
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "after {arguments:?}");
    }
}
