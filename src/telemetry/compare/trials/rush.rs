//! Everybody wants video: more than one process can serve. What happens to everything else, and what do four times as many
//! processes cost?

use crate::telemetry::compare::kinds::{EXTRA_MEMORY, EXTRA_PROCESSES, GAINED_PER_MEMORY, OTHERS_P99, OTHERS_SERVED};
use crate::telemetry::compare::trial::{Reading, Trial, answer, asked, bare, change_roles, host, probe, window};
use crate::telemetry::report::Report;
use crate::topology::{
    Act, Arrivals, Link, Node, NodeId, OperationId, Period, Preset, Rate, Role, ScenarioStep, Slot, Target, Users,
    Window,
};

use super::{HUNGRY, HUNGRY_OPERATION};

/// How many videos a second are wanted.
const WANTED: f64 = 50.0;
/// More people than are ever served or in line at once.
const VIEWERS: u32 = 40;
/// How many requests a process works on at once, and how many wait, in either system.
const PLACES: (u32, u32) = (2, 20);
/// When there are more processes, in seconds, and of how many times as many.
const MORE_AT: u64 = 6;
const TIMES: u32 = 4;

pub(in crate::telemetry::compare) const TRIAL: Trial = Trial {
    name: "rush",
    about: "50 videos a second are wanted, a process works on two requests at once; after six seconds whatever hosts \
            video gets four times as many processes",
    yields: &[&EXTRA_PROCESSES, &EXTRA_MEMORY, &GAINED_PER_MEMORY, &OTHERS_SERVED, &OTHERS_P99],
    prepare,
    read,
};

fn before() -> Window {
    window(2, MORE_AT)
}

fn afterwards() -> Window {
    window(MORE_AT + 4, MORE_AT + 10)
}

fn prepare(preset: &Preset) -> Result<Preset, String> {
    let hungry = host(preset, HUNGRY)?;
    let (id, replicas) = (hungry.id.clone(), hungry.replicas());
    let mut prepared = bare(preset, MORE_AT + 10);
    change_roles(&mut prepared, |role| {
        if let Role::Service(service) = role {
            (service.concurrency, service.backlog) = PLACES;
        }
    });
    let others = add_viewers(&mut prepared)?;
    let more = vec![("replicas".to_owned(), (replicas * TIMES).to_string())];
    let (act, on, at) = (Act::Set(more), Target::Node(id.clone()), Period::secs(MORE_AT));
    prepared.scenario.push(ScenarioStep { at, lasts: None, over: None, act, on });
    for during in [before(), afterwards()] {
        prepared.expect.push(probe("requests.ok", Some(HUNGRY_OPERATION), Some(during)));
    }
    for name in &others {
        for metric in ["requests.issued", "requests.ok", "latency.p99_ms"] {
            prepared.expect.push(probe(metric, Some(name), Some(before())));
        }
    }
    for slot in extra(&id, replicas) {
        prepared.expect.push(probe("replicas.memory_mib", Some(&slot), None));
    }
    Ok(prepared)
}

/// Those who watched among other things no longer do; people who do nothing else come in their place, by the same way.
/// Gives all other operations.
fn add_viewers(prepared: &mut Preset) -> Result<Vec<String>, String> {
    let watch: OperationId = HUNGRY_OPERATION.parse().map_err(|_| format!("{HUNGRY_OPERATION} is no operation"))?;
    let users: Vec<NodeId> =
        prepared.topology.nodes().filter(|node| node.users().is_some()).map(|node| node.id.clone()).collect();
    let asks = |id: &NodeId| prepared.topology.route(id, &watch.module).is_some();
    let way = users.iter().find(|id| asks(id)).ok_or_else(|| format!("no user has a way to {HUNGRY}"))?;
    let ways: Vec<NodeId> = prepared.topology.downstream(way).into_iter().map(|node| node.id.clone()).collect();
    change_roles(prepared, |role| {
        if let Role::Users(users) = role {
            users.journey.retain(|operation| *operation != watch);
        }
    });
    for id in users {
        if prepared.topology.node(&id).and_then(Node::users).is_some_and(|users| users.journey.is_empty()) {
            prepared.topology.remove_node(&id);
        }
    }
    let others = asked(prepared);
    let arrivals = Arrivals::Rate(Rate::per_second(WANTED));
    let viewers = Users { users: VIEWERS, arrivals, journey: vec![watch], ..Users::default() };
    let id: NodeId = "those-who-watch".parse().map_err(|_| "no name is left".to_owned())?;
    let node = Node { id: id.clone(), role: Role::Users(viewers) };
    prepared.topology.add_node(node).map_err(|node| format!("there is a node {} already", node.id))?;
    for to in ways {
        let link = Link { from: id.clone(), to };
        prepared.topology.add_link(link).map_err(|link| format!("{} cannot be linked", link.id()))?;
    }
    Ok(others)
}

/// The slots that are added.
fn extra(host: &NodeId, replicas: u32) -> Vec<String> {
    (replicas + 1..=replicas * TIMES).map(|index| Slot::new(host.clone(), index).to_string()).collect()
}

fn read(prepared: &Preset, report: &Report) -> Vec<Reading> {
    let mut readings = Vec::new();
    let Ok(host) = host(prepared, HUNGRY) else { return readings };
    let memory = |slot: &String| answer(report, "replicas.memory_mib", Some(slot), None);
    let extra: Vec<f64> = extra(&host.id, host.replicas()).iter().filter_map(memory).collect();
    let mib: f64 = extra.iter().sum();
    readings.push(Reading { kind: &EXTRA_PROCESSES, value: extra.len() as f64 });
    readings.push(Reading { kind: &EXTRA_MEMORY, value: mib });
    let per_second = |during: Window| {
        let secs = (during.to.as_micros() - during.from.as_micros()) as f64 / 1e6;
        Some(answer(report, "requests.ok", Some(HUNGRY_OPERATION), Some(during))? / secs)
    };
    if let (Some(then), Some(now)) = (per_second(before()), per_second(afterwards()))
        && mib > 0.0
    {
        readings.push(Reading { kind: &GAINED_PER_MEMORY, value: (now - then) / mib });
    }
    let others: Vec<String> = asked(prepared).into_iter().filter(|name| name != HUNGRY_OPERATION).collect();
    let all = |metric| -> Vec<f64> {
        others.iter().filter_map(|name| answer(report, metric, Some(name), Some(before()))).collect()
    };
    let issued: f64 = all("requests.issued").iter().sum();
    if issued > 0.0 {
        let ok: f64 = all("requests.ok").iter().sum();
        // What was issued before the window may have been answered in it.
        readings.push(Reading { kind: &OTHERS_SERVED, value: (ok / issued).min(1.0) });
    }
    if let Some(value) = all("latency.p99_ms").into_iter().reduce(f64::max) {
        readings.push(Reading { kind: &OTHERS_P99, value });
    }
    readings
}
