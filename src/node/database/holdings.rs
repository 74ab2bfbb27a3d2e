//! Counts what the database holds, about once a second, and tells the app when it has changed: for people to see, so a
//! count that fails is left out, and the next one counts.

use std::time::Duration;

use rusqlite::Connection;
use tokio::time::MissedTickBehavior;
use tokio_postgres::Client;

use super::catalog;
use crate::node::AppLink;
use crate::telemetry::Holdings;
use crate::wire::NodeMessage;

/// How often it is counted.
const INTERVAL: Duration = Duration::from_secs(1);
/// The most tables that are counted.
const MOST_TABLES: u32 = 12;

/// Counts the file's tables for as long as the future is polled.
pub(super) async fn count_sqlite(app: AppLink, mut connection: Connection) {
    let (mut told, mut version) = (Holdings::default(), None);
    let mut ticks = ticks();
    loop {
        ticks.tick().await;
        let counted = tokio::task::spawn_blocking(move || {
            let counted = if_changed(&connection, version);
            (connection, counted)
        });
        let Ok((back, counted)) = counted.await else { return };
        connection = back;
        if let Ok(Some((now, tables))) = counted {
            version = Some(now);
            tell(&app, &mut told, Holdings { tables });
        }
    }
}

type Counted = (i64, Vec<(String, u64)>);

/// The counts, and the version of the data that they are of; `None` while that is still the known one.
fn if_changed(connection: &Connection, known: Option<i64>) -> rusqlite::Result<Option<Counted>> {
    // It changes whenever another connection has committed.
    let version: i64 = connection.query_row("pragma data_version", (), |row| row.get(0))?;
    if known == Some(version) {
        return Ok(None);
    }
    catalog::rows(connection, MOST_TABLES).map(|tables| Some((version, tables)))
}

/// Counts a real PostgreSQL's tables until it is gone.
#[cfg(target_os = "linux")]
pub(super) async fn count_postgres(app: AppLink, client: Client) {
    let mut told = Holdings::default();
    let mut ticks = ticks();
    while !client.is_closed() {
        ticks.tick().await;
        if let Ok(tables) = rows(&client).await {
            tell(&app, &mut told, Holdings { tables });
        }
    }
}

#[cfg(target_os = "linux")]
async fn rows(client: &Client) -> Result<Vec<(String, u64)>, tokio_postgres::Error> {
    let names =
        format!("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1 LIMIT {MOST_TABLES}");
    let mut tables = Vec::new();
    for row in client.query(&names, &[]).await? {
        let name: String = row.try_get(0)?;
        let quoted = name.replace('"', "\"\"");
        let count: i64 = client.query_one(&format!("SELECT count(*) FROM \"{quoted}\""), &[]).await?.try_get(0)?;
        tables.push((name, count.unsigned_abs()));
    }
    Ok(tables)
}

fn ticks() -> tokio::time::Interval {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

fn tell(app: &AppLink, told: &mut Holdings, now: Holdings) {
    if *told != now {
        told.clone_from(&now);
        app.say(&NodeMessage::Holds(now));
    }
}
