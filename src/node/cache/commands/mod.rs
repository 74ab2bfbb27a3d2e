//! The commands: which there are, how many arguments each takes, and which function answers it. A new command is a
//! function in the file of its family and a row in [`TABLE`].

mod client;
mod connection;
mod expiry;
mod hashes;
mod keys;
mod numbers;
mod scan;
mod server;
mod set;
mod sets;
mod strings;
mod table;
mod transactions;

use bytes::Bytes;

use super::resp::{Protocol, Reply, ReplyError};
use super::state::Cache;
use super::store::{Database, UnixMs, WrongType};
use super::transaction::Transaction;

pub(super) use table::Command;
use table::{InTransaction, TABLE, find};

/// What a command answers, or why it refuses.
type Answer = Result<Reply, ReplyError>;

impl From<WrongType> for ReplyError {
    fn from(_: WrongType) -> Self {
        Self::new("WRONGTYPE Operation against a key holding the wrong kind of value")
    }
}

/// What belongs to one connection.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// The connection's id.
    pub(super) id: u64,
    /// Which database it has selected; less than [`super::state::DATABASES`].
    pub(super) database: usize,
    /// Which version of the protocol it is answered in.
    pub(super) protocol: Protocol,
    /// Its transaction.
    pub(super) transaction: Transaction,
    /// It said `QUIT`: what is answered is the last.
    pub(super) closing: bool,
}

/// One command being answered.
struct Call<'a> {
    /// The command.
    command: &'static Command,
    /// The arguments without the command's name; as many as its row in the table demands, so that functions may index
    /// as far.
    arguments: &'a [Bytes],
    session: &'a mut Session,
    cache: &'a mut Cache,
    /// Microseconds since 1970.
    now_us: u64,
}

impl Call<'_> {
    /// The selected database, and the time in its unit.
    fn database(&mut self) -> (&mut Database, UnixMs) {
        (&mut self.cache.databases[self.session.database], self.now_us / 1_000)
    }

    /// The refusal of a number of arguments.
    fn wrong_arity(&self) -> ReplyError {
        wrong_arity(self.command.name)
    }
}

fn wrong_arity(name: &str) -> ReplyError {
    ReplyError::quoting(format!("ERR wrong number of arguments for '{name}' command"))
}

/// Answers a request, which is never empty. `now_us` is in microseconds since 1970.
pub(super) fn answer(request: Vec<Bytes>, session: &mut Session, cache: &mut Cache, now_us: u64) -> Reply {
    cache.commands += 1;
    let command = match look_up(&request) {
        Ok(command) => command,
        Err(refusal) => {
            session.transaction.spoil();
            return Reply::Error(refusal);
        }
    };
    if let Some(client) = cache.clients.get_mut(&session.id) {
        client.command = command.name;
    }
    if session.transaction.is_open() {
        match command.in_transaction {
            InTransaction::Immediate => {}
            InTransaction::Refused => {
                session.transaction.spoil();
                return Reply::Error(ReplyError::new("ERR Command not allowed inside a transaction"));
            }
            InTransaction::Queued => {
                let arguments = request.into_iter().skip(1).collect();
                let queued = session.transaction.queue(command, arguments);
                return queued.map_or_else(Reply::Error, |()| Reply::Status("QUEUED"));
            }
        }
    }
    run(command, &request[1..], session, cache, now_us)
}

/// Answers a command whose arguments are as many as they should be.
fn run(command: &'static Command, arguments: &[Bytes], session: &mut Session, cache: &mut Cache, now_us: u64) -> Reply {
    let mut call = Call { command, arguments, session, cache, now_us };
    (command.function)(&mut call).unwrap_or_else(Reply::Error)
}

fn look_up(request: &[Bytes]) -> Result<&'static Command, ReplyError> {
    let Some((name, arguments)) = request.split_first() else { return Err(ReplyError::SYNTAX) };
    let command = find(name).ok_or_else(|| unknown_command(name, arguments))?;
    if command.accepts(request.len()) { Ok(command) } else { Err(wrong_arity(command.name)) }
}

/// The longest quotation of a request in a refusal, as in Redis.
const MAX_QUOTATION: usize = 128;

fn unknown_command(name: &[u8], arguments: &[Bytes]) -> ReplyError {
    let mut quoted = String::new();
    for argument in arguments {
        if quoted.len() >= MAX_QUOTATION {
            break;
        }
        quoted += &format!("'{}' ", quote(argument, MAX_QUOTATION - quoted.len()));
    }
    let name = quote(name, MAX_QUOTATION);
    ReplyError::quoting(format!("ERR unknown command '{name}', with args beginning with: {quoted}"))
}

/// The beginning of an argument, as text.
fn quote(argument: &[u8], limit: usize) -> String {
    String::from_utf8_lossy(&argument[..argument.len().min(limit)]).into_owned()
}

/// An argument that is compared with words, in lower case; long ones are cut, since no word is long.
fn word(argument: &[u8]) -> Vec<u8> {
    argument[..argument.len().min(32)].to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
