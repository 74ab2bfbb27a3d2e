//! What is selected on the canvas.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::scene::Follow;
use crate::telemetry::TraceId;
use crate::topology::edit::Item;
use crate::topology::{NodeId, Preset, Slot};

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

    /// What an edit is about: of a replica or a user, the node.
    #[must_use]
    pub fn meant(&self) -> Self {
        match self {
            Self::Cell(slot) => Self::node(slot.node.clone()),
            Self::User(node, _) => Self::node(node.clone()),
            Self::Nothing | Self::Items(_) | Self::Request(_) => self.clone(),
        }
    }

    /// What of it there is in this drawing.
    #[must_use]
    pub fn within(&self, preset: &Preset) -> Self {
        let (topology, marks) = (&preset.topology, &preset.marks);
        let is_there = |item: &Item| match item {
            Item::Node(id) => topology.node(id).is_some(),
            Item::Link(id) => topology.has_link(id),
            Item::Group(id) => marks.group(id).is_some(),
            Item::Note(id) => marks.note(id).is_some(),
        };
        match self {
            Self::Items(items) => Self::of(items.iter().filter(|item| is_there(item)).cloned().collect()),
            Self::Cell(Slot { node, .. }) | Self::User(node, _) if topology.node(node).is_none() => Self::Nothing,
            Self::Nothing | Self::Cell(_) | Self::User(..) | Self::Request(_) => self.clone(),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::{builtin, format};

    #[test]
    fn what_is_no_longer_in_the_drawing_is_no_longer_selected() {
        let found = builtin::by_name("sticky-sessions").unwrap();
        let preset = format::read(found.text).unwrap().into_preset();
        let link = |text: &str| Item::Link(text.parse().unwrap());
        let node = |text: &str| Item::Node(text.parse().unwrap());
        let some = Selection::of([link("gate->shop"), link("gate->till"), node("till"), node("gate")].into());
        assert_eq!(some.within(&preset), Selection::of([link("gate->shop"), node("gate")].into()));
        assert_eq!(Selection::item(node("till")).within(&preset), Selection::Nothing);
        assert_eq!(Selection::Cell("till.1".parse().unwrap()).within(&preset), Selection::Nothing);
        let user = Selection::User("shoppers".parse().unwrap(), 3);
        assert_eq!(user.within(&preset), user);
    }

    #[test]
    fn of_a_replica_or_a_user_the_node_is_meant() {
        let shop = Selection::node("shop".parse().unwrap());
        assert_eq!(Selection::Cell("shop.2".parse().unwrap()).meant(), shop);
        assert_eq!(Selection::User("shop".parse().unwrap(), 2).meant(), shop);
        assert_eq!(shop.meant(), shop);
    }
}
