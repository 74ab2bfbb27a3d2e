//! The lesson's strip: the sentence of the preset, what to do next, what just happened to people, and in the end the
//! verdict.

use egui::{Grid, RichText, ScrollArea, Ui};

use crate::control::Snapshot;
use crate::control::snapshot::{ExpectationState, Phase};
use crate::scene::cells;
use crate::topology::{LessonStep, Preset};

use super::Inputs;
use super::theme::Palette;
use super::toolbar::count;

/// Draws the strip.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>) {
    ui.spacing_mut().item_spacing.y = 3.0;
    // In a narrow window the words may need more lines than the strip has.
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| tell(ui, inputs));
}

fn tell(ui: &mut Ui, inputs: &Inputs<'_>) {
    let palette = Palette::of(ui.ctx());
    let words = words(inputs);
    let colour = if words.harm { palette.failed } else { palette.text };
    ui.add(egui::Label::new(RichText::new(words.headline).size(16.0).color(colour)).wrap());
    if inputs.shown.phase == Phase::Finished && is_judged(inputs.preset, inputs.shown) {
        verdict(ui, &inputs.shown.expectations);
        return;
    }
    for (text, colour) in [(words.below, palette.text), (words.next, palette.faint)] {
        if !text.is_empty() {
            ui.add(egui::Label::new(RichText::new(text).size(14.0).color(colour)).wrap());
        }
    }
}

/// Whether the run says something about what the preset expects: it went on, and what was to be broken was broken.
fn is_judged(preset: &Preset, shown: &Snapshot) -> bool {
    let went_on = shown.trouble.is_none() && shown.started_us.is_some();
    went_on && !shown.expectations.is_empty() && (preset.scenario.is_empty() || !shown.faults.is_empty())
}

/// What the run was to show, and whether it did: two columns, in words.
fn verdict(ui: &mut Ui, expectations: &[ExpectationState]) {
    let palette = Palette::of(ui.ctx());
    let column = (ui.available_width() - 24.0) / 2.0;
    Grid::new("verdict").num_columns(2).spacing([16.0, 1.0]).show(ui, |ui| {
        for pair in expectations.chunks(2) {
            for expectation in pair {
                let (word, colour) = match expectation.holds {
                    Some(true) => ("shown", palette.ok),
                    Some(false) => ("not shown", palette.failed),
                    None => ("not measured", palette.faint),
                };
                ui.horizontal(|ui| {
                    ui.set_width(column);
                    ui.spacing_mut().item_spacing.x = 6.0;
                    ui.label(RichText::new(word).size(13.0).strong().color(colour));
                    let says = RichText::new(&expectation.says).size(13.0).color(palette.text);
                    ui.add(egui::Label::new(says).truncate());
                });
            }
            ui.end_row();
        }
    });
}

/// What the strip says.
#[derive(Debug, Default)]
struct Words {
    headline: String,
    below: String,
    next: String,
    /// Whether the headline tells of harm.
    harm: bool,
}

fn words(inputs: &Inputs<'_>) -> Words {
    let (preset, shown) = (inputs.preset, inputs.shown);
    let lesson = &preset.lesson;
    let step = step(preset, shown);
    let say = step.map(|step| step.say.clone()).filter(|say| !say.is_empty()).unwrap_or_else(|| preset.summary.clone());
    let act = step.map(|step| step.act.clone()).unwrap_or_default();
    match (shown.phase, harm(preset, shown)) {
        (Phase::Idle, _) => {
            let first = [&lesson.attempt, &act].into_iter().find(|text| !text.is_empty());
            let below = first.map_or("Press Run.", String::as_str).to_owned();
            let next = step.map(|step| step.predict.clone()).unwrap_or_default();
            Words { headline: preset.summary.clone(), below, next, harm: false }
        }
        (Phase::Finished, harm) => {
            if shown.trouble.is_some() {
                let below = "Mend what the message above says, then press Run.".to_owned();
                return Words { headline: preset.summary.clone(), below, ..Words::default() };
            }
            let people = harm.unwrap_or_else(|| format!("Nobody of {} users was hurt.", shown.sessions.users));
            let harm = shown.sessions.users_hurt > 0;
            let headline = if is_judged(preset, shown) { headline_of_end(&people, shown) } else { people };
            Words { headline, below: lesson.why.clone(), harm, ..Words::default() }
        }
        (_, Some(headline)) if lesson.why.is_empty() => Words { headline, below: say, next: act, harm: true },
        (_, Some(headline)) => Words { headline, below: lesson.why.clone(), next: format!("{say} {act}"), harm: true },
        (_, None) => Words { headline: say, below: act, ..Words::default() },
    }
}

/// The step that is due: the first before the run, then one further with each replica that was made to end.
fn step<'a>(preset: &'a Preset, shown: &Snapshot) -> Option<&'a LessonStep> {
    let steps = &preset.lesson.steps;
    let ended = shown.faults.iter().filter(|fault| matches!(fault.kind, "kill" | "terminate")).count();
    let at = if shown.phase == Phase::Idle { 0 } else { 1 + ended };
    steps.get(at).or(steps.last())
}

/// The score in people, and how much of what the preset expects was shown.
fn headline_of_end(people: &str, shown: &Snapshot) -> String {
    let all = shown.expectations.len();
    let held = shown.expectations.iter().filter(|expectation| expectation.holds == Some(true)).count();
    if held == all { format!("Lesson shown. {people}") } else { format!("{held} of {all} points shown. {people}") }
}

/// What happened to people, in a sentence; `None` while nobody was hit.
fn harm(preset: &Preset, snapshot: &Snapshot) -> Option<String> {
    let sessions = &snapshot.sessions;
    if sessions.doomed > 0 {
        let fault = snapshot.faults.iter().rev().find(|fault| fault.held.is_some_and(|held| held > 0));
        let life = fault.and_then(|fault| fault.life.as_ref());
        let place = life.map_or_else(|| "what died".to_owned(), |life| life.slot.to_string());
        let noun = if life.is_some_and(|life| cells::keeps_carts(&preset.topology, &life.slot.node)) {
            "cart"
        } else {
            "session"
        };
        let held = fault.and_then(|fault| fault.held).unwrap_or(0).max(sessions.doomed);
        let unaware = match sessions.doomed {
            1 => "1 user doesn't know yet".to_owned(),
            users => format!("{users} users don't know yet"),
        };
        return Some(format!("{} existed only in {place}. {unaware}.", count(held, noun)));
    }
    (sessions.users_hurt > 0).then(|| {
        let (hurt, users) = (sessions.users_hurt, sessions.users);
        let again = if sessions.logged_out == 0 {
            "nobody had to log in again".to_owned()
        } else {
            count(sessions.relogins, "new log-in")
        };
        format!("{hurt} of {users} users hurt, {} lost, {again}.", count(sessions.items_lost, "item"))
    })
}
