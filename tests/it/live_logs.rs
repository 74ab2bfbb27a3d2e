//! What real processes wrote, as the snapshot has it: also after they are dead.

use brownout::control::Snapshot;
use brownout::control::snapshot::{Death, Output, OutputLevel, OutputLine};
use brownout::topology::Act;

use crate::support::live::{Live, is_ready, lively, set};

/// What a life wrote.
fn output<'a>(snapshot: &'a Snapshot, life: &str) -> Option<&'a Output> {
    snapshot.outputs.iter().find(|output| output.life.to_string() == life)
}

fn has_line(snapshot: &Snapshot, life: &str, words: &str) -> bool {
    output(snapshot, life).is_some_and(|output| output.lines.iter().any(|line| line.text.contains(words)))
}

#[test]
fn the_last_lines_of_a_killed_replica_can_be_read() {
    let run = Live::start(lively("sticky-sessions"), false, false);
    run.until_all_logged_in();
    let address = run.slot("shop.2").address.unwrap();
    run.act(Act::Kill, "shop.2");
    let dead = run.until("the dead life's output is closed", |snapshot| {
        let dead = output(snapshot, "shop.2#1")?;
        dead.end.is_some().then(|| dead.clone())
    });
    let texts: Vec<&str> = dead.lines.iter().map(|line| &*line.text).collect();
    assert!(texts[0].starts_with("shop.2#1 started as process ") && texts[0].ends_with("role service"), "{texts:?}");
    assert!(texts.contains(&format!("ready, listening on {address}").as_str()), "{texts:?}");
    let (end_us, death) = dead.end.unwrap();
    assert_eq!(death, Death::Killed);
    assert!(dead.lines.is_sorted_by_key(|line| line.at_us) && dead.lines[0].at_us < end_us, "{dead:?}");
    run.until("the gateway's own words", |snapshot| {
        has_line(snapshot, "gate.1#1", "shop.2#1 is given up").then_some(())
    });

    run.act(Act::Restart, "shop.2");
    run.until("the next life writes its own", |snapshot| has_line(snapshot, "shop.2#2", "ready").then_some(()));
    run.act(Act::Terminate, "shop.1");
    run.until("a terminated one says what it does", |snapshot| {
        let last = output(snapshot, "shop.1#1").filter(|output| output.end.is_some())?;
        last.lines.iter().any(|line| line.text.starts_with("draining")).then_some(())
    });
    assert!(
        run.until("the first is still there", |snapshot| output(snapshot, "shop.2#1").cloned()).lines == dead.lines
    );
}

/// The whole log of a redis-server is read too, and what is a warning there is one here.
#[test]
fn what_a_kept_program_writes_is_read_with_its_own_levels() {
    let mut preset = lively("shared-session-store");
    let cache = preset.topology.nodes().find(|node| node.cache().is_some()).unwrap().id.clone();
    set(&mut preset, &format!("{cache}.engine"), "redis");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    let life = format!("{cache}.1#1");
    run.until("redis-server's own words", |snapshot| {
        has_line(snapshot, &life, "Ready to accept connections").then_some(())
    });
    let grave = |line: &OutputLine| line.level == Some(OutputLevel::Warning);
    run.until("a warning", |snapshot| output(snapshot, &life)?.lines.iter().any(grave).then_some(()));
    run.until("a service knows its store", |snapshot| {
        let words = format!("the session store {life} is connected");
        snapshot.outputs.iter().any(|output| output.lines.iter().any(|line| *line.text == *words)).then_some(())
    });
    run.act(Act::Kill, cache.as_str());
    run.until("a service says that it is lost", |snapshot| {
        let words = format!("the session store {life} is lost");
        let has = |output: &Output| output.lines.iter().any(|line| line.text.starts_with(&words));
        snapshot.outputs.iter().any(has).then_some(())
    });
}

#[test]
fn nothing_secret_is_written() {
    let run = Live::start(lively("signed-tokens"), false, false);
    run.until_all_logged_in();
    run.act(Act::Kill, "shop.1");
    run.until_slot("shop.1", |slot| !is_ready(slot));
    run.until("everybody wrote something", |snapshot| {
        let all: Vec<&str> =
            snapshot.outputs.iter().flat_map(|output| output.lines.iter()).map(|line| &*line.text).collect();
        // A run's secret and a session's id are long strings of letters and digits without a gap.
        let is_secret = |word: &str| word.len() >= 24 && word.chars().all(|c| c.is_ascii_alphanumeric());
        let words = || all.iter().flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()));
        assert!(!words().any(is_secret), "{all:?}");
        (all.len() > 8).then_some(())
    });
}
