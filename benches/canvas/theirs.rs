//! A frame of egui-snarl with the same graph: a title and two pins for each node, without dots, which it does not have.

use egui_for_snarl::emath::TSTransform;
use egui_for_snarl::{Context, Event, Pos2, RawInput, Rect, Ui, pos2, vec2};
use egui_snarl::ui::{PinInfo, SnarlPin, SnarlStyle, SnarlViewer, SnarlWidget};
use egui_snarl::{InPin, InPinId, NodeId, OutPin, OutPinId, Snarl};

use crate::graph::{Graph, STEP};

/// egui-snarl with a graph.
pub(crate) struct Theirs {
    snarl: Snarl<String>,
    context: Context,
    viewer: Viewer,
    seconds: f64,
}

/// Shows a name and two pins, from a fixed place.
struct Viewer(TSTransform);

impl SnarlViewer<String> for Viewer {
    fn title(&mut self, node: &String) -> String {
        node.clone()
    }

    fn inputs(&mut self, _: &String) -> usize {
        1
    }

    fn show_input(&mut self, _: &InPin, ui: &mut Ui, _: &mut Snarl<String>) -> impl SnarlPin + 'static {
        ui.label("in");
        PinInfo::circle()
    }

    fn outputs(&mut self, _: &String) -> usize {
        1
    }

    fn show_output(&mut self, _: &OutPin, ui: &mut Ui, _: &mut Snarl<String>) -> impl SnarlPin + 'static {
        ui.label("out");
        PinInfo::circle()
    }

    fn current_transform(&mut self, to_global: &mut TSTransform, _: &mut Snarl<String>) {
        *to_global = self.0;
    }
}

impl Theirs {
    /// The graph in egui-snarl; with the whole of it in sight, or its middle at 1:1.
    pub(crate) fn new(graph: &Graph, near: bool) -> Self {
        let mut snarl = Snarl::new();
        let nodes = graph.preset.layout.len();
        let place = |at: usize| {
            let [x, y] = graph.place(at);
            pos2(x, y)
        };
        let ids: Vec<NodeId> = (0..nodes).map(|at| snarl.insert_node(place(at), format!("n{at}"))).collect();
        for (from, to) in &graph.links {
            let (from, to) = (OutPinId { node: ids[*from], output: 0 }, InPinId { node: ids[*to], input: 0 });
            snarl.connect(from, to);
        }
        let end = (0..nodes).map(place).fold(Pos2::ZERO, Pos2::max) + vec2(STEP[0], STEP[1]);
        let scaling = if near { 1.0 } else { (1600.0 / end.x).min(900.0 / end.y).min(1.0) };
        let translation = vec2(800.0, 450.0) - scaling * end.to_vec2() / 2.0;
        let viewer = Viewer(TSTransform { scaling, translation });
        let mut theirs = Self { snarl, context: Context::default(), viewer, seconds: 0.0 };
        (0..3).for_each(|_| theirs.measured());
        theirs
    }

    /// One frame, as measured.
    pub(crate) fn measured(&mut self) {
        self.seconds += 1.0 / 60.0;
        let turn = self.seconds as f32;
        let pointer = pos2(800.0 + 300.0 * turn.cos(), 450.0 + 200.0 * turn.sin());
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1600.0, 900.0))),
            time: Some(self.seconds),
            events: vec![Event::PointerMoved(pointer)],
            ..RawInput::default()
        };
        let Self { snarl, context, viewer, .. } = self;
        let mut output = context.run_ui(input, |ui| {
            let style = SnarlStyle { min_scale: Some(0.005), ..SnarlStyle::new() };
            SnarlWidget::new().style(style).show(snarl, viewer, ui);
        });
        output.textures_delta.clear();
        std::hint::black_box(context.tessellate(output.shapes, output.pixels_per_point));
    }
}
