//! Automatic layout: computed on a thread of its own, then shown as a short flight of every card to its place, and at the
//! end one step. An edit meanwhile calls it off.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use egui::{Context, Event};

use crate::scene::arrange::layered;
use crate::scene::{Card, Moved, Point, Rect, Size, visitors};
use crate::topology::NodeId;
use crate::topology::edit;

use super::App;

/// How long the flight takes, in seconds.
const FLIGHT_S: f64 = 0.3;

/// A place for every node.
type Places = BTreeMap<NodeId, [f32; 2]>;

/// What was computed, for the drawing of that revision.
type Answer = (u64, Places);

/// A layout that is computed, or on its way to the screen.
#[derive(Debug)]
pub(super) struct LayOut {
    answers: (SyncSender<Answer>, Receiver<Answer>),
    /// Whether a thread computes one.
    computing: bool,
    flight: Option<Flight>,
}

/// Cards on their way.
#[derive(Debug)]
struct Flight {
    /// The drawing that they are of.
    revision: u64,
    from: Places,
    to: Places,
    /// When it began, in seconds of the window's time.
    since_s: f64,
}

impl LayOut {
    pub(super) fn new() -> Self {
        // One at a time.
        Self { answers: sync_channel(1), computing: false, flight: None }
    }

    /// Whether a layout is being computed or shown.
    pub(super) fn is_busy(&self) -> bool {
        self.computing || self.flight.is_some()
    }
}

impl App {
    /// Begins to lay the drawing out, unless that is being done.
    pub(super) fn lay_out(&mut self, context: &Context) {
        if self.lay_out.is_busy() {
            return;
        }
        let (preset, revision) = (self.draft.preset.clone(), self.draft.revision);
        let size = |card: &Card| (card.node.clone(), visitors::footprint(card).size);
        let sizes: BTreeMap<NodeId, Size> = self.picture.stage.cards.iter().map(size).collect();
        let (sender, context) = (self.lay_out.answers.0.clone(), context.clone());
        let thread = std::thread::Builder::new().name("layout".to_owned()).spawn(move || {
            // Fails only when the window is gone, and then nobody waits for it.
            let _ = sender.try_send((revision, layered(&preset, &sizes)));
            context.request_repaint();
        });
        self.lay_out.computing = thread.is_ok();
        if let Err(error) = thread {
            self.tell(format!("Cannot lay the drawing out: {error}"), true);
        }
    }

    /// Takes a layout that is ready, and moves the cards on.
    pub(super) fn go_on_with_layout(&mut self, context: &Context) {
        if let Ok((revision, to)) = self.lay_out.answers.1.try_recv() {
            self.lay_out.computing = false;
            if revision == self.draft.revision {
                self.take_off(context, to);
            } else {
                self.tell("The drawing was changed while it was laid out. Ask for it again", false);
            }
        }
        let Some(flight) = &self.lay_out.flight else { return };
        if flight.revision != self.draft.revision {
            self.lay_out.flight = None;
            self.view.moved = Moved::default();
            return;
        }
        let share = (context.input(|input| input.time) - flight.since_s) / FLIGHT_S;
        // Whoever takes hold of a card, or does anything else to the drawing, finds it where it belongs.
        let pressed = context.input(|input| input.pointer.any_down() || input.events.iter().any(asks));
        if share >= 1.0 || pressed || self.view.reduces_motion() {
            self.land();
        } else {
            self.view.moved.nodes = flight.at(share.clamp(0.0, 1.0) as f32);
        }
        context.request_repaint();
    }

    fn take_off(&mut self, context: &Context, to: Places) {
        let stage = &self.picture.stage;
        let from = stage.places();
        let bounds = to.iter().filter_map(|(node, at)| Some(Rect { min: point(*at), ..stage.card(node)?.rect }));
        if let Some(bounds) = bounds.reduce(|sum, rect| sum.union(&rect)) {
            self.view.look_at_unless_seen(context, bounds);
        }
        let since_s = context.input(|input| input.time);
        self.lay_out.flight = Some(Flight { revision: self.draft.revision, from, to, since_s });
    }

    /// Puts every card down where it belongs: one step.
    pub(super) fn land(&mut self) {
        let Some(flight) = self.lay_out.flight.take() else { return };
        self.view.moved = Moved::default();
        let before = &self.draft.preset.layout;
        let places: Places = flight.to.into_iter().filter(|(node, at)| before.get(node) != Some(at)).collect();
        if places.is_empty() {
            self.tell("Everything is in its place already", false);
            return;
        }
        match self.draft.edit(edit::place_all("lay out", places)) {
            Ok(()) => self.after_fault = None,
            Err(problem) => self.tell(problem.to_string(), true),
        }
    }
}

/// Whether something that happened may be meant for the drawing: where it is half-way, nobody has put it.
fn asks(event: &Event) -> bool {
    matches!(
        event,
        // That a key is let go of may be the end of having asked for this.
        Event::Key { pressed: true, repeat: false, .. }
            | Event::Text(_)
            | Event::Cut
            | Event::Copy
            | Event::Paste(_)
            | Event::AccessKitActionRequest(_)
    )
}

impl Flight {
    /// Where the cards are after this share of the way: slow at both ends.
    fn at(&self, share: f32) -> BTreeMap<NodeId, Point> {
        let eased = share * share * (3.0 - 2.0 * share);
        let place = |(node, to): (&NodeId, &[f32; 2])| {
            let from = self.from.get(node).copied().unwrap_or(*to);
            (node.clone(), point(from).towards(point(*to), eased))
        };
        self.to.iter().map(place).collect()
    }
}

fn point([x, y]: [f32; 2]) -> Point {
    Point::new(x, y)
}
