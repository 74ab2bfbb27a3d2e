//! What serves one run: its secrets, its clock, and its two listeners. Fresh for every run; dropped with it.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::control::Plan;
use crate::topology::LifeId;
use crate::wire::{Bootstrap, PROTOCOL, RunContext};

use super::clock::Clock;
use super::collector::Collector;
use super::configure::{Provisions, config_for};
use super::control_server::{Configure, ControlServer, listen};
use super::events::{Events, News};
use super::figures::Figures;
use super::folder::RunFolder;
use super::process::Request;
use super::spans::SpanQueue;

/// The serving side of one run.
pub(super) struct Run {
    /// Run time.
    pub(super) clock: Clock,
    /// The entrance for what happens in this run.
    pub(super) events: Events,
    /// The control connections.
    pub(super) server: Rc<ControlServer>,
    /// What the processes use.
    pub(super) figures: Figures,
    control: SocketAddr,
    token: String,
    tasks: [JoinHandle<()>; 2],
    /// Goes with the run.
    pub(super) folder: RunFolder,
}

impl Run {
    /// Opens the listeners of a new run.
    ///
    /// # Errors
    /// When loopback has no free port, the system gives no random bytes, or the programs of a built-in preset cannot be
    /// unpacked.
    pub(super) async fn open(
        number: u64,
        plan: &Plan,
        queue: mpsc::Sender<News>,
        spans: Arc<SpanQueue>,
        traces_per_second: u32,
        app_folder: &Path,
    ) -> io::Result<Self> {
        let (token, token_key, id) = (random_hex(32)?, random_hex(32)?, random_hex(8)?);
        let folder = RunFolder::new(app_folder, &id);
        let given = Provisions {
            token_key,
            home: folder.home(&plan.home)?,
            data: folder.data(),
            shared: app_folder.to_owned(),
        };
        let (control_listener, control) = listen().await?;
        let (collector_listener, collector_address) = listen().await?;
        let clock = Clock::start();
        let events = Events::new(number, queue);
        let context = RunContext {
            id,
            seed: plan.preset.run.seed,
            epoch_unix_ns: clock.epoch_unix_ns,
            epoch_monotonic_ns: clock.epoch_monotonic_ns,
            now_us: 0,
            collector: collector_address,
            traces_per_second,
        };
        let configure: Configure = Box::new(move |view, life| {
            let context = RunContext { now_us: clock.now_us(), ..context.clone() };
            config_for(view, life, context, &given)
        });
        let server = ControlServer::new(token.clone(), configure, events.clone());
        let collector = Collector::new(token.clone(), clock.epoch_unix_ns, events.clone(), spans);
        let tasks = [
            tokio::task::spawn_local(server.clone().serve(control_listener)),
            tokio::task::spawn_local(collector.serve(collector_listener)),
        ];
        Ok(Self { clock, events, server, figures: Figures::default(), control, token, tasks, folder })
    }

    /// What the spawner is asked for, to start the process of a life.
    pub(super) fn spawn(&self, life: LifeId) -> Option<Request> {
        let bootstrap = Bootstrap {
            protocol: PROTOCOL,
            control: self.control,
            token: self.token.clone(),
            life: life.clone(),
            parent_pid: std::process::id(),
        };
        let bootstrap = serde_json::to_string(&bootstrap).ok()?;
        Some(Request::Spawn { life, bootstrap, clock: self.clock, events: self.events.clone() })
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Random bytes of the system, in hexadecimal.
fn random_hex(bytes: usize) -> io::Result<String> {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
