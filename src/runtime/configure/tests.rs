//! A shop behind a gateway, with a payments service and a cache.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use super::*;
use crate::topology::{Cache, Database, Gateway, Link, Operation, Period, RunSettings, Service, Sessions};

fn id<T: std::str::FromStr<Err = crate::topology::BadId>>(text: &str) -> T {
    text.parse().unwrap()
}

fn node(name: &str, role: Role) -> Node {
    Node { id: id(name), role }
}

fn module(name: &str, operation: &str, steps: Vec<Step>) -> Module {
    let operations = vec![Operation { name: operation.to_owned(), transaction: false, steps }];
    Module { name: id(name), memory: Default::default(), startup: Default::default(), contract: 1, operations }
}

fn call(operation: &str) -> Step {
    Step::Call { call: id(operation), timeout: Period::secs(1), retries: 0, optional: false }
}

fn service(modules: &[&str], replicas: u32) -> Role {
    Role::Service(Service { modules: modules.iter().map(|name| id(name)).collect(), replicas, ..Service::default() })
}

fn view() -> View {
    let modules = vec![
        module("accounts", "login", vec![Step::Session { session: SessionStep::Create }]),
        module("orders", "checkout", vec![Step::Session { session: SessionStep::Read }, call("payments.charge")]),
        module("payments", "charge", vec![Step::Session { session: SessionStep::Clear }, call("orders.checkout")]),
        module("browse", "look", vec![Step::Wait { wait: Period::millis(1) }]),
    ];
    let users = Users {
        start: vec![id("accounts.login")],
        journey: vec![id("orders.checkout"), id("browse.look"), id("orders.checkout")],
        ..Users::default()
    };
    let nodes = vec![
        node("shoppers", Role::Users(users)),
        node("gate", Role::Gateway(Gateway::default())),
        node("shop", service(&["accounts", "orders", "browse"], 3)),
        node("pay", service(&["payments"], 1)),
        node("other", service(&["accounts"], 1)),
        node("store", Role::Cache(Cache::default())),
    ];
    let links = [
        ("shoppers", "gate"),
        ("gate", "shop"),
        ("shop", "pay"),
        ("shop", "other"),
        ("shop", "store"),
        ("gate", "store"),
    ]
    .map(|(from, to)| Link { from: id(from), to: id(to) })
    .to_vec();
    let (topology, dangling, doubled) = Topology::new(modules, nodes, links);
    assert!(dangling.is_empty() && doubled.is_empty());
    let endpoint = |life: &str, port: u16, state| control::Endpoint {
        life: id(life),
        address: SocketAddr::from(([127, 0, 0, 1], port)),
        state,
    };
    let endpoints = BTreeMap::from([
        (
            id("shop"),
            vec![
                endpoint("shop.1#1", 1, control::EndpointState::Ready),
                endpoint("shop.2#2", 2, control::EndpointState::Draining),
                endpoint("shop.3#1", 3, control::EndpointState::Unready),
            ],
        ),
        (
            id("store"),
            vec![
                endpoint("store.1#1", 8, control::EndpointState::Draining),
                endpoint("store.1#2", 9, control::EndpointState::Ready),
            ],
        ),
    ]);
    let run = RunSettings { warmup: Period::secs(1), ..RunSettings::default() };
    View {
        revision: 4,
        topology: Arc::new(topology),
        guests: BTreeMap::new(),
        session_databases: BTreeSet::new(),
        run,
        endpoints,
        started_us: Some(500),
        tempo: 1.0,
        own: BTreeMap::new(),
    }
}

fn role_of(view: &View, life: &str) -> RoleConfig {
    let run = RunContext {
        id: "r".to_owned(),
        seed: 1,
        epoch_unix_ns: 0,
        epoch_monotonic_ns: None,
        now_us: 0,
        collector: SocketAddr::from(([127, 0, 0, 1], 1)),
        traces_per_second: 1,
    };
    let config = config_for(view, &id(life), run, &Provisions::default()).unwrap();
    assert_eq!(config.revision, 4);
    config.role
}

fn names(upstreams: &[Upstream]) -> Vec<&str> {
    upstreams.iter().map(|upstream| upstream.node.as_str()).collect()
}

#[test]
fn a_pace_changes_how_long_users_think_and_nothing_else() {
    let drawn = view();
    let RoleConfig::Users(before) = role_of(&drawn, "shoppers.1#1") else { panic!("role") };
    for (tempo, times) in [(0.25, 4.0), (1.0, 1.0), (4.0, 0.25)] {
        let view = View { tempo, ..drawn.clone() };
        let RoleConfig::Users(after) = role_of(&view, "shoppers.1#1") else { panic!("role") };
        let think = before.settings.think;
        assert_eq!(after.settings.think.as_micros() as f64, think.as_micros() as f64 * times, "{tempo}");
        assert_eq!(UsersConfig { settings: Users { think, ..after.settings }, ..after }, before);
        assert_eq!(role_of(&view, "gate.1#1"), role_of(&drawn, "gate.1#1"));
    }
}

#[test]
fn users_know_each_operation_once_and_the_check() {
    let RoleConfig::Users(users) = role_of(&view(), "shoppers.1#1") else { panic!("role") };
    let planned: Vec<(String, bool, &[SessionStep])> =
        users.operations.iter().map(|op| (op.id.to_string(), op.reads, op.session.as_slice())).collect();
    use SessionStep::{Clear, Create, Read};
    assert_eq!(
        planned,
        [
            ("accounts.login".to_owned(), false, [Create].as_slice()),
            ("orders.checkout".to_owned(), false, [Read, Clear].as_slice()),
            ("browse.look".to_owned(), true, [].as_slice()),
            ("accounts.session.check".to_owned(), true, [Read].as_slice()),
        ]
    );
    assert_eq!(users.load, Load::Since { start_us: 500, warm_us: 1_000_500 });
    assert_eq!(names(&users.upstreams), ["gate"]);
    assert_eq!(users.upstreams[0].modules, ["accounts", "orders", "browse"].map(id));
}

#[test]
fn a_gateway_knows_its_services_with_the_state_of_each_replica() {
    let RoleConfig::Gateway(gateway) = role_of(&view(), "gate.1#1") else { panic!("role") };
    assert_eq!(names(&gateway.upstreams), ["shop"]);
    let shop = &gateway.upstreams[0];
    assert_eq!(shop.slots, 3);
    let states: Vec<EndpointState> = shop.endpoints.iter().map(|endpoint| endpoint.state).collect();
    assert_eq!(states, [EndpointState::Ready, EndpointState::Draining, EndpointState::Unready]);
}

#[test]
fn a_service_knows_whom_it_calls_and_its_store() {
    let RoleConfig::Service(shop) = role_of(&view(), "shop.1#1") else { panic!("role") };
    assert_eq!(names(&shop.upstreams), ["pay"], "a link that no call goes over brings no upstream");
    let store = shop.store.unwrap();
    assert_eq!((store.node, store.endpoint.map(|endpoint| endpoint.life)), (id("store"), Some(id("store.1#2"))));
    assert_eq!(shop.reads, BTreeSet::from([id("browse.look")]));
    assert_eq!(shop.modules.len(), 3);
    let RoleConfig::Service(pay) = role_of(&view(), "pay.1#1") else { panic!("role") };
    assert_eq!((pay.store, pay.upstreams), (None, vec![]));
}

#[test]
fn a_node_that_is_not_drawn_has_no_configuration_and_users_wait_for_the_start() {
    let mut view = view();
    view.started_us = None;
    let RoleConfig::Users(users) = role_of(&view, "shoppers.1#1") else { panic!("role") };
    assert_eq!(users.load, Load::Idle);
    let RoleConfig::Users(users) = role_of(&view, "shoppers.1#1") else { panic!("role") };
    let run = RunContext {
        id: String::new(),
        seed: 1,
        epoch_unix_ns: 0,
        epoch_monotonic_ns: None,
        now_us: 0,
        collector: users.upstreams[0].endpoints.first().map_or(SocketAddr::from(([127, 0, 0, 1], 1)), |e| e.address),
        traces_per_second: 1,
    };
    assert!(config_for(&view, &id("gone.1#1"), run, &Provisions::default()).is_none());
}

#[test]
fn a_database_keeps_sessions_for_who_wants_a_store_and_for_who_may_still_find_some_there() {
    let drawn = |sessions: Sessions, cache: bool| {
        let mut view = view();
        let mut topology = Topology::clone(&view.topology);
        topology.add_node(node("db", Role::Database(Database::default()))).unwrap();
        topology.add_link(Link { from: id("shop"), to: id("db") }).unwrap();
        if !cache {
            topology.remove_node(&id("store")).unwrap();
        }
        if let Some(Role::Service(service)) = topology.role_mut(&id("shop")) {
            service.sessions = sessions;
        }
        view.topology = Arc::new(topology);
        view
    };
    let store = |view: &View| {
        let RoleConfig::Service(shop) = role_of(view, "shop.1#1") else { panic!("role") };
        shop.store.map(|store| (store.node.to_string(), store.protocol))
    };
    let database = Some(("db".to_owned(), StoreProtocol::Postgres));
    assert_eq!(store(&drawn(Sessions::Store, false)), database);
    assert_eq!(store(&drawn(Sessions::Store, true)), Some(("store".to_owned(), StoreProtocol::Resp)));
    let leaves = |view: &View| {
        let RoleConfig::Service(shop) = role_of(view, "shop.1#1") else { panic!("role") };
        shop.leaves_database
    };
    let later = View { session_databases: BTreeSet::from([id("db")]), ..drawn(Sessions::Store, true) };
    assert_eq!((leaves(&drawn(Sessions::Store, true)), leaves(&later)), (false, true), "it kept some before");
    for sessions in [Sessions::Memory, Sessions::Token] {
        assert_eq!(store(&drawn(sessions, false)), None, "it is linked for data");
        let after = View { session_databases: BTreeSet::from([id("db")]), ..drawn(sessions, false) };
        assert_eq!(store(&after), database);
    }
}
