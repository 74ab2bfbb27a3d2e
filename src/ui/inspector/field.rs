//! A field that a person writes in. What is written is a draft until Enter is pressed or the field is left; then it is one
//! step for undo. What is wrong is said below while it is typed, and kept until it is put right or Esc puts it away.

use std::hash::{Hash, Hasher};

use egui::{Id, Key, Modifiers, Rect, RichText, TextEdit, Ui};

use super::Memory;
use super::place::Place;
use crate::topology::edit::Step;
use crate::topology::{Preset, Problem, Severity};
use crate::ui::Inputs;
use crate::ui::action::Action;
use crate::ui::button::ring;
use crate::ui::theme::Palette;

/// A text that is not in the document yet.
#[derive(Debug)]
pub(super) struct Draft {
    text: String,
    /// What is wrong with it.
    wrong: Option<Problem>,
}

impl Draft {
    /// Whether the document can take it.
    fn is_sound(&self) -> bool {
        self.wrong.as_ref().is_none_or(|problem| problem.severity == Severity::Warning)
    }
}

/// A field.
pub(super) struct Field<'a> {
    /// What it is about.
    pub(super) place: Place,
    /// What it is called.
    pub(super) name: &'a str,
    /// What the document has; empty where several nodes differ.
    pub(super) now: String,
    /// What is shown in an empty field.
    pub(super) hint: &'a str,
    /// How wide it is.
    pub(super) width: f32,
    /// How many lines are shown; in a field of several lines Enter begins another.
    pub(super) lines: usize,
}

impl Field<'_> {
    /// Draws the field and takes what is written.
    pub(super) fn show(self, ui: &mut Ui, inputs: &Inputs<'_>, memory: &mut Memory, actions: &mut Vec<Action>) -> Rect {
        let palette = Palette::of(ui.ctx());
        let draft = memory.drafts.get(&self.place);
        let is_wrong = draft.is_some_and(|draft| draft.wrong.is_some());
        let message = draft.and_then(|draft| draft.wrong.as_ref()).map(|problem| problem.message.clone());
        let mut text = draft.map_or(self.now, |draft| draft.text.clone());
        let edit = match self.lines {
            0 | 1 => TextEdit::singleline(&mut text),
            lines => TextEdit::multiline(&mut text).desired_rows(lines),
        };
        let colour = if is_wrong { palette.failed } else { palette.text };
        let edit = edit.id(Id::unique(("field", &self.place))).desired_width(self.width).hint_text(self.hint);
        let response = ui.add(edit.text_color(colour));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_label(self.name);
            if let Some(message) = message {
                node.set_invalid(egui::accesskit::Invalid::True);
                node.set_description(message);
            }
        });
        memory.seen.insert(self.place.clone());
        if response.has_focus() {
            memory.focused = Some(self.place.clone());
            let colour = if is_wrong { palette.failed } else { palette.accent };
            ring(ui, response.rect.shrink(2.0), colour, 1.5);
        }
        if response.changed() {
            let wrong = self.place.judge(inputs.preset, inputs.problems, &text);
            memory.drafts.insert(self.place.clone(), Draft { text, wrong });
        }
        if response.lost_focus() {
            memory.commit(&self.place, inputs.preset, actions);
        }
        response.rect
    }
}

/// Gives the keyboard to the field that is about this.
pub(super) fn focus(ui: &Ui, place: &Place) {
    ui.memory_mut(|memory| memory.request_focus(Id::unique(("field", place))));
}

/// What is wrong with what is written there, if anything.
pub(super) fn complaint(ui: &mut Ui, memory: &Memory, place: &Place) {
    let Some(problem) = memory.drafts.get(place).and_then(|draft| draft.wrong.as_ref()) else { return };
    let palette = Palette::of(ui.ctx());
    let colour = if problem.severity == Severity::Error { palette.failed } else { palette.text };
    let text = match problem.advice.as_str() {
        "" => problem.message.clone(),
        advice => format!("{}; {advice}", problem.message),
    };
    ui.add(egui::Label::new(RichText::new(text).size(12.0).color(colour)).wrap());
}

impl Memory {
    /// Makes the draft part of the document, when there is one that can be.
    fn commit(&mut self, place: &Place, preset: &Preset, actions: &mut Vec<Action>) {
        let Some(draft) = self.drafts.get(place).filter(|draft| draft.is_sound()) else { return };
        let step = place.step(preset, &draft.text);
        self.drafts.remove(place);
        if let Ok(step) = step
            && !step.edits.is_empty()
        {
            actions.push(Action::Edit(step));
        }
    }

    /// The steps that take the drafts into the document, one after the other, and what they make of it.
    pub(in crate::ui) fn written(&self, after: &mut Preset) -> Vec<Step> {
        let mut steps = Vec::new();
        for (place, draft) in self.drafts.iter().filter(|(_, draft)| draft.is_sound()) {
            let Ok(step) = place.step(after, &draft.text) else { continue };
            // What cannot be done the document will refuse, too, and say so.
            step.edits.iter().cloned().for_each(|edit| drop(edit.apply(after)));
            steps.extend((!step.edits.is_empty()).then_some(step));
        }
        steps
    }

    /// Puts the drafts away that the document can take.
    pub(in crate::ui) fn forget_sound(&mut self) {
        self.drafts.retain(|_, draft| !draft.is_sound());
    }

    /// Whether there are drafts, and what they say.
    pub(in crate::ui) fn is_written(&self, words: &mut impl Hasher) -> bool {
        self.drafts.iter().for_each(|(place, draft)| (place, &draft.text).hash(words));
        !self.drafts.is_empty()
    }

    /// Before anything else is drawn: Esc in a field puts the draft away and nothing more.
    pub(in crate::ui) fn begin_frame(&mut self, ui: &Ui, inputs: &Inputs<'_>) {
        self.seen_before = std::mem::take(&mut self.seen);
        let focused = self.focused.take();
        self.judge_again(focused.as_ref(), inputs);
        let Some(place) = focused else { return };
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
            self.drafts.remove(&place);
            ui.memory_mut(|memory| memory.surrender_focus(Id::unique(("field", &place))));
        }
    }

    /// Once the document is another one, other drafts are wrong, and one that says what is there by now is none any more.
    fn judge_again(&mut self, focused: Option<&Place>, inputs: &Inputs<'_>) {
        if self.judged.replace(inputs.revision) == Some(inputs.revision) {
            return;
        }
        let preset = inputs.preset;
        self.drafts.retain(|place, draft| {
            let says_the_same = place.step(preset, &draft.text).is_ok_and(|step| step.edits.is_empty());
            place.is_there(preset) && (focused == Some(place) || !says_the_same)
        });
        for (place, draft) in &mut self.drafts {
            draft.wrong = place.judge(preset, inputs.problems, &draft.text);
        }
    }

    /// After everything was drawn: a draft whose field is no longer shown was left just now. One that is wrong is there
    /// again when its field is.
    pub(in crate::ui) fn end_frame(&mut self, preset: &Preset, actions: &mut Vec<Action>) {
        let left: Vec<Place> = self.seen_before.difference(&self.seen).cloned().collect();
        for place in left {
            self.commit(&place, preset, actions);
        }
    }
}
