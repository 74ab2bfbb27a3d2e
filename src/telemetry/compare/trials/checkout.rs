//! Users who only check out: how far a request travels, and how long it takes.

use crate::telemetry::compare::kinds::{CHECKOUT_P50, CHECKOUT_P99, HOPS, SERIALISED};
use crate::telemetry::compare::trial::{Reading, Trial, bare, change_roles, host};
use crate::telemetry::report::Report;
use crate::topology::{LinkId, OperationId, Period, Preset, Role, Step};

use super::PURCHASE;

/// How long users think: so that they meet each other neither in line nor in the database.
const THINK: Period = Period::millis(800);
/// How long they think where many checkouts must be under way.
pub(super) const BUSY: Period = Period::millis(200);

pub(in crate::telemetry::compare) const TRIAL: Trial = Trial {
    name: "checkout",
    about: "users log in once and then only check out, about once a second each",
    yields: &[&HOPS, &CHECKOUT_P50, &CHECKOUT_P99, &SERIALISED],
    prepare,
    read,
};

fn prepare(preset: &Preset) -> Result<Preset, String> {
    only_checkouts(preset, THINK, 13)
}

/// The preset with users who log in and then only check out, for so many seconds.
pub(super) fn only_checkouts(preset: &Preset, think: Period, secs: u64) -> Result<Preset, String> {
    let purchase: OperationId = PURCHASE.parse().map_err(|_| format!("{PURCHASE} is no operation"))?;
    host(preset, purchase.module.as_str())?;
    let mut prepared = bare(preset, secs);
    let buys = |role: &Role| matches!(role, Role::Users(users) if users.journey.contains(&purchase));
    let others: Vec<_> = prepared.topology.nodes().filter(|node| node.users().is_some() && !buys(&node.role)).collect();
    let others: Vec<_> = others.into_iter().map(|node| node.id.clone()).collect();
    if !prepared.topology.nodes().any(|node| buys(&node.role)) {
        return Err(format!("no user asks for {PURCHASE}"));
    }
    for id in others {
        prepared.topology.remove_node(&id);
    }
    change_roles(&mut prepared, |role| {
        if let Role::Users(users) = role {
            (users.journey, users.think) = (vec![purchase.clone()], think);
        }
    });
    Ok(prepared)
}

fn read(prepared: &Preset, report: &Report) -> Vec<Reading> {
    let mut readings = Vec::new();
    if let Some(books) = report.operations.iter().find(|books| books.name == PURCHASE) {
        readings.extend(books.p50_ms.map(|value| Reading { kind: &CHECKOUT_P50, value }));
        readings.extend(books.p99_ms.map(|value| Reading { kind: &CHECKOUT_P99, value }));
        if books.issued > 0 {
            let value = serialised(prepared, report) as f64 / books.issued as f64;
            readings.push(Reading { kind: &SERIALISED, value });
        }
    }
    let carries_requests = |name: &str| {
        let to = name.parse::<LinkId>().ok().and_then(|link| prepared.topology.node(&link.to).map(|node| &node.role));
        !matches!(to, Some(Role::Cache(_) | Role::Database(_)))
    };
    let sent: u64 = report.links.iter().filter(|link| carries_requests(&link.link)).map(|link| link.sent).sum();
    if report.requests.issued > 0 {
        readings.push(Reading { kind: &HOPS, value: sent as f64 / report.requests.issued as f64 });
    }
    readings
}

/// Bytes of every answered call between processes for a checkout or for what a checkout calls.
fn serialised(prepared: &Preset, report: &Report) -> u64 {
    let mut open: Vec<OperationId> = PURCHASE.parse().into_iter().collect();
    let mut called: Vec<String> = Vec::new();
    while let Some(operation) = open.pop() {
        let name = operation.to_string();
        if called.contains(&name) {
            continue;
        }
        called.push(name);
        let steps = prepared.topology.operation(&operation).map(|known| known.steps.iter());
        open.extend(steps.into_iter().flatten().flat_map(Step::calls).cloned());
    }
    let calls = report.calls.iter().filter(|call| called.contains(&call.operation));
    calls.map(|call| call.request_bytes + call.answer_bytes).sum()
}
