//! Damaged input by the hundred thousand: mutated preset files and shared texts give a clear error or a sound document,
//! never a panic, and none takes long. `BROWNOUT_MUTATIONS` says how many of each; every one can be made again from its
//! number.

mod nonsense;

use std::ops::Range;
use std::time::{Duration, Instant};

use brownout::topology::edit::{History, fixes};
use brownout::topology::format::{Document, read, read_lenient, share, text_of, write};
use brownout::topology::{Problem, builtin};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// How many of each kind, unless the environment says: together a hundred thousand.
const USUAL: u64 = 50_000;

/// No text may take longer, on a busy machine and without optimisation.
const LONGEST: Duration = Duration::from_secs(20);

/// Tokens that mean something in a preset, to be put where they do not belong.
const TOKENS: &[&str] = &[
    "[[node]]",
    "[[link]]",
    "[layout]",
    "[[module.operation]]",
    "[[group]]",
    "[[note]]",
    "pinned = [\"shop\"]",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\"\"\"",
    "'''",
    "=",
    "\n",
    "#",
    "id = \"shop\"",
    "from = \"gate\"",
    "-1",
    "1e400",
    "inf",
    "nan",
    "true",
    "\"9999999h\"",
    "18446744073709551616",
    "\\u0000",
    "\u{feff}",
    "\"shop.0\"",
    "replicas = 0",
    "at = [1e9, 0]",
    "call = \"cart.add\"",
    ".",
];

struct Hand(ChaCha8Rng);

impl Hand {
    fn number(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    fn below(&mut self, most: usize) -> usize {
        self.0.next_u32() as usize % most.max(1)
    }

    /// A range of a text, short more often than long.
    fn range(&mut self, length: usize) -> Range<usize> {
        let start = self.below(length + 1);
        let longest = [1, 8, 64, length][self.below(4)];
        start..(start + 1 + self.below(longest)).min(length).max(start)
    }

    /// Damages a text once: flips a bit, takes out, doubles, swaps, puts in, or cuts off.
    fn damage(&mut self, text: &mut Vec<u8>) {
        let range = self.range(text.len());
        match self.below(8) {
            0 => {
                if let Some(byte) = text.get_mut(range.start) {
                    *byte ^= 1 << self.below(8);
                }
            }
            1 => drop(text.drain(range)),
            2 => {
                let doubled = text[range.clone()].to_vec();
                drop(text.splice(range.start..range.start, doubled));
            }
            3 => {
                let other = self.range(text.len());
                let (first, second) = if range.start < other.start { (range, other) } else { (other, range) };
                if first.end <= second.start {
                    let (a, b) = (text[first.clone()].to_vec(), text[second.clone()].to_vec());
                    drop(text.splice(second, a));
                    drop(text.splice(first, b));
                }
            }
            4 | 5 => {
                let token = TOKENS[self.below(TOKENS.len())].bytes();
                drop(text.splice(range, token));
            }
            6 => self.swap_lines(text),
            _ => {
                // Most cuts would leave nothing to look at.
                if self.below(4) == 0 {
                    text.truncate(range.start);
                }
            }
        }
    }

    /// Swaps two lines: most of these are TOML still.
    fn swap_lines(&mut self, text: &mut Vec<u8>) {
        let mut lines: Vec<Vec<u8>> = text.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
        let (a, b) = (self.below(lines.len()), self.below(lines.len()));
        lines.swap(a, b);
        *text = lines.join(&b'\n');
    }
}

/// Runs numbered trials on two threads, each with its own half.
fn all(trial: impl Fn(u64) + Sync) {
    let count = std::env::var("BROWNOUT_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(USUAL);
    let timed = |number: u64| {
        let begun = Instant::now();
        trial(number);
        assert!(begun.elapsed() < LONGEST, "number {number} took {:?}", begun.elapsed());
    };
    std::thread::scope(|scope| {
        scope.spawn(|| (0..count / 2).for_each(timed));
        (count / 2..count).for_each(timed);
    });
}

fn clear(problems: &[Problem], told: &str) {
    assert!(!problems.is_empty(), "{told}: refused without a word");
    for problem in problems {
        let text = problem.to_string();
        assert!(problem.message.len() > 5 && text.len() < 8000 && !text.contains('\n'), "{told}: {text:?}");
    }
}

/// A document that was read is the text that it came from; it can be checked, mended, written afresh and read again.
fn sound(document: &Document, text: &str, told: &str) {
    assert_eq!(document.text(document.preset()), text, "{told}");
    let problems = document.check();
    for problem in problems.iter().take(4) {
        for fix in fixes(document.preset(), problem) {
            let mut preset = document.preset().clone();
            let mut history = History::default();
            let done = history.apply(&mut preset, fix.step);
            assert!(done.is_ok(), "{told}: {:?} for {problem}: {done:?}", fix.title);
            while history.undo(&mut preset).is_some() {}
            assert_eq!(&preset, document.preset(), "{told}: {:?}", fix.title);
        }
    }
    let fresh = write(document.preset());
    let again = read(&fresh).unwrap_or_else(|problems| panic!("{told}: {problems:?}\n{fresh}"));
    assert_eq!(again.preset(), document.preset(), "{told}\n{fresh}");
}

#[test]
fn mutated_files_give_a_clear_error_or_a_sound_document() {
    let presets = builtin::all();
    all(|number| {
        let mut hand = Hand::number(number);
        let mut text = presets[hand.below(presets.len())].text.as_bytes().to_vec();
        for _ in 0..=hand.below(3) {
            hand.damage(&mut text);
        }
        let told = format!("file {number}");
        match text_of(&text).and_then(read) {
            Ok(document) => sound(&document, std::str::from_utf8(&text).unwrap(), &told),
            Err(problems) => {
                clear(&problems, &told);
                let lenient = std::str::from_utf8(&text).ok().map(read_lenient);
                if let Some(Ok(document)) = lenient {
                    assert_eq!(document.text(document.preset()).as_bytes(), text, "{told}");
                    clear(&document.check(), &told);
                }
            }
        }
    });
}

#[test]
fn mutated_shared_texts_give_a_clear_error_or_what_was_shared() {
    let shared: Vec<(String, &str)> =
        builtin::all().into_iter().map(|preset| (share::encode(preset.text), preset.text)).collect();
    all(|number| {
        let mut hand = Hand::number(!number);
        let (text, original) = &shared[hand.below(shared.len())];
        let mut damaged = text.as_bytes().to_vec();
        for _ in 0..=hand.below(2) {
            hand.damage(&mut damaged);
        }
        // What reaches the program is text; what is none was refused before.
        let damaged = String::from_utf8_lossy(&damaged);
        match share::decode(&damaged) {
            Ok(text) => assert_eq!(text, *original, "text {number}: its checksum fits, and it is another"),
            Err(problem) => clear(&[problem], &format!("text {number}")),
        }
    });
}
