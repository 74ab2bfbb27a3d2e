//! A module changes its process: in which order who is told, and for how long what was before goes on.

use super::*;
use crate::topology::edit::starter_modules;
use crate::topology::{Bug, Deploy, ModuleName, NodeId, Strategy, Target};

/// Carts and orders in `shop`, or orders in a service of their own.
fn shop(apart: bool) -> Topology {
    let mut drawing = drawing(2);
    drawing.modules = starter_modules().into();
    let modules = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect::<Vec<ModuleName>>();
    let stays = if apart { modules(&["accounts", "cart"]) } else { modules(&["accounts", "cart", "orders"]) };
    *drawing.role_mut(&"shop".parse().unwrap()).and_then(Role::modules_mut).unwrap() = stays;
    if apart {
        let till = Service { modules: modules(&["orders"]), ..Service::default() };
        drawing.add_node(Node { id: "till".parse().unwrap(), role: Role::Service(till) }).unwrap();
        drawing.add_link(Link { from: "gate".parse().unwrap(), to: "till".parse().unwrap() }).unwrap();
    }
    drawing
}

fn running(apart: bool) -> Stage {
    let mut stage = Stage::running_as(Preset { topology: shop(false), ..Preset::default() });
    if apart {
        stage.command(Command::Apply(Box::new(shop(true))));
        up(&mut stage);
        stage.wait(2 * SECOND);
    }
    stage
}

/// The new host comes up.
fn up(stage: &mut Stage) -> Vec<Effect> {
    let (till, address) = (life("till.1#1"), Some(SocketAddr::from(([127, 0, 0, 1], 9_000))));
    let events = [
        Event::Spawned { life: till.clone(), pid: 5 },
        Event::Connected { life: till.clone() },
        Event::Ready { life: till, address },
    ];
    events.into_iter().flat_map(|event| stage.event(event)).collect()
}

/// What a life was told last.
fn told<'a>(effects: &'a [Effect], to: &str) -> Option<&'a View> {
    effects.iter().rev().find_map(|effect| {
        let Effect::Configure { life: receiver, view } = effect else { return None };
        (*receiver == life(to)).then_some(&**view)
    })
}

/// Where the gateway is to send orders.
fn way(effects: &[Effect]) -> Option<&str> {
    let orders = "orders".parse().unwrap();
    told(effects, "gate.1#1")?.topology.host(&orders).map(|node| node.id.as_str())
}

/// Whether this life is to answer for orders although nobody is to send there.
fn is_guest(effects: &[Effect], to: &str) -> Option<bool> {
    let view = told(effects, to)?;
    let node: &NodeId = &life(to).slot.node;
    Some(view.guests.get(node).is_some_and(|guests| guests.iter().any(|name| name.as_str() == "orders")))
}

fn ends(effects: &[Effect], id: &str) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Signal { life: ended, .. } if *ended == life(id)))
}

#[test]
fn callers_hear_of_the_new_host_when_it_is_up_and_the_old_one_answers_a_little_longer() {
    let mut stage = running(false);
    let effects = stage.command(Command::Apply(Box::new(shop(true))));
    assert!(effects.contains(&Effect::Spawn { life: life("till.1#1") }));
    assert_eq!(way(&effects), Some("shop"));
    let effects = up(&mut stage);
    assert_eq!((way(&effects), is_guest(&effects, "shop.1#1")), (Some("till"), Some(true)));
    assert_eq!(told(&stage.wait(SECOND / 2), "shop.1#1"), None);
    assert_eq!(is_guest(&stage.wait(SECOND), "shop.1#1"), Some(false));
    assert!(stage.says("till hosts orders") && stage.says("shop no longer answers for orders"));
    assert!(stage.wait(SECOND).is_empty());
}

#[test]
fn the_old_host_answers_for_as_long_as_one_caller_does_not_know() {
    let mut stage = running(false);
    stage.command(Command::Apply(Box::new(shop(true))));
    let till = life("till.1#1");
    stage.event(Event::Spawned { life: till.clone(), pid: 5 });
    stage.event(Event::Connected { life: till.clone() });
    // From here on nobody applies anything by itself.
    let address = Some(SocketAddr::from(([127, 0, 0, 1], 9_000)));
    let ready = Event::Ready { life: till, address };
    let effects = stage.cluster.handle(stage.now_us, Input::Event(ready));
    assert_eq!(way(&effects), Some("till"));
    for id in ["shop.1#1", "shop.2#1", "till.1#1", "shoppers.1#1"] {
        stage.event(Event::Applied { life: life(id), revision: u64::MAX });
    }
    stage.now_us += 1_500 * MS;
    stage.cluster.handle(stage.now_us, Input::Event(Event::Tick));
    assert!(!stage.says("no longer answers"));
    stage.event(Event::Applied { life: life("gate.1#1"), revision: u64::MAX });
    stage.wait(2 * SECOND);
    assert!(stage.says("shop no longer answers for orders"));
}

#[test]
fn undone_the_service_ends_only_after_nobody_sends_there() {
    let mut stage = running(true);
    let effects = stage.command(Command::Apply(Box::new(shop(false))));
    assert_eq!((way(&effects), ends(&effects, "till.1#1")), (Some("shop"), false));
    assert_eq!(is_guest(&effects, "till.1#1"), Some(true));
    assert!(!ends(&stage.wait(SECOND / 2), "till.1#1"));
    assert!(ends(&stage.wait(SECOND), "till.1#1"));
}

#[test]
fn a_new_host_that_never_comes_up_takes_nobody_away() {
    let mut stage = running(false);
    stage.command(Command::Apply(Box::new(shop(true))));
    assert_eq!(way(&stage.wait(10 * SECOND)), None);
    let effects = stage.command(Command::Apply(Box::new(shop(false))));
    assert_eq!(way(&effects), Some("shop"));
    assert!(ends(&effects, "till.1#1"));
}

#[test]
fn the_version_of_a_module_moves_with_it_and_comes_back_with_it() {
    let mut stage = running(false);
    let deploy = Deploy { bug: Some(Bug::Errors(0.5)), strategy: Strategy::Recreate };
    stage.command(Command::Act { act: Act::Deploy(deploy), on: Target::Module("orders".parse().unwrap()) });
    for id in ["shop.1#1", "shop.2#1"] {
        stage.event(Event::Exited { life: life(id), exit: Exit::Code(0), at_us: stage.now_us });
        stage.event(Event::Disconnected { life: life(id) });
    }
    for (at, id) in (9_100..).zip(["shop.1#2", "shop.2#2"]) {
        stage.event(Event::Spawned { life: life(id), pid: 9 });
        stage.event(Event::Connected { life: life(id) });
        stage.event(Event::Ready { life: life(id), address: Some(SocketAddr::from(([127, 0, 0, 1], at))) });
    }
    assert!(stage.says("orders 2 runs on every replica of shop"));
    stage.command(Command::Apply(Box::new(shop(true))));
    let effects = up(&mut stage);
    let version = |effects: &[Effect], id: &str| {
        let view = told(effects, id)?;
        Some(view.own.get(&life(id))?.versions.get(&"orders".parse::<ModuleName>().unwrap())?.number)
    };
    assert_eq!(version(&effects, "till.1#1"), Some(2));
    stage.wait(3 * SECOND);
    let back = stage.command(Command::Apply(Box::new(shop(false))));
    assert_eq!(version(&back, "shop.1#2"), Some(2));
}
