//! The database, as real processes: psql and drivers work with the built-in one as with PostgreSQL, and what either
//! holds outlives its process.

#![expect(clippy::disallowed_types, reason = "clients of the database are programs too")]

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use brownout::topology::{Database, DatabaseEngine};
use brownout::wire::{AppMessage, DatabaseConfig, KeeperAct, NodeMessage, RoleConfig};
use rustix::process::Signal;

use crate::support::one_node::{DEADLINE, OneNode};

const ENGINES: [DatabaseEngine; 2] = [DatabaseEngine::Builtin, DatabaseEngine::Postgres];

/// A node with its data in this folder.
fn start(engine: DatabaseEngine, folder: &Path, life: u32) -> (OneNode, SocketAddr) {
    let settings = Database { engine, ..Database::default() };
    let config = DatabaseConfig { settings, folder: folder.join("run/orders-db"), shared: folder.to_owned() };
    let mut node = OneNode::start(&format!("orders-db.1#{life}"), RoleConfig::Database(config));
    let address = node.ready().expect("a database listens");
    assert!(address.ip().is_loopback());
    (node, address)
}

/// A folder that any user may go through, as PostgreSQL must that does not run as root.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o711);
    std::fs::set_permissions(folder.path(), mode).unwrap();
    folder
}

/// What a program wrote, and whether it was content.
fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}: see tests/run"));
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.success(), said.concat())
}

fn psql(address: SocketAddr, sql: &str) -> (bool, String) {
    let port = address.port().to_string();
    let fixed = ["-h", "127.0.0.1", "-U", "app", "-d", "app", "-X", "-A", "-v", "VERBOSITY=verbose", "-p"];
    run(Command::new("psql").args(fixed).arg(port).args(["-c", sql]))
}

#[track_caller]
fn told(address: SocketAddr, sql: &str) -> String {
    let (content, said) = psql(address, sql);
    assert!(content, "{sql}: {said}");
    said
}

#[test]
fn psql_speaks_with_the_database() {
    for engine in ENGINES {
        let folder = folder();
        let (_node, address) = start(engine, folder.path(), 1);
        told(address, "CREATE TABLE orders (key text PRIMARY KEY, version bigint NOT NULL, paid boolean)");
        assert_eq!(told(address, "INSERT INTO orders VALUES ('a', 1, true), ('b', 2, NULL)"), "INSERT 0 2\n");
        let rows = told(address, "SELECT * FROM orders ORDER BY key");
        assert_eq!(rows, "key|version|paid\na|1|t\nb|2|\n(2 rows)\n", "{engine:?}");
        assert_eq!(told(address, "UPDATE orders SET version = version + 1 WHERE key = 'a'"), "UPDATE 1\n");
        assert_eq!(told(address, "DELETE FROM orders WHERE key = 'nobody'"), "DELETE 0\n");
        let tables = told(address, "\\dt");
        assert!(tables.contains("public|orders|table|app"), "{engine:?}: {tables}");
        for (sql, code) in [("INSERT INTO orders VALUES ('a', 1, NULL)", "23505"), ("SELECT * FROM nowhere", "42P01")] {
            let (content, said) = psql(address, sql);
            assert!(!content && said.contains(code), "{engine:?}: {sql}: {said}");
        }
    }
    let folder = folder();
    let (_node, address) = start(DatabaseEngine::Builtin, folder.path(), 1);
    let (content, said) = psql(address, "LISTEN news");
    assert!(!content && said.contains("0A000") && said.contains("does not support LISTEN"), "{said}");
}

#[test]
fn a_python_driver_speaks_with_the_database() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/database/client.py");
    for engine in ENGINES {
        let folder = folder();
        let (_node, address) = start(engine, folder.path(), 1);
        // Debian's own, which has Debian's driver.
        let (content, said) = run(Command::new("/usr/bin/python3").arg(script).arg(address.port().to_string()));
        assert!(content && said.ends_with("is content\n"), "{engine:?}: {said}");
    }
}

#[test]
fn what_was_committed_outlives_a_kill_and_a_termination() {
    for engine in ENGINES {
        let folder = folder();
        let (mut node, address) = start(engine, folder.path(), 1);
        told(address, "CREATE TABLE t (a int)");
        told(address, "INSERT INTO t VALUES (1)");
        let holds = |message: &NodeMessage| matches!(message, NodeMessage::Holds(holdings) if holdings.tables == [("t".to_owned(), 1)]);
        node.expect(holds);
        match engine {
            DatabaseEngine::Builtin => node.signal(Signal::KILL),
            DatabaseEngine::Postgres => node.say(&AppMessage::Keeper { act: KeeperAct::Kill }),
        }
        node.ended();
        let (content, _) = psql(address, "SELECT 1");
        assert!(!content, "nobody answers there any more");

        let (mut node, address) = start(engine, folder.path(), 2);
        told(address, "INSERT INTO t VALUES (2)");
        node.signal(Signal::TERM);
        node.expect(|message| matches!(message, NodeMessage::Draining));
        assert!(node.ended().success(), "{engine:?}");

        let (_node, address) = start(engine, folder.path(), 3);
        assert_eq!(told(address, "SELECT a FROM t ORDER BY a"), "a\n1\n2\n(2 rows)\n", "{engine:?}");
    }
}

#[test]
fn a_paused_postgresql_answers_nobody_until_it_goes_on() {
    let folder = folder();
    let (mut node, address) = start(DatabaseEngine::Postgres, folder.path(), 1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let config = format!("host=127.0.0.1 port={} user=app dbname=app", address.port());
        let (client, connection) = tokio_postgres::connect(&config, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute("SELECT 1").await.unwrap();
        node.say(&AppMessage::Keeper { act: KeeperAct::Pause });
        // The connection's own process is another one than that which the keeper started.
        let wait = std::time::Duration::from_millis(300);
        while let Ok(answer) = tokio::time::timeout(wait, client.batch_execute("SELECT 1")).await {
            answer.unwrap();
        }
        node.say(&AppMessage::Keeper { act: KeeperAct::Resume });
        tokio::time::timeout(DEADLINE, client.batch_execute("SELECT 1")).await.unwrap().unwrap();
    });
}

#[test]
fn a_missing_postgresql_is_named_with_what_to_install() {
    let folder = folder();
    let empty = folder.path().join("nothing");
    let settings = Database { engine: DatabaseEngine::Postgres, ..Database::default() };
    let config = DatabaseConfig { settings, folder: folder.path().join("db"), shared: folder.path().to_owned() };
    let mut node = OneNode::start_with("orders-db.1#1", RoleConfig::Database(config), |command| {
        command.env("PATH", &empty).env("BROWNOUT_POSTGRES_FOLDER", &empty);
    });
    node.expect(|message| {
        matches!(message, NodeMessage::Failed { message } if message.contains("apt-get install postgresql")
            && message.contains("orders-db") && message.contains("engine = \"builtin\""))
    });
}
