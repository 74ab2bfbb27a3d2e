//! Films are decoded again and compared with what was filmed.

use gif::{ColorOutput, DecodeOptions};

use super::*;
use crate::export::{Colours, svg};
use crate::scene::geometry::{Point, Size};
use crate::scene::{Ink, Sheet};

const SIZE: Size = Size { w: 120.0, h: 40.0 };

/// A dot that moves, and stands still twice.
fn film(frames: u16) -> Vec<String> {
    (0..frames)
        .map(|index| {
            let mut sheet = Sheet::default();
            let x = 10.0 + 8.0 * f32::from(index.min(frames - 3));
            sheet.circle(Point::new(x, 20.0), 5.0, Some(Ink::Ok.into()), None);
            svg::write(SIZE, &sheet, Colours::default(), 1.0)
        })
        .collect()
}

#[test]
fn a_film_has_every_frame_with_its_delay_and_loops_for_ever() {
    let bytes = write(&film(9), 10).unwrap();
    let mut decoder = DecodeOptions::new().read_info(bytes.as_slice()).unwrap();
    assert_eq!((decoder.width(), decoder.height(), decoder.repeat()), (120, 40, Repeat::Infinite));
    let mut delays = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        delays.push(frame.delay);
    }
    assert_eq!(delays, [10; 9]);
}

#[test]
fn frames_laid_over_each_other_are_the_pictures() {
    let svgs = film(6);
    let bytes = write(&svgs, 10).unwrap();
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    let mut decoder = options.read_info(bytes.as_slice()).unwrap();
    let mut screen = vec![0_u8; 120 * 40 * 4];
    for svg in &svgs {
        let frame = decoder.read_next_frame().unwrap().unwrap();
        let (left, top) = (usize::from(frame.left), usize::from(frame.top));
        for (at, pixel) in frame.buffer.chunks_exact(4).enumerate().filter(|(_, pixel)| pixel[3] > 0) {
            let (x, y) = (left + at % usize::from(frame.width), top + at / usize::from(frame.width));
            screen[(y * 120 + x) * 4..][..4].copy_from_slice(pixel);
        }
        assert_eq!(screen, raster(svg).unwrap().data(), "so few colours are all exact");
    }
}

#[test]
fn a_frame_holds_only_what_changed() {
    let before = vec![0; 120 * 40];
    let mut now = before.clone();
    (now[5 * 120 + 7], now[6 * 120 + 9]) = (1, 2);
    let frame = changed(Some(&before), &now, (120, 40), 9);
    assert_eq!((frame.left, frame.top, frame.width, frame.height), (7, 5, 3, 2));
    assert_eq!(*frame.buffer, [1, 9, 9, 9, 9, 2]);
    let frame = changed(Some(&now), &now, (120, 40), 9);
    assert_eq!((frame.width, frame.height, &*frame.buffer), (1, 1, &[9][..]));
}

#[test]
fn frames_of_two_sizes_are_no_film() {
    let other = svg::write(Size { w: 90.0, h: 40.0 }, &Sheet::default(), Colours::default(), 1.0);
    let mut svgs = film(4);
    svgs[1] = other;
    assert!(matches!(write(&svgs, 10), Err(PictureError::Encoding(_))));
}
