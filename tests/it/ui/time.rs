//! Time on the screen by its accessible names and keys: freeze, slow motion, watch again, pace; and what is told of a
//! user and of a request.

use std::sync::{Arc, Mutex};

use brownout::app::{App, Backend};
use brownout::control::snapshot::{FaultState, Holder, Phase};
use brownout::control::{Command, Pace, Snapshot};
use brownout::telemetry::{Outcome, Span, SpanId, SpanKind, TraceId};
use egui::{Key, Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::Window;
use super::script::{Script, opening, running};

/// A system that goes on as the test says.
#[derive(Clone, Default)]
struct Story(Arc<Mutex<Told>>);

#[derive(Default)]
struct Told {
    snapshot: Arc<Snapshot>,
    spans: Vec<Span>,
    sent: Vec<Command>,
}

impl Backend for Story {
    fn beside(&self) -> std::io::Result<Box<dyn Backend>> {
        Err(std::io::Error::other("there is one only"))
    }

    fn send(&self, command: Command) {
        self.0.lock().unwrap().sent.push(command);
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.0.lock().unwrap().snapshot)
    }

    fn take_spans(&self) -> Vec<Span> {
        std::mem::take(&mut self.0.lock().unwrap().spans)
    }
}

/// A window on a system that has run since second 11.
struct Stage {
    story: Story,
    harness: Harness<'static, Window>,
    now: Snapshot,
}

impl Stage {
    fn new() -> Self {
        let story = Story::default();
        let backend = story.clone();
        let frame = move |ui: &mut egui::Ui, app: &mut Window| {
            let app = app.get_or_insert_with(|| App::new(ui.ctx(), opening(), Box::new(backend.clone())));
            app.advance(ui.ctx());
            app.show(ui);
        };
        let builder = Harness::builder().with_size(vec2(1280.0, 800.0)).with_step_dt(0.05);
        let harness = builder.build_ui_state(frame, None);
        let mut stage = Self { story, harness, now: running() };
        stage.run(1.0);
        stage
    }

    /// Lets the system run for so many seconds, frame by frame.
    fn run(&mut self, seconds: f64) {
        for _ in 0..(seconds / 0.05).round() as u32 {
            self.now.now_us += 50_000;
            self.story.0.lock().unwrap().snapshot = Arc::new(self.now.clone());
            self.harness.step();
        }
    }

    fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.step();
        self.harness.step();
    }

    fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.step();
        self.harness.step();
    }

    fn says(&self, label: &str) -> bool {
        self.harness.query_by_label_contains(label).is_some()
    }

    fn sent(&self) -> Vec<String> {
        self.story.0.lock().unwrap().sent.iter().map(|command| format!("{command:?}")).collect()
    }

    /// Kills `shop.2`, in which user 1 had its session.
    fn kill(&mut self) {
        let fault = FaultState {
            at_us: self.now.now_us,
            kind: "kill",
            on: "shop.2".into(),
            life: Some("shop.2#1".parse().unwrap()),
            held: Some(10),
            noticed_after_ms: None,
            recovered_after_ms: None,
            lifted_us: None,
        };
        self.now.faults = vec![fault].into();
        let mut users = self.now.users.to_vec();
        for user in users.iter_mut().filter(|user| user.holder == Holder::Life("shop.2#1".parse().unwrap())) {
            user.holder = Holder::Dead("shop.2#1".parse().unwrap());
        }
        self.now.users = users.into();
    }

    /// User 1 asks for something, and is answered by `gate` itself.
    fn ask(&mut self, trace: u128) {
        let hop = |id: u64, parent: Option<u64>, life: &str, kind: SpanKind| Span {
            trace: TraceId(trace),
            id: SpanId(id),
            parent: parent.map(SpanId),
            life: life.parse().unwrap(),
            kind,
            name: "cart.view".into(),
            to: (kind == SpanKind::Client).then(|| "gate".parse().unwrap()),
            peer: (kind == SpanKind::Client).then(|| "gate.1#1".parse().unwrap()),
            start_us: self.now.now_us,
            end_us: self.now.now_us + 12_000,
            outcome: Outcome::Ok,
            status: 200,
            attempt: 1,
            user: Some(1),
        };
        let spans = [
            hop(1, None, "shoppers.1#1", SpanKind::Request),
            hop(2, Some(1), "shoppers.1#1", SpanKind::Client),
            hop(3, Some(2), "gate.1#1", SpanKind::Server),
        ];
        self.story.0.lock().unwrap().spans.extend(spans);
    }
}

#[test]
fn freeze_and_slow_motion_say_that_the_system_runs_on_and_how_far_ahead_it_is() {
    let mut stage = Stage::new();
    assert!(!stage.says("FROZEN") && !stage.says("SLOW MOTION"));
    stage.click("Freeze");
    stage.run(3.0);
    assert!(stage.says("FROZEN") && stage.says("The system runs on, "), "says how far");
    stage.press(Key::Space);
    assert!(!stage.says("FROZEN"));
    stage.run(8.0);
    stage.press(Key::S);
    stage.run(5.0);
    assert!(stage.says("SLOW MOTION ×1/8"));
    assert!(stage.says("4 s ahead of the picture"));
    stage.click("Slow ×1/8");
    stage.run(1.0);
    assert!(!stage.says("ahead of the picture") && stage.sent().is_empty());
}

#[test]
fn at_rest_there_is_no_time_to_stop_and_that_is_said() {
    let mut harness = super::window(&Script::idle());
    for name in ["Freeze", "Slow ×1/8"] {
        let button = harness.get_by_label(name);
        assert!(button.accesskit_node().is_disabled(), "{name}");
        button.hover();
        // A tooltip comes after a while.
        harness.run_steps(20);
        assert!(harness.query_by_label("Nothing runs").is_some(), "{name}");
    }
    harness.key_press(Key::Space);
    harness.key_press(Key::S);
    harness.run();
    assert!(harness.query_by_label_contains("FROZEN").is_none());
    assert!(harness.query_by_label_contains("SLOW MOTION").is_none());
}

#[test]
fn a_picture_that_stands_still_when_the_run_ends_can_be_let_go() {
    let mut stage = Stage::new();
    stage.press(Key::Space);
    stage.now.phase = Phase::Finished;
    stage.run(1.0);
    assert!(stage.says("FROZEN"));
    stage.press(Key::Space);
    assert!(!stage.says("FROZEN"));
    stage.run(3.0);
    assert!(stage.harness.get_by_label("Freeze").accesskit_node().is_disabled());
}

#[test]
fn what_is_not_drawn_is_said() {
    let mut stage = Stage::new();
    assert!(!stage.says("not drawn"));
    stage.now.spans_dropped = 1;
    stage.run(1.0);
    assert!(stage.says("1 span not drawn"));
}

#[test]
fn the_pace_goes_up_and_down_by_button_and_by_key() {
    let mut stage = Stage::new();
    stage.click("Faster pace");
    stage.press(Key::CloseBracket);
    stage.now.pace = Pace::STEPS[1];
    stage.run(0.1);
    assert!(stage.says("Pace ×1/4"));
    stage.press(Key::OpenBracket);
    stage.press(Key::CloseBracket);
    assert_eq!(stage.sent(), ["Pace(Pace(2.0))", "Pace(Pace(2.0))", "Pace(Pace(0.1))", "Pace(Pace(0.5))"]);
}

#[test]
fn the_pace_slides_by_the_arrow_keys_and_a_spike_is_one_press() {
    let mut stage = Stage::new();
    stage.harness.get_by_role_and_label(Role::Slider, "Pace").focus();
    stage.run(0.1);
    stage.press(Key::ArrowRight);
    stage.click("Spike");
    let sent = stage.sent();
    let [slid, spike] = sent.as_slice() else { panic!("{sent:?}") };
    let factor: f64 = slid.trim_start_matches("Pace(Pace(").trim_end_matches("))").parse().unwrap();
    assert!(factor > 1.0 && factor < 1.5, "{slid}");
    assert_eq!(spike, "Spike");
}

#[test]
fn the_last_fault_is_watched_again_slowly_while_faults_are_refused_and_then_it_is_now_again() {
    let mut stage = Stage::new();
    stage.press(Key::W);
    assert!(!stage.says("WATCH AGAIN ×1/8"), "nothing was broken yet");
    stage.run(2.0);
    stage.kill();
    stage.run(4.0);
    stage.click("Watch again");
    assert!(stage.says("WATCH AGAIN ×1/8") && stage.says("kill shop.2"));
    assert!(stage.harness.get_by_label("user 1").value().unwrap().starts_with("logged in"), "before the kill");
    stage.click("Kill shop.1");
    stage.run(0.2);
    assert_eq!(stage.sent(), [""; 0]);
    assert!(stage.says("This is the past"));
    stage.run(6.0);
    let user = stage.harness.get_by_label("user 1").value().unwrap();
    assert!(user.starts_with("session lost"), "the kill is shown again: {user}");
    stage.press(Key::Escape);
    assert!(!stage.says("WATCH AGAIN ×1/8"));
    stage.press(Key::W);
    stage.run(16.0);
    assert!(stage.says("WATCH AGAIN ×1/8"));
    stage.run(16.0);
    assert!(!stage.says("WATCH AGAIN ×1/8"), "it ends by itself");
}

#[test]
fn a_user_tells_of_its_requests_and_of_what_the_kill_did() {
    let mut stage = Stage::new();
    stage.ask(1);
    stage.run(3.0);
    stage.harness.get_by_label("user 1").click_accesskit();
    stage.run(0.1);
    stage.click("request cart.view: answered well, 2 s ago");
    assert!(stage.says("shoppers.1#1 to gate.1#1") && stage.says("12 ms, 12 ms of it inside"));
    stage.click("of user 1");
    stage.kill();
    stage.run(1.0);
    assert!(stage.says("had the only copy: session and basket are gone"));
    stage.harness.get_by_label("user 2").click_accesskit();
    stage.run(0.1);
    assert!(stage.says("Not touched by the kill of shop.2. Its session is in shop.3."));
}

#[test]
fn keys_work_while_a_button_has_the_focus() {
    let mut stage = Stage::new();
    stage.harness.get_by_label("Freeze").focus();
    stage.harness.step();
    stage.press(Key::R);
    assert_eq!(stage.sent(), ["Abort"]);
}
