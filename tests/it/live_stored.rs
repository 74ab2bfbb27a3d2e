//! Sessions in a database, under the real control plane: who loses what when a replica dies, when the database does, and
//! when its data does; with the built-in database and with a real PostgreSQL.

use brownout::telemetry::report::Report;
use brownout::topology::problem::Severity;
use brownout::topology::validate::validate;
use brownout::topology::{Act, Period, Preset, builtin, format};

use crate::support::live::{Live, is_ready, set};

const ENGINES: [&str; 2] = ["builtin", "postgres"];

/// The preset whose sessions are in a cache, with a database in its place.
fn stored(engine: &str) -> Preset {
    let text = builtin::by_name("shared-session-store").unwrap().text;
    let (drawing, _) = text.split_once("[[scenario]]").unwrap();
    let mut preset = format::read(&drawing.replace("role = \"cache\"", "role = \"database\"")).unwrap().into_preset();
    let settings = [("sessions.engine", engine), ("sessions.restart", "300ms"), ("shop.restart", "300ms")];
    for (path, value) in settings.into_iter().chain([("shoppers.think", "500ms"), ("run.duration", "600s")]) {
        set(&mut preset, path, value);
    }
    let errors =
        validate(&preset).into_iter().filter(|problem| problem.severity == Severity::Error).collect::<Vec<_>>();
    assert_eq!(errors, [], "a database is store enough");
    preset
}

fn running(preset: Preset) -> Live {
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    run
}

/// Waits until users have been answered well so often since now.
fn until_answered(run: &Live, times: u64) {
    let ok = run.until("it is counted", |snapshot| Some(snapshot.total.ok));
    run.until("users are answered", |snapshot| (snapshot.total.ok >= ok + times).then_some(()));
}

fn nobody_was_hurt(report: &Report) {
    let sessions = &report.sessions;
    assert_eq!(
        (sessions.lost, sessions.relogins, sessions.unverified, sessions.users_hurt),
        (0, 0, 0, 0),
        "{report:#?}"
    );
    assert!(sessions.open >= 24, "{sessions:#?}");
}

#[test]
fn a_killed_replica_takes_no_session_with_it() {
    for engine in ENGINES {
        let run = running(stored(engine));
        run.until_slot("sessions.1", |slot| slot.sessions == 30);
        run.act(Act::Kill, "shop.2");
        run.until_slot("shop.2", |slot| slot.life.life == 2 && is_ready(slot));
        until_answered(&run, 60);
        let report = run.stop();
        nobody_was_hurt(&report);
        assert_eq!(report.sessions.held_by_killed, 0, "{engine}");
    }
}

#[test]
fn a_killed_database_has_every_session_again_when_it_is_back() {
    for engine in ENGINES {
        let run = running(stored(engine));
        for life in 2..=3 {
            run.act(Act::Kill, "sessions.1");
            run.until_slot("sessions.1", |slot| slot.life.life == life && is_ready(slot) && slot.sessions == 30);
            until_answered(&run, 60);
        }
        let report = run.stop();
        nobody_was_hurt(&report);
        assert_eq!((report.sessions.held_by_killed, report.sessions.recovered), (60, 60), "{engine}: {report:#?}");
        assert!(report.requests.failed > 0, "{engine}: while it was away nobody could be served");
    }
}

#[test]
fn a_loss_of_the_data_loses_every_session_and_is_counted_as_that() {
    for engine in ENGINES {
        let run = running(stored(engine));
        run.act(Act::Kill, "sessions.1");
        run.until_slot("sessions.1", |slot| slot.life.life == 2 && is_ready(slot) && slot.sessions == 30);
        until_answered(&run, 60);
        run.act(Act::LoseData, "sessions");
        run.until("everybody was told to log in", |snapshot| (snapshot.sessions.logged_out >= 30).then_some(()));
        run.until_all_logged_in();
        let report = run.stop();
        let sessions = &report.sessions;
        assert_eq!((sessions.lost, sessions.users_hurt), (30, 30), "{engine}: {sessions:#?}");
        assert_eq!(sessions.lost_by_cause, [("store_lost".to_owned(), 30)].into(), "{engine}");
        let lost = |life: &str| sessions.census.iter().find(|census| census.life == life).unwrap().lost.len();
        assert_eq!((lost("sessions.1#1"), lost("sessions.1#2")), (0, 30), "{engine}");
    }
}

#[test]
fn sessions_move_into_the_database_and_back_while_it_runs() {
    for engine in ENGINES {
        let mut preset = stored(engine);
        let places = [("memory", "cookie"), ("store", "none"), ("memory", "cookie")];
        let mut place = |at: usize| {
            set(&mut preset, "shop.sessions", places[at].0);
            set(&mut preset, "gate.affinity", places[at].1);
            preset.clone()
        };
        let run = running(place(0));
        run.until_slot("sessions.1", |slot| is_ready(slot) && slot.sessions == 0);
        run.apply(&place(1));
        run.until_slot("sessions.1", |slot| slot.sessions == 30);
        run.act(Act::Kill, "shop.1");
        run.until_slot("shop.1", |slot| slot.life.life == 2 && is_ready(slot));
        run.apply(&place(2));
        run.until_slot("sessions.1", |slot| slot.sessions == 0);
        nobody_was_hurt(&run.stop());
    }
}

#[test]
fn a_purchase_in_one_transaction_with_its_session_waits_for_no_lock_of_its_own() {
    for engine in ENGINES {
        let text = builtin::by_name("monolith").unwrap().text;
        let (drawing, _) = text.split_once("[[scenario]]").unwrap();
        let mut preset = format::read(drawing).unwrap().into_preset();
        preset.topology.remove_node(&"sessions".parse().unwrap()).unwrap();
        set(&mut preset, "shop-db.engine", engine);
        preset.run.duration = Period::secs(600);
        let run = running(preset);
        until_answered(&run, 300);
        let report = run.stop();
        nobody_was_hurt(&report);
        let checkout = report.operations.iter().find(|operation| operation.name == "orders.checkout").unwrap();
        assert!(checkout.ok > 10 && checkout.failed == 0, "{engine}: {checkout:#?}");
    }
}
