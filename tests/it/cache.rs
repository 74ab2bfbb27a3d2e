//! The cache, as real processes: the built-in one answers as redis-server does, clients work with both, and whatever
//! happens nothing is left behind.

#![expect(clippy::disallowed_types, reason = "clients of the cache are programs too")]

mod conversation;

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;

use brownout::topology::{Cache, Engine};
use brownout::wire::{AppMessage, CacheConfig, KeeperAct, NodeMessage, RoleConfig};
use rustix::process::{Pid, Signal};

use crate::support::one_node::{DEADLINE, OneNode, TOKEN};

const ENGINES: [Engine; 2] = [Engine::Builtin, Engine::Redis];

fn role(engine: Engine) -> RoleConfig {
    RoleConfig::Cache(CacheConfig { settings: Cache { engine, ..Cache::default() } })
}

fn start(engine: Engine) -> (OneNode, SocketAddr) {
    let mut node = OneNode::start("store.1#1", role(engine));
    let address = node.ready().expect("a cache listens");
    assert!(address.ip().is_loopback());
    (node, address)
}

/// Says a line to the cache and returns all of its answer, up to the end of the connection.
fn ask(address: SocketAddr, line: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(format!("{line}\r\nQUIT\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The process that answers: the node itself, or the redis-server that it keeps.
fn serving_pid(address: SocketAddr) -> Pid {
    let info = ask(address, "INFO server");
    let pid = info.lines().find_map(|line| line.strip_prefix("process_id:")).unwrap();
    Pid::from_raw(pid.trim().parse().unwrap()).unwrap()
}

/// Runs a program and returns what it wrote, which must be all that it had to say.
#[track_caller]
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}: see tests/run"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn redis_cli_speaks_with_the_cache() {
    for engine in ENGINES {
        let (_node, address) = start(engine);
        let cli = |arguments: &[&str]| {
            run(Command::new("redis-cli").args(["-p", &address.port().to_string()]).args(arguments))
        };
        assert_eq!(cli(&["SET", "greeting", "hello world"]), "OK\n");
        assert_eq!(cli(&["-3", "GET", "greeting"]), "hello world\n");
        assert_eq!(cli(&["-3", "HSET", "cart", "a", "1"]), "1\n");
        assert_eq!(cli(&["-3", "--json", "HGETALL", "cart"]), "{\"a\":\"1\"}\n");
        assert_eq!(cli(&["--scan", "--pattern", "gr*"]), "greeting\n");
        assert!(cli(&["INFO", "server"]).contains("redis_version:"));
    }
}

/// The Python that has redis-py: the one that `tests/run` prepares, or what the machine offers.
fn python() -> String {
    let named = std::env::var("BROWNOUT_TEST_PYTHON").ok();
    let mut candidates = named.into_iter().chain(["python3", "/usr/bin/python3"].map(str::to_owned));
    let has_redis = |python: &String| {
        Command::new(python).args(["-c", "import redis"]).output().is_ok_and(|output| output.status.success())
    };
    candidates.find(has_redis).expect("a Python with redis-py: run tests/run, or set BROWNOUT_TEST_PYTHON")
}

#[test]
fn redis_py_speaks_with_the_cache() {
    let python = python();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/cache/client.py");
    for engine in ENGINES {
        let (_node, address) = start(engine);
        let said = run(Command::new(&python).arg(script).arg(address.port().to_string()));
        assert!(said.ends_with("is content\n"), "{said}");
    }
}

#[test]
fn the_rust_client_speaks_with_the_cache() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for engine in ENGINES {
        let (_node, address) = start(engine);
        let talk = async {
            let client = redis::Client::open(format!("redis://{address}/?protocol=resp3")).unwrap();
            let mut connection = client.get_multiplexed_async_connection().await.unwrap();
            let mut pipeline = redis::pipe();
            pipeline.atomic().cmd("SADD").arg("cart").arg("a").arg("b").ignore();
            pipeline.cmd("EXPIRE").arg("cart").arg(100).ignore().cmd("SCARD").arg("cart");
            let (count,): (i64,) = pipeline.query_async(&mut connection).await.unwrap();
            assert_eq!(count, 2);
            let large = vec![b'x'; 1 << 20];
            let () = redis::cmd("SET").arg("large").arg(&large).query_async(&mut connection).await.unwrap();
            let read: Vec<u8> = redis::cmd("GET").arg("large").query_async(&mut connection).await.unwrap();
            assert_eq!(read.len(), large.len());
        };
        runtime.block_on(async { tokio::time::timeout(DEADLINE, talk).await.unwrap() });
    }
}

#[test]
fn the_secret_is_in_no_argument_and_no_environment() {
    for engine in ENGINES {
        let (node, address) = start(engine);
        for pid in [node.pid().to_string(), serving_pid(address).as_raw_nonzero().to_string()] {
            for file in ["cmdline", "environ"] {
                let bytes = fs::read(Path::new("/proc").join(&pid).join(file)).unwrap();
                let found = bytes.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes());
                assert!(!bytes.is_empty() && !found, "{file} of {engine:?}");
            }
        }
    }
}

#[test]
fn a_killed_cache_refuses_connections() {
    for engine in ENGINES {
        let (mut node, address) = start(engine);
        match engine {
            Engine::Builtin => node.signal(Signal::KILL),
            Engine::Redis => node.say(&AppMessage::Keeper { act: KeeperAct::Kill }),
        }
        node.ended();
        assert!(TcpStream::connect(address).is_err(), "{engine:?}");
    }
}

#[test]
fn an_asked_for_end_is_announced_and_orderly() {
    for engine in ENGINES {
        let (mut node, _) = start(engine);
        node.say(&AppMessage::Settle { since_us: None });
        node.expect(|message| *message == NodeMessage::Settled { standings: Vec::new() });
        node.signal(Signal::TERM);
        node.expect(|message| *message == NodeMessage::Draining);
        assert!(node.ended().success(), "{engine:?}");
    }
}

#[test]
fn only_newer_configurations_are_applied() {
    for engine in ENGINES {
        let (mut node, address) = start(engine);
        ask(address, "SET a 1");
        let revision = node.configure(role(engine));
        node.expect(|message| *message == NodeMessage::Applied { revision });
        assert_eq!(ask(address, "GET a"), "$1\r\n1\r\n+OK\r\n");
    }
}

#[test]
fn a_client_that_asks_without_reading_holds_up_nobody() {
    let (_node, address) = start(Engine::Builtin);
    ask(address, &format!("SET large {}", "x".repeat(60_000)));
    let mut deaf = TcpStream::connect(address).unwrap();
    deaf.set_write_timeout(Some(std::time::Duration::from_millis(500))).unwrap();
    // Backpressure: sooner or later its requests are not taken any more.
    let asked = (0..200_000).find_map(|_| deaf.write_all(&b"GET large\r\n".repeat(100)).err());
    assert!(asked.is_some(), "the cache went on taking requests");
    assert_eq!(ask(address, "STRLEN large"), ":60000\r\n+OK\r\n");
}

#[test]
fn a_keeper_that_is_killed_leaves_no_server_behind_not_even_a_paused_one() {
    let (mut node, address) = start(Engine::Redis);
    let server = serving_pid(address);
    node.say(&AppMessage::Keeper { act: KeeperAct::Pause });
    wait_for_state(server, |state| state == Some('T'));
    node.signal(Signal::KILL);
    node.ended();
    wait_for_state(server, |state| matches!(state, None | Some('Z')));
}

#[test]
fn a_paused_server_answers_once_it_is_resumed() {
    let (mut node, address) = start(Engine::Redis);
    let server = serving_pid(address);
    node.say(&AppMessage::Keeper { act: KeeperAct::Pause });
    wait_for_state(server, |state| state == Some('T'));
    node.say(&AppMessage::Keeper { act: KeeperAct::Resume });
    assert_eq!(ask(address, "PING"), "+PONG\r\n+OK\r\n");
}

#[test]
fn a_server_that_ends_by_itself_takes_its_keeper_with_it_in_silence() {
    let (mut node, address) = start(Engine::Redis);
    rustix::process::kill_process(serving_pid(address), Signal::KILL).unwrap();
    assert_eq!(node.hear(), None);
    assert!(!node.ended().success());
}

#[test]
fn a_missing_server_is_named_with_its_remedy() {
    let mut node = OneNode::start_with("store.1#1", role(Engine::Redis), |command| {
        command.env("PATH", "/nonexistent").stderr(std::process::Stdio::null());
    });
    let message = "node \"store\" wants engine = \"redis\", but redis-server is not installed: \
                   install it (apt-get install redis-server) or use engine = \"builtin\"";
    assert_eq!(node.hear(), Some(NodeMessage::Failed { message: message.to_owned() }));
    assert!(!node.ended().success());
}

/// Waits until the kernel's letter for a process's state, `None` once it is gone, is as wanted. The kernel tells nobody
/// but the parent, so this looks again and again, with a deadline.
fn wait_for_state(pid: Pid, wanted: impl Fn(Option<char>) -> bool) {
    let state = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
        stat.rsplit_once(") ")?.1.chars().next()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let mut ticks = tokio::time::interval(std::time::Duration::from_millis(2));
        let reached = async {
            while !wanted(state()) {
                ticks.tick().await;
            }
        };
        tokio::time::timeout(DEADLINE, reached).await.unwrap_or_else(|_| panic!("{pid:?} is in state {:?}", state()));
    });
}
