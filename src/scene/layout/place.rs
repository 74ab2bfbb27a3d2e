//! Where cards stand: where the preset says, else in the column that their links ask for, and never on each other.

use std::collections::BTreeMap;

use crate::scene::geometry::{Point, Size};
use crate::topology::{NodeId, Preset};

use super::Card;

/// The space between cards that are moved apart sideways, for links to be seen.
const CARD_GAP: f32 = 92.0;
/// Cards nearer to each other than this, sideways and upright, are moved apart.
const LEAST_GAP: Size = Size { w: 72.0, h: 24.0 };
/// Cards whose left edges are nearer than this stand in one column.
const SAME_COLUMN: f32 = 40.0;

/// Puts the cards where the preset says. What it does not place stands in the column that its links ask for, and cards
/// that would cover each other are moved right until they do not.
pub(super) fn place(preset: &Preset, cards: &mut [Card]) {
    let depth = depths(preset);
    let tallest = cards.iter().map(|card| card.rect.size.h).fold(0.0, f32::max);
    for card in cards.iter_mut() {
        card.rect.min = match preset.layout.get(&card.node) {
            Some([x, y]) => Point::new(*x, *y),
            None => {
                let column = depth.get(&card.node).copied().unwrap_or(0);
                Point::new(column as f32 * 420.0, (tallest - card.rect.size.h) / 2.0)
            }
        };
    }
    let wished: Vec<Point> = cards.iter().map(|card| card.rect.min).collect();
    let mut order: Vec<usize> = (0..cards.len()).collect();
    order.sort_by(|&a, &b| wished[a].x.total_cmp(&wished[b].x).then(wished[a].y.total_cmp(&wished[b].y)));
    let mut crowded = false;
    for at in 0..order.len() {
        // Each pass clears one neighbour, so as many passes as neighbours are enough.
        for _ in 0..at {
            let rect = cards[order[at]].rect;
            let near = order[..at].iter().find(|&&other| rect.closer_than(&cards[other].rect, LEAST_GAP));
            let Some(&other) = near else { break };
            crowded = true;
            let neighbour = cards[other].rect;
            if (wished[order[at]].x - wished[other].x).abs() < SAME_COLUMN {
                cards[order[at]].rect.min.y = neighbour.bottom() + 2.0 * LEAST_GAP.h;
            } else {
                cards[order[at]].rect.min.x = neighbour.right() + CARD_GAP;
            }
        }
    }
    if crowded {
        centre_rows(&wished, cards);
    }
}

/// Brings cards that a preset puts at one height to one middle.
fn centre_rows(wished: &[Point], cards: &mut [Card]) {
    for at in 0..cards.len() {
        let row = |other: usize| (wished[other].y - wished[at].y).abs() < 1.0;
        let tallest =
            (0..cards.len()).filter(|&other| row(other)).map(|other| cards[other].rect.size.h).fold(0.0, f32::max);
        if (cards[at].rect.min.y - wished[at].y).abs() < 1.0 {
            cards[at].rect.min.y += (tallest - cards[at].rect.size.h) / 2.0;
        }
    }
}

/// How many links lie between a node and the nearest that nobody sends to. Cycles end where they began.
fn depths(preset: &Preset) -> BTreeMap<NodeId, usize> {
    let mut depths: BTreeMap<NodeId, usize> = BTreeMap::new();
    let links: Vec<_> = preset.topology.links().collect();
    let nodes: Vec<_> = preset.topology.nodes().map(|node| node.id.clone()).collect();
    for node in &nodes {
        depths.insert(node.clone(), 0);
    }
    for _ in 0..nodes.len() {
        for link in &links {
            let next = depths.get(&link.from).copied().unwrap_or(0) + 1;
            if next < nodes.len()
                && let Some(depth) = depths.get_mut(&link.to)
            {
                *depth = (*depth).max(next);
            }
        }
    }
    depths
}
