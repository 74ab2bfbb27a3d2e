//! `MULTI`, `EXEC`, `DISCARD`, `WATCH`, `UNWATCH`.

use super::{Answer, Call, run};
use crate::node::cache::resp::{Reply, ReplyError};
use crate::node::cache::transaction::Execution;

pub(super) fn multi(call: &mut Call<'_>) -> Answer {
    call.session.transaction.begin()?;
    Ok(Reply::OK)
}

pub(super) fn exec(call: &mut Call<'_>) -> Answer {
    match call.session.transaction.end(call.cache, call.now_us / 1_000) {
        None => Err(ReplyError::new("ERR EXEC without MULTI")),
        Some(Execution::Spoiled) => Err(ReplyError::new("EXECABORT Transaction discarded because of previous errors.")),
        Some(Execution::Touched) => Ok(Reply::NullArray),
        // A command that fails does not stop the next: Redis has no roll-back either.
        Some(Execution::Run(commands)) => Ok(Reply::Array(
            commands
                .iter()
                .map(|queued| run(queued.command, &queued.arguments, call.session, call.cache, call.now_us))
                .collect(),
        )),
    }
}

pub(super) fn discard(call: &mut Call<'_>) -> Answer {
    if !call.session.transaction.is_open() {
        return Err(ReplyError::new("ERR DISCARD without MULTI"));
    }
    call.session.transaction.discard(call.cache);
    Ok(Reply::OK)
}

pub(super) fn watch(call: &mut Call<'_>) -> Answer {
    for key in call.arguments {
        call.session.transaction.watch(call.cache, call.session.database, key, call.now_us / 1_000)?;
    }
    Ok(Reply::OK)
}

pub(super) fn unwatch(call: &mut Call<'_>) -> Answer {
    call.session.transaction.unwatch(call.cache);
    Ok(Reply::OK)
}
