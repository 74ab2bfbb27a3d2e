//! Pictures have their size, their colours, and their text in the embedded fonts.

use super::*;
use crate::export::{Colours, svg};
use crate::scene::geometry::{Point, Size};
use crate::scene::paint::Side;
use crate::scene::{Ink, Sheet, Theme};

const SIZE: Size = Size { w: 200.0, h: 50.0 };

fn picture(text: &str, scale: f32) -> Pixmap {
    let mut sheet = Sheet::default();
    sheet.text(Point::new(10.0, 25.0), Side::Left, text, 20.0, Ink::Text, None);
    raster(&svg::write(SIZE, &sheet, Colours::default(), scale)).unwrap()
}

/// The columns from the first to the last with ink in it, and the rows.
fn inked(pixmap: &Pixmap) -> ([u32; 2], [u32; 2]) {
    let [red, green, blue, _] = Theme::Light.ink(Ink::Canvas);
    let (mut columns, mut rows) = ([u32::MAX, 0], [u32::MAX, 0]);
    for y in 0..pixmap.height() {
        for x in 0..pixmap.width() {
            let pixel = pixmap.pixel(x, y).unwrap();
            if (pixel.red(), pixel.green(), pixel.blue()) != (red, green, blue) {
                columns = [columns[0].min(x), columns[1].max(x)];
                rows = [rows[0].min(y), rows[1].max(y)];
            }
        }
    }
    (columns, rows)
}

#[test]
fn a_picture_is_as_large_as_its_document_says() {
    for (scale, width, height) in [(1.0, 200, 50), (2.0, 400, 100), (0.33, 66, 17)] {
        let pixmap = picture("shop", scale);
        assert_eq!((pixmap.width(), pixmap.height()), (width, height));
    }
}

#[test]
fn text_is_as_wide_as_it_is_measured_and_stands_in_the_middle() {
    let text = "only 4711 egg";
    let (columns, rows) = inked(&picture(text, 1.0));
    let measured = 10.0 + 20.0 * font::width(text);
    assert!((columns[1] as f32 - measured).abs() < 4.0, "{columns:?} {measured}");
    let (_, capital) = inked(&picture("H", 1.0));
    let middle = (capital[0] + capital[1]) as f32 / 2.0;
    assert!((middle - 25.0).abs() <= 1.0, "{middle}");
    assert!(rows[1] > capital[1], "a y hangs below the base line");
}

#[test]
fn signs_are_drawn_and_differ_from_each_other() {
    let signs: Vec<Vec<u8>> = ["−", "×", "·", "…", "→"].map(|sign| picture(sign, 1.0).data().to_vec()).into();
    let blank = picture("", 1.0).data().to_vec();
    for (index, sign) in signs.iter().enumerate() {
        assert_ne!(*sign, blank);
        assert!(signs[..index].iter().all(|other| other != sign));
    }
}

#[test]
fn a_png_file_has_the_same_pixels() {
    let mut sheet = Sheet::default();
    sheet.circle(Point::new(100.0, 25.0), 20.0, Some(Ink::Failed.into()), None);
    let svg = svg::write(SIZE, &sheet, Colours::default(), 1.0);
    assert_eq!(Pixmap::decode_png(&write(&svg).unwrap()).unwrap(), raster(&svg).unwrap());
}

#[test]
fn what_is_too_large_or_no_drawing_is_refused() {
    let huge = svg::write(Size { w: 1e5, h: 1e5 }, &Sheet::default(), Colours::default(), 1.0);
    assert!(matches!(raster(&huge), Err(PictureError::TooLarge { .. })));
    assert!(matches!(raster("no drawing"), Err(PictureError::Unreadable(_))));
}
