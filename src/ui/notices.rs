//! Messages above the canvas: what prevents a run, what went wrong, each once and to be put away.

use egui::{Frame, Margin, Panel, RichText, ScrollArea, Stroke, Ui};

use crate::topology::Severity;

use super::Inputs;
use super::action::Action;
use super::theme::Palette;

/// A message to be read and put away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The message: what happened and what to do.
    pub text: String,
    /// Whether something went wrong.
    pub bad: bool,
}

/// Draws the messages, if there are any.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    if let Some(notice) = inputs.notice {
        bar(ui, "notice", notice.bad, false, |ui| {
            if ui.button("Dismiss").clicked() {
                actions.push(Action::Dismiss);
            }
            ui.add(egui::Label::new(&notice.text).wrap());
        });
    }
    if let Some(trouble) = &inputs.latest.trouble {
        bar(ui, "trouble", true, false, |ui| {
            ui.add(egui::Label::new(format!("The run could not go on: {trouble}")).wrap());
        });
    }
    if !inputs.problems.is_empty() {
        let bad = inputs.problems.iter().any(|problem| problem.severity == Severity::Error);
        bar(ui, "problems", bad, true, |ui| problems(ui, inputs));
    }
}

fn problems(ui: &mut Ui, inputs: &Inputs<'_>) {
    ScrollArea::vertical().max_height(84.0).auto_shrink([false, true]).show(ui, |ui| {
        for problem in inputs.problems {
            let place = if problem.path.is_empty() { String::new() } else { format!("  ({})", problem.path) };
            ui.add(egui::Label::new(RichText::new(format!("{problem}{place}")).size(13.0)).wrap());
        }
    });
}

/// A bar of one message, or with its lines `stacked`.
fn bar(ui: &mut Ui, id: &'static str, bad: bool, stacked: bool, add: impl FnOnce(&mut Ui)) {
    let palette = Palette::of(ui.ctx());
    let (face, edge) = if bad { (palette.harm_face, palette.failed) } else { (palette.cell, palette.accent) };
    let frame = Frame::new().fill(face).stroke(Stroke::new(1.0, edge)).inner_margin(Margin::symmetric(14, 7));
    Panel::top(id).frame(frame).show(ui, |ui| {
        if stacked {
            ui.vertical(add);
        } else {
            ui.horizontal(add);
        }
    });
}
