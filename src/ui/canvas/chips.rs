//! Modules as chips in the cards of services: each can be dragged out of its card, onto the empty canvas to become a
//! service of its own, or onto another service. Enter and the Menu key open what can be done without a pointer.

use egui::{CursorIcon, PointerButton, Response, Role, Sense, Ui, WidgetInfo};

use super::hand::{self, Gesture};
use super::{Ground, context, moving, overlay, touch};
use crate::control::Snapshot;
use crate::scene::{Card, Moved, Point, Rect, Size, Stage, route};
use crate::topology::edit::{self, History, Item, Parting, Step};
use crate::topology::{Link, ModuleName, NodeId, Problem};
use crate::ui::action::Action;
use crate::ui::command::Spot;
use crate::ui::selection::Selection;
use crate::ui::{Inputs, View};

/// A module on its way out of its card.
#[derive(Debug)]
pub(super) struct Carried {
    module: ModuleName,
    from: NodeId,
    at: Point,
    over: Over,
    /// The service that it would become: how large its card is, and its links, or why it cannot be.
    alone: Result<(Size, Vec<Link>), Problem>,
}

/// Where a module would go when it is let go.
#[derive(Debug)]
enum Over {
    /// Back.
    Home,
    /// Into a service of its own.
    Canvas,
    /// Into the node of this card, if it can be.
    Card(NodeId, Option<Problem>),
}

/// The name of a chip.
pub(super) fn name(module: &ModuleName, node: &NodeId) -> String {
    format!("module {module} in {node}")
}

/// Reads the chips of a card.
pub(super) fn read(ui: &Ui, ground: &Ground<'_>, card: &Card, view: &mut View, actions: &mut Vec<Action>) {
    for (module, chip) in &card.chips.places {
        let rect = ground.rect(chip).intersect(ground.frame);
        if !rect.is_positive() {
            continue;
        }
        let id = ui.scope_id().with(("module", module, &card.node));
        let response = ui.interact(rect, id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name(module, &card.node)));
        if touch::is_at_rest(&response) {
            continue;
        }
        one(ground, card, module, response, view, actions);
    }
}

fn one(
    ground: &Ground<'_>,
    card: &Card,
    module: &ModuleName,
    response: Response,
    view: &mut View,
    actions: &mut Vec<Action>,
) {
    let spot = || Spot::Module(module.clone());
    let pointed = response.interact_pointer_pos();
    let asked = response.has_focus()
        && ground.ui.input_mut(|input| {
            input.consume_key(egui::Modifiers::NONE, egui::Key::Menu)
                || input.consume_key(egui::Modifiers::SHIFT, egui::Key::F10)
        });
    if response.secondary_clicked() || asked || (response.clicked() && pointed.is_none()) {
        context::open(spot(), pointed.unwrap_or(response.rect.center_bottom()), view);
    } else if response.clicked() {
        actions.push(Action::Select(Selection::item(Item::Node(card.node.clone()))));
    }
    if response.drag_started_by(PointerButton::Primary)
        && view.hand.is_free()
        && view.placing.is_none()
        && let Some(at) = hand::pressed_at(ground)
        && response.rect.contains(ground.pos(at))
    {
        view.camera.hold();
        view.hand.gesture = Some(Gesture::Chip(Box::new(Carried::begin(ground.inputs, module, &card.node, at))));
    }
    if response.has_focus() {
        overlay::focus_ring(ground, response.rect.shrink(3.0));
    }
    let tip = format!("{module}\nDrag it out and it becomes a service; drop it on another service and it moves in");
    response.on_hover_cursor(CursorIcon::Grab).on_hover_text(tip);
}

impl Carried {
    fn begin(inputs: &Inputs<'_>, module: &ModuleName, from: &NodeId, at: Point) -> Self {
        let alone = becoming(inputs, module);
        Self { module: module.clone(), from: from.clone(), at, over: Over::Home, alone }
    }

    /// Goes where the pointer is.
    pub(super) fn follow(&mut self, inputs: &Inputs<'_>, at: Point) {
        self.at = at;
        let card = inputs.stage.card_at(at).map(|card| &card.node);
        self.over = match (card, &self.over) {
            (None, _) => Over::Canvas,
            (Some(node), _) if *node == self.from => Over::Home,
            (Some(node), Over::Card(known, _)) if node == known => return,
            (Some(node), _) => {
                let step = edit::move_module(inputs.preset, &self.module, node, Parting::Shared);
                Over::Card(node.clone(), step.err())
            }
        };
    }

    /// Where the card of the new service would be.
    fn ghost(&self) -> Option<Rect> {
        let (size, _) = self.alone.as_ref().ok()?;
        Some(Rect::new(self.at.x - size.w / 2.0, self.at.y - 22.0, size.w, size.h))
    }

    /// Lets it go. With `split`, each side keeps the sessions that it has.
    pub(super) fn let_go(self, inputs: &Inputs<'_>, split: bool, actions: &mut Vec<Action>) {
        let parting = if split { Parting::Split } else { Parting::Shared };
        let made: Result<(NodeId, Step), Problem> = match &self.over {
            Over::Home => return,
            Over::Card(node, _) => {
                edit::move_module(inputs.preset, &self.module, node, parting).map(|step| (node.clone(), step))
            }
            Over::Canvas => {
                let at = self.ghost().map_or(self.at, |rect| rect.min);
                edit::extract(inputs.preset, &self.module, [at.x, at.y], parting)
            }
        };
        match made {
            Ok((node, step)) => {
                actions.push(Action::Edit(moving::settled(inputs, step)));
                actions.push(Action::Select(Selection::item(Item::Node(node))));
            }
            Err(problem) => actions.push(Action::Refused(problem)),
        }
    }
}

/// The service that a module would become: the size of its card, and its links.
fn becoming(inputs: &Inputs<'_>, module: &ModuleName) -> Result<(Size, Vec<Link>), Problem> {
    let (id, step) = edit::extract(inputs.preset, module, [0.0, 0.0], Parting::Shared)?;
    let mut drawn = inputs.preset.clone();
    History::default().apply(&mut drawn, step)?;
    let stage = Stage::new(&drawn, &Snapshot::default(), &Moved::default());
    let size = stage.card(&id).map(|card| card.rect.size).unwrap_or_default();
    let links = drawn.topology.links().filter(|link| link.from == id || link.to == id);
    Ok((size, links.collect()))
}

/// Paints what it would become, or what it would move into, and the chip itself.
pub(super) fn paint(ground: &Ground<'_>, carried: &Carried) {
    let below = ground.pos(carried.at) + egui::vec2(0.0, 34.0);
    match (&carried.over, &carried.alone) {
        (Over::Home, _) => {}
        (Over::Canvas, Ok((_, links))) => becomes(ground, carried, links),
        (Over::Canvas, Err(problem)) | (Over::Card(_, Some(problem)), _) => {
            overlay::plate(ground, below, &problem.message, ground.palette.failed);
        }
        (Over::Card(node, None), _) => {
            if let Some(rect) = overlay::place(ground, &Item::Node(node.clone())) {
                overlay::target(ground, rect);
            }
        }
    }
    let size = ground.inputs.stage.card(&carried.from).and_then(|card| {
        let chip = card.chips.places.iter().find(|(module, _)| *module == carried.module)?.1;
        Some(chip.size)
    });
    if let (Some(size), false) = (size, matches!((&carried.over, &carried.alone), (Over::Canvas, Ok(_)))) {
        let rect = Rect::new(carried.at.x - size.w / 2.0, carried.at.y - size.h / 2.0, size.w, size.h);
        overlay::ghost(ground, ground.rect(&rect), carried.module.as_str());
    }
}

/// The card of the new service, and its links.
fn becomes(ground: &Ground<'_>, carried: &Carried, links: &[Link]) {
    let Some(ghost) = carried.ghost() else { return };
    let card = |node: &NodeId| ground.inputs.stage.card(node).map_or(ghost, |card| card.rect);
    for link in links {
        let (from, to) = (card(&link.from), card(&link.to));
        overlay::curve(ground, &route::between(&from, &to, &to));
    }
    overlay::ghost(ground, ground.rect(&ghost), carried.module.as_str());
}
