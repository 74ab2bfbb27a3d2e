//! One of two systems: its backend, its picture, and the run that goes on in it. One run follows another only when nothing
//! of the last one is left.

use std::sync::Arc;

use crate::app::{Backend, planning};
use crate::control::snapshot::Phase;
use crate::control::{Command, Plan, Snapshot};
use crate::scene::{Drawing, Moved, Picture, Rect, dots};
use crate::telemetry::report::Report;
use crate::topology::Preset;

use super::System;

/// A system and what runs of it.
pub(super) struct Half {
    pub(super) system: System,
    /// The system with the faults that both have.
    pub(super) shown: Preset,
    backend: Box<dyn Backend>,
    pub(super) picture: Picture,
    /// What is drawn: as it is run, in the places that it has in the system's drawing.
    pub(super) drawn: Preset,
    /// How many drawings there were.
    revision: u64,
    pub(super) course: Course,
    /// What the backend said last of the run before.
    before: Arc<Snapshot>,
}

/// How far a run is.
#[derive(Debug)]
pub(super) enum Course {
    /// Nothing is wanted.
    Rest,
    /// This is wanted, once nothing else runs.
    Wanted(Box<Plan>),
    /// It was asked for, and nothing was heard of it.
    Begun,
    /// It goes on.
    Going,
    /// It has ended, with its report or with the reason why there is none.
    Over(Result<Arc<Report>, String>),
}

/// Whether there may be processes.
pub(super) fn runs(snapshot: &Snapshot) -> bool {
    !matches!(snapshot.phase, Phase::Idle | Phase::Finished)
}

impl Half {
    /// A system at rest.
    pub(super) fn new(system: System, shown: Preset, backend: Box<dyn Backend>) -> Self {
        let before = backend.snapshot();
        let (drawn, picture) = (shown.clone(), planning::picture());
        Self { system, shown, backend, picture, drawn, revision: 0, course: Course::Rest, before }
    }

    /// Runs the system with the faults that both have, from the moment on at which it is told to go.
    pub(super) fn show(&mut self) {
        let preset = self.shown.clone();
        self.play(preset, true);
    }

    /// Runs a preset that was made of the system, to its end.
    pub(super) fn play(&mut self, preset: Preset, waits: bool) {
        let drawn = Preset {
            layout: self.system.preset.layout.clone(),
            lesson: self.system.preset.lesson.clone(),
            ..preset.clone()
        };
        let (name, home) = (self.system.name.clone(), self.system.home.clone());
        let plan = Plan { name, preset, home, scenario: true, ends: true, waits };
        self.rest();
        self.draw_anew(drawn);
        self.course = Course::Wanted(Box::new(plan));
        self.follow(&self.backend.snapshot());
    }

    /// Ends what runs, and shows the system as it is drawn.
    pub(super) fn rest(&mut self) {
        if runs(&self.backend.snapshot()) {
            self.backend.send(Command::Abort);
        }
        self.course = Course::Rest;
        self.draw_anew(self.shown.clone());
    }

    fn draw_anew(&mut self, preset: Preset) {
        self.picture.clear();
        self.drawn = preset;
        self.revision += 1;
    }

    /// Whether it waits for the word to go, or never will.
    pub(super) fn is_at_the_line(&self) -> bool {
        matches!(self.course, Course::Over(_)) || matches!(self.course, Course::Going) && self.backend.snapshot().waits
    }

    /// Gives the word to go.
    pub(super) fn go(&self) {
        self.backend.send(Command::Go);
    }

    /// Whether nothing of it runs, nor will.
    pub(super) fn is_clear(&self) -> bool {
        !matches!(self.course, Course::Wanted(_) | Course::Begun | Course::Going) && !runs(&self.backend.snapshot())
    }

    /// Takes news in, and moves the picture on by so many seconds of the screen's time.
    pub(super) fn advance(&mut self, seconds: f32) {
        let (snapshot, spans) = (self.backend.snapshot(), self.backend.take_spans());
        self.follow(&snapshot);
        if matches!(self.course, Course::Going | Course::Over(_)) {
            self.picture.advance(snapshot, spans, seconds);
        }
    }

    /// What follows from what the backend says.
    fn follow(&mut self, snapshot: &Arc<Snapshot>) {
        match &mut self.course {
            Course::Wanted(plan) if !runs(snapshot) => {
                self.before = Arc::clone(snapshot);
                self.backend.send(Command::Start(std::mem::take(plan)));
                self.course = Course::Begun;
            }
            // What fails at once may be over before it was ever seen to start.
            Course::Begun if runs(snapshot) || snapshot.trouble.is_some() && !Arc::ptr_eq(snapshot, &self.before) => {
                self.course = Course::Going;
                self.follow(snapshot);
            }
            Course::Going if snapshot.phase == Phase::Finished => {
                self.course = Course::Over(match (&snapshot.trouble, &snapshot.report) {
                    (Some(trouble), _) => Err(trouble.clone()),
                    (None, Some(report)) => Ok(Arc::clone(report)),
                    (None, None) => Err("it ended before there was anything to report".to_owned()),
                });
            }
            Course::Rest | Course::Wanted(_) | Course::Begun | Course::Going | Course::Over(_) => {}
        }
    }

    /// Draws the picture, as far as it is in sight.
    pub(super) fn draw(&mut self, sight: Option<Rect>) {
        let (preset, revision, moved) = (&self.drawn, Some(self.revision), &Moved::default());
        self.picture.draw(Drawing { preset, revision, moved, most_dots: dots::LEGIBLE, sight });
    }

    pub(super) fn is_moving(&self) -> bool {
        matches!(self.course, Course::Going | Course::Over(_)) && self.picture.is_moving()
    }

    /// Why it could not go on, when it could not.
    pub(super) fn trouble(&self) -> Option<&str> {
        if let Course::Over(Err(trouble)) = &self.course { Some(trouble) } else { None }
    }

    /// Ends what runs, and gives the backend to whoever waits for that.
    pub(super) fn into_backend(mut self) -> Box<dyn Backend> {
        self.rest();
        self.backend
    }
}
