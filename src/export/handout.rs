//! The handout: a lesson on paper. Page one has the drawing before and after, the questions and an empty table for
//! predictions; page two has the answers and a note to the teacher for each step. One HTML file that needs nothing else
//! and prints in grey.

use std::fmt::Write;

use crate::topology::lesson::{Answer, Blank, Lesson, LessonStep, Measure, Part, Until, parts};
use crate::topology::{Preset, settings};

use super::svg::{self, escape};
use super::{Colours, page};

/// The look: black on white, one column, A4 or letter.
const STYLE: &str = "\
@page { margin: 14mm; }
body { font: 11pt/1.4 sans-serif; color: #000; background: #fff; max-width: 180mm; margin: 0 auto; }
h1 { font-size: 18pt; margin: 0 0 2mm; }
h2 { font-size: 13pt; margin: 5mm 0 2mm; }
p { margin: 0 0 2mm; }
figure { margin: 2mm 0; break-inside: avoid; }
figcaption { font-size: 10pt; color: #444; }
svg { max-width: 100%; height: auto; max-height: 95mm; border: 1px solid #999; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #666; padding: 1.5mm 2mm; text-align: left; vertical-align: top; }
th { background: #eee; }
td.empty { width: 19%; height: 16mm; }
tr, section.step { break-inside: avoid; }
ol.choices { list-style: upper-alpha; margin: 1mm 0 0; padding-left: 6mm; }
.blank { border-bottom: 1px solid #000; font-style: italic; padding: 0 1mm; }
.note { border-left: 1mm solid #999; padding-left: 3mm; }
#answers { break-before: page; }
";

/// The document.
pub fn write(preset: &Preset) -> String {
    let title = if preset.title.is_empty() { "Handout" } else { &preset.title };
    let mut html = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    element(&mut html, "title", title);
    let _ = writeln!(html, "<style>\n{STYLE}</style>\n</head>\n<body>");
    element(&mut html, "h1", title);
    paragraph(&mut html, "", &preset.summary);
    drawings(&mut html, preset);
    questions(&mut html, &preset.lesson);
    answers(&mut html, &preset.lesson);
    html.push_str("</body>\n</html>\n");
    html
}

/// The drawing before and after: after the settings that the lesson changes, or to be marked by hand where it changes
/// none.
fn drawings(html: &mut String, preset: &Preset) {
    let mut after = preset.clone();
    let mut changed = Vec::new();
    for step in &preset.lesson.steps {
        if let Some(Until::Setting { node, key, value }) = &step.until
            && settings::set(&mut after, &format!("{node}.{key}"), value).is_ok()
        {
            changed.push(format!("{node}.{key} = {value}"));
        }
    }
    figure(html, preset, "Before", "Draw the users' sessions where you think they live.");
    let task = "Cross out what was killed, and draw the sessions that are left.";
    let caption = match changed.as_slice() {
        [] => task.to_owned(),
        changed => format!("With {}. {task}", changed.join(" and ")),
    };
    figure(html, &after, "After", &caption);
}

fn figure(html: &mut String, preset: &Preset, title: &str, caption: &str) {
    element(html, "h2", title);
    let page = page::idle(preset);
    let _ = write!(html, "<figure>\n{}", svg::write(page.size, &page.sheet, Colours::Paper, 1.0));
    element(html, "figcaption", caption);
    html.push_str("</figure>\n");
}

/// Every step with its question, and room for what the learner thinks and sees.
fn questions(html: &mut String, lesson: &Lesson) {
    element(html, "h2", "Questions");
    paragraph(html, "", &lesson.attempt);
    paragraph(html, "Watch: ", &lesson.watch);
    html.push_str("<table>\n<tr><th>Step</th><th>My guess</th><th>What happened</th><th>Why</th></tr>\n");
    for (index, step) in lesson.steps.iter().enumerate() {
        html.push_str("<tr><td>");
        paragraph(html, &format!("{}. ", index + 1), &step.say);
        paragraph(html, "Do: ", &step.act);
        paragraph(html, "Guess first: ", &step.predict);
        choices(html, &step.choices, |_| String::new());
        html.push_str("</td><td class=\"empty\"></td><td class=\"empty\"></td><td class=\"empty\"></td></tr>\n");
    }
    html.push_str("</table>\n");
}

/// What is right, what explains it, and what the teacher should know.
fn answers(html: &mut String, lesson: &Lesson) {
    html.push_str("<section id=\"answers\">\n");
    element(html, "h2", "Answers");
    paragraph(html, "", &lesson.why);
    for (index, step) in lesson.steps.iter().enumerate() {
        html.push_str("<section class=\"step\">\n");
        element(html, "h2", &format!("Step {}", index + 1));
        paragraph(html, "", if step.predict.is_empty() { &step.act } else { &step.predict });
        choices(html, &step.choices, |answer| match bounds(answer) {
            bounds if bounds.is_empty() => bounds,
            bounds => format!(" (right with {bounds} {})", measured(step)),
        });
        explanation(html, &step.after);
        if !step.note.is_empty() {
            html.push_str("<div class=\"note\">\n");
            paragraph(html, "For the teacher: ", &step.note);
            html.push_str("</div>\n");
        }
        html.push_str("</section>\n");
    }
    html.push_str("</section>\n");
}

/// A list of answers to choose from, each followed by a remark.
fn choices(html: &mut String, answers: &[Answer], remark: impl Fn(&Answer) -> String) {
    if answers.is_empty() {
        return;
    }
    html.push_str("<ol class=\"choices\">\n");
    for answer in answers {
        element(html, "li", &format!("{}{}", answer.says, remark(answer)));
    }
    html.push_str("</ol>\n");
}

/// When an answer is right, in words; empty when it never is.
fn bounds(answer: &Answer) -> String {
    match (answer.equals, answer.at_least, answer.at_most) {
        (Some(number), _, _) => number.to_string(),
        (None, Some(least), Some(most)) => format!("{least} to {most}"),
        (None, Some(least), None) => format!("{least} or more"),
        (None, None, Some(most)) => format!("at most {most}"),
        (None, None, None) => String::new(),
    }
}

fn measured(step: &LessonStep) -> &'static str {
    match step.measure {
        Measure::Hurt => "users hurt",
        Measure::Items => "items lost",
        Measure::LoggedOut => "sessions logged out",
        Measure::Failed => "failed requests",
    }
}

/// The explanation of a step, with blanks to fill in.
fn explanation(html: &mut String, text: &str) {
    if text.is_empty() {
        return;
    }
    html.push_str("<p>");
    for part in parts(text) {
        match part {
            Part::Words(words) => escape(html, words),
            Part::Blank(blank) => {
                let _ = write!(html, "<span class=\"blank\">{}</span>", words(blank));
            }
            Part::Unknown(name) => escape(html, &format!("{{{name}}}")),
        }
    }
    html.push_str("</p>\n");
}

/// What goes into a blank, in words.
const fn words(blank: Blank) -> &'static str {
    match blank {
        Blank::Hurt => "number of users hurt",
        Blank::Users => "number of users",
        Blank::Items => "number of items lost",
        Blank::LoggedOut => "number logged out",
        Blank::Failed => "number of failed requests",
        Blank::Held => "number of sessions that lived there",
        Blank::Place => "what was hit",
        Blank::Guess => "your guess",
        Blank::Untouched => "number of users untouched",
    }
}

/// A paragraph after a short word in bold; nothing where there is no text.
fn paragraph(html: &mut String, begin: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    html.push_str("<p>");
    if !begin.is_empty() {
        let _ = write!(html, "<b>{begin}</b>");
    }
    escape(html, text);
    html.push_str("</p>\n");
}

fn element(html: &mut String, name: &str, text: &str) {
    let _ = write!(html, "<{name}>");
    escape(html, text);
    let _ = writeln!(html, "</{name}>");
}

#[cfg(test)]
mod tests;
