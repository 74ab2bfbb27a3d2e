//! A sheet as an SVG document: complete, well-formed, and the same bytes for the same sheet. Decides nothing about what
//! is drawn, and refers to nothing outside.

use std::fmt::Write;

use crate::scene::draw::dot;
use crate::scene::geometry::{Curve, Point, Rect, Size};
use crate::scene::paint::{Run, Side, Text};
use crate::scene::{Ink, Paint, Pen, Shape, Sheet};

use super::Colours;
use super::font;

/// No line is drawn thinner than this, in pixels.
const THINNEST: f32 = 0.75;

/// A sheet of this size as an SVG document, enlarged by `scale`.
pub fn write(size: Size, sheet: &Sheet, colours: Colours, scale: f32) -> String {
    let mut svg = String::with_capacity(256 + 160 * sheet.shapes.len());
    let painter = Painter { colours, thinnest: THINNEST / scale.max(0.01) };
    let (width, height) = (Number((size.w * scale).ceil()), Number((size.h * scale).ceil()));
    let (w, h) = (Number(size.w), Number(size.h));
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {w} {h}\" \
         font-family=\"{}\" font-weight=\"300\" xml:space=\"preserve\">",
        font::FAMILIES
    );
    let everywhere = Rect { min: Point::default(), size };
    painter.rect(&mut svg, everywhere, 0.0, Some(Ink::Canvas.into()), None);
    for shape in &sheet.shapes {
        painter.shape(&mut svg, shape);
    }
    svg.push_str("</svg>\n");
    svg
}

/// Writes elements. Writing to a text in memory cannot fail, so results of `write!` are let go.
struct Painter {
    colours: Colours,
    /// The thinnest pen, in units of the sheet.
    thinnest: f32,
}

impl Painter {
    fn shape(&self, svg: &mut String, shape: &Shape) {
        match shape {
            Shape::Rect { rect, radius, fill, pen } => self.framed(svg, *rect, *radius, *fill, *pen),
            Shape::Circle { at, radius, fill, pen } => {
                let (x, y, radius) = (Number(at.x), Number(at.y), Number(radius.max(0.0)));
                let _ = write!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"");
                self.finish(svg, *fill, *pen);
            }
            Shape::Path { points, closed, fill, pen } => {
                self.path(svg, points, *closed, *fill, *pen);
            }
            Shape::Curve { curve, pen } => self.curve(svg, curve, *pen),
            Shape::Text(text) => self.text(svg, text),
            Shape::Blocks(blocks) => {
                blocks.iter().for_each(|block| self.rect(svg, block.rect, 0.0, Some(block.paint), None));
            }
            Shape::Lines(lines) => {
                for (line, points) in lines.iter() {
                    self.path(svg, points, false, None, Some(Pen::new(line.width, line.paint)));
                }
            }
            Shape::Dots { radius, dots } => {
                let mut sheet = Sheet::default();
                dots.iter().for_each(|spot| dot(&mut sheet, spot.at, *radius, spot.look, spot.opacity));
                sheet.shapes.iter().for_each(|shape| self.shape(svg, shape));
            }
        }
    }

    fn path(&self, svg: &mut String, points: &[Point], closed: bool, fill: Option<Paint>, pen: Option<Pen>) {
        if points.len() < 2 {
            return;
        }
        svg.push_str(if closed { "<polygon points=\"" } else { "<polyline points=\"" });
        for (index, point) in points.iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            let _ = write!(svg, "{gap}{},{}", Number(point.x), Number(point.y));
        }
        svg.push('"');
        self.finish(svg, fill, pen);
    }

    /// A rectangle whose line lies within the frame.
    fn framed(&self, svg: &mut String, rect: Rect, radius: f32, fill: Option<Paint>, pen: Option<Pen>) {
        let Some(pen) = pen else { return self.rect(svg, rect, radius, fill, None) };
        let inset = self.width(pen) / 2.0;
        let inner =
            Rect::new(rect.min.x + inset, rect.min.y + inset, rect.size.w - 2.0 * inset, rect.size.h - 2.0 * inset);
        // The gaps of a dashed line show the face to its very edge.
        if pen.dash.is_some() && fill.is_some() {
            self.rect(svg, rect, radius, fill, None);
            self.rect(svg, inner, radius - inset, None, Some(pen));
        } else {
            self.rect(svg, inner, radius - inset, fill, Some(pen));
        }
    }

    fn rect(&self, svg: &mut String, rect: Rect, radius: f32, fill: Option<Paint>, pen: Option<Pen>) {
        let (x, y) = (Number(rect.min.x), Number(rect.min.y));
        let (w, h) = (Number(rect.size.w.max(0.0)), Number(rect.size.h.max(0.0)));
        let _ = write!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"");
        if radius > 0.0 {
            let _ = write!(svg, " rx=\"{}\"", Number(radius));
        }
        self.finish(svg, fill, pen);
    }

    fn curve(&self, svg: &mut String, curve: &Curve, pen: Pen) {
        let _ = write!(svg, "<path d=\"M{},{} C", Number(curve.from.x), Number(curve.from.y));
        for (index, point) in [curve.leaving, curve.arriving, curve.to].into_iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            let _ = write!(svg, "{gap}{},{}", Number(point.x), Number(point.y));
        }
        svg.push('"');
        self.finish(svg, None, Some(pen));
    }

    /// The paints of an element, and its end.
    fn finish(&self, svg: &mut String, fill: Option<Paint>, pen: Option<Pen>) {
        match fill {
            Some(paint) => self.colour(svg, "fill", paint),
            None => svg.push_str(" fill=\"none\""),
        }
        if let Some(pen) = pen {
            self.colour(svg, "stroke", pen.paint);
            let _ = write!(svg, " stroke-width=\"{}\"", Number(self.width(pen)));
            if let Some((dash, gap)) = pen.dash {
                let _ = write!(svg, " stroke-dasharray=\"{} {}\"", Number(dash), Number(gap));
            }
        }
        svg.push_str("/>\n");
    }

    fn colour(&self, svg: &mut String, what: &str, paint: Paint) {
        let [red, green, blue, opacity] = self.colours.of(paint);
        let _ = write!(svg, " {what}=\"#{red:02x}{green:02x}{blue:02x}\"");
        if opacity < 255 {
            let _ = write!(svg, " {what}-opacity=\"{}\"", Number(f32::from(opacity) / 255.0));
        }
    }

    fn width(&self, pen: Pen) -> f32 {
        pen.width.max(self.thinnest)
    }

    fn text(&self, svg: &mut String, text: &Text) {
        let runs = cut(text);
        let anchor = match text.side {
            Side::Left => "start",
            Side::Middle => "middle",
            Side::Right => "end",
        };
        let (x, y) = (Number(text.at.x), Number(text.at.y + font::BASE_LINE * text.size));
        let size = Number(text.size.max(0.0));
        let _ = write!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\"");
        match runs.as_slice() {
            [run] => self.run(svg, run),
            runs => {
                svg.push('>');
                for run in runs {
                    svg.push_str("<tspan");
                    self.run(svg, run);
                    svg.push_str("</tspan>");
                }
            }
        }
        svg.push_str("</text>\n");
    }

    /// The rest of the element that holds a run, up to its end.
    fn run(&self, svg: &mut String, run: &Run) {
        self.colour(svg, "fill", run.paint);
        if run.struck {
            svg.push_str(" text-decoration=\"line-through\"");
        }
        svg.push('>');
        escape(svg, &run.text);
    }
}

/// The runs of a text, cut to its room.
fn cut(text: &Text) -> Vec<Run> {
    let em = text.size.max(f32::EPSILON);
    let whole: f32 = text.runs.iter().map(|run| font::width(&run.text)).sum();
    let Some(room) = text.room.map(|room| room / em).filter(|room| whole > *room + 1e-3) else {
        return text.runs.clone();
    };
    let mut left = room - font::advance(font::ELLIPSIS);
    let mut kept = Vec::new();
    for run in &text.runs {
        let mut part = String::new();
        for letter in run.text.chars() {
            left -= font::advance(letter);
            if left < 0.0 {
                part.truncate(part.trim_end().len());
                part.push(font::ELLIPSIS);
                kept.push(Run { text: part, ..run.clone() });
                return kept;
            }
            part.push(letter);
        }
        kept.push(Run { text: part, ..run.clone() });
    }
    kept
}

/// Adds a text to a document. What no XML document may hold becomes U+FFFD.
pub(super) fn escape(document: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => document.push_str("&amp;"),
            '<' => document.push_str("&lt;"),
            '>' => document.push_str("&gt;"),
            '"' => document.push_str("&quot;"),
            '\t' | '\n' | '\r' => document.push(' '),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => document.push('\u{FFFD}'),
            letter => document.push(letter),
        }
    }
}

/// A number with at most two decimals, never `-0`, and 0 for what is none.
struct Number(f32);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = if self.0.is_finite() { self.0 } else { 0.0 };
        let text = format!("{value:.2}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        f.write_str(if text == "-0" { "0" } else { text })
    }
}

#[cfg(test)]
mod tests;
