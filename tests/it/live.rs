//! Real processes under the real control plane: what `ps` sees, what a kill does, and edits while it runs.

use std::net::TcpStream;
use std::process::Command;

use brownout::topology::edit::{self, History, Item};
use brownout::topology::{Act, Period};

use crate::support::live::{Live, is_ready, lively, set};

#[test]
fn replicas_are_processes_without_the_token_in_arguments_or_environment() {
    let run = Live::start(lively("sticky-sessions"), false, false);
    run.until_running();
    for slot in ["shoppers.1", "gate.1", "shop.1", "shop.2", "shop.3"] {
        let pid = run.slot(slot).pid.unwrap();
        let listed = Command::new("ps").args(["-o", "args=", "-p", &pid.to_string()]).output().unwrap();
        let arguments = String::from_utf8(listed.stdout).unwrap();
        assert!(arguments.trim_end().ends_with("brownout node"), "{slot}: {arguments}");
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap();
        let environment = String::from_utf8_lossy(&environment).to_lowercase();
        assert!(!environment.contains("brownout_token") && !environment.contains("\"token\""), "{slot}");
    }
}

#[test]
fn a_killed_replica_refuses_connections_until_its_next_life_is_ready() {
    let mut preset = lively("sticky-sessions");
    set(&mut preset, "shop.restart", "1s");
    let run = Live::start(preset, false, false);
    run.until_running();
    let before = run.slot("shop.2");
    let address = before.address.unwrap();
    assert!(TcpStream::connect(address).is_ok());

    run.act(Act::Kill, "shop.2");
    run.until_slot("shop.2", |slot| !is_ready(slot));
    assert!(TcpStream::connect(address).is_err());

    let after = run.until_slot("shop.2", |slot| is_ready(slot) && slot.life != before.life);
    assert_eq!(after.life.life, 2);
    assert_ne!(after.pid, before.pid);
    assert!(TcpStream::connect(after.address.unwrap()).is_ok());
}

#[test]
fn switching_from_memory_to_store_and_back_restarts_nothing_and_loses_nothing() {
    let mut preset = lively("shared-session-store");
    set(&mut preset, "shop.sessions", "memory");
    set(&mut preset, "gate.affinity", "cookie");
    let run = Live::start(preset.clone(), false, false);
    run.until_all_logged_in();
    let pids = ["shop.1", "shop.2", "shop.3"].map(|slot| run.slot(slot).pid);
    let marks_in = |node: &'static str, all: bool| {
        move |snapshot: &brownout::control::Snapshot| {
            let there: u32 = snapshot
                .nodes
                .iter()
                .filter(|state| state.id.as_str() == node)
                .flat_map(|state| &state.slots)
                .map(|slot| slot.sessions)
                .sum();
            (if all { u64::from(there) == snapshot.sessions.open } else { there == 0 }).then_some(())
        }
    };

    set(&mut preset, "shop.sessions", "store");
    run.apply(&preset);
    run.until("all sessions are in the store", marks_in("sessions", true));
    set(&mut preset, "shop.sessions", "memory");
    run.apply(&preset);
    run.until("all sessions are in memory again", marks_in("sessions", false));
    set(&mut preset, "shop.sessions", "store");
    run.apply(&preset);
    run.until("all sessions are in the store again", marks_in("sessions", true));

    run.act(Act::Kill, "shop.2");
    run.until_slot("shop.2", |slot| !is_ready(slot));
    assert_eq!(pids[0], run.slot("shop.1").pid);
    assert_eq!(pids[2], run.slot("shop.3").pid);
    let report = run.stop();
    assert_eq!((report.sessions.lost, report.sessions.unverified), (0, 0), "{:#?}", report.sessions);
    assert!(report.nodes.iter().flat_map(|node| &node.replicas).all(|replica| replica.lives == 1));
}

#[test]
fn a_paused_replica_loses_its_users_as_unreachable_and_comes_back() {
    let mut preset = lively("sticky-sessions");
    set(&mut preset, "gate.timeout", "500ms");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    run.act(Act::Pause, "shop.1");
    run.until("users notice", |snapshot| (snapshot.sessions.lost > 0).then_some(()));
    run.act(Act::Resume, "shop.1");
    run.until_slot("shop.1", is_ready);
    let report = run.stop();
    assert_eq!(
        report.sessions.lost_by_cause.get("holder_unreachable"),
        Some(&report.sessions.lost),
        "{:#?}",
        report.sessions
    );
}

#[test]
fn scaling_in_takes_replicas_away_and_scaling_out_brings_them() {
    let mut preset = lively("shared-session-store");
    let run = Live::start(preset.clone(), false, false);
    run.until_all_logged_in();
    set(&mut preset, "shop.replicas", "5");
    run.apply(&preset);
    run.until_slot("shop.5", is_ready);
    set(&mut preset, "shop.replicas", "1");
    run.apply(&preset);
    run.until("four are gone", |snapshot| {
        let shop = snapshot.nodes.iter().find(|node| node.id.as_str() == "shop").unwrap();
        (shop.slots.len() == 1).then_some(())
    });
    let report = run.stop();
    assert_eq!(report.sessions.lost, 0, "{:#?}", report.sessions);
    assert_eq!(report.requests.failed_idempotent, 0, "{:#?}", report.requests);
}

#[test]
fn a_node_that_is_deleted_stops_and_undo_starts_it_again() {
    let preset = lively("sticky-sessions");
    let run = Live::start(preset.clone(), false, false);
    run.until_all_logged_in();
    let (mut drawing, mut history) = (preset.clone(), History::default());
    let shop = Item::Node("shop".parse().unwrap());
    let step = edit::remove(&drawing, &[shop].into(), false);
    history.apply(&mut drawing, step).unwrap();
    run.apply(&drawing);
    run.until("its processes are gone", |snapshot| {
        snapshot.nodes.iter().all(|node| node.id.as_str() != "shop").then_some(())
    });
    history.undo(&mut drawing);
    assert_eq!(drawing, preset);
    run.apply(&drawing);
    for index in 1..=3 {
        run.until_slot(&format!("shop.{index}"), is_ready);
    }
    let before = run.until("users are served", |snapshot| Some(snapshot.total.ok));
    run.until("users are served again", |snapshot| (snapshot.total.ok > before + 30).then_some(()));
    run.stop();
}

#[test]
fn a_real_redis_server_keeps_the_sessions_too() {
    let mut preset = lively("shared-session-store");
    set(&mut preset, "sessions.engine", "redis");
    preset.run.duration = Period::secs(6);
    let run = Live::start(preset, true, true);
    run.until_running();
    let address = run.slot("sessions.1").address.unwrap();
    let port = address.port().to_string();
    run.until_all_logged_in();
    let keys = Command::new("redis-cli").args(["-p", &port, "dbsize"]).output().unwrap();
    assert_ne!(String::from_utf8_lossy(&keys.stdout).trim(), "0");
    let info = Command::new("redis-cli").args(["-p", &port, "info", "server"]).output().unwrap();
    assert!(String::from_utf8_lossy(&info.stdout).contains("redis_version"));
    let report = run.report();
    assert_eq!(report.sessions.lost, 0, "{:#?}", report.sessions);
}

#[test]
fn curl_and_redis_cli_talk_to_the_running_nodes() {
    let run = Live::start(lively("shared-session-store"), false, false);
    run.until_all_logged_in();
    let gate = run.slot("gate.1").address.unwrap();
    let jar = tempfile::NamedTempFile::new().unwrap();
    let jar = jar.path().to_str().unwrap();
    let curl = |method: &str, path: &str, body: &str| {
        let url = format!("http://{gate}{path}");
        let mut command = Command::new("curl");
        command.args(["-sS", "--fail-with-body", "-b", jar, "-c", jar, "-X", method, &url]);
        if !body.is_empty() {
            command.args(["-H", "content-type: application/json", "-d", body]);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{method} {path}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    curl("POST", "/accounts/login", "{}");
    curl("POST", "/cart/add", r#"{"item":"a-book"}"#);
    assert!(curl("GET", "/cart/view", "").contains("a-book"));

    let store = run.slot("sessions.1").address.unwrap().port().to_string();
    let keys = Command::new("redis-cli").args(["-p", &store, "--scan"]).output().unwrap();
    let keys = String::from_utf8(keys.stdout).unwrap();
    assert!(keys.lines().count() > 30, "30 users and one visitor: {keys}");
}

#[test]
fn two_run_side_by_side() {
    let first = Live::start(lively("sticky-sessions"), false, false);
    let second = Live::start(lively("sticky-sessions"), false, false);
    first.until_all_logged_in();
    second.until_all_logged_in();
    assert_eq!(first.stop().requests.failed, 0);
    assert_eq!(second.stop().requests.failed, 0);
}
