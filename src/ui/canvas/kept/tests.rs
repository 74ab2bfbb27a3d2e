//! What is kept is what would be made anew, and no frame shows half of something.

use std::collections::BTreeSet;

use egui::{Context, LayerId, Order, RawInput, pos2, vec2};

use super::*;
use crate::control::snapshot::{Death, LifeState, LinkState, NodeState, SlotState};
use crate::scene::dots::tests::{slot_of, sticky, sticky_with};
use crate::scene::words::Words;
use crate::scene::{self, Drawing, Live, Moved, Picture};
use crate::topology::edit::Item;
use crate::topology::{Link, NodeId, Preset, Slot};

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
            let painter = Painter::new(ui.ctx().clone(), LayerId::new(Order::Middle, egui::Id::unique(name)), screen);
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
                ui.ctx().graphics_mut(|graphics| graphics.entry(painter.layer_id()).clone_from(&Default::default()));
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

/// A drawing that is known to be the same document each time, so that news does not lay it out anew.
fn same(preset: &Preset) -> Drawing<'_> {
    Drawing { revision: Some(1), ..Drawing::from(preset) }
}

/// A run of a preset: every replica in this state, every link as busy.
fn running(preset: &Preset, state: LifeState, rate: f32) -> Arc<Snapshot> {
    let node = |id: &NodeId| {
        let slot = SlotState { state, pid: Some(77), ..slot_of(&format!("{id}.1#1")) };
        NodeState { id: id.clone(), slots: vec![slot] }
    };
    let link = |link: Link| LinkState {
        id: link.id(),
        sent: 9,
        failed: 0,
        received: 9,
        rate,
        failing: rate / 10.0,
        p95_ms: Some(4.0),
    };
    let nodes = preset.topology.nodes().filter(|node| node.users().is_none()).map(|it| node(&it.id)).collect();
    let links = preset.topology.links().map(link).collect();
    Arc::new(Snapshot { phase: Phase::Running, nodes, links, ..Snapshot::default() })
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
    let mut rate = 1.0;
    for state in [LifeState::Starting, LifeState::Ready, LifeState::Paused] {
        for _ in 0..3 {
            rate *= 4.0;
            picture.advance(running(&preset, state, rate), Vec::new(), 0.6);
            picture.draw(same(&preset));
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
    let number = |state: &LifeState| Live::new(&picture.stage, &running(&preset, *state, 1.0)).states();
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

#[test]
fn a_link_is_never_seen_with_an_end_of_another_moment() {
    let (context, preset) = (Context::default(), sticky_with(12));
    let (mut picture, emphasis, mut kept) = (Picture::default(), Emphasis::default(), Kept::default());
    let to = Transform { origin: pos2(0.0, 0.0), zoom: 1.0 };
    let (mut changes, mut working, mut latest) = (0, 0, Arc::default());
    for at in 1..=240_u32 {
        // There is news twenty times a second.
        if at % 3 == 1 {
            latest = running(&preset, LifeState::Ready, 10.0_f32.powi((at / 3 % 4) as i32));
        }
        picture.advance(Arc::clone(&latest), Vec::new(), 0.6);
        picture.draw(same(&preset));
        let mut shown = Vec::new();
        let mut output = context.run_ui(RawInput::default(), |ui| {
            let layers = |kept: &Kept| [Layer::Links, Layer::Ends].map(|layer| joined(kept, layer));
            let before = layers(&kept);
            let frame = Frame { traffic: true, ..picture.frame(&preset, &emphasis) };
            let look = Look::of(ui.painter(), &frame, to, false);
            kept.paint(ui.painter(), &frame, picture.seen(), look, f64::from(at) / 60.0);
            shown = layers(&kept).iter().zip(&before).map(|(now, before)| now != before).collect();
        });
        output.textures_delta.clear();
        working += u32::from(kept.layers.iter().any(|cut| cut.work.is_some()));
        assert_eq!(shown[0], shown[1], "at {at}");
        changes += u32::from(shown[0]);
    }
    assert!((5..=17).contains(&changes) && working > 5, "{changes} changes in four seconds, {working} frames of work");
}

/// What is shown of a layer.
fn joined(kept: &Kept, layer: Layer) -> Vec<Shape> {
    let at = LAYERS.into_iter().position(|other| other == layer);
    kept.layers[at.unwrap()].joined.clone()
}
