//! The small menu at the end of a link that was dropped into empty space: what fits there. The chosen node and the link
//! are one step.

use egui::containers::menu::menu_style;
use egui::{Align, Key, Layout, Popup, PopupAnchor, PopupCloseBehavior, PopupKind, RichText, SetOpenCommand, vec2};

use super::Ground;
use super::wire::Wire;
use super::{ghost, listed, moving};
use crate::scene::{Card, CardKind, Point, Rect, Size};
use crate::topology::edit::{self, End, Item};
use crate::topology::{NodeId, RoleKind};
use crate::ui::View;
use crate::ui::action::Action;
use crate::ui::placing::Piece;
use crate::ui::selection::Selection;

/// How far from its card a new one is made that was asked for by a click on a port.
const BESIDE: f32 = 110.0;

/// The room that a new one is likely to take.
const ROOM: Size = Size { w: 240.0, h: 130.0 };
/// The space above it, where it is below something else.
const GAP: f32 = 28.0;
/// How far from the loose end the menu opens, in points of the screen.
const ASIDE: f32 = 10.0;

/// A link that waits for the node at its loose end.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) node: NodeId,
    pub(super) loose: End,
    /// Where the loose end is.
    pub(super) at: Point,
    /// Whether the menu was shown already.
    shown: bool,
}

impl Choice {
    /// At the end of a link that was dropped.
    pub(super) fn of(wire: &Wire) -> Self {
        Self { node: wire.fixed.clone(), loose: wire.loose, at: wire.at, shown: false }
    }

    /// Beside a card, below what lies there already.
    pub(super) fn beside(ground: &Ground<'_>, card: &Card, loose: End) -> Self {
        let place = match loose {
            End::To => Point::new(card.rect.right() + BESIDE, card.rect.center().y - ROOM.h / 2.0),
            End::From => Point::new(card.rect.min.x - BESIDE - ROOM.w, card.rect.center().y - ROOM.h / 2.0),
        };
        let mut room = Rect { min: place, size: ROOM };
        let stage = ground.inputs.stage;
        // Each pass leaves one behind.
        for _ in 0..stage.cards.len() {
            let taken = stage.cards_in(room).map(|card| card.rect.bottom()).reduce(f32::max);
            let Some(bottom) = taken else { break };
            room.min.y = bottom + GAP;
        }
        let at = if loose == End::To { room.left_middle() } else { room.right_middle() };
        Self { node: card.node.clone(), loose, at, shown: false }
    }

    /// The link as it is drawn until something is chosen.
    pub(super) fn wire(&self) -> Wire {
        Wire::new(self.node.clone(), self.loose, self.at)
    }
}

/// Shows the menu, if a link waits for it.
pub(super) fn show(ground: &Ground<'_>, view: &mut View, actions: &mut Vec<Action>) {
    let Some(choice) = &mut view.hand.choice else { return };
    let id = ground.ui.scope_id().with("what fits");
    let opened = !std::mem::replace(&mut choice.shown, true);
    let open = opened.then_some(SetOpenCommand::Bool(true));
    let kinds = edit::fits(ground.inputs.preset, &choice.node, choice.loose == End::To);
    let heading = match choice.loose {
        End::To => format!("From {} to a new", choice.node),
        End::From => format!("To {} from a new", choice.node),
    };
    let at = ground.pos(choice.at) + vec2(ASIDE, ASIDE);
    let popup = Popup::new(id, ground.ui.ctx().clone(), PopupAnchor::Position(at), ground.ui.layer_id())
        .kind(PopupKind::Menu)
        .layout(Layout::top_down_justified(Align::Min))
        .style(menu_style)
        .open_memory(open)
        .close_behavior(PopupCloseBehavior::CloseOnClick)
        .accessible_name("what fits there");
    let mut chosen = None;
    popup.show(|ui| {
        ui.set_min_width(150.0);
        ui.label(RichText::new(heading).color(ground.palette.faint).size(12.5));
        listed::show(ground, ui, opened, |ui| {
            for kind in kinds {
                let button = ui.button(word(kind));
                if button.clicked() || button.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
                    chosen = Some(kind);
                    ui.close();
                }
            }
        });
    });
    if let Some(kind) = chosen {
        make(ground, kind, view, actions);
    }
    if !Popup::is_id_open(ground.ui.ctx(), id) {
        view.hand.choice = None;
    }
}

fn make(ground: &Ground<'_>, kind: RoleKind, view: &mut View, actions: &mut Vec<Action>) {
    let Some(choice) = view.hand.choice.take() else { return };
    let preset = ground.inputs.preset;
    let size = ghost::size(preset, Piece::Node(card_kind(kind)));
    let left = if choice.loose == End::To { choice.at.x } else { choice.at.x - size.w };
    let at = [left, choice.at.y - size.h / 2.0];
    let made = edit::connect_to_new(preset, &choice.node, choice.loose == End::To, kind, at);
    match made {
        Ok((node, step)) => {
            actions.push(Action::Edit(moving::settled(ground.inputs, step)));
            actions.push(Action::Select(Selection::item(Item::Node(node))));
        }
        Err(problem) => actions.push(Action::Refused(problem)),
    }
}

fn word(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::Users => "Users",
        RoleKind::Gateway => "Gateway",
        RoleKind::Service => "Service",
        RoleKind::Cache => "Cache",
        RoleKind::Database => "Database",
        RoleKind::Program => "Program",
    }
}

const fn card_kind(kind: RoleKind) -> CardKind {
    match kind {
        RoleKind::Users => CardKind::Users,
        RoleKind::Gateway => CardKind::Gateway,
        RoleKind::Service => CardKind::Service,
        RoleKind::Cache => CardKind::Cache,
        RoleKind::Database => CardKind::Database,
        RoleKind::Program => CardKind::Program,
    }
}
