//! Commands on sets.

use super::{Answer, Call};
use crate::node::cache::resp::Reply;
use crate::node::cache::store::{Edit, Set};

pub(super) fn sadd(call: &mut Call<'_>) -> Answer {
    let (key, members) = (&call.arguments[0], &call.arguments[1..]);
    let (database, now) = call.database();
    database.edit(key, now, |set: &mut Set| {
        let added = members.iter().filter(|member| set.insert((*member).clone())).count();
        Ok(Edit::when(added > 0, Reply::count(added)))
    })
}

pub(super) fn srem(call: &mut Call<'_>) -> Answer {
    let (key, members) = (&call.arguments[0], &call.arguments[1..]);
    let (database, now) = call.database();
    database.edit(key, now, |set: &mut Set| {
        let removed = members.iter().filter(|member| set.remove(*member)).count();
        Ok(Edit::when(removed > 0, Reply::count(removed)))
    })
}

pub(super) fn smembers(call: &mut Call<'_>) -> Answer {
    read(call, |set| Reply::Set(set.iter().cloned().map(Reply::Bulk).collect()), Reply::Set(Vec::new()))
}

pub(super) fn scard(call: &mut Call<'_>) -> Answer {
    read(call, |set| Reply::count(set.len()), Reply::Integer(0))
}

pub(super) fn sismember(call: &mut Call<'_>) -> Answer {
    let member = &call.arguments[1];
    read(call, |set| Reply::flag(set.contains(member)), Reply::Integer(0))
}

pub(super) fn smismember(call: &mut Call<'_>) -> Answer {
    let members = &call.arguments[1..];
    let missing = Reply::Array(vec![Reply::Integer(0); members.len()]);
    read(call, |set| Reply::Array(members.iter().map(|member| Reply::flag(set.contains(member))).collect()), missing)
}

/// Answers from the set, or with `missing` if there is none.
fn read(call: &mut Call<'_>, answer: impl FnOnce(&Set) -> Reply, missing: Reply) -> Answer {
    let key = &call.arguments[0];
    let (database, now) = call.database();
    Ok(database.read::<Set>(key, now)?.map_or(missing, answer))
}
