//! Programs of a drawing are not started before somebody has allowed exactly these commands. What was allowed holds for
//! this document and this window, and is kept nowhere.

use std::path::{Path, PathBuf};

use crate::control::Home;
use crate::topology::{NodeId, Preset};
use crate::ui::question::{Answer, Question, Row};

use super::compare::System;
use super::{App, Course};

/// What is wanted once the programs are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A run, with or without the experiment.
    Run(bool),
    /// The running system is to look like the drawing.
    Apply,
    /// Two systems side by side.
    Compare,
}

/// One document: the built-in preset, or the file.
pub(super) type Document = (Option<String>, Option<PathBuf>);

/// A program: its node and its command.
type Program = (NodeId, String);

/// What was allowed since the window opened.
#[derive(Debug, Default)]
pub(super) struct Consent(Vec<(Document, Program)>);

impl Consent {
    /// The programs of a document that were not allowed.
    fn lacks(&self, document: &Document, preset: &Preset) -> Vec<Program> {
        let is_allowed = |program: &Program| self.0.iter().any(|(of, known)| of == document && known == program);
        preset.topology.commands().into_iter().filter(|program| !is_allowed(program)).collect()
    }

    /// Allows all of them.
    fn allow(&mut self, document: &Document, preset: &Preset) {
        let programs = self.lacks(document, preset);
        self.0.extend(programs.into_iter().map(|program| (document.clone(), program)));
    }
}

impl App {
    /// Whether every command of the drawing was allowed; if not, asks for it, and what is wanted waits for the answer.
    pub(super) fn may_start(&mut self, wanted: Wanted) -> bool {
        let programs = self.consent.lacks(&self.document(), &self.draft.preset);
        if programs.is_empty() {
            return true;
        }
        self.course = Course::Steady;
        self.desk.ask_for_programs(question("The drawing", programs, wanted, &folder(&self.home())), wanted);
        false
    }

    /// Whether every command of two systems was allowed; if not, asks for those of one, and both wait for the answer.
    pub(super) fn may_compare(&mut self, systems: &[System; 2]) -> bool {
        let asked = systems.iter().map(|system| (system, self.consent.lacks(&system.document, &system.preset)));
        let Some((system, programs)) = asked.into_iter().find(|(_, programs)| !programs.is_empty()) else {
            return true;
        };
        let question = question(&system.name, programs, Wanted::Compare, &folder(&system.home));
        self.desk.ask_for_programs(question, Wanted::Compare);
        false
    }

    /// The question was answered with yes.
    pub(super) fn allow(&mut self, wanted: Wanted) {
        if wanted == Wanted::Compare {
            let Some(systems) = self.take_awaited() else { return };
            let asked = systems.iter().find(|system| !self.consent.lacks(&system.document, &system.preset).is_empty());
            asked.into_iter().for_each(|system| self.consent.allow(&system.document, &system.preset));
            return self.compare_allowed(systems);
        }
        let document = self.document();
        self.consent.allow(&document, &self.draft.preset);
        match wanted {
            Wanted::Run(experiment) => self.start(experiment),
            Wanted::Apply | Wanted::Compare => self.apply(),
        }
    }

    /// The question was answered with no.
    pub(super) fn refuse(&mut self, wanted: Wanted) {
        let words = match wanted {
            Wanted::Run(_) => "Nothing was started: the programs of this drawing were not allowed",
            Wanted::Compare => "Nothing was started: the programs of one of the two were not allowed",
            Wanted::Apply => {
                "The drawing has a program that was not allowed, so what runs stays as it was. Undo (Ctrl+Z) takes it back"
            }
        };
        self.tell(words, false);
    }

    pub(super) fn document(&self) -> Document {
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
}

fn folder(home: &Home) -> String {
    match home {
        Home::Folder(folder) => format!("in {}", folder.display()),
        Home::Builtin(_) => "in a folder of the run, with the files that come with this preset".to_owned(),
        Home::Here => "in the folder in which Brownout was started".to_owned(),
    }
}

/// The question whether what somebody starts may be started.
fn question(who: &str, programs: Vec<Program>, wanted: Wanted, folder: &str) -> Question {
    let title = match programs.len() {
        1 => "Start this program?".to_owned(),
        count => format!("Start these {count} programs?"),
    };
    let then = if wanted == Wanted::Apply { "They would start now" } else { "Nothing is started before you answer" };
    let row = |(node, command): Program| Row { name: node.to_string(), detail: command, answers: Vec::new() };
    Question {
        title,
        text: format!(
            "{who} starts commands on this machine, with all that you may do yourself, {folder}. {then}. Allow only \
             what you trust."
        ),
        rows: programs.into_iter().map(row).collect(),
        answers: vec![Answer::Allow, Answer::Cancel],
    }
}
