//! Two systems side by side: both shown at once, or measured one run at a time. Each has a backend and a picture of its
//! own, beside those of the document, which waits untouched. What is run, and what comes of it, is `telemetry::compare`'s.

mod half;
mod measuring;
mod picks;
mod told;

use std::io;

use crate::telemetry::compare::{Comparison, Measurement, Side, side_by_side};
use crate::ui::compare::{self, Wish};

use super::disk::Paper;
use super::{App, Backend, absolute};
use crate::export::{compare_html, compare_text};
use half::Half;
pub(super) use picks::{Awaited, System};

/// While something is measured, a frame is drawn this often if there is no news.
const SELDOM: std::time::Duration = std::time::Duration::from_millis(100);

/// What the two are doing.
#[derive(Debug)]
enum Course {
    /// Both run at once, from the same moment on. Whether they were told to go.
    Shown(bool),
    /// The trials are run.
    Measured(Box<Measurement>),
    /// Nothing runs.
    AtRest,
}

/// Two systems, beside the document.
pub(super) struct Compared {
    halves: [Half; 2],
    course: Course,
    table: Option<Comparison>,
}

impl Compared {
    /// Begins to show two systems.
    fn begin([a, b]: [System; 2], backend: &dyn Backend) -> io::Result<Self> {
        let [shown_a, shown_b] = side_by_side(&a.preset, &b.preset);
        let halves = [Half::new(a, shown_a, backend.beside()?), Half::new(b, shown_b, backend.beside()?)];
        let mut compared = Self { halves, course: Course::AtRest, table: None };
        compared.show();
        Ok(compared)
    }

    /// Starts both; they go when both are ready.
    fn show(&mut self) {
        self.halves.iter_mut().for_each(Half::show);
        self.course = Course::Shown(false);
    }

    /// Ends what runs.
    fn rest(&mut self) {
        self.halves.iter_mut().for_each(Half::rest);
        self.course = Course::AtRest;
    }

    /// Takes news in and goes on. Whether a table has come of it.
    fn advance(&mut self, seconds: f32) -> bool {
        self.halves.iter_mut().for_each(|half| half.advance(seconds));
        match &mut self.course {
            Course::Shown(gone) if !*gone && self.halves.iter().all(Half::is_at_the_line) => {
                self.halves.iter().for_each(Half::go);
                *gone = true;
            }
            Course::Measured(measurement) => {
                if measuring::go_on(measurement, &mut self.halves) {
                    self.table = Some(measurement.comparison());
                    self.rest();
                    return true;
                }
            }
            Course::Shown(_) | Course::AtRest => {}
        }
        false
    }

    /// Draws both pictures.
    fn draw(&mut self, memory: &compare::Memory) {
        for side in Side::BOTH {
            self.halves[side.index()].draw(memory.sight(side));
        }
    }

    fn is_moving(&self) -> bool {
        self.halves.iter().any(Half::is_moving)
    }

    /// What is compared, for the window's title.
    pub(super) fn headline(&self) -> String {
        let [a, b] = self.names();
        let doing = if matches!(self.course, Course::Measured(_)) { "measuring " } else { "" };
        format!("{doing}{a} and {b} – Brownout")
    }

    fn names(&self) -> [&str; 2] {
        let [a, b] = &self.halves;
        [&a.system.name, &b.system.name]
    }
}

/// A table in every form in which it is saved.
fn texts(table: &Comparison) -> Vec<(&'static str, String)> {
    vec![("html", compare_html::write(table)), ("json", compare_text::json(table))]
}

impl App {
    /// Does what is wanted of a comparison.
    pub(super) fn carry_out_compare(&mut self, wish: Wish) {
        match (wish, &mut self.compared) {
            (Wish::Begin(picks), None) => self.pick(picks),
            (Wish::Again, Some(compared)) => compared.show(),
            (Wish::Measure, Some(compared)) => compared.measure(),
            (Wish::Cancel, Some(compared)) => {
                compared.rest();
                self.tell("Measuring was given up: there is no table of it", false);
            }
            (Wish::Save, Some(compared)) => {
                if let Some(table) = &compared.table {
                    let name = format!("{}-and-{}", table.a, table.b);
                    self.disk.ask_to_save_paper(Paper::Comparison, texts(table), &name);
                }
            }
            (Wish::SaveTo(path), Some(compared)) => {
                if let Some(table) = &compared.table {
                    self.disk.save_new_paper(Paper::Comparison, absolute(&path), texts(table));
                }
            }
            (Wish::Leave, Some(_)) => {
                self.notice = None;
                self.leaving.extend(
                    self.compared.take().into_iter().flat_map(|compared| compared.halves).map(Half::into_backend),
                );
            }
            (Wish::SaveTo(_), None)
            | (Wish::Begin(_), Some(_))
            | (Wish::Again | Wish::Measure | Wish::Cancel | Wish::Save | Wish::Leave, None) => {}
        }
    }

    /// Shows two systems, whose programs were all allowed.
    pub(super) fn compare(&mut self, systems: [System; 2]) {
        self.leave();
        self.notice = None;
        self.view.compare.start_over();
        match Compared::begin(systems, &*self.backend) {
            Ok(compared) => self.compared = Some(compared),
            Err(error) => self.tell(format!("Nothing can be compared now: {error}"), true),
        }
    }

    /// Goes on with a comparison, and lets go of what one left behind once nothing of it runs.
    pub(super) fn advance_compared(&mut self, context: &egui::Context, seconds: f32) {
        self.leaving.retain(|backend| half::runs(&backend.snapshot()));
        let Some(compared) = &mut self.compared else { return };
        if compared.advance(seconds) {
            self.view.compare.show_table();
            context.request_repaint();
        }
        if compared.is_moving() {
            // What is measured is to have the processor; what is looked at is to move evenly.
            let is_measured = matches!(compared.course, Course::Measured(_));
            context.request_repaint_after(if is_measured { SELDOM } else { super::FRAME });
        }
    }

    /// Draws a frame of a comparison, and carries out what the user did in it.
    pub(super) fn show_compared(&mut self, ui: &mut egui::Ui) {
        let Some(compared) = &mut self.compared else { return };
        compared.draw(&self.view.compare);
        let inputs = compare::Inputs {
            halves: compared.told_halves(),
            clock: compared.clock(),
            progress: compared.progress(),
            table: compared.table.as_ref(),
            question: self.desk.question(),
            notice: self.notice.as_ref(),
        };
        let actions = compare::show(ui, &inputs, &mut self.view);
        if !actions.is_empty() {
            ui.request_repaint();
        }
        for action in actions {
            self.carry_out(action);
        }
    }
}
