//! The lesson's strip: the sentence of the preset, what to do next, and what just happened to people.

use egui::{RichText, Ui};

use crate::control::Snapshot;
use crate::control::snapshot::Phase;

use super::Inputs;
use super::theme::Palette;

/// Draws the strip.
pub(super) fn show(ui: &mut Ui, inputs: &Inputs<'_>) {
    let palette = Palette::of(ui.ctx());
    let words = words(inputs);
    ui.spacing_mut().item_spacing.y = 3.0;
    let (headline, below) = if words.harm { (palette.failed, palette.text) } else { (palette.text, palette.faint) };
    ui.add(egui::Label::new(RichText::new(words.headline).size(16.0).color(headline)).wrap());
    ui.add(egui::Label::new(RichText::new(words.below).size(14.0).color(below)).wrap());
}

/// What the strip says.
struct Words {
    headline: String,
    below: String,
    /// Whether the headline tells of harm.
    harm: bool,
}

fn words(inputs: &Inputs<'_>) -> Words {
    let lesson = &inputs.preset.lesson;
    let faults = inputs.shown.faults.iter().filter(|fault| fault.kind != "set").count();
    let step = lesson.steps.get(faults.min(lesson.steps.len().saturating_sub(1)));
    let say = step.map(|step| step.say.as_str()).filter(|say| !say.is_empty()).unwrap_or(&inputs.preset.summary);
    if inputs.shown.phase == Phase::Idle {
        let next = step.map(|step| step.predict.as_str()).filter(|text| !text.is_empty());
        let next = next.or((!lesson.attempt.is_empty()).then_some(lesson.attempt.as_str()));
        let below = next.unwrap_or("Press Run.").to_owned();
        return Words { headline: inputs.preset.summary.clone(), below, harm: false };
    }
    if let Some(harm) = harm(inputs.shown) {
        let below = if lesson.why.is_empty() { say } else { &lesson.why };
        return Words { headline: harm, below: below.to_owned(), harm: true };
    }
    let act = step.map(|step| step.act.as_str()).filter(|act| !act.is_empty()).unwrap_or(&lesson.attempt);
    Words { headline: say.to_owned(), below: act.to_owned(), harm: false }
}

/// What happened to people, in a sentence; `None` while nobody was hit.
fn harm(snapshot: &Snapshot) -> Option<String> {
    let sessions = &snapshot.sessions;
    if sessions.doomed > 0 {
        let place = snapshot.faults.iter().rev().find_map(|fault| fault.life.as_ref());
        let place = place.map_or_else(|| "what died".to_owned(), |life| life.slot.to_string());
        let aware =
            if sessions.users_hurt > 0 { format!(" {} know already.", sessions.users_hurt) } else { String::new() };
        return Some(format!(
            "{} sessions existed only in {place}: {0} users have lost them and don't know yet.{aware}",
            sessions.doomed
        ));
    }
    (sessions.users_hurt > 0).then(|| {
        format!(
            "{} of {} users hurt, {} items lost, {} logged in again.",
            sessions.users_hurt, sessions.users, sessions.items_lost, sessions.relogins
        )
    })
}
