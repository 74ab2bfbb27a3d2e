//! Messages above the canvas: what prevents a run, what went wrong, each once and to be put away. They lie on it, so that
//! the drawing stays where it is, but where they hide nothing of it.

mod spot;

use egui::{Area, Frame, Id, Margin, Order, Rect, RichText, ScrollArea, Stroke, Ui, vec2};

use crate::topology::{Problem, Severity};

use super::action::Action;
use super::theme::Palette;
use super::{Inputs, View};

/// A message to be read and put away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The message: what happened and what to do.
    pub text: String,
    /// Whether something went wrong.
    pub bad: bool,
}

pub(crate) use spot::Spot;

/// The greatest height of a message, and of the list of problems.
const WORDS: f32 = 132.0;
const LIST: f32 = 84.0;
/// The free space at both sides of a message, and above and below it.
const INDENT: f32 = 28.0;
const PAD: f32 = 9.0;
/// The thickness of its edge.
const EDGE: f32 = 1.5;
/// The most room for the button that puts a message away.
const BUTTON: f32 = 96.0;

/// Draws the messages, if there are any, on the canvas.
pub(super) fn show(ui: &Ui, canvas: Rect, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    view.hushed.retain(|hushed| is_among(inputs.problems, hushed));
    // In Build they are where they are on the drawing, and in the bar's list; here is what a file says, with its lines.
    let here = |problem: &&Problem| !view.build || problem.place.is_some() && !is_among(&view.hushed, problem);
    let problems: Vec<Problem> = inputs.open_problems(view).into_iter().filter(here).cloned().collect();
    let hushed = problems.is_empty();
    if inputs.notice.is_none() && inputs.latest.trouble.is_none() && hushed {
        view.notice_spot.leave();
        return;
    }
    let id = Id::unique("notices");
    let says = Says { problems, trouble: inputs.latest.trouble.as_deref(), notice: inputs.notice };
    let mut spot = view.notice_spot;
    let place = spot.of(says.id(canvas), || {
        let taken = spot::taken(ui.ctx(), canvas, inputs, view, id);
        spot::find(canvas, |width| says.height(ui, width), &taken)
    });
    view.notice_spot = spot;
    let pivot = spot::pivot(canvas, place);
    let area = Area::new(id).order(Order::Middle).pivot(pivot).fixed_pos(pivot.pos_in_rect(&place));
    area.show(ui.ctx(), |ui| says.show(ui, place.width(), view, actions));
}

/// Draws a message at the foot of the window, where there is no drawing alone that it could hide.
pub(super) fn at_foot(ui: &Ui, notice: &Notice, actions: &mut Vec<Action>) {
    let window = ui.ctx().content_rect();
    let width = (window.width() - 2.0 * INDENT).min(720.0);
    let foot = window.center_bottom() - vec2(0.0, INDENT);
    let area = Area::new(Id::unique("notice at the foot")).order(Order::Foreground);
    area.pivot(egui::Align2::CENTER_BOTTOM).fixed_pos(foot).show(ui.ctx(), |ui| {
        if card(ui, width, notice.bad, Some("Dismiss"), |ui| words(ui, &notice.text)) {
            actions.push(Action::Dismiss);
        }
    });
}

/// Whether a problem is among these, whatever line they have it in: an edit takes the lines away.
pub(super) fn is_among(problems: &[Problem], problem: &Problem) -> bool {
    problems.iter().any(|other| other.is_same_as(problem))
}

/// Everything that is to be said now.
struct Says<'a> {
    problems: Vec<Problem>,
    trouble: Option<&'a str>,
    notice: Option<&'a Notice>,
}

impl Says<'_> {
    /// What it is known by: the same words on the same canvas.
    fn id(&self, canvas: Rect) -> Id {
        let lines: Vec<&str> = self.problems.iter().map(|problem| problem.message.as_str()).collect();
        let corners = [canvas.left(), canvas.top(), canvas.right(), canvas.bottom()].map(|at| at.round() as i32);
        Id::unique((lines, self.trouble, self.notice.map(|notice| &notice.text), corners))
    }

    /// About how high it will be in this width.
    fn height(&self, ui: &Ui, width: f32) -> f32 {
        let high = |text: String, size: f32, most: f32| {
            let font = egui::FontId::proportional(size);
            ui.painter().layout(text, font, egui::Color32::PLACEHOLDER, width - INDENT - BUTTON).size().y.min(most)
        };
        let size = egui::TextStyle::Body.resolve(ui.style()).size;
        let lines: Vec<String> = self.problems.iter().map(line).collect();
        let list = (!lines.is_empty()).then(|| high(lines.join("\n"), 13.0, LIST));
        let trouble = self.trouble.map(|trouble| high(could_not(trouble), size, WORDS));
        let notice = self.notice.map(|notice| high(notice.text.clone(), size, WORDS));
        let each = [list, trouble, notice].into_iter().flatten();
        let around = 2.0 * (PAD + EDGE) + ui.spacing().item_spacing.y;
        each.map(|high| high.max(ui.spacing().interact_size.y) + around).sum()
    }

    fn show(&self, ui: &mut Ui, width: f32, view: &mut View, actions: &mut Vec<Action>) {
        if !self.problems.is_empty() {
            let bad = self.problems.iter().any(|problem| problem.severity == Severity::Error);
            let close = |view: &mut View| view.hushed.extend(self.problems.iter().cloned());
            card(ui, width, bad, (view.build || !bad).then_some("Hide"), |ui| list(ui, &self.problems))
                .then(|| close(view));
        }
        if let Some(trouble) = self.trouble {
            card(ui, width, true, None, |ui| words(ui, &could_not(trouble)));
        }
        if let Some(notice) = self.notice
            && card(ui, width, notice.bad, Some("Dismiss"), |ui| words(ui, &notice.text))
        {
            actions.push(Action::Dismiss);
        }
    }
}

fn could_not(trouble: &str) -> String {
    format!("The run could not go on: {trouble}")
}

/// A problem in one line, with its place.
fn line(problem: &Problem) -> String {
    if problem.path.is_empty() { problem.to_string() } else { format!("{problem}  ({})", problem.path) }
}

fn words(ui: &mut Ui, text: &str) {
    ScrollArea::vertical()
        .id_salt("words")
        .min_scrolled_height(WORDS)
        .max_height(WORDS)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.add(egui::Label::new(text).wrap());
        });
}

fn list(ui: &mut Ui, problems: &[Problem]) {
    ScrollArea::vertical().max_height(LIST).auto_shrink([false, true]).show(ui, |ui| {
        for problem in problems {
            ui.add(egui::Label::new(RichText::new(line(problem)).size(13.0)).wrap());
        }
    });
}

/// A card of one message. Whether the button that puts it away was pressed, where it has one.
fn card(ui: &mut Ui, width: f32, bad: bool, button: Option<&str>, add: impl FnOnce(&mut Ui)) -> bool {
    let palette = Palette::of(ui.ctx());
    let (face, edge) = if bad { (palette.harm_face, palette.failed) } else { (palette.card, palette.accent) };
    let frame = Frame::new()
        .fill(face)
        .stroke(Stroke::new(EDGE, edge))
        .corner_radius(10)
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(Margin::symmetric((INDENT / 2.0) as i8, PAD as i8));
    let mut pressed = false;
    frame.show(ui, |ui| {
        ui.set_width(width - INDENT);
        ui.horizontal(|ui| {
            let room = ui.available_width() - button.map_or(0.0, |button| beside(ui, button));
            ui.allocate_ui(vec2(room, 20.0), |ui| {
                ui.set_width(room);
                ui.vertical(add);
            });
            pressed = button.is_some_and(|button| ui.button(button).clicked());
        });
    });
    pressed
}

/// What the words leave to the button: as much as it needs, so that it ends at the card's edge.
fn beside(ui: &Ui, button: &str) -> f32 {
    let font = egui::TextStyle::Button.resolve(ui.style());
    let words = ui.painter().layout_no_wrap(button.to_owned(), font, egui::Color32::PLACEHOLDER).size().x;
    words + 2.0 * ui.spacing().button_padding.x + ui.spacing().item_spacing.x + 1.0
}
