//! Documents one after the other as an animated GIF that loops for ever. Its palette is made of the colours that occur,
//! most frequent first, so that faces and letters stay crisp; each frame holds only the rectangle that changed.

mod palette;

use gif::{DisposalMethod, Encoder, Frame, Repeat};
use resvg::tiny_skia::Pixmap;

use super::png::{PictureError, raster};
use palette::Palette;

/// As many frames are looked at for the palette.
const SAMPLES: usize = 12;

/// Frames of one size as a GIF file. `delay`: how long each is shown, in hundredths of a second.
///
/// # Errors
/// When a document cannot be drawn, or is wider or higher than a GIF can be.
pub fn write(frames: &[String], delay: u16) -> Result<Vec<u8>, PictureError> {
    let mut colours = palette::Census::default();
    let mut size = (1, 1);
    for svg in frames.iter().step_by(frames.len().div_ceil(SAMPLES).max(1)).chain(frames.last()) {
        let pixmap = raster(svg)?;
        size = (side(&pixmap, pixmap.width())?, side(&pixmap, pixmap.height())?);
        colours.count(&pixmap);
    }
    let mut palette = Palette::of(&colours);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, size.0, size.1, &palette.bytes()).map_err(encoding)?;
    encoder.set_repeat(Repeat::Infinite).map_err(encoding)?;
    let mut before: Option<Vec<u8>> = None;
    for svg in frames {
        let pixmap = raster(svg)?;
        if (pixmap.width(), pixmap.height()) != (u32::from(size.0), u32::from(size.1)) {
            return Err(PictureError::Encoding("its frames are not of one size".to_owned()));
        }
        let now = palette.indices(&pixmap);
        let mut frame = changed(before.as_deref(), &now, size, palette.transparent());
        frame.delay = delay;
        encoder.write_frame(&frame).map_err(encoding)?;
        before = Some(now);
    }
    drop(encoder);
    Ok(bytes)
}

fn side(pixmap: &Pixmap, pixels: u32) -> Result<u16, PictureError> {
    u16::try_from(pixels)
        .map_err(|_| PictureError::TooLarge { width: pixmap.width().into(), height: pixmap.height().into() })
}

fn encoding(error: gif::EncodingError) -> PictureError {
    PictureError::Encoding(error.to_string())
}

/// What differs from the frame before: the smallest rectangle, and in it only the pixels that changed.
fn changed(before: Option<&[u8]>, now: &[u8], (width, height): (u16, u16), transparent: u8) -> Frame<'static> {
    let whole = Frame { width, height, dispose: DisposalMethod::Keep, ..Frame::default() };
    let Some(before) = before else { return Frame { buffer: now.to_vec().into(), ..whole } };
    let row = usize::from(width);
    let differs = |at: usize| before[at] != now[at];
    let mut edges: Option<[usize; 4]> = None;
    for at in (0..now.len()).filter(|at| differs(*at)) {
        let (x, y) = (at % row, at / row);
        let [left, top, right, bottom] = edges.unwrap_or([x, y, x, y]);
        edges = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
    }
    // A frame cannot be empty: where nothing changed it is one pixel that changes nothing.
    let [left, top, right, bottom] = edges.unwrap_or_default();
    let mut buffer = Vec::with_capacity((right - left + 1) * (bottom - top + 1));
    for y in top..=bottom {
        let pixels = (left..=right).map(|x| y * row + x);
        buffer.extend(pixels.map(|at| if differs(at) { now[at] } else { transparent }));
    }
    Frame {
        left: left as u16,
        top: top as u16,
        width: (right - left + 1) as u16,
        height: (bottom - top + 1) as u16,
        transparent: Some(transparent),
        buffer: buffer.into(),
        ..whole
    }
}

#[cfg(test)]
mod tests;
