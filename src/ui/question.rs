//! A question that must be answered before anything else: what is unsaved, what was changed by others, what was found
//! again after a crash, which programs may start. The app asks; here it is only drawn, and answered.

use egui::{Align, Button, Frame, Id, Key, Label, Layout, Margin, Modal, Modifiers, RichText, ScrollArea, Ui};
use egui::{Role, WidgetInfo};

use super::action::Action;
use super::theme::Palette;

/// How wide a question is.
const WIDTH: f32 = 520.0;
/// The most of a list that is seen without scrolling.
const LIST: f32 = 220.0;

/// The room for the buttons of a row.
const ROW_BUTTONS: f32 = 180.0;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question, in a few words.
    pub title: String,
    /// What it is about, and what follows.
    pub text: String,
    /// What is asked about, each with answers of its own.
    pub rows: Vec<Row>,
    /// The answers, the best first; the last is what Esc says.
    pub answers: Vec<Answer>,
}

/// One of several things that are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// More about it.
    pub detail: String,
    /// What can be done with it.
    pub answers: Vec<Answer>,
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Save to the document's file, then go on.
    Save,
    /// Choose a file and save there, then go on.
    SaveAs,
    /// Go on without saving.
    Discard,
    /// Write over what is in the file.
    Overwrite,
    /// Open what is in the file, in place of the document.
    Reload,
    /// Open this work that was found again.
    Restore(usize),
    /// Throw this work that was found again away.
    Forget(usize),
    /// Leave it for the next time.
    Later,
    /// Start the programs that are listed.
    Allow,
    /// Leave everything as it is.
    Cancel,
}

impl Answer {
    /// The words on its button.
    const fn words(self) -> &'static str {
        match self {
            Self::Save => "Save",
            Self::SaveAs => "Save as…",
            Self::Discard => "Do not save",
            Self::Overwrite => "Overwrite",
            Self::Reload => "Reload",
            Self::Restore(_) => "Restore",
            Self::Forget(_) => "Discard",
            Self::Later => "Later",
            Self::Allow => "Start them",
            Self::Cancel => "Cancel",
        }
    }
}

/// Draws the question above everything. Whether there is one, so that keys mean nothing else.
pub(super) fn show(ui: &Ui, question: Option<&Question>, actions: &mut Vec<Action>) {
    let Some(question) = question else { return };
    let fresh = is_fresh(ui, question);
    let frame = Frame::popup(ui.style()).inner_margin(Margin::same(22));
    let answer = Modal::new(Id::unique(("question", &question.title)))
        .frame(frame)
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 80.0));
            ui.add(Label::new(RichText::new(&question.title).heading()).wrap());
            ui.add_space(4.0);
            ui.add(Label::new(&question.text).wrap());
            ui.add_space(10.0);
            let row = rows(ui, &question.rows);
            row.or(answers(ui, &question.answers, fresh))
        })
        .inner;
    let escape = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    let escape = question.answers.last().copied().filter(|_| escape);
    actions.extend(answer.or(escape).map(Action::Answer));
}

/// Whether this question was not on the screen in the frame before.
fn is_fresh(ui: &Ui, question: &Question) -> bool {
    let (id, now) = (Id::unique(("question was shown", &question.title)), ui.ctx().cumulative_frame_nr());
    let before = ui.data_mut(|data| data.get_temp::<u64>(id));
    ui.data_mut(|data| data.insert_temp(id, now));
    before.is_none_or(|before| before + 1 < now)
}

/// The answers at the right, the best outermost and in colour. It has the keyboard at first, so that Enter gives it.
fn answers(ui: &mut Ui, answers: &[Answer], fresh: bool) -> Option<Answer> {
    let palette = Palette::of(ui.ctx());
    let mut given = None;
    // As high as the buttons: what is laid out from the right takes all the height that it may.
    let room = egui::vec2(ui.available_width(), 34.0);
    ui.allocate_ui_with_layout(room, Layout::right_to_left(Align::Center), |ui| {
        for (at, &answer) in answers.iter().enumerate() {
            let button = if at == 0 && answers.len() > 1 {
                Button::new(RichText::new(answer.words()).color(palette.on_accent)).fill(palette.accent)
            } else {
                Button::new(answer.words())
            };
            let response = ui.add(button.min_size(egui::vec2(84.0, 34.0)));
            if at == 0 && fresh {
                response.request_focus();
            }
            if response.clicked() {
                given = Some(answer);
            }
        }
    });
    given
}

fn rows(ui: &mut Ui, rows: &[Row]) -> Option<Answer> {
    let palette = Palette::of(ui.ctx());
    let mut given = None;
    if rows.is_empty() {
        return given;
    }
    ScrollArea::vertical().max_height(LIST).auto_shrink([false, true]).show(ui, |ui| {
        for row in rows {
            ui.separator();
            if row.answers.is_empty() {
                ui.add(Label::new(RichText::new(&row.name).strong()).truncate());
                // All of it, however long: it is what is agreed to.
                ui.add(Label::new(RichText::new(&row.detail).monospace()).wrap());
                continue;
            }
            ui.horizontal(|ui| {
                let room = (ui.available_width() - ROW_BUTTONS).max(80.0);
                ui.allocate_ui(egui::vec2(room, 40.0), |ui| {
                    ui.set_width(room);
                    ui.vertical(|ui| {
                        ui.add(Label::new(RichText::new(&row.name).strong()).truncate());
                        ui.add(Label::new(RichText::new(&row.detail).size(13.0).color(palette.faint)).truncate());
                    });
                });
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    for &answer in row.answers.iter().rev() {
                        let button = ui.button(answer.words());
                        let spoken = format!("{} {}", answer.words(), row.name);
                        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
                        if button.clicked() {
                            given = Some(answer);
                        }
                    }
                });
            });
        }
        ui.separator();
    });
    ui.add_space(10.0);
    given
}
