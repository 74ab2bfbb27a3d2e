//! Reset by its key, through the window and with real processes: everything runs again, from the beginning.

#![expect(clippy::print_stdout, reason = "how long a reset takes is to be read")]

use std::time::{Duration, Instant};

use brownout::control::Snapshot;
use brownout::control::snapshot::Phase;
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use crate::support::live::PATIENCE;
use crate::support::shared::Shared;
use crate::ui::Window;

/// Draws a frame whenever there is news, until the system is as it should be. How long that took.
fn until(system: &Shared, harness: &mut Harness<'_, Window>, what: &str, look: impl Fn(&Snapshot) -> bool) -> Duration {
    let begun = Instant::now();
    loop {
        harness.step();
        if look(&system.0.snapshot()) {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}: {:#?}", system.0.snapshot());
        system.0.wait(Duration::from_millis(16));
    }
}

#[test]
fn reset_by_its_key_runs_everything_again_from_the_beginning() {
    let system = Shared::start();
    let mut harness = system.window(0.25);
    harness.step();
    harness.get_by_label("Run").click();
    until(&system, &mut harness, "everybody is logged in", |now| now.sessions.open == 30);
    for round in 1..=3 {
        let before = system.0.snapshot();
        harness.key_press(Key::R);
        let over = until(&system, &mut harness, "the old run is over", |now| now.now_us < before.now_us);
        let ready = until(&system, &mut harness, "everything is ready", |now| now.phase == Phase::Running);
        let asks = until(&system, &mut harness, "somebody asks again", |now| now.total.issued > 0);
        let now = system.0.snapshot();
        assert!(now.faults.is_empty() && now.trouble.is_none());
        println!(
            "reset {round}: begun anew after {over:.0?}, ready {ready:.0?} later, first request {asks:.0?} later; \
             from key to running {:.0?}",
            over + ready
        );
    }
}
