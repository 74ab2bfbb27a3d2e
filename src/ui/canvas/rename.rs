//! Writing another name, title or text where it stands. What is typed is judged at every letter; what is not allowed
//! says why below the field and is not taken.

use egui::{
    Area, Color32, FontId, Frame, Id, Key, KeyboardShortcut, Margin, Modifiers, Order, Rect, Stroke, TextEdit, Ui, vec2,
};

use super::{Ground, Hand, overlay};
use crate::scene::layout::{HEADER, NOTE_LETTERS};
use crate::topology::edit::{self, Item, Step};
use crate::topology::{Preset, Problem};
use crate::ui::View;
use crate::ui::action::Action;
use crate::ui::selection::Selection;

/// The size of letters in the field, in points of the drawing, and the least on the screen.
const LETTERS: (f32, f32) = (16.0, 13.0);
/// The least width of the field, in points of the screen.
const LEAST_WIDTH: f32 = 150.0;
/// The greatest width of the field: a title is short, however wide its frame.
const MOST_WIDTH: f32 = 420.0;

/// A text that is being written.
#[derive(Debug)]
pub(super) struct Writing {
    item: Item,
    text: String,
    /// What was there.
    before: String,
    /// Whether the field has the focus already.
    began: bool,
}

impl Writing {
    /// Begins with the text that is there. `None` when there is no such item, or it has no text.
    fn of(preset: &Preset, item: Item) -> Option<Self> {
        let text = match &item {
            Item::Node(id) => preset.topology.node(id)?.id.to_string(),
            Item::Group(id) => preset.marks.group(id)?.title.clone(),
            Item::Note(id) => preset.marks.note(id)?.text.clone(),
            Item::Link(_) => return None,
        };
        Some(Self { item, before: text.clone(), text, began: false })
    }

    /// The step that takes what is written. A note without a text goes.
    fn step(&self, preset: &Preset) -> Result<Step, Problem> {
        match &self.item {
            Item::Node(id) => edit::rename(preset, id, &self.text),
            Item::Group(id) => edit::retitle(preset, id, &self.text),
            Item::Note(_) if self.text.trim().is_empty() => {
                Ok(edit::remove(preset, &[self.item.clone()].into(), false))
            }
            Item::Note(id) => edit::set_note_text(preset, id, &self.text),
            Item::Link(id) => Err(Problem::error(id.to_string(), "a link has no name")),
        }
    }

    /// Whether it is more than a name.
    pub(super) fn is_long(&self) -> bool {
        matches!(self.item, Item::Note(_))
    }

    /// What ends it together with Enter, which alone begins a new line of a note.
    pub(super) fn enters_with(&self) -> Modifiers {
        if self.is_long() { Modifiers::COMMAND } else { Modifiers::NONE }
    }

    /// The keys that end it.
    fn hint(&self, ui: &Ui) -> String {
        if self.is_long() {
            let enter = ui.ctx().format_shortcut(&KeyboardShortcut::new(self.enters_with(), Key::Enter));
            format!("{enter} or Esc when it is written")
        } else {
            "Enter takes it, Esc leaves it as it was".to_owned()
        }
    }

    /// What the field is called.
    fn name(&self) -> String {
        match &self.item {
            Item::Node(id) => format!("name of {id}"),
            Item::Group(id) => format!("title of group {id}"),
            Item::Note(id) => format!("text of note {id}"),
            Item::Link(id) => format!("name of {id}"),
        }
    }

    /// Where the text stands, on the screen.
    fn place(&self, ground: &Ground<'_>) -> Option<Rect> {
        let rect = overlay::place(ground, &self.item)?;
        Some(match &self.item {
            Item::Node(_) => rect.with_max_y(rect.top() + ground.len(HEADER * 0.7)),
            Item::Group(id) => {
                let (_, _, title) = ground.inputs.stage.groups.iter().find(|(other, ..)| other == id)?;
                ground.rect(title)
            }
            // The field hides all of the note behind it.
            Item::Note(_) | Item::Link(_) => rect.expand(2.0),
        })
    }
}

impl Writing {
    /// What is to be selected once the document has it: a node by its new name.
    fn renamed(&self) -> Option<Selection> {
        match &self.item {
            Item::Node(_) => self.text.trim().parse().ok().map(Selection::node),
            Item::Link(_) | Item::Group(_) | Item::Note(_) => None,
        }
    }
}

impl Hand {
    /// What is being written on the canvas, where it is not what was there.
    pub(in crate::ui) fn writes(&self) -> Option<&str> {
        self.changed().map(|writing| writing.text.as_str())
    }

    /// The step that takes it, or why there is none.
    pub(in crate::ui) fn written(&self, preset: &Preset) -> Option<Result<Step, Problem>> {
        self.changed().map(|writing| writing.step(preset))
    }

    /// Ends the writing, and says what is selected then.
    pub(in crate::ui) fn end_writing(&mut self) -> Option<Selection> {
        self.writing.take().and_then(|writing| writing.renamed())
    }

    fn changed(&self) -> Option<&Writing> {
        self.writing.as_ref().filter(|writing| writing.text != writing.before)
    }
}

/// The part of a place that is on the canvas, with room for a name.
fn within(place: Rect, frame: Rect) -> Rect {
    let left = place.left().max(frame.left());
    let right = place.right().min(frame.right()).min(left + MOST_WIDTH).max(left + LEAST_WIDTH);
    let back = (right - frame.right()).max(0.0);
    let top = place.top().min(frame.bottom() - 40.0).max(frame.top());
    Rect::from_x_y_ranges(left - back..=right - back, top..=top + place.height())
}

/// Shows the field, if something is being written.
pub(super) fn show(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    // Something that is made in this moment is there in the next frame.
    if let Some(writing) = view.renaming.clone().and_then(|item| Writing::of(ground.inputs.preset, item)) {
        view.renaming = None;
        view.hand.writing = Some(writing);
        ground.ui.request_repaint();
    }
    let Some(mut writing) = view.hand.writing.take() else { return };
    let Some(place) = writing.place(ground).map(|place| within(place, ground.frame)) else { return };
    let step = writing.step(ground.inputs.preset);
    let area = Area::new(Id::unique("rename")).order(Order::Foreground).fixed_pos(place.min);
    let left = area.show(ground.ui.ctx(), |ui| field(ui, ground, &mut writing, place, step.as_ref().err())).inner;
    // Enter does not take what is wrong; leaving the field gives it up.
    let done = if view.hand.take_entered() { step.is_ok() } else { left };
    if !done {
        view.hand.writing = Some(writing);
    } else if let Ok(step) = writing.step(ground.inputs.preset)
        && !step.edits.is_empty()
    {
        actions.push(Action::Edit(step));
        actions.extend(writing.renamed().map(Action::Select));
    }
}

/// Draws the field, with what is wrong below it. Whether it was left.
fn field(ui: &mut Ui, ground: &Ground<'_>, writing: &mut Writing, place: Rect, wrong: Option<&Problem>) -> bool {
    let palette = ground.palette;
    let is_note = writing.is_long();
    let letters = if is_note { NOTE_LETTERS } else { LETTERS.0 };
    let font = FontId::proportional(ground.len(letters).max(LETTERS.1));
    let edge = if wrong.is_some() { palette.failed } else { palette.accent };
    let width = place.width().max(LEAST_WIDTH);
    let face =
        Frame::new().fill(palette.card).stroke(Stroke::new(2.0, edge)).corner_radius(6).inner_margin(Margin::same(6));
    let output = face.show(ui, |ui| {
        ui.set_width(width - 16.0);
        let edit =
            if is_note { TextEdit::multiline(&mut writing.text) } else { TextEdit::singleline(&mut writing.text) };
        let rows = if is_note { 2 } else { 1 };
        edit.font(font)
            .frame(Frame::NONE)
            .margin(Margin::same(2))
            .desired_rows(rows)
            .desired_width(width - 16.0)
            .show(ui)
    });
    let mut output = output.inner;
    let response = output.response.response.clone();
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(writing.name()));
    if !writing.began {
        writing.began = true;
        response.request_focus();
        let all = egui::text::CCursorRange::select_all(&output.galley);
        output.state.cursor.set_char_range(Some(all));
        output.state.store(ui.ctx(), response.id);
        return false;
    }
    match wrong {
        Some(problem) => message(ui, ground, &spoken(problem), width, palette.failed),
        None => message(ui, ground, &writing.hint(ui), width, palette.line),
    }
    response.lost_focus()
}

/// What is wrong and what to do. Where it is wrong, one sees.
fn spoken(problem: &Problem) -> String {
    let (message, advice) = (&problem.message, &problem.advice);
    if advice.is_empty() { message.clone() } else { format!("{message}: {advice}") }
}

fn message(ui: &mut Ui, ground: &Ground<'_>, text: &str, width: f32, edge: Color32) {
    let palette = ground.palette;
    let is_wrong = edge == palette.failed;
    let face = Frame::new()
        .fill(if is_wrong { palette.harm_face } else { palette.panel })
        .stroke(Stroke::new(1.0, edge))
        .corner_radius(6)
        .inner_margin(Margin::symmetric(8, 5));
    face.show(ui, |ui| {
        ui.set_max_width(width.max(240.0));
        ui.label(egui::RichText::new(text).color(if is_wrong { palette.text } else { palette.faint }).size(12.5));
    });
    ui.add_space(vec2(0.0, 2.0).y);
}
