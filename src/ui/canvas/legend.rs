//! The legend, and how honest the picture is about time and samples, at the foot of the canvas.

use egui::{Align2, Role, Sense, WidgetInfo, pos2, vec2};

use super::Ground;
use super::painter::Transform;
use crate::scene::dots::STRETCH;
use crate::scene::draw;
use crate::scene::words::count;
use crate::ui::{Inputs, View};

/// The distance from the canvas's edges.
const MARGIN: f32 = 14.0;

/// Draws the legend at the bottom, and what is said about the picture above it; of an empty canvas there is nothing to say.
pub(super) fn show(ground: &Ground<'_>, inputs: &Inputs<'_>, view: &mut View) {
    if inputs.stage.bounds().is_none() {
        return;
    }
    let corner = ground.frame.left_bottom() + vec2(MARGIN, -MARGIN);
    let mut foot = corner.y;
    if view.legend {
        foot -= draw::LEGEND_HEIGHT;
        let to = Transform { origin: pos2(corner.x, foot), zoom: 1.0 };
        view.kept.legend(&ground.painter, to, ground.frame.width() - 2.0 * MARGIN);
        foot -= 6.0;
    }
    let words = honesty(inputs, view);
    let large = view.presenter.is_some();
    // In front of a class the badge stands here, and says more about time than this would.
    if !words.is_empty() && (!large || inputs.badge(view).is_none()) {
        let (size, drop) = if large { (9.0, 8.0) } else { (11.5, 0.0) };
        let at = pos2(corner.x + 2.0, foot + drop);
        let font = egui::FontId::proportional(size);
        let place = ground.painter.text(at, Align2::LEFT_BOTTOM, &words, font, ground.palette.faint);
        let said = ground.ui.interact(place, ground.ui.scope_id().with("honesty"), Sense::empty());
        said.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    }
}

/// What the picture stretches, delays and leaves out.
fn honesty(inputs: &Inputs<'_>, view: &View) -> String {
    if inputs.shown.started_us.is_none() {
        return String::new();
    }
    let mut words = vec![format!("wire time drawn, service time × {STRETCH}, picture 0.7 s late")];
    if inputs.dots.one_of > 1 {
        words.push(format!("showing 1 of {} requests", inputs.dots.one_of));
    }
    let sampled = inputs.shown.trace_sample_ratio;
    if sampled > 0.0 && sampled < 0.995 {
        words.push(format!("{:.0}\u{a0}% of requests sampled", sampled * 100.0));
    }
    let dropped = inputs.shown.spans_dropped + inputs.undrawn_spans;
    if dropped > 0 {
        words.push(format!("{} not drawn", count(dropped, "span")));
    }
    if view.build {
        words.push("a link is as thick as it is busy, and orange for the share that fails".to_owned());
    }
    words.join(" · ")
}
