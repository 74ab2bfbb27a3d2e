//! Reset by its key, through the window and with real processes: everything runs again, from the beginning.

#![expect(clippy::print_stdout, reason = "how long a reset takes is to be read")]

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use brownout::app::{App, Backend};
use brownout::control::snapshot::Phase;
use brownout::control::{Command, Snapshot};
use brownout::runtime::{Handle, Options};
use brownout::telemetry::Span;
use egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use crate::support::live::PATIENCE;
use crate::support::program::BROWNOUT;
use crate::ui::Window;
use crate::ui::script::opening;

/// A real system that the test looks at, too.
#[derive(Clone)]
struct Watched(Rc<Handle>);

impl Backend for Watched {
    fn send(&self, command: Command) {
        self.0.send(command);
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot()
    }

    fn take_spans(&self) -> Vec<Span> {
        self.0.take_spans()
    }
}

impl Watched {
    /// Draws a frame whenever there is news, until the system is as it should be. How long that took.
    fn until(&self, harness: &mut Harness<'_, Window>, what: &str, look: impl Fn(&Snapshot) -> bool) -> Duration {
        let begun = Instant::now();
        loop {
            harness.step();
            if look(&self.0.snapshot()) {
                return begun.elapsed();
            }
            assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}: {:#?}", self.0.snapshot());
            self.0.wait(Duration::from_millis(16));
        }
    }
}

#[test]
fn reset_by_its_key_runs_everything_again_from_the_beginning() {
    let watched = Watched(Rc::new(Handle::start(Options::new(PathBuf::from(BROWNOUT))).unwrap()));
    let backend = watched.clone();
    let frame = move |ui: &mut egui::Ui, app: &mut Window| {
        let app = app.get_or_insert_with(|| App::new(ui.ctx(), opening(), Box::new(backend.clone())));
        app.advance(ui.ctx());
        app.show(ui);
    };
    let mut harness = Harness::builder().with_size(vec2(1280.0, 800.0)).build_ui_state(frame, None);
    harness.step();
    harness.get_by_label("Run").click();
    watched.until(&mut harness, "everybody is logged in", |now| now.sessions.open == 30);
    for round in 1..=3 {
        let before = watched.0.snapshot();
        harness.key_press(Key::R);
        let over = watched.until(&mut harness, "the old run is over", |now| now.now_us < before.now_us);
        let ready = watched.until(&mut harness, "everything is ready", |now| now.phase == Phase::Running);
        let asks = watched.until(&mut harness, "somebody asks again", |now| now.total.issued > 0);
        let now = watched.0.snapshot();
        assert!(now.faults.is_empty() && now.trouble.is_none());
        println!(
            "reset {round}: begun anew after {over:.0?}, ready {ready:.0?} later, first request {asks:.0?} later; \
             from key to running {:.0?}",
            over + ready
        );
    }
}
