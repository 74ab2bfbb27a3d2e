//! Transactions, and writers that wait for each other.

use super::{code, connect, with_server};

#[test]
fn a_failed_transaction_takes_nothing_until_it_ends() {
    with_server(|address| async move {
        let client = connect(address).await;
        client.batch_execute("CREATE TABLE t (a int PRIMARY KEY)").await.unwrap();
        client.batch_execute("BEGIN; INSERT INTO t VALUES (1)").await.unwrap();
        assert_eq!(code(client.batch_execute("INSERT INTO t VALUES (1)").await), "23505");
        assert_eq!(code(client.batch_execute("SELECT 1").await), "25P02");
        assert_eq!(code(client.query("SELECT 1", &[]).await), "25P02");
        client.batch_execute("COMMIT").await.unwrap();
        assert!(client.query("SELECT a FROM t", &[]).await.unwrap().is_empty());
        client.batch_execute("BEGIN; INSERT INTO t VALUES (1); SAVEPOINT s; INSERT INTO t VALUES (2)").await.unwrap();
        assert_eq!(code(client.batch_execute("INSERT INTO t VALUES (1)").await), "23505");
        client.batch_execute("ROLLBACK TO SAVEPOINT s").await.unwrap();
        client.execute("INSERT INTO t VALUES (3)", &[]).await.unwrap();
        client.batch_execute("RELEASE s; COMMIT").await.unwrap();
        let rows = client.query("SELECT a FROM t ORDER BY a", &[]).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.get(0)).collect::<Vec<i32>>(), [1, 3]);
    });
}

#[test]
fn two_writers_take_turns_and_readers_wait_for_nobody() {
    with_server(|address| async move {
        let (mut first, second) = (connect(address).await, connect(address).await);
        first.batch_execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1)").await.unwrap();
        let transaction = first.transaction().await.unwrap();
        transaction.execute("UPDATE t SET a = 2", &[]).await.unwrap();
        second.batch_execute("SET lock_timeout = '20ms'").await.unwrap();
        assert_eq!(code(second.execute("UPDATE t SET a = a + 10", &[]).await), "55P03");
        assert_eq!(code(second.query("SELECT a FROM t FOR UPDATE NOWAIT", &[]).await), "55P03");
        // What is not committed is not seen.
        let a: i32 = second.query_one("SELECT a FROM t", &[]).await.unwrap().get(0);
        assert_eq!(a, 1);
        second.batch_execute("SET lock_timeout = '20s'").await.unwrap();
        let (waited, committed) = tokio::join!(second.execute("UPDATE t SET a = a + 10", &[]), transaction.commit());
        assert_eq!(waited.unwrap(), 1);
        committed.unwrap();
        let a: i32 = second.query_one("SELECT a FROM t", &[]).await.unwrap().get(0);
        assert_eq!(a, 12);
    });
}

#[test]
fn many_writers_lose_no_update() {
    with_server(|address| async move {
        let client = connect(address).await;
        client.batch_execute("CREATE TABLE t (a int); INSERT INTO t VALUES (0)").await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            tasks.spawn_local(async move {
                let mut client = connect(address).await;
                for _ in 0..10 {
                    let transaction = client.transaction().await.unwrap();
                    let a: i32 = transaction.query_one("SELECT a FROM t FOR UPDATE", &[]).await.unwrap().get(0);
                    transaction.execute("UPDATE t SET a = $1", &[&(a + 1)]).await.unwrap();
                    transaction.commit().await.unwrap();
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        let a: i32 = client.query_one("SELECT a FROM t", &[]).await.unwrap().get(0);
        assert_eq!(a, 80);
    });
}

#[test]
fn who_disconnects_is_rolled_back_and_the_next_gets_the_turn() {
    with_server(|address| async move {
        let (first, second) = (connect(address).await, connect(address).await);
        first.batch_execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1)").await.unwrap();
        first.batch_execute("BEGIN; UPDATE t SET a = 2").await.unwrap();
        let waits = second.execute("UPDATE t SET a = a + 10", &[]);
        let (waited, ()) = tokio::join!(waits, async { drop(first) });
        assert_eq!(waited.unwrap(), 1);
        let a: i32 = second.query_one("SELECT a FROM t", &[]).await.unwrap().get(0);
        assert_eq!(a, 11);
    });
}

#[test]
fn a_snapshot_that_is_too_old_to_write_is_refused() {
    with_server(|address| async move {
        let (first, second) = (connect(address).await, connect(address).await);
        first.batch_execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1)").await.unwrap();
        first.batch_execute("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT a FROM t").await.unwrap();
        second.batch_execute("UPDATE t SET a = 2").await.unwrap();
        let a: i32 = first.query_one("SELECT a FROM t", &[]).await.unwrap().get(0);
        assert_eq!(a, 1);
        assert_eq!(code(first.batch_execute("UPDATE t SET a = a + 1").await), "40001");
        first.batch_execute("ROLLBACK").await.unwrap();
    });
}
