//! Reads the steps of operations: exactly one kind of work each.

use super::reader::{Entry, Reader, join, key_span};
use crate::topology::field::{CALL, CallOptions};
use crate::topology::{Step, near};

/// The kinds of work there are.
pub(crate) const KINDS: &[&str] = &["cpu", "wait", "session", "call"];

/// Kinds that the design has and this version does not.
const LATER: &[&str] = &["db", "cache", "parallel", "saga"];

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
    if kind == "call" {
        return call(reader, entry);
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

fn no_kind(reader: &mut Reader<'_>, entry: &Entry<'_>) {
    let Some((key, _)) = entry.table.iter().next() else {
        let advice = format!("give it one of {}", KINDS.join(", "));
        reader.wrong(&entry.path, entry.span.clone(), "the step is empty", advice);
        return;
    };
    let message = format!("unknown kind of step {key:?}");
    let advice = near::advice(key, KINDS.iter().copied());
    reader.unknown(&join(&entry.path, key), key_span(entry.table, key), message, advice);
}
