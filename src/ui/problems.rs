//! What is wrong with the drawing, where it is: a badge on the node or link, a counter in the bar of Build, and for each
//! problem what it says, what helps, and the edits that mend it. Finds no problems itself: that is validation's.

use egui::{
    Align, Align2, FontId, Frame, Label, Layout, Margin, Popup, PopupCloseBehavior, Pos2, Rect, Response, RichText,
    Role, ScrollArea,
};
use egui::{Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

use crate::topology::edit::{self, Item};
use crate::topology::{Preset, Problem, Severity};

use super::action::Action;
use super::button::IconButton;
use super::glyphs::{self, Glyph};
use super::inspector::capital;
use super::notices::is_among;
use super::selection::Selection;
use super::theme::Palette;
use super::{Inputs, View, sight};

/// The side of a badge.
const BADGE: f32 = 24.0;
/// The width of a badge with a number.
const WIDE_BADGE: f32 = 37.0;
/// How far a badge may reach into a card, in units of the drawing: its edge up to the word that says its role.
const BESIDE_ROLE: f32 = 10.0;
/// More badges than this are not drawn: the list has them all.
const MOST: usize = 200;
/// The width of what says more about a problem.
const WIDTH: f32 = 340.0;

impl Inputs<'_> {
    /// The problems without the warnings that were put away; those that prevent a run come first.
    pub(super) fn open_problems<'a>(&'a self, view: &View) -> Vec<&'a Problem> {
        // Of nothing there is nothing wrong: the canvas says what to do first.
        if self.preset.topology.nodes().next().is_none() {
            return Vec::new();
        }
        let away = |problem: &&Problem| problem.severity == Severity::Warning && is_among(&view.hushed, problem);
        let mut open: Vec<&Problem> = self.problems.iter().filter(|problem| !away(problem)).collect();
        open.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        open
    }
}

/// Draws a badge for everything on the drawing that has a problem, above the drawing.
pub(super) fn badges(ui: &mut Ui, canvas: Rect, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let open: Vec<Problem> = inputs.open_problems(view).into_iter().take(MOST).cloned().collect();
    let mut drawn: Vec<Pos2> = Vec::new();
    for (item, problems) in by_item(inputs.preset, &open) {
        let Some(corner) = corner(inputs, view, canvas, &item).filter(|corner| canvas.contains(*corner)) else {
            continue;
        };
        let size = vec2(if problems.len() > 1 { WIDE_BADGE } else { BADGE }, BADGE);
        let left = (corner.x - BADGE / 2.0).clamp(canvas.left(), (canvas.right() - size.x).max(canvas.left()));
        let top = (corner.y - BADGE / 2.0).clamp(canvas.top(), (canvas.bottom() - size.y).max(canvas.top()));
        let rect = Rect::from_min_size(Pos2::new(left, top), size);
        // From afar they would lie on each other, and none could be pressed.
        if drawn.iter().any(|other| (*other - rect.center()).length() < BADGE / 2.0) {
            continue;
        }
        drawn.push(rect.center());
        let response = ui.interact(rect, ui.scope_id().with(("problem", &item)), Sense::click());
        badge(ui, rect, &problems, &response);
        let help: Vec<String> = problems.iter().map(|problem| said(problem)).collect();
        let response = response.on_hover_text(help.join("\n\n"));
        // A menu's own layout would spread the words of a line over its width.
        let list = Popup::menu(&response).layout(Layout::top_down(Align::Min));
        list.close_behavior(PopupCloseBehavior::CloseOnClickOutside).width(WIDTH).show(|ui| {
            for (at, problem) in problems.iter().enumerate() {
                if at > 0 {
                    ui.separator();
                }
                more(ui, problem, inputs, view, actions);
            }
        });
    }
}

/// The problems of each thing on the drawing, those that prevent a run first.
fn by_item<'a>(preset: &Preset, problems: &'a [Problem]) -> Vec<(Item, Vec<&'a Problem>)> {
    let mut found: Vec<(Item, Vec<&Problem>)> = Vec::new();
    for problem in problems {
        let Some(item) = item(preset, problem) else { continue };
        match found.iter_mut().find(|(known, _)| *known == item) {
            Some((_, others)) => others.push(problem),
            None => found.push((item, vec![problem])),
        }
    }
    found
}

/// What is wrong and what helps, as it is read by people.
fn said(problem: &Problem) -> String {
    format!("{}\n{}", capital(&problem.message), capital(&problem.advice)).trim_end().to_owned()
}

fn badge(ui: &Ui, rect: Rect, problems: &[&Problem], response: &Response) {
    let palette = Palette::of(ui.ctx());
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("problem: {}", messages.join("; "))));
    let is_error = problems.iter().any(|problem| problem.severity == Severity::Error);
    let colour = if is_error { palette.failed } else { palette.degraded };
    let lit = response.hovered() || response.has_focus();
    let edge = Stroke::new(if lit { 2.5 } else { 1.5 }, colour);
    // The ring tells by its colour, and yellow is not read on a light ground.
    let ink = if lit || !is_error { palette.text } else { colour };
    ui.painter().rect(rect, BADGE / 2.0, palette.card, edge, StrokeKind::Inside);
    let round = Rect::from_min_size(rect.min, vec2(BADGE, BADGE));
    glyphs::draw(ui.painter(), Glyph::Problem, round.shrink(6.0).translate(vec2(0.0, -1.0)), ink);
    if problems.len() > 1 {
        let at = Pos2::new(rect.left() + BADGE - 2.0, rect.center().y);
        let font = FontId::proportional(12.5);
        ui.painter().text(at, Align2::LEFT_CENTER, problems.len(), font, palette.text);
    }
}

/// What is wrong, what helps, and what can be done about it with one click.
fn more(ui: &mut Ui, problem: &Problem, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    Frame::new().inner_margin(Margin::same(6)).show(ui, |ui| {
        ui.set_width(WIDTH - 12.0);
        ui.add(Label::new(RichText::new(capital(&problem.message)).color(palette.text)).wrap());
        if !problem.advice.is_empty() {
            ui.add(Label::new(RichText::new(capital(&problem.advice)).size(13.0).color(palette.faint)).wrap());
        }
        ui.horizontal_wrapped(|ui| {
            mend(ui, problem, inputs, actions);
            if problem.severity == Severity::Warning
                && framed(ui, "Put away").on_hover_text("It is in the list no more; the drawing stays").clicked()
            {
                view.hushed.push(problem.clone());
                ui.close();
            }
        });
    });
}

/// A button for each edit that mends it.
fn mend(ui: &mut Ui, problem: &Problem, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    for fix in edit::fixes(inputs.preset, problem) {
        if framed(ui, &fix.title).on_hover_text("One step, that undo takes back").clicked() {
            actions.push(Action::Edit(fix.step));
            ui.close();
        }
    }
}

/// A button that looks like one: those of a menu have no edge.
fn framed(ui: &mut Ui, words: &str) -> Response {
    ui.scope(|ui| {
        ui.reset_style();
        ui.spacing_mut().button_padding = vec2(10.0, 4.0);
        ui.button(RichText::new(words).size(13.0))
    })
    .inner
}

/// The counter in the bar of Build, and behind it the list.
pub(super) fn counter(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let open: Vec<Problem> = inputs.open_problems(view).into_iter().cloned().collect();
    let words = match open.len() {
        0 => return,
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    };
    let bare = ui.available_width() < 330.0;
    let button = ui.add(IconButton::new(Glyph::Problem, &words).bare(bare));
    let button = button.on_hover_text("What is wrong with the drawing, and what helps");
    let list =
        Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).width(WIDTH + 60.0).gap(6.0);
    list.show(|ui| {
        let height = (ui.ctx().content_rect().height() - 220.0).max(120.0);
        ScrollArea::vertical().max_height(height).show(ui, |ui| {
            for (at, problem) in open.iter().enumerate() {
                if at > 0 {
                    ui.separator();
                }
                line(ui, problem, inputs, view, actions);
            }
        });
    });
}

/// One problem of the list: a click selects where it is and shows it.
fn line(ui: &mut Ui, problem: &Problem, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    let item = item(inputs.preset, problem);
    let job = {
        let mut job = egui::text::LayoutJob::default();
        let font = |size| egui::TextFormat::simple(egui::FontId::proportional(size), palette.text);
        job.append(&capital(&problem.message), 0.0, font(13.5));
        if !problem.advice.is_empty() {
            let advice = format!("\n{}", capital(&problem.advice));
            job.append(&advice, 0.0, egui::TextFormat { color: palette.faint, ..font(12.5) });
        }
        job.wrap.max_width = WIDTH + 24.0;
        job
    };
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
        let colour = if problem.severity == Severity::Error { palette.failed } else { palette.degraded };
        glyphs::draw(
            ui.painter(),
            Glyph::Problem,
            Align2::CENTER_CENTER.align_size_within_rect(vec2(14.0, 14.0), rect),
            colour,
        );
        let button = egui::Button::new(job).frame(false).wrap();
        let response = ui.add_enabled(item.is_some(), button);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, item.is_some(), capital(&problem.message)));
        if let Some(item) = item.filter(|_| response.clicked()) {
            view.show_selected(ui.ctx(), inputs, Selection::item(item));
            ui.close();
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.add_space(22.0);
        mend(ui, problem, inputs, actions);
    });
}

/// The first thing on the drawing that a problem is about.
pub(super) fn item(preset: &Preset, problem: &Problem) -> Option<Item> {
    edit::about(preset, problem).into_iter().next()
}

/// The middle of a badge: just outside the upper right corner of a card, a frame or a note, on the middle of a link.
fn corner(inputs: &Inputs<'_>, view: &View, canvas: Rect, item: &Item) -> Option<Pos2> {
    let to = view.camera.transform(canvas);
    let place = to.rect(&sight::place_of(inputs, item)?);
    // The word at a card's right edge comes nearer to it from afar, and is not covered then either.
    let outside = vec2(BADGE / 2.0 - BESIDE_ROLE * view.camera.zoom().min(1.0), -5.0);
    Some(if let Item::Link(_) = item { place.center() } else { place.right_top() + outside })
}
