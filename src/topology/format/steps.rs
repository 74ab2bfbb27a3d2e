//! Reads the steps of operations: exactly one kind of work each.

use super::reader::{Entry, Reader, join, key_span};
use crate::topology::field::{CALL, CallOptions, DB, SAGA_STEP};
use crate::topology::{DbStep, SagaStep, Step};

/// The kinds of work there are.
pub(crate) const KINDS: &[&str] = &["cpu", "wait", "session", "call", "db", "saga"];

/// Kinds that the design has and this version does not.
const LATER: &[&str] = &["cache", "parallel"];

pub(super) fn step(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<Step> {
    let kinds: Vec<&str> =
        entry.table.iter().map(|(key, _)| key).filter(|key| KINDS.contains(key) || LATER.contains(key)).collect();
    let kind = match kinds.as_slice() {
        [] => {
            no_kind(reader, entry);
            return None;
        }
        [kind] => *kind,
        [first, second, ..] => {
            let message = format!("two kinds of work in one step: {first} and {second}");
            reader.wrong(&entry.path, entry.span.clone(), message, "make two steps of it");
            return None;
        }
    };
    if LATER.contains(&kind) {
        let message = format!("the step {kind:?} is not known to this version of Brownout yet");
        let advice = format!("there are {}", KINDS.join(", "));
        reader.unknown(&join(&entry.path, kind), key_span(entry.table, kind), message, advice);
        return None;
    }
    match kind {
        "call" => return call(reader, entry),
        "db" => return db(reader, entry),
        "saga" => return saga(reader, entry),
        _ => {}
    }
    reader.known_keys(entry.table, &entry.path, &[kind]);
    match kind {
        "cpu" => reader.required(entry, kind).map(|cpu| Step::Cpu { cpu }),
        "wait" => reader.required(entry, kind).map(|wait| Step::Wait { wait }),
        _ => reader.required(entry, kind).map(|session| Step::Session { session }),
    }
}

fn call(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<Step> {
    let known: Vec<&str> = CALL.iter().map(|field| field.info.key).chain(["call"]).collect();
    reader.known_keys(entry.table, &entry.path, &known);
    let mut options = CallOptions::default();
    reader.fields(entry.table, &entry.path, &mut options, CALL);
    let CallOptions { timeout, retries, optional } = options;
    reader.required(entry, "call").map(|call| Step::Call { call, timeout, retries, optional })
}

fn db(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<Step> {
    reader.known_keys(entry.table, &entry.path, &["db"]);
    let inner = reader.table(entry.table, &entry.path, "db")?;
    let op = reader.required(&inner, "op");
    let table = reader.required(&inner, "table");
    let mut db = DbStep { op: op?, table: table?, key: Default::default() };
    reader.part(&inner, &mut db, DB, &[]);
    Some(Step::Db { db })
}

fn saga(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<Step> {
    reader.known_keys(entry.table, &entry.path, &["saga", "timeout"]);
    let mut options = CallOptions::default();
    reader.fields(entry.table, &entry.path, &mut options, CALL);
    let saga = reader.list(entry.table, &entry.path, "saga", saga_step);
    if saga.is_empty() {
        let advice = "name its calls, as in saga = [{ call = \"payments.charge\", undo = \"payments.refund\" }]";
        reader.wrong(&entry.path, entry.span.clone(), "this saga calls nothing", advice);
        return None;
    }
    Some(Step::Saga { saga, timeout: options.timeout })
}

fn saga_step(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<SagaStep> {
    let mut step = SagaStep { call: reader.required(entry, "call")?, undo: None };
    reader.part(entry, &mut step, SAGA_STEP, &[]);
    Some(step)
}

fn no_kind(reader: &mut Reader<'_>, entry: &Entry<'_>) {
    let Some((key, _)) = entry.table.iter().next() else {
        let advice = format!("give it one of {}", KINDS.join(", "));
        reader.wrong(&entry.path, entry.span.clone(), "the step is empty", advice);
        return;
    };
    let message = format!("unknown kind of step {key:?}");
    let advice = reader.advice(key, || KINDS.to_vec());
    reader.unknown(&join(&entry.path, key), key_span(entry.table, key), message, advice);
}
