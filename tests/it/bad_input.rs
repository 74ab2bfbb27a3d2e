//! Bad input: one clear message with its place, the right exit code, no panic, and nothing of the user's is harmed.

use std::fs;
use std::path::Path;
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
fn a_file_of_twenty_megabytes_is_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.toml");
    fs::write(&path, vec![b'#'; 20 << 20]).unwrap();
    refused(&brownout(&["check", path.to_str().unwrap()]), 2, &["huge.toml", "16MiB"]);
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

#[test]
fn several_files_are_each_told_of_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let stray = "\n[layout]\nnobody = [0, 0]\n";
    let sound = sound().split("[layout]").next().unwrap().to_owned();
    write("good.toml", &sound);
    write("doubtful.toml", &format!("{sound}{stray}"));
    // The warning stands before the errors in the file, and so it is told before them.
    write(
        "bad.toml",
        &format!(
            "layout.nobody = [0, 0]\n{}",
            sound.replace("\"shop.2\"", "\"shop.9\"").replace("users = 30", "users = 0")
        ),
    );
    let check = |files: &[&str]| {
        let output = std::process::Command::new(crate::support::program::BROWNOUT)
            .arg("check")
            .args(files)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
        (output.status.code(), lines(&output.stdout), lines(&output.stderr))
    };
    let (code, out, err) = check(&["good.toml", "doubtful.toml"]);
    assert_eq!((code, out), (Some(0), vec!["good.toml: ok".to_owned(), "doubtful.toml: ok".to_owned()]), "{err:?}");
    assert!(err.len() == 1 && err[0].starts_with("doubtful.toml:") && err[0].contains(": warning: "), "{err:?}");
    let (code, out, err) = check(&["bad.toml", "good.toml", "missing.toml"]);
    assert_eq!((code, out), (Some(2), vec!["good.toml: ok".to_owned()]));
    let begins = ["bad.toml:1:17: warning: ", "bad.toml:46:9: error: users", "bad.toml:", "missing.toml: error: "];
    assert_eq!(err.len(), begins.len(), "{err:#?}");
    assert!(err.iter().zip(begins).all(|(line, begin)| line.starts_with(begin)), "{err:#?}");
    assert!(err[2].contains(": error: there is no replica shop.9"), "{err:#?}");
}

/// A run that is not begun, because its report could not be saved at this path, for this reason.
fn not_saved(path: &Path, reason: &str) {
    let output = brownout(&["run", "one-server", "--duration", "1s", "--quiet", "--report", path.to_str().unwrap()]);
    refused(&output, 3, &["nothing was run: cannot save", path.to_str().unwrap(), reason]);
}

/// What is in a folder, by name.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_report_never_replaces_what_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("folder.json")).unwrap();
    not_saved(&path("folder.json"), "it is not a file");
    not_saved(&path("missing/r.json"), "its folder does not exist");
    assert_eq!(names(folder.path()), ["folder.json"]);
    assert!(names(&path("folder.json")).is_empty());
}

#[cfg(unix)]
#[test]
fn a_report_follows_links_and_never_replaces_a_device() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    symlink("/dev/full", path("device.json")).unwrap();
    symlink("missing/r.json", path("dangling.json")).unwrap();
    not_saved(&path("device.json"), "it is not a file");
    not_saved(&path("dangling.json"), "its folder does not exist");
    assert!(fs::metadata("/dev/full").unwrap().file_type().is_char_device());
    assert_eq!(names(folder.path()), ["dangling.json", "device.json"]);
    assert!(fs::symlink_metadata(path("device.json")).unwrap().is_symlink());
}

/// Saves a report over an old one in a folder that was prepared by `mount` in a mount namespace of its own. What the
/// script prints at the end is the old file and the folder's content. Permissions would not stop root; mounts do.
#[cfg(target_os = "linux")]
#[expect(clippy::print_stderr, reason = "a test that tried nothing says so")]
fn not_saved_on_a_mount(mount: &str, reason: &str) {
    let allowed = |flags: &str| {
        let tried =
            std::process::Command::new("unshare").args([flags, "true"]).stderr(std::process::Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    let Some(flags) = ["-m", "-Urm"].into_iter().find(|flags| allowed(flags)) else {
        eprintln!("skipped: the kernel allows no mount namespace, so {reason:?} cannot be tried");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "{mount}\n\"$1\" run one-server --duration 1s --quiet --report \"$2/r.json\"\ncode=$?\n\
         cat \"$2/r.json\"; echo; ls -A \"$2\"; exit $code"
    );
    let output = std::process::Command::new("unshare")
        .args([flags, "sh", "-c", &script, "sh", crate::support::program::BROWNOUT])
        .arg(folder.path())
        .output()
        .unwrap();
    refused(&output, 3, &["cannot save", "r.json", reason]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "the old report\nr.json\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_in_a_read_only_folder_says_so_and_the_old_one_stays() {
    let mount = "printf 'the old report' > \"$2/r.json\"\n\
                 mount --bind \"$2\" \"$2\" && mount -o remount,bind,ro \"$2\" || exit 9";
    not_saved_on_a_mount(mount, "read-only; save in another folder");
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_on_a_full_disk_says_so_and_the_old_one_stays() {
    let mount = "mount -t tmpfs -o size=4k none \"$2\" || exit 9\nprintf 'the old report' > \"$2/r.json\"";
    not_saved_on_a_mount(mount, "the disk is full");
}
