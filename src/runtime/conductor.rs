//! The loop that connects `control` to the world: commands, events and ticks go in, effects are done, snapshots come
//! out. One thread of its own; it decides nothing and never waits for a process.

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};

use crate::control::snapshot::Phase;
use crate::control::{Cluster, Command, Effect, Event, Input, Signal, Snapshot, View};
use crate::topology::{DatabaseEngine, Engine, LifeId, NodeId, Role};
use crate::wire::{AppMessage, KeeperAct};

use super::audit;
use super::events::{self, News};
use super::figures::TICKS_PER_SECOND;
use super::handle::{Relay, Shared};
use super::process::{Request, Spawner};
use super::run::Run;

/// The time between two ticks.
const TICK: Duration = Duration::from_millis(1000 / TICKS_PER_SECOND as u64);
/// The shortest time between two snapshots, but for an exit, which is shown at once.
const FRAME: Duration = Duration::from_millis(33);
/// How many events are handled before commands and ticks get their turn.
const BATCH: usize = 256;

/// Starts the thread. It ends when the commands do, after every process is gone, and then says so in `ending`.
pub(super) fn start(
    spawner: Spawner,
    shared: Arc<Shared>,
    relay: Option<Relay>,
    commands: mpsc::Receiver<Command>,
    ending: SyncSender<()>,
) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("conductor".to_owned()).spawn(move || {
        tokio::task::LocalSet::new().block_on(&runtime, conduct(spawner, shared, relay, commands));
        let _ = ending.send(());
    })
}

struct Conductor {
    cluster: Cluster,
    spawner: Spawner,
    shared: Arc<Shared>,
    relay: Option<Relay>,
    queue: mpsc::Sender<News>,
    run: Option<Run>,
    runs: u64,
    /// Nodes whose data goes before their next life begins.
    lost_data: BTreeSet<NodeId>,
    /// Lives that are keepers of a real program.
    keepers: BTreeSet<LifeId>,
    /// Lives that said what is wrong: told by the node itself and by its last words, it counts once.
    failed: BTreeSet<LifeId>,
    ticks: usize,
    /// Whether there is something that the last snapshot does not show.
    changed: bool,
    /// Whether it must be shown at once.
    urgent: bool,
    next_frame: Instant,
}

async fn conduct(spawner: Spawner, shared: Arc<Shared>, relay: Option<Relay>, mut commands: mpsc::Receiver<Command>) {
    let (queue, mut news) = events::queue();
    let mut conductor = Conductor {
        cluster: Cluster::new(),
        spawner,
        shared,
        relay,
        queue,
        run: None,
        runs: 0,
        lost_data: BTreeSet::new(),
        keepers: BTreeSet::new(),
        failed: BTreeSet::new(),
        ticks: 0,
        changed: false,
        urgent: false,
        next_frame: Instant::now(),
    };
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        tokio::select! {
            biased;
            command = commands.recv() => match command {
                Some(command) => conductor.command(command).await,
                None => {
                    // Whoever waits to report must not wait for ever.
                    news.close();
                    return;
                }
            },
            _ = ticks.tick(), if conductor.run.is_some() => conductor.tick(),
            () = tokio::time::sleep_until(conductor.next_frame), if conductor.changed => {}
            _ = news.recv_many(&mut batch, BATCH) => batch.drain(..).for_each(|news| conductor.news(news)),
        }
        if conductor.urgent || (conductor.changed && conductor.next_frame <= Instant::now()) {
            conductor.publish();
        }
    }
}

impl Conductor {
    fn now_us(&self) -> u64 {
        self.run.as_ref().map_or(0, |run| run.clock.now_us())
    }

    async fn command(&mut self, command: Command) {
        if let Command::Start(plan) = &command
            && self.run.is_none()
        {
            self.runs += 1;
            self.shared.spans.clear();
            self.lost_data.clear();
            self.keepers.clear();
            self.failed.clear();
            let (queue, spans) = (self.queue.clone(), self.shared.spans.clone());
            let (traces, app) = (self.shared.traces_per_second, self.spawner.folder());
            match Run::open(self.runs, plan, queue, spans, traces, app).await {
                Ok(run) => self.run = Some(run),
                Err(error) => {
                    let trouble = Some(format!("the run cannot be prepared: {error}"));
                    self.shared.publish(Snapshot { trouble, phase: Phase::Finished, ..Snapshot::default() });
                    return;
                }
            }
            // Run time starts afresh, so nothing of the last run may be left.
            self.cluster = Cluster::new();
        }
        self.advance(Input::Command(command));
        self.urgent = true;
    }

    fn news(&mut self, mut news: News) {
        let Some(run) = self.run.as_mut().filter(|run| run.events.run == news.run) else { return };
        if let Event::Failed { life, .. } = &news.event
            && !self.failed.insert(life.clone())
        {
            return;
        }
        if let Event::Exited { life, .. } = &news.event {
            run.server.exited(life.clone());
            self.urgent = true;
        }
        if let (Event::Ready { life, address: Some(address) }, Some(relay)) = (&mut news.event, &self.relay) {
            *address = relay(life, *address);
        }
        if let Event::Actual { lives } = &news.event {
            run.figures.watch(lives);
        }
        self.advance(Input::Event(news.event));
    }

    fn tick(&mut self) {
        let Some(run) = &mut self.run else { return };
        let now_us = run.clock.now_us();
        let figures = run.figures.tick(now_us);
        self.ticks = (self.ticks + 1) % TICKS_PER_SECOND;
        if self.ticks == 0 {
            // One that finds no room is made up for by the next.
            self.spawner.ask(Request::Census { events: run.events.clone() });
        }
        for event in figures {
            self.advance(Input::Event(event));
        }
        self.advance(Input::Event(Event::Tick));
    }

    /// Gives an input to the cluster and does what it wants, with all that follows at once.
    fn advance(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.cluster.handle(self.now_us(), input) {
                inputs.extend(self.perform(effect).map(Input::Event));
            }
        }
        self.changed = true;
    }

    /// Does one effect. What is known of its outcome at once is returned; the rest arrives as news.
    fn perform(&mut self, effect: Effect) -> Option<Event> {
        let run = self.run.as_ref()?;
        match effect {
            Effect::Spawn { life } => {
                if self.lost_data.remove(life.node()) {
                    run.folder.lose(life.node());
                }
                run.server.await_life(life.clone());
                let asked = run.spawn(life.clone()).is_some_and(|request| self.spawner.ask(request));
                return (!asked).then(|| Event::SpawnFailed {
                    life,
                    message: "too many processes are being started at once".to_owned(),
                });
            }
            Effect::LoseData { node } => drop(self.lost_data.insert(node)),
            Effect::Signal { life, signal } => return self.signal(life, signal),
            Effect::Configure { life, view } => {
                run.server.configure(&life, view.clone());
                // Only a life that is what the view draws is configured, so this tells what was started, also when
                // the drawing asks for another engine later.
                if keeps_a_program(&view, &life) && self.keepers.insert(life.clone()) {
                    self.spawner.ask(Request::Keeps { run: run.events.run, life });
                }
            }
            Effect::Settle { life, since_us } => run.server.say(&life, AppMessage::Settle { since_us }),
            Effect::Release { life } => run.server.say(&life, AppMessage::Released),
            Effect::Audit { audit, each, has } => {
                let events = run.events.clone();
                tokio::task::spawn_local(async move {
                    let found = audit::read(&audit, each, has).await;
                    events.send(Event::Audited { name: audit.name, found }).await;
                });
            }
            Effect::Crash { life } => {
                let keeps = self.keepers.contains(&life);
                let crash = if keeps { AppMessage::Keeper { act: KeeperAct::Crash } } else { AppMessage::Crash };
                run.server.say(&life, crash);
            }
            Effect::Want { trace } => run.server.say_to_all(&AppMessage::Want { trace }),
        }
        None
    }

    /// Signals a life's process, or, where a keeper keeps a real program, has the keeper signal that.
    fn signal(&self, life: LifeId, signal: Signal) -> Option<Event> {
        let run = self.run.as_ref()?;
        if self.keepers.contains(&life) && run.server.is_connected(&life) {
            run.server.say(&life, AppMessage::Keeper { act: act(signal) });
            if signal != Signal::Kill || !self.is_ending() {
                return Some(Event::Signalled { life, signal, at_us: run.clock.now_us() });
            }
        }
        let run = run.events.run;
        // One that finds no room is asked for again: `control` compares what is with what should be every second.
        self.spawner.ask(Request::Signal { run, life, signal });
        None
    }

    /// Whether everything is to end: then the keeper goes as well as its program.
    fn is_ending(&self) -> bool {
        matches!(self.cluster.snapshot(self.now_us()).phase, Phase::Idle | Phase::Stopping | Phase::Finished)
    }

    fn publish(&mut self) {
        let mut snapshot = self.cluster.snapshot(self.now_us());
        if let Some(run) = &self.run {
            snapshot.spans_dropped += run.server.dropped();
        }
        let refused = self.shared.refused.swap(0, Ordering::Relaxed);
        if refused > 0 && snapshot.trouble.is_none() {
            snapshot.trouble = Some(format!("{refused} commands came faster than they could be done, and were not"));
        }
        if matches!(snapshot.phase, Phase::Idle | Phase::Finished) {
            self.run = None;
        }
        self.shared.publish(snapshot);
        self.changed = false;
        self.urgent = false;
        self.next_frame = Instant::now() + FRAME;
    }
}

/// Whether a life under this view is the keeper of a real program.
fn keeps_a_program(view: &View, life: &LifeId) -> bool {
    match view.topology.node(life.node()).map(|node| &node.role) {
        Some(Role::Program(_)) => true,
        Some(Role::Cache(cache)) => cache.engine == Engine::Redis,
        Some(Role::Database(database)) => database.engine == DatabaseEngine::Postgres,
        Some(Role::Users(_) | Role::Gateway(_) | Role::Service(_)) | None => false,
    }
}

fn act(signal: Signal) -> KeeperAct {
    match signal {
        Signal::Kill => KeeperAct::Kill,
        Signal::Terminate => KeeperAct::Terminate,
        Signal::Pause => KeeperAct::Pause,
        Signal::Resume => KeeperAct::Resume,
    }
}
