//! Aligning and distributing: arithmetic on rectangles, and the step that comes of it.

use std::collections::BTreeMap;

use super::{Item, Step, place_items};
use crate::topology::Preset;

/// Where something is drawn, in points.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rectangle {
    /// The upper left corner.
    pub at: [f32; 2],
    /// Width and height.
    pub size: [f32; 2],
}

impl Rectangle {
    /// The right or lower edge.
    fn end(&self, axis: usize) -> f32 {
        self.at[axis] + self.size[axis]
    }

    /// The middle.
    pub fn centre(&self) -> [f32; 2] {
        [self.at[0] + self.size[0] / 2.0, self.at[1] + self.size[1] / 2.0]
    }

    /// Whether a point is in it or on its edge.
    pub fn contains(&self, point: [f32; 2]) -> bool {
        (0..2).all(|axis| point[axis] >= self.at[axis] && point[axis] <= self.end(axis))
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn around(&self, other: &Self) -> Self {
        let at = [self.at[0].min(other.at[0]), self.at[1].min(other.at[1])];
        let end = [self.end(0).max(other.end(0)), self.end(1).max(other.end(1))];
        Self { at, size: [end[0] - at[0], end[1] - at[1]] }
    }
}

/// What is brought to one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Left edges.
    Left,
    /// Middles, sideways.
    Centre,
    /// Right edges.
    Right,
    /// Upper edges.
    Top,
    /// Middles, upright.
    Middle,
    /// Lower edges.
    Bottom,
}

impl Edge {
    /// Every edge, in the order in which menus show them.
    pub const ALL: [Self; 6] = [Self::Left, Self::Centre, Self::Right, Self::Top, Self::Middle, Self::Bottom];

    /// The word for it, as in "align left".
    pub const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Centre => "centre",
            Self::Right => "right",
            Self::Top => "top",
            Self::Middle => "middle",
            Self::Bottom => "bottom",
        }
    }

    /// The axis that it moves things along, and the share of their size that lies before it.
    const fn line(self) -> (usize, f32) {
        match self {
            Self::Left => (0, 0.0),
            Self::Centre => (0, 0.5),
            Self::Right => (0, 1.0),
            Self::Top => (1, 0.0),
            Self::Middle => (1, 0.5),
            Self::Bottom => (1, 1.0),
        }
    }
}

/// A direction in which things are distributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Sideways.
    Across,
    /// Upright.
    Down,
}

impl Axis {
    /// The words for it, as in "distribute across".
    pub const fn name(self) -> &'static str {
        match self {
            Self::Across => "across",
            Self::Down => "down",
        }
    }
}

/// The step that brings this edge of all rectangles to that of the rectangle around them.
pub fn align(preset: &Preset, rectangles: &BTreeMap<Item, Rectangle>, edge: Edge) -> Step {
    let (axis, share) = edge.line();
    let label = format!("align {}", edge.name());
    let Some(all) = rectangles.values().copied().reduce(|all, next| all.around(&next)) else {
        return Step::new(label, Vec::new());
    };
    let line = all.at[axis] + share * all.size[axis];
    let place = |(item, rectangle): (&Item, &Rectangle)| {
        let mut at = rectangle.at;
        at[axis] = line - share * rectangle.size[axis];
        (item.clone(), at)
    };
    place_items(preset, label, &rectangles.iter().map(place).collect())
}

/// The step that makes the gaps between neighbours equal; the first and the last stay. Where there is too little room,
/// neighbours overlap equally.
pub fn distribute(preset: &Preset, rectangles: &BTreeMap<Item, Rectangle>, axis: Axis) -> Step {
    let label = format!("distribute {}", axis.name());
    let axis = axis as usize;
    let mut order: Vec<(&Item, &Rectangle)> = rectangles.iter().collect();
    order.sort_by(|a, b| a.1.centre()[axis].total_cmp(&b.1.centre()[axis]).then(a.0.cmp(b.0)));
    let (Some(first), Some(last), true) = (order.first(), order.last(), order.len() > 2) else {
        return Step::new(label, Vec::new());
    };
    let filled: f32 = order.iter().map(|(_, rectangle)| rectangle.size[axis]).sum();
    let gap = (last.1.end(axis) - first.1.at[axis] - filled) / (order.len() - 1) as f32;
    let mut next = first.1.at[axis];
    let mut places = BTreeMap::new();
    for (item, rectangle) in order {
        let mut at = rectangle.at;
        at[axis] = next;
        next += rectangle.size[axis] + gap;
        places.insert(item.clone(), at);
    }
    place_items(preset, label, &places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::edit::{Edit, History, add_node};
    use crate::topology::{NodeId, RoleKind};

    /// Three nodes of widths 100, 50 and 200.
    fn three() -> (Preset, BTreeMap<Item, Rectangle>) {
        let mut preset = Preset::default();
        let mut rectangles = BTreeMap::new();
        for (at, width) in [([0.0, 0.0], 100.0), ([130.0, 40.0], 50.0), ([400.0, 10.0], 200.0)] {
            let (id, step) = add_node(&preset, RoleKind::Gateway, at);
            History::default().apply(&mut preset, step).unwrap();
            rectangles.insert(Item::Node(id), Rectangle { at, size: [width, 20.0] });
        }
        (preset, rectangles)
    }

    fn places(step: &Step) -> Vec<(String, [f32; 2])> {
        let place = |edit: &Edit| {
            let Edit::Move { node, to: Some(at) } = edit else { panic!("{edit:?}") };
            (NodeId::to_string(node), *at)
        };
        step.edits.iter().map(place).collect()
    }

    #[test]
    fn every_edge_is_brought_to_the_outermost() {
        let (preset, rectangles) = three();
        let aligned = |edge| places(&align(&preset, &rectangles, edge));
        assert_eq!(aligned(Edge::Left), [("gateway-2".into(), [0.0, 40.0]), ("gateway-3".into(), [0.0, 10.0])]);
        assert_eq!(aligned(Edge::Right), [("gateway".into(), [500.0, 0.0]), ("gateway-2".into(), [550.0, 40.0])]);
        assert_eq!(aligned(Edge::Middle)[0], ("gateway".into(), [0.0, 20.0]));
        assert_eq!(align(&preset, &BTreeMap::new(), Edge::Top).edits, []);
    }

    #[test]
    fn gaps_become_equal_and_the_outermost_stay() {
        let (preset, rectangles) = three();
        // 600 points, 350 of them filled: two gaps of 125.
        assert_eq!(places(&distribute(&preset, &rectangles, Axis::Across)), [("gateway-2".into(), [225.0, 40.0])]);
    }
}
