//! Moving what is selected: groups with all that is in them, snapping to what stays, into frames and out of them.

use std::collections::{BTreeMap, BTreeSet};

use egui::Modifiers;

use crate::scene::snap::{self, Snap};
use crate::scene::{Moved, Point, Rect};
use crate::topology::edit::{self, Edit, Item, Step};
use crate::topology::{GroupId, Marks, NodeId, NoteId};
use crate::ui::Inputs;
use crate::ui::action::Action;

/// So near, in points of the screen, things snap.
const REACH: f32 = 7.0;

/// Things on their way, from where they were.
#[derive(Debug)]
pub(super) struct Move {
    /// Where they were taken hold of.
    from: Point,
    /// How far they have come.
    by: Point,
    nodes: BTreeMap<NodeId, Point>,
    notes: BTreeMap<NoteId, Point>,
    /// The frame around all of them, at first.
    bounds: Rect,
    /// What stays, to snap to.
    still: Vec<Rect>,
    /// The nodes that do not move because their group is selected.
    loose: BTreeSet<NodeId>,
    /// The groups that move as a whole; what is in them leaves them only for another.
    whole: BTreeSet<GroupId>,
    /// The frames that they can be dropped into, as they were at first.
    frames: Vec<(GroupId, Rect)>,
    /// Which of them they are over.
    pub(super) into: Option<GroupId>,
    /// The nodes that would leave their group here.
    leaving: BTreeSet<NodeId>,
    /// What they snapped to.
    pub(super) snap: Snap,
}

impl Move {
    /// Takes hold of these items at a point. `None` when nothing of them can be moved.
    pub(super) fn begin<'a>(
        inputs: &Inputs<'_>,
        items: impl IntoIterator<Item = &'a Item>,
        from: Point,
        seen: &Rect,
    ) -> Option<Self> {
        let held = Held::of(inputs, items);
        let stage = inputs.stage;
        let (moving, still): (Vec<_>, Vec<_>) = stage.cards.iter().partition(|card| held.nodes.contains(&card.node));
        let (moving_notes, still_notes): (Vec<_>, Vec<_>) =
            stage.notes.iter().partition(|(id, _)| held.notes.contains(id));
        let rects = moving.iter().map(|card| card.rect).chain(moving_notes.iter().map(|(_, rect)| *rect));
        let bounds = rects.reduce(|sum, rect| sum.union(&rect))?;
        // What is out of sight is nothing to line up with.
        let still = still.into_iter().map(|card| card.rect).chain(still_notes.into_iter().map(|(_, rect)| *rect));
        let frames = inputs.stage.groups.iter().filter(|(id, ..)| !held.groups.contains(id));
        Some(Self {
            from,
            by: Point::default(),
            bounds,
            still: still.filter(|rect| rect.meets(seen)).collect(),
            nodes: moving.into_iter().map(|card| (card.node.clone(), card.rect.min)).collect(),
            notes: moving_notes.into_iter().map(|(id, rect)| (id.clone(), rect.min)).collect(),
            frames: frames.map(|(id, frame, _)| (id.clone(), *frame)).collect(),
            loose: held.loose,
            whole: held.groups,
            into: None,
            leaving: BTreeSet::new(),
            snap: Snap::default(),
        })
    }

    /// Goes where the pointer is: snapping unless Alt is held, along one axis while Shift is.
    pub(super) fn follow(&mut self, to: Point, modifiers: Modifiers, zoom: f32, marks: &Marks) {
        let mut by = to.minus(self.from);
        let upright = by.y.abs() > by.x.abs();
        if modifiers.shift {
            by = if upright { Point::new(0.0, by.y) } else { Point::new(by.x, 0.0) };
        }
        self.snap = Snap::default();
        if !modifiers.alt {
            let near = REACH / zoom.max(f32::EPSILON);
            let reach = |held: bool| if held { -1.0 } else { near };
            let reach = Point::new(reach(modifiers.shift && upright), reach(modifiers.shift && !upright));
            self.snap = snap::snap(&self.bounds.moved(by), &self.still, reach);
            by = by.plus(self.snap.by);
        }
        self.by = by;
        let under = self.frames.iter().filter(|(_, frame)| frame.contains(to));
        let smallest = under.min_by(|(_, a), (_, b)| (a.size.w * a.size.h).total_cmp(&(b.size.w * b.size.h)));
        self.into = smallest.map(|(id, _)| id.clone()).filter(|_| !self.loose.is_empty());
        let left = marks.groups.iter().filter(|group| self.is_left(&group.id));
        let left = left.flat_map(|group| group.nodes.intersection(&self.loose));
        self.leaving = left.cloned().collect();
    }

    /// Whether what is loose would not be in this group any more.
    fn is_left(&self, group: &GroupId) -> bool {
        self.into.as_ref() != Some(group) && (self.into.is_some() || !self.whole.contains(group))
    }

    /// The one node that is moved by itself, if it is only one.
    pub(super) fn only_node(&self) -> Option<&NodeId> {
        let mut nodes = self.nodes.keys();
        nodes.next().filter(|_| nodes.next().is_none() && self.notes.is_empty() && self.whole.is_empty())
    }

    /// Goes this much further, by keys.
    pub(super) fn push(&mut self, by: Point) {
        self.by = self.by.plus(by);
    }

    /// Where everything is now.
    pub(super) fn moved(&self) -> Moved {
        Moved {
            nodes: self.nodes.iter().map(|(id, at)| (id.clone(), at.plus(self.by))).collect(),
            notes: self.notes.iter().map(|(id, at)| (id.clone(), at.plus(self.by))).collect(),
            leaving: self.leaving.clone(),
        }
    }

    /// The step that leaves everything where it is now, and makes what was dropped into a frame, or out of it, a member
    /// of that group or of none. `None` when that changes nothing.
    pub(super) fn step(&self, inputs: &Inputs<'_>) -> Option<Step> {
        self.with_marks(inputs, true)
    }

    /// The same, but everything stays in its group.
    pub(super) fn step_in_groups(&self, inputs: &Inputs<'_>) -> Option<Step> {
        self.with_marks(inputs, false)
    }

    fn with_marks(&self, inputs: &Inputs<'_>, regroup: bool) -> Option<Step> {
        if self.by == Point::default() {
            return None;
        }
        let moved = self.moved();
        let drawn = inputs.stage.cards.iter().map(|card| (Item::Node(card.node.clone()), card.rect.min));
        let nodes = moved.nodes.into_iter().map(|(id, at)| (Item::Node(id), at));
        let notes = moved.notes.into_iter().map(|(id, at)| (Item::Note(id), at));
        // What was not moved stays where it is drawn, and that may not be in the document yet.
        let places = drawn.chain(nodes).chain(notes).map(|(item, at)| (item, [at.x, at.y])).collect();
        let mut step = edit::place_items(inputs.preset, self.label(), &places);
        let marks_of = |edit: &Edit| if let Edit::SetMarks(marks) = edit { Some(marks.clone()) } else { None };
        let mut marks = step.edits.iter().find_map(marks_of).unwrap_or_else(|| inputs.preset.marks.clone());
        if regroup {
            let is_there = |node: &&NodeId| inputs.preset.topology.node(node).is_some();
            for group in &mut marks.groups {
                if self.into.as_ref() == Some(&group.id) {
                    group.nodes.extend(self.loose.iter().filter(is_there).cloned());
                } else if self.is_left(&group.id) {
                    group.nodes.retain(|node| !self.loose.contains(node));
                }
            }
            // A frame around nothing is not drawn, and could not be found again.
            marks.groups.retain(|group| !group.nodes.is_empty());
        }
        step.edits.retain(|edit| !matches!(edit, Edit::SetMarks(_)));
        if marks != inputs.preset.marks {
            step.edits.push(Edit::SetMarks(marks));
        }
        (!step.edits.is_empty()).then_some(step)
    }

    /// What the step is called.
    fn label(&self) -> String {
        match (self.nodes.len(), self.notes.len()) {
            (1, 0) => self.nodes.keys().map(|id| format!("move {id}")).collect(),
            (0, 1) => "move a note".to_owned(),
            (nodes, notes) => format!("move {} things", nodes + notes),
        }
    }
}

/// Has every step that adds or takes away nodes or links leave cards where they are.
pub(super) fn settle(inputs: &Inputs<'_>, actions: &mut [Action]) {
    let is_new_shape = |edit: &Edit| {
        matches!(edit, Edit::AddNode { .. } | Edit::RemoveNode(_) | Edit::AddLink { .. } | Edit::RemoveLink(_))
    };
    for action in actions {
        if let Action::Edit(step) = action
            && step.edits.iter().any(is_new_shape)
        {
            *step = settled(inputs, std::mem::replace(step, Step::new("", Vec::new())));
        }
    }
}

/// Has a step put every card down where it is drawn, which may not be in the document yet: what makes way for something
/// new is then that alone. What the step moves itself is left to it.
pub(crate) fn settled(inputs: &Inputs<'_>, mut step: Step) -> Step {
    let moved: BTreeSet<&NodeId> = step
        .edits
        .iter()
        .filter_map(|edit| if let Edit::Move { node, .. } = edit { Some(node) } else { None })
        .collect();
    let drawn = inputs.stage.cards.iter().filter(|card| !moved.contains(&card.node));
    // A place between two whole points is a place.
    let is_placed = |node: &NodeId, at: Point| {
        let placed = inputs.preset.layout.get(node);
        placed.is_some_and(|[x, y]| (x - at.x).abs() < 1.0 && (y - at.y).abs() < 1.0)
    };
    let loose = drawn.filter(|card| !is_placed(&card.node, card.rect.min));
    let places = loose.map(|card| (Item::Node(card.node.clone()), [card.rect.min.x, card.rect.min.y])).collect();
    let mut edits = edit::place_items(inputs.preset, "", &places).edits;
    edits.append(&mut step.edits);
    Step { edits, ..step }
}

/// What moves when some items are taken hold of.
#[derive(Default)]
struct Held {
    nodes: BTreeSet<NodeId>,
    loose: BTreeSet<NodeId>,
    notes: BTreeSet<NoteId>,
    groups: BTreeSet<GroupId>,
}

impl Held {
    fn of<'a>(inputs: &Inputs<'_>, items: impl IntoIterator<Item = &'a Item>) -> Self {
        let mut held = Self::default();
        for item in items {
            match item {
                Item::Node(id) => held.nodes.extend([id.clone()]),
                Item::Note(id) => held.notes.extend([id.clone()]),
                Item::Group(id) => held.groups.extend([id.clone()]),
                Item::Link(_) => {}
            }
        }
        let mut members = BTreeSet::new();
        for (id, frame, _) in &inputs.stage.groups {
            let Some(group) = inputs.preset.marks.group(id) else { continue };
            let selected = held.groups.contains(id);
            if selected {
                members.extend(group.nodes.iter().cloned());
            }
            // A group all of whose nodes are selected moves as a whole, too.
            if selected || group.nodes.is_subset(&held.nodes) {
                held.groups.insert(id.clone());
                let notes = inputs.stage.notes.iter();
                held.notes.extend(notes.filter(|(_, note)| frame.covers(note)).map(|(id, _)| id.clone()));
            }
        }
        held.loose = held.nodes.difference(&members).cloned().collect();
        held.nodes.extend(members);
        held
    }
}
