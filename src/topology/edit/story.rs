//! What a preset tells beside its drawing, as one thing that an edit replaces.

use std::mem;

use crate::topology::{Expectation, Lesson, Preset, ScenarioStep};

/// What happens, what must be true, and the lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// What happens to the system.
    pub scenario: Vec<ScenarioStep>,
    /// What must be true afterwards.
    pub expect: Vec<Expectation>,
    /// The lesson.
    pub lesson: Lesson,
}

impl Story {
    /// The story of a preset.
    pub fn of(preset: &Preset) -> Self {
        Self { scenario: preset.scenario.clone(), expect: preset.expect.clone(), lesson: preset.lesson.clone() }
    }

    /// Gives this story to a preset, and gives back the one that it had.
    pub(super) fn tell(self, preset: &mut Preset) -> Self {
        Self {
            scenario: mem::replace(&mut preset.scenario, self.scenario),
            expect: mem::replace(&mut preset.expect, self.expect),
            lesson: mem::replace(&mut preset.lesson, self.lesson),
        }
    }
}
