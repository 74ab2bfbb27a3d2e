//! The strip's row: where the learner predicts, makes the change that a step asks for, and finds the guess beside the
//! result.

use egui::text::LayoutJob;
use egui::{Align, Button, DragValue, FontId, Key, Label, Layout, RichText, TextEdit, Ui, WidgetInfo, vec2};

use crate::scene::lesson::{Control, Hand, Input, Question, Turn};
use crate::topology::edit::{self, Step};
use crate::topology::{NodeId, Sessions, choice::Choice, settings};
use crate::ui::action::Action;
use crate::ui::theme::{self, Palette};
use crate::ui::{Inputs, View};

/// The most digits that a guess has.
const MOST_DIGITS: usize = 6;

/// Draws the row.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let strip = inputs.strip;
    let palette = Palette::of(ui.ctx());
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_height(theme::LESSON_ROW_HEIGHT);
        if let Some(question) = &strip.question {
            ask(ui, question, view, actions);
        }
        if !strip.setting.is_empty()
            && let Some(Control::Set { node, key, value }) = &strip.highlight
        {
            let button = ui.add(large(&strip.setting).truncate());
            super::ring_if(
                ui,
                strip,
                &Control::Set { node: node.clone(), key: key.clone(), value: value.clone() },
                button.rect,
            );
            if button.clicked() {
                actions.extend(edit(inputs, node, key, value));
            }
        }
        if !strip.result.is_empty() {
            ui.label(RichText::new(&strip.result).size(theme::LESSON_RESULT).strong().color(palette.text));
        }
        if strip.is_end {
            let button = ui.add(large("Make it yours")).on_hover_text("Open the drawing for building (B)");
            super::ring_if(ui, strip, &Control::MakeItYours, button.rect);
            if button.clicked() {
                view.build = true;
            }
        }
    });
}

fn large(text: &str) -> Button<'_> {
    Button::new(RichText::new(text).size(theme::LESSON_TEXT)).min_size(vec2(0.0, theme::LESSON_ROW_HEIGHT))
}

fn ask(ui: &mut Ui, question: &Question, view: &mut View, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    match &question.input {
        Input::Number => number(ui, view, actions),
        Input::Hands(hands) => {
            for (answer, hand) in hands.iter().enumerate() {
                show_of_hands(ui, answer, hand, actions);
            }
        }
    }
    let nobody = |hands: &[Hand]| hands.iter().all(|hand| hand.count == 0);
    let open = match &question.input {
        Input::Number => true,
        Input::Hands(hands) => nobody(hands),
    };
    if !open {
        return;
    }
    if ui.add(large("Skip")).on_hover_text("Go on without a prediction").clicked() {
        actions.push(Action::Lesson(Turn::Skip));
    }
    if !question.then.is_empty() {
        // Apart from the button, or both would be read as one order.
        ui.add_space(6.0);
        ui.separator();
        let (then, font) = (format!("Then: {}", question.then), FontId::proportional(theme::LESSON_TEXT - 1.0));
        let mut words = LayoutJob::simple(then, font, palette.faint, ui.available_width());
        words.wrap.max_rows = 2;
        ui.add(Label::new(words).wrap());
    }
}

fn number(ui: &mut Ui, view: &mut View, actions: &mut Vec<Action>) {
    let typed = &mut view.lesson.guess;
    let field = TextEdit::singleline(typed)
        .hint_text("your guess")
        .desired_width(96.0)
        .char_limit(MOST_DIGITS)
        .align(egui::Align2::LEFT_CENTER);
    let field = ui.add_sized(vec2(96.0, theme::LESSON_ROW_HEIGHT), field.font(egui::FontId::proportional(17.0)));
    field.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, "", typed.as_str(), "");
        info.label = Some("your guess".to_owned());
        info
    });
    typed.retain(|letter| letter.is_ascii_digit());
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let guess = ui.add_enabled(!typed.is_empty(), Button::new("Guess").min_size(vec2(0.0, theme::LESSON_ROW_HEIGHT)));
    if (entered || guess.clicked())
        && let Ok(guessed) = typed.parse()
    {
        typed.clear();
        actions.push(Action::Lesson(Turn::Guess(guessed)));
    }
}

/// A counter for one answer: fewer, a number that can also be typed, more.
fn show_of_hands(ui: &mut Ui, answer: usize, hand: &Hand, actions: &mut Vec<Action>) {
    let Hand { letter, count, .. } = hand;
    ui.spacing_mut().item_spacing.x = 4.0;
    ui.label(RichText::new(letter.to_string()).size(theme::LESSON_TEXT).strong());
    let mut now = *count;
    let turn = |ui: &mut Ui, sign: &str, name: String, possible: bool| {
        let button = ui.add_enabled(possible, Button::new(sign).min_size(vec2(24.0, 26.0)));
        button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, possible, &name));
        button.clicked()
    };
    if turn(ui, "−", format!("fewer hands for {letter}"), now > 0) {
        now = now.saturating_sub(1);
    }
    let value = ui.add(DragValue::new(&mut now).range(0..=999));
    value.widget_info(|| {
        let mut info = WidgetInfo::drag_value(true, f64::from(*count));
        info.label = Some(format!("hands for {letter}"));
        info
    });
    if turn(ui, "+", format!("more hands for {letter}"), true) {
        now += 1;
    }
    if now != *count {
        actions.push(Action::Lesson(Turn::Hands { answer, count: now }));
    }
    ui.add_space(12.0);
}

/// The edit that makes the change which a step asks for; a store is linked where one is needed.
fn edit(inputs: &Inputs<'_>, node: &NodeId, key: &str, value: &str) -> Option<Action> {
    if let ("sessions", Some(sessions)) = (key, Sessions::from_word(value)) {
        return Some(Action::edit(edit::set_sessions(inputs.preset, node, sessions)));
    }
    let role = &inputs.preset.topology.node(node)?.role;
    let known = settings::describe(role).into_iter().find(|info| info.key == key)?;
    Some(Action::Edit(Step::set(node, known.key, value)))
}
