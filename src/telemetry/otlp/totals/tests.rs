//! Tests of the counters' wire form.

use proptest::prelude::*;

use super::*;
use crate::telemetry::{ArrivalBooks, Calls, LinkBooks, OperationBooks};

const EPOCH: u64 = 1_790_000_000_000_000_000;

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![0..1_000_u64, Just(i64::MAX as u64)]
}

fn latency() -> impl Strategy<Value = Latency> {
    latency_in(Latency::default(), 0)
}

fn latency_in(empty: Latency, least: usize) -> impl Strategy<Value = Latency> {
    prop::collection::vec((0..4_000_000_000_u64, 1..1_000_u32), least..20).prop_map(move |values| {
        let mut latency = empty.clone();
        values.into_iter().for_each(|(value, count)| latency.record_n(value, count));
        latency
    })
}

fn books() -> impl Strategy<Value = OperationBooks> {
    let causes = prop::collection::btree_map(prop::sample::select(Cause::ALL.to_vec()), count(), 0..4);
    (count(), count(), count(), causes, count(), count(), latency()).prop_map(
        |(issued, ok, degraded, failed, timed_out, failed_idempotent, latency)| OperationBooks {
            issued,
            ok,
            degraded,
            failed,
            timed_out,
            failed_idempotent,
            latency,
        },
    )
}

fn life() -> impl Strategy<Value = LifeId> {
    (1..9_u32, 1..9_u32).prop_map(|(slot, life)| format!("shop.{slot}#{life}").parse().unwrap())
}

fn totals() -> impl Strategy<Value = Totals> {
    let operations = prop::collection::btree_map("[a-z]{1,8}\\.[a-z]{1,8}", books(), 0..5);
    let link = proptest::option::of(life()).prop_map(|life| ("shop".parse().unwrap(), life));
    let link_books = (count(), count()).prop_map(|(sent, failed)| LinkBooks { sent, failed });
    let sent = prop::collection::btree_map(link, link_books, 0..5);
    let node = prop::sample::select(vec!["shop", "store"]).prop_map(|node| node.parse().unwrap());
    let attempt_latency = prop::collection::btree_map(node, latency_in(Latency::coarse(), 1), 0..3);
    let received = prop::collection::btree_map(life(), count(), 0..5);
    let call = prop_oneof![Just(("shop", "cart.add")), Just(("shop", "cart.view")), Just(("store", "/any/path"))];
    let calls = prop::collection::vec((call, 0..1_000_u64, 0..1_000_u64), 0..9).prop_map(|answered| {
        let mut calls = Calls::default();
        for ((to, operation), request_bytes, answer_bytes) in answered {
            calls.answered(&to.parse().unwrap(), operation, request_bytes, answer_bytes);
        }
        calls
    });
    let sent = (sent, attempt_latency, calls);
    let arrivals =
        (count(), count(), count()).prop_map(|(scheduled, waited, unsent)| ArrivalBooks { scheduled, waited, unsent });
    let load = (latency(), arrivals);
    (0..1_u64 << 40, operations, sent, received, (count(), count(), count()), load).prop_map(
        |(at_us, operations, (sent, attempt_latency, calls), received, traces, (lateness, arrivals))| Totals {
            at_us,
            operations,
            sent,
            attempt_latency,
            received,
            calls,
            spans_dropped: traces.0,
            traces_begun: traces.1,
            traces_sampled: traces.2,
            lateness,
            arrivals,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn totals_come_back_as_they_were(totals in totals()) {
        let life: LifeId = "users.1#2".parse().unwrap();
        let bytes = encode_totals(&life, EPOCH, &totals);
        prop_assert!(bytes.len() < 32 << 10, "{} bytes", bytes.len());
        prop_assert_eq!(decode_totals(&bytes, EPOCH).unwrap(), vec![(life, totals)]);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode_totals(&bytes, EPOCH);
    }

    #[test]
    fn a_damaged_request_does_not_make_it_panic(
        totals in totals(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = encode_totals(&"users.1#2".parse().unwrap(), EPOCH, &totals);
        for (at, to) in damage {
            let at = at.index(bytes.len());
            bytes[at] = to;
        }
        let _ = decode_totals(&bytes, EPOCH);
    }
}
