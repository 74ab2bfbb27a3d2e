//! The palette of a GIF: the colours that occur, most frequent first, and none that is nearly another one already.

use std::collections::HashMap;

use resvg::tiny_skia::Pixmap;

/// Red, green, blue.
type Rgb = [u8; 3];

/// Colours in a palette; one more index says that a pixel stays as it is.
const MOST_COLOURS: usize = 255;
/// As many colours, the most frequent ones, are considered.
const MOST_CONSIDERED: usize = 8192;
/// As many answers are remembered.
const MOST_KNOWN: usize = 1 << 16;
/// How far apart the colours of a palette are, as squared distances: first colours that differ plainly, then, while
/// there is room, finer steps between them.
const STEPS: [u32; 4] = [40 * 40, 20 * 20, 10 * 10, 1];

/// How often each colour occurs.
#[derive(Debug, Default)]
pub(super) struct Census(HashMap<Rgb, u64>);

impl Census {
    /// Counts the pixels of an opaque picture.
    pub(super) fn count(&mut self, pixmap: &Pixmap) {
        for pixel in pixmap.pixels() {
            *self.0.entry([pixel.red(), pixel.green(), pixel.blue()]).or_default() += 1;
        }
    }
}

/// The colours of a GIF, and which of them stands for which.
#[derive(Debug)]
pub(super) struct Palette {
    colours: Vec<Rgb>,
    known: HashMap<Rgb, u8>,
}

impl Palette {
    /// The palette of what was counted.
    pub(super) fn of(census: &Census) -> Self {
        let mut found: Vec<(Rgb, u64)> = census.0.iter().map(|(colour, count)| (*colour, *count)).collect();
        // Colours of one frequency in a fixed order, so that the same pictures make the same file.
        found.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
        found.truncate(MOST_CONSIDERED);
        let mut colours: Vec<Rgb> = Vec::with_capacity(MOST_COLOURS);
        for apart in STEPS {
            for (colour, _) in &found {
                if colours.len() < MOST_COLOURS && colours.iter().all(|taken| distance(*taken, *colour) >= apart) {
                    colours.push(*colour);
                }
            }
        }
        Self { colours, known: HashMap::new() }
    }

    /// The colours as a GIF stores them, with one more for the index that is never seen.
    pub(super) fn bytes(&self) -> Vec<u8> {
        [self.colours.as_flattened(), &[0; 3]].concat()
    }

    /// The index of pixels that stay as they are.
    pub(super) fn transparent(&self) -> u8 {
        self.colours.len() as u8
    }

    /// The index of each pixel's colour, or of the one that is nearest to it.
    pub(super) fn indices(&mut self, pixmap: &Pixmap) -> Vec<u8> {
        let pixels = pixmap.pixels().iter();
        pixels.map(|pixel| self.index([pixel.red(), pixel.green(), pixel.blue()])).collect()
    }

    fn index(&mut self, colour: Rgb) -> u8 {
        if let Some(index) = self.known.get(&colour) {
            return *index;
        }
        let nearest = (0..self.colours.len()).min_by_key(|index| distance(self.colours[*index], colour));
        let index = nearest.unwrap_or(0) as u8;
        if self.known.len() >= MOST_KNOWN {
            self.known.clear();
        }
        self.known.insert(colour, index);
        index
    }
}

fn distance(one: Rgb, other: Rgb) -> u32 {
    one.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_colours_are_exact_and_the_rest_are_near() {
        let mut census = Census::default();
        for level in 0..=255 {
            census.0.insert([level, 0, 0], 1);
            census.0.insert([0, level, 0], 1);
        }
        census.0.insert([1, 2, 3], 1000);
        census.0.insert([90, 91, 92], 999);
        let mut palette = Palette::of(&census);
        assert_eq!(palette.colours[..2], [[1, 2, 3], [90, 91, 92]]);
        assert_eq!(palette.colours.len(), MOST_COLOURS);
        for level in 0..=255 {
            let index = usize::from(palette.index([level, 0, 0]));
            assert!(distance(palette.colours[index], [level, 0, 0]) <= 20 * 20);
        }
    }
}
