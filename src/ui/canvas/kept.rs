//! What was made of the drawing, kept from frame to frame. While a system runs, nothing but its dots moves from one frame to
//! the next; what the drawing tells of the run changes when news comes, some ten times a second; and frames and titles only
//! when a hand moves something. So each layer is drawn, laid out and cut into triangles when something changes that it is
//! drawn from. In between its triangles are handed out again: a frame costs as much as there are dots in sight. Of the layers
//! that news changes those that tell numbers are made a few times a second (`age.rs`), each in a frame of its own.

use std::sync::Arc;
use std::time::Duration;

use egui::{Color32, FontId, Galley, Painter, Rect, Shape};

use super::age::{self, Age};
use super::blocks::{self, Block, Work};
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
        for (at, layer) in LAYERS.into_iter().enumerate() {
            if matches!(layer, Layer::Dots | Layer::Harm) {
                let shapes = self.draw(painter, frame, layer, &look);
                painter.extend(shapes);
                continue;
            }
            let (mut cut, moves) = (std::mem::take(&mut self.layers[at]), layer.moves(frame));
            let at_once = cut.age == Age::Old || moves;
            if at_once || cut.age == Age::Due {
                cut.begin(layer, frame);
                cut.age = Age::Fresh(now_s);
            }
            self.go_on(painter, &mut cut, look.to, if at_once { usize::MAX } else { blocks::MOST });
            if moves {
                // It will be another one in the next frame, also if it has come to rest by then.
                cut.age = Age::Old;
            }
            painter.extend(cut.joined.iter().cloned());
            self.layers[at] = cut;
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
        let (is_free, calm_s) = (self.layers.iter().all(|cut| cut.work.is_none()), age::calm_s(look.sight));
        if let Some(cut) = self.layers.iter_mut().find(|cut| is_free && cut.age.is_due(now_s, calm_s, is_news)) {
            cut.age = Age::Due;
        }
    }

    /// Goes on with what a layer is to become, as far as at least so many shapes; once that is done it is what is painted.
    fn go_on(&mut self, painter: &Painter, cut: &mut Cut, to: Transform, most: usize) {
        let Some(mut work) = cut.work.take() else { return };
        let mut cutter = Cutter::new(painter.ctx());
        work.go_on(most, |sheet| cutter.cut(self.shapes(painter, sheet, to)));
        if !work.is_done() {
            cut.work = Some(work);
            return;
        }
        cut.is_other |= work.is_other();
        cut.blocks = work.end();
        // To join what is the same would only copy it.
        if std::mem::take(&mut cut.is_other) {
            cut.joined = cut::join(cut.blocks.iter().flat_map(|block| &block.shapes));
        }
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
mod tests {
    use std::collections::BTreeSet;

    use egui::{Context, LayerId, Order, RawInput, pos2, vec2};

    use super::*;
    use crate::control::snapshot::{Death, LifeState, NodeState, SlotState};
    use crate::scene::dots::tests::sticky;
    use crate::scene::words::Words;
    use crate::scene::{self, Live, Moved, Picture};
    use crate::topology::edit::Item;
    use crate::topology::{LifeId, NodeId, Preset, Slot};

    /// Paints a frame with what was kept and with nothing kept, into two layers of one pass, and compares.
    fn assert_same(
        context: &Context,
        clock_s: &mut f64,
        kept: &mut Kept,
        frame: &Frame<'_>,
        seen: &Arc<Snapshot>,
        to: Transform,
        why: &str,
    ) {
        let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(900.0, 700.0));
        let analogy = frame.words != Words::default();
        let mut made = Vec::new();
        let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
        let mut output = context.clone().run_ui(input, |ui| {
            let mut paint = |kept: &mut Kept, name: &str| {
                let painter =
                    Painter::new(ui.ctx().clone(), LayerId::new(Order::Middle, egui::Id::unique(name)), screen);
                let look = Look::of(&painter, frame, to, analogy);
                // Each frame of a test is long after the one before.
                let mut now_s = || {
                    *clock_s += 1.0;
                    *clock_s
                };
                kept.paint(&painter, frame, seen, look.clone(), now_s());
                let mut frames = 1;
                while kept.waits(0.0).is_some() {
                    let (nowhere, screen) = (LayerId::new(Order::Tooltip, egui::Id::unique("later")), screen);
                    kept.paint(&Painter::new(ui.ctx().clone(), nowhere, screen), frame, seen, look.clone(), now_s());
                    frames += 1;
                }
                assert!(frames <= 9, "{why}: {frames} frames");
                if frames > 1 {
                    // What is shown now is told by all layers.
                    ui.ctx()
                        .graphics_mut(|graphics| graphics.entry(painter.layer_id()).clone_from(&Default::default()));
                    kept.paint(&painter, frame, seen, look, now_s());
                }
                let mut shapes = Vec::new();
                painter.for_each_shape(|shape| shapes.push(shape.shape.clone()));
                shapes
            };
            made = vec![paint(kept, "kept"), paint(&mut Kept::default(), "anew")];
        });
        output.textures_delta.clear();
        assert!(made[0].len() >= 3, "{why}: {} shapes", made[0].len());
        // The grid comes first, and each canvas has a texture of its own for it.
        assert!(made[0][1..] == made[1][1..], "{why}: what was kept is not what would be made");
    }

    fn running(preset: &Preset, state: LifeState) -> Arc<Snapshot> {
        let node = |id: &NodeId| {
            let slot = Slot::new(id.clone(), 1);
            let life = LifeId { slot: slot.clone(), life: 1 };
            let state = SlotState {
                slot,
                life,
                state,
                pid: Some(77),
                address: None,
                restarts_us: None,
                cpu: 0.0,
                pss_kib: 0,
                requests: 0,
                sessions: 0,
                tables: Default::default(),
            };
            NodeState { id: id.clone(), slots: vec![state] }
        };
        let nodes = preset.topology.nodes().filter(|node| node.users().is_none()).map(|it| node(&it.id)).collect();
        Arc::new(Snapshot { phase: Phase::Running, nodes, ..Snapshot::default() })
    }

    #[test]
    fn what_is_kept_is_what_would_be_made_anew_whatever_changes() {
        let (context, preset, mut kept) = (Context::default(), sticky(), Kept::default());
        let (mut picture, mut emphasis) = (Picture::default(), Emphasis::default());
        let (mut to, mut clock_s) = (Transform { origin: pos2(20.0, 20.0), zoom: 0.8 }, 0.0);
        let mut check = |picture: &Picture, emphasis: &Emphasis, to: Transform, why: &str| {
            let sight =
                Some(Sight { world: scene::Rect::new(-100.0, -100.0, 3000.0, 3000.0), zoom: to.zoom, whole: false });
            let frame = Frame { sight, ..picture.frame(&preset, emphasis) };
            for turn in ["at first", "again"] {
                let why = format!("{why}, {turn}");
                assert_same(&context, &mut clock_s, &mut kept, &frame, picture.seen(), to, &why);
            }
            let words = Words { session: "cart", ..frame.words };
            let told = Frame { traffic: true, large: true, words, ..frame };
            let why = format!("{why}, otherwise told");
            assert_same(&context, &mut clock_s, &mut kept, &told, picture.seen(), to, &why);
        };
        picture.draw(&preset);
        check(&picture, &emphasis, to, "at rest");
        for state in [LifeState::Starting, LifeState::Ready, LifeState::Paused] {
            for _ in 0..3 {
                picture.advance(running(&preset, state), Vec::new(), 0.6);
                picture.draw(&preset);
                check(&picture, &emphasis, to, &format!("{state:?}"));
            }
        }
        let node = preset.topology.nodes().next().unwrap().id.clone();
        for item in [Item::Node(node.clone()), Item::Link(preset.topology.links().next().unwrap().id())] {
            emphasis.hovered = Some(item.clone());
            check(&picture, &emphasis, to, "pointed at");
            emphasis.items.insert(item);
            check(&picture, &emphasis, to, "selected");
        }
        emphasis.slot = Some(Slot::new(preset.topology.nodes().nth(2).unwrap().id.clone(), 1));
        check(&picture, &emphasis, to, "a replica is selected");
        to.origin.x += 30.0;
        check(&picture, &emphasis, to, "pushed aside");
        to.zoom = 0.3;
        check(&picture, &emphasis, to, "from afar");
        to.zoom = 0.1;
        check(&picture, &emphasis, to, "from very far");
        let moved = Moved { nodes: [(node, Point::new(50.0, 400.0))].into(), ..Moved::default() };
        Arc::make_mut(&mut picture.stage).drag(&preset, &moved);
        check(&picture, &emphasis, to, "dragged");
        context.set_theme(egui::Theme::Light);
        check(&picture, &emphasis, to, "in another theme");
        context.set_pixels_per_point(1.5);
        check(&picture, &emphasis, to, "on another screen");
    }

    #[test]
    fn each_state_of_a_replica_is_told_from_each_other_so_that_its_buttons_change() {
        let preset = sticky();
        let mut picture = Picture::default();
        picture.draw(&preset);
        let gone = [Death::Killed, Death::Terminated, Death::Crashed, Death::Stopped, Death::ScaledIn, Death::Deployed];
        let mut states: Vec<LifeState> = gone.into_iter().map(LifeState::Dead).collect();
        states.extend([LifeState::Starting, LifeState::Ready, LifeState::Unready, LifeState::Paused]);
        states.push(LifeState::Draining);
        let number = |state: &LifeState| Live::new(&picture.stage, &running(&preset, *state)).states();
        let numbers: BTreeSet<u64> = states.iter().map(number).collect();
        assert_eq!(numbers.len(), states.len());
    }

    #[test]
    fn letters_are_found_where_they_are_after_their_picture_has_grown_in_the_course_of_a_frame() {
        let (context, preset) = (Context::default(), sticky());
        context.add_plugin(cut::Recut::default());
        let (mut picture, emphasis, mut kept) = (Picture::default(), Emphasis::default(), Kept::default());
        picture.draw(&preset);
        let mut frame = |beside: &dyn Fn(&Painter)| {
            let mut passes = 0;
            let mut output = context.run_ui(RawInput::default(), |ui| {
                let (frame, to) = (picture.frame(&preset, &emphasis), Transform { origin: pos2(0.0, 0.0), zoom: 1.0 });
                let look = Look::of(ui.painter(), &frame, to, false);
                kept.paint(ui.painter(), &frame, picture.seen(), look, 0.0);
                beside(ui.painter());
                passes += 1;
            });
            output.textures_delta.clear();
            (passes, kept.look.as_ref().map(|look| look.letters_size), cut::letters_size(&context))
        };
        frame(&|_| {});
        let (passes, cut_for, size) = frame(&|_| {});
        assert_eq!((passes, cut_for), (1, Some(size)));
        // Beside the canvas large letters are written that were never seen before.
        let large = |painter: &Painter| {
            for at in 0..20_u8 {
                let font = FontId::proportional(60.0 + f32::from(at));
                drop(painter.layout_no_wrap("GROWING letters".to_owned(), font, Color32::WHITE));
            }
        };
        let (passes, cut_for, grown) = frame(&large);
        assert_ne!(grown, size, "the picture has room for more than this");
        assert_eq!((passes, cut_for), (2, Some(grown)));
    }

    #[test]
    fn two_canvases_at_two_zooms_keep_their_grids() {
        let (context, preset) = (Context::default(), sticky());
        let (mut picture, emphasis, mut both) = (Picture::default(), Emphasis::default(), <[Kept; 2]>::default());
        picture.draw(&preset);
        for _ in 0..3 {
            let mut output = context.run_ui(RawInput::default(), |ui| {
                for (kept, zoom) in both.iter_mut().zip([0.6, 1.0]) {
                    let (frame, to) = (picture.frame(&preset, &emphasis), Transform { origin: pos2(0.0, 0.0), zoom });
                    let look = Look::of(ui.painter(), &frame, to, false);
                    kept.paint(ui.painter(), &frame, picture.seen(), look, 0.0);
                }
            });
            output.textures_delta.clear();
        }
        for kept in &both {
            let texture = kept.grid.as_ref().map(Shape::texture_id).unwrap();
            assert!(context.tex_manager().read().meta(texture).is_some(), "its texture is gone");
        }
    }
}
