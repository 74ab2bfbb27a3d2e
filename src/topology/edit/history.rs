//! Steps, and what was done and undone to one preset.

use std::collections::VecDeque;

use super::Edit;
use crate::topology::{NodeId, Preset, Problem};

/// How many steps can be undone; older ones are forgotten.
const LONGEST_HISTORY: usize = 1000;

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
    /// Applies a step; what was undone before can no longer be redone. A step without edits is no step.
    ///
    /// # Errors
    /// When one of its edits cannot be done; then nothing has changed.
    pub fn apply(&mut self, preset: &mut Preset, step: Step) -> Result<(), Problem> {
        if step.edits.is_empty() {
            return Ok(());
        }
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
