//! Sessions move into a store and users are untied in one edit: in which order who is told.

use super::*;
use crate::topology::{Affinity, Cache, Sessions};

/// The drawing with a store; which ties and which place of sessions it says is up to the test.
fn stored(affinity: Affinity, sessions: Sessions) -> Topology {
    let mut drawing = drawing(2);
    let (shop, store) = ("shop".parse().unwrap(), "store".parse().unwrap());
    drawing.add_node(Node { id: "store".parse().unwrap(), role: Role::Cache(Cache::default()) }).unwrap();
    drawing.add_link(Link { from: "shop".parse().unwrap(), to: store }).unwrap();
    if let Some(Role::Service(service)) = drawing.role_mut(&shop) {
        service.sessions = sessions;
    }
    if let Some(Role::Gateway(gateway)) = drawing.role_mut(&"gate".parse().unwrap()) {
        gateway.affinity = affinity;
    }
    drawing
}

/// What the gateway was told last about ties.
fn told(effects: &[Effect]) -> Option<Affinity> {
    effects.iter().rev().find_map(|effect| {
        let Effect::Configure { life: receiver, view } = effect else { return None };
        let gate = view.topology.node(receiver.node()).filter(|_| *receiver == life("gate.1#1"))?;
        if let Role::Gateway(gateway) = &gate.role { Some(gateway.affinity) } else { None }
    })
}

/// The same cluster, in which nobody applies anything by itself.
struct Slow(Stage);

impl Slow {
    fn running() -> Self {
        let mut stage = Stage::running_as(Preset { topology: drawing(2), ..Preset::default() });
        stage.command(Command::Apply(Box::new(stored(Affinity::Cookie, Sessions::Memory))));
        stage.come_up("store.1#1");
        Self(stage)
    }

    fn apply(&mut self, topology: Topology) -> Vec<Effect> {
        self.0.cluster.handle(self.0.now_us, Input::Command(Command::Apply(Box::new(topology))))
    }

    fn applied(&mut self, id: &str) -> Vec<Effect> {
        let event = Event::Applied { life: life(id), revision: u64::MAX };
        self.0.cluster.handle(self.0.now_us, Input::Event(event))
    }
}

#[test]
fn users_stay_tied_until_every_replica_has_moved_its_sessions() {
    let mut slow = Slow::running();
    let effects = slow.apply(stored(Affinity::None, Sessions::Store));
    assert_eq!(told(&effects), Some(Affinity::Cookie));
    assert_eq!(told(&slow.applied("shop.1#1")), None);
    assert_eq!(told(&slow.applied("shop.2#1")), Some(Affinity::None));
    assert!(slow.0.says("gate unties its users"));
}

#[test]
fn it_makes_no_difference_whether_the_edits_are_one_or_two_in_a_row() {
    let mut slow = Slow::running();
    slow.apply(stored(Affinity::Cookie, Sessions::Store));
    assert_eq!(told(&slow.apply(stored(Affinity::None, Sessions::Store))), Some(Affinity::Cookie));
    slow.applied("shop.1#1");
    assert_eq!(told(&slow.applied("shop.2#1")), Some(Affinity::None));
}

#[test]
fn once_the_sessions_have_moved_and_where_none_move_ties_go_at_once() {
    let mut slow = Slow::running();
    slow.apply(stored(Affinity::Cookie, Sessions::Store));
    slow.applied("shop.1#1");
    slow.applied("shop.2#1");
    assert_eq!(told(&slow.apply(stored(Affinity::None, Sessions::Store))), Some(Affinity::None));
    assert_eq!(told(&Slow::running().apply(stored(Affinity::None, Sessions::Memory))), Some(Affinity::None));
}

#[test]
fn a_replica_that_dies_meanwhile_holds_nobody_back() {
    let mut slow = Slow::running();
    slow.apply(stored(Affinity::None, Sessions::Store));
    slow.applied("shop.1#1");
    let exited = Event::Exited { life: life("shop.2#1"), exit: Exit::Signal(9), at_us: slow.0.now_us };
    let effects = slow.0.cluster.handle(slow.0.now_us, Input::Event(exited));
    assert_eq!(told(&effects), Some(Affinity::None));
}

#[test]
fn who_goes_back_to_memory_meanwhile_is_not_waited_for() {
    let mut slow = Slow::running();
    slow.apply(stored(Affinity::None, Sessions::Store));
    assert_eq!(told(&slow.apply(stored(Affinity::None, Sessions::Memory))), Some(Affinity::None));
}
