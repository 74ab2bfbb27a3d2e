//! What is being written and is not in the document yet: in the fields of the inspector, and on the canvas. Whoever saves,
//! runs or leaves the document means it, too.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::topology::Preset;
use crate::topology::edit::Step;

use super::View;
use super::action::Action;

impl View {
    /// The steps that take what is written into the document, one after the other. What it cannot take is left out.
    pub(crate) fn written(&self, preset: &Preset) -> Vec<Step> {
        if self.written_mark().is_none() {
            return Vec::new();
        }
        let mut after = preset.clone();
        let mut steps = self.inspector.written(&mut after);
        steps.extend(self.hand.written(&after).and_then(Result::ok));
        steps
    }

    /// The same, which is not written any more then: the document is to have it.
    pub(crate) fn take_written(&mut self, preset: &Preset) -> Vec<Step> {
        let steps = self.written(preset);
        self.inspector.forget_sound();
        if self.hand.written(preset).is_some_and(|step| step.is_ok())
            && let Some(selection) = self.hand.end_writing()
        {
            self.selection = selection;
        }
        steps
    }

    /// Another number for other words that are written; `None` where nothing is.
    pub(crate) fn written_mark(&self) -> Option<u64> {
        let mut mark = DefaultHasher::new();
        let in_fields = self.inspector.is_written(&mut mark);
        let on_canvas = self.hand.writes();
        on_canvas.hash(&mut mark);
        (in_fields || on_canvas.is_some()).then(|| mark.finish())
    }
}

/// What was done to the drawing goes before what is done with all of it, such as saving: a field that is left in the same
/// frame is drawn after the keys were read.
pub(super) fn put_edits_first(actions: &mut [Action]) {
    actions.sort_by_key(Action::is_about_all);
}
