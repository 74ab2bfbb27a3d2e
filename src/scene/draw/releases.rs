//! What changes over: how far a deploy has come, on its node's card, and who has not learned yet of a replica that came or
//! went, on its own.

use crate::control::snapshot::{DeployOutcome, DeployState, Phase, Unlearned};
use crate::scene::Card;
use crate::scene::geometry::{Point, Rect};
use crate::scene::paint::{Ink, Run, Sheet};

use super::Frame;
use super::links::plate;

/// How long the end of a deploy stands on its card, in microseconds of run time.
const TOLD_US: u64 = 6_000_000;
/// What is learned sooner than this would only flicker, in microseconds of run time.
const NOTABLE_US: u64 = 150_000;
/// The width of a letter on a plate.
const LETTER: f32 = 6.6;

/// Draws what is to be told of the cards in this part of the world.
pub(super) fn draw(sheet: &mut Sheet, frame: &Frame<'_>, world: Rect) {
    if !matches!(frame.shown.phase, Phase::Running | Phase::Settling) {
        return;
    }
    for card in frame.stage.cards_in(world) {
        let newest = frame.shown.deploys.iter().rfind(|deploy| deploy.node == card.node);
        if let Some((words, ink)) = newest.and_then(|deploy| told(deploy, frame.display_us)) {
            on_card(sheet, frame, card, words, ink);
        }
    }
    let late: Vec<&Unlearned> = frame.shown.discovery.unlearned.iter().filter(|waits| is_late(waits, frame)).collect();
    if late.is_empty() {
        return;
    }
    for card in frame.stage.cards_in(world) {
        on_consumer(sheet, frame, card, &late);
    }
}

/// How far it has come, or how it ended, as long as that is news.
fn told(deploy: &DeployState, display_us: u64) -> Option<(String, Ink)> {
    let is_news = deploy.ended_us.is_none_or(|ended_us| display_us < ended_us.saturating_add(TOLD_US));
    let (words, ink) = match deploy.outcome {
        None => (deploy.progress_words(), Ink::Text),
        Some(DeployOutcome::Done) => (deploy.progress_words(), Ink::Ok),
        Some(DeployOutcome::Stuck) => (format!("stuck: {}", deploy.version_words()), Ink::Failed),
        Some(DeployOutcome::RolledBack) => (format!("{} rolled back", deploy.version_words()), Ink::Failed),
        Some(DeployOutcome::Unfinished) => return None,
    };
    is_news.then_some((words, ink))
}

fn on_card(sheet: &mut Sheet, frame: &Frame<'_>, card: &Card, words: String, ink: Ink) {
    let width = (16.0 + LETTER * words.chars().count() as f32).min(card.rect.size.w - 12.0);
    // On the card's lower edge, which no link enters and no title needs.
    let at = Point::new(card.rect.center().x, card.rect.bottom());
    plate(sheet, frame, at, vec![Run::new(words, ink)], width);
}

fn is_late(waits: &Unlearned, frame: &Frame<'_>) -> bool {
    frame.display_us >= waits.since_us.saturating_add(NOTABLE_US)
}

/// On the upper edge of the card that has not learned: between the cards there is no room for so many letters.
fn on_consumer(sheet: &mut Sheet, frame: &Frame<'_>, card: &Card, late: &[&Unlearned]) {
    let mut here = late.iter().filter(|waits| *waits.consumer.node() == card.node);
    // Who still sends to what is gone is in trouble; who does not know of what came only misses it.
    let Some(first) = here.clone().find(|waits| !waits.came).or_else(|| here.next()) else { return };
    let words =
        if first.came { format!("{} not known yet", first.life) } else { format!("still sends to {}", first.life) };
    let ink = if first.came { Ink::Text } else { Ink::Failed };
    let width = 16.0 + LETTER * words.chars().count() as f32;
    let at = Point::new(card.rect.center().x, card.rect.min.y - 2.0);
    plate(sheet, frame, at, vec![Run::new(words, ink)], width);
}
