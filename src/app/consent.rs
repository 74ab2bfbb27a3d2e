//! Programs of a drawing are not started before somebody has allowed exactly these commands. What was allowed holds for
//! this document and this window, and is kept nowhere.

use std::path::{Path, PathBuf};

use crate::control::Home;
use crate::topology::NodeId;
use crate::ui::question::{Answer, Question, Row};

use super::{App, Course};

/// What is wanted once the programs are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A run, with or without the experiment.
    Run(bool),
    /// The running system is to look like the drawing.
    Apply,
}

/// One document: the built-in preset, or the file.
type Document = (Option<String>, Option<PathBuf>);

/// What was allowed since the window opened.
#[derive(Debug, Default)]
pub(super) struct Consent(Vec<(Document, NodeId, String)>);

impl App {
    /// Whether every command of the drawing was allowed; if not, asks for it, and what is wanted waits for the answer.
    pub(super) fn may_start(&mut self, wanted: Wanted) -> bool {
        let commands = self.unallowed();
        if commands.is_empty() {
            return true;
        }
        self.course = Course::Steady;
        self.desk.ask_for_programs(question(commands, wanted, &self.folder()), wanted);
        false
    }

    /// The question was answered with yes.
    pub(super) fn allow(&mut self, wanted: Wanted) {
        let document = self.document();
        let commands = self.unallowed();
        self.consent.0.extend(commands.into_iter().map(|(node, command)| (document.clone(), node, command)));
        match wanted {
            Wanted::Run(experiment) => self.start(experiment),
            Wanted::Apply => self.apply(),
        }
    }

    /// The question was answered with no.
    pub(super) fn refuse(&mut self, wanted: Wanted) {
        let words = match wanted {
            Wanted::Run(_) => "Nothing was started: the programs of this drawing were not allowed",
            Wanted::Apply => {
                "The drawing has a program that was not allowed, so what runs stays as it was. Undo (Ctrl+Z) takes it back"
            }
        };
        self.tell(words, false);
    }

    fn unallowed(&self) -> Vec<(NodeId, String)> {
        let document = self.document();
        let is_allowed = |(node, command): &(NodeId, String)| {
            let mut allowed = self.consent.0.iter();
            allowed.any(|(of, named, known)| *of == document && named == node && known == command)
        };
        self.draft.preset.topology.commands().into_iter().filter(|command| !is_allowed(command)).collect()
    }

    fn document(&self) -> Document {
        (self.builtin(), self.draft.path.clone())
    }

    /// Where the programs of the document are.
    pub(super) fn home(&self) -> Home {
        match (self.draft.path.as_deref().and_then(Path::parent), self.builtin()) {
            (Some(folder), _) => Home::Folder(folder.to_owned()),
            (None, Some(name)) => Home::Builtin(name),
            (None, None) => Home::Here,
        }
    }

    fn folder(&self) -> String {
        match self.home() {
            Home::Folder(folder) => format!("in {}", folder.display()),
            Home::Builtin(_) => "in a folder of the run, with the files that come with this preset".to_owned(),
            Home::Here => "in the folder in which Brownout was started".to_owned(),
        }
    }
}

fn question(commands: Vec<(NodeId, String)>, wanted: Wanted, folder: &str) -> Question {
    let title = match commands.len() {
        1 => "Start this program?".to_owned(),
        count => format!("Start these {count} programs?"),
    };
    let then = if wanted == Wanted::Apply { "They would start now" } else { "Nothing is started before you answer" };
    let row = |(node, command): (NodeId, String)| Row { name: node.to_string(), detail: command, answers: Vec::new() };
    Question {
        title,
        text: format!(
            "The drawing starts commands on this machine, with all that you may do yourself, {folder}. {then}. Allow only \
             what you trust."
        ),
        rows: commands.into_iter().map(row).collect(),
        answers: vec![Answer::Allow, Answer::Cancel],
    }
}
