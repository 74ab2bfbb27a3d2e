//! What is wrong with the drawing, where it is: a badge on the node or link, a counter in the bar of Build, and for each
//! problem what it says, what helps, and the edits that mend it. Finds no problems itself: that is validation's.

use egui::{
    Align2, Frame, Label, Margin, Popup, PopupCloseBehavior, Pos2, Rect, Response, RichText, Role, ScrollArea, Sense,
};
use egui::{Ui, WidgetInfo, vec2};

use crate::topology::edit::{self, Item};
use crate::topology::{Preset, Problem, Severity};

use super::action::Action;
use super::button::IconButton;
use super::glyphs::{self, Glyph};
use super::selection::Selection;
use super::theme::Palette;
use super::{Inputs, View, sight};

/// The side of a badge.
const BADGE: f32 = 24.0;
/// More badges than this are not drawn: the list has them all.
const MOST: usize = 200;
/// The width of what says more about a problem.
const WIDTH: f32 = 340.0;

impl Inputs<'_> {
    /// The problems that were not put away; those that prevent a run come first.
    pub(super) fn open_problems<'a>(&'a self, view: &View) -> Vec<&'a Problem> {
        let open = self.problems.iter().filter(|problem| !view.hushed.contains(problem));
        let mut open: Vec<&Problem> = open.collect();
        open.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        open
    }
}

/// Draws a badge for each problem that has a place, above the drawing.
pub(super) fn badges(ui: &mut Ui, canvas: Rect, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let mut taken: Vec<Rect> = Vec::new();
    let open: Vec<Problem> = inputs.open_problems(view).into_iter().take(MOST).cloned().collect();
    for (at, problem) in open.iter().enumerate() {
        let Some(corner) = corner(inputs, view, canvas, problem) else { continue };
        let mut rect = Rect::from_center_size(corner, vec2(BADGE, BADGE));
        while taken.iter().any(|other| other.intersects(rect)) {
            rect = rect.translate(vec2(-BADGE - 2.0, 0.0));
        }
        taken.push(rect);
        if !canvas.contains_rect(rect) {
            continue;
        }
        let response = ui.interact(rect, ui.scope_id().with(("problem", at)), Sense::click());
        badge(ui, rect, problem, &response);
        let help = format!("{}\n{}", problem.message, problem.advice);
        let response = response.on_hover_text(help.trim_end());
        Popup::menu(&response)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .width(WIDTH)
            .show(|ui| more(ui, problem, inputs, view, actions));
    }
}

fn badge(ui: &Ui, rect: Rect, problem: &Problem, response: &Response) {
    let palette = Palette::of(ui.ctx());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("problem: {}", problem.message)));
    let colour = if problem.severity == Severity::Error { palette.failed } else { palette.degraded };
    let lit = response.hovered() || response.has_focus();
    let edge = egui::Stroke::new(if lit { 2.5 } else { 1.5 }, colour);
    ui.painter().circle(rect.center(), BADGE / 2.0, palette.card, edge);
    let picture = rect.shrink(6.0).translate(vec2(0.0, -1.0));
    glyphs::draw(ui.painter(), Glyph::Problem, picture, if lit { palette.text } else { colour });
}

/// What is wrong, what helps, and what can be done about it with one click.
fn more(ui: &mut Ui, problem: &Problem, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    Frame::new().inner_margin(Margin::same(6)).show(ui, |ui| {
        ui.set_width(WIDTH - 12.0);
        ui.add(Label::new(RichText::new(&problem.message).color(palette.text)).wrap());
        if !problem.advice.is_empty() {
            ui.add(Label::new(RichText::new(&problem.advice).size(13.0).color(palette.faint)).wrap());
        }
        ui.add_space(4.0);
        mend(ui, problem, inputs, actions);
        if problem.severity == Severity::Warning
            && ui.button("Put away").on_hover_text("It is in the list no more; the drawing stays").clicked()
        {
            view.hushed.push(problem.clone());
            ui.close();
        }
    });
}

/// A button for each edit that mends it.
fn mend(ui: &mut Ui, problem: &Problem, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    for fix in edit::fixes(inputs.preset, problem) {
        if ui.button(&fix.title).on_hover_text("One step, that undo takes back").clicked() {
            actions.push(Action::Edit(fix.step));
            ui.close();
        }
    }
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
            for problem in &open {
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
        job.append(&problem.message, 0.0, font(13.5));
        if !problem.advice.is_empty() {
            let advice = format!("\n{}", problem.advice);
            job.append(&advice, 0.0, egui::TextFormat { color: palette.faint, ..font(12.5) });
        }
        job.wrap.max_width = WIDTH;
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
        response.widget_info(|| WidgetInfo::labeled(Role::Button, item.is_some(), &problem.message));
        if let Some(item) = item.filter(|_| response.clicked()) {
            view.show_selected(ui.ctx(), inputs, Selection::item(item));
            ui.close();
        }
    });
    ui.horizontal_wrapped(|ui| {
        ui.add_space(22.0);
        mend(ui, problem, inputs, actions);
    });
    ui.separator();
}

/// The first thing on the drawing that a problem is about.
pub(super) fn item(preset: &Preset, problem: &Problem) -> Option<Item> {
    edit::about(preset, problem).into_iter().next()
}

/// Where the badge goes: the upper right corner of a card, a frame or a note, the middle of a link.
fn corner(inputs: &Inputs<'_>, view: &View, canvas: Rect, problem: &Problem) -> Option<Pos2> {
    let item = item(inputs.preset, problem)?;
    let to = view.camera.transform(canvas);
    let place = to.rect(&sight::place_of(inputs, &item)?);
    Some(if let Item::Link(_) = item { place.center() } else { place.right_top() + vec2(-4.0, 2.0) })
}
