//! Links: a gentle curve to each cell of the asked card, with the rate; a gap where what it leads to is gone.

use egui::{Align2, Pos2, vec2};

use super::brush::Brush;
use crate::control::snapshot::Phase;
use crate::scene::cells::{self, CellState};
use crate::scene::{Branch, route};
use crate::topology::LinkId;
use crate::ui::Inputs;
use crate::ui::theme::CANVAS_SMALL;

/// Draws all links.
pub(super) fn show(brush: &Brush<'_>, inputs: &Inputs<'_>) {
    for link in inputs.preset.topology.links() {
        let id = link.id();
        let branches = route::branches(inputs.stage, &id);
        for branch in &branches {
            draw(brush, branch, is_broken(branch, inputs));
        }
        label(brush, &id, &branches, inputs);
    }
}

fn is_broken(branch: &Branch, inputs: &Inputs<'_>) -> bool {
    let Some(slot) = &branch.slot else { return false };
    let running = matches!(inputs.shown.phase, Phase::Starting | Phase::Running | Phase::Settling);
    running && cells::state_of(slot, inputs.shown).is_some_and(|state| CellState::from(state.state).is_gone())
}

fn draw(brush: &Brush<'_>, branch: &Branch, broken: bool) {
    let palette = brush.palette;
    if !broken {
        brush.curve(&branch.curve, brush.stroke(2.0, palette.link));
        arrow(brush, branch, palette.link);
        return;
    }
    let stroke = brush.stroke(2.0, palette.failed.gamma_multiply(0.75));
    brush.part(&branch.curve, 0.0, 0.68, brush.stroke(2.0, palette.link));
    brush.part(&branch.curve, 0.68, 0.74, stroke);
    brush.part(&branch.curve, 0.9, 1.0, stroke);
    for share in [0.74, 0.9] {
        let at = brush.pos(branch.curve.at(share));
        let half = vec2(0.0, brush.len(6.0));
        brush.painter.line_segment([at - half, at + half], stroke);
    }
}

fn arrow(brush: &Brush<'_>, branch: &Branch, colour: egui::Color32) {
    let tip = brush.pos(branch.curve.to);
    let back: Pos2 = brush.pos(branch.curve.at(0.95));
    let along = (tip - back).normalized() * brush.len(8.0);
    let across = along.rot90() * 0.5;
    let points = vec![tip, tip - along + across, tip - along - across];
    brush.painter.add(egui::Shape::convex_polygon(points, colour, egui::Stroke::NONE));
}

/// Writes the rate beside the beginning of a link.
fn label(brush: &Brush<'_>, link: &LinkId, branches: &[Branch], inputs: &Inputs<'_>) {
    let state = inputs.shown.links.iter().find(|state| state.id == *link);
    let (Some(state), Some(branch)) = (state, branches.first()) else { return };
    if !matches!(inputs.shown.phase, Phase::Running | Phase::Settling) {
        return;
    }
    let colour = brush.palette.text;
    let galley = brush.layout(format!("{:.0}/s", state.rate), CANVAS_SMALL, colour);
    // Beside the port, where all branches are still one and no dot passes.
    let at = brush.pos(branch.curve.from) + vec2(brush.len(22.0), -brush.len(27.0));
    let rect = Align2::CENTER_CENTER.anchor_size(at, galley.size());
    let pill = rect.expand2(vec2(brush.len(6.0), brush.len(2.0)));
    brush.painter.rect(
        pill,
        pill.height() / 2.0,
        brush.palette.card,
        brush.stroke(1.0, brush.palette.line),
        egui::StrokeKind::Inside,
    );
    brush.painter.galley(rect.min, galley, colour);
}
