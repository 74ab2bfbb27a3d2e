//! What databases and caches keep, under the real control plane: it outlives a kill, it can be lost, and nothing of it is
//! left when the app is killed.

#![expect(clippy::disallowed_types, reason = "the app whose end is watched is a program")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use brownout::control::snapshot::SlotState;
use brownout::topology::{Act, Preset, format};

use crate::support::live::{Live, PATIENCE, is_ready, lively};
use crate::support::program::BROWNOUT;

const PRESET: &str = r#"
format = 1
title = "Orders"
[run]
duration = "600s"
[[module]]
name = "orders"
[[module.operation]]
name = "checkout"
steps = [{ db = { op = "insert", table = "orders" } }]
[[node]]
id = "shoppers"
role = "users"
users = 2
think = "100ms"
journey = ["orders.checkout"]
[[node]]
id = "shop"
role = "service"
modules = ["orders"]
[[node]]
id = "orders-db"
role = "database"
engine = "ENGINE"
restart = "300ms"
[[link]]
from = "shoppers"
to = "shop"
[[link]]
from = "shop"
to = "orders-db"
"#;
/// So many rows are there before anything is done.
const SOME: u64 = 30;

fn text(engine: &str) -> String {
    PRESET.replace("ENGINE", engine)
}

fn preset(engine: &str) -> Preset {
    format::read(&text(engine)).unwrap().into_preset()
}

fn orders(slot: &SlotState) -> u64 {
    slot.tables.iter().find(|(table, _)| table == "orders").map_or(0, |(_, rows)| *rows)
}

#[test]
fn rows_outlive_a_kill_but_not_the_loss_of_the_data() {
    for engine in ["builtin", "postgres"] {
        let run = Live::start(preset(engine), false, false);
        let before = orders(&run.until_slot("orders-db.1", |slot| orders(slot) >= SOME));
        run.act(Act::Kill, "orders-db.1");
        let second = run.until_slot("orders-db.1", |slot| slot.life.life == 2 && is_ready(slot) && orders(slot) > 0);
        assert!(orders(&second) >= before, "{engine}: {second:?}");

        run.act(Act::LoseData, "orders-db");
        let third = run.until_slot("orders-db.1", |slot| slot.life.life == 3 && is_ready(slot) && orders(slot) > 0);
        assert!(orders(&third) < before, "{engine}: {third:?}");
        let report = run.stop();
        let kinds: Vec<&str> = report.faults.iter().map(|fault| fault.kind.as_str()).collect();
        assert_eq!(kinds, ["kill", "lose-data"], "{engine}");
    }
}

#[test]
fn sessions_in_a_store_whose_data_is_lost_are_lost_with_it() {
    let run = Live::start(lively("shared-session-store"), false, false);
    run.until_all_logged_in();
    run.act(Act::LoseData, "sessions");
    run.until("somebody is told to log in", |snapshot| (snapshot.sessions.lost > 0).then_some(()));
    let report = run.stop();
    assert!(report.sessions.lost_by_cause.get("store_lost").is_some_and(|lost| *lost > 0), "{:?}", report.sessions);
    run_refuses_what_keeps_nothing();
}

fn run_refuses_what_keeps_nothing() {
    let run = Live::start(preset("builtin"), false, false);
    run.until_running();
    run.act(Act::LoseData, "shop.1");
    run.until("it is refused with the reason", |snapshot| {
        snapshot.log.iter().any(|entry| entry.text.contains("lose-data shop.1 skipped: it keeps no data")).then_some(())
    });
}

/// The processes whose arguments speak of the app's folder.
fn processes_in(folder: &str) -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let arguments = processes.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    let texts = arguments.map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " "));
    texts.filter(|text| text.contains(folder)).collect()
}

fn folders_of(app: u32) -> Vec<PathBuf> {
    let prefix = format!("brownout-{app}-");
    let entries = fs::read_dir(std::env::temp_dir()).unwrap().flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix)).map(|entry| entry.path()).collect()
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

#[test]
fn neither_postgresql_nor_its_data_is_left_when_the_app_is_killed() {
    let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    fs::write(file.path(), text("postgres")).unwrap();
    let mut command = Command::new(BROWNOUT);
    command.arg("run").arg(file.path()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut app = command.spawn().unwrap();
    let mark = format!("brownout-{}-", app.id());
    let cluster = format!("-D {}", std::env::temp_dir().join(&mark).display());
    until("PostgreSQL runs", || processes_in(&cluster).iter().any(|text| text.contains("orders-db -p ")));
    assert_eq!(folders_of(app.id()).len(), 1);
    app.kill().unwrap();
    app.wait().unwrap();
    until("PostgreSQL is gone", || processes_in(&cluster).is_empty());
    until("the data is gone", || folders_of(app.id()).is_empty());
}
