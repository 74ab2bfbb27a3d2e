//! What the arguments ask for, and what is kept of long runs.

use super::*;
use crate::topology::{builtin, format};

fn preset() -> Preset {
    format::read(builtin::by_name("sticky-sessions").unwrap().text).unwrap().into_preset()
}

fn at(now_s: u64) -> Arc<Snapshot> {
    Arc::new(Snapshot { now_us: now_s * 1_000_000, started_us: Some(0), ..Snapshot::default() })
}

fn stills(stills: &[&str]) -> PictureArguments {
    PictureArguments { stills: stills.iter().map(|text| still(text).unwrap()).collect(), ..PictureArguments::default() }
}

#[test]
fn a_moving_picture_begins_before_the_first_fault_and_ends_with_the_run() {
    let preset = preset();
    let first_us = preset.scenario.iter().map(|step| step.at.as_micros()).min().unwrap();
    let mut arguments = PictureArguments { gif: Some("a.gif".into()), gif_for: USUAL, ..PictureArguments::default() };
    let scene = |arguments: &PictureArguments, preset: &Preset| {
        let footage = Footage::plan(arguments, preset).unwrap();
        (footage.scenes[0].from_us, footage.scenes[0].to_us)
    };
    let end_us = preset.run.duration.as_micros();
    assert_eq!(scene(&arguments, &preset), (first_us - BEFORE_US, (first_us + 10_000_000).min(end_us)));
    let calm = Preset { scenario: Vec::new(), ..preset.clone() };
    assert_eq!(scene(&arguments, &calm), (0, 12_000_000));
    arguments.gif_from = Some(preset.run.duration);
    assert_eq!(scene(&arguments, &preset), (end_us, end_us));
    arguments.gif_for = Period::secs(61);
    assert!(Footage::plan(&arguments, &preset).is_err_and(|message| message.contains("1m")));
}

#[test]
fn what_makes_no_sense_is_refused_before_the_run() {
    assert!(still("10.1s").is_err() && still("10:a.png").is_err() && still("10s:a.jpg").is_err());
    assert!(still("10s:a.PNG").is_ok() && gif_path("a.png").is_err());
    assert!(Footage::plan(&stills(&["1s:a.png", "2s:a.png"]), &preset()).is_err());
    assert!(Footage::plan(&stills(&["5m:a.png"]), &preset()).is_err_and(|message| message.contains("5m")));
    assert!(Footage::plan(&stills(&["1s:a.png"; 65]), &preset()).is_err());
}

#[test]
fn of_an_hour_only_what_is_drawn_is_kept() {
    let mut preset = preset();
    preset.run.duration = Period::secs(3600);
    let mut footage = Footage::plan(&stills(&["1s:a.png", "3599s:b.png"]), &preset).unwrap();
    for now_s in 0..3605 {
        footage.observe(&at(now_s), &[]);
    }
    let kept: Vec<_> = footage.scenes.iter().map(|scene| scene.recording.span_us().unwrap()).collect();
    assert_eq!((kept[0].1, kept[1].1), (3_000_000, 3_601_000_000));
    assert!(kept.iter().all(|(first_us, last_us)| last_us - first_us <= LEAD_US + LATE_US), "{kept:?}");
}

#[test]
fn a_run_that_ended_before_the_moment_gives_no_picture_of_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    let argument = format!("9s:{}", path.display());
    let mut footage = Footage::plan(&stills(&[&argument]), &preset()).unwrap();
    footage.observe(&at(5), &[]);
    let errors = footage.draw(&preset());
    assert!(matches!(errors.as_slice(), [FootageError::TooLate { .. }]), "{errors:?}");
    assert!(!path.exists());
}
