//! The shape of the load with real processes: open and closed loop, a spike, and what the report says about them.

use brownout::control::{Command, Pace, Snapshot};
use brownout::telemetry::report::LoadModel;

use crate::support::live::{Live, lively, set};

#[test]
fn an_open_loop_sends_what_arrives_and_a_spike_is_five_times_as_much() {
    let mut preset = lively("sticky-sessions");
    set(&mut preset, "shoppers.arrivals", "60/s");
    let run = Live::start(preset, false, false);
    run.until_all_logged_in();
    run.command(Command::Pace(Pace::new(0.5).unwrap()));
    let rate =
        |snapshot: &Snapshot| snapshot.links.iter().find(|link| link.id.from.as_str() == "gate").map(|link| link.rate);
    let calm = run.until("requests come at half the rate", |snapshot| {
        rate(snapshot).filter(|rate: &f32| (18.0..45.0).contains(rate))
    });
    run.command(Command::Spike);
    run.until("the spike is seen", |snapshot| rate(snapshot).filter(|rate: &f32| *rate > 2.5 * calm));
    let p95 = run.until("the link is measured", |snapshot| snapshot.links.iter().find_map(|link| link.p95_ms));
    assert!(p95 > 0.0 && p95 < 1_000.0, "{p95}");
    run.until("the spike is over", |snapshot| snapshot.spike_until_us.is_none().then_some(()));
    let report = run.stop();
    let (load, requests) = (&report.load, &report.requests);
    let checks: u64 = report.operations.iter().filter(|o| o.name == "session.check").map(|o| o.issued).sum();
    assert_eq!(load.model, LoadModel::Open);
    assert_eq!(load.arrivals, requests.issued - checks + load.unsent, "{load:?} {requests:?}");
    assert_eq!(requests.issued, requests.ok + requests.failed + requests.timed_out + requests.in_flight);
    assert_eq!((report.sessions.lost, requests.failed), (0, 0), "{requests:?}");
}
