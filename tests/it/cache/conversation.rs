//! Says the same words to the built-in cache and to a real redis-server, and compares the answers byte by byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use brownout::topology::Engine;

use super::start;
use crate::support::one_node::DEADLINE;

const CONVERSATION: &str = include_str!("conversation.txt");

struct Talk {
    reader: BufReader<TcpStream>,
}

impl Talk {
    fn with(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        Self { reader: BufReader::new(stream) }
    }

    /// Says one line and returns the answer, readable and as long as it is.
    fn say(&mut self, line: &str) -> String {
        self.reader.get_mut().write_all(format!("{line}\r\n").as_bytes()).unwrap();
        let mut answer = Vec::new();
        self.read_reply(&mut answer);
        answer.escape_ascii().to_string()
    }

    /// Reads exactly one reply, whatever is nested in it.
    fn read_reply(&mut self, answer: &mut Vec<u8>) {
        let from = answer.len();
        self.reader.read_until(b'\n', answer).unwrap();
        let head = String::from_utf8_lossy(&answer[from..]).into_owned();
        let (kind, length) = head.trim_end().split_at(1);
        let length: i64 = length.parse().unwrap_or(0);
        match kind {
            "$" | "=" if length >= 0 => {
                let mut body = (&mut self.reader).take(length.unsigned_abs() + 2);
                body.read_to_end(answer).unwrap();
            }
            "*" | "~" => (0..length).for_each(|_| self.read_reply(answer)),
            "%" => (0..length * 2).for_each(|_| self.read_reply(answer)),
            _ => {}
        }
    }
}

fn compare(greeting: &str) {
    let (_builtin, builtin) = start(Engine::Builtin);
    let (_redis, redis) = start(Engine::Redis);
    let (mut ours, mut theirs) = (Talk::with(builtin), Talk::with(redis));
    // This answer names the connection, so it is not compared.
    ours.say(greeting);
    theirs.say(greeting);
    let mut differences = Vec::new();
    for line in CONVERSATION.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (ours, theirs) = (ours.say(line), theirs.say(line));
        if ours != theirs {
            differences.push(format!("{line}\n   ours: {ours}\n  redis: {theirs}"));
        }
    }
    assert!(differences.is_empty(), "answers differ:\n{}", differences.join("\n"));
}

#[test]
fn the_builtin_cache_answers_as_redis_does_in_resp2() {
    compare("HELLO 2");
}

#[test]
fn the_builtin_cache_answers_as_redis_does_in_resp3() {
    compare("HELLO 3");
}
