//! Handouts of every built-in preset, and of one with everything in it.

use super::*;
use crate::topology::{builtin, format};

fn handout(text: &str) -> String {
    let document = format::read(text).unwrap();
    write(document.preset())
}

/// A built-in preset with one more step.
fn with_step(step: &str) -> String {
    let text = builtin::by_name("sticky-sessions").unwrap().text;
    let (before, after) = text.split_once("[layout]").unwrap();
    handout(&format!("{before}{step}\n[layout]{after}"))
}

#[test]
fn every_preset_has_each_of_its_steps_on_both_pages() {
    for builtin in builtin::all() {
        let html = handout(builtin.text);
        let (questions, answers) = html.split_once("<section id=\"answers\">").unwrap();
        let steps = format::read(builtin.text).unwrap().preset().lesson.steps.len();
        assert_eq!(questions.matches("<tr><td>").count(), steps, "{}", builtin.name);
        assert_eq!(answers.matches("<section class=\"step\">").count(), steps, "{}", builtin.name);
        assert_eq!(questions.matches("<svg").count(), 2);
    }
}

#[test]
fn nothing_in_it_has_a_colour_or_lies_elsewhere() {
    for builtin in builtin::all() {
        let html = handout(builtin.text);
        for part in html.split('#').skip(1) {
            let digits = part.chars().take_while(char::is_ascii_hexdigit).collect::<String>();
            if digits.len() == 6 {
                assert!(digits[..2] == digits[2..4] && digits[2..4] == digits[4..], "#{digits} is a colour");
            }
        }
        let addresses = html.matches("://").count();
        assert_eq!(addresses, html.matches("http://www.w3.org/2000/svg").count(), "only the name of SVG");
        assert!(!html.contains("<script") && !html.contains("<link") && !html.contains("<img"));
    }
}

#[test]
fn answers_and_the_teachers_note_are_on_page_two_only() {
    let html = with_step(
        "[[lesson.step]]\nsay = \"One <more>.\"\ndo = \"Unplug shop.1\"\npredict = \"How many?\"\n\
         choices = [{ says = \"None\", equals = 0 }, { says = \"Some\", at_least = 1, at_most = 15 }]\n\
         after = \"{hurt} of {users} & no more.\"\nnote = \"Wait for it.\"\n",
    );
    let (questions, answers) = html.split_once("<section id=\"answers\">").unwrap();
    assert!(questions.contains("One &lt;more&gt;.") && questions.contains("<li>Some</li>"), "{questions}");
    assert!(!questions.contains("Wait for it."));
    for words in ["Wait for it.", "<li>Some (right with 1 to 15 users hurt)</li>", "number of users hurt</span> of"] {
        assert!(answers.contains(words), "{words}: {answers}");
    }
}

#[test]
fn the_drawing_after_has_the_settings_that_the_lesson_changes() {
    let plain = handout(builtin::by_name("one-server").unwrap().text);
    assert!(plain.contains("<figcaption>Cross out"));
    let html = with_step("[[lesson.step]]\nsay = \"Move them.\"\nuntil = \"shop.replicas = 2\"\n");
    assert!(html.contains("shop.replicas = 2. Cross out"), "{html}");
    let drawings: Vec<&str> = html.split("<svg").skip(1).collect();
    let body = |index: usize| drawings[index].split_once("</svg>").map(|(body, _)| body);
    assert_ne!(body(0), body(1));
    let plain: Vec<&str> = plain.split("<svg").skip(1).collect();
    assert_eq!(
        plain[0].split_once("</svg>").map(|(body, _)| body),
        plain[1].split_once("</svg>").map(|(body, _)| body)
    );
}
