//! Dropping something new: a ghost under the pointer that snaps like everything else, also onto a link that it fits into
//! or into a group's frame. Enter drops it into the middle of the view.

use egui::{CursorIcon, Pos2};

use super::{Ground, ghost, keyboard, moving, overlay};
use crate::scene::snap::{self, Snap};
use crate::scene::{Point, Rect, Size};
use crate::topology::edit::{self, Edit, Item, Step};
use crate::topology::{GroupId, LinkId};
use crate::ui::View;
use crate::ui::action::Action;
use crate::ui::placing::{Piece, Placing};
use crate::ui::selection::Selection;

/// So near, in points of the screen, it snaps.
const REACH: f32 = 7.0;
/// So near a link it is dropped onto it.
const NEAR_LINK: f32 = 26.0;

/// The space that is left above what makes way.
const GAP: f32 = 28.0;

/// Something new under the pointer.
#[derive(Debug)]
pub(super) struct Ghost {
    piece: Piece,
    size: Size,
    /// Where it would be.
    pub(super) rect: Option<Rect>,
    pub(super) snap: Snap,
    /// The link that it would be put into.
    pub(super) link: Option<LinkId>,
    /// The frame that it would be dropped into.
    pub(super) group: Option<GroupId>,
}

/// Reads where it is and whether it is dropped.
pub(super) fn read(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let Some(placing) = view.placing else {
        view.hand.ghost = None;
        return;
    };
    let ghost = view.hand.ghost.take().filter(|ghost| ghost.piece == placing.kind);
    let mut ghost = ghost.unwrap_or_else(|| Ghost::new(ground, placing));
    if view.hand.take_entered() {
        ghost.hold(ground, ground.frame.center(), true);
        ghost.make_way(ground);
        drop_it(ground, &ghost, view, actions);
        if let Some(rect) = &ghost.rect {
            keyboard::reveal(ground, ground.rect(rect), view);
        }
        return;
    }
    let (released, click, alt) =
        ground.ui.input(|input| (input.pointer.primary_released(), input.pointer.any_click(), input.modifiers.alt));
    match ground.pointer() {
        Some(at) => {
            ghost.hold(ground, at, alt);
            ground.ui.set_cursor_icon(CursorIcon::Copy);
            if released {
                drop_it(ground, &ghost, view, actions);
                return;
            }
        }
        // Dragged onto something that is no canvas, it goes back; a click on the palette is no drag.
        None if released && !click => {
            view.placing = None;
            return;
        }
        None => ghost.rect = None,
    }
    view.hand.ghost = Some(ghost);
}

/// Puts something new with its middle at this point, or below what lies there.
pub(super) fn put(ground: &Ground<'_>, piece: Piece, at: Point, view: &mut View, actions: &mut Vec<Action>) {
    let mut ghost = Ghost::new(ground, Placing { kind: piece });
    ghost.hold(ground, ground.pos(at), true);
    let group = ghost.group.clone();
    ghost.make_way(ground);
    // A link that passes near was not aimed at; the frame around it was.
    ghost.group = group;
    drop_it(ground, &ghost, view, actions);
}

impl Ghost {
    fn new(ground: &Ground<'_>, placing: Placing) -> Self {
        let size = ghost::size(ground.inputs.preset, placing.kind);
        Self { piece: placing.kind, size, rect: None, snap: Snap::default(), link: None, group: None }
    }

    /// Holds it with its middle there.
    fn hold(&mut self, ground: &Ground<'_>, at: Pos2, free: bool) {
        let (inputs, zoom) = (ground.inputs, ground.camera.zoom());
        let middle = ground.point(at);
        let rect = Rect::new(middle.x - self.size.w / 2.0, middle.y - self.size.h / 2.0, self.size.w, self.size.h);
        self.link = self.kind().and_then(|kind| {
            let link = inputs.stage.link_near(middle, NEAR_LINK / zoom)?.clone();
            edit::fits_on(inputs.preset, &link).contains(&kind).then_some(link)
        });
        let reach = if free { -1.0 } else { REACH / zoom };
        let seen = ground.seen();
        let others: Vec<Rect> = inputs.stage.cards_in(seen).map(|card| card.rect).collect();
        self.snap = snap::snap(&rect, &others, Point::new(reach, reach));
        self.rect = Some(rect.moved(self.snap.by));
        self.group = inputs.stage.group_at(middle).cloned();
    }

    /// Goes down until it lies on nothing: nobody aimed at what is there.
    fn make_way(&mut self, ground: &Ground<'_>) {
        (self.link, self.group) = (None, None);
        let Some(rect) = &mut self.rect else { return };
        let stage = ground.inputs.stage;
        let notes = || stage.notes.iter().map(|(_, sheet)| *sheet);
        // Each pass leaves one behind.
        for _ in 0..stage.cards.len() + stage.notes.len() {
            let taken = stage.cards_in(*rect).map(|card| card.rect).chain(notes().filter(|sheet| sheet.meets(rect)));
            let Some(bottom) = taken.map(|taken| taken.bottom()).reduce(f32::max) else { break };
            rect.min.y = bottom + GAP;
        }
    }

    fn kind(&self) -> Option<crate::topology::RoleKind> {
        if let Piece::Node(kind) = self.piece { Some(ghost::role_kind(kind)) } else { None }
    }

    /// What is made, and the step that makes it.
    fn step(&self, ground: &Ground<'_>) -> Option<Result<(Item, Step), crate::topology::Problem>> {
        let (preset, at) = (ground.inputs.preset, self.rect?.min);
        let at = [at.x, at.y];
        Some(match (self.kind(), &self.link) {
            (None, _) => {
                let (note, step) = edit::add_note(preset, at, ghost::NOTE);
                Ok((Item::Note(note), step))
            }
            (Some(kind), Some(link)) => {
                edit::insert_on_link(preset, link, kind, at).map(|(node, step)| (Item::Node(node), step))
            }
            (Some(kind), None) => {
                let (node, step) = edit::add_node(preset, kind, at);
                Ok((Item::Node(node), step))
            }
        })
    }
}

fn drop_it(ground: &Ground<'_>, ghost: &Ghost, view: &mut View, actions: &mut Vec<Action>) {
    view.placing = None;
    view.camera.hold();
    match ghost.step(ground) {
        Some(Ok((item, mut step))) => {
            if let (Item::Node(node), Some(group)) = (&item, &ghost.group) {
                let mut marks = ground.inputs.preset.marks.clone();
                for group in marks.groups.iter_mut().filter(|other| other.id == *group) {
                    group.nodes.insert(node.clone());
                }
                step.edits.push(Edit::SetMarks(marks));
            }
            if matches!(item, Item::Note(_)) {
                view.renaming = Some(item.clone());
            }
            actions.push(Action::Edit(moving::settled(ground.inputs, step)));
            actions.push(Action::Select(Selection::item(item)));
        }
        Some(Err(problem)) => actions.push(Action::Refused(problem)),
        None => {}
    }
}

/// Paints the ghost, and what it would be dropped into.
pub(super) fn paint(ground: &Ground<'_>, ghost: &Ghost) {
    let Some(rect) = &ghost.rect else { return };
    if let Some(link) = &ghost.link {
        overlay::link(ground, link);
    } else if let Some(frame) = ghost.group.as_ref().and_then(|id| overlay::place(ground, &Item::Group(id.clone()))) {
        overlay::target(ground, frame);
    }
    let name = match ghost.kind() {
        Some(kind) => kind.name(),
        None => "note",
    };
    overlay::ghost(ground, ground.rect(rect), name);
    overlay::guides(ground, &ghost.snap.guides);
}
