//! After `kill -9` of the app nothing of it is left.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::program::BROWNOUT;

#[test]
fn nothing_is_left_after_the_app_is_killed_at_a_random_moment() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/no-orphans");
    let output = Command::new(script).args(["12"]).env("BROWNOUT", BROWNOUT).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

/// An app that dies at once, after it has started a warden and two children that do not ask to die with it: one holds
/// the warden's pipe, as a child does that was stopped before `exec`; the other bears the mark, as what a child started.
const APP: &str = r#"
import os, subprocess, sys
environment = dict(os.environ, BROWNOUT_APP="a-test")
read, write = os.pipe()
warden = subprocess.Popen([sys.argv[1], "warden", str(os.getpid())], env=environment, stdin=read, stdout=subprocess.PIPE)
warden.stdout.readline()
apart = dict(start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
holder = subprocess.Popen(["sleep", "600"], pass_fds=[write], **apart)
marked = subprocess.Popen(["sleep", "600"], env=environment, **apart)
os.kill(holder.pid, 19)
bystander = subprocess.Popen(["sleep", "600"], **apart)
print(holder.pid, marked.pid, bystander.pid, warden.pid, flush=True)
os.kill(os.getpid(), 9)
"#;

#[test]
#[cfg(target_os = "linux")]
fn the_warden_ends_what_a_killed_app_left_and_nobody_else() {
    let app = Command::new("python3").args(["-c", APP, BROWNOUT]).stderr(Stdio::inherit()).output().unwrap();
    let pids = String::from_utf8(app.stdout).unwrap();
    let pids: Vec<&str> = pids.split_whitespace().collect();
    let [holder, marked, bystander, warden] = pids[..] else { panic!("{pids:?}") };
    for (who, pid) in [("holder", holder), ("marked", marked), ("warden", warden)] {
        let deadline = Instant::now() + Duration::from_secs(10);
        while lives(pid) {
            assert!(Instant::now() < deadline, "the {who} is left");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    assert!(lives(bystander));
    Command::new("kill").args(["-9", bystander]).status().unwrap();
}

/// Whether a process exists and is not just waiting to be reaped.
fn lives(pid: &str) -> bool {
    let status = std::fs::read_to_string(Path::new("/proc").join(pid).join("stat")).unwrap_or_default();
    status.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['Z', 'X']))
}
