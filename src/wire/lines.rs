//! Lines of text out of the bytes that a process writes, wherever those are parted. Bounded: what is too long of a line is
//! cut off.

/// How much of a line is kept, in bytes.
const LONGEST: usize = 1 << 10;

/// Cuts bytes into lines.
#[derive(Debug, Default)]
pub struct LineCutter {
    /// The beginning of a line whose end was not read yet.
    rest: Vec<u8>,
}

impl LineCutter {
    /// The lines that end in these bytes. What is too long of a line is cut off.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ends) = part.strip_suffix(b"\n").map_or((part, false), |text| (text, true));
            let room = LONGEST.saturating_sub(self.rest.len());
            self.rest.extend_from_slice(&text[..text.len().min(room)]);
            if ends {
                lines.extend(self.end());
            }
        }
        lines
    }

    /// The line that was begun, when there is one.
    pub fn end(&mut self) -> Option<String> {
        let line = String::from_utf8_lossy(&self.rest).trim_end().to_owned();
        self.rest.clear();
        (!line.is_empty()).then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_wherever_the_bytes_are_parted() {
        let text = b"<6>one\n\ntwo words\r\nthree";
        for at in 0..text.len() {
            let mut cutter = LineCutter::default();
            let mut lines = cutter.feed(&text[..at]);
            lines.extend(cutter.feed(&text[at..]));
            lines.extend(cutter.end());
            assert_eq!(lines, ["<6>one", "two words", "three"], "{at}");
        }
    }

    #[test]
    fn a_line_without_end_takes_no_memory_without_end() {
        let mut cutter = LineCutter::default();
        (0..100).for_each(|_| assert!(cutter.feed(&[b'x'; 1000]).is_empty()));
        assert_eq!(cutter.rest.len(), LONGEST);
        assert_eq!(cutter.feed(b"\n").len(), 1);
    }
}
