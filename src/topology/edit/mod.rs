//! Edits of a preset, each with its inverse, the history that undoes and redoes them, and the steps that gestures make.
//! A step is one gesture and may hold several edits; the functions that make one look at the preset and change nothing.

mod about;
mod add;
mod align;
mod clipboard;
mod connect;
mod fix;
mod fragment;
mod free;
mod group;
mod history;
mod item;
mod module;
mod note;
mod pin;
mod place;
mod remove;
mod rename;
mod replace;
mod several;
mod starter;
mod store;
mod story;

use super::id::LinkId;
use super::preset::RunSettings;
use super::{Link, Marks, Module, Node, NodeId, Preset, Problem, Role, settings};

pub use about::about;
pub use add::{add_node, insert_on_link};
pub use align::{Axis, Edge, Rectangle, align, distribute};
pub use clipboard::{can_copy, copy, cut, duplicate, is_copied, paste};
pub use connect::{End, can_connect, connect, connect_to_new, fits, fits_on, reattach};
pub use fix::{Fix, fixes};
pub use group::{group, retitle, ungroup};
pub use history::{History, Step};
pub use item::Item;
pub use module::{Parting, extract, move_module};
pub use note::{add_note, set_note_text};
pub use pin::pin;
pub use place::{place_all, place_items, translate};
pub use remove::{can_reconnect, remove};
pub use rename::rename;
pub use replace::replace_by_program;
pub use several::set_all;
pub use starter::starter_modules;
pub use store::{set_sessions, set_sessions_with_store};
pub use story::Story;

/// One change of a preset.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Adds a node.
    AddNode {
        /// The node.
        node: Node,
        /// Its position among the nodes; at the end if `None`.
        position: Option<usize>,
        /// Where it is drawn; laid out if `None`.
        at: Option<[f32; 2]>,
    },
    /// Takes a node out, with its links and its place.
    RemoveNode(NodeId),
    /// Adds a link.
    AddLink {
        /// The link.
        link: Link,
        /// Its position among the links; at the end if `None`.
        position: Option<usize>,
    },
    /// Takes a link out.
    RemoveLink(LinkId),
    /// Draws a node elsewhere; `None` leaves it to the layout. A place may be kept for a node that is not there.
    Move {
        /// The node.
        node: NodeId,
        /// Its new place.
        to: Option<[f32; 2]>,
    },
    /// Changes a node's setting, as `--set` does.
    Set {
        /// The node.
        node: NodeId,
        /// The setting's key.
        key: String,
        /// The new value as text.
        value: String,
    },
    /// Gives a node all of these settings.
    SetRole {
        /// The node.
        node: NodeId,
        /// The role with its settings.
        role: Role,
    },
    /// Changes how the preset runs.
    SetRun(RunSettings),
    /// Renames the preset.
    SetTitle(String),
    /// Says anew what the preset shows.
    SetSummary(String),
    /// Gives the drawing these groups, notes and pins.
    SetMarks(Marks),
    /// Gives the software these modules.
    SetModules(Vec<Module>),
    /// Gives the preset this scenario, these expectations and this lesson.
    SetStory(Box<Story>),
    /// Gives a node another id, wherever it is named.
    Rename {
        /// The id that it has.
        from: NodeId,
        /// The id that it gets.
        to: NodeId,
    },
}

impl Edit {
    /// Applies the edit and gives the edits that undo it, in the order in which they are applied.
    ///
    /// # Errors
    /// When it cannot be done; then nothing has changed.
    pub fn apply(self, preset: &mut Preset) -> Result<Vec<Edit>, Problem> {
        match self {
            Self::AddNode { node, position, at } => put_node(preset, node, position, at),
            Self::RemoveNode(id) => remove_node(preset, &id),
            Self::AddLink { link, position } => {
                let id = link.id();
                let position = position.unwrap_or(usize::MAX);
                match preset.topology.insert_link(position, link) {
                    Ok(()) => Ok(vec![Self::RemoveLink(id)]),
                    Err(_) => Err(Problem::error(id.to_string(), format!("the link {id} cannot be added"))
                        .advise("both nodes must be there, and the link not yet")),
                }
            }
            Self::RemoveLink(id) => {
                let position = preset.topology.links().position(|link| link.id() == id);
                let link = preset.topology.remove_link(&id).ok_or_else(|| missing("link", &id.to_string()))?;
                Ok(vec![Self::AddLink { link, position }])
            }
            Self::Move { node, to } => {
                let before = match to {
                    Some(to) => preset.layout.insert(node.clone(), to),
                    None => preset.layout.remove(&node),
                };
                Ok(vec![Self::Move { node, to: before }])
            }
            Self::Set { node, key, value } => change_role(preset, node, |role| settings::set_role(role, &key, &value)),
            Self::SetRole { node, role } => change_role(preset, node, |before| {
                *before = role;
                Ok(())
            }),
            Self::SetRun(run) => Ok(vec![Self::SetRun(std::mem::replace(&mut preset.run, run))]),
            Self::SetMarks(marks) => Ok(vec![Self::SetMarks(std::mem::replace(&mut preset.marks, marks))]),
            Self::SetModules(modules) => {
                let before = std::mem::replace(&mut preset.topology.modules, modules.into());
                Ok(vec![Self::SetModules(before.into())])
            }
            Self::SetStory(story) => Ok(vec![Self::SetStory(Box::new(story.tell(preset)))]),
            Self::Rename { from, to } => rename::apply(preset, &from, &to),
            Self::SetSummary(summary) => Ok(vec![Self::SetSummary(std::mem::replace(&mut preset.summary, summary))]),
            Self::SetTitle(title) => Ok(vec![Self::SetTitle(std::mem::replace(&mut preset.title, title))]),
        }
    }
}

fn missing(what: &str, id: &str) -> Problem {
    Problem::error(id, format!("there is no {what} {id:?}"))
}

fn put_node(
    preset: &mut Preset,
    node: Node,
    position: Option<usize>,
    at: Option<[f32; 2]>,
) -> Result<Vec<Edit>, Problem> {
    let id = node.id.clone();
    preset.topology.insert_node(position.unwrap_or(usize::MAX), node).map_err(|node| {
        Problem::error(node.id.as_str(), format!("there is a node {:?} already", node.id.as_str()))
            .advise("give it another id")
    })?;
    // A file may hold a place for a node that is not there; undoing brings it back.
    let stale = match at {
        Some(at) => preset.layout.insert(id.clone(), at),
        None => preset.layout.get(&id).copied(),
    };
    let keep = stale.map(|to| Edit::Move { node: id.clone(), to: Some(to) });
    Ok([Edit::RemoveNode(id)].into_iter().chain(keep).collect())
}

fn remove_node(preset: &mut Preset, id: &NodeId) -> Result<Vec<Edit>, Problem> {
    let position = preset.topology.nodes().position(|node| node.id == *id);
    let links = preset.topology.links_of(id);
    let (node, _) = preset.topology.remove_node(id).ok_or_else(|| missing("node", id.as_str()))?;
    let at = preset.layout.remove(id);
    let links = links.into_iter().map(|(position, link)| Edit::AddLink { link, position: Some(position) });
    Ok([Edit::AddNode { node, position, at }].into_iter().chain(links).collect())
}

fn change_role(
    preset: &mut Preset,
    node: NodeId,
    change: impl FnOnce(&mut Role) -> Result<(), Problem>,
) -> Result<Vec<Edit>, Problem> {
    let role = preset.topology.role_mut(&node).ok_or_else(|| missing("node", node.as_str()))?;
    let before = role.clone();
    change(role).map_err(|problem| Problem { path: format!("{node}.{}", problem.path), ..problem })?;
    Ok(vec![Edit::SetRole { node, role: before }])
}

#[cfg(test)]
mod tests;
