//! Reads what a process writes to its standard error, line by line, for the log that people read. It always reads on, so
//! that the process never waits for a full pipe for long; and at a bounded pace, so that a process that writes without
//! end fills its own pipe and not the queue of events. Then the process leaves lines out and says how many.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::control::Event;
use crate::control::snapshot::{OutputLevel, OutputLine};
use crate::topology::LifeId;
use crate::wire::LineCutter;

use super::clock::Clock;
use super::events::Events;

/// How much is read at once, at most.
const CHUNK: usize = 16 << 10;
/// The shortest time between two reads: with [`CHUNK`], 800 KiB a second at most.
const PACE: Duration = Duration::from_millis(20);
/// How many of the last lines tell why a process failed.
const LAST_WORDS: usize = 8;

/// Reads to the end, tells every line, and answers with the last ones that could say why the process failed: errors, and
/// what it wrote without a level, as a panic does.
pub(super) async fn read(mut output: impl AsyncRead + Unpin, life: LifeId, clock: Clock, events: Events) -> String {
    let mut cutter = LineCutter::default();
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut last_words: VecDeque<OutputLine> = VecDeque::new();
    loop {
        chunk.clear();
        let mut bounded = (&mut output).take(CHUNK as u64);
        let ended = !matches!(bounded.read_buf(&mut chunk).await, Ok(1..));
        let mut raw = cutter.feed(&chunk);
        if ended {
            raw.extend(cutter.end());
        }
        let at_us = clock.now_us();
        let lines: Vec<OutputLine> = raw.iter().map(|line| OutputLine::read(at_us, line)).collect();
        for line in lines.iter().filter(|line| line.level.is_none_or(|level| level == OutputLevel::Error)) {
            last_words.push_back(line.clone());
            if last_words.len() > LAST_WORDS {
                last_words.pop_front();
            }
        }
        if !lines.is_empty() {
            events.send(Event::Wrote { life: life.clone(), lines }).await;
        }
        if ended {
            let texts: Vec<&str> = last_words.iter().map(|line| &*line.text).collect();
            return texts.join("\n");
        }
        tokio::time::sleep(PACE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::events;

    #[tokio::test]
    async fn every_line_is_told_and_the_last_words_are_those_that_could_say_why() {
        let (queue, mut news) = events::queue();
        let bytes: &[u8] = b"<6>started\n<3>no port\nthread main panicked\n<4>slow";
        let life: LifeId = "shop.1#1".parse().unwrap();
        let words = read(bytes, life.clone(), Clock::start(), Events::new(1, queue)).await;
        assert_eq!(words, "no port\nthread main panicked");
        let mut told = Vec::new();
        while let Some(news) = news.recv().await {
            let Event::Wrote { life: of, lines } = news.event else { panic!("nothing else is told") };
            assert_eq!(of, life);
            told.extend(lines.into_iter().map(|line| line.text.to_string()));
        }
        assert_eq!(told, ["started", "no port", "thread main panicked", "slow"]);
    }
}
