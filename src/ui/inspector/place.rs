//! What a field of the inspector is about, and the step that its text stands for.

use crate::topology::edit::{self, Edit, Step};
use crate::topology::validate::validate;
use crate::topology::{GroupId, NodeId, NoteId, Preset, Problem, Severity, settings};

/// Something of the document that is written in a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// A setting of one node, or of several at once.
    Setting(Vec<NodeId>, &'static str),
    /// A setting of the run.
    Run(&'static str),
    /// The document's title.
    Title,
    /// What it shows.
    Summary,
    /// What stands on a group's frame.
    Group(GroupId),
    /// What stands on a note.
    Note(NoteId),
}

impl Place {
    /// The step that writes this text there; without edits where it says the same as before.
    pub(super) fn step(&self, preset: &Preset, text: &str) -> Result<Step, Problem> {
        let one_line = || text.split_whitespace().collect::<Vec<_>>().join(" ");
        let changed =
            |label: &str, same: bool, edit: Edit| Ok(Step::new(label, if same { Vec::new() } else { vec![edit] }));
        match self {
            Self::Setting(nodes, key) => edit::set_all(preset, nodes, key, text),
            Self::Run(key) => {
                let mut run = preset.run.clone();
                settings::set_run(&mut run, key, text)?;
                changed(&format!("change {key} of the run"), run == preset.run, Edit::SetRun(run))
            }
            Self::Title => changed("change the title", one_line() == preset.title, Edit::SetTitle(one_line())),
            Self::Summary => changed("change the summary", one_line() == preset.summary, Edit::SetSummary(one_line())),
            Self::Group(id) => edit::retitle(preset, id, text),
            Self::Note(id) => edit::set_note_text(preset, id, text),
        }
    }

    /// Whether what it is about is still in the document.
    pub(super) fn is_there(&self, preset: &Preset) -> bool {
        match self {
            Self::Setting(nodes, _) => nodes.iter().all(|node| preset.topology.node(node).is_some()),
            Self::Run(_) | Self::Title | Self::Summary => true,
            Self::Group(id) => preset.marks.group(id).is_some(),
            Self::Note(id) => preset.marks.note(id).is_some(),
        }
    }

    /// What is wrong with this text, or would be wrong in the drawing with it and is not now. What is wrong already does
    /// not count, also where it would be told of with another number.
    pub(super) fn judge(&self, preset: &Preset, known: &[Problem], text: &str) -> Option<Problem> {
        let step = match self.step(preset, text) {
            Ok(step) if step.edits.is_empty() => return None,
            Ok(step) => step,
            Err(problem) => return Some(problem),
        };
        let mut after = preset.clone();
        for edit in step.edits {
            if let Err(problem) = edit.apply(&mut after) {
                return Some(problem);
            }
        }
        let is_known = |problem: &Problem| known.iter().any(|known| known.is_same_as(problem));
        let new = validate(&after).into_iter().filter(|problem| !is_known(problem));
        new.max_by_key(|problem| problem.severity == Severity::Error)
    }
}
