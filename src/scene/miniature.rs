//! A preset's drawing as a small picture for the path of lessons: its cards, links and cells where they really are, and
//! each session as a block where the preset keeps it, with the first fault of its scenario struck. An illustration of the
//! drawing, with strokes bold enough to be read at a tenth of its size; never the picture of a run.

use crate::scene::Moved;

use crate::control::Snapshot;
use crate::topology::{Act, Node, NodeId, Preset, Sessions, Slot, Target};

use super::geometry::{Point, Rect, Size};
use super::layout::{Card, CardKind, HEADER, Stage};
use super::paint::{Ink, Paint, Pen, Sheet};

/// Strokes that are one point wide when the picture is drawn at a tenth.
const LINE: f32 = 10.0;

/// The picture, and the part of the world that it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Miniature {
    /// What is drawn, in world units.
    pub sheet: Sheet,
    /// The frame around everything that is drawn.
    pub bounds: Rect,
}

impl Miniature {
    /// The picture of a preset.
    pub fn of(preset: &Preset) -> Self {
        let stage = Stage::new(preset, &Snapshot::default(), &Moved::default());
        let bounds = stage.bounds().unwrap_or(Rect::new(0.0, 0.0, 1.0, 1.0));
        let mut sheet = Sheet::default();
        let drawing = Drawing { preset, stage: &stage, struck: struck(preset) };
        drawing.links(&mut sheet);
        for card in &stage.cards {
            drawing.card(&mut sheet, card);
        }
        Self { sheet, bounds }
    }
}

/// The place that the scenario hits first; without a number, the second of a node, which is the middle of three.
fn struck(preset: &Preset) -> Option<Slot> {
    let step = preset.scenario.iter().find(|step| ends(&step.act))?;
    match &step.on {
        Target::Slot(slot) => Some(slot.clone()),
        Target::Node(node) => {
            let replicas = preset.topology.node(node)?.replicas();
            Some(Slot::new(node.clone(), replicas.min(2)))
        }
        Target::Module(module) => preset.topology.host(module).map(|node| Slot::new(node.id.clone(), 1)),
        Target::Link(_) => None,
    }
}

/// Whether an act ends a process, at once or by a bug that it brings.
fn ends(act: &Act) -> bool {
    match act {
        Act::Kill | Act::Terminate | Act::Crash => true,
        Act::Deploy(deploy) => deploy.bug.is_some(),
        Act::Pause | Act::Resume | Act::Restart | Act::Set(_) | Act::LoseData | Act::RollBack => false,
    }
}

struct Drawing<'a> {
    preset: &'a Preset,
    stage: &'a Stage,
    struck: Option<Slot>,
}

impl Drawing<'_> {
    fn links(&self, sheet: &mut Sheet) {
        for link in self.preset.topology.links() {
            for branch in self.stage.wire(&link.id()).map_or(&[][..], |wire| &wire.branches) {
                let broken = branch.slot.is_some() && branch.slot == self.struck;
                let pen = Pen::new(LINE, Ink::Link);
                if broken {
                    sheet.line(branch.curve.points(12), pen.dashed(24.0, 24.0));
                } else {
                    sheet.curve(branch.curve, pen);
                }
            }
        }
    }

    fn card(&self, sheet: &mut Sheet, card: &Card) {
        sheet.rect(card.rect, 24.0, Paint::from(Ink::Card), Pen::new(LINE, Ink::LineStrong));
        for (at, figure) in card.figures.iter().enumerate() {
            let hurt = self.holder(at as u32).is_some_and(|slot| Some(slot) == self.struck);
            let size = figure.size.w.min(figure.size.h);
            if hurt {
                sheet.circle(figure.center(), size * 0.28, None, Pen::new(LINE, Ink::Failed));
            } else {
                sheet.circle(figure.center(), size * 0.34, Paint::from(Ink::Session), None);
            }
        }
        for (slot, cell) in &card.cells {
            self.cell(sheet, slot, *cell);
        }
        if card.kind == CardKind::Gateway && card.cells.is_empty() {
            let middle = card.rect.center();
            sheet.circle(middle, HEADER / 2.0, Paint::from(Ink::Link), None);
        }
    }

    fn cell(&self, sheet: &mut Sheet, slot: &Slot, cell: Rect) {
        let dead = self.struck.as_ref() == Some(slot);
        if dead {
            let pen = Pen::new(LINE * 1.4, Ink::Failed).dashed(30.0, 16.0);
            sheet.rect(cell, 14.0, Paint::from(Ink::Dead), pen);
            let inset = 0.3 * cell.size.h;
            let (left, right) = (cell.center().x - inset, cell.center().x + inset);
            let (top, bottom) = (cell.center().y - inset, cell.center().y + inset);
            let pen = Pen::new(LINE * 1.6, Ink::Failed);
            sheet.line(vec![Point::new(left, top), Point::new(right, bottom)], pen);
            sheet.line(vec![Point::new(right, top), Point::new(left, bottom)], pen);
        } else {
            sheet.rect(cell, 14.0, Paint::from(Ink::Cell), Pen::new(LINE * 0.7, Ink::Line));
            self.marks(sheet, slot, cell);
        }
    }

    /// A block for each session that is kept here.
    fn marks(&self, sheet: &mut Sheet, slot: &Slot, cell: Rect) {
        let users = self.users();
        let here = (0..users).filter(|user| self.holder(*user).as_ref() == Some(slot)).count() as u32;
        if here == 0 {
            return;
        }
        let (block, gap) = (30.0, 12.0);
        let across = (((cell.size.w - gap) / (block + gap)) as u32).max(1);
        for at in 0..here {
            let (column, row) = (at % across, at / across);
            let min = Point::new(
                cell.min.x + gap + column as f32 * (block + gap),
                cell.min.y + gap + row as f32 * (block + gap),
            );
            if min.y + block <= cell.bottom() {
                let rect = Rect { min, size: Size { w: block, h: block } };
                sheet.rect(rect, 6.0, Paint::from(Ink::Session), None);
            }
        }
    }

    fn users(&self) -> u32 {
        self.preset.topology.nodes().filter_map(Node::users).map(|users| users.users).sum()
    }

    /// Where the session of a user is kept, counted from 0; `None` when the user carries it.
    fn holder(&self, user: u32) -> Option<Slot> {
        let topology = &self.preset.topology;
        let keeps = |node: &&Node| node.service().is_some_and(|service| topology.asks_for_sessions(service));
        let keeper = topology.nodes().find(keeps)?;
        let spread = |node: &NodeId, replicas: u32| Slot::new(node.clone(), user % replicas.max(1) + 1);
        match keeper.service()?.sessions {
            Sessions::Memory => Some(spread(&keeper.id, keeper.replicas())),
            Sessions::Store => topology.store_of(&keeper.id).map(|store| spread(&store.id, 1)),
            Sessions::Token => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::paint::Shape;
    use super::*;
    use crate::topology::{builtin, format};

    fn of(name: &str) -> Miniature {
        Miniature::of(format::read(builtin::by_name(name).unwrap().text).unwrap().preset())
    }

    fn blocks(miniature: &Miniature) -> usize {
        let is_block = |shape: &&Shape| matches!(shape, Shape::Rect { rect, .. } if rect.size.w == rect.size.h);
        miniature.sheet.shapes.iter().filter(is_block).count()
    }

    #[test]
    fn sessions_are_where_the_preset_keeps_them() {
        // Ten of thirty were in the replica that is struck.
        assert_eq!(blocks(&of("sticky-sessions")), 20);
        assert_eq!(blocks(&of("signed-tokens")), 0);
        assert_eq!(blocks(&of("lost-in-the-middle")), 0, "nobody has a session there");
        assert!(blocks(&of("shared-session-store")) > 0);
    }

    #[test]
    fn what_the_scenario_ends_is_struck_whether_from_without_or_by_a_bug() {
        let struck = |name: &str| {
            let dead =
                |shape: &&Shape| matches!(shape, Shape::Rect { fill, .. } if *fill == Some(Paint::from(Ink::Dead)));
            of(name).sheet.shapes.iter().filter(dead).count()
        };
        for name in ["sticky-sessions", "monolith", "microservices", "bad-deploy", "lost-in-the-middle", "saga"] {
            assert_eq!(struck(name), 1, "{name}");
        }
        assert_eq!(struck("deploy-day"), 0);
    }

    #[test]
    fn nothing_is_drawn_outside_of_the_frame() {
        for preset in builtin::all() {
            let miniature = of(preset.name);
            for shape in &miniature.sheet.shapes {
                let Shape::Rect { rect, .. } = shape else { continue };
                assert_eq!(miniature.bounds.union(rect), miniature.bounds, "{}", preset.name);
            }
        }
    }
}
