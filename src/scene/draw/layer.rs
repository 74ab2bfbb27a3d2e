//! The layers of the drawing. Each is drawn from less than everything, so that a painter can keep what it made of those that
//! nothing has changed: from one frame to the next most often only the dots have moved.

use crate::scene::paint::Shape;
use crate::scene::{CellState, Stage};

use super::{
    Detail, EVERYWHERE, Frame, LEAST_LETTERS, OVERHANG, Sheet, cards, cells, chips, dots, far, groups, links, marks,
    notes, people, plugs, releases,
};
use super::{traffic, visitors};

/// What lies at one height of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Groups and notes.
    Ground,
    /// The links, below all cards.
    Links,
    /// Those of them that are selected or pointed at, once more: so that the others stay as they are.
    Halos,
    /// The cards' frames and titles, where they are large enough to be more than what is in them.
    Cards,
    /// The edges of those that are selected or pointed at, once more: so that the others stay as they are.
    Edges,
    /// The last pieces of the links, inside the cards that they lead to.
    Ends,
    /// What is in the cards, what is broken of the links, and the names that stand above everything.
    Insides,
    /// From afar the frames around what is selected or pointed at.
    Outlines,
    /// The requests under way.
    Dots,
    /// The numbers on links.
    Plates,
    /// The requests that tell of harm, which nothing hides.
    Harm,
}

/// The layers, from the back to the front.
pub const LAYERS: [Layer; 11] = [
    Layer::Ground,
    Layer::Links,
    Layer::Halos,
    Layer::Cards,
    Layer::Edges,
    Layer::Ends,
    Layer::Insides,
    Layer::Outlines,
    Layer::Dots,
    Layer::Plates,
    Layer::Harm,
];

impl Layer {
    /// Whether it tells of the run; else it is drawn from the document alone.
    pub fn tells_of_run(self) -> bool {
        !matches!(self, Self::Ground | Self::Cards | Self::Edges | Self::Outlines)
    }

    /// Whether what it tells may be a little behind the rest: rates of the last second. Cells, people and dots are all of one
    /// moment.
    pub fn can_wait(self) -> bool {
        matches!(self, Self::Links | Self::Ends | Self::Plates)
    }

    /// Whether the two are seen as one thing, and have to tell the same: a line, and its end inside a card.
    pub fn is_one_with(self, other: Self) -> bool {
        let is_link = |layer| matches!(layer, Self::Links | Self::Ends);
        self == other || is_link(self) && is_link(other)
    }

    /// Whether it shows what stands out. `hovered`: only what is pointed at has changed.
    pub fn shows_emphasis(self, hovered: bool) -> bool {
        match self {
            Self::Ground | Self::Halos | Self::Edges | Self::Outlines => true,
            Self::Insides => !hovered,
            Self::Links | Self::Cards | Self::Ends | Self::Dots | Self::Plates | Self::Harm => false,
        }
    }

    /// Whether it changes by the clock alone, without any news.
    pub fn moves(self, frame: &Frame<'_>) -> bool {
        match self {
            Self::Ground | Self::Links | Self::Halos | Self::Cards | Self::Edges => false,
            Self::Ends | Self::Outlines | Self::Plates => false,
            Self::Insides => frame.counts.is_some() || are_moving(frame),
            Self::Dots | Self::Harm => true,
        }
    }

    /// Adds its shapes, but for letters that could not be read from where one looks.
    pub fn draw(self, sheet: &mut Sheet, frame: &Frame<'_>) {
        let before = sheet.shapes.len();
        self.add(sheet, frame);
        if frame.sight.is_none() || matches!(self, Self::Dots | Self::Harm) {
            return;
        }
        let too_small =
            |shape: &Shape| matches!(shape, Shape::Text(text) if frame.on_screen(text.size) < LEAST_LETTERS);
        let mut at = 0;
        sheet.shapes.retain(|shape| {
            at += 1;
            at <= before || !too_small(shape)
        });
    }

    fn add(self, sheet: &mut Sheet, frame: &Frame<'_>) {
        let far = frame.sight.filter(|sight| sight.detail() != Detail::Full);
        let world = frame.sight.map_or(EVERYWHERE, |sight| sight.world.shrunk(-OVERHANG));
        match (self, far) {
            (Self::Ground, _) => {
                groups::draw(sheet, frame);
                notes::draw(sheet, frame);
            }
            (Self::Links, None) => links::beneath(sheet, frame, world),
            (Self::Links, Some(sight)) => far::links(sheet, frame, &sight),
            (Self::Halos, None) => links::outstanding(sheet, frame, world),
            (Self::Halos, Some(sight)) => far::outstanding(sheet, frame, &sight),
            (Self::Cards, None) => frame.stage.cards_in(world).for_each(|card| {
                cards::draw(sheet, frame, card);
                chips::draw(sheet, frame, card);
            }),
            (Self::Edges, None) => cards::edges(sheet, frame),
            (Self::Ends, None) => links::ends(sheet, frame, world),
            // From afar a card and what is in it are drawn as one, and what stands out is framed.
            (Self::Cards | Self::Edges | Self::Ends, Some(_)) | (Self::Outlines, None) => {}
            (Self::Outlines, Some(sight)) => far::selected(sheet, frame, &sight),
            (Self::Insides, None) => {
                links::draw(sheet, frame, world);
                plugs::draw(sheet, frame, world);
                for at in frame.stage.places_in(world) {
                    let card = &frame.stage.cards[at];
                    people::draw(sheet, frame, card);
                    cells::draw(sheet, frame, at, card);
                }
                visitors::draw(sheet, frame);
                releases::draw(sheet, frame, world);
                marks::travelling(sheet, frame);
                groups::titles(sheet, frame);
            }
            (Self::Insides, Some(sight)) => {
                far::cards(sheet, frame, &sight);
                groups::titles(sheet, frame);
            }
            (Self::Dots, _) => dots::draw(sheet, frame, dots::apart(&frame.dots.dots).0),
            (Self::Harm, _) => dots::draw(sheet, frame, dots::apart(&frame.dots.dots).1),
            (Self::Plates, _) => traffic::plates(sheet, frame),
        }
    }
}

/// Whether anything in the cards in sight moves: a mark is on its way, a loss is told, or a replica starts.
fn are_moving(frame: &Frame<'_>) -> bool {
    let detail = frame.sight.map_or(Detail::Full, |sight| sight.detail());
    let starts = |stage: &Stage, at: usize| {
        let mut states = stage.cards[at].cells.iter().filter_map(|(slot, _)| frame.live.state(at, slot));
        states.any(|state| CellState::from(state.state) == CellState::Starting)
    };
    match detail {
        Detail::Blocks => false,
        Detail::Plain => !frame.losses.are_none(),
        Detail::Full => {
            let world = frame.sight.map_or(EVERYWHERE, |sight| sight.world.shrunk(-OVERHANG));
            let mut seen = frame.stage.places_in(world);
            !frame.losses.are_none() || !frame.moves.is_empty() || seen.any(|at| starts(frame.stage, at))
        }
    }
}
