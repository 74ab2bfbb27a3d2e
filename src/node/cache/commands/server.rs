//! Commands on the whole cache: `INFO`, `CONFIG`, `COMMAND`, `DBSIZE`, `FLUSHDB`, `FLUSHALL`, `TIME`.

use bytes::Bytes;

use super::client::unknown_subcommand;
use super::table::Command;
use super::{Answer, Call, TABLE, find, quote, word, wrong_arity};
use crate::node::cache::glob;
use crate::node::cache::resp::{MAX_ARGUMENT, Reply, ReplyError};
use crate::node::cache::server::MAX_CLIENTS;
use crate::node::cache::state::DATABASES;

/// The version of Redis whose words and behaviour are spoken here, since clients ask before they use what is newer.
pub(super) const REDIS_VERSION: &str = "7.0.15";
/// Neither cluster nor sentinel.
pub(super) const REDIS_MODE: &str = "standalone";

pub(super) fn dbsize(call: &mut Call<'_>) -> Answer {
    let (database, _) = call.database();
    Ok(Reply::count(database.sizes().0))
}

pub(super) fn flushdb(call: &mut Call<'_>) -> Answer {
    check_flush(call)?;
    call.database().0.clear();
    Ok(Reply::OK)
}

pub(super) fn flushall(call: &mut Call<'_>) -> Answer {
    check_flush(call)?;
    for database in &mut call.cache.databases {
        database.clear();
    }
    Ok(Reply::OK)
}

/// `ASYNC` and `SYNC` are understood, and are the same here.
fn check_flush(call: &Call<'_>) -> Result<(), ReplyError> {
    match call.arguments {
        [] => Ok(()),
        [mode] if matches!(word(mode).as_slice(), b"async" | b"sync") => Ok(()),
        _ => Err(ReplyError::SYNTAX),
    }
}

pub(super) fn time(call: &mut Call<'_>) -> Answer {
    let (seconds, micros) = (call.now_us / 1_000_000, call.now_us % 1_000_000);
    Ok(Reply::Array(vec![Reply::text(seconds.to_string()), Reply::text(micros.to_string())]))
}

/// `CONFIG`: what clients and benchmarks ask for can be read; nothing can be set.
pub(super) fn config(call: &mut Call<'_>) -> Answer {
    let parameters = [
        ("appendonly", "no".to_owned()),
        ("databases", DATABASES.to_string()),
        ("maxclients", MAX_CLIENTS.to_string()),
        ("maxmemory", "0".to_owned()),
        ("maxmemory-policy", "noeviction".to_owned()),
        ("proto-max-bulk-len", MAX_ARGUMENT.to_string()),
        ("save", String::new()),
        ("timeout", "0".to_owned()),
    ];
    let subcommand = word(&call.arguments[0]);
    match (subcommand.as_slice(), &call.arguments[1..]) {
        (b"get", patterns @ [_, ..]) => {
            let patterns: Vec<_> = patterns.iter().map(|pattern| pattern.to_ascii_lowercase()).collect();
            let asked = |name: &str| patterns.iter().any(|pattern| glob::matches(pattern, name.as_bytes()));
            let found = parameters.into_iter().filter(|(name, _)| asked(name));
            Ok(Reply::Map(found.map(|(name, value)| (Reply::text(name), Reply::text(value))).collect()))
        }
        (b"set", [name, _, ..]) => Err(ReplyError::quoting(format!(
            "ERR CONFIG SET failed (possibly related to argument '{}') - can't set immutable config",
            quote(name, 64)
        ))),
        (b"resetstat", []) => {
            call.cache.commands = 0;
            Ok(Reply::OK)
        }
        (b"get" | b"set" | b"resetstat", _) => {
            Err(wrong_arity(&format!("config|{}", String::from_utf8_lossy(&subcommand))))
        }
        _ => Err(unknown_subcommand(call)),
    }
}

/// `COMMAND`: the table. There are no written docs, which clients take for "no help to show".
pub(super) fn command(call: &mut Call<'_>) -> Answer {
    let Some((subcommand, names)) = call.arguments.split_first() else {
        return Ok(Reply::Array(TABLE.iter().map(describe).collect()));
    };
    match (word(subcommand).as_slice(), names) {
        (b"count", []) => Ok(Reply::count(TABLE.len())),
        (b"docs", _) => Ok(Reply::Map(Vec::new())),
        (b"info", []) => Ok(Reply::Array(TABLE.iter().map(describe).collect())),
        (b"info", names) => {
            let describe = |name: &Bytes| find(name).map_or(Reply::NullArray, describe);
            Ok(Reply::Array(names.iter().map(describe).collect()))
        }
        (b"list", []) => Ok(Reply::Array(TABLE.iter().map(|command| Reply::text(command.name)).collect())),
        _ => Err(unknown_subcommand(call)),
    }
}

/// Name, arity, flags, and where the keys are.
fn describe(command: &Command) -> Reply {
    let (first, last, step) = command.keys.span();
    Reply::Array(vec![
        Reply::text(command.name),
        Reply::Integer(command.arity.into()),
        Reply::Set(Vec::new()),
        Reply::Integer(first),
        Reply::Integer(last),
        Reply::Integer(step),
    ])
}

pub(super) fn info(call: &mut Call<'_>) -> Answer {
    let wanted: Vec<_> = call.arguments.iter().map(|section| word(section)).collect();
    let cache = &call.cache;
    let uptime = (call.now_us / 1_000).saturating_sub(cache.started) / 1_000;
    let mut keyspace = String::new();
    for (number, database) in cache.databases.iter().enumerate() {
        let (keys, expiring) = database.sizes();
        if keys > 0 {
            keyspace += &format!("db{number}:keys={keys},expires={expiring},avg_ttl=0\r\n");
        }
    }
    let sections = [
        (
            "Server",
            format!(
                "redis_version:{REDIS_VERSION}\r\nredis_mode:{REDIS_MODE}\r\nserver_name:brownout\r\n\
                 brownout_version:{}\r\nprocess_id:{}\r\nuptime_in_seconds:{uptime}\r\n",
                env!("CARGO_PKG_VERSION"),
                std::process::id(),
            ),
        ),
        ("Clients", format!("connected_clients:{}\r\nmaxclients:{MAX_CLIENTS}\r\n", cache.clients.len())),
        ("Persistence", "loading:0\r\n".to_owned()),
        (
            "Stats",
            format!(
                "total_connections_received:{}\r\ntotal_commands_processed:{}\r\n",
                cache.connections, cache.commands
            ),
        ),
        ("Replication", "role:master\r\nconnected_slaves:0\r\n".to_owned()),
        ("Cluster", "cluster_enabled:0\r\n".to_owned()),
        ("Keyspace", keyspace),
    ];
    let all =
        wanted.is_empty() || wanted.iter().any(|name| matches!(name.as_slice(), b"all" | b"default" | b"everything"));
    let shown = sections.iter().filter(|(name, _)| all || wanted.contains(&name.to_ascii_lowercase().into_bytes()));
    let texts: Vec<_> = shown.map(|(name, text)| format!("# {name}\r\n{text}")).collect();
    Ok(Reply::Verbatim(texts.join("\r\n")))
}
