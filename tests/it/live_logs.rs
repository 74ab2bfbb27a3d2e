//! What real processes wrote, as the snapshot has it: also after they are dead.

use brownout::control::Snapshot;
use brownout::control::snapshot::{Death, Output};
use brownout::topology::Act;

use crate::support::live::{Live, lively};

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
