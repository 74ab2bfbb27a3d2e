//! The spawner with a shell as the program: what it starts, signals, reaps and reports.

use super::*;
use crate::runtime::events::{self, News};

/// Long enough for any of these processes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

struct World {
    spawner: Spawner,
    news: mpsc::Receiver<News>,
    events: Events,
    clock: Clock,
}

fn world(script: &'static [&'static str]) -> World {
    let (queue, news) = events::queue();
    let spawner = Spawner::start(PathBuf::from("/bin/sh"), script).unwrap();
    World { spawner, news, events: Events::new(1, queue), clock: Clock::start() }
}

fn life(text: &str) -> LifeId {
    text.parse().unwrap()
}

impl World {
    fn spawn(&self, name: &str, bootstrap: &str) {
        let (clock, events) = (self.clock, self.events.clone());
        assert!(self.spawner.ask(Request::Spawn { life: life(name), bootstrap: bootstrap.to_owned(), clock, events }));
    }

    fn signal(&self, name: &str, signal: Signal) {
        assert!(self.spawner.ask(Request::Signal { run: 1, life: life(name), signal }));
    }

    async fn next(&mut self) -> Event {
        tokio::time::timeout(PATIENCE, self.news.recv()).await.unwrap().unwrap().event
    }

    async fn spawned(&mut self) -> u32 {
        let Event::Spawned { pid, .. } = self.next().await else { panic!("not spawned") };
        pid
    }

    async fn exited(&mut self) -> Exit {
        loop {
            if let Event::Exited { exit, .. } = self.next().await {
                return exit;
            }
        }
    }

    async fn census(&mut self) -> Vec<(LifeId, u32)> {
        assert!(self.spawner.ask(Request::Census { events: self.events.clone() }));
        loop {
            if let Event::Actual { lives } = self.next().await {
                return lives;
            }
        }
    }
}

/// Whether a process of this id exists, be it stopped or not reaped.
fn exists(pid: u32) -> bool {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::test_kill_process(pid).is_ok()
}

#[tokio::test]
async fn a_process_reads_its_line_and_its_exit_code_is_told() {
    let mut world = world(&["-c", "read line; exit $line"]);
    world.spawn("shop.1#1", "0");
    world.spawned().await;
    assert_eq!(world.exited().await, Exit::Code(0));
    world.spawn("shop.1#2", "7");
    world.spawned().await;
    assert_eq!(world.exited().await, Exit::Code(7));
    assert_eq!(world.census().await, []);
}

#[tokio::test]
async fn the_last_words_of_a_process_that_failed_come_before_its_exit() {
    let mut world = world(&["-c", "for n in 1 2 3 4 5 6 7 8 9; do echo line $n >&2; done; exit 3"]);
    world.spawn("shop.1#1", "");
    world.spawned().await;
    let mut event = world.next().await;
    while let Event::Wrote { .. } = event {
        event = world.next().await;
    }
    let Event::Failed { message, .. } = event else { panic!("no last words but {event:?}") };
    assert!(message.starts_with("line 2") && message.ends_with("line 9"), "{message}");
    assert_eq!(world.exited().await, Exit::Code(3));
}

#[tokio::test]
async fn a_program_that_is_not_there_is_told() {
    let (queue, mut news) = events::queue();
    let spawner = Spawner::start(PathBuf::from("/no/such/program"), &[]).unwrap();
    let events = Events::new(1, queue);
    let request = Request::Spawn { life: life("shop.1#1"), bootstrap: String::new(), clock: Clock::start(), events };
    assert!(spawner.ask(request));
    let event = tokio::time::timeout(PATIENCE, news.recv()).await.unwrap().unwrap().event;
    let Event::SpawnFailed { message, .. } = event else { panic!("{event:?}") };
    assert!(message.contains("/no/such/program"), "{message}");
}

#[tokio::test]
async fn a_stopped_process_can_be_killed_and_a_gone_one_gets_no_signal() {
    let mut world = world(&["-c", "read line; while :; do read line; sleep 60; done"]);
    world.spawn("shop.1#1", "go");
    let pid = world.spawned().await;
    world.signal("shop.1#1", Signal::Pause);
    world.signal("shop.1#1", Signal::Kill);
    let mut signals = Vec::new();
    let mut next = world.next().await;
    while let Event::Signalled { signal, at_us, .. } = next {
        signals.push((signal, at_us));
        next = world.next().await;
    }
    let Event::Exited { exit, at_us, .. } = next else { panic!("{next:?}") };
    assert!(signals.iter().all(|&(_, sent_us)| sent_us <= at_us), "told before it was sent");
    let signals: Vec<Signal> = signals.into_iter().map(|(signal, _)| signal).collect();
    assert_eq!(signals, [Signal::Pause, Signal::Kill]);
    assert_eq!(exit, Exit::Signal(9));
    assert!(!exists(pid));
    world.signal("shop.1#1", Signal::Terminate);
    assert_eq!(world.census().await, [], "no signal was reported for a process that is gone");
}

#[tokio::test]
async fn the_census_names_every_life_with_its_process() {
    let mut world = world(&["-c", "exec sleep 60"]);
    world.spawn("shop.2#1", "");
    world.spawn("shop.1#4", "");
    let (second, first) = (world.spawned().await, world.spawned().await);
    assert_eq!(world.census().await, [(life("shop.1#4"), first), (life("shop.2#1"), second)]);
    world.signal("shop.2#1", Signal::Terminate);
    assert_eq!(world.exited().await, Exit::Signal(15));
}

/// The parent-death signal is sent when the *thread* that started a child ends.
#[tokio::test]
async fn the_thread_that_starts_processes_lives_until_all_are_gone() {
    let mut world = world(&["-c", "exec sleep 60"]);
    for slot in 1..=20 {
        world.spawn(&format!("shop.{slot}#1"), "");
    }
    let mut pids = Vec::new();
    for _ in 0..20 {
        pids.push(world.spawned().await);
    }
    for slot in (1..=20).step_by(2) {
        world.signal(&format!("shop.{slot}#1"), Signal::Pause);
    }
    assert_eq!(world.census().await.len(), 20);
    let World { spawner, .. } = world;
    tokio::task::spawn_blocking(move || drop(spawner)).await.unwrap();
    assert_eq!(pids.into_iter().filter(|&pid| exists(pid)).count(), 0, "reaped, stopped ones too");
}

#[tokio::test]
async fn a_process_that_writes_without_end_is_read_at_a_bounded_pace_and_can_be_killed() {
    let mut world = world(&["-c", "exec yes some words >&2"]);
    world.spawn("shop.1#1", "");
    world.spawned().await;
    let mut read = 0;
    while read < 5_000 {
        let Event::Wrote { lines, .. } = world.next().await else { panic!("it only writes") };
        assert!(lines.len() <= 2_000, "one read is bounded, not {}", lines.len());
        read += lines.len();
    }
    world.signal("shop.1#1", Signal::Kill);
    assert_eq!(world.exited().await, Exit::Signal(9));
}
