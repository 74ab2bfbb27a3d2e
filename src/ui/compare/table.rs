//! The textbook's table with a measured figure of both systems in every row, how each was measured, and what could not be.

use egui::{
    Align, Align2, FontId, Frame, Label, Layout, Margin, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::telemetry::compare::{Better, Comparison, Figure, PROXIES, PROXY, Side, number};
use crate::ui::glyphs::{self, Glyph};
use crate::ui::theme::{CELL_RADIUS, Palette};

/// The widest that the table gets.
const WIDEST: f32 = 1080.0;
/// The width of a system's column, as a share of the table's and at least.
const COLUMN: (f32, f32) = (0.19, 130.0);
/// The space between columns.
const GAP: f32 = 14.0;
/// The free space within a part of the page, at the left and the right.
const PAD: f32 = 17.0;
/// A unit as short as this stands beside its number.
const SHORT: usize = 3;
/// The height of a bar.
const BAR: f32 = 7.0;

/// Where the columns are.
#[derive(Debug, Clone, Copy)]
struct Columns {
    /// The width of what a figure is called.
    name: f32,
    /// The width of either system's value.
    value: f32,
}

/// Draws the table.
pub(super) fn show(ui: &mut Ui, comparison: &Comparison) {
    let palette = Palette::of(ui.ctx());
    ui.painter().rect_filled(ui.available_rect_before_wrap(), 0.0, palette.canvas);
    let width = (ui.available_width() - 48.0).min(WIDEST);
    let value = (width * COLUMN.0).max(COLUMN.1);
    let columns = Columns { name: width - 2.0 * (value + GAP) - 2.0 * PAD, value };
    let side = (ui.available_width() - width) / 2.0;
    let indented = |ui: &mut Ui, add: &mut dyn FnMut(&mut Ui)| {
        ui.horizontal_top(|ui| {
            ui.add_space(side - ui.spacing().item_spacing.x);
            ui.vertical(|ui| {
                ui.set_width(width);
                add(ui);
            });
        });
    };
    ui.add_space(10.0);
    indented(ui, &mut |ui| names(ui, columns, comparison));
    ui.separator();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        indented(ui, &mut |ui| page(ui, width, columns, comparison));
        ui.add_space(16.0);
    });
}

fn page(ui: &mut Ui, width: f32, columns: Columns, comparison: &Comparison) {
    let about = format!("Seed {}. A figure marked as a {PROXY} {PROXIES}.", comparison.seed);
    ui.add(Label::new(RichText::new(about).size(13.0).color(Palette::of(ui.ctx()).faint)).wrap());
    ui.add_space(4.0);
    for row in comparison.rows.iter().filter(|row| !row.figures.is_empty()) {
        section(ui, width, &row.name, |ui| {
            row.figures.iter().for_each(|figure| one(ui, columns, comparison, figure));
        });
    }
    for (title, lines) in comparison.lists().iter().filter(|(_, lines)| !lines.is_empty()) {
        section(ui, width, title, |ui| {
            for line in lines {
                ui.add(Label::new(RichText::new(line).size(13.5)).wrap());
            }
        });
    }
}

/// The names of the systems above their columns, which stay there whatever is scrolled.
fn names(ui: &mut Ui, columns: Columns, comparison: &Comparison) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        ui.add_space(PAD + columns.name + GAP);
        for name in [&comparison.a, &comparison.b] {
            ui.allocate_ui_with_layout(vec2(columns.value, 20.0), Layout::left_to_right(Align::Center), |ui| {
                ui.set_width(columns.value);
                ui.add(Label::new(RichText::new(name).strong().size(15.0)).truncate());
            });
        }
    });
}

/// A part of the page with its heading.
fn section(ui: &mut Ui, width: f32, title: &str, add: impl FnOnce(&mut Ui)) {
    let palette = Palette::of(ui.ctx());
    let frame = Frame::new().fill(palette.card).stroke(Stroke::new(1.0, palette.line)).corner_radius(CELL_RADIUS);
    frame.inner_margin(Margin::symmetric(PAD as i8 - 1, 12)).show(ui, |ui| {
        ui.set_width(width - 2.0 * PAD);
        ui.label(RichText::new(title).size(17.0).strong());
        add(ui);
    });
    ui.add_space(8.0);
}

/// A figure: what it is and how it was measured, and the values of both.
fn one(ui: &mut Ui, columns: Columns, comparison: &Comparison, figure: &Figure) {
    let palette = Palette::of(ui.ctx());
    ui.separator();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        ui.allocate_ui_with_layout(vec2(columns.name, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(columns.name);
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.add(Label::new(RichText::new(&figure.name).size(14.5).strong()));
                if figure.proxy {
                    proxy(ui);
                }
            });
            ui.add(Label::new(RichText::new(figure.how()).size(13.0).color(palette.faint)).wrap());
        });
        for side in Side::BOTH {
            value(ui, columns.value, comparison, figure, side);
        }
    });
}

/// The mark of a figure that only stands for something.
fn proxy(ui: &mut Ui) {
    let faint = Palette::of(ui.ctx()).faint;
    let frame = Frame::new().stroke(Stroke::new(1.0, faint)).corner_radius(4).inner_margin(Margin::symmetric(5, 0));
    frame.show(ui, |ui| ui.label(RichText::new(PROXY).size(12.0).color(faint))).response.on_hover_text(PROXIES);
}

/// The value of one system: the number, a bar of the same scale as the other's and, if it is the better one, a tick and the
/// word.
fn value(ui: &mut Ui, width: f32, comparison: &Comparison, figure: &Figure, side: Side) {
    let palette = Palette::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(width, 40.0), Sense::hover());
    let (name, value, wins) = match side {
        Side::A => (&comparison.a, figure.a, Better::A),
        Side::B => (&comparison.b, figure.b, Better::B),
    };
    let better = figure.better == wins;
    let said = match figure.better {
        Better::Same => "the same",
        Better::A | Better::B if better => "better",
        Better::A | Better::B => "",
    };
    response.widget_info(|| {
        let spoken = format!("{}, {name}: {} {}", figure.name, number(value), figure.unit);
        WidgetInfo::labeled(Role::Label, true, if said.is_empty() { spoken } else { format!("{spoken}, {said}") })
    });
    let painter = ui.painter();
    let font = |size| FontId::proportional(size);
    let written = painter.text(rect.left_top(), Align2::LEFT_TOP, number(value), font(17.0), palette.text);
    let mut left = written.right() + 8.0;
    if figure.unit.chars().count() <= SHORT {
        let at = pos2(written.right() + 4.0, written.bottom() - 1.5);
        left = painter.text(at, Align2::LEFT_BOTTOM, &figure.unit, font(13.0), palette.faint).right() + 10.0;
    }
    if better {
        let place = Rect::from_center_size(pos2(left + 6.0, written.center().y), vec2(12.0, 12.0));
        glyphs::draw(painter, Glyph::Tick, place, palette.accent);
        left = place.right() + 5.0;
    }
    let colour = if better { palette.accent } else { palette.faint };
    painter.text(pos2(left, written.center().y), Align2::LEFT_CENTER, said, font(13.0), colour);
    let most = figure.a.max(figure.b).max(f64::MIN_POSITIVE);
    let long = ((value / most) as f32 * rect.width()).max(1.0);
    let bar = Rect::from_min_size(pos2(rect.left(), written.bottom() + 3.0), vec2(long, BAR));
    match side {
        Side::A => painter.rect_filled(bar, 2.0, palette.accent),
        Side::B => {
            painter.rect(bar, 2.0, palette.degraded, Stroke::new(1.0, palette.line_strong), egui::StrokeKind::Inside)
        }
    };
}
