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
use crate::scene::geometry::{Point, Rect, Size};

/// Up to so many blocks the length of links is minimised, which takes time.
const MINIMISED: usize = 150;
/// More blocks than this are placed by barycentres alone.
const MOST_BLOCKS: usize = 1000;
/// Links that together pass more layers than this would need too many points on their way.
const MOST_PASSED: usize = 2000;
/// How often layers are ordered by their neighbours.
const SWEEPS: usize = 12;
/// A layer of so many blocks is one column, whatever the drawing's shape.
const ONE_COLUMN: usize = 8;
/// How much wider than high a drawing with larger layers is made.
const ASPECT: f64 = 1.6;
/// So often the range in which a height is looked for is halved.
const HALVINGS: usize = 24;
/// The room between the columns of one layer: no link leads from one to the next.
const INNER_GAP: f32 = 56.0;

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
        spread(sizes, layer, &mut middles, None);
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
            spread(sizes, layer, &mut middles, None);
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

/// Brings the wishes to places. Where that gives a needle because of large layers, these are wrapped.
fn settle(sizes: &[Size], wishes: &Wishes) -> Vec<Point> {
    let mut middles = wishes.middles.clone();
    let mut layers = in_columns(&wishes.columns);
    layers.retain(|layer| !layer.is_empty());
    for layer in &mut layers {
        layer.sort_by(|&a, &b| middles[a].total_cmp(&middles[b]).then(a.cmp(&b)));
    }
    let plain = put_down(sizes, &layers, middles.clone(), None);
    let rects = plain.iter().zip(sizes).map(|(&min, &size)| Rect { min, size });
    let whole = rects.reduce(|all, next| all.union(&next)).unwrap_or_default().size;
    if layers.iter().all(|layer| layer.len() <= ONE_COLUMN) || whole.w >= whole.h {
        return plain;
    }
    let height = wrapped_height(sizes, &layers);
    squeeze(&mut middles, height);
    put_down(sizes, &layers, middles, Some(height))
}

/// The layers from left to right; no higher than this, if that is said.
fn put_down(sizes: &[Size], layers: &[Vec<usize>], mut middles: Vec<f64>, height: Option<f64>) -> Vec<Point> {
    let mut at = vec![Point::default(); sizes.len()];
    let mut left = 0.0;
    for layer in layers {
        let count = height.map_or(1, |height| columns_of(sizes, layer, height));
        for inner in 0..count {
            // In turn, so that each column has some of everywhere and neighbours stay near.
            let column: Vec<usize> = layer.iter().copied().skip(inner).step_by(count).collect();
            spread(sizes, &column, &mut middles, height);
            let width = widest(sizes, &column);
            for block in column {
                at[block].x = left + (width - sizes[block].w) / 2.0;
            }
            left += width + if inner + 1 < count { INNER_GAP } else { GAP.w };
        }
    }
    let top = |block: usize| middles[block] - f64::from(sizes[block].h) / 2.0;
    let highest = (0..sizes.len()).map(top).fold(f64::INFINITY, f64::min);
    for (block, at) in at.iter_mut().enumerate() {
        at.y = (top(block) - highest) as f32;
    }
    at
}

/// How high the drawing becomes when its large layers are wrapped into columns side by side, so that it has about the shape
/// of a window.
fn wrapped_height(sizes: &[Size], layers: &[Vec<usize>]) -> f64 {
    let width = |height: f64| -> f64 {
        let of = |layer: &Vec<usize>| {
            let count = columns_of(sizes, layer, height) as f32;
            f64::from(count * widest(sizes, layer) + (count - 1.0) * INNER_GAP + GAP.w)
        };
        layers.iter().map(of).sum()
    };
    // The lower, the wider.
    let mut low = 0.0;
    let mut high = layers.iter().map(|layer| stacked(sizes, layer)).fold(0.0, f64::max);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if width(middle) > ASPECT * middle { low = middle } else { high = middle }
    }
    high
}

/// How many columns a layer takes that is to be no higher than this.
fn columns_of(sizes: &[Size], layer: &[usize], height: f64) -> usize {
    if layer.len() <= ONE_COLUMN {
        return 1;
    }
    let fits = |count: usize| {
        (0..count).all(|inner| {
            let column: Vec<usize> = layer.iter().copied().skip(inner).step_by(count).collect();
            stacked(sizes, &column) <= height
        })
    };
    let least = ((stacked(sizes, layer) / height.max(1.0)) as usize).clamp(1, layer.len());
    (least..layer.len()).find(|&count| fits(count)).unwrap_or(layer.len())
}

/// How high blocks are on top of each other.
fn stacked(sizes: &[Size], layer: &[usize]) -> f64 {
    layer.iter().map(|&block| f64::from(sizes[block].h + GAP.h)).sum()
}

fn widest(sizes: &[Size], layer: &[usize]) -> f32 {
    layer.iter().map(|&block| sizes[block].w).fold(0.0, f32::max)
}

/// Brings the wishes into this height, in the same proportion.
fn squeeze(middles: &mut [f64], height: f64) {
    let lowest = middles.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = middles.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let scale = height / (highest - lowest).max(height);
    middles.iter_mut().for_each(|middle| *middle = (*middle - lowest) * scale);
}

/// Moves the middles of a column's blocks, which are in order, as little as possible (least squares) so that none comes
/// nearer to the next than the gap. Pool adjacent violators: blocks that push each other move together. None is above 0
/// or below this height if all fit in.
fn spread(sizes: &[Size], column: &[usize], middles: &mut [f64], height: Option<f64>) {
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
    // For the first of them, so that neither it nor the last is beyond.
    let (least, most) = height.map_or((f64::NEG_INFINITY, f64::INFINITY), |height| {
        let end = |block: Option<&usize>| block.map_or(0.0, |&block| half(block));
        let least = end(column.first());
        (least, (height - end(column.last()) - offset).max(least))
    });
    pools.iter_mut().for_each(|pool| pool.wish = pool.wish.clamp(least, most));
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
        spread(&sizes, &[0, 1, 2], &mut middles, None);
        assert_eq!(middles, [-50.0, 50.0, 1000.0]);
        spread(&sizes, &[0, 1, 2], &mut middles, Some(400.0));
        assert_eq!(middles, [50.0, 150.0, 350.0]);
    }
}
