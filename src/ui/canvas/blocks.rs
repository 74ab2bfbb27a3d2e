//! A layer in blocks of neighbours. News of the run mostly changes a number here and there: of a layer that is drawn anew only
//! those blocks are cut that are other ones than before. Where it can wait, so many in each frame that none is long.

use std::vec::IntoIter;

use egui::Shape;

use crate::scene::draw::Layer;
use crate::scene::{self, Sheet};

/// As many shapes are cut in a frame of what can wait, or more where that would take more frames than this.
const PIECE: usize = 12;
const FRAMES: usize = 8;

/// A few neighbours of a layer, and what became of them.
#[derive(Debug)]
pub(super) struct Block {
    of: Vec<scene::Shape>,
    pub(super) shapes: Vec<Shape>,
}

/// A layer that is being cut.
#[derive(Debug)]
pub(super) struct Work {
    together: usize,
    piece: usize,
    known: IntoIter<Block>,
    left: IntoIter<scene::Shape>,
    done: Vec<Block>,
    is_other: bool,
}

impl Work {
    /// Begins with what was drawn; `before` are the blocks of what was drawn before.
    pub(super) fn begin(layer: Layer, before: Vec<Block>, sheet: Sheet) -> Self {
        // Of links one changes here and one there.
        let together = if matches!(layer, Layer::Links | Layer::Ends) { 1 } else { 4 };
        let done = Vec::with_capacity(before.len());
        let piece = PIECE.max(sheet.shapes.len().div_ceil(FRAMES));
        // Of fewer blocks than before one is gone.
        let is_other = sheet.shapes.len().div_ceil(together) != before.len();
        Self { together, piece, known: before.into_iter(), left: sheet.shapes.into_iter(), done, is_other }
    }

    /// Cuts what is left, or, if it is not needed at once, as much as a frame bears.
    pub(super) fn go_on(&mut self, at_once: bool, mut cut: impl FnMut(&Sheet) -> Vec<Shape>) {
        let mut room = if at_once { usize::MAX } else { self.piece };
        while room > 0 && !self.is_done() {
            let of: Vec<_> = self.left.by_ref().take(self.together).collect();
            if let Some(block) = self.known.next().filter(|known| known.of == of) {
                self.done.push(block);
            } else {
                (room, self.is_other) = (room.saturating_sub(of.len()), true);
                let sheet = Sheet { shapes: of };
                let shapes = cut(&sheet);
                self.done.push(Block { of: sheet.shapes, shapes });
            }
        }
    }

    /// Whether nothing is left.
    pub(super) fn is_done(&self) -> bool {
        self.left.len() == 0
    }

    /// Whether any block is another one than before, as far as they were looked at.
    pub(super) fn is_other(&self) -> bool {
        self.is_other
    }

    /// The blocks: all that there are, or, before it is done, those of before in place of the others.
    pub(super) fn end(self) -> Vec<Block> {
        let mut blocks = self.done;
        if self.left.len() > 0 {
            blocks.extend(self.known);
        }
        blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Point;
    use crate::scene::paint::Ink;

    fn sheet(radii: impl Iterator<Item = u16>) -> Sheet {
        let mut sheet = Sheet::default();
        radii.for_each(|radius| sheet.circle(Point::default(), f32::from(radius), Ink::Ok.at(1.0), None));
        sheet
    }

    #[test]
    fn only_what_is_another_one_is_cut_and_no_more_of_it_in_a_frame_than_fits() {
        let mut first = Work::begin(Layer::Links, Vec::new(), sheet(0..100));
        first.go_on(true, |_| Vec::new());
        let mut same = Work::begin(Layer::Links, first.end(), sheet(0..100));
        same.go_on(false, |_| panic!("nothing has changed"));
        assert!(same.is_done() && !same.is_other());
        let fewer = Work::begin(Layer::Links, same.end(), sheet(0..99));
        assert!(fewer.is_other());
        let mut first = Work::begin(Layer::Links, fewer.end(), sheet(0..100));
        first.go_on(true, |_| Vec::new());
        assert!(first.is_done());
        // Every second one becomes another one.
        let changed = || sheet((0..100).map(|at| if at % 2 == 0 { at } else { 500 + at }));
        let mut work = Work::begin(Layer::Links, first.end(), changed());
        let (mut frames, mut cut) = (0, 0);
        while !work.is_done() {
            let before = cut;
            work.go_on(false, |sheet| {
                cut += sheet.shapes.len();
                Vec::new()
            });
            assert!(cut - before <= 13);
            frames += 1;
        }
        assert_eq!((cut, frames), (50, 4));
        // What is given up half way is taken over as far as it is still right.
        let mut again = Work::begin(Layer::Links, work.end(), sheet(0..100));
        again.go_on(false, |_| Vec::new());
        let mut over = Work::begin(Layer::Links, again.end(), changed());
        let mut anew = 0;
        over.go_on(true, |_| {
            anew += 1;
            Vec::new()
        });
        assert_eq!(anew, 13);
    }

    #[test]
    fn however_much_it_is_it_takes_a_few_frames() {
        let mut work = Work::begin(Layer::Plates, Vec::new(), sheet(0..5_000));
        let mut frames = 0;
        while !work.is_done() {
            work.go_on(false, |_| Vec::new());
            frames += 1;
        }
        assert_eq!(frames, FRAMES);
    }
}
