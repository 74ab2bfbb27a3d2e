//! What is remembered of requests, and what is told of them.

use crate::scene::Moved;

use super::*;
use crate::control::snapshot::UserState;
use crate::scene::dots::tests::{advance, request, sticky};
use crate::scene::{Stage, Traffic};
use crate::telemetry::{Cause, Span, SpanId};

/// Sets out requests that begin at these moments, all of user 7.
fn set_out(requests: &[(u128, Outcome)]) -> Vec<SetOut> {
    let mut traffic = Traffic::default();
    traffic.enter(requests.iter().flat_map(|(trace, outcome)| request(*trace, 0, *outcome)).collect::<Vec<_>>());
    advance(&mut traffic, &Arc::new(Stage::new(&sticky(), &Snapshot::default(), &Moved::default())), 0)
}

fn seven() -> Option<(NodeId, u32)> {
    Some(("shoppers".parse().unwrap(), 7))
}

fn shown() -> Snapshot {
    let user = UserState {
        node: "shoppers".parse().unwrap(),
        user: 7,
        session: Some("s-7".to_owned().into()),
        holder: Holder::Life("shop.2#1".parse().unwrap()),
        items: 3,
        losses: 0,
        items_lost: 0,
        logged_out: false,
    };
    Snapshot { users: vec![user].into(), ..Snapshot::default() }
}

#[test]
fn who_is_followed_late_brings_the_past_along_and_no_more_than_is_kept() {
    let mut follow = Follow::default();
    follow.enter(set_out(&(1..=30).map(|trace| (trace, Outcome::Ok)).collect::<Vec<_>>()), &shown());
    assert_eq!(follow.theirs().count(), 0);
    follow.follow(seven());
    assert_eq!(follow.theirs().count(), MOST_OF_ONE);
    follow.enter(set_out(&[(31, Outcome::Ok)]), &shown());
    assert_eq!((follow.theirs().count(), follow.theirs().next().unwrap().trace()), (MOST_OF_ONE, TraceId(31)));
    follow.follow(Some(("shoppers".parse().unwrap(), 8)));
    assert_eq!(follow.theirs().count(), 0);
}

#[test]
fn a_picked_request_is_kept_while_a_thousand_others_pass() {
    let mut follow = Follow::default();
    follow.enter(set_out(&[(1, Outcome::Ok)]), &shown());
    follow.pick(Some(TraceId(1)));
    for first in 0..3 {
        let many: Vec<_> = (0..1_000).map(|at| (10 + first * 1_000 + at, Outcome::Ok)).collect();
        follow.enter(set_out(&many), &shown());
    }
    assert!(follow.request(TraceId(1)).is_some() && follow.request(TraceId(11)).is_none());
    assert_eq!(follow.recent.len(), MOST);
    follow.pick(None);
    assert!(follow.request(TraceId(1)).is_none());
}

#[test]
fn a_request_knows_what_the_user_knew_and_does_not_tell_its_end_before_its_dot_is_there() {
    let mut follow = Follow::default();
    follow.enter(set_out(&[(1, Outcome::Failed(Cause::UnknownSession))]), &shown());
    let request = follow.request(TraceId(1)).unwrap();
    let holder = Holder::Life("shop.2#1".parse().unwrap());
    assert_eq!(request.before, Some(Before { session: true, items: 3, holder }));
    assert_eq!((request.outcome(0), request.look(0)), (None, Look::Ok));
    let over = request.over_us;
    assert_eq!(request.outcome(over), Some(Outcome::Failed(Cause::UnknownSession)));
    assert_eq!((request.look(over), over > 500_000), (Look::Lost, true));
}

#[test]
fn hops_come_in_their_order_with_their_attempts_and_times() {
    let mut spans = request(1, 0, Outcome::Failed(Cause::Refused));
    let second: Vec<Span> = request(1, 0, Outcome::Ok)
        .into_iter()
        .filter(|span| span.id.0 >= 4)
        .map(|span| Span {
            id: SpanId(span.id.0 + 10),
            parent: span.parent.map(|parent| SpanId(if parent.0 == 4 { 14 } else { parent.0 })),
            attempt: if span.id.0 == 4 { 2 } else { span.attempt },
            start_us: span.start_us + 4_000,
            ..span
        })
        .collect();
    spans.extend(second);
    let told: Vec<(u32, String, String, u32, Option<u64>, Outcome)> = hops(&Tree::grow(spans).unwrap())
        .into_iter()
        .map(|hop| (hop.depth, hop.from.to_string(), hop.to, hop.attempt, hop.inside_us, hop.outcome))
        .collect();
    let refused = Outcome::Failed(Cause::Refused);
    let hop = |depth, from: &str, to: &str, attempt, inside, outcome| {
        (depth, from.to_owned(), to.to_owned(), attempt, inside, outcome)
    };
    assert_eq!(
        told,
        [
            hop(0, "shoppers.1#1", "gate.1#1", 1, Some(9_600), refused),
            hop(1, "gate.1#1", "shop.2#1", 1, None, refused),
            hop(1, "gate.1#1", "shop.2#1", 2, Some(5_200), Outcome::Ok),
        ]
    );
}
