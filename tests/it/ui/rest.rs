//! How much the window does when there is little to do: nothing when nothing moves, frames while something does, and while
//! it is hidden only what keeps it up to date.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use brownout::app::App;
use brownout::control::snapshot::Phase;
use egui::{ViewportId, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::Window;
use super::script::{Script, opening, running};

/// When the window wants its next frame.
fn next_frame(harness: &Harness<'static, Window>) -> Duration {
    harness.output().viewport_output[&ViewportId::ROOT].repaint_delay
}

/// A window that is hidden as long as it is said to be: then only its logic goes on, as eframe does it.
fn hideable(script: &Script, hidden: &Rc<Cell<bool>>) -> Harness<'static, Window> {
    let (script, hidden) = (script.clone(), Rc::clone(hidden));
    let frame = move |ui: &mut egui::Ui, app: &mut Window| {
        let app = app.get_or_insert_with(|| App::new(ui.ctx(), opening(), Box::new(script.clone())));
        app.advance(ui.ctx());
        if !hidden.get() {
            app.show(ui);
        }
    };
    Harness::builder().with_size(vec2(1280.0, 800.0)).with_step_dt(1.0 / 60.0).build_ui_state(frame, None)
}

#[test]
fn a_window_asks_for_frames_while_something_runs_and_for_none_once_it_is_over() {
    let script = Script::showing(running());
    let mut harness = hideable(&script, &Rc::default());
    let mut now = running();
    for _ in 0..60 {
        now.now_us += 16_667;
        script.show(now.clone());
        harness.step();
        assert!(next_frame(&harness) <= Duration::from_millis(16), "the run goes on");
    }
    now.phase = Phase::Finished;
    now.now_us += 16_667;
    script.show(now);
    // What is still to be shown is shown; then the window rests until somebody does something.
    let rests = (0..600).any(|_| {
        harness.step();
        next_frame(&harness) > Duration::from_secs(1)
    });
    assert!(rests, "{:?}", next_frame(&harness));
}

#[test]
fn a_hidden_window_draws_nothing_and_is_up_to_date_when_it_is_shown() {
    let (script, hidden) = (Script::idle(), Rc::new(Cell::new(false)));
    let mut harness = hideable(&script, &hidden);
    harness.step();
    assert!(!harness.output().shapes.is_empty());
    hidden.set(true);
    let mut now = running();
    for _ in 0..120 {
        now.now_us += 16_667;
        script.show(now.clone());
        harness.step();
        assert!(harness.query_by_label("node shop").is_none());
    }
    hidden.set(false);
    harness.step();
    let cell = harness.get_by_label("replica shop.2");
    assert!(cell.value().is_some_and(|value| value.starts_with("ready, life 1, 10 sessions")), "{:?}", cell.value());
}
