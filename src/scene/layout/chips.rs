//! The modules of a service or program as chips in its card, and which of them call each other in its process. How much
//! room they take depends on the drawing alone.

use crate::scene::geometry::{Point, Rect, Size};
use crate::topology::{ModuleName, Node, Step, Topology};

use super::{Card, PAD};

/// The height of a chip.
const HEIGHT: f32 = 24.0;
/// The space between two rows.
const ROW_GAP: f32 = 10.0;
/// The space between two columns, where lines between chips run.
const GUTTER: f32 = 28.0;
/// The least width of a chip.
const LEAST: f32 = 100.0;
/// The space above the chips.
const ABOVE: f32 = 12.0;
/// More chips than this are counted, not shown.
const MOST: usize = 12;
/// A drawing with one service and no more modules than this tells its story without them.
const FEW: usize = 4;

/// The chips of a card.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chips {
    /// Each module that is shown, with its chip.
    pub places: Vec<(ModuleName, Rect)>,
    /// How many more there are, and the chip that says so.
    pub more: Option<(usize, Rect)>,
    /// Calls that stay in the process.
    pub calls: Vec<InProcess>,
}

/// Calls from one chip to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InProcess {
    /// The place of the chip that calls.
    pub from: usize,
    /// The place of the one that is called.
    pub to: usize,
    /// How many steps call it.
    pub calls: usize,
}

impl Chips {
    /// Chips without places, of modules that this node hosts.
    pub(super) fn of(topology: &Topology, node: &Node) -> Self {
        let hosted = node.modules();
        if hosted.is_empty() || !are_shown(topology) {
            return Self::default();
        }
        let shown = if hosted.len() > MOST { MOST - 1 } else { hosted.len() };
        let chip = Rect { min: Point::default(), size: Size { w: LEAST, h: HEIGHT } };
        let places: Vec<_> = hosted[..shown].iter().map(|module| (module.clone(), chip)).collect();
        let calls = in_process(topology, &places);
        Self { places, more: (hosted.len() > shown).then_some((hosted.len() - shown, chip)), calls }
    }

    fn count(&self) -> usize {
        self.places.len() + usize::from(self.more.is_some())
    }

    /// The room that they take in a card that is this wide inside.
    pub(super) fn height(&self, width: f32) -> f32 {
        if self.count() == 0 {
            return 0.0;
        }
        let rows = self.count().div_ceil(columns(width));
        ABOVE + rows as f32 * (HEIGHT + ROW_GAP) - ROW_GAP
    }

    /// Puts the chips at the bottom of their card.
    pub(super) fn fill(&mut self, card: &Rect) {
        let inside = card.size.w - 2.0 * PAD;
        let across = columns(inside);
        let width = (inside + GUTTER) / across as f32 - GUTTER;
        let (left, top) = (card.min.x + PAD, card.bottom() - PAD - self.height(inside) + ABOVE);
        let place = |at: usize| {
            let (column, row) = ((at % across) as f32, (at / across) as f32);
            Rect::new(left + column * (width + GUTTER), top + row * (HEIGHT + ROW_GAP), width, HEIGHT)
        };
        for (at, (_, chip)) in self.places.iter_mut().enumerate() {
            *chip = place(at);
        }
        if let Some((_, chip)) = &mut self.more {
            *chip = place(self.places.len());
        }
    }
}

impl Card {
    /// The module whose chip is at a point.
    pub fn module_at(&self, at: Point) -> Option<&ModuleName> {
        self.chips.places.iter().find(|(_, chip)| chip.contains(at)).map(|(module, _)| module)
    }
}

/// Whether the drawing's modules are shown: where there are several services, or many modules.
fn are_shown(topology: &Topology) -> bool {
    let mut hosts = topology.nodes().map(Node::modules).filter(|modules| !modules.is_empty());
    let first = hosts.next().map_or(0, <[ModuleName]>::len);
    first > FEW || hosts.next().is_some()
}

fn columns(width: f32) -> usize {
    (((width + GUTTER) / (LEAST + GUTTER)) as usize).max(1)
}

/// Which of these modules call which.
fn in_process(topology: &Topology, places: &[(ModuleName, Rect)]) -> Vec<InProcess> {
    let mut found: Vec<InProcess> = Vec::new();
    for (from, (module, _)) in places.iter().enumerate() {
        let Some(module) = topology.module(module) else { continue };
        let steps = module.operations.iter().flat_map(|operation| &operation.steps);
        for call in steps.flat_map(Step::calls) {
            let to = places.iter().position(|(other, _)| *other == call.module).filter(|&to| to != from);
            let Some(to) = to else { continue };
            match found.iter_mut().find(|known| (known.from, known.to) == (from, to)) {
                Some(known) => known.calls += 1,
                None => found.push(InProcess { from, to, calls: 1 }),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Snapshot;
    use crate::scene::{Moved, Stage};
    use crate::topology::Preset;
    use crate::topology::edit::{History, Parting, extract};
    use crate::topology::format::read;

    fn shop() -> Preset {
        read(include_str!("../../topology/edit/module/shop.toml")).unwrap().into_preset()
    }

    fn stage(preset: &Preset) -> Stage {
        Stage::new(preset, &Snapshot::default(), &Moved::default())
    }

    #[test]
    fn every_module_has_a_chip_of_its_own_within_its_card_and_below_its_cells() {
        let stage = stage(&shop());
        let card = stage.cards.iter().find(|card| card.node.as_str() == "shop").unwrap();
        assert_eq!(card.chips.places.len(), 6);
        for (at, (module, chip)) in card.chips.places.iter().enumerate() {
            assert!(card.rect.covers(chip), "{module}");
            assert!(card.cells.iter().all(|(_, cell)| !cell.meets(chip)), "{module}");
            assert!(card.chips.places[..at].iter().all(|(_, other)| !other.meets(chip)), "{module}");
            assert_eq!(card.module_at(chip.center()), Some(module));
        }
    }

    #[test]
    fn a_call_in_the_process_is_a_line_and_dragged_out_it_is_a_link() {
        let mut preset = shop();
        let lines = |preset: &Preset| {
            let stage = stage(preset);
            let card = stage.cards.iter().find(|card| card.node.as_str() == "shop").unwrap().chips.clone();
            let name = |at: usize| card.places[at].0.to_string();
            card.calls.iter().map(|line| format!("{}->{}", name(line.from), name(line.to))).collect::<Vec<_>>()
        };
        assert_eq!(lines(&preset), ["catalog->recommendations", "orders->payments"]);
        let (_, step) = extract(&preset, &"payments".parse().unwrap(), [0.0, 400.0], Parting::Shared).unwrap();
        History::default().apply(&mut preset, step).unwrap();
        assert_eq!(lines(&preset), ["catalog->recommendations"]);
        assert!(preset.topology.has_link(&"shop->payments".parse().unwrap()));
    }

    #[test]
    fn of_too_many_some_are_counted_and_a_small_drawing_has_none() {
        let names: Vec<String> = (1..=15).map(|number| format!("\"m{number}\"")).collect();
        let node = format!("[[node]]\nid = \"shop\"\nrole = \"service\"\nmodules = [{}]\n", names.join(", "));
        let many = stage(&read(&format!("format = 1\n{node}")).unwrap().into_preset());
        let chips = &many.cards[0].chips;
        assert_eq!((chips.places.len(), chips.more.map(|(count, _)| count)), (11, Some(4)));
        let few = "format = 1\n[[node]]\nid = \"shop\"\nrole = \"service\"\nmodules = [\"a\", \"b\"]\n";
        assert_eq!(stage(&read(few).unwrap().into_preset()).cards[0].chips, Chips::default());
    }
}
