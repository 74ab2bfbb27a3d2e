//! Commands on the connection itself: `PING`, `HELLO`, `AUTH`, `SELECT`, `RESET`, `QUIT`.

use super::server::{REDIS_MODE, REDIS_VERSION};
use super::{Answer, Call, client, word};
use crate::node::cache::resp::{Protocol, Reply, ReplyError, parse_integer};
use crate::node::cache::state::DATABASES;

pub(super) fn ping(call: &mut Call<'_>) -> Answer {
    match call.arguments {
        [] => Ok(Reply::Status("PONG")),
        [message] => Ok(Reply::Bulk(message.clone())),
        _ => Err(call.wrong_arity()),
    }
}

pub(super) fn echo(call: &mut Call<'_>) -> Answer {
    Ok(Reply::Bulk(call.arguments[0].clone()))
}

/// There is no password: whoever reaches loopback is let in, as by a Redis without configuration.
pub(super) fn auth(call: &mut Call<'_>) -> Answer {
    match call.arguments {
        [_] => Err(ReplyError::new(
            "ERR AUTH <password> called without any password configured for the default user. \
             Are you sure your configuration is correct?",
        )),
        [user, _] => authenticate(user),
        _ => Err(ReplyError::SYNTAX),
    }
}

fn authenticate(user: &[u8]) -> Answer {
    if user == b"default" {
        Ok(Reply::OK)
    } else {
        Err(ReplyError::new("WRONGPASS invalid username-password pair or user is disabled."))
    }
}

/// `HELLO [version [AUTH user password] [SETNAME name]]`: everything is checked before anything changes.
pub(super) fn hello(call: &mut Call<'_>) -> Answer {
    let mut protocol = call.session.protocol;
    let mut name = None;
    if let [version, options @ ..] = call.arguments {
        protocol = match parse_integer(version) {
            Some(2) => Protocol::Resp2,
            Some(3) => Protocol::Resp3,
            Some(_) => return Err(ReplyError::new("NOPROTO unsupported protocol version")),
            None => return Err(ReplyError::new("ERR Protocol version is not an integer or out of range")),
        };
        let mut rest = options;
        while let [option, after @ ..] = rest {
            rest = match (word(option).as_slice(), after) {
                (b"auth", [user, _, after @ ..]) => {
                    authenticate(user)?;
                    after
                }
                (b"setname", [new, after @ ..]) => {
                    name = Some(client::printable(new).ok_or(client::BAD_NAME)?);
                    after
                }
                _ => {
                    return Err(ReplyError::quoting(format!(
                        "ERR Syntax error in HELLO option '{}'",
                        super::quote(option, 64)
                    )));
                }
            };
        }
    }
    call.session.protocol = protocol;
    if let Some(client) = call.cache.clients.get_mut(&call.session.id) {
        client.protocol = protocol;
        client.name = name.unwrap_or_else(|| std::mem::take(&mut client.name));
    }
    let id = i64::try_from(call.session.id).unwrap_or(i64::MAX);
    Ok(Reply::Map(vec![
        (Reply::text("server"), Reply::text("redis")),
        (Reply::text("version"), Reply::text(REDIS_VERSION)),
        (Reply::text("proto"), Reply::Integer(protocol.number())),
        (Reply::text("id"), Reply::Integer(id)),
        (Reply::text("mode"), Reply::text(REDIS_MODE)),
        (Reply::text("role"), Reply::text("master")),
        (Reply::text("modules"), Reply::Array(Vec::new())),
    ]))
}

pub(super) fn select(call: &mut Call<'_>) -> Answer {
    let number = parse_integer(&call.arguments[0]).ok_or(ReplyError::NOT_AN_INTEGER)?;
    let database = usize::try_from(number).ok().filter(|database| *database < DATABASES);
    set_database(call, database.ok_or(const { ReplyError::new("ERR DB index is out of range") })?);
    Ok(Reply::OK)
}

fn set_database(call: &mut Call<'_>, database: usize) {
    call.session.database = database;
    if let Some(client) = call.cache.clients.get_mut(&call.session.id) {
        client.database = database;
    }
}

/// Makes the connection as it was when it came.
pub(super) fn reset(call: &mut Call<'_>) -> Answer {
    call.session.transaction.discard(call.cache);
    call.session.protocol = Protocol::default();
    set_database(call, 0);
    if let Some(client) = call.cache.clients.get_mut(&call.session.id) {
        client.protocol = Protocol::default();
        client.name.clear();
    }
    Ok(Reply::Status("RESET"))
}

pub(super) fn quit(call: &mut Call<'_>) -> Answer {
    call.session.closing = true;
    Ok(Reply::OK)
}
