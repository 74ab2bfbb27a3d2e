//! Two systems side by side, each with its own picture, and the table that measuring them gives. Like the rest of the
//! window it draws what it is given and returns what the user wants.

mod bar;
pub mod choice;
mod clock;
mod halves;
mod lamps;
mod table;

use std::path::PathBuf;

use egui::{CentralPanel, Panel, Ui};

use crate::scene::{Picture, Rect};
use crate::telemetry::compare::{Comparison, Side};
use crate::topology::Preset;

use super::action::Action;
use super::notices::Notice;
use super::{View, arrange, notices, question};

pub use choice::Pick;
pub use clock::{Clock, Mark};

/// What the user wants of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Show these two side by side.
    Begin([Pick; 2]),
    /// Let both run once more, from the beginning.
    Again,
    /// Put both through the trials, and make the table.
    Measure,
    /// Give the trials up.
    Cancel,
    /// Ask for a file to save the table to.
    Save,
    /// Save the table to this file.
    SaveTo(PathBuf),
    /// Back to the document.
    Leave,
}

/// One of the two systems in a frame.
#[derive(Debug)]
pub struct Half<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What is drawn.
    pub preset: &'a Preset,
    /// What happens in it.
    pub picture: &'a Picture,
    /// What it is doing, in a few words.
    pub doing: String,
    /// Why it could not go on.
    pub trouble: Option<&'a str>,
}

/// How far measuring is.
#[derive(Debug)]
pub struct Progress {
    /// Which trial, of which system.
    pub heading: String,
    /// How long this run still takes, in seconds.
    pub run_left_s: u64,
    /// How long all of it still takes, in seconds.
    pub left_s: u64,
    /// How much of it is done, from 0 to 1.
    pub share: f32,
}

/// Everything that a frame of a comparison is drawn from.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The systems, the first at the left.
    pub halves: [Half<'a>; 2],
    /// The time of both.
    pub clock: Clock,
    /// How far measuring is, while it goes on.
    pub progress: Option<Progress>,
    /// What measuring gave.
    pub table: Option<&'a Comparison>,
    /// What must be answered before anything else.
    pub question: Option<&'a question::Question>,
    /// A message to be read and put away.
    pub notice: Option<&'a Notice>,
}

impl Inputs<'_> {
    /// Whether the table is what is seen.
    fn shows_table(&self, memory: &Memory) -> bool {
        memory.table && self.table.is_some() && self.progress.is_none()
    }

    fn names(&self) -> [&str; 2] {
        [self.halves[0].name, self.halves[1].name]
    }
}

/// What the window remembers of a comparison.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The question which two are to be compared, while it is open.
    pub(crate) choice: Option<choice::Choice>,
    /// How each of the two is looked at; made when they are.
    halves: Option<Box<[View; 2]>>,
    /// Whether the table is shown, where there is one.
    table: bool,
    /// What is written as the path to save to, for where the system has no dialog.
    path: Option<String>,
}

impl Memory {
    /// Looks at two other systems.
    pub(crate) fn start_over(&mut self) {
        *self = Self::default();
    }

    /// Shows the table once there is one.
    pub(crate) fn show_table(&mut self) {
        self.table = true;
    }

    /// Shows a field for the path to save to.
    pub(crate) fn ask_for_path(&mut self) {
        self.path.get_or_insert_default();
    }

    /// Shows the two systems.
    pub(crate) fn show_systems(&mut self) {
        self.table = false;
    }

    /// The part of one system's drawing that is seen.
    pub(crate) fn sight(&self, side: Side) -> Option<Rect> {
        self.halves.as_ref().and_then(|halves| halves[side.index()].sight)
    }
}

/// Draws a frame in place of the document's, and returns what the user did.
pub fn show(ui: &mut Ui, inputs: &Inputs<'_>, view: &mut View) -> Vec<Action> {
    let mut actions = Vec::new();
    if inputs.question.is_none() {
        read_keys(ui, inputs, &mut actions);
    }
    let bar = Panel::top("comparison").frame(arrange::bar(ui, 14, 8)).exact_size(bar::HEIGHT + 16.0);
    bar.resizable(false).show(ui, |ui| {
        bar::show(ui, inputs, &mut view.compare, &mut actions);
    });
    let memory = &mut view.compare;
    if let (Some(path), Some(_), None) = (&mut memory.path, inputs.table, &inputs.progress) {
        let bar = Panel::top("where to save").frame(arrange::bar(ui, 14, 6));
        bar.show(ui, |ui| ui.horizontal(|ui| bar::path(ui, path, &mut actions)));
    }
    if inputs.shows_table(memory) {
        CentralPanel::no_frame().show(ui, |ui| {
            if let Some(comparison) = inputs.table {
                table::show(ui, comparison);
            }
        });
    } else {
        let bar = Panel::top("common clock").frame(arrange::bar(ui, 14, 6)).exact_size(clock::HEIGHT + 12.0);
        bar.resizable(false).show(ui, |ui| clock::show(ui, inputs));
        let halves = memory.halves.get_or_insert_default();
        halves.iter_mut().for_each(|half| half.reduce_motion = view.reduce_motion);
        CentralPanel::no_frame().show(ui, |ui| halves::show(ui, inputs, halves));
    }
    if let Some(notice) = inputs.notice {
        notices::at_foot(ui, notice, &mut actions);
    }
    question::show(ui, inputs.question, &mut actions);
    actions
}

/// Esc puts a message away, then gives the trials up, then leads back.
fn read_keys(ui: &Ui, inputs: &Inputs<'_>, actions: &mut Vec<Action>) {
    if !ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Escape)) {
        return;
    }
    actions.push(if inputs.notice.is_some() {
        Action::Dismiss
    } else if inputs.progress.is_some() {
        Action::Compare(Wish::Cancel)
    } else {
        Action::Compare(Wish::Leave)
    });
}
