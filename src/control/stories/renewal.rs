//! A program that was started before a link of its was drawn is started anew, beside its old life.

use super::*;
use crate::topology::Program;

/// The shop, and a program that may be linked to the store.
fn drawn(linked: bool) -> Topology {
    let mut drawing = drawing(2);
    let program = Program { command: vec!["count".to_owned()], ..Program::default() };
    drawing.add_node(Node { id: "count".parse().unwrap(), role: Role::Program(program) }).unwrap();
    if linked {
        drawing.add_link(Link { from: "count".parse().unwrap(), to: "shop".parse().unwrap() }).unwrap();
    }
    drawing
}

fn begins(effects: &[Effect], id: &str) -> bool {
    effects.contains(&Effect::Spawn { life: life(id) })
}

fn ends(effects: &[Effect], id: &str) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Signal { life: ended, .. } if *ended == life(id)))
}

/// Everything runs, and the program was started with this drawing.
fn running(linked: bool) -> Stage {
    let mut stage = Stage::running();
    stage.command(Command::Apply(Box::new(drawn(linked))));
    stage.come_up("count.1#1");
    stage
}

#[test]
fn the_next_life_is_ready_before_the_old_one_goes() {
    let mut stage = running(false);
    let effects = stage.command(Command::Apply(Box::new(drawn(true))));
    assert!(begins(&effects, "count.1#2") && !ends(&effects, "count.1#1"), "{effects:?}");
    assert!(stage.says("cannot learn of a link"));
    stage.event(Event::Spawned { life: life("count.1#2"), pid: 9 });
    stage.event(Event::Connected { life: life("count.1#2") });
    let address = Some(SocketAddr::from(([127, 0, 0, 1], 9_000)));
    let effects = stage.event(Event::Ready { life: life("count.1#2"), address });
    assert!(ends(&effects, "count.1#1"), "{effects:?}");
    assert!(!begins(&stage.wait(SECOND), "count.1#3"));
}

#[test]
fn a_next_life_that_does_not_come_up_leaves_the_old_one_at_work() {
    let mut stage = running(false);
    stage.command(Command::Apply(Box::new(drawn(true))));
    stage.event(Event::Spawned { life: life("count.1#2"), pid: 9 });
    stage.event(Event::Connected { life: life("count.1#2") });
    stage.event(Event::Exited { life: life("count.1#2"), exit: Exit::Code(1), at_us: stage.now_us });
    let effects = stage.event(Event::Disconnected { life: life("count.1#2") });
    assert!(!begins(&effects, "count.1#3") && !ends(&effects, "count.1#1"), "{effects:?}");
    assert!(stage.says("count.1#1 goes on without the link") && stage.says("terminate count.1"));
    let later = stage.wait(20 * SECOND);
    assert!(!begins(&later, "count.1#3") && !ends(&later, "count.1#1"), "{later:?}");
}

#[test]
fn a_link_that_is_taken_out_restarts_nothing() {
    let mut stage = running(true);
    let effects = stage.command(Command::Apply(Box::new(drawn(false))));
    assert!(!begins(&effects, "count.1#2"), "{effects:?}");
}
