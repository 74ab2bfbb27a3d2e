//! The real window on a display without a screen, by mouse: two modules are dragged out of a running monolith and come
//! back by undo, with new processes and other ways meanwhile, and neither a failed request nor a lost session.

use std::path::Path;
use std::process::Command;

use brownout::app::{Opening, Origin};
use brownout::control::Snapshot;
use brownout::topology::{NodeId, Preset, format};
use egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use serde_json::Value;

use crate::support::display::{Display, until};
use crate::ui::gestures::drag_and_drop;
use crate::ui::script::{Script, opening, running_as};
use crate::ui::{Window, window_on};

const SHOP: &str = include_str!("../../src/topology/edit/module/shop.toml");

/// What the real window keeps of its unsaved work.
fn kept(state: &Path) -> Option<Preset> {
    let text = std::fs::read_to_string(state.join("recovery/window-1.toml")).ok()?;
    Some(format::read(&text).ok()?.preset().clone())
}

fn has(preset: &Preset, node: &str) -> bool {
    preset.topology.node(&node.parse::<NodeId>().unwrap()).is_some()
}

/// How many processes the app has started that still are.
fn processes(app: u32) -> usize {
    let children = Command::new("pgrep").args(["-P", &app.to_string()]).output().unwrap();
    String::from_utf8_lossy(&children.stdout).lines().count()
}

fn running() -> Snapshot {
    let mut snapshot = running_as("shoppers", "gate", "shop", 20);
    snapshot.nodes[2].slots.truncate(1);
    snapshot
}

/// The same gesture in the real window and in the one that knows what is where.
fn drag_out(display: &Display, twin: &mut Harness<'static, Window>, module: &str, to: Pos2) {
    let from = twin.get_by_label(&format!("module {module} in shop")).rect().center();
    display.drag(from, to);
    drag_and_drop(twin, from, to - from, Modifiers::NONE);
}

#[test]
fn two_modules_are_dragged_out_of_the_running_monolith_and_nobody_notices() {
    let (display, folder) = (Display::open(), tempfile::tempdir().unwrap());
    let (file, report) = (folder.path().join("shop.toml"), folder.path().join("report.json"));
    std::fs::write(&file, SHOP).unwrap();
    let app = display.brownout(folder.path(), &["--report", report.to_str().unwrap(), file.to_str().unwrap()]);
    display.until_title("the window is open", |title| title.starts_with("A shop in one service"));
    let script = Script::idle();
    let document = format::read(SHOP).unwrap();
    let mut twin = window_on(&script, Opening { preset: Some((document, Origin::Elsewhere)), ..opening() });
    display.click(twin.get_by_label("Run").rect().center());
    display.until_title("it runs", |title| title.contains("0 of 20 users hurt"));
    script.show(running());
    twin.run_ok();
    let before = until("every process is there", || Some(processes(app.id())).filter(|count| *count >= 4));

    let gate = twin.get_by_label("node gate").rect();
    let shop = twin.get_by_label("node shop").rect();
    let places = [gate, shop].map(|card| card.center_bottom() + vec2(0.0, 60.0));
    for (at, (module, place)) in ["recommendations", "payments"].into_iter().zip(places).enumerate() {
        drag_out(&display, &mut twin, module, place);
        until("the drawing has the new service", || kept(folder.path()).filter(|kept| has(kept, module)));
        until("its process is there", || (processes(app.id()) == before + 1 + at).then_some(()));
    }
    // Long enough that users take the new ways, and the old ones are given up.
    display.xdotool(&["sleep", "4"]);
    for _ in 0..2 {
        display.key("ctrl+z");
        twin.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        twin.run_ok();
    }
    until("the processes are gone again", || (processes(app.id()) == before).then_some(()));
    let title = display.title();
    assert!(title.contains("0 of 20 users hurt"), "{title}");
    display.click(twin.get_by_label("Stop").rect().center());
    let report: Value = until("the report is saved", || serde_json::from_slice(&std::fs::read(&report).ok()?).ok());
    let requests = &report["requests"];
    assert_eq!((&requests["failed"], &requests["timed_out"]), (&0.into(), &0.into()), "{report:#}");
    assert_eq!(report["sessions"]["lost"], 0, "{report:#}");
    assert!(requests["ok"].as_u64().unwrap() > 500, "{requests:#}");
    for way in ["gate->recommendations", "shop->recommendations", "shop->payments"] {
        let link = report["links"].as_array().unwrap().iter().find(|link| link["link"] == way);
        assert!(link.is_some_and(|link| link["sent"].as_u64() > Some(0)), "{way}: {:#}", report["links"]);
    }
}
