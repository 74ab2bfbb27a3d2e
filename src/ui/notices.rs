//! Messages above the canvas: what prevents a run, what went wrong, each once and to be put away. They lie on it, so that
//! the drawing stays where it is.

use egui::{Align2, Area, Frame, Id, Margin, Order, Rect, RichText, ScrollArea, Stroke, Ui, vec2};

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

/// The room below the messages: the legend's.
const BELOW: f32 = 52.0;

/// Draws the messages, if there are any, at the bottom of the canvas.
pub(super) fn show(ui: &Ui, canvas: Rect, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    view.hushed.retain(|hushed| inputs.problems.contains(hushed));
    // In Build they are where they are, and in the bar's list.
    let open = if view.build { Vec::new() } else { inputs.open_problems(view) };
    let problems: Vec<Problem> = open.into_iter().cloned().collect();
    let hushed = problems.is_empty();
    if inputs.notice.is_none() && inputs.latest.trouble.is_none() && hushed {
        return;
    }
    let at = canvas.center_bottom() - vec2(0.0, BELOW);
    Area::new(Id::unique("notices")).order(Order::Middle).pivot(Align2::CENTER_BOTTOM).fixed_pos(at).show(
        ui.ctx(),
        |ui| {
            let width = (canvas.width() - 40.0).min(680.0);
            if !hushed {
                let bad = problems.iter().any(|problem| problem.severity == Severity::Error);
                let close = |view: &mut View| view.hushed.extend(problems.iter().cloned());
                card(ui, width, bad, (!bad).then_some("Hide"), |ui| list(ui, &problems)).then(|| close(view));
            }
            if let Some(trouble) = &inputs.latest.trouble {
                card(ui, width, true, None, |ui| words(ui, &format!("The run could not go on: {trouble}")));
            }
            if let Some(notice) = inputs.notice
                && card(ui, width, notice.bad, Some("Dismiss"), |ui| words(ui, &notice.text))
            {
                actions.push(Action::Dismiss);
            }
        },
    );
}

fn words(ui: &mut Ui, text: &str) {
    ScrollArea::vertical().id_salt("words").max_height(132.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.add(egui::Label::new(text).wrap());
    });
}

fn list(ui: &mut Ui, problems: &[Problem]) {
    ScrollArea::vertical().max_height(84.0).auto_shrink([false, true]).show(ui, |ui| {
        for problem in problems {
            let place = if problem.path.is_empty() { String::new() } else { format!("  ({})", problem.path) };
            ui.add(egui::Label::new(RichText::new(format!("{problem}{place}")).size(13.0)).wrap());
        }
    });
}

/// A card of one message. Whether the button that puts it away was pressed, where it has one.
fn card(ui: &mut Ui, width: f32, bad: bool, button: Option<&str>, add: impl FnOnce(&mut Ui)) -> bool {
    let palette = Palette::of(ui.ctx());
    let (face, edge) = if bad { (palette.harm_face, palette.failed) } else { (palette.card, palette.accent) };
    let frame = Frame::new()
        .fill(face)
        .stroke(Stroke::new(1.5, edge))
        .corner_radius(10)
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(Margin::symmetric(14, 9));
    let mut pressed = false;
    frame.show(ui, |ui| {
        ui.set_width(width - 28.0);
        ui.horizontal(|ui| {
            let room = ui.available_width() - if button.is_some() { 96.0 } else { 0.0 };
            ui.allocate_ui(vec2(room, 20.0), |ui| {
                ui.set_width(room);
                ui.vertical(add);
            });
            pressed = button.is_some_and(|button| ui.button(button).clicked());
        });
    });
    pressed
}
