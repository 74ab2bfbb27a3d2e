//! The window at the sizes that people have: nothing is cut off at an edge, and no control lies on another.

use brownout::app::{App, Origin};
use brownout::control::Snapshot;
use brownout::topology::{Preset, builtin, format, settings};
use egui::accesskit::Role;
use egui::{Key, Rect, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::Window;
use super::script::{Script, opening, running};

/// A name with its place on the screen.
type Place = (String, Rect);

/// A window of this size on a preset, with this many pixels to a point.
pub(super) fn window_of(size: Vec2, scale: f32, preset: &Preset, script: &Script) -> Harness<'static, Window> {
    let (script, preset) = (script.clone(), preset.clone());
    let frame = move |ui: &mut egui::Ui, app: &mut Window| {
        let app = app.get_or_insert_with(|| {
            let mut opening = opening();
            let document = format::read(&format::write(&preset)).unwrap();
            opening.preset = Some((document, Origin::Elsewhere));
            App::new(ui.ctx(), opening, Box::new(script.clone()))
        });
        app.advance(ui.ctx());
        app.show(ui);
    };
    let builder = Harness::builder().with_size(size).with_pixels_per_point(scale).with_max_steps(40);
    let mut harness = builder.build_ui_state(frame, None);
    harness.run_ok();
    harness
}

/// Every control with a name that is seen, outside of the drawing: buttons, choices, fields.
fn controls(harness: &Harness<'static, Window>) -> Vec<Place> {
    let roles = [Role::Button, Role::CheckBox, Role::TextInput, Role::Label];
    let nodes = harness.root().children_recursive();
    let named = nodes.filter(|node| roles.contains(&node.accesskit_node().role()));
    named.filter_map(|node| Some((node.accesskit_node().label()?, node.rect()))).collect()
}

/// Whether a control is one of the drawing's, which may be zoomed out of sight.
fn is_drawn(name: &str) -> bool {
    let drawn = ["node ", "replica ", "user ", "Kill ", "Pause ", "Resume ", "Restart ", "preset ", "link ", "module "];
    drawn.iter().any(|start| name.starts_with(start))
}

/// What is wrong with the places of the window's controls.
pub(super) fn faults(harness: &Harness<'static, Window>, size: Vec2) -> Vec<String> {
    let window = Rect::from_min_size(egui::Pos2::ZERO, size).expand(0.5);
    let places: Vec<Place> = controls(harness).into_iter().filter(|(name, _)| !is_drawn(name)).collect();
    let mut found = Vec::new();
    for (at, (name, rect)) in places.iter().enumerate() {
        if !window.contains_rect(*rect) {
            found.push(format!("{name:?} at {rect:?} is not inside of the window"));
        }
        for (other, beside) in &places[at + 1..] {
            let common = rect.intersect(*beside);
            if common.width() > 1.0 && common.height() > 1.0 && name != other {
                found.push(format!("{name:?} at {rect:?} lies on {other:?} at {beside:?}"));
            }
        }
    }
    found
}

fn builtin_preset(name: &str) -> Preset {
    format::read(builtin::by_name(name).unwrap().text).unwrap().into_preset()
}

/// Presets that are hard on the layout: the built-in ones, long names, few and many users and replicas.
fn hard_presets() -> Vec<(String, Preset)> {
    let mut presets: Vec<_> =
        builtin::all().into_iter().map(|found| (found.name.to_owned(), builtin_preset(found.name))).collect();
    let mut long = builtin_preset("sticky-sessions");
    long.title = "A title that is longer than any title should be, and goes on after that for a while".to_owned();
    long.summary = "A sentence that is longer than any sentence should be. ".repeat(4);
    presets.push(("long names".to_owned(), long));
    for (users, replicas) in [("3", "1"), ("120", "12")] {
        let mut preset = builtin_preset("sticky-sessions");
        settings::set(&mut preset, "shoppers.users", users).unwrap();
        settings::set(&mut preset, "shop.replicas", replicas).unwrap();
        presets.push((format!("{users} users, {replicas} replicas"), preset));
    }
    presets
}

/// A run in which everybody was hurt often: the widest figures.
fn worst() -> Snapshot {
    let mut snapshot = running();
    snapshot.sessions.users = 120;
    snapshot.sessions.users_hurt = 120;
    snapshot.sessions.items_lost = 999;
    snapshot.total.issued = 123_456;
    snapshot.total.timed_out = 12_345;
    snapshot
}

const SIZES: [(f32, f32, f32); 4] =
    [(1024.0, 640.0, 1.0), (1280.0, 800.0, 1.0), (1280.0, 720.0, 2.0), (800.0, 600.0, 1.0)];

#[test]
fn nothing_is_cut_off_and_nothing_lies_on_anything_at_any_size() {
    let mut found = Vec::new();
    for (name, preset) in hard_presets() {
        for (width, height, scale) in SIZES {
            for (state, snapshot) in [("idle", Snapshot::default()), ("worst", worst())] {
                let size = vec2(width, height);
                let mut harness = window_of(size, scale, &preset, &Script::showing(snapshot));
                for view in ["lesson", "build"] {
                    let faults = faults(&harness, size);
                    found.extend(
                        faults.into_iter().map(|fault| format!("{name}, {width} × {height}, {state}, {view}: {fault}")),
                    );
                    harness.key_press(Key::B);
                    harness.run_ok();
                }
            }
        }
    }
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_class_sees_everything_at_1024_by_768() {
    for (name, preset) in hard_presets() {
        let mut harness = window_of(vec2(1024.0, 768.0), 1.0, &preset, &Script::showing(worst()));
        let before = controls(&harness);
        harness.key_press(Key::F5);
        harness.run_ok();
        let size = vec2(1024.0, 768.0) / 1.75;
        harness.set_size(size);
        harness.run_ok();
        assert!(harness.query_by_label("Leave the large view").is_some());
        assert!(harness.query_by_label("Lessons").is_none(), "panels are off");
        let faults = faults(&harness, size);
        assert!(faults.is_empty(), "{name}\n{}", faults.join("\n"));
        harness.key_press(Key::F5);
        harness.run_ok();
        harness.set_size(vec2(1024.0, 768.0));
        harness.run_ok();
        let moved: Vec<_> = controls(&harness).into_iter().filter(|place| !before.contains(place)).collect();
        assert!(moved.is_empty(), "{name}: everything is back where it was, but {moved:?}");
    }
}

/// Where a cell is, which is where the drawing is.
fn cell(harness: &Harness<'static, Window>) -> Rect {
    harness.get_by_label("replica shop.2").rect()
}

#[test]
fn messages_and_the_inspector_do_not_move_the_drawing() {
    let mut harness =
        window_of(vec2(1280.0, 800.0), 1.0, &builtin_preset("sticky-sessions"), &Script::showing(running()));
    let before = cell(&harness);
    harness.get_by_label("Kill shop.2").click();
    harness.run_ok();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::Z);
    harness.run_ok();
    harness.get_by_label_contains("cannot be undone");
    assert_eq!(cell(&harness), before);
    harness.get_by_label("user 7").click();
    harness.run_ok();
    harness.get_by_label("Close the inspector");
    assert_eq!(cell(&harness), before);
    // The first puts the message away, the second the inspector.
    for _ in 0..2 {
        harness.key_press(Key::Escape);
        harness.run_ok();
    }
    assert!(harness.query_by_label("Close the inspector").is_none());
    assert_eq!(cell(&harness), before);
}

#[test]
fn build_and_back_leaves_the_drawing_where_it_was() {
    let mut harness =
        window_of(vec2(1280.0, 800.0), 1.0, &builtin_preset("sticky-sessions"), &Script::showing(running()));
    let before = cell(&harness);
    for _ in 0..2 {
        harness.key_press(Key::B);
        harness.run_ok();
    }
    assert_eq!(cell(&harness), before);
}

#[test]
fn a_message_hides_nothing_of_a_lessons_drawing_and_little_in_build() {
    for (name, preset) in hard_presets() {
        for (view, most) in [("lesson", 0.0), ("build", 0.35)] {
            let mut harness = window_of(vec2(1280.0, 800.0), 1.0, &preset, &Script::showing(running()));
            if view == "build" {
                harness.key_press(Key::B);
                harness.run_ok();
            }
            harness.key_press_modifiers(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, Key::C);
            harness.run_ok();
            let message = harness.get_by_label_contains("Copied").rect();
            let message = message.union(harness.get_by_label("Dismiss").rect());
            let hidden = harness.query_all_by_label_contains("node ").map(|node| node.rect().intersect(message));
            let hidden: f32 = hidden.filter(Rect::is_positive).map(|common| common.area()).sum();
            let share = hidden / message.area();
            assert!(share <= most, "{name}, {view}: {share} of {message:?} lies on cards");
        }
    }
}
