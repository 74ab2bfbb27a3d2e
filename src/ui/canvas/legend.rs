//! The legend: what the shapes mean, and how honest the picture is about time and samples.

use egui::{Align2, Rect, StrokeKind, pos2, vec2};

use super::brush::Brush;
use super::traffic;
use crate::scene::Look;
use crate::scene::dots::STRETCH;
use crate::ui::theme::CARD_RADIUS;
use crate::ui::{Inputs, View};

const TEXT: f32 = 12.0;
const SHAPES: [(Look, &str); 5] = [
    (Look::Ok, "ok"),
    (Look::Retried, "retried"),
    (Look::Degraded, "degraded"),
    (Look::Failed, "failed"),
    (Look::Lost, "session lost"),
];

/// Draws the legend at the bottom, and what is said about the picture above it.
pub(super) fn show(brush: &Brush<'_>, inputs: &Inputs<'_>, view: &View) {
    let palette = brush.palette;
    let painter = &brush.painter;
    let font = egui::FontId::proportional(TEXT);
    let bottom = brush.frame.left_bottom() + vec2(14.0, -14.0);
    if view.legend {
        let galleys: Vec<_> = SHAPES
            .iter()
            .map(|(_, word)| painter.layout_no_wrap((*word).to_owned(), font.clone(), palette.text))
            .collect();
        let width: f32 = galleys.iter().map(|galley| galley.size().x + 32.0).sum();
        let rect = Rect::from_min_max(bottom - vec2(0.0, 26.0), bottom + vec2(width + 4.0, 0.0));
        let edge = egui::Stroke::new(1.0, palette.line);
        painter.rect(rect, CARD_RADIUS, palette.card, edge, StrokeKind::Inside);
        let mut x = rect.left() + 14.0;
        for ((look, _), galley) in SHAPES.iter().zip(galleys) {
            traffic::shape(brush, pos2(x, rect.center().y), 4.5, *look, 1.0);
            let at = pos2(x + 10.0, rect.center().y - galley.size().y / 2.0);
            x += galley.size().x + 32.0;
            painter.galley(at, galley, palette.text);
        }
    }
    let lift = if view.legend { 32.0 } else { 0.0 };
    let words = honesty(inputs, view);
    if !words.is_empty() {
        let at = bottom - vec2(-2.0, lift);
        painter.text(at, Align2::LEFT_BOTTOM, words, egui::FontId::proportional(11.5), palette.faint);
    }
}

/// What the picture stretches, delays and leaves out.
fn honesty(inputs: &Inputs<'_>, view: &View) -> String {
    if inputs.shown.started_us.is_none() {
        return String::new();
    }
    let mut words = vec![format!("wire time drawn, service time × {STRETCH}, picture 0.7 s late")];
    if view.frozen {
        words.push("picture frozen (Space)".to_owned());
    }
    if inputs.dots.one_of > 1 {
        words.push(format!("showing 1 of {} requests", inputs.dots.one_of));
    }
    let sampled = inputs.shown.trace_sample_ratio;
    if sampled > 0.0 && sampled < 0.995 {
        words.push(format!("{:.0} % of requests sampled", sampled * 100.0));
    }
    let dropped = inputs.shown.spans_dropped + inputs.undrawn_spans;
    if dropped > 0 {
        words.push(format!("{dropped} spans not drawn"));
    }
    words.join(" · ")
}
