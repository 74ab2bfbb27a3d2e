//! The names of all keys, for checking that the schema and the documentation know them too.

use super::parts::TABLES;
use super::steps::KINDS;
use crate::topology::field::{
    ANALOGY, ANSWER, AUDIT, CACHE, CALL, DATABASE, DB, DEPLOY, EXPECT, Field, GATEWAY, GROUP, HEAD, LESSON,
    LESSON_STEP, MODULE, NOTE, OPERATION, PROGRAM, RUN, SAGA_STEP, SCENARIO, SERVICE, USERS,
};

/// Keys that are read by hand, because more than one value hangs on them.
const OTHERS: &[&str] = &[
    "format",
    "name",
    "operation",
    "steps",
    "id",
    "role",
    "from",
    "to",
    "do",
    "on",
    "with",
    "analogy",
    "step",
    "choices",
];

/// Every key that the reader accepts anywhere, each once.
pub fn keys() -> Vec<&'static str> {
    fn of<T>(fields: &'static [Field<T>]) -> impl Iterator<Item = &'static str> {
        fields.iter().map(|field| field.info.key)
    }
    let mut keys: Vec<&str> = TABLES.iter().chain(KINDS).chain(OTHERS).copied().collect();
    keys.extend(of(HEAD).chain(of(RUN)).chain(of(MODULE)).chain(of(CALL)).chain(of(SCENARIO)).chain(of(EXPECT)));
    keys.extend(of(USERS).chain(of(GATEWAY)).chain(of(SERVICE)).chain(of(CACHE)));
    keys.extend(of(LESSON).chain(of(ANALOGY)).chain(of(LESSON_STEP)).chain(of(ANSWER)));
    keys.extend(of(GROUP).chain(of(NOTE)).chain(of(OPERATION)).chain(of(DB)).chain(of(SAGA_STEP)));
    keys.extend(of(DATABASE).chain(of(PROGRAM)).chain(of(DEPLOY)).chain(of(AUDIT)));
    keys.sort_unstable();
    keys.dedup();
    keys
}
