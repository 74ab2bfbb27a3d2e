//! The role program: the keeper of any command. It gives the program a port and the addresses of what it is linked to,
//! says when it is ready, stands in front of it and between it and what it calls, and goes when it goes. The command is
//! an argument list, never a line for a shell, and somebody has allowed it before this is started.

mod environment;
mod front;
mod http;
mod keeping;
mod pipe;
mod relay;
mod spans;
mod surroundings;

use std::net::SocketAddr;
use std::process::ExitStatus;
use std::rc::Rc;

use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::wire::ProgramConfig;

use super::keeper::{self, Place, Program};
use super::log::Level;
use super::{Context, Failure, Order};
use front::Front;
use keeping::{Began, Keeping};
use surroundings::Surroundings;

/// How many ports are tried: between choosing a free one and the program's taking it, another may.
const ATTEMPTS: u32 = 5;

/// Runs the command until it ends or is told to.
///
/// # Errors
/// When it cannot be started, ends before it is ready, or is not ready in time.
pub(super) async fn run(
    context: Context,
    revision: u64,
    config: ProgramConfig,
    orders: mpsc::Receiver<Order>,
) -> Result<(), Failure> {
    // What the program leaves behind becomes this process's, and goes with it.
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    let surroundings = Surroundings::open(&context, &config).await?;
    let mut keeping = Keeping::new(context.clone(), revision, orders, surroundings);
    for _ in 0..ATTEMPTS {
        let address = keeper::free_address()?;
        let mut program = start(&context, &config, address, &keeping)?;
        let front = Front::new(context.clone(), address, config.settings.ready.clone());
        match keeping.until_ready(&mut program, &front, &config.settings).await? {
            Began::Ready => return serve(context, keeping, program, front, &config).await,
            Began::Asked => return keeping.close(program).await,
            Began::Ended(status) => {
                let last_words = program.last_words().await;
                if !last_words.contains("ddress already in use") {
                    return Err(ended(&context, &config, status, &last_words));
                }
            }
        }
    }
    Err(Failure(format!("node \"{}\": the program found its port taken {ATTEMPTS} times", context.life.node())))
}

fn start(context: &Context, config: &ProgramConfig, to: SocketAddr, keeping: &Keeping) -> Result<Program, Failure> {
    let node = context.life.node();
    let name = config.settings.command.first().ok_or_else(|| Failure(format!("node \"{node}\" has no command")))?;
    for folder in environment::FOLDERS {
        let folder = config.data.join(folder);
        std::fs::create_dir_all(&folder).map_err(|error| {
            Failure(format!("node \"{node}\": cannot make the folder {}: {error}", folder.display()))
        })?;
    }
    let place = Place {
        folder: Some(config.home.clone()),
        variables: environment::variables(&context.life, config, to.port(), keeping.ports()),
    };
    let arguments = environment::arguments(&config.settings.command, to.port(), &config.data);
    context
        .app
        .log(Level::Info, &format!("starting {} in {}", config.settings.command.join(" "), config.home.display()));
    Program::start_in(&context.app, name, arguments, &place, |_| Level::Info)
}

/// Stands in front of the program for as long as it lives.
async fn serve(
    context: Context,
    keeping: Keeping,
    program: Program,
    front: Rc<Front>,
    config: &ProgramConfig,
) -> Result<(), Failure> {
    let cannot_listen = |error| Failure(format!("{} cannot listen on 127.0.0.1: {error}", context.life));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let of_front = front.clone();
    let accepting = tokio::task::spawn_local(http::serve(listener, move |request| of_front.clone().answer(request)));
    keeping.applied();
    context.app.ready(Some(address));
    let outcome = keeping.attend(program, &front, config.settings.drain.duration()).await;
    accepting.abort();
    outcome
}

/// Why a program that should serve is not there.
fn ended(context: &Context, config: &ProgramConfig, status: ExitStatus, last_words: &str) -> Failure {
    let (node, settings) = (context.life.node(), &config.settings);
    let name = settings.command.first().map_or("", String::as_str);
    let last = last_words.lines().last().unwrap_or_default();
    let install = &settings.install;
    if keeper::was_not_found(status) {
        let how = match install.as_str() {
            "" => format!("install it, or change the command of \"{node}\""),
            install => format!("install it: {install}"),
        };
        return Failure(format!("node \"{node}\" runs {name}, but it is missing ({last}): {how}"));
    }
    let advice = if install.is_empty() { String::new() } else { format!(" (if something is missing: {install})") };
    Failure(format!("node \"{node}\": {name} ended before it was ready, {status}{advice}: {last_words}"))
}
