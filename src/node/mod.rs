//! What runs in a child process: the data plane. One role per folder or file; each is a single-threaded event loop that
//! knows its app only through the control connection and exits when that ends.

use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::rc::Rc;

use tokio::sync::mpsc;

use crate::topology::LifeId;
use crate::wire::{AppMessage, Bootstrap, KeeperAct, NodeConfig, PROTOCOL, RoleConfig, RunContext};

pub mod app_link;
mod balancer;
mod builtin;
mod cache;
mod caller;
pub mod clock;
mod database;
mod gateway;
#[cfg(target_os = "linux")]
pub mod keeper;
mod log;
mod poll;
#[cfg(target_os = "linux")]
mod program;
pub mod reporter;
mod service;
#[cfg(test)]
mod testing;
mod users;

pub use app_link::AppLink;
pub use clock::Clock;
pub use reporter::Reporter;

use log::{Level, Log};

/// What every role is given.
#[derive(Clone)]
pub struct Context {
    /// Which life this process is.
    pub life: LifeId,
    /// What is the same for all nodes of the run.
    pub run: Rc<RunContext>,
    /// Run time.
    pub clock: Clock,
    /// The way to the app.
    pub app: AppLink,
    /// Counters and spans.
    pub reporter: Reporter,
}

/// What the app, or the system, asks of a role.
#[derive(Debug)]
pub enum Order {
    /// A newer configuration. The role says [`AppLink::applied`] once it acts on it.
    Configure(Box<NodeConfig>),
    /// Come to an end, then say [`AppLink::settled`].
    Settle {
        /// The last death, in microseconds of run time.
        since_us: Option<u64>,
    },
    /// SIGTERM: finish what is in flight, then exit.
    Terminate,
    /// Nobody sends here any more.
    Released,
    /// To a keeper: do this to the program.
    Keeper(KeeperAct),
}

/// How many orders may wait for a role. The app coalesces configurations, so more than a few never wait.
const ORDERS: usize = 64;

/// Why a node could not do its work; told to the app before the process exits.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

/// Runs this process as a node: reads where to dial from standard input, dials, and does what it is told until the
/// connection ends.
pub fn main() -> ExitCode {
    die_with_parent();
    let bootstrap = match read_bootstrap() {
        Ok(bootstrap) => bootstrap,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "brownout node: {message}");
            return ExitCode::from(2);
        }
    };
    if orphaned(&bootstrap) {
        return ExitCode::FAILURE;
    }
    raise_descriptor_limit();
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return ExitCode::FAILURE;
    };
    let local = tokio::task::LocalSet::new();
    let outcome = local.block_on(&runtime, serve(bootstrap));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(message)) => {
            let _ = writeln!(std::io::stderr(), "<{}>{message}", Level::Error as u8);
            ExitCode::FAILURE
        }
    }
}

/// Dials the app, receives the first configuration, and runs the role that it names.
async fn serve(bootstrap: Bootstrap) -> Result<(), Failure> {
    let (app, mut messages) = app_link::dial(&bootstrap, Log::on_standard_error()).await?;
    let Some(AppMessage::Configure(first)) = messages.recv().await else {
        return Err(Failure("the app did not send a configuration".to_owned()));
    };
    let (life, pid) = (&bootstrap.life, std::process::id());
    app.log(Level::Info, &format!("{life} started as process {pid}, role {}", name(&first.role)));
    let run = Rc::new(first.run.clone());
    let clock = Clock::new(&run);
    let reporter = Reporter::new(bootstrap.life.clone(), run.clone(), clock.clone(), bootstrap.token.clone());
    let context = Context { life: bootstrap.life, run, clock, app: app.clone(), reporter };
    let (orders_in, orders) = mpsc::channel(ORDERS);
    tokio::task::spawn_local(pass_on(app.clone(), messages, context.reporter.clone(), orders_in.clone()));
    tokio::task::spawn_local(watch_terminate(app.clone(), orders_in));
    let outcome = run_role(context, first, orders).await;
    if let Err(Failure(message)) = &outcome {
        app.failed(message);
        app.drained().await;
    }
    outcome
}

async fn run_role(context: Context, first: Box<NodeConfig>, orders: mpsc::Receiver<Order>) -> Result<(), Failure> {
    let revision = first.revision;
    match first.role {
        RoleConfig::Users(config) => users::run(context, revision, config, orders).await,
        RoleConfig::Gateway(config) => gateway::run(context, revision, config, orders).await,
        RoleConfig::Service(config) => service::run(context, revision, config, orders).await,
        RoleConfig::Cache(config) => cache::run(context, revision, config, orders).await,
        RoleConfig::Database(config) => database::run(context, revision, config, orders).await,
        #[cfg(target_os = "linux")]
        RoleConfig::Program(config) => program::run(context, revision, config, orders).await,
        // Elsewhere the kernel does not end a program together with the one that started it.
        #[cfg(not(target_os = "linux"))]
        RoleConfig::Program(_) => {
            Err(Failure(format!("node \"{}\" runs a program, which needs Linux", context.life.node())))
        }
    }
}

/// What a role is called in the log.
const fn name(role: &RoleConfig) -> &'static str {
    match role {
        RoleConfig::Users(_) => "users",
        RoleConfig::Gateway(_) => "gateway",
        RoleConfig::Service(_) => "service",
        RoleConfig::Cache(_) => "cache",
        RoleConfig::Database(_) => "database",
        RoleConfig::Program(_) => "program",
    }
}

/// Turns the app's messages into orders. When they end, the app is gone, and so is this process.
async fn pass_on(
    app: AppLink,
    mut messages: mpsc::Receiver<AppMessage>,
    reporter: Reporter,
    orders: mpsc::Sender<Order>,
) {
    while let Some(message) = messages.recv().await {
        let order = match message {
            AppMessage::Configure(config) => Order::Configure(config),
            AppMessage::Settle { since_us } => Order::Settle { since_us },
            AppMessage::Released => Order::Released,
            AppMessage::Keeper { act } => Order::Keeper(act),
            AppMessage::Crash => crash(&app, "told to crash"),
            AppMessage::Want { trace } => {
                reporter.want(trace);
                continue;
            }
        };
        if orders.send(order).await.is_err() {
            return;
        }
    }
    std::process::exit(0);
}

/// Ends this process at once, as a bug does: nothing is finished, nobody is told. Its last line says why.
fn crash(app: &AppLink, why: &str) -> ! {
    app.log(Level::Error, why);
    std::process::abort()
}

#[cfg(unix)]
async fn watch_terminate(app: AppLink, orders: mpsc::Sender<Order>) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    while terminate.recv().await.is_some() {
        app.log(Level::Info, "told to terminate");
        if orders.send(Order::Terminate).await.is_err() {
            return;
        }
    }
}

#[cfg(not(unix))]
async fn watch_terminate(_app: AppLink, _orders: mpsc::Sender<Order>) {}

/// Asks the kernel to kill this process when the thread that started it ends: the only way that reaches a stopped
/// process. First thing, before anything can take time.
#[cfg(target_os = "linux")]
fn die_with_parent() {
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent() {}

/// Whether the parent ended before the request above was made.
#[cfg(unix)]
fn orphaned(bootstrap: &Bootstrap) -> bool {
    let parent = rustix::process::getppid().map_or(0, |pid| pid.as_raw_nonzero().get().unsigned_abs());
    bootstrap.parent_pid != 0 && parent != bootstrap.parent_pid
}

#[cfg(not(unix))]
fn orphaned(_bootstrap: &Bootstrap) -> bool {
    false
}

/// Raises the limit of open files to the highest allowed: a gateway needs two for each connection that it forwards.
#[cfg(unix)]
fn raise_descriptor_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

#[cfg(not(unix))]
fn raise_descriptor_limit() {}

fn read_bootstrap() -> Result<Bootstrap, String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| format!("cannot read standard input: {error}"))?;
    if line.is_empty() {
        return Err("this is a part of Brownout that only Brownout itself starts".to_owned());
    }
    let bad = |error| format!("bad start-up line: {error}");
    // What else an app of another version writes may not be understood here.
    let spoken: Spoken = serde_json::from_str(&line).map_err(bad)?;
    if spoken.protocol != PROTOCOL {
        return Err(format!(
            "the app that started this process is another version of Brownout (it speaks protocol {}, this process \
             {PROTOCOL}): its program was replaced while it ran. Quit Brownout and start it again",
            spoken.protocol
        ));
    }
    serde_json::from_str(&line).map_err(bad)
}

/// The part of the start-up line that every version has.
#[derive(serde::Deserialize)]
struct Spoken {
    protocol: u32,
}
