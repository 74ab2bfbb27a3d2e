//! Sessions in a database: a kill takes the process and leaves the rows, and with them the sessions; only a loss of data
//! takes those.

use super::*;
use crate::telemetry::report::Report;
use crate::topology::{Database, Sessions};

/// A running cluster whose shop keeps one session of each user in a database.
fn stored() -> Stage {
    let mut drawing = drawing(2);
    let (shop, db) = ("shop".parse().unwrap(), "db".parse().unwrap());
    let database = Database { restart: "1s".parse().unwrap(), ..Database::default() };
    drawing.add_node(Node { id: "db".parse().unwrap(), role: Role::Database(database) }).unwrap();
    drawing.add_link(Link { from: "shop".parse().unwrap(), to: db }).unwrap();
    if let Some(Role::Service(service)) = drawing.role_mut(&shop) {
        service.sessions = Sessions::Store;
    }
    let mut stage = Stage::running();
    stage.command(Command::Apply(Box::new(drawing)));
    stage.come_up("db.1#1");
    stage.open_session(1, "a", "db.1#1");
    stage.open_session(2, "b", "db.1#1");
    stage.wait(SECOND);
    stage
}

fn kill(stage: &mut Stage, act: Act, id: &str) {
    stage.act(act, "db.1");
    stage.signalled(id, Signal::Kill);
    stage.die(id);
}

fn back(stage: &mut Stage, id: &str) {
    stage.wait(2 * SECOND);
    stage.come_up(id);
}

/// The report, after users have looked for the sessions that they still believe in.
fn report(mut stage: Stage) -> Arc<Report> {
    let (now_us, users) = (stage.now_us, stage.snapshot().users);
    let standing = |user: &super::super::snapshot::UserState| {
        let session = user.session.clone()?;
        Some(Standing { user: user.user, session, verified_us: Some(now_us + 1), items: 0 })
    };
    stage.now_us += SECOND;
    stage.command(Command::Stop);
    stage.event(Event::Settled { life: life("shoppers.1#1"), standings: users.iter().filter_map(standing).collect() });
    for node in stage.snapshot().nodes {
        let lives = node.slots.into_iter().map(|slot| slot.life);
        lives.for_each(|life| drop(stage.event(Event::Settled { life, standings: Vec::new() })));
    }
    stage.wait(3 * SECOND);
    stage.snapshot().report.unwrap()
}

#[test]
fn a_killed_database_has_its_sessions_again_in_its_next_life() {
    let mut stage = stored();
    kill(&mut stage, Act::Kill, "db.1#1");
    assert!(stage.says("db.1 killed, its data kept · it holds 2 sessions"));
    let down = stage.snapshot();
    assert_eq!((down.sessions.doomed, &down.users[0].holder), (0, &Holder::Life(life("db.1#1"))));
    back(&mut stage, "db.1#2");
    let up = stage.snapshot();
    let db = up.nodes.iter().flat_map(|node| &node.slots).find(|slot| slot.life == life("db.1#2")).unwrap();
    assert_eq!((db.sessions, up.sessions.doomed, &up.users[1].holder), (2, 0, &Holder::Life(life("db.1#2"))));
    let sessions = &report(stage).sessions;
    assert_eq!((sessions.lost, sessions.held_by_killed, sessions.recovered, sessions.unverified), (0, 2, 2, 0));
}

#[test]
fn a_loss_of_data_loses_also_what_an_earlier_life_was_given() {
    let mut stage = stored();
    kill(&mut stage, Act::Kill, "db.1#1");
    back(&mut stage, "db.1#2");
    stage.wait(SECOND);
    kill(&mut stage, Act::LoseData, "db.1#2");
    assert!(stage.says("db.1 killed, its data lost · it held 2 sessions"));
    assert_eq!(stage.snapshot().sessions.doomed, 2);
    back(&mut stage, "db.1#3");
    stage.log_out(1, "a", "shop.1#1");
    stage.log_out(2, "b", "shop.2#1");
    let sessions = &report(stage).sessions;
    assert_eq!(sessions.lost_by_cause, [("store_lost".to_owned(), 2)].into());
    let of = |life: &str| sessions.census.iter().find(|census| census.life == life).unwrap();
    assert_eq!((of("db.1#2").held.len(), of("db.1#2").lost.len()), (2, 2), "whoever lost them is blamed");
    assert_eq!((of("db.1#1").held.len(), of("db.1#1").lost.len()), (2, 0));
}

#[test]
fn data_can_be_lost_after_the_kill_too() {
    let mut stage = stored();
    kill(&mut stage, Act::Kill, "db.1#1");
    assert_eq!(stage.snapshot().sessions.doomed, 0);
    stage.act(Act::LoseData, "db.1");
    assert_eq!(stage.snapshot().sessions.doomed, 2);
}

#[test]
fn what_a_store_does_not_have_any_more_was_not_misrouted() {
    let mut stage = stored();
    let (at_us, session) = (stage.now_us, SessionId("a".into()));
    let line = LedgerLine { at_us, holder: Some(life("db.1#1")), session, kind: LedgerKind::Expired, items: 0 };
    stage.event(Event::Ledger { life: life("shop.1#1"), line });
    stage.log_out(1, "a", "shop.1#1");
    stage.log_out(2, "b", "shop.1#1");
    let causes = report(stage).sessions.lost_by_cause.clone();
    assert_eq!(causes, [("expired".to_owned(), 1), ("unknown".to_owned(), 1)].into());
}
