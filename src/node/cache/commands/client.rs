//! `CLIENT`: what connections say of themselves, and the list of them.

use super::{Answer, Call, quote, word, wrong_arity};
use crate::node::cache::resp::{Reply, ReplyError};
use crate::node::cache::state::Client;

/// What a name with odd characters is refused with.
pub(super) const BAD_NAME: ReplyError =
    ReplyError::new("ERR Client names cannot contain spaces, newlines or special characters.");

/// A name that does not break the lines of `CLIENT LIST`.
pub(super) fn printable(name: &[u8]) -> Option<String> {
    let ok = name.iter().all(u8::is_ascii_graphic);
    ok.then(|| String::from_utf8_lossy(name).into_owned())
}

pub(super) fn client(call: &mut Call<'_>) -> Answer {
    let subcommand = word(&call.arguments[0]);
    match (subcommand.as_slice(), &call.arguments[1..]) {
        (b"id", []) => Ok(Reply::Integer(i64::try_from(call.session.id).unwrap_or(i64::MAX))),
        (b"getname", []) => Ok(own(call).filter(|own| !own.name.is_empty()).map(|own| own.name.clone().into()).into()),
        (b"setname", [name]) => {
            let name = printable(name).ok_or(BAD_NAME)?;
            if let Some(own) = own(call) {
                own.name = name;
            }
            Ok(Reply::OK)
        }
        (b"setinfo", [option, value]) => set_info(call, option, value),
        (b"info", []) => {
            let (id, now) = (call.session.id, call.now_us / 1_000);
            Ok(Reply::Verbatim(own(call).map_or_else(String::new, |own| own.line(id, now) + "\n")))
        }
        (b"list", []) => {
            let now = call.now_us / 1_000;
            let lines = call.cache.clients.iter().map(|(id, client)| client.line(*id, now) + "\n");
            Ok(Reply::Verbatim(lines.collect()))
        }
        // There is no eviction, and nothing to keep a client's reads from touching.
        (b"no-evict" | b"no-touch", [switch]) => match word(switch).as_slice() {
            b"on" | b"off" => Ok(Reply::OK),
            _ => Err(ReplyError::SYNTAX),
        },
        (b"id" | b"getname" | b"setname" | b"setinfo" | b"info" | b"list" | b"no-evict" | b"no-touch", _) => {
            Err(wrong_arity(&format!("client|{}", String::from_utf8_lossy(&subcommand))))
        }
        _ => Err(unknown_subcommand(call)),
    }
}

/// The refusal of a subcommand that does not exist.
pub(super) fn unknown_subcommand(call: &Call<'_>) -> ReplyError {
    let (subcommand, command) = (quote(&call.arguments[0], 128), call.command.name.to_ascii_uppercase());
    ReplyError::quoting(format!("ERR unknown subcommand '{subcommand}'. Try {command} HELP."))
}

fn own<'a>(call: &'a mut Call<'_>) -> Option<&'a mut Client> {
    call.cache.clients.get_mut(&call.session.id)
}

fn set_info(call: &mut Call<'_>, option: &[u8], value: &[u8]) -> Answer {
    let name = word(option);
    if !matches!(name.as_slice(), b"lib-name" | b"lib-ver") {
        return Err(ReplyError::quoting(format!("ERR Unrecognized option '{}'", quote(option, 64))));
    }
    let value = printable(value).ok_or_else(|| {
        let name = String::from_utf8_lossy(&name);
        ReplyError::quoting(format!("ERR {name} cannot contain spaces, newlines or special characters."))
    })?;
    if let Some(own) = own(call) {
        *(if name == b"lib-name" { &mut own.library } else { &mut own.library_version }) = value;
    }
    Ok(Reply::OK)
}
