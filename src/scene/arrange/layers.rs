//! One connected part in layers, from left to right.
//!
//! Small parts are ordered and placed by rust-sugiyama (network simplex or longest path, barycentres, Brandes and Köpf).
//! Its time and stack grow too fast with the length of links and the size of layers, so large parts get a pass of their
//! own: longest path, and barycentres from layer to layer. Either way the last word on distances is here, so that no two
//! blocks overlap whatever was wished.

use rust_sugiyama::configure::{Config, RankingType};
use rust_sugiyama::from_vertices_and_edges;

use super::GAP;
use super::rank::{ranks, without_cycles};
use crate::scene::geometry::{Point, Size};

/// Up to so many blocks the length of links is minimised, which takes time.
const MINIMISED: usize = 150;
/// More blocks than this are placed by barycentres alone.
const MOST_BLOCKS: usize = 1000;
/// Links that together pass more layers than this would need too many points on their way.
const MOST_PASSED: usize = 2000;
/// How often layers are ordered by their neighbours.
const SWEEPS: usize = 12;

/// In which column each block stands, and where its middle would like to be, upright.
struct Wishes {
    columns: Vec<usize>,
    middles: Vec<f64>,
}

/// The upper left corner of each block; the leftmost and the highest are at 0.
pub(super) fn lay_out(sizes: &[Size], links: &[(usize, usize)]) -> Vec<Point> {
    let links = without_cycles(sizes.len(), links);
    let ranks = ranks(sizes.len(), &links);
    let passed: usize = links.iter().map(|&(from, to)| ranks[to] - ranks[from] - 1).sum();
    let small = sizes.len() <= MOST_BLOCKS && passed <= MOST_PASSED;
    let wishes = if small { sugiyama(sizes, &links) } else { None };
    let wishes = wishes.unwrap_or_else(|| barycentres(sizes, &links, ranks));
    settle(sizes, &wishes)
}

/// What rust-sugiyama wishes; `None` when that is no layered drawing of these links.
fn sugiyama(sizes: &[Size], links: &[(usize, usize)]) -> Option<Wishes> {
    // It draws from top to bottom, so that widths and heights change places.
    let size = |size: &Size| (f64::from(size.h + GAP.h), f64::from(size.w + GAP.w));
    let blocks: Vec<(u32, (f64, f64))> = sizes.iter().zip(0..).map(|(block, index)| (index, size(block))).collect();
    let ends: Vec<(u32, u32)> = links.iter().map(|&(from, to)| (from as u32, to as u32)).collect();
    let minimise = sizes.len() <= MINIMISED && links.len() <= 2 * MINIMISED;
    let config = Config {
        vertex_spacing: 0.0,
        ranking_type: if minimise { RankingType::MinimizeEdgeLength } else { RankingType::Up },
        transpose: minimise,
        ..Config::default()
    };
    let mut at = vec![None; sizes.len()];
    for (index, place) in from_vertices_and_edges(&blocks, &ends, &config).into_iter().flat_map(|(part, _, _)| part) {
        *at.get_mut(index)? = Some(place);
    }
    let at: Vec<(f64, f64)> = at.into_iter().collect::<Option<_>>()?;
    if at.iter().any(|(across, down)| !across.is_finite() || !down.is_finite()) {
        return None;
    }
    let mut layers: Vec<f64> = at.iter().map(|(_, down)| *down).collect();
    layers.sort_by(f64::total_cmp);
    layers.dedup();
    let columns: Vec<usize> = at.iter().map(|(_, down)| layers.partition_point(|layer| layer < down)).collect();
    let forwards = links.iter().all(|&(from, to)| columns[from] < columns[to]);
    forwards.then(|| Wishes { columns, middles: at.into_iter().map(|(across, _)| across).collect() })
}

/// Each block as near as possible to the mean of what it is linked to, layer by layer, there and back.
fn barycentres(sizes: &[Size], links: &[(usize, usize)], ranks: Vec<usize>) -> Wishes {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
    let mut after = before.clone();
    for &(from, to) in links {
        after[from].push(to);
        before[to].push(from);
    }
    let mut layers = in_columns(&ranks);
    let mut middles = vec![0.0; sizes.len()];
    for layer in &layers {
        spread(sizes, layer, &mut middles);
    }
    for sweep in 0..SWEEPS {
        let forwards = sweep % 2 == 0;
        let (neighbours, count) = (if forwards { &before } else { &after }, layers.len());
        for step in 0..count {
            let layer = &mut layers[if forwards { step } else { count - 1 - step }];
            for &block in layer.iter().filter(|&&block| !neighbours[block].is_empty()) {
                let sum: f64 = neighbours[block].iter().map(|&other| middles[other]).sum();
                middles[block] = sum / neighbours[block].len() as f64;
            }
            layer.sort_by(|&a, &b| middles[a].total_cmp(&middles[b]).then(a.cmp(&b)));
            spread(sizes, layer, &mut middles);
        }
    }
    Wishes { columns: ranks, middles }
}

/// The blocks of each column, in order.
fn in_columns(columns: &[usize]) -> Vec<Vec<usize>> {
    let mut layers = vec![Vec::new(); columns.iter().max().map_or(0, |last| last + 1)];
    for (block, &column) in columns.iter().enumerate() {
        layers[column].push(block);
    }
    layers
}

/// Brings the wishes to places.
fn settle(sizes: &[Size], wishes: &Wishes) -> Vec<Point> {
    let mut middles = wishes.middles.clone();
    let mut at = vec![Point::default(); sizes.len()];
    let mut left = 0.0;
    for mut column in in_columns(&wishes.columns).into_iter().filter(|column| !column.is_empty()) {
        column.sort_by(|&a, &b| middles[a].total_cmp(&middles[b]).then(a.cmp(&b)));
        spread(sizes, &column, &mut middles);
        let width = column.iter().map(|&block| sizes[block].w).fold(0.0, f32::max);
        for block in column {
            at[block].x = left + (width - sizes[block].w) / 2.0;
        }
        left += width + GAP.w;
    }
    let top = |block: usize| middles[block] - f64::from(sizes[block].h) / 2.0;
    let highest = (0..sizes.len()).map(top).fold(f64::INFINITY, f64::min);
    for (block, at) in at.iter_mut().enumerate() {
        at.y = (top(block) - highest) as f32;
    }
    at
}

/// Moves the middles of a column's blocks, which are in order, as little as possible (least squares) so that none comes
/// nearer to the next than the gap. Pool adjacent violators: blocks that push each other move together.
fn spread(sizes: &[Size], column: &[usize], middles: &mut [f64]) {
    struct Pool {
        /// The mean of where its blocks would like the first of them to be, and how many there are.
        wish: f64,
        blocks: usize,
    }
    let half = |block: usize| f64::from(sizes[block].h + GAP.h) / 2.0;
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(column.len());
    let mut pools: Vec<Pool> = Vec::new();
    for (index, &block) in column.iter().enumerate() {
        if let Some(&previous) = index.checked_sub(1).and_then(|previous| column.get(previous)) {
            offset += half(previous) + half(block);
        }
        offsets.push(offset);
        let mut pool = Pool { wish: middles[block] - offset, blocks: 1 };
        while let Some(last) = pools.pop_if(|last| last.wish > pool.wish) {
            let blocks = last.blocks + pool.blocks;
            let wish = (last.wish * last.blocks as f64 + pool.wish * pool.blocks as f64) / blocks as f64;
            pool = Pool { wish, blocks };
        }
        pools.push(pool);
    }
    let wishes = pools.iter().flat_map(|pool| std::iter::repeat_n(pool.wish, pool.blocks));
    for ((&block, offset), wish) in column.iter().zip(offsets).zip(wishes) {
        middles[block] = wish + offset;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_that_push_each_other_move_as_little_as_possible() {
        let sizes = vec![Size { w: 10.0, h: 56.0 }; 3];
        let mut middles = vec![0.0, 0.0, 1000.0];
        spread(&sizes, &[0, 1, 2], &mut middles);
        assert_eq!(middles, [-50.0, 50.0, 1000.0]);
    }
}
