//! The same story told by somebody else: a proxy in front of the gateway reads the traffic itself, and its counts are the
//! report's.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use brownout::runtime::Options;

use crate::support::live::{Live, lively};
use crate::support::program::BROWNOUT;
use crate::support::witness::Witness;

#[test]
fn an_independent_witness_counts_the_same_requests_and_the_same_losses() {
    let witness = Witness::new();
    let stand_in = witness.clone();
    let mut options = Options::new(PathBuf::from(BROWNOUT));
    options.relay = Some(Arc::new(move |life, address| {
        if life.node().as_str() == "gate" {
            stand_in.point_at(address);
            stand_in.address()
        } else {
            address
        }
    }));
    let run = Live::start_with(options, lively("sticky-sessions"), true, true);
    let report = run.report();
    let testimony = witness.testify();

    assert_eq!(testimony.requests, report.requests.issued);
    assert_eq!(testimony.answered_well, report.requests.ok);
    assert_eq!(testimony.hurt.len() as u64, report.sessions.users_hurt);
    let lost: BTreeSet<String> = report.sessions.census.iter().flat_map(|census| census.lost.iter().cloned()).collect();
    assert!(!lost.is_empty());
    assert_eq!(testimony.lost, lost);
}
