//! The two systems, each with its name, its score and its own picture: side by side, or one above the other where there is
//! more height than width.

use egui::accesskit::Role;
use egui::{Label, Rect, RichText, Stroke, Ui, UiBuilder, pos2, vec2};

use super::{Half, Inputs, lamps};
use crate::scene::words::Words;
use crate::ui::theme::Palette;
use crate::ui::{View, alone, score};

/// Narrower than this share of its height, the room is shared out from top to bottom.
const STACKED: f32 = 1.15;
/// The height of the score.
const SCORE: f32 = 66.0;
/// The least width of a name beside it, and the height of a name above it.
const NAME: f32 = 170.0;
const LINE: f32 = 28.0;
/// The free space around it.
const PAD: f32 = 14.0;

/// Draws both.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>, views: &mut [View; 2]) {
    let room = ui.available_rect_before_wrap();
    let line = Stroke::new(2.0, Palette::of(ui.ctx()).line_strong);
    let rooms = if room.width() < STACKED * room.height() {
        ui.painter().hline(room.x_range(), room.center().y, line);
        let (above, below) = room.split_top_bottom_at_fraction(0.5);
        [above.with_max_y(above.bottom() - 1.0), below.with_min_y(below.top() + 1.0)]
    } else {
        ui.painter().vline(room.center().x, room.y_range(), line);
        let (left, right) = room.split_left_right_at_fraction(0.5);
        [left.with_max_x(left.right() - 1.0), right.with_min_x(right.left() + 1.0)]
    };
    for (at, (half, (room, view))) in inputs.halves.iter().zip(rooms.into_iter().zip(views)).enumerate() {
        let builder = UiBuilder::new().id_salt(("half", at)).max_rect(room);
        let name = format!("system {}: {}", ["A", "B"][at], half.name);
        ui.scope_builder(builder.accessibility_role(Role::Region).accessibility_label(name), |ui| {
            ui.set_clip_rect(room.intersect(ui.clip_rect()));
            one(ui, room, half, view);
        });
    }
    ui.advance_cursor_after_rect(room);
}

fn one(ui: &mut Ui, room: Rect, half: &Half<'_>, view: &mut View) {
    let palette = Palette::of(ui.ctx());
    let inner = room.shrink2(vec2(PAD, 4.0));
    let row = lamps::Row::of(ui, half.picture.lamps.lamps(), inner.width());
    // Where there is no room for the name beside the score, it stands above.
    let beside = inner.width() >= NAME + score::FAILED + score::WIDTH;
    let above = if beside { 0.0 } else { LINE };
    let (head, canvas) = room.split_top_bottom_at_y(room.top() + above + SCORE + row.height());
    ui.painter().rect_filled(head, 0.0, palette.panel);
    let figures = inner.width().min(score::FAILED + score::WIDTH);
    let scores = inner.with_min_y(inner.top() + above).with_max_y(inner.top() + above + SCORE);
    let (name, scores) = if beside {
        scores.split_left_right_at_x(inner.right() - figures)
    } else {
        (inner.with_max_y(inner.top() + LINE), scores)
    };
    let doing = RichText::new(&half.doing).size(13.0).color(palette.faint);
    part(ui, "name", name, |ui| {
        if beside {
            ui.spacing_mut().item_spacing.y = 3.0;
            ui.add_space(6.0);
            ui.add(Label::new(RichText::new(half.name).heading()).truncate());
            ui.add(Label::new(doing).truncate());
        } else {
            ui.horizontal(|ui| {
                ui.add(Label::new(RichText::new(half.name).heading()).truncate());
                ui.add(Label::new(doing).truncate());
            });
        }
    });
    let (words, snapshot) = (Words::of(&half.preset.lesson, false), half.picture.seen());
    part(ui, "score", scores, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            score::failed(ui, figures - score::WIDTH, snapshot, words);
            score::people(ui, snapshot, words);
        });
    });
    part(ui, "lamps", head.shrink2(vec2(PAD, 0.0)).with_min_y(head.bottom() - row.height()), |ui| row.show(ui));
    part(ui, "picture", canvas, |ui| alone::watch_canvas(ui, half.preset, half.picture, view));
    if let Some(trouble) = half.trouble {
        told(ui, canvas, trouble);
    }
}

/// Says on a picture why there is nothing to be seen.
fn told(ui: &mut Ui, canvas: Rect, trouble: &str) {
    let palette = Palette::of(ui.ctx());
    let width = (canvas.width() - 2.0 * PAD).min(460.0);
    let place = Rect::from_min_size(pos2(canvas.center().x - width / 2.0, canvas.top() + PAD), vec2(width, 0.0));
    part(ui, "trouble", place, |ui| {
        let frame = egui::Frame::new().fill(palette.harm_face).stroke(Stroke::new(1.5, palette.failed));
        frame.corner_radius(10).inner_margin(egui::Margin::symmetric(14, 9)).show(ui, |ui| {
            ui.set_width(width - 28.0);
            ui.add(Label::new(format!("It could not go on: {trouble}")).wrap());
        });
    });
}

/// A part that keeps to its own rectangle, whatever it holds.
fn part(ui: &mut Ui, name: &str, rect: Rect, add: impl FnOnce(&mut Ui)) {
    ui.scope_builder(UiBuilder::new().id_salt(name).max_rect(rect), add);
}
