//! Tests of the reporter against a collector on a real socket.

use super::fake_collector::{FakeCollector, TOKEN};
use super::*;
use crate::telemetry::{Outcome, SpanKind};

async fn with_reporter<F: Future<Output = ()>>(per_second: u32, test: impl FnOnce(Rc<FakeCollector>, Reporter) -> F) {
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            let (collector, run) = FakeCollector::start(per_second).await;
            let clock = Clock::new(&run);
            let reporter = Reporter::new("gate.1#1".parse().unwrap(), run, clock, TOKEN.to_owned());
            test(collector, reporter).await;
        })
        .await;
}

fn span(reporter: &Reporter, trace: TraceId) -> Span {
    Span {
        trace,
        id: reporter.span_id(),
        parent: None,
        life: "gate.1#1".parse().unwrap(),
        kind: SpanKind::Server,
        name: "cart.add".to_owned(),
        to: None,
        peer: None,
        start_us: 1,
        end_us: 2,
        outcome: Outcome::Ok,
        status: 200,
        attempt: 0,
        user: None,
    }
}

#[tokio::test]
async fn news_is_sent_by_itself_over_one_connection() {
    with_reporter(10, |collector, reporter| async move {
        for sent in 1..=3 {
            reporter.attempt(&"shop".parse().unwrap(), Some(&"shop.1#1".parse().unwrap()), true);
            reporter.received(&"shoppers.1#1".parse().unwrap());
            collector.until(|collector| collector.newest().sent.values().any(|books| books.sent == sent)).await;
        }
        let times: Vec<u64> = collector.totals.borrow().iter().map(|totals| totals.at_us).collect();
        assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
        assert_eq!(collector.newest().received.values().sum::<u64>(), 3);
        assert_eq!(collector.connections.get(), 1);
    })
    .await;
}

#[tokio::test]
async fn sampled_spans_are_sent_and_the_others_when_they_are_wanted() {
    with_reporter(1, |collector, reporter| async move {
        let (first, sampled) = reporter.begin_trace();
        let (second, also) = reporter.begin_trace();
        assert!(sampled && !also && first != second);
        reporter.span(span(&reporter, first), true);
        reporter.span(span(&reporter, second), false);
        reporter.flush().await;
        assert_eq!(collector.spans.borrow().len(), 1);
        reporter.want(second);
        reporter.span(span(&reporter, second), false);
        reporter.flush().await;
        let traces: Vec<TraceId> = collector.spans.borrow().iter().map(|span| span.trace).collect();
        assert_eq!(traces, [first, second, second]);
        let totals = collector.newest();
        assert_eq!((totals.traces_begun, totals.traces_sampled, totals.spans_dropped), (2, 1, 0));
    })
    .await;
}

#[tokio::test]
async fn flush_tries_again_until_the_app_has_it() {
    with_reporter(10, |collector, reporter| async move {
        collector.turn_away.set(3);
        let (trace, _) = reporter.begin_trace();
        reporter.span(span(&reporter, trace), true);
        reporter.flush().await;
        assert_eq!(collector.turned_away.get(), 3);
        assert_eq!(collector.spans.borrow().len(), 1);
        assert_eq!(collector.newest().spans_dropped, 0);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_or_cannot_be_delivered_is_dropped_and_counted() {
    with_reporter(10, |collector, reporter| async move {
        let (trace, _) = reporter.begin_trace();
        for _ in 0..QUEUE + 5 {
            reporter.span(span(&reporter, trace), true);
        }
        reporter.flush().await;
        assert_eq!((collector.spans.borrow().len(), collector.newest().spans_dropped), (QUEUE, 5));
        collector.turn_away.set(u32::MAX);
        reporter.span(span(&reporter, trace), true);
        collector.until(|collector| collector.turned_away.get() > 0).await;
        collector.turn_away.set(0);
        collector.until(|collector| collector.newest().spans_dropped == 6).await;
        assert_eq!(collector.spans.borrow().len(), QUEUE);
    })
    .await;
}

#[tokio::test]
async fn flush_does_not_wait_for_an_app_that_is_gone() {
    with_reporter(10, |collector, reporter| async move {
        collector.turn_away.set(u32::MAX);
        reporter.begin_trace();
        tokio::time::timeout(PATIENCE * 2, reporter.flush()).await.unwrap();
        assert!(collector.totals.borrow().is_empty());
    })
    .await;
}
