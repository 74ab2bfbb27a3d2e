//! Automatic layout: layers from left to right, as requests go. Pure and deterministic; it may take a while for a large
//! drawing, so the app asks for it off the window's thread.
//!
//! A group is laid out by itself and then takes part as one block, so that no card of another lies in its frame. Pinned
//! nodes stay exactly where they are: the drawing is moved to fit them, and what would cover them makes way. A group with
//! pinned nodes is laid out around these and then stays as a whole, for its frame goes with its cards.

mod layers;
mod pack;
mod rank;

use std::collections::{BTreeMap, BTreeSet};

use super::geometry::{Point, Rect, Size};
use crate::topology::{NodeId, Preset};

/// The least room between cards: sideways for links and what is written on them, upright for the eye.
const GAP: Size = Size { w: 112.0, h: 44.0 };
/// The room between a group's frame and its cards.
const FRAME: f32 = 28.0;
/// The room for a group's title, above its cards.
const TITLE: f32 = 44.0;
/// A card whose size nobody knows.
const USUAL: Size = Size { w: 230.0, h: 120.0 };

/// What is laid out as one: a card, or the cards of a group.
struct Block<'a> {
    /// Its cards, relative to its upper left corner.
    cards: Vec<(&'a NodeId, Point)>,
    size: Size,
    /// Where it must be.
    pinned: Option<Point>,
}

/// A place for every node, its upper left corner in whole points. Pinned nodes keep the place that the preset says; one
/// without a place is laid out as any other. `sizes` says how large cards are.
pub fn layered(preset: &Preset, sizes: &BTreeMap<NodeId, Size>) -> BTreeMap<NodeId, [f32; 2]> {
    let blocks = blocks(preset, sizes);
    let mut at = place(&blocks, &links(preset, &blocks));
    if blocks.iter().any(|block| block.pinned.is_some()) {
        let fixed: Vec<Option<Point>> = blocks.iter().map(|block| block.pinned).collect();
        let sizes: Vec<Size> = blocks.iter().map(|block| block.size).collect();
        pack::make_way(&mut at, &sizes, &fixed, &[], GAP);
    }
    let mut places = BTreeMap::new();
    for (block, at) in blocks.iter().zip(at) {
        for (node, inside) in &block.cards {
            // A pinned place is kept to the last digit.
            let rounded = [(at.x + inside.x).round(), (at.y + inside.y).round()];
            let place = pinned(preset, node).map_or(rounded, |pinned| [pinned.x, pinned.y]);
            places.insert((*node).clone(), place);
        }
    }
    places
}

/// Where a node must stay.
fn pinned(preset: &Preset, id: &NodeId) -> Option<Point> {
    preset.layout.get(id).filter(|_| preset.marks.pinned.contains(id)).map(|&[x, y]| Point::new(x, y))
}

/// The blocks: nodes without a group alone, then the rest by group.
fn blocks<'a>(preset: &'a Preset, sizes: &BTreeMap<NodeId, Size>) -> Vec<Block<'a>> {
    let size = |id: &NodeId| sizes.get(id).copied().unwrap_or(USUAL);
    let mut group_of: BTreeMap<&NodeId, usize> = BTreeMap::new();
    for (index, group) in preset.marks.groups.iter().enumerate() {
        for node in &group.nodes {
            group_of.entry(node).or_insert(index);
        }
    }
    let mut members: BTreeMap<usize, Vec<&NodeId>> = BTreeMap::new();
    let mut blocks = Vec::new();
    for node in preset.topology.nodes() {
        let Some(&group) = group_of.get(&node.id) else {
            let pinned = pinned(preset, &node.id);
            blocks.push(Block { cards: vec![(&node.id, Point::default())], size: size(&node.id), pinned });
            continue;
        };
        members.entry(group).or_default().push(&node.id);
    }
    // What is in the way of a group that cannot go elsewhere: pinned cards, and the groups before it that stay too.
    let stays = |id: &NodeId| Some((id.clone(), Rect { min: pinned(preset, id)?, size: size(id) }));
    let cards: Vec<(NodeId, Rect)> = preset.topology.nodes().filter_map(|node| stays(&node.id)).collect();
    let mut frames: Vec<Rect> = Vec::new();
    for nodes in members.into_values() {
        let strangers = cards.iter().filter(|(id, _)| !nodes.contains(&id)).map(|(_, rect)| *rect);
        let obstacles: Vec<Rect> = strangers.chain(frames.iter().copied()).collect();
        let block = group_block(preset, nodes, &obstacles, size);
        frames.extend(block.pinned.map(|min| Rect { min, size: block.size }));
        blocks.push(block);
    }
    blocks
}

/// A group's cards, laid out by themselves, with room for the frame. Where some are pinned, the others stand around these
/// and clear of the obstacles, and the whole is where it must be.
fn group_block<'a>(
    preset: &Preset,
    nodes: Vec<&'a NodeId>,
    obstacles: &[Rect],
    size: impl Fn(&NodeId) -> Size,
) -> Block<'a> {
    let alone =
        |id: &&'a NodeId| Block { cards: vec![(*id, Point::default())], size: size(id), pinned: pinned(preset, id) };
    let cards: Vec<Block<'a>> = nodes.iter().map(alone).collect();
    let mut at = place(&cards, &links(preset, &cards));
    let stays = cards.iter().any(|card| card.pinned.is_some());
    if stays {
        let fixed: Vec<Option<Point>> = cards.iter().map(|card| card.pinned).collect();
        let sizes: Vec<Size> = cards.iter().map(|card| card.size).collect();
        pack::make_way(&mut at, &sizes, &fixed, obstacles, GAP);
    }
    let rects = cards.iter().zip(&at).map(|(card, &min)| Rect { min, size: card.size });
    let around = rects.reduce(|all, next| all.union(&next)).unwrap_or_default();
    let corner = Point::new(around.min.x - FRAME, around.min.y - TITLE);
    Block {
        cards: nodes.into_iter().zip(at.into_iter().map(|at| at.minus(corner))).collect(),
        size: Size { w: around.size.w + 2.0 * FRAME, h: around.size.h + TITLE + FRAME },
        pinned: stays.then_some(corner),
    }
}

/// The links between blocks, by index, each once.
fn links(preset: &Preset, blocks: &[Block<'_>]) -> Vec<(usize, usize)> {
    let cards =
        blocks.iter().enumerate().flat_map(|(index, block)| block.cards.iter().map(move |(id, _)| (*id, index)));
    let block_of: BTreeMap<&NodeId, usize> = cards.collect();
    let mut seen = BTreeSet::new();
    let ends = preset.topology.links().filter_map(|link| Some((*block_of.get(&link.from)?, *block_of.get(&link.to)?)));
    ends.filter(|(from, to)| from != to).filter(|ends| seen.insert(*ends)).collect()
}

/// A place for each block: each connected part in layers, the parts beside and below each other.
fn place(blocks: &[Block<'_>], links: &[(usize, usize)]) -> Vec<Point> {
    let mut at = vec![Point::default(); blocks.len()];
    let parts = rank::parts(blocks.len(), links);
    // For each block its part, and its number there.
    let mut own = vec![(0, 0); blocks.len()];
    for (index, part) in parts.iter().enumerate() {
        part.iter().enumerate().for_each(|(inner, &block)| own[block] = (index, inner));
    }
    let mut inner_links = vec![Vec::new(); parts.len()];
    for &(from, to) in links {
        inner_links[own[from].0].push((own[from].1, own[to].1));
    }
    let mut areas = Vec::new();
    for (part, links) in parts.iter().zip(&inner_links) {
        let sizes: Vec<Size> = part.iter().map(|&block| blocks[block].size).collect();
        let places = layers::lay_out(&sizes, links);
        let mut area = Rect::default();
        for ((&block, place), size) in part.iter().zip(places).zip(&sizes) {
            at[block] = place;
            area = area.union(&Rect { min: place, size: *size });
        }
        areas.push(area.size);
    }
    for (part, corner) in parts.iter().zip(pack::shelves(&areas, GAP)) {
        for &block in part {
            at[block] = Point::new(at[block].x + corner.x, at[block].y + corner.y);
        }
    }
    at
}

#[cfg(test)]
mod tests;
