//! The window for a class: everything larger and light, one bar, a halo around the pointer. Leaving it puts everything
//! back as it was.

use egui::{Context, LayerId, Order, Panel, Pos2, Stroke, Theme, ThemePreference, Ui};

use crate::scene::lesson::{Control, Turn};

use super::action::Action;
use super::button::IconButton;
use super::canvas::camera::Camera;
use super::glyphs::Glyph;
use super::selection::Selection;
use super::theme::{LESSON_HEIGHT, LESSON_ROW_HEIGHT, PRESENTER_ZOOM, Palette};
use super::{Inputs, View, arrange, files, lesson, score, toolbar};

/// How large the halo is.
const HALO: f32 = 20.0;

/// How the window was before.
#[derive(Debug)]
pub(crate) struct Before {
    theme: ThemePreference,
    zoom: f32,
    gallery: bool,
    build: bool,
    files: Option<files::Bar>,
    legend: bool,
    selection: Selection,
    camera: Camera,
    /// Where the pointer was, in points of the old size: there is no halo until it moves.
    pointer: Option<Pos2>,
}

impl View {
    /// Makes the window large for a class, or leaves that again.
    pub(crate) fn present(&mut self, context: &Context) {
        if let Some(before) = self.presenter.take() {
            context.set_theme(before.theme);
            context.set_zoom_factor(before.zoom);
            (self.gallery, self.build, self.files) = (before.gallery, before.build, before.files);
            (self.legend, self.selection, self.camera) = (before.legend, before.selection, before.camera);
        } else {
            let zoom = context.zoom_factor();
            self.presenter = Some(Before {
                theme: context.options(|options| options.theme_preference),
                zoom,
                gallery: self.gallery,
                build: self.build,
                files: self.files,
                legend: self.legend,
                selection: std::mem::take(&mut self.selection),
                camera: std::mem::take(&mut self.camera),
                pointer: context.input(|input| input.pointer.latest_pos()),
            });
            (self.gallery, self.build, self.files, self.legend) = (false, false, None, false);
            context.set_theme(Theme::Light);
            context.set_zoom_factor(zoom * PRESENTER_ZOOM);
        }
        // This frame has begun in the old colours and the old size.
        context.request_repaint();
    }
}

/// Draws the one bar: the lesson's strip, the score, and what to press.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let frame = arrange::bar(ui, 12, 7);
    Panel::top("presenter").frame(frame).resizable(false).exact_size(LESSON_HEIGHT + 14.0).show(ui, |ui| {
        if !inputs.strip.is_judged {
            // Below the score, too: the words in it are long.
            Panel::bottom("presenter row")
                .frame(egui::Frame::new())
                .show_separator_line(false)
                .resizable(false)
                .exact_size(LESSON_ROW_HEIGHT)
                .show(ui, |ui| lesson::row(ui, inputs, view, actions));
        }
        Panel::right("presenter score")
            .frame(egui::Frame::new())
            .show_separator_line(false)
            .resizable(false)
            .exact_size(score::WIDTH)
            .show(ui, |ui| {
                score::people(ui, inputs.shown, inputs.words(view));
                ui.horizontal(|ui| {
                    toolbar::run_buttons(ui, inputs, true, actions);
                    steps(ui, inputs, actions);
                    let leave = IconButton::new(Glyph::Cross, "Leave the large view").bare(true);
                    if ui.add(leave).on_hover_text("Back to the window as it was (Esc)").clicked() {
                        view.present(ui.ctx());
                    }
                });
            });
        let inner = egui::Frame::new().inner_margin(egui::Margin { right: 12, ..egui::Margin::ZERO });
        egui::CentralPanel::no_frame().frame(inner).show(ui, |ui| lesson::show(ui, inputs, view, actions));
    });
}

/// The lesson's steps, for those without Page Up and Page Down at hand.
fn steps(ui: &mut Ui, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    let strip = inputs.strip;
    if strip.place.is_none() {
        return;
    }
    let back = IconButton::new(Glyph::Back, "previous step").bare(true);
    if ui.add_enabled(strip.can_go_back, back).on_hover_text("Previous step (Page Up)").clicked() {
        actions.push(Action::Lesson(Turn::Back));
    }
    let next = strip.highlight == Some(Control::Next);
    let next = IconButton::new(Glyph::Onward, "next step").bare(true).ringed(next);
    if ui.add_enabled(strip.can_go_on, next).on_hover_text("Next step (Page Down)").clicked() {
        actions.push(Action::Lesson(Turn::Next));
    }
}

/// Draws the halo that shows a class where the pointer is.
pub(super) fn halo(ui: &Ui, view: &View) {
    let Some(at) = ui.input(|input| input.pointer.latest_pos()) else { return };
    if view.presenter.as_ref().is_some_and(|before| before.pointer == Some(at)) {
        return;
    }
    let palette = Palette::of(ui.ctx());
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, egui::Id::unique("halo")));
    painter.circle_filled(at, HALO, palette.degraded.gamma_multiply(0.22));
    painter.circle_stroke(at, HALO, Stroke::new(2.5, palette.degraded.gamma_multiply(0.8)));
}
