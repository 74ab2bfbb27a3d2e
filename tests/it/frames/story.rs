//! A story is a built-in preset whose plug is pulled: the exact world on one side, `scene::Picture` on the other, at sixty
//! frames a second of the screen's time.

use brownout::control::snapshot::LifeState;
use brownout::scene::draw::{self, Emphasis};
use brownout::scene::paint::Shape;
use brownout::scene::{Picture, Sheet};
use brownout::topology::{Preset, Slot, builtin, format};

use super::world::{Moment, World};

/// The length of a frame, in microseconds of the screen's time.
const FRAME_US: u64 = 16_667;
/// The plug is pulled so long after the users have begun.
const KILL_US: u64 = 10_000_000;
/// The story ends so long after it.
const AFTER_US: u64 = 11_000_000;

/// What is killed where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Story {
    /// The name of the file with its frames.
    pub(super) name: &'static str,
    pub(super) preset: &'static str,
    pub(super) kills: &'static str,
    pub(super) moment: Moment,
}

/// One frame.
pub(super) struct Frame {
    /// The moment on the screen.
    pub(super) display_us: u64,
    /// How long after the kill that is.
    pub(super) since_kill_us: Option<u64>,
    /// Whether the picture has been told by this moment that the process is gone.
    pub(super) is_known: bool,
    pub(super) sheet: Sheet,
    pub(super) score: String,
}

impl Story {
    pub(super) fn preset(&self) -> Preset {
        format::read(builtin::by_name(self.preset).unwrap().text).unwrap().preset().clone()
    }

    /// Plays the story, and shows every frame from the moment on at which users begin.
    pub(super) fn play(&self, mut show: impl FnMut(&Frame)) {
        let preset = self.preset();
        let slot: Slot = self.kills.parse().unwrap();
        let mut world = World::new(preset.clone());
        world.kill(slot.clone(), self.moment, KILL_US);
        let (mut picture, emphasis) = (Picture::default(), Emphasis::default());
        let mut known_us = None;
        for at_us in (0..).step_by(FRAME_US as usize) {
            world.go_to(at_us);
            let snapshot = world.snapshot();
            let states = snapshot.nodes.iter().flat_map(|node| &node.slots).filter(|state| state.slot == slot);
            if known_us.is_none() && states.clone().any(|state| matches!(state.state, LifeState::Dead(_))) {
                known_us = Some(snapshot.now_us);
            }
            picture.advance(snapshot, world.take_spans(), FRAME_US as f32 / 1e6);
            picture.draw(&preset);
            let shown = picture.playback.shown();
            let display_us = picture.playback.display_us();
            if shown.started_us.is_none() {
                assert!(at_us < 5_000_000, "the users do not begin");
                continue;
            }
            let killed_us = picture.playback.latest().faults.first().map(|fault| fault.at_us);
            let drawn = picture.frame(&preset, &emphasis);
            let frame = Frame {
                display_us,
                since_kill_us: killed_us.and_then(|killed_us| display_us.checked_sub(killed_us)),
                is_known: known_us.is_some_and(|known_us| known_us <= display_us),
                sheet: draw::sheet(&drawn),
                score: score(&draw::page(&drawn).sheet),
            };
            show(&frame);
            if frame.since_kill_us.is_some_and(|us| us > AFTER_US) {
                return;
            }
            assert!(at_us < 40_000_000, "nothing was killed");
        }
    }
}

/// The line of the page that counts people.
fn score(page: &Sheet) -> String {
    let lines = page.shapes.iter().filter_map(|shape| {
        let Shape::Text(text) = shape else { return None };
        Some(text.runs.iter().map(|run| run.text.as_str()).collect::<String>())
    });
    lines.into_iter().find(|line| line.contains("users hurt")).unwrap()
}
