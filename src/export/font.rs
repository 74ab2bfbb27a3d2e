//! How wide text is: the advance widths of the embedded fonts, which are the window's, too. Reads three tables of the
//! `OpenType` format (`cmap` with subtables of format 4, `hhea`, `hmtx`); draws nothing, and knows no kerning.

use std::sync::LazyLock;

use epaint_default_fonts::{HACK_REGULAR, UBUNTU_LIGHT};

/// The embedded fonts in the order in which a letter is looked for.
pub(super) const FONTS: [&[u8]; 2] = [UBUNTU_LIGHT, HACK_REGULAR];
/// The families of these fonts, and what a viewer without them may take.
pub(super) const FAMILIES: &str = "Ubuntu, Hack, sans-serif";
/// From the middle of a line of text down to its base line, in ems: half of what Ubuntu rises above it less half of what
/// it hangs below it. The window puts text there.
pub(super) const BASE_LINE: f32 = 0.3575;
/// What ends a line that was cut.
pub(super) const ELLIPSIS: char = '…';
/// As wide is a letter that no font has, in ems.
const UNKNOWN: f32 = 0.6;

static FACES: LazyLock<Vec<Face>> = LazyLock::new(|| FONTS.iter().filter_map(|bytes| Face::read(bytes)).collect());

/// The width of a letter, in ems.
pub(super) fn advance(letter: char) -> f32 {
    FACES.iter().find_map(|face| face.advance(letter)).unwrap_or(UNKNOWN)
}

/// The width of a text, in ems.
pub(super) fn width(text: &str) -> f32 {
    text.chars().map(advance).sum()
}

/// Where the tables of a font are.
struct Face {
    bytes: &'static [u8],
    units_per_em: f32,
    /// The subtable of `cmap` for letters up to U+FFFF.
    letters: usize,
    /// The table of advance widths.
    widths: usize,
    /// How many glyphs have a width of their own there; the rest have the last one's.
    width_count: u16,
}

impl Face {
    /// `None` when it is no such font.
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let units_per_em = u16_at(bytes, table(bytes, *b"head")? + 18)?;
        Some(Self {
            bytes,
            units_per_em: f32::from(units_per_em),
            letters: letters(bytes, table(bytes, *b"cmap")?)?,
            widths: table(bytes, *b"hmtx")?,
            width_count: u16_at(bytes, table(bytes, *b"hhea")? + 34)?,
        })
    }

    fn advance(&self, letter: char) -> Option<f32> {
        let glyph = self.glyph(letter)?.min(self.width_count.checked_sub(1)?);
        Some(f32::from(u16_at(self.bytes, self.widths + 4 * usize::from(glyph))?) / self.units_per_em)
    }

    /// The glyph of a letter; `None` when the font has none.
    fn glyph(&self, letter: char) -> Option<u16> {
        let code = u16::try_from(u32::from(letter)).ok()?;
        let twice_segments = u16_at(self.bytes, self.letters + 6)?;
        let (ends, width) = (self.letters + 14, usize::from(twice_segments));
        let (starts, deltas, ranges) = (ends + width + 2, ends + 2 * width + 2, ends + 3 * width + 2);
        let at = (0..width).step_by(2).find(|at| u16_at(self.bytes, ends + at).is_some_and(|end| code <= end))?;
        let first = u16_at(self.bytes, starts + at)?;
        let place = usize::from(code.checked_sub(first)?);
        let (delta, range) = (u16_at(self.bytes, deltas + at)?, u16_at(self.bytes, ranges + at)?);
        let glyph = match usize::from(range) {
            0 => code.wrapping_add(delta),
            range => match u16_at(self.bytes, ranges + at + range + 2 * place)? {
                0 => 0,
                glyph => glyph.wrapping_add(delta),
            },
        };
        (glyph != 0).then_some(glyph)
    }
}

/// Where a table begins.
fn table(bytes: &[u8], name: [u8; 4]) -> Option<usize> {
    let count = usize::from(u16_at(bytes, 4)?);
    let record = (0..count).map(|index| 12 + 16 * index).find(|at| bytes.get(*at..at + 4) == Some(&name[..]))?;
    u32_at(bytes, record + 8)
}

/// Where `cmap`'s first subtable of format 4 begins.
fn letters(bytes: &[u8], cmap: usize) -> Option<usize> {
    let count = usize::from(u16_at(bytes, cmap + 2)?);
    (0..count)
        .filter_map(|index| Some(cmap + u32_at(bytes, cmap + 8 + 8 * index)?))
        .find(|at| u16_at(bytes, *at) == Some(4))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_font_is_read() {
        assert_eq!(FACES.len(), FONTS.len());
    }

    #[test]
    fn widths_are_those_of_the_font() {
        // Ubuntu Light's own figures are as wide as each other; its `m` is wider than its `i`.
        let figures: Vec<f32> = ('0'..='9').map(advance).collect();
        assert!(figures.iter().all(|width| (width - figures[0]).abs() < 1e-6 && (0.4..0.7).contains(width)));
        assert!(advance('m') > 2.0 * advance('i'), "{} {}", advance('m'), advance('i'));
        assert!((0.1..0.4).contains(&advance(' ')));
        assert!((width("10 of 30") - "10 of 30".chars().map(advance).sum::<f32>()).abs() < 1e-6);
    }

    #[test]
    fn the_signs_that_pictures_use_are_in_a_font() {
        let missing: String = "−×·…→←↑↓▲●○◎▢‖?é–’“”µ≥≤½⅛"
            .chars()
            .filter(|sign| FACES.iter().all(|face| face.glyph(*sign).is_none()))
            .collect();
        assert_eq!(missing, "");
    }

    #[test]
    fn what_is_no_font_is_no_font() {
        assert!(Face::read(b"").is_none());
        assert!(Face::read(&[0xFF; 64]).is_none());
        assert!((advance('\u{10FFFF}') - UNKNOWN).abs() < 1e-6);
    }
}
