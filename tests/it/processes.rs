//! A node process from outside: what it refuses, and that it never outlives its app.

#![cfg(unix)]
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use brownout::runtime::Options;
use brownout::wire::{Bootstrap, NodeMessage, PROTOCOL};

use crate::support::live::{Live, lively};
use crate::support::program::BROWNOUT;

/// Long enough for any of these processes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn node(first_line: &str) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_brownout"))
        .arg("node")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(first_line.as_bytes()).unwrap();
    child
}

/// How the process ended, which must be soon.
fn ended(mut child: Child) -> ExitStatus {
    let pid = rustix::process::Pid::from_child(&child);
    let (done, status) = mpsc::sync_channel(1);
    std::thread::spawn(move || done.send(child.wait()));
    status
        .recv_timeout(PATIENCE)
        .unwrap_or_else(|_| {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
            panic!("the node still runs")
        })
        .unwrap()
}

/// An app that only listens, and the start-up line that leads a node to it.
fn app(change: impl FnOnce(&mut Bootstrap)) -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut bootstrap = Bootstrap {
        protocol: PROTOCOL,
        control: listener.local_addr().unwrap(),
        token: "secret".to_owned(),
        life: "shop.1#1".parse().unwrap(),
        parent_pid: std::process::id(),
    };
    change(&mut bootstrap);
    (listener, format!("{}\n", serde_json::to_string(&bootstrap).unwrap()))
}

/// Takes the connection of a node that has started, and its hello.
fn greeted(listener: &TcpListener) -> (BufReader<TcpStream>, NodeMessage) {
    let (stream, _) = listener.accept().unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    (stream, serde_json::from_str(&line).unwrap())
}

#[test]
fn a_node_that_no_app_started_says_so_and_ends() {
    for line in ["", "nonsense\n", "{}\n"] {
        assert_eq!(ended(node(line)).code(), Some(2), "{line:?}");
    }
    let (_listener, other_version) = app(|bootstrap| bootstrap.protocol += 1);
    assert_eq!(ended(node(&other_version)).code(), Some(2));
    let (_listener, orphaned) = app(|bootstrap| bootstrap.parent_pid = 1);
    assert_eq!(ended(node(&orphaned)).code(), Some(1));
}

/// As when another version is installed while the app runs: what it starts then is that version.
#[test]
fn a_node_of_another_version_says_what_to_do_where_people_look() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other-version");
    // The warden has to be the app's own child: it would take the app for gone.
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = node ] || exec '{BROWNOUT}' \"$@\"\n\
         sed -u 's/\"protocol\":[0-9]*/\"protocol\":1/' | '{BROWNOUT}' \"$@\"\n"
    );
    std::fs::write(&other, script).unwrap();
    std::fs::set_permissions(&other, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = Live::start_with(Options::new(other), lively("one-server"), true, true);
    run.until("it is said that the versions differ", |snapshot| {
        let trouble = snapshot.trouble.as_deref()?;
        assert!(trouble.contains("Quit Brownout and start it again"), "{trouble}");
        Some(())
    });
}

#[test]
fn a_node_says_hello_and_ends_with_its_connection() {
    let (listener, line) = app(|_| ());
    let child = node(&line);
    let pid = child.id();
    let (stream, hello) = greeted(&listener);
    let life = "shop.1#1".parse().unwrap();
    assert_eq!(hello, NodeMessage::Hello { protocol: PROTOCOL, token: "secret".to_owned(), life, pid });
    drop(stream);
    assert!(ended(child).code().is_some(), "it ends by itself");
}

/// The kernel's parent-death signal follows the thread, and reaches a stopped process too.
#[cfg(target_os = "linux")]
#[test]
fn a_node_dies_with_the_thread_that_started_it_even_when_it_is_stopped() {
    use std::os::unix::process::ExitStatusExt;
    for stopped in [false, true] {
        let (listener, line) = app(|_| ());
        let (child, _stream) = std::thread::spawn(move || {
            let child = node(&line);
            let (stream, _) = greeted(&listener);
            if stopped {
                let pid = rustix::process::Pid::from_child(&child);
                rustix::process::kill_process(pid, rustix::process::Signal::STOP).unwrap();
            }
            (child, stream)
        })
        .join()
        .unwrap();
        assert_eq!(ended(child).signal(), Some(9), "stopped: {stopped}");
    }
}
