//! Moving about on the canvas, by scrolling, and by pinch or ctrl and scroll; and what stands out.

use egui::{Rect, Ui, Vec2};

use crate::control::snapshot::{Holder, UserState};
use crate::scene::draw::Emphasis;
use crate::topology::{NodeId, Slot};
use crate::ui::selection::Selection;
use crate::ui::{Inputs, View};

/// Reads what moves the camera: pinch, the wheel, two fingers.
pub(super) fn zoom(ui: &Ui, frame: Rect, view: &mut View) {
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|at| frame.contains(*at));
    let Some(pointer) = pointer.filter(|_| ui.rect_contains_pointer(frame)) else { return };
    let (zoom, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta()));
    if (zoom - 1.0).abs() > f32::EPSILON {
        view.camera.zoom_by(zoom, pointer, frame);
    } else if scroll != Vec2::ZERO {
        view.camera.pan(scroll);
    }
}

/// What the pointer, or the keyboard's focus, is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pointed {
    /// A replica: who lives here?
    Cell(Slot),
    /// A user: where does this one live?
    User(NodeId, u32),
}

/// What stands out: what is selected, and who lives where the pointer is.
pub(super) fn emphasis(view: &View, inputs: &Inputs<'_>, pointed: Option<Pointed>) -> Emphasis {
    let mut emphasis = Emphasis { hovered: view.hand.hovered.clone(), ..Emphasis::default() };
    match &view.selection {
        Selection::Nothing => {}
        Selection::Items(items) => emphasis.items.clone_from(items),
        Selection::Cell(slot) => emphasis.slot = Some(slot.clone()),
        Selection::User(node, user) => {
            emphasis.users.insert((node.clone(), *user));
        }
        Selection::Request(trace) => {
            emphasis.trace = Some(*trace);
            let request = inputs.picture.follow.request(*trace);
            emphasis.users.extend(request.and_then(|request| request.user.clone()));
        }
    }
    if let Some(items) = view.hand.marked(inputs) {
        emphasis.items = items;
    }
    match pointed {
        None => {}
        Some(Pointed::User(node, user)) => {
            emphasis.users = [(node, user)].into();
        }
        Some(Pointed::Cell(slot)) => {
            let lives_here = |user: &&UserState| match &user.holder {
                Holder::Life(life) => life.slot == slot,
                // Whose session died with it is plain to see already.
                Holder::Dead(_) | Holder::None | Holder::User => false,
            };
            let here = inputs.shown.users.iter().filter(lives_here);
            emphasis.users.extend(here.map(|user| (user.node.clone(), user.user)));
        }
    }
    emphasis
}
