//! Dropping something new on the canvas: what it is, from the moment that the palette gives it out until it is there.

use crate::scene::CardKind;

/// Something new that follows the pointer until it is dropped.
///
/// The palette sets it when an entry is pressed. A release of the button on the canvas drops it there; after a click on
/// the entry it stays with the pointer until the next click. Enter drops it into the middle of the view, Esc ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placing {
    /// What will be there.
    pub(crate) kind: Piece,
}

/// What can be dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A node.
    Node(CardKind),
    /// A note.
    Note,
}
