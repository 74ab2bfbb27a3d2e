//! The main stories of a run, as readable tests: what goes in, what comes out, and how it then is.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::telemetry::{Belief, BeliefKind, LedgerKind, LedgerLine, SessionId, Standing};
use crate::topology::{Act, Gateway, LifeId, Link, Node, Preset, Role, Service, Topology, Users};

use super::snapshot::{Death, Holder, LifeState, Phase, Snapshot};
use super::{Cluster, Command, Effect, EndpointState, Event, Exit, Input, Pace, Plan, Signal, View};

mod handover;
mod keeping;
mod load;
mod relocation;
mod renewal;
mod start;
mod truth;

const MS: u64 = 1_000;
const SECOND: u64 = 1_000_000;

fn life(text: &str) -> LifeId {
    text.parse().unwrap()
}

fn drawing(replicas: u32) -> Topology {
    let node = |id: &str, role| Node { id: id.parse().unwrap(), role };
    let nodes = vec![
        node("shoppers", Role::Users(Users { users: 2, ..Users::default() })),
        node("gate", Role::Gateway(Gateway::default())),
        node("shop", Role::Service(Service { replicas, ..Service::default() })),
    ];
    let link = |from: &str, to: &str| Link { from: from.parse().unwrap(), to: to.parse().unwrap() };
    Topology::new(Vec::new(), nodes, vec![link("shoppers", "gate"), link("gate", "shop")]).0
}

/// A cluster with a clock, whose processes obey at once unless a test says otherwise.
struct Stage {
    cluster: Cluster,
    now_us: u64,
}

impl Stage {
    fn new() -> Self {
        Self::starting(Preset { topology: drawing(2), ..Preset::default() })
    }

    fn starting(preset: Preset) -> Self {
        let mut stage = Self { cluster: Cluster::new(), now_us: SECOND };
        let plan = Plan { name: "story".to_owned(), preset, scenario: true, ..Plan::default() };
        let effects = stage.command(Command::Start(Box::new(plan)));
        let spawned = effects.iter().filter(|effect| matches!(effect, Effect::Spawn { .. })).count();
        assert_eq!((spawned, stage.snapshot().phase), (4, Phase::Starting));
        stage
    }

    /// A stage on which everything is ready and users act.
    fn running() -> Self {
        Self::running_as(Preset { topology: drawing(2), ..Preset::default() })
    }

    /// The same with a preset that has the same drawing.
    fn running_as(preset: Preset) -> Self {
        let mut stage = Self::starting(preset);
        for id in ["shoppers.1#1", "gate.1#1", "shop.1#1", "shop.2#1"] {
            stage.come_up(id);
        }
        assert_eq!(stage.snapshot().phase, Phase::Running);
        stage
    }

    fn command(&mut self, command: Command) -> Vec<Effect> {
        let effects = self.cluster.handle(self.now_us, Input::Command(command));
        self.obey(effects)
    }

    fn act(&mut self, act: Act, on: &str) -> Vec<Effect> {
        self.command(Command::Act { act, on: on.parse().unwrap() })
    }

    fn event(&mut self, event: Event) -> Vec<Effect> {
        let effects = self.cluster.handle(self.now_us, Input::Event(event));
        self.obey(effects)
    }

    /// Everybody applies every configuration at once.
    fn obey(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let mut all = effects.clone();
        for effect in effects {
            if let Effect::Configure { life, view } = effect {
                all.extend(self.event(Event::Applied { life, revision: view.revision }));
            }
        }
        all
    }

    fn wait(&mut self, us: u64) -> Vec<Effect> {
        self.now_us += us;
        self.event(Event::Tick)
    }

    fn come_up(&mut self, id: &str) {
        self.event(Event::Spawned { life: life(id), pid: 4_711 });
        self.event(Event::Connected { life: life(id) });
        let address = (!id.starts_with("shoppers")).then(|| SocketAddr::from(([127, 0, 0, 1], 8_000)));
        self.event(Event::Ready { life: life(id), address });
    }

    fn signalled(&mut self, id: &str, signal: Signal) {
        let at_us = self.now_us;
        self.event(Event::Signalled { life: life(id), signal, at_us });
    }

    fn die(&mut self, id: &str) -> Vec<Effect> {
        let at_us = self.now_us;
        let mut effects = self.event(Event::Exited { life: life(id), exit: Exit::Signal(9), at_us });
        effects.extend(self.event(Event::Disconnected { life: life(id) }));
        effects
    }

    fn open_session(&mut self, user: u32, session: &str, holder: &str) {
        let (at_us, holder) = (self.now_us, life(holder));
        let session = SessionId(session.into());
        let kind = LedgerKind::Created;
        let line = LedgerLine { at_us, holder: Some(holder.clone()), session: session.clone(), kind, items: 0 };
        self.event(Event::Ledger { life: holder.clone(), line });
        self.believe(user, session, BeliefKind::Opened { by: Some(holder), again: false });
    }

    fn log_out(&mut self, user: u32, session: &str, by: &str) {
        let kind = BeliefKind::LoggedOut { items_lost: 3, by: Some(life(by)) };
        self.believe(user, SessionId(session.into()), kind);
    }

    fn believe(&mut self, user: u32, session: SessionId, kind: BeliefKind) {
        let belief = Belief { at_us: self.now_us, user, session, kind };
        self.event(Event::Belief { life: life("shoppers.1#1"), belief });
    }

    fn snapshot(&self) -> Snapshot {
        self.cluster.snapshot(self.now_us)
    }

    fn state(&self, id: &str) -> LifeState {
        let slots = self.snapshot().nodes.into_iter().flat_map(|node| node.slots);
        slots.into_iter().find(|slot| slot.life == life(id)).unwrap().state
    }

    fn says(&self, words: &str) -> bool {
        self.snapshot().log.iter().any(|line| line.text.contains(words))
    }

    /// Lets everybody settle, and every process go.
    fn finish(&mut self, standings: Vec<Standing>) -> Snapshot {
        self.command(Command::Stop);
        self.event(Event::Settled { life: life("shoppers.1#1"), standings });
        for id in ["gate.1#1", "shop.1#1", "shop.2#1"] {
            self.event(Event::Settled { life: life(id), standings: Vec::new() });
        }
        self.wait(3 * SECOND);
        assert_eq!(self.snapshot().phase, Phase::Stopping);
        for node in self.snapshot().nodes {
            node.slots.iter().for_each(|slot| drop(self.die(&slot.life.to_string())));
        }
        assert_eq!(self.snapshot().phase, Phase::Finished);
        self.snapshot()
    }
}

fn view_state(effects: &[Effect], to: &str, of: &str) -> Option<EndpointState> {
    let views = effects.iter().rev().filter_map(|effect| {
        let Effect::Configure { life: receiver, view } = effect else { return None };
        (*receiver == life(to)).then_some(view)
    });
    let endpoints = |view: &Arc<View>| view.endpoints.values().flatten().cloned().collect::<Vec<_>>();
    views.flat_map(endpoints).find(|endpoint| endpoint.life == life(of)).map(|endpoint| endpoint.state)
}

#[test]
fn users_begin_when_everything_is_ready() {
    let mut stage = Stage::new();
    for id in ["shoppers.1#1", "gate.1#1", "shop.1#1"] {
        stage.come_up(id);
        assert_eq!(stage.snapshot().phase, Phase::Starting);
    }
    stage.now_us += 5 * MS;
    stage.come_up("shop.2#1");
    let snapshot = stage.snapshot();
    assert_eq!((snapshot.phase, snapshot.started_us), (Phase::Running, Some(stage.now_us)));
}

#[test]
fn users_who_wait_for_the_word_begin_with_it() {
    let mut stage = Stage { cluster: Cluster::new(), now_us: SECOND };
    let preset = Preset { topology: drawing(2), ..Preset::default() };
    stage.command(Command::Start(Box::new(Plan { preset, waits: true, ..Plan::default() })));
    for id in ["shoppers.1#1", "gate.1#1", "shop.1#1", "shop.2#1"] {
        assert!(!stage.snapshot().waits);
        stage.come_up(id);
    }
    // However long the other system takes.
    stage.wait(60 * SECOND);
    let snapshot = stage.snapshot();
    assert_eq!((snapshot.phase, snapshot.waits, snapshot.started_us), (Phase::Starting, true, None));
    stage.command(Command::Go);
    let snapshot = stage.snapshot();
    assert_eq!((snapshot.phase, snapshot.waits, snapshot.started_us), (Phase::Running, false, Some(stage.now_us)));
}

#[test]
fn a_killed_replica_loses_its_sessions_and_comes_back_after_its_delay() {
    let mut stage = Stage::running();
    stage.open_session(1, "a", "shop.1#1");
    stage.open_session(2, "b", "shop.2#1");
    stage.wait(SECOND);
    let effects = stage.act(Act::Kill, "shop.2");
    assert_eq!(effects, [Effect::Signal { life: life("shop.2#1"), signal: Signal::Kill }]);
    stage.signalled("shop.2#1", Signal::Kill);
    stage.now_us += 2 * MS;
    stage.die("shop.2#1");
    assert_eq!(stage.state("shop.2#1"), LifeState::Dead(Death::Killed));
    assert_eq!(stage.snapshot().users[1].holder, Holder::Dead(life("shop.2#1")));
    assert_eq!(stage.snapshot().sessions.doomed, 1);
    assert!(stage.says("shop.2 killed · it held 1 session"));
    stage.now_us += 10 * MS;
    stage.log_out(2, "b", "shop.1#1");
    assert!(stage.says("1 of 2 users logged out · 3 items lost"));
    assert!(stage.wait(7 * SECOND).is_empty());
    assert_eq!(stage.wait(SECOND), [Effect::Spawn { life: life("shop.2#2") }]);
    stage.come_up("shop.2#2");
    assert!(stage.says("shop.2 is back: life 2, pid 4711"));

    let verified_us = Some(stage.now_us);
    let report = stage.finish(vec![Standing { user: 1, session: SessionId("a".into()), verified_us, items: 0 }]).report;
    let sessions = &report.as_ref().unwrap().sessions;
    assert_eq!((sessions.lost, sessions.held_by_killed, sessions.unverified), (1, 1, 0));
    assert_eq!(sessions.lost_by_cause, [("killed".to_owned(), 1)].into());
    assert_eq!((&sessions.census[0].held, &sessions.census[0].lost), (&vec!["b".to_owned()], &vec!["b".to_owned()]));
    assert_eq!(report.unwrap().faults[0].life.as_deref(), Some("shop.2#1"));
}

#[test]
fn the_log_says_what_noticed_and_only_once_where_a_node_is_called_what_it_is() {
    for (gateway, words) in [("gate", "gateway gate.1 gave shop.1#1 up"), ("gateway", "gateway.1 gave shop.1#1 up")] {
        let mut preset = Preset { topology: drawing(2), ..Preset::default() };
        preset.topology.rename_node(&"gate".parse().unwrap(), &gateway.parse().unwrap());
        let mut stage = Stage::starting(preset);
        let noticing = format!("{gateway}.1#1");
        ["shoppers.1#1", &noticing, "shop.1#1", "shop.2#1"].into_iter().for_each(|id| stage.come_up(id));
        let at_us = stage.now_us;
        stage.event(Event::Noticed { life: life(&noticing), upstream: life("shop.1#1"), at_us, by: "reset" });
        let snapshot = stage.snapshot();
        let said: Vec<&str> = snapshot.log.iter().map(|line| line.text.as_str()).collect();
        assert!(said.iter().any(|line| line.starts_with(words)), "{words:?} is not in {said:#?}");
    }
}

#[test]
fn who_has_no_way_left_through_a_gateway_says_nothing_of_its_end() {
    let mut stage = Stage::running();
    let mut without = drawing(2);
    without.remove_node(&"shop".parse().unwrap());
    stage.command(Command::Apply(Box::new(without)));
    let at_us = stage.now_us;
    stage.event(Event::Noticed { life: life("shoppers.1#1"), upstream: life("gate.1#1"), at_us, by: "told" });
    assert_eq!(stage.state("gate.1#1"), LifeState::Ready);
    stage.event(Event::Noticed { life: life("shoppers.1#1"), upstream: life("gate.1#1"), at_us, by: "told" });
    assert!(!stage.says("gate.1#1 is gone"));
    let said =
        stage.snapshot().log.iter().filter(|line| line.text == "nothing goes from shoppers to gate any more").count();
    assert_eq!(said, 1);
    stage.act(Act::Terminate, "gate.1");
    stage.event(Event::Noticed { life: life("shoppers.1#1"), upstream: life("gate.1#1"), at_us, by: "told" });
    assert!(stage.says("gate.1#1 is gone"));
}

#[test]
fn a_terminated_replica_is_released_once_nobody_sends_to_it() {
    let mut stage = Stage::running();
    stage.act(Act::Terminate, "shop.1");
    let event = Event::Draining { life: life("shop.1#1") };
    let effects = stage.cluster.handle(stage.now_us, Input::Event(event));
    assert_eq!(view_state(&effects, "gate.1#1", "shop.1#1"), Some(EndpointState::Draining));
    assert!(!stage.wait(MS).contains(&Effect::Release { life: life("shop.1#1") }), "the gateway does not know yet");
    let effects = stage.obey(effects);
    assert!(effects.contains(&Effect::Release { life: life("shop.1#1") }));
    stage.die("shop.1#1");
    assert_eq!(stage.state("shop.1#1"), LifeState::Dead(Death::Terminated));
}

#[test]
fn a_loss_while_the_holder_is_paused_is_holder_unreachable() {
    let mut stage = Stage::running();
    stage.open_session(1, "a", "shop.1#1");
    stage.wait(SECOND);
    stage.act(Act::Pause, "shop.1");
    stage.signalled("shop.1#1", Signal::Pause);
    assert_eq!(stage.state("shop.1#1"), LifeState::Paused);
    stage.wait(SECOND);
    stage.log_out(1, "a", "shop.2#1");
    stage.act(Act::Resume, "shop.1");
    stage.signalled("shop.1#1", Signal::Resume);
    assert_eq!(stage.state("shop.1#1"), LifeState::Ready);
    let snapshot = stage.finish(Vec::new());
    let causes = &snapshot.report.as_ref().unwrap().sessions.lost_by_cause;
    assert_eq!(*causes, [("holder_unreachable".to_owned(), 1)].into());
    assert!(snapshot.faults[0].lifted_us.is_some());
}

#[test]
fn a_loss_in_a_healthy_system_is_misrouted() {
    let mut stage = Stage::running();
    stage.open_session(1, "a", "shop.1#1");
    stage.wait(SECOND);
    stage.log_out(1, "a", "shop.2#1");
    let report = stage.finish(Vec::new()).report.unwrap();
    assert_eq!(report.sessions.lost_by_cause, [("misrouted".to_owned(), 1)].into());
    assert_eq!(report.sessions.held_by_killed, 0);
}

#[test]
fn scaling_in_ends_the_highest_slot_and_undo_brings_a_new_life() {
    let mut stage = Stage::running();
    let effects = stage.command(Command::Apply(Box::new(drawing(1))));
    assert!(effects.contains(&Effect::Signal { life: life("shop.2#1"), signal: Signal::Terminate }));
    stage.die("shop.2#1");
    assert_eq!(stage.snapshot().nodes[2].slots.len(), 1);
    let effects = stage.command(Command::Apply(Box::new(drawing(2))));
    assert!(effects.contains(&Effect::Spawn { life: life("shop.2#2") }));
    assert!(stage.wait(MS).is_empty());
}

#[test]
fn users_settle_first_then_the_others_then_all_are_stopped() {
    let mut stage = Stage::running();
    let settles = |effects: &[Effect]| effects.iter().filter(|e| matches!(e, Effect::Settle { .. })).count();
    let effects = stage.command(Command::Stop);
    assert_eq!(effects, [Effect::Settle { life: life("shoppers.1#1"), since_us: None }]);
    let effects = stage.event(Event::Settled { life: life("shoppers.1#1"), standings: Vec::new() });
    assert_eq!(settles(&effects), 3);
    for id in ["gate.1#1", "shop.1#1"] {
        assert!(stage.event(Event::Settled { life: life(id), standings: Vec::new() }).is_empty());
    }
    let effects = stage.event(Event::Settled { life: life("shop.2#1"), standings: Vec::new() });
    assert_eq!(effects.iter().filter(|e| matches!(e, Effect::Signal { signal: Signal::Kill, .. })).count(), 4);
    assert!(stage.snapshot().report.is_some());
}

#[test]
fn a_pace_is_told_to_users_once_and_the_next_run_begins_without_it() {
    let mut stage = Stage::running();
    let before = stage.snapshot().log.len();
    let faster = Pace::new(2.0).unwrap();
    let effects = stage.command(Command::Pace(faster));
    let tempos: Vec<f64> = effects
        .iter()
        .filter_map(|effect| if let Effect::Configure { view, .. } = effect { Some(view.tempo) } else { None })
        .collect();
    assert_eq!((tempos, stage.snapshot().pace), (vec![2.0], faster));
    assert!(stage.command(Command::Pace(faster)).is_empty());
    assert_eq!(stage.snapshot().log.len(), before + 1);
    stage.command(Command::Abort);
    ["shoppers.1#1", "gate.1#1", "shop.1#1", "shop.2#1"].into_iter().for_each(|id| {
        stage.die(id);
    });
    assert!(stage.command(Command::Pace(Pace::default())).is_empty(), "nothing runs");
    let plan = Plan { preset: Preset { topology: drawing(2), ..Preset::default() }, ..Plan::default() };
    stage.command(Command::Start(Box::new(plan)));
    assert_eq!(stage.snapshot().pace, Pace::default());
}

#[test]
fn an_abort_kills_at_once_and_reports_nothing() {
    let mut stage = Stage::running();
    let effects = stage.command(Command::Abort);
    assert_eq!(effects.len(), 4);
    for id in ["shoppers.1#1", "gate.1#1", "shop.1#1", "shop.2#1"] {
        assert_eq!(stage.snapshot().phase, Phase::Stopping);
        stage.die(id);
    }
    assert_eq!(stage.snapshot().phase, Phase::Finished);
    assert!(stage.snapshot().report.is_none());
}

#[test]
fn a_start_that_fails_says_why() {
    let mut stage = Stage::new();
    stage.event(Event::Connected { life: life("gate.1#1") });
    stage.event(Event::Failed { life: life("gate.1#1"), message: "cannot bind a port".to_owned() });
    assert_eq!(stage.snapshot().trouble.as_deref(), Some("gate.1: cannot bind a port"));
    assert_eq!(stage.snapshot().phase, Phase::Stopping);

    let mut stage = Stage::new();
    ["shoppers.1#1", "gate.1#1", "shop.1#1"].into_iter().for_each(|id| stage.come_up(id));
    stage.wait(31 * SECOND);
    assert!(stage.snapshot().trouble.unwrap().ends_with("still missing: shop.2"));
}
