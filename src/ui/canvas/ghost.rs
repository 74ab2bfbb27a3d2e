//! How large something new will be once it is there.

use crate::control::Snapshot;
use crate::scene::{CardKind, Moved, Size, Stage};
use crate::topology::edit::{self, History};
use crate::topology::{Preset, RoleKind};
use crate::ui::placing::Piece;

/// What the text of a new note is.
pub(super) const NOTE: &str = "Note";

/// The size that a new node or note would have in this drawing.
pub(super) fn size(preset: &Preset, piece: Piece) -> Size {
    let mut drawn = preset.clone();
    let step = match piece {
        Piece::Node(kind) => edit::add_node(preset, role_kind(kind), [0.0, 0.0]).1,
        Piece::Note => edit::add_note(preset, [0.0, 0.0], NOTE).1,
    };
    let before: Vec<_> = preset.topology.nodes().map(|node| node.id.clone()).collect();
    if History::default().apply(&mut drawn, step).is_err() {
        return Size::default();
    }
    let stage = Stage::new(&drawn, &Snapshot::default(), &Moved::default());
    let rect = match piece {
        Piece::Node(_) => stage.cards.iter().find(|card| !before.contains(&card.node)).map(|card| card.rect),
        Piece::Note => stage.notes.last().map(|(_, sheet)| *sheet),
    };
    rect.map(|rect| rect.size).unwrap_or_default()
}

/// The kind of node that has this kind of card.
pub(super) const fn role_kind(kind: CardKind) -> RoleKind {
    match kind {
        CardKind::Users => RoleKind::Users,
        CardKind::Gateway => RoleKind::Gateway,
        CardKind::Service => RoleKind::Service,
        CardKind::Cache => RoleKind::Cache,
        CardKind::Database => RoleKind::Database,
        CardKind::Program => RoleKind::Program,
    }
}
