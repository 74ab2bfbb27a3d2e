//! A real PostgreSQL as the database: found, initialised, started, and asked whether it answers. As root, which
//! PostgreSQL refuses to run as, it runs as the user `postgres`.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

use super::holdings;
use crate::node::keeper::{self, Program};
use crate::node::log::Level;
use crate::node::{Context, Failure, Order};
use crate::wire::DatabaseConfig;

const SERVER: &str = "postgres";
const MAKER: &str = "initdb";
/// Where Debian keeps the programs of each version, off the search path.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The environment variable that names another such folder.
const FOLDER: &str = "BROWNOUT_POSTGRES_FOLDER";
/// The user that it runs as where this process is root.
const USER: &str = "postgres";
/// The role and the database that every client finds.
const ROLE: &str = "app";
/// The folder, among those that runs share, that new clusters are copies of: that takes a fifth of the time.
const TEMPLATE: &str = "postgres-template";
/// How many times a start is tried: another program may take the port first, and the memory of a killed server is freed
/// only when the last of its processes is gone.
const ATTEMPTS: u32 = 20;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(100);
/// How long it may take to answer. It takes some 50 ms on an idle machine, more after a kill.
const START_TIME: Duration = Duration::from_secs(20);
/// How long to wait between two questions whether it answers yet.
const PROBE_INTERVAL: Duration = Duration::from_millis(20);

/// Runs PostgreSQL until it ends or is told to.
pub(super) async fn run(
    context: Context,
    revision: u64,
    config: DatabaseConfig,
    orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    let cluster = Cluster::find(&context, config)?;
    cluster.make().await?;
    let (program, address, client) = cluster.start().await?;
    context.app.applied(revision);
    context.app.ready(Some(address));
    let counting = tokio::task::spawn_local(holdings::count_postgres(context.app.clone(), client));
    let ended = keeper::attend(context, revision, program, orders).await;
    counting.abort();
    ended
}

/// The programs and the folder.
struct Cluster<'a> {
    context: &'a Context,
    /// Where its programs are.
    programs: PathBuf,
    /// Whom the folder belongs to, where this process is root: user and group.
    owner: Option<(u32, u32)>,
    folder: PathBuf,
    shared: PathBuf,
}

impl<'a> Cluster<'a> {
    fn find(context: &'a Context, config: DatabaseConfig) -> Result<Self, Failure> {
        let node = context.life.node();
        let missing = |what: &str| {
            Failure(format!(
                "node \"{node}\" wants engine = \"postgres\", but {what}: install PostgreSQL (apt-get install \
                 postgresql) or use engine = \"builtin\""
            ))
        };
        let programs = programs().ok_or_else(|| missing(&format!("{SERVER} is not installed")))?;
        let owner = match rustix::process::geteuid().is_root() {
            true => Some(user_ids(USER).ok_or_else(|| missing(&format!("there is no user \"{USER}\" to run it as")))?),
            false => None,
        };
        Ok(Self { context, programs, owner, folder: config.folder, shared: config.shared })
    }

    /// Makes the folder with an empty cluster, unless there is one: a former life's.
    async fn make(&self) -> Result<(), Failure> {
        if self.folder.join("PG_VERSION").is_file() {
            return Ok(());
        }
        let data = self.folder.parent().unwrap_or(&self.shared);
        fs::create_dir_all(data).map_err(|error| cannot_write(data, &error))?;
        // The user that it runs as must be able to get there, whatever this process's umask.
        if self.owner.is_some() {
            for folder in data.ancestors().take_while(|folder| folder.starts_with(&self.shared)) {
                let passable = fs::Permissions::from_mode(0o711);
                fs::set_permissions(folder, passable).map_err(|error| cannot_write(folder, &error))?;
            }
        }
        let template = self.shared.join(TEMPLATE);
        if !template.is_dir() {
            self.make_template(&template).await?;
        }
        // In another place first, so that what a kill leaves unfinished is never taken for a cluster.
        let unfinished = data.join(format!(".{}", self.context.life.node()));
        let _ = fs::remove_dir_all(&unfinished);
        self.run_to_end("cp", vec!["-a".into(), template.into(), unfinished.clone().into()], false).await?;
        fs::rename(&unfinished, &self.folder).map_err(|error| cannot_write(&self.folder, &error))
    }

    async fn make_template(&self, template: &Path) -> Result<(), Failure> {
        let unfinished = self.shared.join(format!("postgres-{}", std::process::id()));
        let _ = fs::remove_dir_all(&unfinished);
        fs::create_dir(&unfinished).map_err(|error| cannot_write(&unfinished, &error))?;
        if let Some((user, group)) = self.owner {
            chown(&unfinished, Some(user), Some(group)).map_err(|error| cannot_write(&unfinished, &error))?;
        }
        let mut arguments: Vec<OsString> = vec!["-D".into(), unfinished.clone().into(), "-U".into(), ROLE.into()];
        arguments.extend(["-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"].map(OsString::from));
        let maker = self.programs.join(MAKER);
        self.run_to_end(&maker.to_string_lossy(), arguments, true).await?;
        // Another node may have been quicker: one template is as good as the other.
        if fs::rename(&unfinished, template).is_err() {
            let _ = fs::remove_dir_all(&unfinished);
        }
        Ok(())
    }

    async fn run_to_end(&self, name: &str, arguments: Vec<OsString>, as_owner: bool) -> Result<(), Failure> {
        let mut program = self.program(name, arguments, as_owner)?;
        let status = program.ended().await?;
        if status.success() {
            return Ok(());
        }
        let (node, last_words) = (self.context.life.node(), program.last_words().await);
        Err(Failure(format!("node \"{node}\": {name} failed ({status}): {last_words}")))
    }

    /// Starts a program, as the cluster's owner if that is wanted. setpriv becomes the program, so that its process id
    /// is the program's; and it asks for the death with this process again, which a change of users takes away.
    fn program(&self, name: &str, arguments: Vec<OsString>, as_owner: bool) -> Result<Program, Failure> {
        let app = &self.context.app;
        let Some((user, group)) = self.owner.filter(|_| as_owner) else {
            return Program::start(app, name, arguments, level);
        };
        let mut all: Vec<OsString> = vec![format!("--reuid={user}").into(), format!("--regid={group}").into()];
        all.extend(["--clear-groups", "--pdeathsig", "KILL", name].map(OsString::from));
        all.extend(arguments);
        Program::start(app, "setpriv", all, level)
    }

    async fn start(&self) -> Result<(Program, SocketAddr, Client), Failure> {
        let (node, server) = (self.context.life.node(), self.programs.join(SERVER));
        let mut last_words = String::new();
        for _ in 0..ATTEMPTS {
            let address = keeper::free_address()?;
            let program = self.program(&server.to_string_lossy(), self.arguments(address.port()), true)?;
            let mut program = program.spread_out();
            let status = tokio::select! {
                client = self.answers(address) => return Ok((program, address, client)),
                status = program.ended() => status?,
                () = tokio::time::sleep(START_TIME) => {
                    return Err(Failure(format!("node \"{node}\": {SERVER} did not answer within {START_TIME:?}")));
                }
            };
            last_words = program.last_words().await;
            let passes = ["Address already in use", "still in use"].iter().any(|words| last_words.contains(words));
            if !passes {
                return Err(Failure(format!("node \"{node}\": {SERVER} ended at its start ({status}): {last_words}")));
            }
            tokio::time::sleep(BETWEEN_ATTEMPTS).await;
        }
        Err(Failure(format!("node \"{node}\": {SERVER} could not be started in {ATTEMPTS} attempts: {last_words}")))
    }

    /// Loopback only, and without waiting for the disk: the kernel keeps what a killed process wrote.
    fn arguments(&self, port: u16) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = vec!["-D".into(), self.folder.clone().into(), "-p".into()];
        arguments.push(port.to_string().into());
        let settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "full_page_writes=off"];
        let sizes = ["shared_buffers=16MB", "max_connections=100", "max_wal_size=256MB", "autovacuum_naptime=20s"];
        for setting in settings.into_iter().chain(sizes) {
            arguments.extend(["-c".into(), setting.into()]);
        }
        arguments
    }

    /// Waits until this cluster's server answers there: not another that took the port before it.
    async fn answers(&self, address: SocketAddr) -> Client {
        loop {
            if let Ok(client) = self.asked(address).await {
                return client;
            }
            tokio::time::sleep(PROBE_INTERVAL).await;
        }
    }

    /// A connection to the clients' database, which is made in the first life.
    async fn asked(&self, address: SocketAddr) -> Result<Client, Failure> {
        let failed = |error: tokio_postgres::Error| Failure(error.to_string());
        let client = connect(address, "postgres").await.map_err(failed)?;
        let folder: String =
            client.query_one("SHOW data_directory", &[]).await.and_then(|row| row.try_get(0)).map_err(failed)?;
        if Path::new(&folder) != self.folder {
            return Err(Failure("another server answers".to_owned()));
        }
        match client.batch_execute(&format!("CREATE DATABASE {ROLE}")).await {
            Err(error) if error.code() != Some(&SqlState::DUPLICATE_DATABASE) => Err(failed(error)),
            _ => connect(address, ROLE).await.map_err(failed),
        }
    }
}

async fn connect(address: SocketAddr, database: &str) -> Result<Client, tokio_postgres::Error> {
    let mut config = tokio_postgres::Config::new();
    config.hostaddr(address.ip()).port(address.port()).user(ROLE).dbname(database).application_name("brownout");
    let (client, connection) = config.connect(NoTls).await?;
    // It ends with the client or the server.
    tokio::task::spawn_local(connection);
    Ok(client)
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("cannot write {}: {error}", path.display()))
}

/// Where the programs are: on the search path, or where Debian puts the newest version.
fn programs() -> Option<PathBuf> {
    let has_both = |folder: &PathBuf| folder.join(SERVER).is_file() && folder.join(MAKER).is_file();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(has_both);
    on_path.or_else(|| {
        let folder = std::env::var_os(FOLDER).unwrap_or_else(|| DEBIAN.into());
        let versions = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
        let number = |folder: &PathBuf| {
            let version = folder.parent()?.file_name()?.to_str()?;
            version.parse::<u32>().ok()
        };
        versions.filter(has_both).max_by_key(number)
    })
}

/// The ids of a user and its group.
fn user_ids(name: &str) -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

/// PostgreSQL writes `2026-11-22 23:05:09.123 UTC [12] FATAL:  text`.
fn level(line: &str) -> Level {
    let has = |words: [&str; 2]| words.iter().any(|word| line.contains(word));
    if has([" FATAL: ", " PANIC: "]) {
        Level::Error
    } else if has([" ERROR: ", " WARNING: "]) {
        Level::Warning
    } else {
        Level::Info
    }
}
