//! The minimap: the whole drawing in small, the part that is in sight, and a way to go elsewhere. Its cards are one mesh,
//! made anew only when something on the stage has changed.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Color32, Mesh, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::canvas::painter::Transform;
use super::theme::Palette;
use super::{Inputs, View};
use crate::scene::{self, CellState};
use crate::topology::edit::Item;
use crate::topology::{NodeId, Severity};

/// Its greatest size.
const SIZE: egui::Vec2 = vec2(190.0, 124.0);
/// The space between it and the canvas's corner; below it is the legend's room.
const APART: egui::Vec2 = vec2(12.0, 56.0);
/// The free margin around the drawing in it.
const PAD: f32 = 8.0;
/// A card is drawn at least as large.
const LEAST: f32 = 2.0;

/// What was drawn last, and from what.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    of: Option<Key>,
    mesh: Arc<Mesh>,
    wrong: Wrong,
}

/// What the mesh depends on.
#[derive(Debug, PartialEq)]
struct Key {
    revision: u64,
    now_us: u64,
    moving: bool,
    dark: bool,
    place: Rect,
    problems: usize,
}

/// The nodes that prevent a run. Finding what a problem is about may take a look at the whole drawing.
#[derive(Debug, Default)]
struct Wrong {
    of: Option<(u64, usize)>,
    nodes: BTreeSet<NodeId>,
}

impl Wrong {
    /// Finds them again where the drawing has changed.
    fn look(&mut self, inputs: &Inputs<'_>) {
        let of = Some((inputs.revision, inputs.problems.len()));
        if self.of == of {
            return;
        }
        self.of = of;
        let errors = inputs.problems.iter().filter(|problem| problem.severity == Severity::Error);
        let items = errors.filter_map(|problem| super::problems::item(inputs.preset, problem));
        self.nodes = items.filter_map(|item| if let Item::Node(node) = item { Some(node) } else { None }).collect();
    }
}

/// Whether it is shown: as was asked for, else where the drawing is larger than the canvas.
pub(super) fn is_shown(inputs: &Inputs<'_>, view: &View) -> bool {
    let larger = || {
        let bounds = inputs.stage.bounds();
        bounds.is_some_and(|bounds| !view.frame.contains_rect(view.camera.transform(view.frame).rect(&bounds)))
    };
    view.build && view.minimap.unwrap_or_else(larger)
}

/// What it covers of the canvas: nothing where it is not shown, or has no room.
pub(super) fn covered(canvas: Rect, inputs: &Inputs<'_>, view: &View) -> Option<Rect> {
    let place = Rect::from_min_size(canvas.max - APART - SIZE, SIZE);
    (canvas.contains_rect(place) && is_shown(inputs, view)).then_some(place)
}

/// Draws it at the lower right corner of the canvas, and goes where it is pressed.
pub(super) fn show(ui: &mut Ui, canvas: Rect, inputs: &Inputs<'_>, view: &mut View) {
    let Some((bounds, place)) = inputs.stage.bounds().zip(covered(canvas, inputs, view)) else { return };
    let palette = Palette::of(ui.ctx());
    let edge = Stroke::new(1.0, palette.line_strong);
    ui.painter().rect(place, 8.0, palette.panel, edge, StrokeKind::Inside);
    let to = fitted(place.shrink(PAD), bounds);
    let key = Key {
        revision: inputs.revision,
        now_us: inputs.shown.now_us,
        moving: !view.moved.nodes.is_empty(),
        dark: ui.visuals().dark_mode,
        place,
        problems: inputs.problems.len(),
    };
    let memory = &mut view.minimap_drawn;
    if key.moving || memory.of.as_ref() != Some(&key) {
        memory.wrong.look(inputs);
        memory.mesh = Arc::new(cards(inputs, &memory.wrong.nodes, palette, to));
        memory.of = Some(key);
    }
    let painter = ui.painter_at(place.shrink(1.0));
    painter.add(Shape::Mesh(Arc::clone(&view.minimap_drawn.mesh)));
    let corner = |at: Pos2| to.pos(view.camera.point(canvas, at));
    let seen = Rect::from_min_max(corner(canvas.min), corner(canvas.max));
    painter.rect(seen, 2.0, palette.accent.gamma_multiply(0.12), Stroke::new(1.5, palette.accent), StrokeKind::Inside);
    let response = ui.interact(place, ui.scope_id().with("minimap"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "minimap"));
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked() || response.dragged()) {
        let wanted = Transform { origin: view.camera.transform(canvas).origin, zoom: view.camera.zoom() };
        let there = scene::Point::new((at.x - to.origin.x) / to.zoom, (at.y - to.origin.y) / to.zoom);
        let by = canvas.center() - wanted.pos(there);
        if by.length() > 0.5 {
            view.camera.pan(by);
            ui.request_repaint();
        }
    }
}

/// The transform that fits the drawing in.
fn fitted(room: Rect, bounds: scene::Rect) -> Transform {
    let zoom = (room.width() / bounds.size.w.max(1.0)).min(room.height() / bounds.size.h.max(1.0));
    let middle = bounds.center();
    Transform { origin: room.center() - zoom * vec2(middle.x, middle.y), zoom }
}

/// Every card as a rectangle: what is broken, or wrong, in its colour.
fn cards(inputs: &Inputs<'_>, wrong: &BTreeSet<NodeId>, palette: &Palette, to: Transform) -> Mesh {
    let dead = |slot| inputs.picture.state(slot).is_some_and(|state| CellState::from(state.state).is_gone());
    let running = inputs.is_running();
    let mut mesh = Mesh::default();
    for (_, frame, _) in &inputs.stage.groups {
        mesh.add_colored_rect(to.rect(frame), palette.line.gamma_multiply(0.5));
    }
    for card in &inputs.stage.cards {
        let hurt = wrong.contains(&card.node) || running && card.cells.iter().any(|(slot, _)| dead(slot));
        add(&mut mesh, to.rect(&card.rect), if hurt { palette.failed } else { palette.faint });
    }
    for (_, sheet) in &inputs.stage.notes {
        add(&mut mesh, to.rect(sheet), palette.degraded.gamma_multiply(0.7));
    }
    mesh
}

fn add(mesh: &mut Mesh, rect: Rect, colour: Color32) {
    let size = rect.size().max(vec2(LEAST, LEAST));
    mesh.add_colored_rect(Rect::from_min_size(pos2(rect.left(), rect.top()), size), colour);
}
