//! A small, exact world for pictures: it does what the control plane asks, to the microsecond and the same every time,
//! and tells what came of it. No process, no clock, no sleep. The simulation beside it does the opposite: there, news come
//! late, twice or never; here, every frame must be the same in every run.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;

use brownout::control::{Cluster, Command, Effect, Event, Exit, Input, Plan, Signal, Snapshot, View};
use brownout::telemetry::{SessionId, Span, Totals};
use brownout::topology::{Act, LifeId, NodeId, Preset, Role, Slot, Target};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::shoppers::{Person, Visit};

/// The time between two snapshots, and between two reports of a process, as in a real run.
const SNAPSHOT_US: u64 = 33_000;
const REPORT_US: u64 = 200_000;

/// One process.
#[derive(Default)]
pub(super) struct Process {
    pid: u32,
    pub(super) view: Option<Arc<View>>,
    /// The sessions in it, with their items.
    pub(super) sessions: BTreeMap<SessionId, BTreeSet<u32>>,
    /// Replicas that a gateway no longer sends to.
    pub(super) ejected: BTreeSet<LifeId>,
    pub(super) totals: Totals,
    /// Spans that were not sent yet: they die with it.
    pub(super) spans: Vec<Span>,
}

/// What will happen.
pub(super) enum Happening {
    /// The control plane hears this.
    News(Event),
    /// A process gets its configuration.
    Told(LifeId, Arc<View>),
    /// The processes report, and time passes.
    Report,
    /// A picture of it all is taken.
    Snapshot,
    /// A user begins the next request.
    Act(usize),
    /// A request goes from the gateway to a replica.
    Send(Visit),
    /// A replica has done what a request asks for.
    Done(u64),
    /// Somebody pulls the plug.
    Kill(Slot),
    /// The process is gone.
    Die(LifeId),
}

/// At which moment of a request the plug is pulled, once its time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// While a request is being served there, or on the way to it.
    Serving,
    /// Just before the next request is sent there: it will be refused.
    Asking,
}

/// The nodes of the built-in presets.
pub(super) struct Places {
    pub(super) users: NodeId,
    pub(super) gate: NodeId,
    pub(super) shop: NodeId,
    pub(super) store: Option<NodeId>,
}

pub(crate) struct World {
    pub(crate) now_us: u64,
    pub(super) preset: Preset,
    pub(super) places: Places,
    cluster: Cluster,
    queue: BTreeMap<(u64, u64), Happening>,
    sequence: u64,
    pub(super) processes: BTreeMap<LifeId, Process>,
    pids: u32,
    published: Arc<Snapshot>,
    /// Spans that have arrived and were not taken yet.
    arrived: Vec<Span>,
    pub(super) people: Vec<Person>,
    /// Requests in a replica, by number.
    pub(super) visits: BTreeMap<u64, Visit>,
    pub(super) rng: ChaCha8Rng,
    /// For round robin, and for ids that are never given twice.
    pub(super) turn: usize,
    pub(super) ids: u64,
    pub(super) plug: Option<(Slot, Moment, u64)>,
}

impl World {
    /// A run of a preset, which begins at once.
    pub(crate) fn new(preset: Preset) -> Self {
        let find = |is: fn(&Role) -> bool| preset.topology.nodes().find(|node| is(&node.role)).map(|it| it.id.clone());
        let places = Places {
            users: find(|role| matches!(role, Role::Users(_))).unwrap(),
            gate: find(|role| matches!(role, Role::Gateway(_))).unwrap(),
            shop: find(|role| matches!(role, Role::Service(_))).unwrap(),
            store: find(|role| matches!(role, Role::Cache(_))),
        };
        let mut world = Self {
            now_us: 0,
            places,
            cluster: Cluster::new(),
            queue: BTreeMap::new(),
            sequence: 0,
            processes: BTreeMap::new(),
            pids: 4_800,
            published: Arc::default(),
            arrived: Vec::new(),
            people: Vec::new(),
            visits: BTreeMap::new(),
            rng: ChaCha8Rng::seed_from_u64(preset.run.seed),
            turn: 0,
            ids: 0,
            plug: None,
            preset,
        };
        let plan = Plan { preset: world.preset.clone(), ..Plan::default() };
        world.control(Input::Command(Command::Start(Box::new(plan))));
        world.publish();
        world.later(0, Happening::Snapshot);
        world.later(0, Happening::Report);
        world
    }

    /// Lets this slot be killed with the first request that comes there so long after the users have begun.
    pub(crate) fn kill(&mut self, slot: Slot, moment: Moment, after_us: u64) {
        self.plug = Some((slot, moment, after_us));
    }

    /// Lets everything happen that is due by this moment.
    pub(crate) fn go_to(&mut self, until_us: u64) {
        while let Some(entry) = self.queue.first_entry().filter(|entry| entry.key().0 <= until_us) {
            self.now_us = entry.key().0;
            let happening = entry.remove();
            self.happen(happening);
        }
        self.now_us = until_us;
    }

    /// The newest snapshot.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.published)
    }

    /// The spans that have arrived since they were last taken.
    pub(crate) fn take_spans(&mut self) -> Vec<Span> {
        std::mem::take(&mut self.arrived)
    }

    pub(super) fn later(&mut self, us: u64, happening: Happening) {
        self.sequence += 1;
        self.queue.insert((self.now_us + us, self.sequence), happening);
    }

    /// Tells the control plane something after this time.
    pub(super) fn tell(&mut self, us: u64, event: Event) {
        self.later(us, Happening::News(event));
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::News(event) => {
                let is_exit = matches!(event, Event::Exited { .. });
                self.control(Input::Event(event));
                // As the real conductor does: an exit is shown at once.
                if is_exit {
                    self.publish();
                }
            }
            Happening::Told(life, view) => self.told(&life, view),
            Happening::Report => self.report(),
            Happening::Snapshot => {
                self.publish();
                self.later(SNAPSHOT_US, Happening::Snapshot);
            }
            Happening::Act(user) => self.act(user),
            Happening::Send(visit) => self.send(visit),
            Happening::Done(number) => self.done(number),
            Happening::Kill(slot) => {
                self.control(Input::Command(Command::Act { act: Act::Kill, on: Target::Slot(slot) }));
            }
            Happening::Die(life) => self.die(&life),
        }
    }

    fn publish(&mut self) {
        self.published = Arc::new(self.cluster.snapshot(self.now_us));
        assert_eq!(self.published.trouble, None);
    }

    fn control(&mut self, input: Input) {
        for effect in self.cluster.handle(self.now_us, input) {
            match effect {
                Effect::Spawn { life } => self.spawn(life),
                Effect::Configure { life, view } => self.later(1_000, Happening::Told(life, view)),
                Effect::Signal { life, signal } => {
                    let at_us = self.now_us;
                    self.tell(0, Event::Signalled { life: life.clone(), signal, at_us });
                    assert_eq!(signal, Signal::Kill, "nothing else is asked for in these stories");
                    self.later(200, Happening::Die(life));
                }
                Effect::Settle { .. }
                | Effect::Release { .. }
                | Effect::Want { .. }
                | Effect::Audit { .. }
                | Effect::LoseData { .. }
                | Effect::Crash { .. } => {}
            }
        }
    }

    fn spawn(&mut self, life: LifeId) {
        self.pids += 1;
        let pid = self.pids;
        self.processes.insert(life.clone(), Process { pid, ..Process::default() });
        self.tell(5_000, Event::Spawned { life: life.clone(), pid });
        self.tell(60_000, Event::Connected { life });
    }

    fn told(&mut self, life: &LifeId, view: Arc<View>) {
        let Some(process) = self.processes.get_mut(life) else { return };
        let (revision, begins) = (view.revision, view.started_us.is_some());
        let is_first = process.view.replace(view).is_none();
        let is_users = *life.node() == self.places.users;
        self.tell(300, Event::Applied { life: life.clone(), revision });
        if is_first {
            let address = (!is_users).then(|| SocketAddr::from(([127, 0, 0, 1], 8_000)));
            self.tell(250_000, Event::Ready { life: life.clone(), address });
        }
        if is_users && begins && self.people.is_empty() {
            self.begin();
        }
    }

    fn report(&mut self) {
        let lives: Vec<LifeId> = self.processes.keys().cloned().collect();
        for life in lives {
            let Some(process) = self.processes.get_mut(&life) else { continue };
            process.totals.at_us = self.now_us;
            self.arrived.append(&mut process.spans);
            let totals = Box::new(process.totals.clone());
            self.control(Input::Event(Event::Totals { life, totals }));
        }
        let lives = self.processes.iter().map(|(life, process)| (life.clone(), process.pid)).collect();
        self.control(Input::Event(Event::Actual { lives }));
        self.control(Input::Event(Event::Tick));
        self.later(REPORT_US, Happening::Report);
    }

    fn die(&mut self, life: &LifeId) {
        // Its sessions, and the spans that it had not sent, go with it.
        self.processes.remove(life);
        self.break_off(life);
        let at_us = self.now_us + 1_300;
        self.tell(1_100, Event::Disconnected { life: life.clone() });
        self.tell(1_300, Event::Exited { life: life.clone(), exit: Exit::Signal(9), at_us });
    }
}
