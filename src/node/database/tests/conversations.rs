//! Statements, types and errors.

use super::{code, connect, with_server};
use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::types::Type;

#[test]
fn statements_of_a_shop_work_as_in_postgresql() {
    with_server(|address| async move {
        let client = connect(address).await;
        client
            .batch_execute(
                "CREATE TABLE IF NOT EXISTS orders (key text PRIMARY KEY, version bigint NOT NULL DEFAULT 1, \
                 written timestamptz NOT NULL DEFAULT now())",
            )
            .await
            .unwrap();
        let insert = "INSERT INTO orders (key, version, written) VALUES ($1, $2, now()) ON CONFLICT (key) DO NOTHING";
        let insert = client.prepare(insert).await.unwrap();
        assert_eq!(insert.params(), [Type::TEXT, Type::INT8]);
        assert_eq!(client.execute(&insert, &[&"a", &1_i64]).await.unwrap(), 1);
        assert_eq!(client.execute(&insert, &[&"a", &1_i64]).await.unwrap(), 0);
        let upsert = "INSERT INTO orders AS o (key) VALUES ($1) ON CONFLICT (key) \
                      DO UPDATE SET version = o.version + 1 \
                      RETURNING version, written";
        let row = client.query_one(upsert, &[&"a"]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), 2);
        assert_eq!(row.columns()[1].type_(), &Type::TIMESTAMPTZ);
        assert!(row.get::<_, std::time::SystemTime>(1) > std::time::UNIX_EPOCH);
        let count: i64 = client.query_one("SELECT count(*) FROM orders WHERE key = $1", &[&"a"]).await.unwrap().get(0);
        assert_eq!(count, 1);
        assert_eq!(client.execute("UPDATE orders SET version = version + $1", &[&5_i64]).await.unwrap(), 1);
        assert_eq!(client.execute("DELETE FROM orders WHERE version > $1", &[&6_i64]).await.unwrap(), 1);
    });
}

#[test]
fn values_of_the_usual_types_go_in_and_come_out() {
    with_server(|address| async move {
        let client = connect(address).await;
        client
            .batch_execute(
                "CREATE TABLE kinds (id serial PRIMARY KEY, yes boolean, small smallint, middle integer, large bigint, \
                 half real, whole double precision, words varchar(5), raw bytea, at timestamp with time zone, \
                 price numeric(10, 2))",
            )
            .await
            .unwrap();
        let at = std::time::UNIX_EPOCH + std::time::Duration::from_micros(1_795_000_000_123_456);
        let sql = "INSERT INTO kinds (yes, small, middle, large, half, whole, words, raw, at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
        let raw: &[u8] = &[0, 255, 39];
        let row = client
            .query_one(sql, &[&true, &-7_i16, &70_000_i32, &(1_i64 << 40), &1.5_f32, &-2.25_f64, &"ab'c", &raw, &at])
            .await
            .unwrap();
        assert_eq!(row.get::<_, i32>(0), 1);
        let row = client.query_one("SELECT * FROM kinds WHERE yes = $1", &[&true]).await.unwrap();
        assert!(row.get::<_, bool>("yes"));
        assert_eq!((row.get::<_, i16>("small"), row.get::<_, i32>("middle")), (-7, 70_000));
        assert_eq!((row.get::<_, i64>("large"), row.get::<_, f32>("half")), (1 << 40, 1.5));
        assert_eq!((row.get::<_, f64>("whole"), row.get::<_, &str>("words")), (-2.25, "ab'c"));
        assert_eq!(row.get::<_, &[u8]>("raw"), raw);
        assert_eq!(row.get::<_, std::time::SystemTime>("at"), at);
        let sql = "SELECT 1, 'a', true, now(), count(*), sum(middle), $1::int8 + 1, max(words), yes AND true \
                   FROM kinds GROUP BY yes";
        let kinds: Vec<Type> =
            client.prepare(sql).await.unwrap().columns().iter().map(|column| column.type_().clone()).collect();
        let expected = [
            Type::INT4,
            Type::TEXT,
            Type::BOOL,
            Type::TIMESTAMPTZ,
            Type::INT8,
            Type::INT8,
            Type::INT8,
            Type::VARCHAR,
            Type::BOOL,
        ];
        assert_eq!(kinds, expected);
        for (sql, expected) in [
            ("INSERT INTO kinds (middle) VALUES ('many')", "22P02"),
            ("INSERT INTO kinds (small) VALUES (40000)", "22P02"),
            ("INSERT INTO kinds (words) VALUES ('too long')", "22P02"),
            ("INSERT INTO kinds (at) VALUES ('yesterday')", "22P02"),
        ] {
            assert_eq!(code(client.batch_execute(sql).await), expected, "{sql}");
        }
    });
}

#[test]
fn what_cannot_be_done_is_refused_with_the_right_code() {
    with_server(|address| async move {
        let client = connect(address).await;
        client.batch_execute("CREATE TABLE t (key text PRIMARY KEY, n int NOT NULL CHECK (n > 0))").await.unwrap();
        client.batch_execute("INSERT INTO t VALUES ('a', 1)").await.unwrap();
        let mut wrong = Vec::new();
        for (sql, expected) in [
            ("INSERT INTO t VALUES ('a', 1)", "23505"),
            ("INSERT INTO t VALUES ('b', 0)", "23514"),
            ("INSERT INTO t VALUES ('b', NULL)", "23502"),
            ("INSERT INTO t VALUES (NULL, 1)", "23502"),
            ("SELECT * FROM nowhere", "42P01"),
            ("SELECT missing FROM t", "42703"),
            ("SELECT \"missing\" FROM t", "42703"),
            ("SELECT missing()", "42883"),
            ("SELEKT 1", "42601"),
            ("SELECT * FROM t WHERE", "42601"),
            ("SELECT 'a", "42601"),
            ("CREATE TABLE t (key text)", "42P07"),
            ("CREATE TABLE u (a int[])", "0A000"),
            ("CREATE TABLE u (a point)", "0A000"),
            ("COPY t FROM STDIN", "0A000"),
            ("LISTEN news", "0A000"),
            ("CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql", "0A000"),
            ("SELECT * FROM t WHERE key = ANY('{a}')", "0A000"),
            ("SELECT * FROM t WHERE key ILIKE 'A'", "0A000"),
            ("ATTACH DATABASE '/tmp/x' AS x", "42601"),
            ("PRAGMA journal_mode", "42601"),
            ("SAVEPOINT s", "25P01"),
            ("SHOW nothing", "42704"),
            ("SET lock_timeout = 'soon'", "22023"),
        ] {
            let codes = [code(client.batch_execute(sql).await), code(client.query(sql, &[]).await)];
            if codes != [expected, expected] {
                wrong.push((sql, codes));
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(code(client.prepare("SELECT 1; SELECT 2").await), "42601");
    });
}

#[test]
fn one_message_can_hold_several_statements() {
    with_server(|address| async move {
        let client = connect(address).await;
        let said = client
            .simple_query("SHOW server_version; SELECT current_database(), current_user; SELECT 1 WHERE false")
            .await;
        let mut rows = Vec::new();
        for message in said.unwrap() {
            if let SimpleQueryMessage::Row(row) = message {
                rows.push((0..row.len()).map(|at| row.get(at).unwrap().to_owned()).collect::<Vec<_>>());
            }
        }
        assert_eq!(rows, [vec!["15.0".to_owned()], vec!["orders".to_owned(), "shop".to_owned()]]);
        client.batch_execute("CREATE TABLE t (a int)").await.unwrap();
        // They are one transaction.
        assert_eq!(
            code(client.batch_execute("INSERT INTO t VALUES (1); INSERT INTO nowhere VALUES (1)").await),
            "42P01"
        );
        let count: i64 = client.query_one("SELECT count(*) FROM t", &[]).await.unwrap().get(0);
        assert_eq!(count, 0);
        client.batch_execute("").await.unwrap();
    });
}
