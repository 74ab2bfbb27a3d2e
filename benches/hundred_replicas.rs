//! What a hundred replicas cost: from *Run* to all ready, against the bare start and exit of a hundred node processes in
//! the same run of this benchmark; and the memory of each.
//!
//! Rounds of both are interleaved, so that whatever else the machine does hits both alike. `cargo bench --bench
//! hundred_replicas`; the first argument changes the number of rounds.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a benchmark starts processes and reads clocks"
)]
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use brownout::control::snapshot::Phase;
use brownout::control::{Command, Plan, Snapshot};
use brownout::runtime::{Handle, Options};
use brownout::topology::{Gateway, Link, Node, Preset, Role, Service, Topology, Users};
use brownout::wire::{Bootstrap, PROTOCOL};

const REPLICAS: u32 = 100;
/// At most this many times the bare start and exit.
const TARGET_RATIO: f64 = 3.0;
/// Less than this much memory for each replica.
const TARGET_KIB: u64 = 1024;
const PATIENCE: Duration = Duration::from_secs(60);

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    // Cargo hands on `--bench`; a number is the rounds.
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(9);
    let program = Path::new(env!("CARGO_BIN_EXE_brownout"));
    let (mut bare, mut ready, mut stop, mut memory) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 1..=rounds {
        bare.push(bare_start_and_exit(program)?);
        let run = run_to_ready_and_stop(program)?;
        ready.push(run.ready);
        stop.push(run.stop);
        memory.extend(run.pss_kib);
        println!(
            "round {round}: bare {:.0} ms, ready {:.0} ms, stopped {:.0} ms",
            milliseconds(*bare.last().ok_or("no round")?),
            milliseconds(run.ready),
            milliseconds(run.stop)
        );
    }
    let (bare, ready, stop) = (median(&mut bare)?, median(&mut ready)?, median(&mut stop)?);
    println!("{REPLICAS} processes, bare start and exit: {:.0} ms (median of {rounds})", milliseconds(bare));
    println!("Run to all ready: {:.0} ms; Stop to none left: {:.0} ms", milliseconds(ready), milliseconds(stop));
    let ratio = ready.as_secs_f64() / bare.as_secs_f64();
    println!("ratio: {ratio:.2} (target: at most {TARGET_RATIO}){}", verdict(ratio <= TARGET_RATIO));
    if let Some(&most) = memory.iter().max() {
        let middle = median(&mut memory)?;
        println!(
            "proportional set size of a replica: median {middle} KiB, most {most} KiB (target: under {TARGET_KIB}){}",
            verdict(most < TARGET_KIB)
        );
    }
    Ok(())
}

fn verdict(reached: bool) -> &'static str {
    if reached { "" } else { " MISSED" }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn median<T: Ord + Copy>(values: &mut [T]) -> Outcome<T> {
    values.sort_unstable();
    values.get(values.len() / 2).copied().ok_or_else(|| "nothing was measured".into())
}

/// Starts a hundred nodes; each says hello, is hung up on, and exits.
fn bare_start_and_exit(program: &Path) -> Outcome<Duration> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let control = listener.local_addr()?;
    let begun = Instant::now();
    let hellos = std::thread::spawn(move || -> std::io::Result<()> {
        for _ in 0..REPLICAS {
            let (stream, _) = listener.accept()?;
            stream.set_read_timeout(Some(PATIENCE))?;
            BufReader::new(stream).read_line(&mut String::new())?;
        }
        Ok(())
    });
    let mut children = Vec::new();
    for slot in 1..=REPLICAS {
        let bootstrap = Bootstrap {
            protocol: PROTOCOL,
            control,
            token: "none".to_owned(),
            life: format!("shop.{slot}#1").parse()?,
            parent_pid: std::process::id(),
        };
        let mut child = Process::new(program)
            .arg("node")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            writeln!(stdin, "{}", serde_json::to_string(&bootstrap)?)?;
        }
        children.push(child);
    }
    for child in &mut children {
        child.wait()?;
    }
    hellos.join().map_err(|_| "the listener failed")??;
    Ok(begun.elapsed())
}

struct Measured {
    ready: Duration,
    stop: Duration,
    pss_kib: Vec<u64>,
}

/// Users, a gateway and a hundred replicas, from *Run* to all ready and from *Stop* to none left.
fn run_to_ready_and_stop(program: &Path) -> Outcome<Measured> {
    let handle = Handle::start(Options::new(program.to_owned()))?;
    let begun = Instant::now();
    let (preset, name) = (preset()?, "hundred-replicas".to_owned());
    handle.send(Command::Start(Box::new(Plan { name, preset, ..Plan::default() })));
    let running = reach(&handle, Phase::Running)?;
    let ready = begun.elapsed();
    let replicas = running.nodes.iter().filter(|node| node.id.as_str() == "shop").flat_map(|node| &node.slots);
    let pss_kib = replicas.filter_map(|slot| pss_kib(slot.pid?)).collect();
    let begun = Instant::now();
    handle.send(Command::Stop);
    reach(&handle, Phase::Finished)?;
    Ok(Measured { ready, stop: begun.elapsed(), pss_kib })
}

fn reach(handle: &Handle, phase: Phase) -> Outcome<std::sync::Arc<Snapshot>> {
    let begun = Instant::now();
    let mut snapshot = handle.snapshot();
    while snapshot.phase != phase {
        if let Some(trouble) = &snapshot.trouble {
            return Err(trouble.clone().into());
        }
        if begun.elapsed() > PATIENCE {
            return Err(format!("waited for {phase:?} in vain, it is {:?}", snapshot.phase).into());
        }
        snapshot = handle.wait(Duration::from_millis(100));
    }
    Ok(snapshot)
}

fn preset() -> Outcome<Preset> {
    let node = |id: &str, role| -> Outcome<Node> { Ok(Node { id: id.parse()?, role }) };
    let modules = vec![serde_json::from_value(serde_json::json!({
        "name": "cart",
        "operation": [{ "name": "view", "steps": [{ "wait": "1ms" }] }]
    }))?];
    let users = Users { journey: vec!["cart.view".parse()?], ..Users::default() };
    let shop = Service { modules: vec!["cart".parse()?], replicas: REPLICAS, ..Service::default() };
    let nodes = vec![
        node("shoppers", Role::Users(users))?,
        node("gate", Role::Gateway(Gateway::default()))?,
        node("shop", Role::Service(shop))?,
    ];
    let link = |from: &str, to: &str| -> Outcome<Link> { Ok(Link { from: from.parse()?, to: to.parse()? }) };
    let links = vec![link("shoppers", "gate")?, link("gate", "shop")?];
    let (topology, _, _) = Topology::new(modules, nodes, links);
    Ok(Preset { title: "A hundred replicas".to_owned(), topology, ..Preset::default() })
}

/// Proportional set size, where the system tells it.
fn pss_kib(pid: u32) -> Option<u64> {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
