//! What statements become, and of which types their parameters and results are found to be.

use super::{Kind, Names, Shape, SqlType, Statement, Tables, statements};

fn understood(sql: &str) -> Result<Statement, &'static str> {
    let names = Names { user: "shop".to_owned(), database: "orders".to_owned() };
    let tokens = statements(sql).map_err(|refusal| refusal.code)?.remove(0);
    Statement::new(tokens, &names).map_err(|refusal| refusal.code)
}

#[track_caller]
fn assert_becomes(sql: &str, expected: &str) {
    let squeezed = |sql: &str| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(understood(sql).map(|statement| squeezed(&statement.sql)), Ok(expected.to_owned()), "{sql}");
}

#[test]
fn expressions_become_those_of_sqlite() {
    assert_becomes("SELECT * FROM public.t WHERE a = $1::bigint", "select * from t where a = cast(?1 as integer)");
    assert_becomes("SELECT f(a, (b)).x::text", "select cast(f ( a , ( b ) ) . x as text)");
    assert_becomes("SELECT CAST(a + 1 AS double precision)", "select cast((a + 1) as real)");
    assert_becomes("SELECT 't'::bool, '\\x00ff'::bytea", "select 1 , x'00ff'");
    assert_becomes("SELECT GREATEST(a, 2) FOR UPDATE NOWAIT", "select max ( a , 2 )");
    assert_becomes("SELECT a FROM t OFFSET 5", "select a from t limit -1 offset 5");
    assert_becomes("SELECT t.user, current_user", "select t . user , 'shop'");
    assert_becomes("SELECT a !~ '^pg_'", "select a not glob 'pg_*'");
    assert_becomes(
        "SELECT now() - INTERVAL '1 hour 5 seconds'",
        "select strftime('%Y-%m-%d %H:%M:%f', strftime('%Y-%m-%d %H:%M:%f', 'now'), '-1 hours', '-5 seconds')",
    );
    assert_becomes("TRUNCATE TABLE t", "delete from t");
    assert_becomes("DROP TABLE IF EXISTS t CASCADE", "drop table if exists t");
    assert_becomes("CREATE INDEX CONCURRENTLY i ON t USING btree (a)", "create index i on t ( a )");
    for sql in ["SELECT a[1]", "SELECT '5 s'::interval", "SELECT a ~ 'b+'", "DROP TABLE a, b", "SELECT 1 INTO t"] {
        assert_eq!(understood(sql).err(), Some("0A000"), "{sql}");
    }
    for sql in ["NONSENSE", "SELECT CAST(a)", "CREATE TABLE t (a int", "INSERT INTO t (a"] {
        let code = understood(sql).map(|statement| statement.sql);
        assert!(code == Err("42601") || sql.starts_with("INSERT"), "{sql}: {code:?}");
    }
}

#[test]
fn columns_keep_their_types_and_check_them() {
    assert_becomes(
        "CREATE TABLE t (id bigserial PRIMARY KEY, key text PRIMARY KEY DEFAULT lower('A'), n numeric(10,2) NOT NULL)",
        "create table t (id integer primary key, key text primary key not null default (lower ( 'A' )), \
         n numeric(10, 2) not null constraint \"type numeric(10, 2)\" check (typeof(n) in ('integer', 'real', 'null')))",
    );
    assert_becomes(
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
        "create table t (id INTEGER primary key)",
    );
    assert_becomes("ALTER TABLE t ADD COLUMN a text", "alter table t add column a text");
    for (sql, code) in [
        ("CREATE TABLE t (a serial)", "0A000"),
        ("CREATE TABLE t (a money)", "0A000"),
        ("CREATE TABLE t (a int) PARTITION BY RANGE (a)", "0A000"),
        ("ALTER TABLE t ALTER COLUMN a TYPE text", "0A000"),
        ("CREATE TABLE t (a)", "42601"),
    ] {
        assert_eq!(understood(sql).err(), Some(code), "{sql}");
    }
}

fn tables() -> Tables {
    let columns =
        [("key", SqlType::Text), ("version", SqlType::Int8), ("paid", SqlType::Bool), ("at", SqlType::Timestamptz)];
    Tables(vec![("orders".to_owned(), columns.map(|(name, kind)| (name.to_owned(), kind)).to_vec())])
}

#[track_caller]
fn assert_parameters(sql: &str, expected: &[SqlType]) {
    let statement = understood(sql).unwrap();
    let tables = tables();
    let shape = Shape { tokens: &statement.tokens, tables: &tables };
    assert_eq!(shape.parameters(statement.parameters(), &[]), expected, "{sql}");
}

#[test]
fn the_place_of_a_parameter_tells_its_type() {
    use SqlType::{Bool, Int4, Int8, Text, Timestamptz};
    assert_parameters("INSERT INTO orders (version, key) VALUES ($1, $2), ($3, 'b')", &[Int8, Text, Int8]);
    assert_parameters("INSERT INTO orders VALUES ($1, $2, $3, $4)", &[Text, Int8, Bool, Timestamptz]);
    assert_parameters("UPDATE orders SET paid = $1, version = version + $2 WHERE orders.key = $3", &[Bool, Int8, Text]);
    assert_parameters("SELECT 1 FROM orders WHERE version BETWEEN $1 AND $2 AND at < $3", &[Int8, Int8, Timestamptz]);
    assert_parameters("SELECT 1 FROM orders WHERE version NOT IN ($1, $2) LIMIT $3", &[Int8, Int8, Int8]);
    assert_parameters("SELECT $1::int, CAST($2 AS boolean), $3", &[Int4, Bool, Text]);
    assert_parameters("SELECT 1 FROM orders WHERE $1 = version", &[Int8]);
    // As the client gives it, whatever the place tells.
    let statement = understood("SELECT 1 FROM orders WHERE version = $1").unwrap();
    let tables = tables();
    let shape = Shape { tokens: &statement.tokens, tables: &tables };
    assert_eq!(shape.parameters(1, &[Some(Int4)]), [Int4]);
}

#[test]
fn expressions_tell_their_types() {
    use SqlType::{Bool, Float8, Int4, Int8, Text, Timestamptz, Uuid};
    for (sql, expected) in [
        ("SELECT 1, 5000000000, 1.5, 'a', true, NULL", &[Int4, Int8, Float8, Text, Bool, Text][..]),
        ("SELECT count(*) AS n, max(version), coalesce(at, now()) FROM orders", &[Int8, Int8, Timestamptz]),
        ("SELECT version * 2 + 1, key || 'x', version > 3, -version FROM orders", &[Int8, Text, Bool, Int8]),
        ("SELECT CASE WHEN paid THEN 1 ELSE 2 END, (SELECT max(version) FROM orders)", &[Int4, Int8]),
        ("SELECT gen_random_uuid(), $1::boolean, exists(SELECT 1)", &[Uuid, Bool, Bool]),
        ("DELETE FROM orders RETURNING version + 1, key", &[Int8, Text]),
    ] {
        let statement = understood(sql).unwrap();
        let tables = tables();
        let shape = Shape { tokens: &statement.tokens, tables: &tables };
        let undeclared = vec![None; expected.len()];
        assert_eq!(shape.results(&undeclared, &[Bool]), expected, "{sql}");
    }
}

#[test]
fn no_text_makes_a_panic() {
    use proptest::prelude::*;
    const PIECES: [&str; 40] = [
        "select",
        "insert into t",
        "values",
        "create table t",
        "alter table t add",
        "(",
        ")",
        ",",
        "'",
        "\"",
        "$1",
        "$65535",
        "::",
        "int",
        "cast",
        "as",
        "interval",
        "'1 day'",
        "-",
        "+",
        "now()",
        "case",
        "end",
        "between",
        "and",
        "in",
        "not",
        "limit",
        "offset",
        "for update",
        "returning",
        "primary key",
        "default",
        "serial",
        "generated",
        "identity",
        ".",
        "public",
        "~",
        "set",
    ];
    let piece = prop::sample::select(PIECES.to_vec());
    proptest!(|(pieces in prop::collection::vec(piece, 0..14))| {
        let sql = pieces.join(" ");
        let Ok(all) = statements(&sql) else { return Ok(()) };
        for tokens in all {
            let names = Names { user: String::new(), database: String::new() };
            let Ok(statement) = Statement::new(tokens, &names) else { continue };
            let tables = tables();
            let shape = Shape { tokens: &statement.tokens, tables: &tables };
            let parameters = shape.parameters(statement.parameters(), &[]);
            shape.results(&[None, Some("int4".to_owned()), None], &parameters);
        }
    });
    assert_eq!(understood("ROLLBACK TO s").map(|statement| statement.kind), Ok(Kind::RollbackTo("s".to_owned())));
}
