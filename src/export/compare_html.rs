//! A comparison as a page: the table with two bars for each figure, and how each was measured. One file that needs nothing
//! else, is light or dark as its reader's system is, and prints.

use std::fmt::Write;

use crate::scene::{Ink, Theme};
use crate::telemetry::compare::{Better, Comparison, Figure, PROXIES, PROXY, number};

use super::svg::escape;

/// The look; colours come from the palette.
const STYLE: &str = "\
body { font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: var(--canvas); margin: 0 auto; padding: 24px; max-width: 1000px; }
h1 { font-size: 24px; margin: 0 0 4px; font-weight: 600; }
h2 { font-size: 17px; margin: 0; font-weight: 600; }
p { margin: 0 0 8px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px 18px; margin: 14px 0; break-inside: avoid; }
.figure { border-top: 1px solid var(--line); padding: 10px 0 8px; margin-top: 8px; break-inside: avoid; }
.name { font-weight: 600; }
.how { color: var(--faint); font-size: 13px; margin: 2px 0 0; }
.proxy { border: 1px solid var(--faint); border-radius: 4px; color: var(--faint); font-size: 12px; padding: 0 5px; margin-left: 6px; font-weight: 400; }
.better { float: right; color: var(--accent); font-size: 13px; padding-left: 12px; }
.bars { display: grid; grid-template-columns: fit-content(40%) 1fr; gap: 5px 14px; margin: 6px 0 0; font-size: 13px; }
.called { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.track { display: flex; align-items: center; gap: 8px; min-width: 0; }
.bar { height: 18px; min-width: 2px; flex: none; border-radius: 3px; box-sizing: border-box; print-color-adjust: exact; }
.bar-a { background: var(--accent); }
.bar-b { background: var(--other); border: 1px solid var(--edge); }
@page { margin: 14mm; }
@media print { body { padding: 0; max-width: none; background: none; } section { border-color: #999; } }
";

/// The variables of the style, and the inks that they are.
const INKS: [(&str, Ink); 8] = [
    ("text", Ink::Text),
    ("faint", Ink::Faint),
    ("canvas", Ink::Canvas),
    ("card", Ink::Card),
    ("line", Ink::Line),
    ("accent", Ink::Accent),
    ("other", Ink::Degraded),
    ("edge", Ink::DegradedEdge),
];

/// The width of the longest bar, in percent of the room that it shares with its number.
const LONGEST: f64 = 78.0;

/// The document.
pub fn write(comparison: &Comparison) -> String {
    let title = comparison.title();
    let mut html = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    element(&mut html, "title", "", &title);
    let (light, dark) = (variables(Theme::Light), variables(Theme::Dark));
    let _ = writeln!(
        html,
        "<style>\n:root {{ color-scheme: light dark; {light}}}\n\
         @media screen and (prefers-color-scheme: dark) {{ :root {{ {dark}}} }}\n{STYLE}</style>\n</head>\n<body>"
    );
    element(&mut html, "h1", "", &title);
    let seed = format!("Seed {}. Bars of one figure have one scale. ", comparison.seed);
    element(&mut html, "p", "how", &format!("{seed}A figure marked as a {PROXY} {PROXIES}."));
    for row in comparison.rows.iter().filter(|row| !row.figures.is_empty()) {
        html.push_str("<section>\n");
        element(&mut html, "h2", "", &row.name);
        row.figures.iter().for_each(|figure| one(&mut html, comparison, figure));
        html.push_str("</section>\n");
    }
    for (title, lines) in comparison.lists() {
        list(&mut html, title, &lines);
    }
    html.push_str("</body>\n</html>\n");
    html
}

fn variables(theme: Theme) -> String {
    let mut text = String::new();
    for (name, ink) in INKS {
        let [red, green, blue, _] = theme.ink(ink);
        let _ = write!(text, "--{name}: #{red:02x}{green:02x}{blue:02x}; ");
    }
    text
}

fn one(html: &mut String, comparison: &Comparison, figure: &Figure) {
    html.push_str("<div class=\"figure\">\n");
    let better = if figure.better == Better::Same { "" } else { "better: " };
    element(html, "span", "better", &format!("{better}{}", comparison.better(figure)));
    element(html, "span", "name", &figure.name);
    if figure.proxy {
        element(html, "span", "proxy", PROXY);
    }
    chart(html, comparison, figure);
    element(html, "p", "how", &figure.how());
    html.push_str("</div>\n");
}

/// Two bars of one scale. They are boxes, not a drawing, so that their words are as large in a narrow window.
fn chart(html: &mut String, comparison: &Comparison, figure: &Figure) {
    let most = figure.a.max(figure.b).max(f64::MIN_POSITIVE);
    let (a, b) = (&comparison.a, &comparison.b);
    html.push_str("<div class=\"bars\" role=\"img\" aria-label=\"");
    escape(html, &format!("{a}: {}, {b}: {}, {}", number(figure.a), number(figure.b), figure.unit));
    html.push_str("\">\n");
    for (class, name, value) in [("bar bar-a", a, figure.a), ("bar bar-b", b, figure.b)] {
        element(html, "span", "called", name);
        let width = value / most * LONGEST;
        let _ = write!(html, "<span class=\"track\"><span class=\"{class}\" style=\"width: {width:.1}%\"></span>");
        let _ = writeln!(html, "{}</span>", number(value));
    }
    html.push_str("</div>\n");
}

fn list(html: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    html.push_str("<section>\n");
    element(html, "h2", "", title);
    html.push_str("<ul>\n");
    lines.iter().for_each(|line| element(html, "li", "", line));
    html.push_str("</ul>\n</section>\n");
}

fn element(html: &mut String, name: &str, class: &str, text: &str) {
    let _ = if class.is_empty() { write!(html, "<{name}>") } else { write!(html, "<{name} class=\"{class}\">") };
    escape(html, text);
    let _ = writeln!(html, "</{name}>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::compare::{FORMAT, Row};

    #[test]
    fn a_page_has_every_figure_for_both_and_nothing_from_elsewhere() {
        let figure = Figure {
            name: "hops of a <checkout>".to_owned(),
            unit: "hops".to_owned(),
            measured_as: "counted".to_owned(),
            proxy: true,
            a: 2.0,
            b: 3.0,
            better: Better::A,
        };
        let row = Row { name: "Complexity".to_owned(), figures: vec![figure] };
        let (a, b) = ("monolith".to_owned(), "microservices".to_owned());
        let page = write(&Comparison {
            format: FORMAT,
            a,
            b,
            seed: 7,
            how: vec!["one after the other".to_owned()],
            rows: vec![row],
            stacks: Vec::new(),
            doubts: Vec::new(),
            left_out: Vec::new(),
        });
        for wanted in
            ["hops of a &lt;checkout&gt;", "width: 52.0%", "better: monolith", "proxy", "prefers-color-scheme"]
        {
            assert!(page.contains(wanted), "{wanted} in {page}");
        }
        assert!(!page.contains("http") && !page.contains("<script"), "{page}");
    }
}
