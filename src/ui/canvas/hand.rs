//! What the hand is at: the one gesture under way, from the press to the release. A gesture changes only what is shown;
//! the document changes when it ends, in one step, and not at all after Esc.

use std::collections::BTreeSet;

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Ui, Vec2, vec2};

use super::Ground;
use super::chips::Carried;
use super::choice::Choice;
use super::context::Menu;
use super::delta::Told;
use super::drop::Ghost;
use super::marquee::Marquee;
use super::moving::Move;
use super::offer::Offer;
use super::rename::Writing;
use super::replacing;
use super::wire::Wire;
use crate::scene::{Moved, Point};
use crate::topology::NodeId;
use crate::topology::edit::{self, Edit, Item};
use crate::ui::action::Action;
use crate::ui::selection::Selection;
use crate::ui::{Inputs, View};

/// So near its edge, in points of the screen, the canvas begins to scroll under a gesture.
const EDGE: f32 = 26.0;
/// A new link is drawn only if its end was taken further than this, in points of the screen.
const LEAST_DRAG: f32 = 6.0;
/// How fast it scrolls at most, in points per second.
const FASTEST: f32 = 900.0;

/// A gesture under way.
#[derive(Debug)]
pub(super) enum Gesture {
    /// Cards, groups and notes are on their way.
    Move(Move),
    /// The same by the arrow keys.
    Nudge(Move),
    /// A frame is drawn around what is to be selected.
    Marquee(Marquee),
    /// A link is drawn with the pointer.
    Wire(Wire),
    /// A link is drawn with the keyboard.
    Connect(Wire),
    /// A module is on its way out of its card.
    Chip(Box<Carried>),
    /// The drawing is pushed about: this point of it stays under the pointer while the button is held.
    Pan(Point, PointerButton),
}

/// What the window remembers of the hand from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct Hand {
    pub(super) gesture: Option<Gesture>,
    /// What has the keyboard's focus.
    pub(super) focus: Option<Item>,
    /// What the pointer is on.
    pub(super) hovered: Option<Item>,
    /// The card whose handles are shown because the pointer is near.
    pub(super) ported: Option<NodeId>,
    /// What is dropped from the palette.
    pub(super) ghost: Option<Ghost>,
    /// The link that waits for what is to be at its end.
    pub(super) choice: Option<Choice>,
    /// What is being written.
    pub(super) writing: Option<Writing>,
    /// What is offered after a removal.
    pub(super) offer: Option<Offer>,
    /// What a module's move changed.
    pub(super) delta: Option<Told>,
    /// What was made just now, and is not drawn yet.
    pub(super) made: Option<super::made::Made>,
    /// The menu of what was clicked with the other button.
    pub(super) menu: Option<Menu>,
    /// What was selected before some of it went from the drawing, and what is left of that.
    gone: Option<(Selection, Selection)>,
    /// Which document it was in the last frame.
    revision: Option<u64>,
    /// Whether Enter was pressed to end what is under way.
    entered: bool,
    /// Whether a link is to be drawn by the keyboard.
    connecting: bool,
    /// Whether the pointer was away from the canvas's edge during this gesture.
    left_edge: bool,
    /// Whether the space bar was held to push the drawing about, and is not to be taken for a tap.
    panned: bool,
}

impl Hand {
    /// Whether no gesture is under way.
    pub(super) fn is_free(&self) -> bool {
        self.gesture.is_none()
    }

    /// What the frame that is being drawn would select.
    pub(super) fn marked(&self, inputs: &Inputs<'_>) -> Option<BTreeSet<Item>> {
        if let Some(Gesture::Marquee(marquee)) = &self.gesture { Some(marquee.items(inputs)) } else { None }
    }

    /// Asks for a link from the selected node, to be drawn by the keyboard.
    pub(crate) fn begin_connecting(&mut self) {
        self.connecting = true;
    }

    /// Whether that was asked for.
    pub(super) fn take_connecting(&mut self) -> bool {
        std::mem::take(&mut self.connecting)
    }

    /// Ends what is under way, as Enter does.
    pub(crate) fn enter(&mut self) {
        self.entered = true;
    }

    /// Whether Enter was pressed to end what is under way.
    pub(super) fn take_entered(&mut self) -> bool {
        std::mem::take(&mut self.entered)
    }

    /// Whether the space bar, now released, was held to push the drawing about.
    pub(crate) fn take_panned(&mut self) -> bool {
        std::mem::take(&mut self.panned)
    }
}

/// Reads the keys of what is under way, before anybody else takes them for something else: Esc gives it up, Enter drops
/// what is to be dropped.
pub(crate) fn read_first_keys(ui: &Ui, view: &mut View) {
    let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|input| input.consume_key(modifiers, key));
    let waits = view.placing.is_some() || matches!(view.hand.gesture, Some(Gesture::Connect(_)));
    view.hand.entered = match &view.hand.writing {
        Some(writing) => pressed(writing.enters_with(), Key::Enter),
        None => waits && !ui.ctx().text_edit_focused() && pressed(Modifiers::NONE, Key::Enter),
    };
    let under_way = view.hand.gesture.is_some() || view.hand.writing.is_some() || view.placing.is_some();
    if under_way && pressed(Modifiers::NONE, Key::Escape) {
        view.hand.gesture = None;
        if view.hand.writing.as_ref().is_some_and(Writing::is_long) {
            // More than a name is not thrown away by one key: undo takes it back.
            view.hand.entered = true;
            return;
        }
        view.hand.writing = None;
        view.placing = None;
        view.moved = Moved::default();
    }
}

/// Follows what happened beside the hand: in another document what is under way is given up, and what is no longer there is no
/// longer selected. The same goes for the hand itself once the window has lost the focus, for the release goes elsewhere.
pub(crate) fn keep_up(ui: &Ui, inputs: &Inputs<'_>, view: &mut View) {
    let changed = view.hand.revision.replace(inputs.revision) != Some(inputs.revision);
    if changed {
        // What comes back by undo or redo is selected again, unless something else is meanwhile.
        let before = view.hand.gone.take().filter(|(_, left)| *left == view.selection).map(|(whole, _)| whole);
        let whole = before.unwrap_or_else(|| view.selection.clone());
        view.selection = whole.within(inputs.preset);
        view.hand.gone = (view.selection != whole).then(|| (whole, view.selection.clone()));
    }
    let left = ui.input(|input| input.events.contains(&Event::WindowFocused(false)));
    // To look at another part of it is to change nothing.
    let looks = matches!(view.hand.gesture, Some(Gesture::Pan(..) | Gesture::Marquee(_)));
    if view.hand.gesture.is_some() && (left || changed && !looks) {
        view.hand.gesture = None;
        view.moved = Moved::default();
    }
}

/// Begins to push the drawing about, with the middle button or with the space bar held. Whether that is under way.
pub(super) fn pan(ground: &Ground<'_>, view: &mut View) -> bool {
    let (middle, primary, space) = ground
        .ui
        .input(|input| (input.pointer.middle_down(), input.pointer.primary_down(), input.key_down(Key::Space)));
    let button = if middle { PointerButton::Middle } else { PointerButton::Primary };
    if (middle || primary && space) && view.hand.is_free() && began_here(ground, button) {
        view.hand.panned |= space;
        view.hand.gesture = pressed_at(ground).map(|from| Gesture::Pan(from, button));
    }
    let Some(Gesture::Pan(from, button)) = view.hand.gesture else { return false };
    if let Some(at) = ground.ui.input(|input| input.pointer.latest_pos()) {
        view.camera.pan(at - ground.pos(from));
    }
    if !ground.ui.input(|input| input.pointer.button_down(button)) {
        view.hand.gesture = None;
    }
    true
}

/// Whether this button was pressed in this frame, on the canvas and on nothing that lies above it.
fn began_here(ground: &Ground<'_>, button: PointerButton) -> bool {
    ground.ui.input(|input| input.pointer.button_pressed(button)) && ground.ui.rect_contains_pointer(ground.frame)
}

/// Goes on with the gesture under way, and ends it when the button is released.
pub(super) fn go_on(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let (ui, inputs) = (ground.ui, ground.inputs);
    let Some(at) = ui.input(|input| input.pointer.latest_pos()) else { return };
    let Some(mut gesture) = view.hand.gesture.take() else {
        view.hand.left_edge = false;
        return;
    };
    let modifiers = ui.input(|input| input.modifiers);
    let point = ground.point(at);
    match &mut gesture {
        Gesture::Move(moving) => {
            moving.follow(point, modifiers, view.camera.zoom(), &inputs.preset.marks);
            view.moved = moving.moved();
            replacing::show(ground, moving, point);
        }
        Gesture::Marquee(marquee) => marquee.to = point,
        Gesture::Wire(wire) => wire.follow(inputs, point),
        Gesture::Chip(carried) => carried.follow(inputs, point),
        Gesture::Nudge(_) | Gesture::Connect(_) | Gesture::Pan(..) => {
            view.hand.gesture = Some(gesture);
            return;
        }
    }
    scroll_at_edge(ground, at, view);
    if ui.input(|input| input.pointer.primary_down()) {
        view.hand.gesture = Some(gesture);
        return;
    }
    match gesture {
        Gesture::Move(moving) => {
            view.moved = Moved::default();
            let replaced = replacing::target(inputs, &moving, point);
            let step = replaced.map(|(program, service)| edit::replace_by_program(inputs.preset, service, program));
            actions.extend(step.map(Action::edit).or_else(|| moving.step(inputs).map(Action::Edit)));
        }
        Gesture::Marquee(marquee) => actions.push(Action::Select(marquee.selection(inputs))),
        Gesture::Wire(wire) => let_go(wire, view, actions),
        Gesture::Chip(carried) => carried.let_go(inputs, modifiers.shift, actions),
        Gesture::Nudge(_) | Gesture::Connect(_) | Gesture::Pan(..) => {}
    }
}

/// Lets go of a link's loose end: on a card that it fits to it is linked; a new link in empty space asks what is to be
/// there; else it is as before.
fn let_go(wire: Wire, view: &mut View, actions: &mut Vec<Action>) {
    let new = wire.of.is_none();
    match wire.over {
        Some((_, Ok(step))) if !step.edits.is_empty() => {
            let made = |edit: &Edit| if let Edit::AddLink { link, .. } = edit { Some(link.id()) } else { None };
            let link = step.edits.iter().find_map(made).filter(|_| !new);
            actions.push(Action::Edit(step));
            // It was selected when its end was taken, and is another link now.
            actions.extend(link.map(|link| Action::Select(Selection::item(Item::Link(link)))));
        }
        // Held for long is not dragged.
        None if new && !wire.home && view.camera.zoom() * wire.from.distance(wire.at) > LEAST_DRAG => {
            view.hand.choice = Some(Choice::of(&wire));
        }
        Some(_) | None => {}
    }
}

/// Scrolls while something is held at the canvas's edge, the faster the nearer to it.
fn scroll_at_edge(ground: &Ground<'_>, at: Pos2, view: &mut View) {
    let inner = ground.frame.shrink(EDGE);
    // What begins at the edge is not meant to scroll at once.
    view.hand.left_edge |= inner.contains(at);
    if !view.hand.left_edge && ground.frame.contains(at) {
        return;
    }
    let over = vec2(past(at.x, inner.left(), inner.right()), past(at.y, inner.top(), inner.bottom()));
    if over == Vec2::ZERO {
        return;
    }
    let seconds = ground.ui.input(|input| input.stable_dt).min(0.1);
    view.camera.pan(-over.clamp(Vec2::splat(-EDGE), Vec2::splat(EDGE)) / EDGE * FASTEST * seconds);
    ground.ui.request_repaint();
}

fn past(at: f32, low: f32, high: f32) -> f32 {
    (at - high).max(0.0) - (low - at).max(0.0)
}

/// Where the button was pressed, in the drawing; where the pointer is, if no button is down.
pub(super) fn pressed_at(ground: &Ground<'_>) -> Option<Point> {
    ground.ui.input(|input| input.pointer.press_origin().or(input.pointer.latest_pos())).map(|at| ground.point(at))
}
