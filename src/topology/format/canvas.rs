//! Reads what is drawn and not run: groups, notes, and where everything stands.

use std::collections::BTreeMap;

use toml_edit::TableLike;

use super::reader::{Entry, Reader, join, key_span, value_of};
use crate::topology::field::{FieldValue, GROUP, NOTE, Value};
use crate::topology::{Group, GroupId, NodeId, Note, NoteId};

impl Reader<'_> {
    pub(super) fn group(&mut self, entry: &Entry<'_>) -> Option<Group> {
        let id = self.required::<GroupId>(entry, "id");
        let mut group =
            Group { id: id.clone().unwrap_or_else(GroupId::unnamed), title: String::new(), nodes: Default::default() };
        self.part(entry, &mut group, GROUP, &["id"]);
        id.map(|_| group)
    }

    pub(super) fn note(&mut self, entry: &Entry<'_>) -> Option<Note> {
        let id = self.required::<NoteId>(entry, "id");
        let mut note =
            Note { id: id.clone().unwrap_or_else(NoteId::unnamed), text: String::new(), at: Default::default() };
        self.part(entry, &mut note, NOTE, &["id"]);
        id.map(|_| note)
    }

    pub(super) fn layout(&mut self, root: &dyn TableLike) -> BTreeMap<NodeId, [f32; 2]> {
        let mut layout = BTreeMap::new();
        let Some(entry) = self.table(root, "", "layout") else { return layout };
        for (key, item) in entry.table.iter() {
            let path = join(&entry.path, key);
            let id = NodeId::from_value(&Value::Text(key.to_owned()));
            match (id, <[f32; 2]>::from_value(&value_of(item))) {
                (Ok(id), Ok(point)) => {
                    layout.insert(id, point);
                }
                (Err(refusal), _) => self.wrong(&path, key_span(entry.table, key), refusal.message, ""),
                (Ok(_), Err(_)) => {
                    let message = format!("{key}: {} is not a place", value_of(item).found());
                    self.wrong(&path, item.span(), message, "write it in points, as in [320, 0]");
                }
            }
        }
        layout
    }
}
