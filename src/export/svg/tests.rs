//! Documents are read back by the XML reader of the library that rasterises them.

use resvg::usvg::roxmltree::{Document, Node};

use super::*;
use crate::scene::Theme;
use crate::scene::vision::Vision;

const SIZE: Size = Size { w: 300.0, h: 100.0 };

fn draw(fill: impl FnOnce(&mut Sheet)) -> String {
    let mut sheet = Sheet::default();
    fill(&mut sheet);
    write(SIZE, &sheet, Colours::Screen(Theme::Light, Vision::Normal), 1.0)
}

/// The elements of a document behind its background.
fn elements<'a>(document: &'a Document<'a>) -> Vec<Node<'a, 'a>> {
    document.root_element().children().filter(Node::is_element).skip(1).collect()
}

fn number(node: Node<'_, '_>, name: &str) -> f32 {
    node.attribute(name).unwrap().parse().unwrap()
}

#[test]
fn a_document_has_its_size_and_its_background() {
    let svg = write(SIZE, &Sheet::default(), Colours::default(), 1.5);
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!((root.attribute("width"), root.attribute("height")), (Some("450"), Some("150")));
    assert_eq!(root.attribute("viewBox"), Some("0 0 300 100"));
    let background = root.children().find(Node::is_element).unwrap();
    assert_eq!(background.attribute("fill"), Some("#f3f5f8"));
}

#[test]
fn text_is_escaped_whatever_it_holds() {
    let nasty = "<script>&\"'\u{0}\u{7}\n]]>\u{FFFF}";
    let svg = draw(|sheet| sheet.text(Point::new(1.0, 2.0), Side::Left, nasty, 12.0, Ink::Text, None));
    let document = Document::parse(&svg).unwrap();
    assert_eq!(elements(&document)[0].text(), Some("<script>&\"'\u{FFFD}\u{FFFD} ]]>\u{FFFD}"));
}

#[test]
fn the_line_of_a_rectangle_lies_within_its_frame() {
    let frame = Rect::new(10.0, 20.0, 30.0, 40.0);
    let svg = draw(|sheet| sheet.rect(frame, 8.0, Some(Ink::Card.into()), Pen::new(4.0, Ink::Line)));
    let document = Document::parse(&svg).unwrap();
    let rect = elements(&document)[0];
    assert_eq!(
        [number(rect, "x"), number(rect, "y"), number(rect, "width"), number(rect, "rx")],
        [12.0, 22.0, 26.0, 6.0]
    );
}

#[test]
fn no_line_is_thinner_than_can_be_seen_at_any_scale() {
    for (scale, expected) in [(1.0, "0.75"), (2.0, "0.38"), (0.5, "1.5")] {
        let mut sheet = Sheet::default();
        sheet.line(vec![Point::default(), Point::new(9.0, 9.0)], Pen::new(0.1, Ink::Link));
        let svg = write(SIZE, &sheet, Colours::default(), scale);
        let document = Document::parse(&svg).unwrap();
        assert_eq!(elements(&document)[0].attribute("stroke-width"), Some(expected));
    }
}

#[test]
fn a_text_that_has_no_room_ends_in_an_ellipsis_within_it() {
    let long = "a very long name of a very small node";
    for room in [0.0, 10.0, 57.0, 120.0] {
        let mut sheet = Sheet::default();
        let runs = vec![Run::new("shop: ", Ink::Faint), Run::new(long, Ink::Text)];
        sheet.runs(Point::default(), Side::Left, 14.0, runs, room);
        let Some(Shape::Text(text)) = sheet.shapes.first() else { panic!("no text") };
        let kept: String = cut(text).into_iter().map(|run| run.text).collect();
        assert!(kept.ends_with('…'), "{kept}");
        assert!(kept == "…" || font::width(&kept) * 14.0 <= room, "{kept} in {room}");
    }
    let fits = draw(|sheet| sheet.text(Point::default(), Side::Left, long, 14.0, Ink::Text, 1000.0));
    assert!(fits.contains(long));
}

#[test]
fn struck_runs_are_struck_and_each_run_has_its_colour() {
    let svg = draw(|sheet| {
        let struck = Run { struck: true, ..Run::new("4711", Ink::Failed) };
        sheet.runs(Point::default(), Side::Middle, 12.0, vec![Run::new("pid ", Ink::Faint), struck], None);
    });
    let document = Document::parse(&svg).unwrap();
    let spans: Vec<Node<'_, '_>> = elements(&document)[0].children().filter(Node::is_element).collect();
    assert_eq!(spans[0].attribute("text-decoration"), None);
    assert_eq!(spans[1].attribute("text-decoration"), Some("line-through"));
    assert_ne!(spans[0].attribute("fill"), spans[1].attribute("fill"));
}

#[test]
fn numbers_are_short_and_never_wrong() {
    let written = [1.0, 1.005, -0.001, 2.5, f32::NAN, f32::INFINITY, 1e9].map(|value| Number(value).to_string());
    assert_eq!(written, ["1", "1", "0", "2.5", "0", "0", "1000000000"]);
}

#[test]
fn the_same_sheet_is_the_same_document_in_every_shape() {
    let all = |sheet: &mut Sheet| {
        sheet.rect(
            Rect::new(1.0, 2.0, 30.0, 40.0),
            4.0,
            Some(Ink::Dead.into()),
            Pen::new(2.0, Ink::Failed).dashed(6.0, 4.0),
        );
        sheet.circle(Point::new(50.0, 50.0), 5.0, Some(Ink::Ok.at(0.5)), None);
        sheet.polygon(
            vec![Point::new(1.0, 1.0), Point::new(9.0, 1.0), Point::new(5.0, 8.0)],
            Some(Ink::Degraded.into()),
            None,
        );
        let curve = Curve {
            from: Point::default(),
            leaving: Point::new(9.0, 0.0),
            arriving: Point::new(1.0, 9.0),
            to: Point::new(10.0, 9.0),
        };
        sheet.curve(curve, Pen::new(2.0, Ink::Link));
        sheet.line(vec![Point::default()], Pen::new(1.0, Ink::Line));
        sheet.text(Point::new(100.0, 50.0), Side::Right, "10 of 30 × − …", 16.0, Ink::Text, None);
    };
    let svg = draw(all);
    assert_eq!(svg, draw(all));
    let document = Document::parse(&svg).unwrap();
    let names: Vec<&str> = elements(&document).iter().map(|node| node.tag_name().name()).collect();
    // The dashed rectangle is a face and a line; a line of one point is none.
    assert_eq!(names, ["rect", "rect", "circle", "polygon", "path", "text"]);
}
