//! A quick hash for tables that are asked thousands of times in a frame: that of the Rust compiler (`FxHash`). It does not
//! withstand keys that are chosen to collide, hence only for tables that are bounded, or hold what is on the drawing.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A table that is quick for short keys.
pub(in crate::scene) type Table<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// The hash of what was written so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Quick(u64);

impl Quick {
    fn mix(&mut self, word: u64) {
        self.0 = self.0.wrapping_add(word).wrapping_mul(0xF135_7AEA_2E62_A9C5);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..piece.len()].copy_from_slice(piece);
            self.mix(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.mix(number.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.mix(number.into());
    }

    fn write_i32(&mut self, number: i32) {
        self.mix(number.cast_unsigned().into());
    }

    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    fn write_u128(&mut self, number: u128) {
        self.mix(number as u64);
        self.mix((number >> 64) as u64);
    }

    fn finish(&self) -> u64 {
        // A product is best mixed in its high bits; tables look at the low ones first.
        self.0.rotate_left(26)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::BuildHasher;

    use super::*;
    use crate::telemetry::TraceId;

    #[test]
    fn neighbours_are_far_apart_where_tables_look() {
        let hash = BuildHasherDefault::<Quick>::default();
        let low = |hash: u64| hash & 0xFFFF;
        let names: HashSet<u64> = (0..1_000).map(|at| low(hash.hash_one(format!("n{at}").as_str()))).collect();
        let traces: HashSet<u64> = (0..1_000).map(|at| low(hash.hash_one(TraceId(at)))).collect();
        assert!(names.len() > 950 && traces.len() > 950, "{} and {}", names.len(), traces.len());
    }
}
