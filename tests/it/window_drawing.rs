//! The real window on a display without a screen, by mouse alone: users, a gateway and a service are drawn from nothing
//! and run for real, one replica is killed, and the loss is read on the screen.

use std::fs;
use std::path::Path;

use brownout::control::Snapshot;
use brownout::topology::{Preset, format};
use egui::{Modifiers, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use crate::support::display::{Display, until};
use crate::ui::gestures::drag_and_drop;
use crate::ui::script::{Script, running_as};
use crate::ui::{Window, window};

/// The real window, and one of the same size beside it that is given the same gestures: it knows what is where.
struct Pair {
    display: Display,
    script: Script,
    twin: Harness<'static, Window>,
}

impl Pair {
    fn new(display: Display) -> Self {
        let script = Script::idle();
        Self { display, twin: window(&script), script }
    }

    fn place(&self, name: &str) -> Pos2 {
        self.twin.get_by_label(name).rect().center()
    }

    /// A place on a card's title, where nothing else is.
    fn title(&self, node: &str) -> Pos2 {
        self.twin.get_by_label(&format!("node {node}")).rect().left_top() + vec2(24.0, 8.0)
    }

    fn click(&mut self, name: &str) {
        let at = self.place(name);
        self.display.click(at);
        self.twin.get_by_label(name).click();
        self.twin.run_ok();
    }

    fn drag(&mut self, from: Pos2, to: Pos2) {
        self.display.drag(from, to);
        drag_and_drop(&mut self.twin, from, to - from, Modifiers::NONE);
    }

    /// What the twin's document is by now.
    fn drawn(&self) -> Preset {
        self.twin.state().as_ref().unwrap().preset().clone()
    }
}

/// What the real window keeps of its unsaved work.
fn kept(state: &Path) -> Option<Preset> {
    let text = fs::read_to_string(state.join("recovery/window-1.toml")).ok()?;
    Some(format::read(&text).ok()?.preset().clone())
}

fn hurt(title: &str) -> Option<u32> {
    title.split(" of 10 users hurt").next()?.rsplit(' ').next()?.parse().ok()
}

#[test]
fn a_system_is_drawn_from_nothing_by_mouse_run_and_broken() {
    let (display, state) = (Display::open(), tempfile::tempdir().unwrap());
    let app = display.brownout(state.path(), &[]);
    display.until_title("the window is open", |title| title.starts_with("Sticky sessions"));
    let mut pair = Pair::new(display);
    pair.click("Build");
    pair.click("File");
    pair.click("New");
    pair.display.until_title("the canvas is empty", |title| title.starts_with("Untitled"));

    for (piece, at) in [("users", 400.0), ("gateway", 740.0), ("service", 1080.0)] {
        let from = pair.place(&format!("place {piece}"));
        pair.drag(from, pos2(at, 430.0));
    }
    for (from, to) in [("users", "gateway"), ("gateway", "service")] {
        // A card that is selected shows where links begin.
        let card = pair.title(from);
        pair.display.click(card);
        crate::ui::gestures::click_at(&mut pair.twin, card, Modifiers::NONE);
        let (port, card) = (pair.place(&format!("port out of {from}")), pair.title(to));
        pair.drag(port, card);
    }
    let card = pair.title("service");
    pair.display.click(card);
    crate::ui::gestures::click_at(&mut pair.twin, card, Modifiers::NONE);
    pair.click("more replicas");
    pair.click("more replicas");
    let drawn = pair.drawn();
    assert_eq!(
        drawn.topology.links().map(|link| link.id().to_string()).collect::<Vec<_>>(),
        ["users->gateway", "gateway->service"]
    );
    until("what the real window holds is what was drawn", || {
        kept(state.path()).filter(|kept| kept.topology == drawn.topology)
    });

    pair.click("Run");
    pair.display.until_title("it runs", |title| title.contains("0 of 10 users hurt"));
    pair.script.show(running_snapshot());
    pair.twin.run_ok();
    let title = until("a replica was killed and somebody lost the session", || {
        pair.display.click(pair.place("Kill service.2"));
        let title = pair.display.title();
        hurt(&title).filter(|&hurt| hurt > 0).map(|_| title)
    });
    assert!(title.starts_with("Untitled * · "), "{title}");
    app.kill();
}

fn running_snapshot() -> Snapshot {
    running_as("users", "gateway", "service", 10)
}
