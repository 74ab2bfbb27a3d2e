//! Which two systems are meant: the open document, built-in presets, files. Nothing begins before both are read, sound, and
//! their programs allowed.

use std::path::{Path, PathBuf};

use crate::app::consent;
use crate::app::{App, absolute, answers};
use crate::control::Home;
use crate::topology::format::{self, Document};
use crate::topology::{Preset, Problem, Severity, builtin};
use crate::ui::compare::Pick;

/// A system to be compared.
#[derive(Debug, Clone)]
pub(in crate::app) struct System {
    /// What it is called.
    pub(in crate::app) name: String,
    pub(in crate::app) preset: Preset,
    /// Where its programs are.
    pub(in crate::app) home: Home,
    /// Whose programs they are.
    pub(in crate::app) document: consent::Document,
}

/// What a comparison waits for.
#[derive(Debug, Default)]
pub(in crate::app) enum Awaited {
    /// Nothing.
    #[default]
    Nothing,
    /// The files among these are read.
    Files([Pick; 2]),
    /// Whether the programs of these may start.
    Consent(Box<[System; 2]>),
}

impl App {
    /// Two systems were chosen.
    pub(in crate::app) fn pick(&mut self, picks: [Pick; 2]) {
        let picks = picks.map(|pick| if let Pick::File(path) = pick { Pick::File(absolute(&path)) } else { pick });
        let path = |pick: &Pick| if let Pick::File(path) = pick { Some(path.clone()) } else { None };
        let paths: Vec<PathBuf> = picks.iter().filter_map(path).collect();
        if paths.is_empty() {
            return self.compare_picked(&picks, &[]);
        }
        self.awaited = Awaited::Files(picks);
        let begun = self.disk.read(paths);
        self.say_if_busy(begun);
    }

    /// The files of a comparison were read.
    pub(in crate::app) fn picked_files_read(&mut self, files: &[(PathBuf, Vec<u8>)]) {
        if let Awaited::Files(picks) = std::mem::take(&mut self.awaited) {
            self.compare_picked(&picks, files);
        }
    }

    fn compare_picked(&mut self, picks: &[Pick; 2], files: &[(PathBuf, Vec<u8>)]) {
        let [a, b] = picks;
        match (self.system(a, files), self.system(b, files)) {
            (Ok(a), Ok(mut b)) => {
                if a.name == b.name {
                    b.name += " (B)";
                }
                self.compare_allowed([a, b]);
            }
            (Err(message), _) | (_, Err(message)) => self.tell(message, true),
        }
    }

    /// Shows two systems, once the programs of both were allowed.
    pub(in crate::app) fn compare_allowed(&mut self, systems: [System; 2]) {
        if self.may_compare(&systems) {
            self.compare(systems);
        } else {
            self.awaited = Awaited::Consent(Box::new(systems));
        }
    }

    /// Whether the programs of a comparison may start was answered.
    pub(in crate::app) fn take_awaited(&mut self) -> Option<[System; 2]> {
        if let Awaited::Consent(systems) = std::mem::take(&mut self.awaited) { Some(*systems) } else { None }
    }

    fn system(&self, pick: &Pick, files: &[(PathBuf, Vec<u8>)]) -> Result<System, String> {
        match pick {
            Pick::Open => Ok(self.open_system()),
            Pick::Builtin(name) => {
                let found = builtin::by_name(name).ok_or_else(|| format!("There is no built-in preset {name}"))?;
                let document = format::read(found.text).map_err(|problems| spell(name, &problems))?;
                let home = Home::Builtin(name.clone());
                let of = (Some(name.clone()), None);
                Ok(System { name: name.clone(), preset: sound(name, document)?, home, document: of })
            }
            Pick::File(path) => {
                let bytes = files.iter().find(|(of, _)| of == path).map_or(&[][..], |(_, bytes)| bytes);
                let name = path.display().to_string();
                let (document, _) = answers::read(bytes).map_err(|problems| spell(&name, &problems))?;
                let home = path.parent().map_or(Home::Here, |folder| Home::Folder(folder.to_owned()));
                let of = (None, Some(path.clone()));
                Ok(System { name: stem(path), preset: sound(&name, document)?, home, document: of })
            }
        }
    }

    /// The open document as a system. Whether it can run was looked at before it could be chosen.
    fn open_system(&self) -> System {
        let name = self.draft.path.as_deref().map(stem).or_else(|| self.builtin()).unwrap_or_else(|| self.name());
        let changed = if self.draft.dirty { ", changed" } else { "" };
        let (preset, home, document) = (self.draft.preset.clone(), self.home(), self.document());
        System { name: name + changed, preset, home, document }
    }
}

/// What was read, if it can run.
fn sound(name: &str, document: Document) -> Result<Preset, String> {
    let mut problems = document.check();
    problems.retain(|problem| problem.severity == Severity::Error);
    if problems.is_empty() { Ok(document.into_preset()) } else { Err(spell(name, &problems)) }
}

fn spell(name: &str, problems: &[Problem]) -> String {
    answers::spell("Cannot compare", name, problems)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
