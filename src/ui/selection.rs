//! What is selected on the canvas.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::scene::Follow;
use crate::telemetry::TraceId;
use crate::topology::edit::Item;
use crate::topology::{NodeId, Slot};

/// What is selected where nothing is.
static NO_ITEMS: BTreeSet<Item> = BTreeSet::new();

/// What is selected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Selection {
    /// None.
    #[default]
    Nothing,
    /// Nodes, links, groups and notes: what edits are about. Never empty. Shared, for frames hand it on and it may be all.
    Items(Arc<BTreeSet<Item>>),
    /// A replica.
    Cell(Slot),
    /// A virtual user, by node and number.
    User(NodeId, u32),
    /// A request.
    Request(TraceId),
}

impl Selection {
    /// One node.
    pub fn node(id: NodeId) -> Self {
        Self::item(Item::Node(id))
    }

    /// One item.
    pub fn item(item: Item) -> Self {
        Self::of([item].into())
    }

    /// These items, or nothing where there are none.
    pub fn of(items: BTreeSet<Item>) -> Self {
        if items.is_empty() { Self::Nothing } else { Self::Items(Arc::new(items)) }
    }

    /// The selected items, in their order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.as_set().iter()
    }

    /// The selected items as a set.
    pub fn as_set(&self) -> &BTreeSet<Item> {
        if let Self::Items(items) = self { items } else { &NO_ITEMS }
    }

    /// The selected nodes.
    pub fn nodes(&self) -> impl Iterator<Item = &NodeId> {
        self.items().filter_map(|item| if let Item::Node(node) = item { Some(node) } else { None })
    }

    /// The only selected item, when it is one.
    pub fn only(&self) -> Option<&Item> {
        let mut items = self.items();
        items.next().filter(|_| items.next().is_none())
    }

    /// Whether this item is selected.
    pub fn has(&self, item: &Item) -> bool {
        matches!(self, Self::Items(items) if items.contains(item))
    }

    /// The selection with this item in it, or without it where it was in it already.
    #[must_use]
    pub fn toggled(&self, item: Item) -> Self {
        let mut items = self.as_set().clone();
        if !items.remove(&item) {
            items.insert(item);
        }
        Self::of(items)
    }

    /// Has the requests remembered that are to be read: those of the selected user, or the selected one.
    pub(crate) fn follow(&self, follow: &mut Follow) {
        match self {
            Self::User(node, user) => {
                follow.pick(None);
                follow.follow(Some((node.clone(), *user)));
            }
            Self::Request(trace) => {
                follow.pick(Some(*trace));
                let user = follow.request(*trace).and_then(|request| request.user.clone());
                if user.is_some() {
                    follow.follow(user);
                }
            }
            Self::Nothing | Self::Items(_) | Self::Cell(_) => {
                follow.pick(None);
                follow.follow(None);
            }
        }
    }
}
