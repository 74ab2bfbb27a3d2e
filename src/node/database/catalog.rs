//! The file, and what clients can read of the catalogue: views with the names and columns that psql's `\dt` and simple
//! tools ask for. It is not PostgreSQL's catalogue.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// What SQLite may keep in memory for each client, in KiB.
const CACHE_KIB: u32 = 256;
/// How many statements are kept prepared for each client.
const PREPARED: usize = 16;
/// How long SQLite itself tries again, in milliseconds. Those who write wait in line before, so this is only for the
/// moments in which it tidies up its log.
const BUSY_MS: u32 = 2_000;

/// Opens the file for one client.
///
/// # Errors
/// The file cannot be opened or made.
pub(super) fn open(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    // A name in double quotes is never a text, LIKE tells cases apart, and foreign keys hold: as in PostgreSQL.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // The kernel keeps what a killed process wrote; only a crash of the machine could lose it, and with it the run.
    connection.execute_batch(&format!(
        "pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -{CACHE_KIB}; \
         pragma temp_store = memory; pragma foreign_keys = on; pragma case_sensitive_like = on; \
         pragma busy_timeout = {BUSY_MS};"
    ))?;
    Ok(connection)
}

/// Makes the views, if they are not there.
///
/// # Errors
/// The file cannot be written.
pub(super) fn make_views(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(VIEWS)
}

/// The names of the client's own tables, and how many rows each has.
///
/// # Errors
/// The file cannot be read.
pub(super) fn rows(connection: &Connection, most: u32) -> rusqlite::Result<Vec<(String, u64)>> {
    let mut tables =
        connection.prepare_cached("select relname from pg_class where relkind = 'r' order by 1 limit ?1")?;
    let names: Vec<String> = tables.query_map([most], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let count = |name: String| {
        let quoted = name.replace('"', "\"\"");
        let rows: i64 = connection.query_row(&format!("select count(*) from \"{quoted}\""), (), |row| row.get(0))?;
        Ok((name, rows.unsigned_abs()))
    };
    names.into_iter().map(count).collect()
}

const VIEWS: &str = "
create view if not exists pg_namespace (oid, nspname, nspowner) as
    values (2200, 'public', 10), (11, 'pg_catalog', 10);
create view if not exists pg_am (oid, amname) as values (2, 'heap'), (403, 'btree');
create view if not exists pg_class (oid, relname, relnamespace, relkind, relowner, relam) as
    select rowid, name, 2200, case type when 'table' then 'r' when 'index' then 'i' else 'v' end, 10,
        case type when 'table' then 2 when 'index' then 403 else 0 end
    from sqlite_master
    where type in ('table', 'index', 'view') and name not glob 'sqlite_*' and name not glob 'pg_*'
        and name not glob 'information_schema.*';
create view if not exists pg_tables (schemaname, tablename, tableowner) as
    select 'public', relname, 'brownout' from pg_class where relkind = 'r';
create view if not exists \"information_schema.tables\" (table_catalog, table_schema, table_name, table_type) as
    select 'brownout', 'public', relname, case relkind when 'r' then 'BASE TABLE' else 'VIEW' end
    from pg_class where relkind in ('r', 'v');
create view if not exists \"information_schema.columns\"
    (table_catalog, table_schema, table_name, column_name, ordinal_position, is_nullable, data_type) as
    select 'brownout', 'public', c.relname, p.name, p.cid + 1,
        case p.\"notnull\" when 1 then 'NO' else 'YES' end, lower(p.type)
    from pg_class as c join pragma_table_info(c.relname) as p where c.relkind in ('r', 'v');
";
