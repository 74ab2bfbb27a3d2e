//! What must hold in every frame of a kill, not only in the four that are kept: nothing moves that should not, who was not
//! touched is not touched, and cells, dots and counters tell of one moment.

use std::collections::{BTreeMap, BTreeSet};

use brownout::scene::{Look, Point, Rect};

use super::seen::{self, Figure, Seen, holds};
use super::story::{Frame, Story};
use super::{MEMORY, SCATTERED, STORE, STORE_ITSELF, TOKEN};

/// So near to the middle of a cell's edge, a dot is about to enter, or has just left: one frame's way on a link.
const DOOR: f32 = 7.5;

/// What was seen of a story so far.
struct Watch {
    story: Story,
    /// The frames of everything that stands still.
    skeleton: Option<Vec<Rect>>,
    /// Where each user's mark is in each cell.
    marks: BTreeMap<(String, u32), Rect>,
    /// The users whose session was in the cell when it was shown dead.
    doomed: Option<BTreeSet<u32>>,
    /// The others, as they were then: their figures, and the cells of their marks.
    untouched: BTreeMap<u32, (Figure, Vec<String>)>,
    hurt: usize,
    /// Whether the next life was seen.
    is_back: bool,
    most_failed: usize,
}

fn watch(story: Story) -> Watch {
    let mut watch = Watch {
        story,
        skeleton: None,
        marks: BTreeMap::new(),
        doomed: None,
        untouched: BTreeMap::new(),
        hurt: 0,
        is_back: false,
        most_failed: 0,
    };
    story.play(|frame| watch.see(frame));
    watch
}

/// The users that the score counts as hurt.
fn hurt(frame: &Frame) -> usize {
    frame.score.split(' ').next().unwrap().parse().unwrap()
}

impl Watch {
    fn see(&mut self, frame: &Frame) {
        let seen = seen::look(&frame.sheet);
        self.nothing_moves(&seen, frame);
        self.one_clock(&seen, frame);
        self.the_dead_cell_is_closed(&seen, frame);
        self.who_was_not_touched_stays(&seen, frame);
        let hurt_now = hurt(frame);
        assert!(hurt_now >= self.hurt, "the counter went back at {}", frame.display_us);
        self.hurt = hurt_now;
        let notches = seen.people.values().filter(|figure| figure.notch).count();
        assert_eq!(notches, hurt_now, "notches and score at {}", frame.display_us);
    }

    fn nothing_moves(&mut self, seen: &Seen, frame: &Frame) {
        let point = |at: &Point| Rect::new(at.x, at.y, 0.0, 0.0);
        let mut skeleton: Vec<Rect> = Vec::new();
        for card in &seen.cards {
            skeleton.push(card.place);
            skeleton.extend(card.texts.iter().map(point));
        }
        for cell in seen.cells.values() {
            skeleton.push(cell.place);
            skeleton.extend(cell.texts.iter().map(point));
        }
        skeleton.extend(seen.people.values().map(|figure| figure.body));
        skeleton.extend(seen.lamps.iter().map(|lamp| point(&lamp.at)));
        for link in seen.links.values() {
            skeleton.extend(link.points.first().into_iter().chain(link.points.last()).map(point));
        }
        let first = self.skeleton.get_or_insert_with(|| skeleton.clone());
        assert_eq!(*first, skeleton, "something moved at {}", frame.display_us);
        for (name, cell) in &seen.cells {
            for (user, place) in cell.filled.iter().chain(&cell.hollow) {
                let known = self.marks.entry((name.clone(), *user)).or_insert(*place);
                assert_eq!(known, place, "the mark of user {user} moved in {name} at {}", frame.display_us);
            }
        }
    }

    fn one_clock(&mut self, seen: &Seen, frame: &Frame) {
        let cell = &seen.cells[self.story.kills];
        self.is_back |= self.doomed.is_some() && cell.state != "KILLED";
        if self.is_back {
            return;
        }
        assert_eq!(cell.state == "KILLED", frame.is_known, "the cell is {} at {}", cell.state, frame.display_us);
        let branch = seen.links.iter().find(|(name, _)| name.ends_with(self.story.kills)).unwrap().1;
        assert_eq!(branch.whole, !frame.is_known, "the link at {}", frame.display_us);
        if !frame.is_known {
            assert!(cell.hollow.is_empty(), "hollow marks before the death at {}", frame.display_us);
        } else if self.doomed.is_none() {
            self.doomed = Some(cell.hollow.keys().copied().collect());
        }
    }

    /// Nothing that went well enters or leaves a dead cell.
    fn the_dead_cell_is_closed(&mut self, seen: &Seen, frame: &Frame) {
        self.most_failed = self.most_failed.max(seen.dots.iter().filter(|dot| dot.look == Look::Failed).count());
        let cell = &seen.cells[self.story.kills];
        if cell.state != "KILLED" {
            return;
        }
        let (left, middle) = (cell.place.min.x, cell.place.left_middle());
        for dot in seen.dots.iter().filter(|dot| dot.look != Look::Failed) {
            let inside = (dot.at.x - left).abs() < 0.5 && holds(&cell.place, dot.at);
            let near = inside || dot.at.distance(middle) < DOOR;
            assert!(!near, "{:?} at the dead cell, {:?} after the kill", dot.look, frame.since_kill_us);
        }
    }

    fn who_was_not_touched_stays(&mut self, seen: &Seen, frame: &Frame) {
        let Some(doomed) = &self.doomed else { return };
        if !matches!(self.story.preset, "sticky-sessions" | "shared-session-store") {
            return;
        }
        for (user, figure) in seen.people.iter().filter(|(user, _)| !doomed.contains(user)) {
            let figure = Figure { basket: None, ..figure.clone() };
            let cells = seen.cells.iter().filter(|(_, cell)| cell.filled.contains_key(user));
            let now = (figure, cells.map(|(name, _)| name.clone()).collect());
            let before = self.untouched.entry(*user).or_insert_with(|| now.clone());
            assert_eq!(*before, now, "user {user} was not touched, and changed at {}", frame.display_us);
        }
    }
}

#[test]
fn a_kill_in_memory_hurts_ten_one_after_the_other_and_leaves_twenty_alone() {
    let mut before = None;
    MEMORY.play(|frame| {
        let seen = seen::look(&frame.sheet);
        if frame.is_known {
            let hollow = seen.cells["shop.2"].hollow.len();
            assert_eq!(hollow + hurt(frame), 10, "hollow marks and discoveries at {}", frame.display_us);
        } else {
            assert_eq!(hurt(frame), 0);
        }
        let now = hurt(frame);
        assert!(before.is_none_or(|before| now <= before + 2), "the wave is seen as a wave");
        before = Some(now);
    });
    let watch = watch(MEMORY);
    assert_eq!((watch.hurt, watch.untouched.len(), watch.is_back), (10, 20, true));
    assert!((1..=3).contains(&watch.most_failed), "{} requests were caught", watch.most_failed);
}

#[test]
fn with_a_store_the_same_kill_touches_nobody() {
    let watch = watch(STORE);
    assert_eq!((watch.hurt, watch.untouched.len(), watch.is_back), (0, 30, true));
    assert_eq!(watch.doomed, Some(BTreeSet::new()));
}

#[test]
fn with_tokens_nobody_is_logged_out_when_the_carts_die() {
    let watch = watch(TOKEN);
    assert!(watch.hurt > 0 && watch.is_back);
    TOKEN.play(|frame| {
        let seen = seen::look(&frame.sheet);
        let logged_out = seen.people.values().filter(|figure| figure.door || figure.face == "logged out").count();
        assert_eq!(logged_out, 0, "at {}", frame.display_us);
        let at_odds = seen.people.values().any(|figure| figure.notch && figure.face == "not knowing");
        assert!(!at_odds, "who knows of the loss looks as if not, at {}", frame.display_us);
        let carts = &seen.cells["carts.1"];
        assert!(carts.hollow.len() + hurt(frame) <= 30, "more hollow carts than users at {}", frame.display_us);
        if frame.since_kill_us.is_some() {
            assert!(seen.people.values().all(|figure| figure.key), "a key is gone at {}", frame.display_us);
        }
    });
}

#[test]
fn scattered_users_are_hurt_before_anything_is_killed() {
    let mut hurt_before = 0;
    SCATTERED.play(|frame| {
        if !frame.is_known {
            hurt_before = hurt(frame);
        }
    });
    assert!(hurt_before >= 20, "{hurt_before}");
    assert_eq!(watch(SCATTERED).hurt, 30);
}

#[test]
fn the_death_of_the_store_reaches_everybody() {
    let watch = watch(STORE_ITSELF);
    assert_eq!(watch.doomed.map(|doomed| doomed.len()), Some(30));
    STORE_ITSELF.play(|frame| {
        let seen = seen::look(&frame.sheet);
        let hollow = seen.cells["sessions.1"].hollow.len();
        if frame.is_known {
            assert_eq!(hollow + hurt(frame), 30, "at {}", frame.display_us);
        }
    });
}
