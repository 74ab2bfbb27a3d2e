//! Versions with something wrong in them. What ends the process is tested with real processes.

use super::rig::{Rig, on_one_thread, shop};
use crate::topology::{Bug, Sessions};
use crate::wire::{ModuleVersion, ServiceConfig};

fn with(bug: Bug) -> ServiceConfig {
    let version = ModuleVersion { module: "shop".parse().unwrap(), number: 2, bug: Some(bug) };
    ServiceConfig { versions: vec![version], ..shop(Sessions::Token) }
}

/// How many of a hundred requests were answered with which status.
async fn hundred(rig: &Rig) -> (usize, usize) {
    let (mut ok, mut failed) = (0, 0);
    for _ in 0..100 {
        match rig.post("/shop/login", "", "").await.status {
            200 => ok += 1,
            500 => failed += 1,
            status => panic!("{status}"),
        }
    }
    (ok, failed)
}

#[test]
fn a_share_of_the_requests_is_answered_with_500_the_same_ones_with_one_seed() {
    on_one_thread(async {
        let config = with(Bug::Errors(0.3));
        let (ok, failed) = hundred(&Rig::start("shop.1#2", config.clone()).await).await;
        assert!((15..=45).contains(&failed), "{failed} of {} failed", ok + failed);
        assert_eq!(hundred(&Rig::start("shop.1#2", config).await).await, (ok, failed));
    });
}

#[test]
fn a_leak_answers_well() {
    on_one_thread(async {
        let rig = Rig::start("shop.1#2", with(Bug::Leak("64KiB".parse().unwrap()))).await;
        assert_eq!(hundred(&rig).await, (100, 0));
    });
}
