//! The first five minutes of a newcomer, through the window, with real processes: controls are found by the names that
//! are read to those who do not see them. Once by mouse, once by the keyboard alone.

#![expect(clippy::print_stdout, reason = "the times of each stage are to be read")]

use std::time::{Duration, Instant};

use brownout::app::Backend;
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use crate::support::live::PATIENCE;
use crate::support::shared::Shared;
use crate::ui::Window;

/// What the newcomer uses.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Hand {
    Mouse,
    Keyboard,
}

struct Newcomer {
    harness: Harness<'static, Window>,
    runtime: Shared,
    hand: Hand,
    opened: Instant,
}

/// The pause between two looks at the window: about a frame.
const FRAME: Duration = Duration::from_millis(16);
/// More presses of Tab than it takes to go around the window twice, which has about sixty controls: a replica that comes back
/// has other buttons, and whoever was on the one that goes begins at the top again.
const MOST_TABS: usize = 150;

impl Newcomer {
    /// Opens the window as it opens for the first time.
    fn open(hand: Hand) -> Self {
        let runtime = Shared::start();
        let harness = runtime.window(FRAME.as_secs_f32());
        Self { harness, runtime, hand, opened: Instant::now() }
    }

    /// Draws a frame, a frame's time after the last one.
    fn look(&mut self) {
        let began = Instant::now();
        while let Some(left) = FRAME.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
            self.runtime.0.wait(left);
        }
        self.harness.step();
    }

    /// Looks until the window shows what is waited for, and says when that was.
    fn until(&mut self, stage: &str, seen: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !seen(self) {
            assert!(
                Instant::now() < deadline,
                "{:?} waited in vain until {stage}; sees {:#?}",
                self.hand,
                self.words()
            );
            self.look();
        }
        println!("{:5.1} s  {stage}", self.opened.elapsed().as_secs_f32());
    }

    /// All that is to be read outside of the drawing.
    fn words(&self) -> Vec<String> {
        let nodes = self.harness.root().children_recursive();
        let labels = nodes.filter(|node| node.accesskit_node().role() == Role::Label);
        labels.filter_map(|node| node.accesskit_node().label().or_else(|| node.value())).collect()
    }

    fn reads(&self, words: &str) -> bool {
        self.words().iter().any(|label| label.contains(words))
    }

    fn has(&self, control: &str) -> bool {
        self.harness.query_by_label(control).is_some()
    }

    fn value(&self, control: &str) -> String {
        self.harness.query_by_label(control).and_then(|node| node.value()).unwrap_or_default()
    }

    /// Uses a control by its name.
    fn press(&mut self, control: &str) {
        self.until(&format!("{control:?} is there"), |newcomer| newcomer.has(control));
        match self.hand {
            Hand::Mouse => self.harness.get_by_label(control).click(),
            Hand::Keyboard => {
                self.tab_to(control);
                self.harness.key_press(Key::Enter);
            }
        }
        self.look();
        self.look();
    }

    /// Presses Tab until a control has the keyboard's focus.
    fn tab_to(&mut self, control: &str) {
        let mut passed = Vec::new();
        for _ in 0..MOST_TABS {
            if self.harness.query_by_label(control).is_some_and(|node| node.is_focused()) {
                return;
            }
            let focused = self.harness.query_by(|node| node.is_focused());
            passed.push(focused.and_then(|node| node.accesskit_node().label()).unwrap_or_default());
            self.harness.key_press(Key::Tab);
            self.look();
        }
        panic!("Tab never came to {control:?}, but to {passed:?}");
    }

    /// Types a number into the field for guesses, and gives it.
    fn guess(&mut self, number: &str) {
        self.until("a guess is asked for", |newcomer| newcomer.has("your guess"));
        match self.hand {
            Hand::Mouse => self.harness.get_by_label("your guess").click(),
            Hand::Keyboard => self.tab_to("your guess"),
        }
        self.look();
        self.harness.get_by_label("your guess").type_text(number);
        self.look();
        match self.hand {
            Hand::Mouse => self.press("Guess"),
            Hand::Keyboard => {
                self.harness.key_press(Key::Enter);
                self.look();
            }
        }
    }
}

fn five_minutes(hand: Hand) {
    let mut me = Newcomer::open(hand);
    me.until("the window is open on a lesson", |me| me.has("Run") && me.reads("Three replicas share 30 users"));
    assert!(!me.has("Run experiment") && !me.has("Undo"), "what engineers need is behind Build");
    me.press("Run");
    me.until("figures have baskets", |me| (1..=30).all(|user| me.value(&format!("user {user}")).contains("logged in")));
    me.press("next step");
    me.until("the strip asks", |me| me.reads("How many of the 30 users will be logged out?"));
    me.guess("30");
    me.press("Kill shop.2");
    me.until("the cell is dead", |me| me.value("replica shop.2").starts_with("KILLED"));
    me.until("everybody who was hit is back", |me| me.reads("logged in again"));
    let hurt = me.runtime.snapshot().sessions.users_hurt;
    assert!((1..30).contains(&hurt), "{hurt} hurt: some, and not all");
    me.until("the own guess is beside the result", |me| me.reads(&format!("you said 30 · it was {hurt}")));
    me.until("the score says the same", |me| me.has(&format!("{hurt} of 30 users hurt")));
    me.press("next step");
    me.press("Keep the sessions in a store");
    me.until("the marks are in the store", |me| me.value("replica sessions.1").contains("30 sessions"));
    me.press("next step");
    me.guess("0");
    me.press("Kill shop.3");
    me.until("the cell is dead", |me| me.value("replica shop.3").starts_with("KILLED"));
    me.until("nobody lost anything", |me| me.reads("0 of 30 users"));
    assert_eq!(me.runtime.snapshot().sessions.users_hurt, hurt, "the store kept every session");
    me.press("next step");
    me.press("more hands for C");
    me.press("Kill sessions.1");
    me.until("everybody is hurt", |me| me.has("30 of 30 users hurt"));
    me.press("next step");
    me.press("Make it yours");
    me.until("Build is open", |me| me.has("Run experiment"));
}

#[test]
fn the_first_five_minutes_by_mouse() {
    five_minutes(Hand::Mouse);
}

#[test]
fn the_first_five_minutes_by_keyboard_alone() {
    five_minutes(Hand::Keyboard);
}
