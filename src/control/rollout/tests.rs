//! Rollouts over slots that do at once what they are told, but for how new lives start.

use super::*;

/// Slots that do at once what a rollout orders, but for how new lives start.
struct Node {
    look: Look,
    lives: u32,
    starts: bool,
    said: Vec<String>,
    fewest_ready: usize,
}

impl Node {
    fn new(replicas: u32, surge: bool) -> Self {
        let place = |index| {
            let slot = Slot::new("shop".parse().unwrap(), index);
            let life = LifeId { slot: slot.clone(), life: 1 };
            let alive = vec![Living { life, release: 1, ready: true, ending: false }];
            Place { slot, due: 1, alive, ended: None }
        };
        let places: Vec<Place> = (1..=replicas).map(place).collect();
        let look = Look { now_us: 0, places, surge, figures: Figures::default() };
        Self { look, lives: 1, starts: true, said: Vec::new(), fewest_ready: replicas as usize }
    }

    fn ready(&self) -> usize {
        let is_ready = |place: &&Place| place.alive.iter().any(|living| living.ready && !living.ending);
        self.look.places.iter().filter(is_ready).count()
    }

    fn releases(&self) -> Vec<u32> {
        self.look.places.iter().flat_map(|place| &place.alive).map(|living| living.release).collect()
    }

    fn place(&mut self, slot: &Slot) -> &mut Place {
        self.look.places.iter_mut().find(|place| place.slot == *slot).unwrap()
    }

    fn obey(&mut self, orders: Vec<Order>) {
        for order in orders {
            match order {
                Order::Give(slot, release) => self.place(&slot).due = release,
                Order::Begin(slot) => self.begin(&slot),
                Order::End(life) => {
                    let place = self.place(&life.slot);
                    place.alive.iter_mut().filter(|living| living.life == life).for_each(|living| living.ending = true);
                }
                Order::Say(words) => self.said.push(words),
            }
        }
        self.fewest_ready = self.fewest_ready.min(self.ready());
    }

    fn begin(&mut self, slot: &Slot) {
        self.lives += 1;
        let (life, starts, now_us) = (LifeId { slot: slot.clone(), life: self.lives }, self.starts, self.look.now_us);
        let place = self.place(slot);
        assert!(place.alive.len() < 2, "a slot has room for two lives");
        if starts || place.due == 1 {
            place.alive.push(Living { life, release: place.due, ready: false, ending: false });
        } else {
            place.ended = Some((life, now_us, true));
        }
    }

    /// A while later: what started is ready, what was to end has ended.
    fn pass(&mut self, us: u64) {
        self.look.now_us += us;
        for place in &mut self.look.places {
            place.alive.retain(|living| !living.ending);
            place.alive.iter_mut().for_each(|living| living.ready = true);
        }
    }

    /// Steps until the rollout is over.
    fn run(&mut self, rollout: &mut Rollout) -> End {
        for _ in 0..200 {
            match rollout.step(&self.look) {
                Next::Wait => self.pass(100_000),
                Next::Do(orders) => self.obey(orders),
                Next::Over(end, orders) => {
                    self.obey(orders);
                    return end;
                }
            }
        }
        panic!("{rollout:?} never ends");
    }
}

#[test]
fn rolling_replaces_one_after_the_other_and_always_has_all_ready() {
    let mut node = Node::new(3, true);
    assert_eq!(node.run(&mut Rollout::new(1, 2, Strategy::Rolling)), End::Done);
    assert_eq!((node.releases(), node.fewest_ready), (vec![2, 2, 2], 3));
}

#[test]
fn a_stable_address_has_no_room_for_two_so_one_is_missing_at_a_time() {
    let mut node = Node::new(3, false);
    assert_eq!(node.run(&mut Rollout::new(1, 2, Strategy::Rolling)), End::Done);
    assert_eq!((node.releases(), node.fewest_ready), (vec![2, 2, 2], 2));
}

#[test]
fn recreate_has_none_ready_in_between() {
    let mut node = Node::new(3, true);
    assert_eq!(node.run(&mut Rollout::new(1, 2, Strategy::Recreate)), End::Done);
    assert_eq!((node.releases(), node.fewest_ready), (vec![2, 2, 2], 0));
}

#[test]
fn what_crashes_on_start_makes_rolling_stop_with_all_old_replicas_and_recreate_with_none() {
    let mut node = Node::new(3, true);
    node.starts = false;
    assert_eq!(node.run(&mut Rollout::new(1, 2, Strategy::Rolling)), End::Stuck { crashes: 3 });
    assert_eq!((node.releases(), node.fewest_ready), (vec![1, 1, 1], 3));
    assert!(node.look.places.iter().all(|place| place.due == 1));
    assert!(node.look.now_us >= 3 * FIRST_RETRY_US, "it waits longer each time");

    let mut node = Node::new(3, true);
    node.starts = false;
    assert_eq!(node.run(&mut Rollout::new(1, 2, Strategy::Recreate)), End::Stuck { crashes: 3 });
    assert_eq!(node.ready(), 0);

    // With a stable address the slot that was emptied goes back to what worked.
    let mut node = Node::new(2, false);
    node.starts = false;
    assert_eq!(node.run(&mut Rollout::new(1, 2, Strategy::Rolling)), End::Stuck { crashes: 3 });
    assert_eq!(node.releases(), [1, 1]);
}

#[test]
fn a_canary_that_does_no_worse_is_followed_by_the_others() {
    let mut node = Node::new(3, true);
    node.look.figures.new = Tally { sent: 0, failed: 0 };
    let mut rollout = Rollout::new(1, 2, Strategy::Canary);
    while !matches!(rollout.stage, Stage::Watches { .. }) {
        match rollout.step(&node.look) {
            Next::Wait => node.pass(100_000),
            Next::Do(orders) => node.obey(orders),
            Next::Over(..) => panic!("over before it was watched"),
        }
    }
    assert_eq!(node.releases(), [2, 1, 1]);
    node.look.figures.new = Tally { sent: 100, failed: 2 };
    node.look.figures.old = Tally { sent: 200, failed: 2 };
    assert_eq!(node.run(&mut rollout), End::Done);
    assert!(node.look.now_us >= WATCH_US);
    assert_eq!((node.releases(), rollout.back), (vec![2, 2, 2], None));
}

#[test]
fn a_canary_that_fails_more_or_crashes_goes_back_and_says_why() {
    for (figures, why) in [
        (
            Figures { new: Tally { sent: 100, failed: 50 }, ..Figures::default() },
            "50 % of the canary's requests failed",
        ),
        (Figures { crashed: 1, ..Figures::default() }, "the canary crashed"),
    ] {
        let mut node = Node::new(3, true);
        let mut rollout = Rollout::new(1, 2, Strategy::Canary);
        while !matches!(rollout.stage, Stage::Watches { .. }) {
            match rollout.step(&node.look) {
                Next::Wait => node.pass(100_000),
                Next::Do(orders) => node.obey(orders),
                Next::Over(..) => panic!("over before it was watched"),
            }
        }
        node.look.figures = figures;
        assert_eq!(node.run(&mut rollout), End::Done);
        assert_eq!((node.releases(), node.fewest_ready), (vec![1, 1, 1], 3));
        assert!(rollout.back.is_some_and(|back| back.contains(why)), "{why}");
    }
}

#[test]
fn a_deploy_can_be_turned_at_any_moment() {
    for strategy in [Strategy::Rolling, Strategy::Recreate, Strategy::Canary] {
        for steps in 0..20 {
            let mut node = Node::new(3, true);
            let mut rollout = Rollout::new(1, 2, strategy);
            let over = (0..steps).any(|_| match rollout.step(&node.look) {
                Next::Wait => {
                    node.pass(100_000);
                    false
                }
                Next::Do(orders) => {
                    node.obey(orders);
                    false
                }
                Next::Over(..) => true,
            });
            if !over {
                let orders = rollout.turn_back("asked".to_owned(), &node.look);
                node.obey(orders);
                assert_eq!(node.run(&mut rollout), End::Done, "{strategy:?} after {steps} steps");
                node.pass(1);
                assert_eq!(node.releases(), [1, 1, 1], "{strategy:?} after {steps} steps");
            }
        }
    }
}
