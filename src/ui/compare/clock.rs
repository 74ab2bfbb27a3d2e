//! The one clock of two systems side by side: how long both have run, and when what happens to both.

use egui::{Align2, FontId, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::Inputs;
use crate::ui::theme::Palette;

/// The height of the clock: words above a line.
pub(super) const HEIGHT: f32 = 44.0;
/// The room for the time in words, at the left.
const TIME: f32 = 112.0;

/// The time of both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clock {
    /// What the time is of, in a few words.
    pub says: String,
    /// How long they have run, in microseconds; `None` before they begin.
    pub at_us: Option<u64>,
    /// How long they are to run, in microseconds.
    pub until_us: u64,
    /// What happens to both, in the order of time.
    pub marks: Vec<Mark>,
}

/// Something that happens to both at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// When, in microseconds after the beginning.
    pub at_us: u64,
    /// What, as in *crash recommendations*.
    pub what: String,
}

/// Draws the clock as a line with what happens on it.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>) {
    let clock = &inputs.clock;
    let palette = Palette::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let passed = |mark: &Mark| clock.at_us.is_some_and(|at_us| at_us >= mark.at_us);
    response.widget_info(|| {
        let marks = clock.marks.iter().map(|mark| {
            let tense = if passed(mark) { "was" } else { "is to come" };
            format!("; {} at {} s {tense}", mark.what, mark.at_us / 1_000_000)
        });
        let spoken = format!("clock {}: {}{}", clock.says, time(clock), marks.collect::<String>());
        WidgetInfo::labeled(Role::Label, true, spoken)
    });
    let painter = ui.painter();
    let words = |at, align, text: &str, size, colour| painter.text(at, align, text, FontId::proportional(size), colour);
    words(rect.left_top(), Align2::LEFT_TOP, &time(clock), 20.0, palette.text);
    words(rect.left_bottom(), Align2::LEFT_BOTTOM, &clock.says, 13.0, palette.faint);
    let line =
        Rect::from_x_y_ranges(rect.left() + TIME..=rect.right() - 8.0, rect.bottom() - 12.0..=rect.bottom() - 8.0);
    let place = |at_us: u64| {
        let share = at_us as f32 / clock.until_us.max(1) as f32;
        egui::lerp(line.left()..=line.right(), share.min(1.0))
    };
    painter.rect_filled(line, 2.0, palette.line);
    if let Some(at_us) = clock.at_us {
        painter.rect_filled(line.with_max_x(place(at_us)), 2.0, palette.accent);
        painter.circle_filled(pos2(place(at_us), line.center().y), 6.0, palette.accent);
    }
    let mut free = line.left();
    for mark in &clock.marks {
        let (x, colour) = (place(mark.at_us), if passed(mark) { palette.failed } else { palette.text });
        painter.vline(x, line.top() - 7.0..=line.bottom() + 5.0, Stroke::new(2.0, colour));
        let text = format!("{} s: {}", mark.at_us / 1_000_000, mark.what);
        let galley = painter.layout_no_wrap(text, FontId::proportional(13.0), colour);
        let left = (x - 2.0).min(line.right() - galley.size().x);
        // What would lie on the words before is told by its line alone, and by the clock's own words.
        if left >= free {
            free = left + galley.size().x + 10.0;
            painter.galley(pos2(left, rect.top() + 4.0), galley, colour);
        }
    }
}

fn time(clock: &Clock) -> String {
    match clock.at_us {
        Some(at_us) => format!("{:.1} s", at_us as f64 / 1e6),
        None => "–".to_owned(),
    }
}
