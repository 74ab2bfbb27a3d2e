//! The lesson's strip by its accessible names: the guess, the hands, the steps, and the setting that a step asks for.

use brownout::app::Origin;
use brownout::control::snapshot::{Death, FaultState, Holder, LifeState};
use brownout::control::{Command, Snapshot};
use brownout::topology::{Sessions, builtin, format};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::script::{Script, opening, running};
use super::{Window, click, sessions_of, window, window_on};

fn press(harness: &mut Harness<'static, Window>, key: Key) {
    harness.key_press_modifiers(Modifiers::NONE, key);
    harness.run();
}

/// What the system says after `seconds`, until the picture, which is a little late, shows it.
fn later(script: &Script, harness: &mut Harness<'static, Window>, snapshot: &Snapshot, seconds: u64) {
    let mut then = snapshot.clone();
    // Far enough ahead that the clock on the screen jumps there.
    then.now_us += seconds * 1_000_000;
    script.show(then);
    harness.run_steps(3);
}

/// The ten users of `shop.2` were told that nobody knows them, and are back in `shop.1`.
fn after_the_kill() -> Snapshot {
    let mut snapshot = running();
    let life = snapshot.nodes[2].slots[1].life.clone();
    snapshot.nodes[2].slots[1].state = LifeState::Dead(Death::Killed);
    let mut users = snapshot.users.to_vec();
    for user in users.iter_mut().filter(|user| user.holder == Holder::Life(life.clone())) {
        user.losses = 1;
        user.holder = Holder::Life("shop.1#1".parse().unwrap());
    }
    snapshot.users = users.into();
    snapshot.sessions.users_hurt = 10;
    snapshot.sessions.logged_out = 10;
    snapshot.sessions.relogins = 10;
    snapshot.sessions.items_lost = 27;
    let fault = FaultState {
        at_us: snapshot.now_us,
        kind: "kill",
        on: "shop.2".to_owned(),
        life: Some(life),
        held: Some(10),
        noticed_after_ms: Some(3.0),
        recovered_after_ms: None,
        lifted_us: None,
    };
    snapshot.faults = vec![fault].into();
    snapshot
}

#[test]
fn a_guess_is_typed_and_stays_beside_the_result() {
    let script = Script::showing(running());
    let mut harness = window(&script);
    click(&mut harness, "next step");
    harness.get_by_label("2 of 6");
    harness.get_by_label("How many of the 30 users will be logged out?");
    harness.get_by_role_and_label(Role::TextInput, "your guess").focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "your guess").type_text("12");
    harness.run();
    press(&mut harness, Key::Enter);
    harness.get_by_label("you said 12");
    harness.get_by_label_contains("Unplug shop.2");
    for seconds in [10, 20, 30] {
        later(&script, &mut harness, &after_the_kill(), seconds);
    }
    harness.get_by_label("you said 12 · it was 10");
    harness
        .get_by_label("10 of 30 logged out, 27 items lost, 10 logged in again. Users of shop.1 and shop.3: untouched.");
    click(&mut harness, "dismiss banner");
    harness.get_by_label("10 sessions were only in shop.2.");
}

#[test]
fn steps_can_be_turned_by_keys_and_never_past_the_ends() {
    let mut harness = window(&Script::showing(running()));
    press(&mut harness, Key::PageUp);
    harness.get_by_label("1 of 6");
    for at in [2, 3, 4, 5, 6, 6] {
        press(&mut harness, Key::PageDown);
        harness.get_by_label(&format!("{at} of 6"));
    }
    press(&mut harness, Key::PageUp);
    harness.get_by_label("5 of 6");
}

#[test]
fn a_step_makes_the_change_that_it_asks_for() {
    let script = Script::showing(running());
    let mut harness = window(&script);
    press(&mut harness, Key::PageDown);
    press(&mut harness, Key::PageDown);
    click(&mut harness, "Keep the sessions in a store");
    let modes: Vec<_> = script.sent().iter().filter_map(sessions_of).collect();
    assert_eq!(modes, [Sessions::Store]);
    assert!(
        matches!(&script.sent()[0], Command::Apply(topology) if topology.store_of(&"shop".parse().unwrap()).is_some())
    );
}

#[test]
fn hands_are_counted_and_the_teachers_note_shows_on_demand() {
    let mut harness = window(&Script::showing(running()));
    (0..4).for_each(|_| press(&mut harness, Key::PageDown));
    harness.get_by_label_contains("B: Some");
    click(&mut harness, "more hands for B");
    click(&mut harness, "more hands for B");
    click(&mut harness, "fewer hands for B");
    click(&mut harness, "more hands for C");
    for letter in ["B", "C"] {
        assert_eq!(harness.get_by_label(&format!("hands for {letter}")).value().as_deref(), Some("1"));
    }
    assert!(harness.query_by_label("Teacher's note (N)").is_none());
    press(&mut harness, Key::N);
    harness.get_by_label("Teacher's note (N)");
    harness.get_by_label_contains("The users find out when the store is back");
}

#[test]
fn the_analogy_says_the_same_in_other_words() {
    let mut harness = window(&Script::showing(running()));
    press(&mut harness, Key::PageDown);
    click(&mut harness, "Analogy");
    harness.get_by_label("Each caller's file lies in one operator's drawer, and nowhere else.");
}

#[test]
fn the_lesson_ends_in_the_drawing() {
    let mut harness = window(&Script::showing(running()));
    (0..5).for_each(|_| press(&mut harness, Key::PageDown));
    assert!(harness.query_by_label("Run experiment").is_none());
    click(&mut harness, "Make it yours");
    harness.get_by_label("Run experiment");
}

#[test]
fn the_canvas_does_not_move_whatever_the_strip_says() {
    let script = Script::showing(running());
    let mut harness = window(&script);
    let top = harness.get_by_label("node gate").rect().top();
    for _ in 0..6 {
        press(&mut harness, Key::PageDown);
        assert!((harness.get_by_label("node gate").rect().top() - top).abs() < 0.5);
    }
    press(&mut harness, Key::N);
    assert!((harness.get_by_label("node gate").rect().top() - top).abs() < 0.5);
}

#[test]
fn the_lesson_that_is_open_is_in_sight_on_the_path_wherever_it_stands() {
    let in_path = |harness: &Harness<'static, Window>, title: &str| {
        let stop = harness.get_by_label(&format!("preset {title}")).rect();
        assert!(stop.top() >= 0.0 && stop.bottom() <= 800.0, "{title} at {stop:?}");
    };
    for found in builtin::all() {
        let (document, mut opening) = (format::read(found.text).unwrap(), opening());
        let title = document.preset().title.clone();
        opening.preset = Some((document, Origin::Builtin(found.name.to_owned())));
        in_path(&window_on(&Script::showing(Snapshot::default()), opening), &title);
    }
}
