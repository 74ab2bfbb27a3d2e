//! A frame of Brownout's canvas: the picture moved on, laid out and drawn, clicks read, and all of it tessellated.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use brownout::control::Snapshot;
use brownout::scene::dots::Planner;
use brownout::scene::{Drawing, Moved, Picture, Point, Recording, dots};
use brownout::telemetry::Span;
use brownout::ui::{self, View};
use egui::{Context, Event, Modifiers, MouseWheelSource, MouseWheelUnit, RawInput, Rect, TouchPhase, Vec2, pos2};

use crate::Sight;
use crate::clock::{Times, thread_ms};
use crate::graph::Graph;

/// The window, in points.
const WINDOW: Vec2 = egui::vec2(1600.0, 900.0);
/// A frame at sixty a second.
const FRAME_US: u64 = 16_667;
/// News of the run comes every so many frames: the real one has some twenty times a second.
const NEWS: u64 = 3;
/// The nodes answer within this time, so that spans are there when their dot sets out.
const LEAD_US: u64 = 400_000;

/// A request is under way for about so many frames.
const LASTS: f64 = 204.0;

/// A canvas with traffic on it.
pub(crate) struct Ours {
    graph: Graph,
    picture: Picture,
    /// The last twenty seconds, for *Watch again*.
    recording: Recording,
    view: View,
    context: Context,
    frame: u64,
    /// What has come from the run and was not taken in yet.
    spans: Vec<Span>,
    latest: Arc<Snapshot>,
    /// Requests that begin in each frame.
    per_frame: usize,
    sight: Sight,
    /// By how much the next frame is zoomed in.
    zoom: Option<f32>,
    seconds: f64,
    /// What each order took the planner, in milliseconds: there is one for each frame.
    planned: Receiver<f64>,
    pub(crate) beside: Times,
    pub(crate) vertices: usize,
}

impl Ours {
    /// A canvas of so many nodes, on which about so many dots are under way, with the whole graph in sight.
    pub(crate) fn new(nodes: usize, dots: usize) -> Self {
        let context = Context::default();
        ui::install(&context);
        let mut view = View::default();
        view.show_build();
        let (graph, (picture, planned)) = (Graph::new(nodes), planned_beside());
        let (spans, latest) = (Vec::new(), Arc::default());
        let mut ours = Self {
            graph,
            picture,
            recording: Recording::new(20_000_000),
            view,
            context,
            frame: 0,
            spans,
            latest,
            per_frame: 1,
            sight: Sight::Whole,
            zoom: None,
            seconds: 0.0,
            planned,
            beside: Times::default(),
            vertices: 0,
        };
        ours.fill(dots);
        ours.warm_up();
        ours
    }

    /// Lets requests begin until at least so many dots are under way, and then as many as end.
    fn fill(&mut self, dots: usize) {
        if dots == 0 {
            self.per_frame = 0;
            // The run is seen to be under way, a little after it began.
            for _ in 0..60 {
                self.news();
                self.draw(1);
            }
            return;
        }
        let mut lasts = LASTS;
        for _ in 0..6 {
            self.per_frame = (dots as f64 / lasts).ceil() as usize;
            let mut fewest = usize::MAX;
            for at in 0..330 {
                self.news();
                if at % 3 == 0 {
                    self.draw(3);
                    self.after_frame();
                }
                // The first of them began at another pace.
                fewest = if at < 270 { usize::MAX } else { fewest.min(self.picture.dots.all) };
            }
            let share = fewest as f64 / dots as f64;
            if (1.0..1.02).contains(&share) {
                break;
            }
            lasts *= (share / 1.01).clamp(0.3, 3.0);
        }
    }

    /// Looks elsewhere, or does something else, from now on.
    pub(crate) fn look(&mut self, sight: Sight) {
        if sight == Sight::Near {
            // In the middle, as a pinch does.
            self.zoom = Some(1.0 / self.view.zoom());
        }
        self.sight = sight;
        self.warm_up();
        assert!(sight == Sight::Whole || (self.view.zoom() - 1.0).abs() < 0.01, "zoomed to {}", self.view.zoom());
    }

    fn warm_up(&mut self) {
        for _ in 0..5 {
            self.before_frame();
            self.measured();
            self.after_frame();
        }
        self.beside = Times::default();
    }

    fn now_us(&self) -> u64 {
        self.frame * FRAME_US
    }

    /// What comes from the run since the last frame: it is made here, and taken in when the next frame is drawn.
    fn news(&mut self) {
        self.frame += 1;
        let now_us = self.now_us();
        for at in 0..self.per_frame {
            let early = FRAME_US * at as u64 / self.per_frame as u64;
            self.spans.extend(self.graph.request(now_us.saturating_sub(LEAD_US + early)));
        }
        if self.frame.is_multiple_of(NEWS) {
            self.latest = self.graph.snapshot(now_us);
        }
    }

    fn draw(&mut self, frames: u64) {
        let spans = std::mem::take(&mut self.spans);
        let spans: Arc<[Span]> = spans.into();
        self.picture.advance(Arc::clone(&self.latest), Arc::clone(&spans), (FRAME_US * frames) as f32 / 1e6);
        let forgotten = self.recording.record(&self.latest, spans, self.picture.playback.display_us());
        self.picture.let_go_of(forgotten);
        let moved = self.moved();
        let preset = &self.graph.preset;
        let (most_dots, sight) = (dots::STREAM, self.view.sight());
        self.picture.draw(Drawing { preset, revision: Some(1), moved: &moved, most_dots, sight });
    }

    /// What a hand has on its way: the card in the middle, to and fro.
    fn moved(&self) -> Moved {
        let mut moved = Moved::default();
        if self.sight == Sight::Dragged {
            let (id, [x, y]) = self.graph.middle();
            let aside = 40.0 * (self.seconds as f32 * 5.0).sin();
            moved.nodes.insert(id, Point::new(x + aside, y + aside));
        }
        moved
    }

    /// What passes until the next frame is drawn, sixty times a second: its requests are planned.
    pub(crate) fn after_frame(&mut self) {
        if self.per_frame > 0 {
            self.beside.add(self.planned.recv_timeout(Duration::from_secs(1)).expect("an answer for each frame"));
        } else {
            // Without requests there are only snapshots to be looked at.
            self.planned.try_iter().for_each(|took_ms| self.beside.add(took_ms));
        }
    }

    /// The input of a frame: the pointer moves over the canvas.
    fn input(&mut self) -> RawInput {
        self.seconds += FRAME_US as f64 / 1e6;
        let turn = self.seconds as f32;
        let pointer = pos2(800.0 + 300.0 * turn.cos(), 450.0 + 200.0 * turn.sin());
        let zoom = self.zoom.take().map(Event::Zoom);
        // As a wheel does, to and fro.
        let pan = (self.sight == Sight::Panned).then(|| Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: egui::vec2(12.0 * (turn * 3.0).sin(), 6.0 * (turn * 3.0).cos()),
            source: MouseWheelSource::Trackpad,
            phase: TouchPhase::Move,
            modifiers: Modifiers::NONE,
        });
        RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), WINDOW)),
            time: Some(self.seconds),
            events: [Event::PointerMoved(pointer)].into_iter().chain(zoom).chain(pan).collect(),
            ..RawInput::default()
        }
    }

    /// What is not the canvas's: the run's own work, before a frame is measured.
    pub(crate) fn before_frame(&mut self) {
        self.news();
    }

    /// One frame, as measured.
    pub(crate) fn measured(&mut self) {
        self.draw(1);
        let input = self.input();
        let Self { graph, picture, view, context, .. } = self;
        let mut output = context.run_ui(input, |ui| {
            ui::show_canvas(ui, &graph.preset, picture, view);
        });
        output.textures_delta.clear();
        let primitives = context.tessellate(output.shapes, output.pixels_per_point);
        let vertices = |primitive: &egui::ClippedPrimitive| match &primitive.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
            egui::epaint::Primitive::Callback(_) => 0,
        };
        self.vertices = primitives.iter().map(vertices).sum();
    }

    /// How many dots are under way, of which none is left out.
    pub(crate) fn dots(&self) -> usize {
        assert!(self.picture.dots.one_of <= 1, "dots are sampled");
        self.picture.dots.all
    }
}

/// A picture whose requests are planned on a thread of its own, as in the window, and what that takes of a processor.
fn planned_beside() -> (Picture, Receiver<f64>) {
    let ((orders, taken), (given, answers)) = (sync_channel(1), sync_channel(1));
    let (told, planned) = sync_channel(16);
    std::thread::spawn(move || {
        let mut planner = Planner::default();
        for order in taken {
            let before = thread_ms();
            let answer = planner.plan(order);
            let took_ms = thread_ms() - before;
            if given.send(answer).is_err() || told.send(took_ms).is_err() {
                break;
            }
        }
    });
    (Picture::planned_beside(orders, answers), planned)
}
