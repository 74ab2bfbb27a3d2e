//! The law of edits: whatever was done, undone gives the first preset, and redone the last.

use proptest::prelude::*;

use super::*;
use crate::topology::{Cache, Cause, Database, Gateway, Service, Sessions, Users};

const IDS: [&str; 4] = ["a", "b", "c", "d"];

fn id() -> impl Strategy<Value = NodeId> {
    (0..IDS.len()).prop_map(|index| IDS[index].parse().unwrap())
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![
        Just(Role::Users(Users::default())),
        Just(Role::Gateway(Gateway::default())),
        Just(Role::Service(Service::default())),
        Just(Role::Cache(Cache::default())),
    ]
}

fn place() -> impl Strategy<Value = Option<[f32; 2]>> {
    proptest::option::of((0u8..10).prop_map(|x| [f32::from(x), 1.0]))
}

fn edit() -> impl Strategy<Value = Edit> {
    let settings = prop_oneof![
        Just(("replicas", "3")),
        Just(("sessions", "store")),
        Just(("restart", "never")),
        Just(("users", "many")),
    ];
    prop_oneof![
        (id(), role(), proptest::option::of(0usize..4), place()).prop_map(|(id, role, position, at)| Edit::AddNode {
            node: Node { id, role },
            position,
            at
        }),
        id().prop_map(Edit::RemoveNode),
        (id(), id(), proptest::option::of(0usize..4))
            .prop_map(|(from, to, position)| Edit::AddLink { link: Link { from, to }, position }),
        (id(), id()).prop_map(|(from, to)| Edit::RemoveLink(LinkId { from, to })),
        (id(), place()).prop_map(|(node, to)| Edit::Move { node, to }),
        (id(), settings).prop_map(|(node, (key, value))| Edit::Set {
            node,
            key: key.to_owned(),
            value: value.to_owned()
        }),
    ]
}

proptest! {
    #[test]
    fn any_steps_undone_give_the_first_preset_and_redone_the_last(
        steps in proptest::collection::vec(proptest::collection::vec(edit(), 1..4), 0..30)
    ) {
        let first = Preset { layout: [("d".parse().unwrap(), [5.0, 5.0])].into(), ..Preset::default() };
        let mut preset = first.clone();
        let mut history = History::default();
        for edits in steps {
            let before = preset.clone();
            if history.apply(&mut preset, Step::new("step", edits)).is_err() {
                prop_assert_eq!(&preset, &before);
            }
        }
        let last = preset.clone();
        while history.undo(&mut preset).is_some() {}
        prop_assert_eq!(&preset, &first);
        while history.redo(&mut preset).is_some() {}
        prop_assert_eq!(&preset, &last);
    }
}

#[test]
fn sessions_in_a_store_bring_the_cache_and_the_link_and_go_in_one_undo() {
    let shop: NodeId = "shop".parse().unwrap();
    let mut preset = Preset { layout: [(shop.clone(), [640.0, 0.0])].into(), ..Preset::default() };
    preset.topology.add_node(Node { id: shop.clone(), role: Role::Service(Service::default()) }).unwrap();
    let first = preset.clone();
    let mut history = History::default();
    let step = set_sessions_with_store(&preset, &shop).unwrap();
    history.apply(&mut preset, step).unwrap();
    assert_eq!(preset.topology.store_of(&shop).unwrap().id.as_str(), "sessions");
    assert_eq!(preset.topology.node(&shop).unwrap().service().unwrap().sessions, Sessions::Store);
    assert_eq!(preset.layout.len(), 2);
    assert_eq!(history.undo(&mut preset).as_deref(), Some("keep the sessions of shop in a store"));
    assert_eq!(preset, first);
}

#[test]
fn a_database_that_is_linked_is_store_enough_unless_services_have_none_in_common() {
    let (shop, till): (NodeId, NodeId) = ("shop".parse().unwrap(), "till".parse().unwrap());
    let mut preset = Preset::default();
    let mut add = |id: &str, role: Role| preset.topology.add_node(Node { id: id.parse().unwrap(), role }).unwrap();
    for (id, role) in [("shop", Role::Service(Service::default())), ("till", Role::Service(Service::default()))] {
        add(id, role);
    }
    for id in ["shop-db", "till-db"] {
        add(id, Role::Database(Database::default()));
    }
    let link = |from: &NodeId, to: &str| Link { from: from.clone(), to: to.parse().unwrap() };
    preset.topology.add_link(link(&shop, "shop-db")).unwrap();
    let mut common = preset.clone();
    preset.topology.add_link(link(&till, "till-db")).unwrap();
    common.topology.add_link(link(&till, "shop-db")).unwrap();

    let step = set_sessions_with_store(&preset, &shop).unwrap();
    assert_eq!(step.edits.len(), 1, "{step:?}");
    let mut stored = preset.clone();
    History::default().apply(&mut stored, step).unwrap();
    assert_eq!(stored.topology.store_of(&shop).unwrap().id.as_str(), "shop-db");
    assert_eq!(preset.topology.store_of(&shop), None, "it was linked for data");

    for (before, store, nodes) in [(common, "shop-db", 4), (preset, "sessions", 5)] {
        let problem = Problem::error("", "").because(Cause::SessionsApart(vec![shop.clone(), till.clone()]));
        let fix = fixes(&before, &problem).remove(0);
        let mut after = before;
        History::default().apply(&mut after, fix.step).unwrap();
        let stores = [&shop, &till].map(|service| after.topology.store_of(service).unwrap().id.to_string());
        assert_eq!((stores, after.topology.nodes().count()), ([store.to_owned(), store.to_owned()], nodes));
    }
}
