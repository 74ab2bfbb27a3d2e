//! The start of a run: how long everything may take until it takes requests.

use super::{SECOND, Stage, drawing};
use crate::control::snapshot::Phase;
use crate::topology::{Period, Preset, Program, Role};

/// Brings the clock so many seconds further, and gives what is wrong by then.
fn after(stage: &mut Stage, seconds: u64) -> Option<String> {
    stage.wait(seconds * SECOND);
    stage.snapshot().trouble.clone()
}

#[test]
fn what_is_not_ready_in_half_a_minute_ends_the_run_and_is_named() {
    let mut stage = Stage::new();
    assert_eq!((after(&mut stage, 29), stage.snapshot().phase), (None, Phase::Starting));
    let trouble = after(&mut stage, 1).unwrap();
    assert!(trouble.contains("within 30 s") && trouble.contains("shop.1"), "{trouble}");
}

#[test]
fn a_program_may_take_the_time_that_it_asks_for() {
    let program = Program { ready_within: Period::secs(60), replicas: 2, ..Program::default() };
    let mut topology = drawing(2);
    *topology.role_mut(&"shop".parse().unwrap()).unwrap() = Role::Program(program);
    let mut stage = Stage::starting(Preset { topology, ..Preset::default() });
    assert_eq!((after(&mut stage, 61), stage.snapshot().phase), (None, Phase::Starting));
    let trouble = after(&mut stage, 4).unwrap();
    assert!(trouble.contains("within 65 s") && trouble.contains("shop.2"), "{trouble}");
}
