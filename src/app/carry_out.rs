//! Carries out what the window saw the user want.

use crate::control::snapshot::Phase;
use crate::control::{Command, Plan};
use crate::export::handout;
use crate::topology::{Act, Preset, builtin, format};
use crate::ui::action::Action;
use crate::ui::compare::Wish;
use crate::ui::gallery::Choice;
use crate::ui::time::PAST;

use super::consent::Wanted;
use super::disk::Paper;
use super::documents::Intent;
use super::draft::Draft;
use super::saving::with_extension;
use super::{App, Course, absolute, answers, drawing};

impl App {
    /// Carries one action out.
    pub(super) fn carry_out(&mut self, action: Action) {
        if action.is_about_all() {
            self.take_in_written();
        }
        match action {
            Action::Run { experiment } => self.start(experiment),
            Action::Stop => self.backend.send(Command::Stop),
            Action::Reset => self.reset(),
            Action::Act { .. } if self.again.replay().is_some() => {
                self.tell(PAST, false);
            }
            Action::Pace(pace) => self.backend.send(Command::Pace(pace)),
            Action::Spike => self.backend.send(Command::Spike),
            Action::WatchAgain(true) => self.watch_again(),
            Action::WatchAgain(false) => self.again.end(),
            Action::Act { act, on } => {
                self.after_fault = Some(done(&act));
                self.backend.send(Command::Act { act, on });
            }
            Action::Edit(edit) => {
                self.land();
                self.after_fault = None;
                match self.draft.edit(edit) {
                    Ok(()) => self.apply(),
                    Err(problem) => self.tell(problem.to_string(), true),
                }
            }
            Action::LayOut => self.lay_out(&self.context.clone()),
            Action::Refused(problem) => self.tell(problem.to_string(), true),
            Action::Undo => self.undo(),
            Action::Redo => {
                if self.draft.redo() {
                    self.apply();
                }
            }
            Action::Choose(choice) => self.want(Intent::Choose(choice)),
            Action::Select(selection) => self.view.selection = selection,
            Action::New => self.want(Intent::New),
            Action::OpenDialog => {
                let begun = self.disk.ask_to_open();
                self.say_if_busy(begun);
            }
            Action::Open(path) => self.want(Intent::Open(absolute(&path))),
            Action::Save => self.save(None),
            Action::SaveDialog => self.save_as(None),
            Action::SaveTo(path) => self.save_to(with_extension(absolute(&path)), None),
            Action::Answer(answer) => self.answer(answer),
            Action::Share => self.share(),
            Action::PasteText(text) => self.paste(&text),
            Action::SaveReport => {
                if let Some((text, name)) = self.reports.newest() {
                    let begun = self.disk.ask_to_save_paper(Paper::Report, vec![("json", text)], &name);
                    self.say_if_busy(begun);
                }
            }
            Action::SaveHandout => {
                let (text, name) = (handout::write(&self.draft.preset), format!("{}-handout", self.name()));
                let begun = self.disk.ask_to_save_paper(Paper::Handout, vec![("html", text)], &name);
                self.say_if_busy(begun);
            }
            Action::Dismiss => self.notice = None,
            Action::Compare(Wish::Save | Wish::SaveTo(_)) if self.disk.is_busy() => self.say_if_busy(false),
            Action::Compare(wish) => self.carry_out_compare(wish),
            Action::Lesson(turn) => self.lesson.turn(&self.draft.preset, turn),
        }
    }

    /// Takes what is being written in fields and on the canvas into the document, as leaving them would.
    pub(super) fn take_in_written(&mut self) {
        for step in self.view.take_written(&self.draft.preset) {
            self.carry_out(Action::Edit(step));
        }
    }

    /// Begins a run.
    pub(super) fn start(&mut self, experiment: bool) {
        if !self.may_start(Wanted::Run(experiment)) {
            return;
        }
        self.picture.clear();
        self.again.clear();
        self.lesson.run_begins(experiment);
        self.view.frozen = false;
        self.after_fault = None;
        self.course = Course::Starting;
        self.before = self.backend.snapshot();
        let name = self.name();
        let plan = Plan {
            name,
            preset: self.draft.preset.clone(),
            home: self.home(),
            scenario: experiment,
            ends: experiment,
            ..Plan::default()
        };
        self.backend.send(Command::Start(Box::new(plan)));
    }

    /// Ends what runs without a report, and forgets it.
    pub(super) fn leave(&mut self) {
        if self.phase() != Phase::Idle {
            self.backend.send(Command::Abort);
            self.course = Course::Clearing;
        }
        self.picture.clear();
        self.again.clear();
    }

    fn watch_again(&mut self) {
        if self.again.begin(drawing(&self.draft, &self.view)) {
            self.view.frozen = false;
        } else {
            self.tell("Nothing was broken in the last 20 seconds", false);
        }
    }

    fn reset(&mut self) {
        let running = matches!(self.phase(), Phase::Starting | Phase::Running | Phase::Settling);
        self.leave();
        self.notice = None;
        self.after_fault = None;
        if running {
            self.course = Course::Restarting;
        }
    }

    /// Makes the running system look like the drawing.
    pub(super) fn apply(&mut self) {
        if matches!(self.phase(), Phase::Starting | Phase::Running) && self.may_start(Wanted::Apply) {
            self.backend.send(Command::Apply(Box::new(self.draft.preset.topology.clone())));
        }
    }

    fn undo(&mut self) {
        if let Some(fault) = self.after_fault.take() {
            self.tell(format!("{fault} cannot be undone: Restart now, or Reset (R)"), false);
        } else if self.draft.undo() {
            self.apply();
        }
    }

    /// Opens a preset of the gallery.
    pub(super) fn choose(&mut self, Choice(at): Choice) {
        let Some(found) = self.gallery.get(at).and_then(|entry| builtin::by_name(&entry.name)) else { return };
        match format::read(found.text) {
            Ok(document) => {
                self.leave();
                self.chosen = Some(at);
                self.notice = None;
                self.take(Draft::of(document, None));
            }
            Err(problems) => self.tell(answers::spell("Cannot open", found.name, &problems), true),
        }
    }

    fn phase(&self) -> Phase {
        self.backend.snapshot().phase
    }

    /// The name that the title suggests for files and reports.
    pub(super) fn name(&self) -> String {
        name_of(&self.draft.preset)
    }
}

/// The name that a preset's title suggests for files and reports.
pub(super) fn name_of(preset: &Preset) -> String {
    let title = preset.title.to_lowercase();
    let words: Vec<&str> = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "preset".to_owned() } else { words.join("-") }
}

/// What was done, as the beginning of a sentence.
fn done(act: &Act) -> &'static str {
    match act {
        Act::Kill => "A kill",
        Act::Terminate => "A termination",
        Act::Pause => "A pause",
        Act::Resume => "A resume",
        Act::Restart => "A restart",
        Act::Set(_) => "A setting changed as a fault",
        Act::Crash => "A crash",
        Act::LoseData => "Loss of data",
        Act::Deploy(_) => "A deploy",
        Act::RollBack => "A roll-back",
    }
}
