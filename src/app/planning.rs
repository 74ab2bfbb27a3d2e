//! Requests of a run that is watched are planned on a thread of their own, so that a frame costs as much as there is to be
//! drawn, whatever arrives.

use std::sync::mpsc::sync_channel;

use crate::scene::Picture;
use crate::scene::dots::Planner;

/// A picture whose requests are planned beside the thread that draws it. The planner ends with it.
pub fn picture() -> Picture {
    // One order at a time.
    let ((orders, taken), (given, answers)) = (sync_channel(1), sync_channel(1));
    let plan = move || {
        let mut planner = Planner::default();
        for order in taken {
            if given.send(planner.plan(order)).is_err() {
                break;
            }
        }
    };
    match std::thread::Builder::new().name("planner".to_owned()).spawn(plan) {
        Ok(_) => Picture::planned_beside(orders, answers),
        // Without a thread they are planned where they are drawn.
        Err(_) => Picture::default(),
    }
}
