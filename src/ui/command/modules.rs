//! What can be asked for of a module: to leave its service for one of its own, or for another one. Menus and the palette
//! go by this.

use egui::{Button, Ui};

use crate::scene::{Point, Rect, Size};
use crate::topology::edit::{self, Item, Parting, Step};
use crate::topology::{ModuleName, NodeId, Preset, Problem};
use crate::ui::Inputs;
use crate::ui::action::Action;
use crate::ui::canvas;
use crate::ui::selection::Selection;

/// How far from the card that it left a new one is put, in points.
const ASIDE: f32 = 96.0;
/// The space that is left to what is there already.
const GAP: f32 = 28.0;

/// A module's way to another service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Departure {
    module: ModuleName,
    /// Where to; `None` for a service of its own.
    to: Option<NodeId>,
}

impl Departure {
    /// Where this module could go.
    pub(crate) fn of(preset: &Preset, module: &ModuleName) -> Vec<Self> {
        let Some(host) = preset.topology.host(module).filter(|node| node.service().is_some()) else {
            return Vec::new();
        };
        let others = preset.topology.nodes().filter(|node| node.service().is_some() && node.id != host.id);
        let alone = (host.modules().len() > 1).then_some(None);
        let all = alone.into_iter().chain(others.map(|node| Some(node.id.clone())));
        all.map(|to| Self { module: module.clone(), to }).collect()
    }

    /// One of these ways: out of its service, or to another one.
    pub(crate) fn to(module: &ModuleName, to: Option<&NodeId>) -> Self {
        Self { module: module.clone(), to: to.cloned() }
    }

    /// Whether it can be asked for.
    pub(crate) fn is_there(&self, preset: &Preset) -> bool {
        Self::of(preset, &self.module).contains(self)
    }

    /// What it is called.
    pub(crate) fn title(&self) -> String {
        match &self.to {
            Some(to) => format!("Move {} to {to}", self.module),
            None => format!("Move {} out", self.module),
        }
    }

    /// What it does, in half a sentence.
    fn does(&self) -> String {
        match &self.to {
            Some(to) => format!("{to} hosts it from now on, with the links that it needs"),
            None => "It becomes a service of its own, with the links that it needs".to_owned(),
        }
    }

    /// Asks for it.
    pub(crate) fn give(&self, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
        match self.step(inputs) {
            Ok((node, step)) => {
                actions.push(Action::Edit(canvas::settled(inputs, step)));
                actions.push(Action::Select(Selection::item(Item::Node(node))));
            }
            Err(problem) => actions.push(Action::Refused(problem)),
        }
    }

    fn step(&self, inputs: &Inputs<'_>) -> Result<(NodeId, Step), Problem> {
        let preset = inputs.preset;
        match &self.to {
            Some(to) => edit::move_module(preset, &self.module, to, Parting::Shared).map(|step| (to.clone(), step)),
            None => {
                let at = free_place(inputs, &self.module);
                edit::extract(preset, &self.module, [at.x, at.y], Parting::Shared)
            }
        }
    }
}

/// A place beside the card that hosts the module, below what is there already.
fn free_place(inputs: &Inputs<'_>, module: &ModuleName) -> Point {
    let stage = inputs.stage;
    let card = inputs.preset.topology.host(module).and_then(|node| stage.card(&node.id));
    let Some(card) = card.map(|card| card.rect) else { return Point::default() };
    let size = Size { w: card.size.w, h: card.size.h.min(200.0) };
    let mut rect = Rect { min: Point::new(card.right() + ASIDE, card.min.y), size };
    // Each pass leaves one behind.
    for _ in 0..stage.cards.len() {
        let Some(bottom) = stage.cards_in(rect).map(|card| card.rect.bottom()).reduce(f32::max) else { break };
        rect.min.y = bottom + GAP;
    }
    rect.min
}

/// The entries of a module's menu. Whether one was given.
pub(super) fn entries(ui: &mut Ui, inputs: &Inputs<'_>, module: &ModuleName, actions: &mut Vec<Action>) {
    let choices = Departure::of(inputs.preset, module);
    if choices.is_empty() {
        ui.label(format!("{module} has nowhere to go"));
    }
    for choice in choices {
        if ui.add(Button::new(choice.title()).truncate()).on_hover_text(choice.does()).clicked() {
            choice.give(inputs, actions);
            ui.close();
        }
    }
}
