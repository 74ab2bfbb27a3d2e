//! The table of commands.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Answer, Call};
use super::{client, connection, expiry, hashes, keys, numbers, scan, server, set, sets, strings, transactions};

/// A row of the table.
#[derive(Debug)]
pub(in crate::node::cache) struct Command {
    /// The name, in lower case.
    pub(super) name: &'static str,
    /// The number of words with the name, as Redis gives it: `2` means exactly two, `-2` means at least two.
    pub(super) arity: i32,
    /// Where keys are among the words.
    pub(super) keys: Keys,
    /// What happens to it between `MULTI` and `EXEC`.
    pub(super) in_transaction: InTransaction,
    /// What answers it.
    pub(super) function: fn(&mut Call<'_>) -> Answer,
}

/// Where keys are among the words of a command.
#[derive(Debug, Clone, Copy)]
pub(super) enum Keys {
    /// Nowhere.
    None,
    /// The first argument.
    First,
    /// The first two arguments.
    Two,
    /// Every argument.
    All,
    /// Every other argument.
    Pairs,
}

/// What happens to a command between `MULTI` and `EXEC`.
#[derive(Debug, Clone, Copy)]
pub(super) enum InTransaction {
    /// It waits for `EXEC`.
    Queued,
    /// It is answered at once.
    Immediate,
    /// It is refused, and `EXEC` will be.
    Refused,
}

impl Command {
    /// Whether the command takes this many words, its name included.
    pub(super) fn accepts(&self, words: usize) -> bool {
        let demanded = self.arity.unsigned_abs() as usize;
        if self.arity < 0 { words >= demanded } else { words == demanded }
    }

    const fn immediate(mut self) -> Self {
        self.in_transaction = InTransaction::Immediate;
        self
    }

    const fn refused(mut self) -> Self {
        self.in_transaction = InTransaction::Refused;
        self
    }
}

impl Keys {
    /// First key, last key and step, as `COMMAND INFO` gives them.
    pub(super) const fn span(self) -> (i64, i64, i64) {
        match self {
            Self::None => (0, 0, 0),
            Self::First => (1, 1, 1),
            Self::Two => (1, 2, 1),
            Self::All => (1, -1, 1),
            Self::Pairs => (1, -1, 2),
        }
    }
}

/// Finds a command by its name, in whatever case.
pub(super) fn find(name: &[u8]) -> Option<&'static Command> {
    static BY_NAME: LazyLock<HashMap<&'static [u8], &'static Command>> =
        LazyLock::new(|| TABLE.iter().map(|command| (command.name.as_bytes(), command)).collect());
    let mut lower = [0; 16];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    BY_NAME.get(&*lower).copied()
}

const fn row(name: &'static str, arity: i32, keys: Keys, function: fn(&mut Call<'_>) -> Answer) -> Command {
    Command { name, arity, keys, in_transaction: InTransaction::Queued, function }
}

/// Every command there is.
pub(super) static TABLE: &[Command] = &[
    row("append", 3, Keys::First, strings::append),
    row("auth", -2, Keys::None, connection::auth).refused(),
    row("client", -2, Keys::None, client::client),
    row("command", -1, Keys::None, server::command),
    row("config", -2, Keys::None, server::config),
    row("dbsize", 1, Keys::None, server::dbsize),
    row("decr", 2, Keys::First, numbers::decr),
    row("decrby", 3, Keys::First, numbers::decrby),
    row("del", -2, Keys::All, keys::del),
    row("discard", 1, Keys::None, transactions::discard).immediate(),
    row("echo", 2, Keys::None, connection::echo),
    row("exec", 1, Keys::None, transactions::exec).immediate(),
    row("exists", -2, Keys::All, keys::exists),
    row("expire", -3, Keys::First, expiry::expire),
    row("expireat", -3, Keys::First, expiry::expireat),
    row("expiretime", 2, Keys::First, expiry::expiretime),
    row("flushall", -1, Keys::None, server::flushall),
    row("flushdb", -1, Keys::None, server::flushdb),
    row("get", 2, Keys::First, strings::get),
    row("getdel", 2, Keys::First, strings::getdel),
    row("getex", -2, Keys::First, strings::getex),
    row("getset", 3, Keys::First, strings::getset),
    row("hdel", -3, Keys::First, hashes::hdel),
    row("hello", -1, Keys::None, connection::hello).refused(),
    row("hexists", 3, Keys::First, hashes::hexists),
    row("hget", 3, Keys::First, hashes::hget),
    row("hgetall", 2, Keys::First, hashes::hgetall),
    row("hincrby", 4, Keys::First, hashes::hincrby),
    row("hkeys", 2, Keys::First, hashes::hkeys),
    row("hlen", 2, Keys::First, hashes::hlen),
    row("hmget", -3, Keys::First, hashes::hmget),
    row("hmset", -4, Keys::First, hashes::hmset),
    row("hscan", -3, Keys::First, scan::hscan),
    row("hset", -4, Keys::First, hashes::hset),
    row("hsetnx", 4, Keys::First, hashes::hsetnx),
    row("hvals", 2, Keys::First, hashes::hvals),
    row("incr", 2, Keys::First, numbers::incr),
    row("incrby", 3, Keys::First, numbers::incrby),
    row("info", -1, Keys::None, server::info),
    row("keys", 2, Keys::None, keys::keys),
    row("mget", -2, Keys::All, strings::mget),
    row("mset", -3, Keys::Pairs, strings::mset),
    row("multi", 1, Keys::None, transactions::multi).immediate(),
    row("persist", 2, Keys::First, expiry::persist),
    row("pexpire", -3, Keys::First, expiry::pexpire),
    row("pexpireat", -3, Keys::First, expiry::pexpireat),
    row("pexpiretime", 2, Keys::First, expiry::pexpiretime),
    row("ping", -1, Keys::None, connection::ping),
    row("psetex", 4, Keys::First, set::psetex),
    row("pttl", 2, Keys::First, expiry::pttl),
    row("quit", -1, Keys::None, connection::quit).immediate(),
    row("rename", 3, Keys::Two, keys::rename),
    row("renamenx", 3, Keys::Two, keys::renamenx),
    row("reset", 1, Keys::None, connection::reset).immediate(),
    row("sadd", -3, Keys::First, sets::sadd),
    row("scan", -2, Keys::None, scan::scan),
    row("scard", 2, Keys::First, sets::scard),
    row("select", 2, Keys::None, connection::select),
    row("set", -3, Keys::First, set::set),
    row("setex", 4, Keys::First, set::setex),
    row("setnx", 3, Keys::First, set::setnx),
    row("sismember", 3, Keys::First, sets::sismember),
    row("smembers", 2, Keys::First, sets::smembers),
    row("smismember", -3, Keys::First, sets::smismember),
    row("srem", -3, Keys::First, sets::srem),
    row("sscan", -3, Keys::First, scan::sscan),
    row("strlen", 2, Keys::First, strings::strlen),
    row("time", 1, Keys::None, server::time),
    row("touch", -2, Keys::All, keys::exists),
    row("ttl", 2, Keys::First, expiry::ttl),
    row("type", 2, Keys::First, keys::key_type),
    row("unlink", -2, Keys::All, keys::del),
    row("unwatch", 1, Keys::None, transactions::unwatch),
    row("watch", -2, Keys::All, transactions::watch).immediate(),
];
