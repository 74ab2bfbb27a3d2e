//! What the strip shows at this moment, as plain words: sentence, question, guess beside result, and the one control that
//! is to be used next.

use crate::control::Snapshot;
use crate::control::snapshot::{LifeState, Phase};
use crate::topology::lesson::{Blank, Part, parts};
use crate::topology::{Act, LessonStep, Preset, Slot, Target, Until};

use super::deed::Likeness;
use super::outcome::Outcome;
use super::progress::{Prediction, Progress, Stage};
use super::verdict::{self, Point, Standing};
use super::{Control, telling};
use crate::scene::words::{Words, count};

/// The strip's words and what can be done in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Strip {
    /// Which step, from 1, and of how many; `None` for a lesson without steps.
    pub place: Option<(usize, usize)>,
    /// Whether there is a step before.
    pub can_go_back: bool,
    /// Whether there is a step after.
    pub can_go_on: bool,
    /// The one large sentence.
    pub headline: String,
    /// Whether it tells of harm.
    pub harm: bool,
    /// Whether it is news that can be put away.
    pub can_dismiss: bool,
    /// What stands below, in paragraphs.
    pub body: Vec<String>,
    /// The question that waits for an answer.
    pub question: Option<Question>,
    /// The guess beside the result; empty when there is neither.
    pub result: String,
    /// The words of the button that makes the change which the step asks for; empty without one.
    pub setting: String,
    /// What is to be used next.
    pub highlight: Option<Control>,
    /// What only the teacher reads.
    pub note: String,
    /// Whether the lesson has an analogy.
    pub has_analogy: bool,
    /// Whether the run is over and says something about what the preset expects.
    pub is_judged: bool,
    /// What became of each thing that the preset expects, once the run is over.
    pub points: Vec<Point>,
    /// Whether this is the end of the lesson.
    pub is_end: bool,
}

impl Strip {
    /// Whether there is anything to answer, to press or to compare below the words.
    pub fn has_row(&self) -> bool {
        self.question.is_some() || !self.setting.is_empty() || !self.result.is_empty() || self.is_end
    }
}

/// A question and how it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// How.
    pub input: Input,
    /// What is to be done after answering.
    pub then: String,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// By a number.
    Number,
    /// By a show of hands.
    Hands(Vec<Hand>),
}

/// One answer of a show of hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// `A`, `B`, `C`.
    pub letter: char,
    /// The answer in words.
    pub says: String,
    /// How many hands are up for it.
    pub count: u32,
}

/// What a strip is made from, beside the progress.
struct Now<'a> {
    preset: &'a Preset,
    shown: &'a Snapshot,
    words: Words<'a>,
    analogy: bool,
}

impl Progress {
    /// What the strip shows now.
    pub fn strip(&self, preset: &Preset, shown: &Snapshot, analogy: bool) -> Strip {
        let now = Now { preset, shown, words: Words::of(&preset.lesson, analogy), analogy };
        let steps = &preset.lesson.steps;
        let frame = Strip {
            place: (!steps.is_empty()).then(|| (self.at + 1, steps.len())),
            can_go_back: self.at > 0,
            can_go_on: self.at + 1 < steps.len(),
            note: steps.get(self.at).map(|step| step.note.clone()).unwrap_or_default(),
            has_analogy: has_analogy(preset),
            points: verdict::points(preset, shown, self.narrates),
            ..Strip::default()
        };
        match steps.get(self.at) {
            Some(step) if self.leafs => self.step(step, &now, frame),
            _ if shown.phase == Phase::Finished => self.finished(&now, frame),
            Some(step) if !self.narrates || shown.phase == Phase::Idle => self.step(step, &now, frame),
            Some(_) | None => self.narration(&now, frame),
        }
    }

    fn step(&self, step: &LessonStep, now: &Now<'_>, frame: Strip) -> Strip {
        let say = if now.analogy && !step.analogy.is_empty() { &step.analogy } else { &step.say };
        let say = if say.is_empty() { &now.preset.summary } else { say };
        let (first, rest) = first_sentence(say);
        let strip = Strip {
            headline: first.to_owned(),
            body: paragraphs(&[rest]),
            highlight: self.highlight(step, now),
            result: result(step, &self.prediction, &self.outcome, self.stage),
            is_end: !frame.can_go_on && (self.stage == Stage::Told || step.until.is_none()),
            ..frame
        };
        match self.stage {
            Stage::Asking | Stage::Doing => self.due(step, now, rest, strip),
            Stage::Unfolding => match telling::unfolding(&self.outcome, now.words) {
                Some(headline) => {
                    let harm = self.outcome.doomed > 0 || self.outcome.hurt > 0;
                    Strip { headline, harm, body: Vec::new(), ..strip }
                }
                None => strip,
            },
            Stage::Told => self.told(step, now.words, strip),
        }
    }

    /// A step that waits for the learner.
    fn due(&self, step: &LessonStep, now: &Now<'_>, rest: &str, strip: Strip) -> Strip {
        let act = if wants_run(step, now.shown) { "Press Run." } else { step.act.as_str() };
        let asking = self.stage == Stage::Asking;
        let sets = !asking && matches!(step.until, Some(Until::Setting { .. }));
        // The row says what is to be done while the question is open, and its button says it for a setting.
        let asks = if asking { step.predict.as_str() } else { "" };
        let told = if asking || sets { "" } else { act };
        let answers = if self.prediction.skipped { String::new() } else { answers(step) };
        let counts = |question: &Question| matches!(question.input, Input::Hands(_)) && !self.prediction.skipped;
        Strip {
            body: paragraphs(&[rest, asks, &answers, told]),
            question: question(step, &self.prediction, act).filter(|question| asking || counts(question)),
            setting: if sets { step.act.clone() } else { String::new() },
            ..strip
        }
    }

    fn told(&self, step: &LessonStep, words: Words<'_>, strip: Strip) -> Strip {
        let strayed = self.likeness == Some(Likeness::Other);
        let after = match (&step.until, strayed) {
            (Some(Until::Done { on, .. }), true) => {
                format!("That was {}. This step asks for {on}.", telling::place(&self.outcome))
            }
            _ => filled(&step.after, step, &self.outcome, &self.prediction),
        };
        let is_news = !self.outcome.places.is_empty() || self.outcome.hurt > 0;
        let put_away = self.dismissed && !after.is_empty();
        if is_news && !put_away {
            let headline = telling::over(&self.outcome, words);
            let body = paragraphs(&[&after]);
            return Strip { headline, harm: self.outcome.hurt > 0, can_dismiss: !body.is_empty(), body, ..strip };
        }
        if after.is_empty() {
            return strip;
        }
        let (first, rest) = first_sentence(&after);
        Strip { headline: first.to_owned(), body: paragraphs(&[rest]), ..strip }
    }

    /// A run by its scenario, or without steps: tells what happens and asks for nothing.
    fn narration(&self, now: &Now<'_>, frame: Strip) -> Strip {
        let Now { preset, shown, words, .. } = now;
        let lesson = &preset.lesson;
        if shown.phase == Phase::Idle {
            let body = if lesson.attempt.is_empty() { "Press Run.".to_owned() } else { lesson.attempt.clone() };
            let highlight = Some(Control::Run);
            return Strip { headline: preset.summary.clone(), body: vec![body], highlight, ..frame };
        }
        let is_news = !self.outcome.places.is_empty() || self.outcome.hurt > 0;
        let news = if is_news && self.over {
            Some(telling::over(&self.outcome, *words))
        } else {
            telling::unfolding(&self.outcome, *words)
        };
        let below = if news.is_some() { &lesson.why } else { &lesson.watch };
        let body = Some(below.clone()).filter(|text| !text.is_empty());
        let harm = news.is_some() && (self.outcome.hurt > 0 || self.outcome.doomed > 0);
        Strip {
            headline: news.unwrap_or_else(|| preset.summary.clone()),
            harm,
            body: body.into_iter().collect(),
            ..frame
        }
    }

    /// A run that is over: the score in people, and how much of what the preset expects was shown.
    fn finished(&self, now: &Now<'_>, frame: Strip) -> Strip {
        let Now { preset, shown, words, .. } = now;
        let frame = Strip { highlight: (!self.narrates).then_some(Control::Run), ..frame };
        if shown.trouble.is_some() {
            let body = vec!["Mend what the message above says, then press Run.".to_owned()];
            return Strip { headline: preset.summary.clone(), body, ..frame };
        }
        let whole = Outcome::measure(preset, &Snapshot::default(), &Snapshot::default(), shown, &[]);
        let people = if shown.faults.is_empty() && whole.hurt == 0 {
            format!("Nothing was broken, and nobody of {} was hurt.", count(whole.users, words.user))
        } else {
            telling::over(&whole, *words)
        };
        let is_judged = is_judged(preset, shown, &frame.points);
        let headline = verdict::headline(&people, &frame.points, shown, self.narrates);
        let why = Some(preset.lesson.why.clone()).filter(|why| !why.is_empty() && !is_judged);
        Strip { headline, harm: whole.hurt > 0, body: why.into_iter().collect(), is_judged, ..frame }
    }

    fn highlight(&self, step: &LessonStep, now: &Now<'_>) -> Option<Control> {
        let Now { preset, shown, .. } = now;
        let strayed = self.likeness == Some(Likeness::Other);
        match (self.stage, &step.until) {
            (Stage::Asking | Stage::Doing, _) if wants_run(step, shown) => Some(Control::Run),
            (Stage::Asking | Stage::Unfolding, _) | (Stage::Doing, Some(Until::Running | Until::Wait(_))) => None,
            (Stage::Doing, Some(Until::Setting { node, key, value })) => {
                Some(Control::Set { node: node.clone(), key: key.clone(), value: value.clone() })
            }
            (Stage::Doing, Some(Until::Done { act, on })) => {
                Some(Control::Act { act: act.clone(), on: one_replica(act, on, shown) })
            }
            (Stage::Told, Some(Until::Done { act, on })) if strayed => {
                Some(Control::Act { act: act.clone(), on: one_replica(act, on, shown) })
            }
            (Stage::Doing, None) | (Stage::Told, _) => {
                let is_last = self.at + 1 >= preset.lesson.steps.len();
                Some(if is_last { Control::MakeItYours } else { Control::Next })
            }
        }
    }
}

/// The first sentence of a text, and the rest.
fn first_sentence(text: &str) -> (&str, &str) {
    let end = text.match_indices(['.', '!', '?']).map(|(at, _)| at + 1).find(|&end| text[end..].starts_with(' '));
    end.map_or((text, ""), |end| (&text[..end], text[end..].trim_start()))
}

/// The texts that say something.
fn paragraphs(texts: &[&str]) -> Vec<String> {
    texts.iter().filter(|text| !text.is_empty()).map(|&text| text.to_owned()).collect()
}

/// The answers of a show of hands in one line: `A: Nobody    B: About a third`.
fn answers(step: &LessonStep) -> String {
    let answers = step.choices.iter().enumerate();
    answers.map(|(index, answer)| format!("{}: {}", letter(index), answer.says)).collect::<Vec<_>>().join("    ")
}

/// Whether the step needs a running system and there is none.
fn wants_run(step: &LessonStep, shown: &Snapshot) -> bool {
    let needs = matches!(step.until, Some(Until::Running | Until::Done { .. } | Until::Wait(_)));
    needs && matches!(shown.phase, Phase::Idle | Phase::Finished)
}

/// A node's first replica that lives: acts are done to replicas, but for deploys, which are for whole nodes.
fn one_replica(act: &Act, on: &Target, shown: &Snapshot) -> Target {
    let Target::Node(node) = on else { return on.clone() };
    if matches!(act, Act::Deploy(_) | Act::RollBack) {
        return on.clone();
    }
    let slots = shown.nodes.iter().filter(|state| state.id == *node).flat_map(|state| &state.slots);
    let alive = slots.filter(|slot| !matches!(slot.state, LifeState::Dead(_))).map(|slot| slot.slot.clone()).next();
    Target::Slot(alive.unwrap_or_else(|| Slot::new(node.clone(), 1)))
}

fn has_analogy(preset: &Preset) -> bool {
    let lesson = &preset.lesson;
    lesson.analogy != Default::default() || lesson.steps.iter().any(|step| !step.analogy.is_empty())
}

fn question(step: &LessonStep, prediction: &Prediction, act: &str) -> Option<Question> {
    if step.predict.is_empty() {
        return None;
    }
    let hand = |(index, says): (usize, &String)| Hand {
        letter: letter(index),
        says: says.clone(),
        count: prediction.hands.get(index).copied().unwrap_or_default(),
    };
    let answers = step.choices.iter().map(|answer| &answer.says).enumerate();
    let input = if step.choices.is_empty() { Input::Number } else { Input::Hands(answers.map(hand).collect()) };
    // Beside the answers of a class there is no room; the first hand that goes up brings it.
    let then = if matches!(input, Input::Number) { act.to_owned() } else { String::new() };
    Some(Question { input, then })
}

fn letter(index: usize) -> char {
    u8::try_from(index).ok().and_then(|index| b'A'.checked_add(index)).map_or('?', char::from)
}

/// The guess beside the result: `you said 12 · it was 10`, or `A 3 · B 14 · C 5, it was B`.
fn result(step: &LessonStep, prediction: &Prediction, outcome: &Outcome, stage: Stage) -> String {
    if step.predict.is_empty() {
        return String::new();
    }
    let measured = outcome.of(step.measure);
    let right = || step.choices.iter().position(|answer| answer.holds(measured)).map(letter);
    let said = match prediction.number {
        Some(number) => format!("you said {number}"),
        None if prediction.hands.iter().any(|&hands| hands > 0) => {
            let hands = prediction.hands.iter().enumerate();
            hands.map(|(index, count)| format!("{} {count}", letter(index))).collect::<Vec<_>>().join(" · ")
        }
        None => String::new(),
    };
    let was = match stage {
        Stage::Asking | Stage::Doing => return if step.choices.is_empty() { said } else { String::new() },
        Stage::Unfolding => format!("{measured} so far"),
        Stage::Told => match right() {
            Some(letter) if !said.is_empty() => return format!("{said}, it was {letter}"),
            Some(letter) => format!("it was {letter}"),
            None => format!("it was {measured}"),
        },
    };
    if said.is_empty() { was } else { format!("{said} · {was}") }
}

/// An explanation with its blanks filled.
fn filled(text: &str, step: &LessonStep, outcome: &Outcome, prediction: &Prediction) -> String {
    let fill = |part: Part<'_>| match part {
        Part::Words(words) => words.to_owned(),
        Part::Unknown(name) => format!("{{{name}}}"),
        Part::Blank(blank) => match blank {
            Blank::Hurt => outcome.hurt.to_string(),
            Blank::Users => outcome.users.to_string(),
            Blank::Untouched => outcome.spared().to_string(),
            Blank::Items => outcome.items.to_string(),
            Blank::LoggedOut => outcome.logged_out.to_string(),
            Blank::Failed => outcome.failed.to_string(),
            Blank::Held => outcome.held.to_string(),
            Blank::Place => telling::place(outcome),
            Blank::Guess => guess(step, prediction),
        },
    };
    parts(text).into_iter().map(fill).collect()
}

fn guess(step: &LessonStep, prediction: &Prediction) -> String {
    if let Some(number) = prediction.number {
        return number.to_string();
    }
    // Of equal shows of hands, the first answer.
    let most =
        prediction.hands.iter().enumerate().rev().filter(|(_, hands)| **hands > 0).max_by_key(|(_, hands)| **hands);
    let answer = most.and_then(|(index, _)| step.choices.get(index));
    answer.map_or_else(|| "nothing".to_owned(), |answer| answer.says.clone())
}

/// Whether the run says something about what the preset expects: it went on, and what was to be broken was broken.
fn is_judged(preset: &Preset, shown: &Snapshot, points: &[Point]) -> bool {
    let said = points.iter().any(|point| matches!(point.standing, Standing::Shown | Standing::NotShown));
    said && (preset.scenario.is_empty() || !shown.faults.is_empty())
}
