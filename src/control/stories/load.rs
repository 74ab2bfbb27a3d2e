//! Stories of the load's shape: ramps, settings that go back, and spikes.

use super::*;
use crate::topology::{Arrivals, Period, ScenarioStep};

fn step(at_s: u64, with: &[(&str, &str)], lasts: Option<u64>, over: Option<u64>) -> ScenarioStep {
    let with = with.iter().map(|&(key, value)| (key.to_owned(), value.to_owned()));
    ScenarioStep {
        at: Period::secs(at_s),
        lasts: lasts.map(Period::secs),
        over: over.map(Period::secs),
        act: Act::Set(with.collect()),
        on: "shoppers".parse().unwrap(),
    }
}

fn playing(scenario: Vec<ScenarioStep>) -> Stage {
    Stage::running_as(Preset { topology: drawing(2), scenario, ..Preset::default() })
}

fn shoppers(stage: &Stage) -> Users {
    stage.cluster.topology.node(&"shoppers".parse().unwrap()).unwrap().users().unwrap().clone()
}

/// Lets time pass in small steps and answers with who was told something.
fn told_during(stage: &mut Stage, us: u64) -> Vec<String> {
    let mut told = Vec::new();
    for _ in 0..us / (100 * MS) {
        stage.now_us += 100 * MS;
        for effect in stage.event(Event::Tick) {
            if let Effect::Configure { life, .. } = effect {
                told.push(life.to_string());
            }
        }
    }
    told
}

#[test]
fn a_ramp_goes_there_evenly_and_tells_only_the_users() {
    let mut stage = playing(vec![step(1, &[("users", "12"), ("think", "3s")], None, Some(10))]);
    told_during(&mut stage, SECOND);
    let lines = stage.snapshot().log.len();
    let told = told_during(&mut stage, 5 * SECOND);
    assert!((20..30).contains(&told.len()) && told.iter().all(|life| life == "shoppers.1#1"), "{told:?}");
    let (users, think_ms) = (shoppers(&stage).users, shoppers(&stage).think.as_micros() / 1_000);
    assert!((6..=7).contains(&users) && (1_900..=2_000).contains(&think_ms), "{users} users, {think_ms} ms");
    told_during(&mut stage, 6 * SECOND);
    assert_eq!((shoppers(&stage).users, shoppers(&stage).think), (12, Period::secs(3)));
    assert!(told_during(&mut stage, 2 * SECOND).is_empty(), "it has arrived");
    assert!(stage.snapshot().log.len() <= lines + 1, "one line, not one for each step: {:?}", stage.snapshot().log);
}

#[test]
fn what_a_ramp_has_come_to_is_told() {
    let mut stage = playing(vec![step(1, &[("think", "3s")], None, Some(10))]);
    assert!(stage.snapshot().settings.is_empty(), "all is as drawn");
    told_during(&mut stage, 6 * SECOND);
    let settings = stage.snapshot().settings;
    let [think] = settings.as_ref() else { panic!("{settings:?}") };
    assert_eq!((think.node.as_str(), think.key.as_str()), ("shoppers", "think"));
    assert_eq!(think.value, shoppers(&stage).think.to_string());
    told_during(&mut stage, 6 * SECOND);
    assert_eq!(stage.snapshot().settings[0].value, "3s");
}

#[test]
fn what_is_set_for_a_while_goes_back_to_what_it_was_before_all_of_it() {
    let first = step(1, &[("users", "20")], Some(4), None);
    let second = step(3, &[("users", "30")], Some(4), Some(1));
    let mut stage = playing(vec![first, second]);
    told_during(&mut stage, 2 * SECOND);
    assert_eq!(shoppers(&stage).users, 20);
    told_during(&mut stage, 4 * SECOND);
    assert_eq!(shoppers(&stage).users, 30, "the second took over");
    told_during(&mut stage, 2 * SECOND);
    assert_eq!(shoppers(&stage).users, 2);
}

#[test]
fn a_ramp_without_a_beginning_is_skipped() {
    let mut stage = playing(vec![step(1, &[("arrivals", "50/s")], None, Some(2))]);
    told_during(&mut stage, 5 * SECOND);
    assert_eq!(shoppers(&stage).arrivals, Arrivals::None);
    assert!(stage.snapshot().log.iter().any(|line| line.text.contains("skipped: ")), "{:?}", stage.snapshot().log);
}

#[test]
fn a_spike_is_five_times_the_pace_for_five_seconds_and_no_edit() {
    let mut stage = Stage::running();
    let tempo = |stage: &Stage| stage.cluster.view.as_ref().map(|view| view.tempo);
    let drawn = shoppers(&stage);
    stage.command(Command::Pace(Pace::new(2.0).unwrap()));
    assert_eq!(stage.command(Command::Spike).len(), 1, "only users act");
    assert_eq!((tempo(&stage), stage.snapshot().pace), (Some(10.0), Pace::new(2.0).unwrap()));
    told_during(&mut stage, 3 * SECOND);
    assert!(stage.command(Command::Spike).is_empty(), "it goes on, only for longer");
    told_during(&mut stage, 3 * SECOND);
    assert!(stage.snapshot().spike_until_us.is_some());
    told_during(&mut stage, 3 * SECOND);
    assert_eq!((tempo(&stage), stage.snapshot().spike_until_us), (Some(2.0), None));
    assert_eq!(shoppers(&stage), drawn);
}
