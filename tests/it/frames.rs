//! The kill, second by second: the choreography of a kill as snapshots of what is seen 0.1, 1, 3 and 9 seconds after it, and
//! what must hold in every frame between. `BROWNOUT_BLESS=1` writes the snapshots anew.

mod laws;
mod reading;
mod seen;
mod shoppers;
mod stamp;
mod story;
mod world;

use std::path::Path;

use story::Story;
use world::Moment;

const MEMORY: Story = Story { name: "memory", preset: "sticky-sessions", kills: "shop.2", moment: Moment::Serving };
const STORE: Story = Story { name: "store", preset: "shared-session-store", kills: "shop.2", moment: Moment::Asking };
const TOKEN: Story = Story { name: "token", preset: "signed-tokens", kills: "carts.1", moment: Moment::Serving };
const SCATTERED: Story =
    Story { name: "scattered", preset: "scattered-sessions", kills: "shop.2", moment: Moment::Serving };
const STORE_ITSELF: Story =
    Story { name: "store-itself", preset: "shared-session-store", kills: "sessions.1", moment: Moment::Serving };

/// The moments of the frames, in microseconds after the kill.
const MOMENTS_US: [u64; 4] = [100_000, 1_000_000, 3_000_000, 9_000_000];

/// Compares a story's frames with those in its file.
fn check(story: Story) {
    let mut text = format!("{}, {} killed\n", story.preset, story.kills);
    let mut taken = 0;
    story.play(|frame| {
        let due = MOMENTS_US.get(taken).is_some_and(|at_us| frame.since_kill_us.is_some_and(|us| us >= *at_us));
        if due {
            text.push_str(&format!("\n--- {} s after the kill\n", MOMENTS_US[taken] as f64 / 1e6));
            text.push_str(&reading::read(&seen::look(&frame.sheet), &frame.score));
            taken += 1;
        }
    });
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/frames/{}.txt", story.name));
    if std::env::var_os("BROWNOUT_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(known == text, "{} differs.\n=== in the file:\n{known}\n=== seen now:\n{text}", path.display());
}

#[test]
fn sessions_in_memory_die_with_their_replica() {
    check(MEMORY);
}

#[test]
fn sessions_in_a_store_outlive_a_replica() {
    check(STORE);
}

#[test]
fn with_tokens_only_the_carts_die_with_their_store() {
    check(TOKEN);
}

#[test]
fn scattered_sessions_are_lost_before_and_after_a_kill() {
    check(SCATTERED);
}

#[test]
fn the_store_takes_every_session_with_it() {
    check(STORE_ITSELF);
}
