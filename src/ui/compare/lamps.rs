//! The service lamps of a system in a row of their own: in a half, its drawing is often too small for them.

use std::sync::Arc;

use egui::{Color32, FontId, Galley, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::scene::{Lamp, Point, Sheet, draw};
use crate::ui::canvas::painter::{Transform, paint};
use crate::ui::theme;

/// The height of a line of lamps.
const LINE: f32 = 22.0;
/// From the left of a lamp to its words, and from these to the next lamp.
const WORDS: f32 = 20.0;
const GAP: f32 = 14.0;

/// Lamps, laid out in as many lines as they need.
pub(super) struct Row<'a> {
    lamps: Vec<(&'a Lamp, Vec2, Arc<Galley>)>,
    lines: usize,
}

impl<'a> Row<'a> {
    /// Lays lamps out in this width.
    pub(super) fn of(ui: &Ui, lamps: &'a [Lamp], width: f32) -> Self {
        let (mut at, mut row) = (Vec2::ZERO, Vec::new());
        for lamp in lamps {
            let font = FontId::proportional(13.0);
            let words = ui.painter().layout_no_wrap(lamp.name().to_owned(), font, Color32::PLACEHOLDER);
            let wide = WORDS + words.size().x;
            if at.x > 0.0 && at.x + wide > width {
                at = vec2(0.0, at.y + LINE);
            }
            row.push((lamp, at, words));
            at.x += wide + GAP;
        }
        let lines = if row.is_empty() { 0 } else { (at.y / LINE) as usize + 1 };
        Self { lamps: row, lines }
    }

    /// How high they are.
    pub(super) fn height(&self) -> f32 {
        self.lines as f32 * LINE + if self.lines > 0 { 6.0 } else { 0.0 }
    }

    /// Draws them.
    pub(super) fn show(self, ui: &mut Ui) {
        let corner = ui.available_rect_before_wrap().min;
        let theme = theme::current(ui.ctx());
        for (lamp, at, words) in self.lamps {
            let place = Rect::from_min_size(corner + at, vec2(WORDS + words.size().x, LINE));
            let response = ui.allocate_rect(place, Sense::hover());
            let spoken = format!("lamp {}: {}", lamp.operation, lamp.state.word());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
            let mut sheet = Sheet::default();
            let ink = draw::lamp_sign(&mut sheet, Point::new(8.0, LINE / 2.0), lamp.state);
            paint(ui.painter(), &sheet, Transform { origin: place.min, zoom: 1.0 });
            let left = pos2(place.left() + WORDS, place.center().y - words.size().y / 2.0);
            ui.painter().galley(left, words, theme::colour(theme, ink.at(1.0)));
        }
    }
}
