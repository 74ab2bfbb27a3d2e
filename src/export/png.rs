//! An SVG document of ours as pixels and as PNG. Draws text with the embedded fonts alone, so that a picture is the same
//! on every machine.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::font;

/// The most pixels of one picture: 64 million, 256 MB while it is drawn.
pub const MOST_PIXELS: u64 = 1 << 26;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The document is not one that this program wrote.
    #[error("the drawing cannot be read: {0}")]
    Unreadable(String),
    /// There is no memory, or no reason, for that many pixels.
    #[error("a picture of {width} × {height} pixels is too large; choose a smaller --scale")]
    TooLarge {
        /// Its width in pixels.
        width: u64,
        /// Its height in pixels.
        height: u64,
    },
    /// The picture cannot be written as a file.
    #[error("the picture cannot be encoded: {0}")]
    Encoding(String),
}

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for bytes in font::FONTS {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
    }
    fonts.set_sans_serif_family("Ubuntu");
    Arc::new(fonts)
});

/// Draws a document, a pixel for each of its pixels.
///
/// # Errors
/// When it is no SVG document, or has too many pixels.
pub fn raster(svg: &str) -> Result<Pixmap, PictureError> {
    let options = Options { font_family: "Ubuntu".to_owned(), fontdb: Arc::clone(&FONTS), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| PictureError::Unreadable(error.to_string()))?;
    let size = tree.size().to_int_size();
    let (width, height) = (u64::from(size.width()), u64::from(size.height()));
    let too_large = PictureError::TooLarge { width, height };
    if width * height > MOST_PIXELS {
        return Err(too_large);
    }
    let mut pixmap = Pixmap::new(size.width(), size.height()).ok_or(too_large)?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    Ok(pixmap)
}

/// A document as a PNG file.
///
/// # Errors
/// As [`raster`], and when the picture cannot be encoded.
pub fn write(svg: &str) -> Result<Vec<u8>, PictureError> {
    raster(svg)?.encode_png().map_err(|error| PictureError::Encoding(error.to_string()))
}

#[cfg(test)]
mod tests;
