//! Laws of automatic layout, over many random drawings.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::*;
use crate::topology::{Group, Link, Node, RoleKind, Topology, builtin, format};

/// A drawing of this many services, each linked to some others; forwards only, unless cyclic.
fn random(seed: u64, nodes: usize, links: usize, cyclic: bool) -> (Preset, BTreeMap<NodeId, Size>) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut below = |most: usize| random.next_u32() as usize % most.max(1);
    let id = |index: usize| -> NodeId { format!("n{index}").parse().unwrap() };
    let all = (0..nodes).map(|index| Node { id: id(index), role: RoleKind::Service.role() }).collect();
    let mut ends = Vec::new();
    for _ in 0..links {
        let (a, b) = (below(nodes), below(nodes));
        ends.push(if cyclic { (a, b) } else { (a.min(b), a.max(b)) });
    }
    ends.retain(|(from, to)| from != to);
    let links = ends.into_iter().map(|(from, to)| Link { from: id(from), to: id(to) }).collect();
    let size = |index: usize| (id(index), Size { w: 150.0 + below(200) as f32, h: 60.0 + below(400) as f32 });
    let sizes = (0..nodes).map(size).collect();
    (Preset { topology: Topology::new(Vec::new(), all, links).0, ..Preset::default() }, sizes)
}

fn rects(places: &BTreeMap<NodeId, [f32; 2]>, sizes: &BTreeMap<NodeId, Size>) -> Vec<(NodeId, Rect)> {
    let rect = |(id, &[x, y]): (&NodeId, &[f32; 2])| (id.clone(), Rect { min: Point::new(x, y), size: sizes[id] });
    places.iter().map(rect).collect()
}

fn assert_apart(rects: &[(NodeId, Rect)], told: &str) {
    for (at, (id, rect)) in rects.iter().enumerate() {
        for (other, known) in &rects[..at] {
            assert!(
                !rect.closer_than(known, Size { w: 20.0, h: 20.0 }),
                "{told}: {id} {rect:?} covers {other} {known:?}"
            );
        }
    }
}

fn assert_rightwards(preset: &Preset, rects: &[(NodeId, Rect)], told: &str) {
    let by_id: BTreeMap<&NodeId, &Rect> = rects.iter().map(|(id, rect)| (id, rect)).collect();
    for link in preset.topology.links() {
        let (from, to) = (by_id[&link.from], by_id[&link.to]);
        assert!(from.right() < to.min.x, "{told}: {} goes back, {from:?} to {to:?}", link.id());
    }
}

#[test]
fn no_two_cards_overlap_and_links_go_rightwards() {
    for seed in 0..120 {
        let nodes = 1 + seed as usize % 40;
        for links in [nodes / 2, nodes, 2 * nodes, 4 * nodes] {
            let (preset, sizes) = random(seed, nodes, links, false);
            let places = layered(&preset, &sizes);
            assert_eq!(places.len(), nodes);
            let told = format!("seed {seed}, {nodes} nodes, {links} links");
            assert_apart(&rects(&places, &sizes), &told);
            assert_rightwards(&preset, &rects(&places, &sizes), &told);
            assert_eq!(layered(&preset, &sizes), places, "{told}: twice the same");
        }
    }
}

#[test]
fn cycles_do_no_harm() {
    for seed in 0..60 {
        let (preset, sizes) = random(seed, 20, 60, true);
        assert_apart(&rects(&layered(&preset, &sizes), &sizes), &format!("seed {seed}"));
    }
}

#[test]
fn large_drawings_and_long_chains_are_laid_out_too() {
    let (wide, sizes) = random(1, 3000, 6000, false);
    let places = layered(&wide, &sizes);
    assert_rightwards(&wide, &rects(&places, &sizes), "3000 nodes");
    let (mut chain, sizes) = random(2, 600, 900, false);
    for index in 1..600 {
        let id = |index: usize| -> NodeId { format!("n{index}").parse().unwrap() };
        // Some are there already.
        let _ = chain.topology.add_link(Link { from: id(index - 1), to: id(index) });
    }
    let places = layered(&chain, &sizes);
    assert_rightwards(&chain, &rects(&places, &sizes), "a chain of 600");
    assert_apart(&rects(&places, &sizes), "a chain of 600");
}

#[test]
fn a_layer_of_nearly_everything_takes_no_more_stack_than_a_thread_has() {
    let (mut star, sizes) = random(3, 1000, 0, false);
    let id = |index: usize| -> NodeId { format!("n{index}").parse().unwrap() };
    for index in 1..1000 {
        star.topology.add_link(Link { from: id(0), to: id(index) }).unwrap();
    }
    let places = layered(&star, &sizes);
    assert_rightwards(&star, &rects(&places, &sizes), "a star of 1000");
    // Long links that all pass one layer.
    for index in 3..800 {
        star.topology.remove_link(&Link { from: id(0), to: id(index) }.id()).unwrap();
        star.topology.add_link(Link { from: id(1), to: id(index) }).unwrap();
        star.topology.add_link(Link { from: id(index), to: id(if index % 2 == 0 { 2 } else { 801 }) }).unwrap();
    }
    let places = layered(&star, &sizes);
    assert_rightwards(&star, &rects(&places, &sizes), "three layers");
}

#[test]
fn pinned_nodes_stay_and_nothing_covers_them() {
    for seed in 0..60 {
        let (mut preset, sizes) = random(seed, 15, 25, false);
        for (index, at) in [(3, [500.3, 200.7]), (7, [900.0, -40.0])] {
            let id: NodeId = format!("n{index}").parse().unwrap();
            preset.marks.pinned.insert(id.clone());
            preset.layout.insert(id, at);
        }
        let places = layered(&preset, &sizes);
        for id in &preset.marks.pinned {
            assert_eq!(places[id], preset.layout[id], "seed {seed}");
        }
        assert_apart(&rects(&places, &sizes), &format!("seed {seed}"));
    }
}

#[test]
fn a_thousand_nodes_fill_a_window_and_no_needle() {
    for (seed, links) in [(0, 1000), (1, 2000), (2, 0)] {
        let (mut preset, sizes) = random(seed, 1000, links, false);
        let pinned: NodeId = "n500".parse().unwrap();
        for pins in [false, true] {
            if pins {
                preset.marks.pinned.insert(pinned.clone());
                preset.layout.insert(pinned.clone(), [2000.5, 1000.0]);
            }
            let places = layered(&preset, &sizes);
            let (all, told) = (rects(&places, &sizes), format!("seed {seed}, {links} links, pins {pins}"));
            assert_apart(&all, &told);
            if pins {
                assert_eq!(places[&pinned], preset.layout[&pinned], "{told}");
            } else {
                assert_rightwards(&preset, &all, &told);
            }
            let whole = all.iter().map(|(_, rect)| *rect).reduce(|all, next| all.union(&next)).unwrap().size;
            assert!((1.0..=3.0).contains(&(whole.w / whole.h)), "{told}: {whole:?}");
        }
    }
}

#[test]
fn layers_of_a_few_cards_are_one_column_each() {
    let (mut preset, sizes) = random(5, 16, 0, false);
    let id = |index: usize| -> NodeId { format!("n{index}").parse().unwrap() };
    for index in 0..8 {
        for to in 8..16 {
            preset.topology.add_link(Link { from: id(index), to: id(to) }).unwrap();
        }
    }
    let all = rects(&layered(&preset, &sizes), &sizes);
    let middles: BTreeSet<i32> = all.iter().map(|(_, rect)| rect.center().x.round() as i32 / 4).collect();
    assert_eq!(middles.len(), 2, "{all:?}");
}

#[test]
fn no_card_of_another_lies_in_a_group() {
    for seed in 0..120 {
        let (mut preset, sizes) = random(seed, 18, 30, false);
        // Of some groups one card is pinned, of some two, and a stranger is.
        for (index, at) in
            [(3, [500.3, 200.7]), (10, [-700.0, 3000.0]), (15, [4000.0, -40.0])].iter().take(seed as usize % 4)
        {
            let id: NodeId = format!("n{index}").parse().unwrap();
            preset.marks.pinned.insert(id.clone());
            preset.layout.insert(id, *at);
        }
        let nodes = |range: std::ops::Range<usize>| range.map(|index| format!("n{index}").parse().unwrap()).collect();
        for (id, range) in [("a", 2..6), ("b", 9..13)] {
            preset.marks.groups.push(Group { id: id.parse().unwrap(), title: String::new(), nodes: nodes(range) });
        }
        let places = layered(&preset, &sizes);
        let all = rects(&places, &sizes);
        assert_apart(&all, &format!("seed {seed}"));
        preset.marks.pinned.iter().for_each(|id| assert_eq!(places[id], preset.layout[id], "seed {seed}"));
        for group in &preset.marks.groups {
            let inside = |id: &NodeId| group.nodes.contains(id);
            let members = all.iter().filter(|(id, _)| inside(id)).map(|(_, rect)| *rect);
            let frame = members.reduce(|all, next| all.union(&next)).unwrap();
            let margin = Size { w: FRAME, h: FRAME };
            let stranger = all.iter().find(|(id, rect)| !inside(id) && frame.closer_than(rect, margin));
            assert!(stranger.is_none(), "seed {seed}: {stranger:?} lies in {frame:?}");
        }
    }
}

#[test]
fn the_lessons_are_drawn_in_the_order_in_which_requests_go() {
    for preset in builtin::all() {
        let preset = format::read(preset.text).unwrap().into_preset();
        let sizes = preset.topology.nodes().map(|node| (node.id.clone(), USUAL)).collect();
        let rects = rects(&layered(&preset, &sizes), &sizes);
        assert_rightwards(&preset, &rects, &preset.title);
    }
}
