//! Edits of a preset, each with its inverse, and the history that undoes and redoes them. One step is one gesture and
//! may hold several edits.

mod item;
mod place;
mod several;
mod store;

use std::collections::VecDeque;

use super::id::LinkId;
use super::preset::RunSettings;
use super::{Link, Marks, Module, Node, NodeId, Preset, Problem, Role, settings};

pub use item::Item;
pub use place::place_all;
pub use several::set_all;
pub use store::{set_sessions, set_sessions_with_store};

/// How many steps can be undone; older ones are forgotten.
const LONGEST_HISTORY: usize = 1000;

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
}

impl Edit {
    /// Applies the edit and gives the edits that undo it, in the order in which they are applied.
    ///
    /// # Errors
    /// When it cannot be done; then nothing has changed.
    pub fn apply(self, preset: &mut Preset) -> Result<Vec<Edit>, Problem> {
        match self {
            Self::AddNode { node, position, at } => add_node(preset, node, position, at),
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
                Ok(vec![Self::SetModules(std::mem::replace(&mut preset.topology.modules, modules))])
            }
            Self::SetSummary(summary) => Ok(vec![Self::SetSummary(std::mem::replace(&mut preset.summary, summary))]),
            Self::SetTitle(title) => Ok(vec![Self::SetTitle(std::mem::replace(&mut preset.title, title))]),
        }
    }
}

fn missing(what: &str, id: &str) -> Problem {
    Problem::error(id, format!("there is no {what} {id:?}"))
}

fn add_node(
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
    let links: Vec<(usize, Link)> =
        preset.topology.links().enumerate().filter(|(_, link)| link.from == *id || link.to == *id).collect();
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

/// One gesture: what it is called in the menu, and its edits.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What was done, as in "add a cache".
    pub label: String,
    /// The edits, in order.
    pub edits: Vec<Edit>,
}

impl Step {
    /// The step that gives a node's setting this value, written as `--set` takes it.
    pub fn set(node: &NodeId, key: &str, value: impl Into<String>) -> Self {
        let edit = Edit::Set { node: node.clone(), key: key.to_owned(), value: value.into() };
        Self::new(format!("change {key} of {node}"), vec![edit])
    }

    /// A step of these edits.
    pub fn new(label: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { label: label.into(), edits }
    }

    /// Applies all edits or none, and gives the step that undoes them.
    fn apply(self, preset: &mut Preset) -> Result<Step, Problem> {
        let mut undo: Vec<Vec<Edit>> = Vec::new();
        for edit in self.edits {
            match edit.apply(preset) {
                Ok(inverse) => undo.push(inverse),
                Err(problem) => {
                    for edit in undo.into_iter().rev().flatten() {
                        // The inverse of what was just done can always be done.
                        drop(edit.apply(preset));
                    }
                    return Err(problem);
                }
            }
        }
        Ok(Step { label: self.label, edits: undo.into_iter().rev().flatten().collect() })
    }
}

/// What was done and undone to one preset.
#[derive(Debug, Clone, Default)]
pub struct History {
    done: VecDeque<Step>,
    undone: Vec<Step>,
}

impl History {
    /// Applies a step; what was undone before can no longer be redone.
    ///
    /// # Errors
    /// When one of its edits cannot be done; then nothing has changed.
    pub fn apply(&mut self, preset: &mut Preset, step: Step) -> Result<(), Problem> {
        let inverse = step.apply(preset)?;
        self.undone.clear();
        self.remember(inverse);
        Ok(())
    }

    /// Undoes the last step; its label, or `None` when there is none.
    pub fn undo(&mut self, preset: &mut Preset) -> Option<String> {
        let step = self.done.pop_back()?;
        let label = step.label.clone();
        self.undone.extend(step.apply(preset).ok());
        Some(label)
    }

    /// Does the last undone step again; its label, or `None` when there is none.
    pub fn redo(&mut self, preset: &mut Preset) -> Option<String> {
        let inverse = self.undone.pop()?.apply(preset).ok()?;
        let label = inverse.label.clone();
        self.remember(inverse);
        Some(label)
    }

    /// What `undo` would undo.
    pub fn undo_label(&self) -> Option<&str> {
        self.done.back().map(|step| step.label.as_str())
    }

    /// What `redo` would do again.
    pub fn redo_label(&self) -> Option<&str> {
        self.undone.last().map(|step| step.label.as_str())
    }

    fn remember(&mut self, inverse: Step) {
        if self.done.len() >= LONGEST_HISTORY {
            self.done.pop_front();
        }
        self.done.push_back(inverse);
    }
}

#[cfg(test)]
mod tests;
