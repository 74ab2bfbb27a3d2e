//! What is shown again is what was shown.

use proptest::prelude::*;

use super::*;
use crate::control::snapshot::{FaultState, Holder, Phase, UserState};
use crate::scene::Picture;
use crate::scene::dots::Dots;
use crate::scene::dots::tests::{request, sticky};
use crate::telemetry::{Cause, Outcome};

/// Frames and news both come every 20 ms.
const STEP_US: u64 = 20_000;

fn user(items_lost: u32) -> UserState {
    UserState {
        node: "shoppers".parse().unwrap(),
        user: 7,
        session: None,
        holder: Holder::None,
        items: 0,
        losses: items_lost,
        items_lost,
        logged_out: false,
    }
}

/// A run in which shop.2 is killed after five seconds and user 7 loses three items half a second later.
fn snapshot(now_us: u64) -> Arc<Snapshot> {
    let kill = FaultState {
        at_us: 5_000_000,
        kind: "kill",
        on: "shop.2".into(),
        life: Some("shop.2#1".parse().unwrap()),
        held: None,
        noticed_after_ms: None,
        recovered_after_ms: None,
        lifted_us: None,
    };
    let faults = if now_us >= kill.at_us { vec![kill] } else { Vec::new() };
    let users = vec![user(if now_us >= 5_500_000 { 3 } else { 0 })];
    Arc::new(Snapshot {
        phase: Phase::Running,
        now_us,
        faults: faults.into(),
        users: users.into(),
        ..Snapshot::default()
    })
}

/// What was on the screen.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    display_us: u64,
    shown_us: u64,
    dots: Dots,
    losses: crate::scene::people::RecentLosses,
}

impl Seen {
    fn of(picture: &Picture) -> Self {
        Self {
            display_us: picture.playback.display_us(),
            shown_us: picture.playback.shown().now_us,
            dots: picture.dots.clone(),
            losses: picture.losses.clone(),
        }
    }
}

/// A run watched live: requests that began at these steps, whose spans came that many steps after.
fn watch(requests: &[(u64, u64)], steps: u64) -> (Vec<Seen>, Recording) {
    let (mut picture, mut recording, mut seen) = (Picture::default(), Recording::new(20_000_000), Vec::new());
    for step in 0..steps {
        let arrived = (1..).zip(requests).filter(|(_, (began, later))| began + later == step);
        let spans: Vec<Span> = arrived
            .flat_map(|(trace, (began, _))| {
                let bad = trace % 3 == 0;
                let outcome = if bad { Outcome::Failed(Cause::UnknownSession) } else { Outcome::Ok };
                request(trace, began * STEP_US, outcome)
            })
            .collect();
        let snapshot = snapshot(step * STEP_US);
        picture.advance(Arc::clone(&snapshot), spans.clone(), STEP_US as f32 / 1e6);
        recording.record(&snapshot, spans, picture.playback.display_us());
        picture.draw(&sticky());
        seen.push(Seen::of(&picture));
    }
    (seen, recording)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_replay_shows_what_was_shown_at_the_same_moment(
        requests in prop::collection::vec((0_u64..480, 1_u64..90), 1..60),
        from in 60_usize..400,
    ) {
        let (live, recording) = watch(&requests, 500);
        let mut replay = recording.replay(live[from].display_us);
        replay.end_at(live[499].display_us);
        replay.advance(&sticky(), 0.0);
        for expected in &live[from..] {
            prop_assert_eq!(&Seen::of(&replay.picture), expected);
            replay.advance(&sticky(), STEP_US as f64 / 1e6);
        }
    }
}

#[test]
fn requests_that_became_known_in_turn_while_the_clock_stood_still_wait_in_that_turn() {
    let (live, recording) = watch(&[(0, 5), (0, 1)], 100);
    let mut replay = recording.replay(live[60].display_us);
    replay.advance(&sticky(), 0.0);
    assert_eq!(&Seen::of(&replay.picture), &live[60]);
}

#[test]
fn the_first_frame_of_a_replay_has_its_dots_and_its_losses_in_place() {
    let requests: Vec<(u64, u64)> = (0..450).map(|step| (step, 5)).collect();
    let (live, recording) = watch(&requests, 500);
    let expected = live.iter().find(|seen| seen.shown_us >= 5_600_000).unwrap();
    let mut replay = recording.replay(expected.display_us);
    assert!(replay.advance(&sticky(), 0.0));
    assert!(expected.dots.dots.len() > 10, "{}", expected.dots.dots.len());
    assert_eq!(&Seen::of(&replay.picture), expected);
}

#[test]
fn shown_slower_it_is_the_same_and_it_ends() {
    let (live, recording) = watch(&[(250, 5)], 500);
    let mut replay = recording.replay(4_500_000);
    replay.end_at(6_000_000);
    let mut frames = 0;
    while replay.advance(&sticky(), STEP_US as f64 / 8e6) {
        frames += 1;
        if let Some(same) = live.iter().find(|seen| seen.display_us == replay.display_us()) {
            assert_eq!(&Seen::of(&replay.picture), same);
        }
    }
    assert_eq!((frames, replay.display_us()), (600, 6_000_000));
}

#[test]
fn what_is_older_than_asked_for_is_forgotten_and_a_new_run_begins_anew() {
    let mut recording = Recording::new(2_000_000);
    for now_us in (0..60_000_000).step_by(100_000) {
        recording.snapshot(&snapshot(now_us));
        recording.spans(request(u128::from(now_us), now_us, Outcome::Ok));
    }
    assert!(recording.pieces.len() < 200, "{}", recording.pieces.len());
    assert_eq!((recording.span_us(), recording.dropped()), (Some((57_900_000, 59_900_000)), 0));
    recording.snapshot(&snapshot(0));
    assert_eq!((recording.pieces.len(), recording.spans, recording.span_us()), (1, 0, Some((0, 0))));
}

#[test]
fn too_many_spans_are_dropped_and_counted() {
    let mut recording = Recording::new(u64::MAX / 2);
    recording.snapshot(&snapshot(0));
    let spans: Vec<Span> = (0..2_000).flat_map(|trace| request(trace, 0, Outcome::Ok)).collect();
    for _ in 0..=MOST_SPANS / spans.len() {
        recording.spans(&spans[..]);
    }
    assert!(recording.spans <= MOST_SPANS && recording.dropped() >= spans.len() as u64);
}

#[test]
fn the_last_fault_is_shown_from_before_it_until_everybody_is_back() {
    let mut recording = Recording::new(20_000_000);
    assert_eq!(recording.last_wave(), None);
    for now_us in (0..40_000_000).step_by(50_000) {
        let mut snapshot = Snapshot::clone(&snapshot(now_us));
        snapshot.sessions.doomed = u64::from((5_100_000..7_000_000).contains(&now_us));
        recording.snapshot(&Arc::new(snapshot));
        let wave = recording.last_wave();
        let expected = match now_us {
            0..5_000_000 => None,
            // From the moment that can no longer be shown from its beginning.
            25_050_000.. => None,
            _ => Some((4_500_000, if now_us < 8_500_000 { now_us } else { 8_500_000 })),
        };
        assert_eq!(wave.map(|wave| (wave.from_us, wave.until_us)), expected, "at {now_us}");
    }
}

#[test]
fn without_a_recording_there_is_nothing_to_show() {
    let mut replay = Recording::new(1).replay(5);
    assert!(!replay.advance(&sticky(), 1.0));
    assert!(replay.picture.dots.dots.is_empty());
}
