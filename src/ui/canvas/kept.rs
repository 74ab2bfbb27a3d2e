//! What was made of the drawing, kept from frame to frame. While a system runs, nothing but its dots moves from one frame to
//! the next; what the drawing tells of the run changes when news comes, some ten times a second; and frames and titles only
//! when a hand moves something. So each layer is drawn, laid out and cut into triangles when something changes that it is
//! drawn from. In between its triangles are handed out again: a frame costs as much as there are dots in sight. Of the layers
//! that news changes those that tell numbers are made a few times a second (`age.rs`), each in a frame of its own.

use std::sync::Arc;
use std::time::Duration;

use egui::{Color32, FontId, Galley, Painter, Rect, Shape};

use super::age::{self, Age};
use super::blocks::{Block, Work};
use super::buttons::Buttons;
use super::crowd::Crowd;
use super::cut::{self, Cutter};
use super::grid::{self, Tile};
use super::painter::{Easel, Memory, Transform};
use crate::control::Snapshot;
use crate::control::snapshot::Phase;
use crate::scene::draw::{self, Emphasis, Frame, LAYERS, Layer, Sight};
use crate::scene::layout::Edition;
use crate::scene::{Lamp, Point, Sheet, Theme};
use crate::ui::theme;

/// The layers as they were painted last.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    look: Option<Look>,
    run: Option<Run>,
    grid: Option<Shape>,
    tile: Option<Tile>,
    layers: [Cut; LAYERS.len()],
    pub(super) buttons: Option<Buttons>,
    /// The legend, with where it is and the width that it has.
    legend: Option<(Transform, f32, Vec<Shape>)>,
    memory: Memory,
    /// The dots that tell of harm, while the others are painted.
    harm: Crowd,
}

/// A layer as it was cut last.
#[derive(Debug, Default)]
struct Cut {
    blocks: Vec<Block>,
    /// All blocks.
    joined: Vec<Shape>,
    age: Age,
    /// What it is to become, as far as that is cut, and whether the blocks may be others than those that are joined.
    work: Option<Work>,
    is_other: bool,
}

/// From where what is looked at: all layers depend on it.
#[derive(Debug, Clone)]
pub(super) struct Look {
    stage: Edition,
    to: Transform,
    frame: Rect,
    sight: Option<Sight>,
    emphasis: Emphasis,
    traffic: bool,
    large: bool,
    analogy: bool,
    theme: Theme,
    pixels_per_point: f32,
    /// The size of egui's picture of all letters.
    letters_size: [usize; 2],
    /// A text that is laid out in every frame: it is another one once egui has thrown away its letters' pictures, where
    /// the letters of all others have been, too.
    letters: Arc<Galley>,
}

/// What is told of the run.
#[derive(Debug)]
struct Run {
    seen: Arc<Snapshot>,
    lamps: Vec<Lamp>,
    /// In which states replicas are, and the run.
    states: (u64, Phase),
}

impl Cut {
    /// Draws what the layer is to become.
    fn begin(&mut self, layer: Layer, frame: &Frame<'_>) {
        let mut sheet = Sheet::default();
        layer.draw(&mut sheet, frame);
        let given_up = self.work.take();
        self.is_other |= given_up.is_some();
        let before = given_up.map_or_else(|| std::mem::take(&mut self.blocks), Work::end);
        self.work = Some(Work::begin(layer, before, sheet));
    }

    /// Becomes it, if there is anything.
    fn end(&mut self) {
        let Some(work) = self.work.take() else { return };
        self.is_other |= work.is_other();
        self.blocks = work.end();
        // To join what is the same would only copy it.
        if std::mem::take(&mut self.is_other) {
            self.joined = cut::join(self.blocks.iter().flat_map(|block| &block.shapes));
        }
    }
}

impl Run {
    fn is_of(&self, seen: &Arc<Snapshot>, lamps: &[Lamp]) -> bool {
        Arc::ptr_eq(&self.seen, seen) && self.lamps == lamps
    }
}

impl Look {
    /// Whether the same shapes look the same, whatever stands out and wherever cards are.
    fn is_like(&self, other: &Self) -> bool {
        let plain =
            |it: &Self| (it.to, it.frame, it.sight, it.traffic, it.large, it.analogy, it.theme, it.letters_size);
        plain(self) == plain(other)
            && self.pixels_per_point.to_bits() == other.pixels_per_point.to_bits()
            && Arc::ptr_eq(&self.letters, &other.letters)
    }

    /// How a frame looks. `analogy`: whether things have the words of the lesson's analogy.
    pub(super) fn of(painter: &Painter, frame: &Frame<'_>, to: Transform, analogy: bool) -> Self {
        Self {
            stage: frame.stage.edition().clone(),
            to,
            frame: painter.clip_rect(),
            sight: frame.sight,
            emphasis: frame.emphasis.clone(),
            traffic: frame.traffic,
            large: frame.large,
            analogy,
            theme: theme::current(painter.ctx()),
            pixels_per_point: painter.ctx().pixels_per_point(),
            letters: painter.layout_no_wrap("letters".to_owned(), FontId::default(), Color32::PLACEHOLDER),
            letters_size: cut::letters_size(painter.ctx()),
        }
    }
}

impl Kept {
    /// Paints a frame, in which this moment of the run is seen. `now_s`: the window's clock, in seconds.
    pub(super) fn paint(&mut self, painter: &Painter, frame: &Frame<'_>, seen: &Arc<Snapshot>, look: Look, now_s: f64) {
        self.forget(frame, seen, &look, now_s);
        let grid = self.grid.get_or_insert_with(|| grid::points(painter, look.to, &mut self.tile));
        painter.add(grid.clone());
        self.make(painter, frame, look.to, now_s);
        for (at, layer) in LAYERS.into_iter().enumerate() {
            let is_kept = !matches!(layer, Layer::Dots | Layer::Harm);
            let shapes = if is_kept { self.layers[at].joined.clone() } else { self.draw(painter, frame, layer, &look) };
            painter.extend(shapes);
        }
        self.look = Some(look);
        if let Some(wait) = self.waits(now_s) {
            painter.ctx().request_repaint_after(wait);
        }
    }

    /// How long news waits to be told, if there is any.
    fn waits(&self, now_s: f64) -> Option<Duration> {
        let calm_s = age::calm_s(self.look.as_ref().and_then(|look| look.sight));
        let wait = |cut: &Cut| if cut.work.is_some() { Some(Duration::ZERO) } else { cut.age.waits(now_s, calm_s) };
        self.layers.iter().filter_map(wait).min()
    }

    /// Forgets what has become another one.
    fn forget(&mut self, frame: &Frame<'_>, seen: &Arc<Snapshot>, look: &Look, now_s: f64) {
        match &self.look {
            Some(before) if before.is_like(look) && before.stage != look.stage => {
                // Most of it is where it was: what was cut of that is taken over.
                self.layers.iter_mut().for_each(|cut| cut.age = Age::Old);
                self.buttons.iter_mut().for_each(Buttons::age);
            }
            Some(before) if before.is_like(look) && before.emphasis == look.emphasis => {}
            Some(before) if before.is_like(look) => {
                let hovered = Emphasis { hovered: before.emphasis.hovered.clone(), ..look.emphasis.clone() };
                let hovered = hovered == before.emphasis;
                let shown = |(layer, _): &(&Layer, &mut Cut)| layer.shows_emphasis(hovered);
                LAYERS.iter().zip(&mut self.layers).filter(shown).for_each(|(_, cut)| cut.age = Age::Old);
            }
            Some(_) | None => (self.grid, self.layers, self.buttons, self.legend) = Default::default(),
        }
        if !self.look.as_ref().is_some_and(|before| Arc::ptr_eq(&before.letters, &look.letters)) {
            self.memory.letters.forget();
        }
        let is_news = !self.run.as_ref().is_some_and(|run| run.is_of(seen, frame.lamps));
        if is_news {
            let states = (frame.live.states(), seen.phase);
            let run = Run { seen: Arc::clone(seen), lamps: frame.lamps.to_vec(), states };
            // Of a death everything tells at once.
            let same = self.run.replace(run).is_some_and(|before| before.states == states);
            if !same {
                self.buttons.iter_mut().for_each(Buttons::age);
            }
            let telling = LAYERS.into_iter().zip(&mut self.layers).filter(|(layer, _)| layer.tells_of_run());
            telling.for_each(|(layer, cut)| cut.age.hear(layer, !same));
        }
        // One after the other of those that waited, so that no frame bears all.
        if self.layers.iter().any(|cut| cut.work.is_some()) {
            return;
        }
        let ages = LAYERS.into_iter().zip(&self.layers).map(|(layer, cut)| (layer, cut.age));
        if let Some(turn) = age::turn(ages, now_s, age::calm_s(look.sight), is_news) {
            let of_turn = LAYERS.into_iter().zip(&mut self.layers).filter(|(layer, _)| layer.is_one_with(turn));
            of_turn.for_each(|(_, cut)| cut.age.take_turn());
        }
    }

    /// Makes the layers that have to be made anew, and goes on with those that can wait.
    fn make(&mut self, painter: &Painter, frame: &Frame<'_>, to: Transform, now_s: f64) {
        let calm_s = age::calm_s(frame.sight);
        let mut layers = std::mem::take(&mut self.layers);
        for (layer, cut) in LAYERS.into_iter().zip(&mut layers) {
            if matches!(layer, Layer::Dots | Layer::Harm) {
                continue;
            }
            let moves = layer.moves(frame);
            let is_old = cut.age == Age::Old || moves;
            if is_old || cut.age == Age::Due {
                cut.begin(layer, frame);
                cut.age = Age::Fresh(now_s);
            }
            if let Some(work) = &mut cut.work {
                let mut cutter = Cutter::new(painter.ctx());
                let at_once = is_old || cut.age.is_late(now_s, calm_s);
                work.go_on(at_once, |sheet| cutter.cut(self.shapes(painter, sheet, to)));
            }
            if is_old {
                cut.end();
            }
            if moves {
                // It will be another one in the next frame, also if it has come to rest by then.
                cut.age = Age::Old;
            }
        }
        // Of what is one thing no part is shown before the other.
        if layers.iter().all(|cut| cut.work.as_ref().is_none_or(Work::is_done)) {
            layers.iter_mut().for_each(Cut::end);
        }
        self.layers = layers;
    }

    /// Draws a layer of dots.
    fn draw(&mut self, painter: &Painter, frame: &Frame<'_>, layer: Layer, look: &Look) -> Vec<Shape> {
        let mut sheet = Sheet::default();
        layer.draw(&mut sheet, frame);
        // Each of the two has a memory of its own, for both are read until the frame is over.
        let swap = |kept: &mut Self| std::mem::swap(&mut kept.memory.dots, &mut kept.harm);
        if layer == Layer::Harm {
            swap(self);
        }
        let shapes = self.shapes(painter, &sheet, look.to);
        if layer == Layer::Harm {
            swap(self);
        }
        shapes
    }

    fn shapes(&mut self, painter: &Painter, sheet: &Sheet, to: Transform) -> Vec<Shape> {
        let theme = theme::current(painter.ctx());
        let mut easel = Easel::new(painter, to, std::mem::take(&mut self.memory));
        easel.draw(sheet, |paint| theme::colour(theme, paint));
        self.memory = easel.memory;
        easel.shapes
    }

    /// Paints the legend, after the frame that it explains.
    pub(super) fn legend(&mut self, painter: &Painter, to: Transform, width: f32) {
        let known = self.legend.take().filter(|(place, room, _)| (*place, *room) == (to, width));
        let shapes = known.map(|(.., shapes)| shapes).unwrap_or_else(|| {
            let sheet = draw::legend(Point::default(), width);
            Cutter::new(painter.ctx()).cut(self.shapes(painter, &sheet, to))
        });
        painter.extend(shapes.iter().cloned());
        self.legend = Some((to, width, shapes));
    }
}

#[cfg(test)]
mod tests;
