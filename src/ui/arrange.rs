//! What is where in the window. Nothing that comes and goes while a lesson runs changes the canvas's frame: messages lie
//! above it, and what is selected is described where the path of lessons was.

use egui::{Area, CentralPanel, Frame, Id, Margin, Order, Panel, Rect, RichText, ScrollArea, Ui, vec2};

use super::action::Action;
use super::button::IconButton;
use super::glyphs::Glyph;
use super::look::Sizes;
use super::selection::Selection;
use super::theme::{self, Palette};
use super::{
    Inputs, View, bottom, build_bar, build_strip, canvas, command_palette, empty, files, find, gallery, inspector,
};
use super::{keys_list, lesson, minimap, notices, presenter, problems, score, shelf, time, toolbar};
use crate::control::snapshot::Phase;

/// The most that a description above the canvas is high.
const SELECTED: f32 = 360.0;

/// The least height of the charts, with their tabs and a few lines.
const LEAST_TIMELINE: f32 = 96.0;
/// The charts leave the canvas this height.
const LEAST_CANVAS: f32 = 190.0;

/// Draws everything.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    view.camera.in_window(ui.ctx().content_rect().size(), view.presenter.is_some());
    let wide = ui.ctx().content_rect().width() >= theme::WIDE;
    if view.presenter.is_some() {
        presenter::show(ui, inputs, view, actions);
    } else {
        bars(ui, inputs, view, actions);
        side(ui, wide, inputs, view, actions);
        if view.build && view.figures && inputs.latest.phase != Phase::Idle {
            timeline(ui, inputs, view);
        }
        strip(ui, inputs, view, actions);
    }
    if view.presenter.is_none() {
        Panel::bottom("time").frame(bar(ui, 14, 5)).resizable(false).exact_size(theme::TIME_HEIGHT).show(ui, |ui| {
            ui.horizontal(|ui| time::show(ui, inputs, view, actions));
        });
    }
    let frame = ui.available_rect_before_wrap();
    view.frame = frame;
    view.glide_on(ui.ctx());
    CentralPanel::no_frame().show(ui, |ui| canvas::show(ui, inputs, view, actions));
    if (!wide || view.build && view.gallery_opened) && view.presenter.is_none() {
        overlay(ui, frame, inputs, view, actions);
    }
    if view.build && view.presenter.is_none() {
        problems::badges(ui, frame, inputs, view, actions);
        minimap::show(ui, frame, inputs, view);
    }
    empty::show(ui, frame, inputs, view, actions);
    shelf::hint(ui, frame, view);
    find::show(ui, frame, inputs, view);
    time::mark_canvas(ui, frame, inputs, view);
    notices::show(ui, frame, inputs, view, actions);
    keys_list::show(ui, view);
    command_palette::show(ui, inputs, view, actions);
    if view.presenter.is_some() {
        presenter::halo(ui, view);
    }
}

/// A bar's face.
pub(super) fn bar(ui: &Ui, x: i8, y: i8) -> Frame {
    Frame::new().fill(Palette::of(ui.ctx()).panel).inner_margin(Margin::symmetric(x, y))
}

fn bars(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let face = bar(ui, 14, 8);
    Panel::top("toolbar").frame(face).show(ui, |ui| toolbar::show(ui, inputs, view, actions));
    if view.build {
        Panel::top("build").frame(bar(ui, 14, 6)).show(ui, |ui| build_bar::show(ui, inputs, view, actions));
    }
    if view.files.is_some() {
        Panel::top("files").frame(bar(ui, 14, 6)).show(ui, |ui| files::show(ui, inputs, view, actions));
    }
}

/// The lesson's strip with the score beside it.
fn strip(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    // In Build the room belongs to the drawing, also at the moment of the verdict: its lines are in the panel below.
    if view.build {
        let panel = Panel::top("line").frame(bar(ui, 16, 7)).resizable(false).exact_size(build_strip::HEIGHT + 14.0);
        panel.show(ui, |ui| build_strip::show(ui, inputs, view));
        return;
    }
    let wide = ui.ctx().content_rect().width() >= theme::WIDE;
    let height = if wide { theme::LESSON_HEIGHT } else { theme::NARROW_LESSON_HEIGHT };
    Panel::top("lesson").frame(bar(ui, 16, 9)).resizable(false).exact_size(height).show(ui, |ui| {
        Panel::right("score")
            .frame(Frame::new().inner_margin(Margin { left: 16, ..Margin::ZERO }))
            .resizable(false)
            .exact_size(score::WIDTH + 16.0)
            .show(ui, |ui| {
                score::people(ui, inputs.shown, inputs.words(view));
                score::requests(ui, inputs.shown, inputs.words(view));
            });
        let inner = Frame::new().inner_margin(Margin { right: 12, ..Margin::ZERO });
        CentralPanel::no_frame().frame(inner).show(ui, |ui| lesson::show(ui, inputs, view, actions));
    });
}

/// The panel at the left: what is selected, or the path of lessons; in Build the shelf above what is selected. In a narrow
/// window the path's numbers, and the shelf's pictures.
fn side(ui: &mut Ui, wide: bool, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let width = if wide { theme::SIDE_WIDTH } else { theme::RAIL_WIDTH };
    let panel = |id: &'static str, ui: &Ui| Panel::left(id).frame(bar(ui, 8, 10)).resizable(false).exact_size(width);
    if view.build {
        let id = if wide { "shelf" } else { "narrow shelf" };
        let margin = if wide { 8 } else { 3 };
        let panel = Panel::left(id).frame(bar(ui, margin, 10)).resizable(false).exact_size(width);
        panel.show(ui, |ui| build_side(ui, wide, inputs, view, actions));
    } else if wide && view.selection != Selection::Nothing {
        panel("inspector", ui).show(ui, |ui| selected(ui, inputs, view, actions));
    } else if view.gallery && wide {
        panel("gallery", ui).show(ui, |ui| gallery::show(ui, inputs, view, actions));
    } else if view.gallery {
        panel("rail", ui).show(ui, |ui| gallery::rail(ui, inputs, view, actions));
    }
}

/// The shelf, in words while nothing is drawn, and below it the inspector: of what is selected, or of the document.
fn build_side(ui: &mut Ui, wide: bool, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    if !wide {
        ScrollArea::vertical().show(ui, |ui| shelf::tiles(ui, false, view));
        return;
    }
    if inputs.stage.cards.is_empty() {
        ui.scope(|ui| shelf::rows(ui, view));
    } else {
        ui.scope(|ui| shelf::tiles(ui, true, view));
    }
    ui.separator();
    if view.selection == Selection::Nothing {
        inspector::show(ui, inputs, view, actions);
    } else {
        selected(ui, inputs, view, actions);
    }
}

/// The inspector, and the way back.
fn selected(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    ui.horizontal(|ui| {
        let heading = if view.selection == Selection::Nothing { "Nothing selected" } else { "Selected" };
        ui.label(RichText::new(heading).size(13.0).color(palette.faint));
        ui.add_space((ui.available_width() - 46.0).max(0.0));
        let close = IconButton::new(Glyph::Cross, "Close the inspector").bare(true);
        if view.selection != Selection::Nothing && ui.add(close).on_hover_text("Select nothing (Esc)").clicked() {
            actions.push(Action::Select(Selection::Nothing));
        }
    });
    inspector::show(ui, inputs, view, actions);
}

/// What a narrow window has no room for beside the canvas lies above it: the path at the left, and what is selected at
/// the side that it is not on.
fn overlay(ui: &Ui, frame: Rect, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui.ctx());
    let face = Frame::new()
        .fill(palette.panel)
        .stroke(egui::Stroke::new(1.0, palette.line))
        .corner_radius(10)
        .inner_margin(Margin::same(10));
    let show = |id: &str, left: bool, most: f32, add: &mut dyn FnMut(&mut Ui)| {
        let size = vec2(theme::SIDE_WIDTH, (frame.height() - 20.0).min(most));
        let x = if left { frame.left() + 10.0 } else { frame.right() - size.x - 10.0 };
        let area = Area::new(Id::unique(id)).order(Order::Middle).fixed_pos(egui::pos2(x, frame.top() + 10.0));
        area.show(ui.ctx(), |ui| {
            face.show(ui, |ui| {
                ui.set_width(size.x - 22.0);
                ui.set_height(size.y - 22.0);
                add(ui);
            });
        });
    };
    if (view.gallery || view.build) && view.gallery_opened {
        show("path", true, f32::INFINITY, &mut |ui| gallery::show(ui, inputs, view, actions));
        if actions.iter().any(|action| matches!(action, Action::Choose(_))) {
            view.gallery_opened = false;
        }
    } else if view.selection != Selection::Nothing {
        let left = is_at_the_right(frame, inputs, view);
        show("selected", left, SELECTED, &mut |ui| selected(ui, inputs, view, actions));
    }
}

fn is_at_the_right(frame: Rect, inputs: &Inputs<'_>, view: &View) -> bool {
    let place = match &view.selection {
        Selection::Nothing | Selection::Request(_) => None,
        Selection::Items(_) => {
            view.selection.nodes().next().and_then(|node| inputs.stage.card(node)).map(|card| card.rect)
        }
        Selection::User(node, _) => inputs.stage.card(node).map(|card| card.rect),
        Selection::Cell(slot) => inputs.stage.cell(slot).copied(),
    };
    place.is_some_and(|place| view.camera.transform(frame).rect(&place).center().x > frame.center().x)
}

/// Charts, events and logs. In a low window they are lower, for the canvas comes first.
fn timeline(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View) {
    let room = ui.available_height() - theme::TIME_HEIGHT - build_strip::HEIGHT - 14.0;
    let usual = theme::TIMELINE_HEIGHT.min(room * 0.33).max(LEAST_TIMELINE);
    let most = (room - LEAST_CANVAS).min(ui.ctx().content_rect().height() * 0.55).max(usual);
    let panel = Panel::bottom("timeline").frame(bar(ui, 12, 8)).resizable(true);
    let size = Sizes::or(view.sizes.timeline, usual).min(most);
    let panel = panel.default_size(size).min_size(LEAST_TIMELINE).max_size(most);
    let shown = panel.show(ui, |ui| bottom::show(ui, inputs, view));
    let height = shown.response.rect.height();
    // What was never changed is what the next window makes of it.
    view.sizes.timeline = if (height - usual).abs() < 1.0 { None } else { Sizes::of(height) };
}
