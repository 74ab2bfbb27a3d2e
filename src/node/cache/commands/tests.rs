//! Laws of all commands, and what only shows with several connections or as time passes. That answers are those of
//! Redis is tested against Redis itself, in `tests/it/cache.rs`.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// One cache with two connections.
#[derive(Default)]
struct Bench {
    cache: Cache,
    sessions: [Session; 2],
    now_ms: u64,
}

impl Bench {
    fn say(&mut self, session: usize, line: &str) -> Reply {
        let request = line.split(' ').map(|word| Bytes::copy_from_slice(word.as_bytes())).collect();
        answer(request, &mut self.sessions[session], &mut self.cache, self.now_ms * 1_000)
    }

    #[track_caller]
    fn check(&mut self, session: usize, line: &str, expected: Reply) {
        assert_eq!(self.say(session, line), expected, "{line}");
    }
}

#[test]
fn a_name_is_found_in_any_case_and_once() {
    for command in TABLE {
        assert!(std::ptr::eq(find(command.name.to_ascii_uppercase().as_bytes()).unwrap(), command));
    }
    assert!(find(b"no-such-command-with-a-long-name").is_none());
}

#[test]
fn a_watched_key_that_another_connection_changes_stops_the_transaction() {
    let mut bench = Bench::default();
    bench.check(0, "WATCH a", Reply::OK);
    bench.check(1, "SET a 1", Reply::OK);
    bench.check(0, "MULTI", Reply::OK);
    bench.check(0, "SET a 2", Reply::Status("QUEUED"));
    bench.check(0, "EXEC", Reply::NullArray);
    bench.check(0, "GET a", Reply::text("1"));
    bench.check(0, "MULTI", Reply::OK);
    bench.check(0, "EXEC", Reply::Array(Vec::new()));
}

#[test]
fn a_watched_key_that_expires_stops_the_transaction() {
    let mut bench = Bench { now_ms: 1_000, ..Bench::default() };
    bench.say(0, "SET a 1 PX 10");
    bench.say(0, "WATCH a");
    bench.say(0, "MULTI");
    bench.now_ms += 10;
    bench.check(0, "EXEC", Reply::NullArray);
}

#[test]
fn watches_end_with_what_ends_them() {
    for end in ["UNWATCH", "DISCARD", "EXEC", "RESET"] {
        let mut bench = Bench::default();
        bench.say(0, "WATCH a");
        if matches!(end, "DISCARD" | "EXEC") {
            bench.say(0, "MULTI");
        }
        bench.say(0, end);
        bench.say(1, "SET a 1");
        bench.say(0, "MULTI");
        bench.check(0, "EXEC", Reply::Array(Vec::new()));
    }
}

#[test]
fn a_watch_belongs_to_the_database_that_was_selected() {
    let mut bench = Bench::default();
    bench.say(0, "WATCH a");
    bench.say(1, "SELECT 1");
    bench.say(1, "SET a 1");
    bench.say(0, "MULTI");
    bench.check(0, "EXEC", Reply::Array(Vec::new()));
}

#[test]
fn lifetimes_count_down_and_end() {
    let mut bench = Bench { now_ms: 1_700_000_000_000, ..Bench::default() };
    bench.say(0, "SET a 1 EX 10");
    bench.now_ms += 4_600;
    bench.check(0, "PTTL a", Reply::Integer(5_400));
    bench.check(0, "TTL a", Reply::Integer(5));
    bench.check(0, "EXPIRETIME a", Reply::Integer(1_700_000_010));
    bench.check(0, "INCR a", Reply::Integer(2));
    bench.now_ms += 5_400;
    bench.check(0, "GET a", Reply::Null);
    bench.check(0, "TTL a", Reply::Integer(-2));
}

#[test]
fn appending_after_reading_leaves_what_was_read() {
    let mut bench = Bench::default();
    bench.say(0, "SET a one");
    let read = bench.say(0, "GET a");
    bench.check(0, "APPEND a two", Reply::Integer(6));
    assert_eq!(read, Reply::text("one"));
    bench.check(0, "GET a", Reply::text("onetwo"));
}

#[test]
fn clients_are_listed_with_what_they_say_of_themselves() {
    let mut bench = Bench::default();
    let address = "127.0.0.1:9".parse().unwrap();
    bench.sessions[0].id = bench.cache.connect(address, address, 0);
    for line in ["HELLO 3 SETNAME shop", "SELECT 4", "CLIENT SETINFO lib-name redis-py"] {
        bench.say(0, line);
    }
    let Reply::Verbatim(list) = bench.say(0, "CLIENT LIST") else { panic!("not text") };
    for part in ["id=1 ", "name=shop ", "db=4 ", "cmd=client ", "lib-name=redis-py ", "resp=3\n"] {
        assert!(list.contains(part), "{part:?} in {list:?}");
    }
    bench.say(0, "RESET");
    bench.check(0, "CLIENT GETNAME", Reply::Null);
}

/// Every command, with words that mean something to some of them.
fn request() -> impl Strategy<Value = Vec<Bytes>> {
    let name = proptest::sample::select(TABLE.iter().map(|command| command.name).collect::<Vec<_>>());
    let words =
        ["a", "b", "1", "-1", "0", "9223372036854775807", "-9223372036854775808", "nx", "xx", "get", "ex", "px"];
    let more = ["exat", "keepttl", "gt", "match", "*", "count", "type", "list", "setname", "persist", "[", ""];
    let word = proptest::sample::select([words, more].concat());
    (name, vec(word, 0..6)).prop_map(|(name, words)| std::iter::once(name).chain(words).map(Bytes::from).collect())
}

proptest! {
    #[test]
    fn no_request_panics(requests in vec((0..2usize, request()), 1..40)) {
        let mut bench = Bench { now_ms: 1_700_000_000_000, ..Bench::default() };
        for (session, request) in requests {
            bench.now_ms += 1;
            let reply = answer(request, &mut bench.sessions[session], &mut bench.cache, bench.now_ms * 1_000);
            let mut out = bytes::BytesMut::new();
            reply.write(Protocol::Resp2, &mut out);
            reply.write(Protocol::Resp3, &mut out);
        }
    }
}
