//! Tests of the role over real sockets: against a service that a test can make forget, hang or die, and an app that
//! keeps what it is told.

use std::time::Duration;

use crate::telemetry::{BeliefKind, Cause, SpanKind};

use fake_app::Run;
use fake_shop::FakeShop;

mod fake_app;
mod fake_shop;
mod open_loop;

async fn locally(test: impl Future<Output = ()>) {
    tokio::task::LocalSet::new().run_until(tokio::time::timeout(Duration::from_secs(30), test)).await.unwrap();
}

fn opened(kind: &BeliefKind) -> bool {
    matches!(kind, BeliefKind::Opened { .. })
}

fn logged_out(kind: &BeliefKind) -> bool {
    matches!(kind, BeliefKind::LoggedOut { .. })
}

#[tokio::test]
async fn users_act_and_their_books_balance() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        let mut run = Run::start(5, &[&shop]).await;
        run.collector.until(|collector| collector.newest().operations.contains_key("cart.view")).await;
        let standings = run.settle(None).await;
        assert_eq!(standings.len(), 5);
        for standing in &standings {
            assert_eq!(shop.sessions.borrow()[&*standing.session.0].len(), standing.items as usize);
        }
        let totals = run.collector.newest();
        for (name, books) in &totals.operations {
            assert_eq!((books.ok, books.in_flight(), books.latency.count()), (books.issued, 0, books.issued), "{name}");
        }
        assert_eq!(totals.operations["accounts.login"].issued, 5);
        assert_eq!(totals.sent.values().map(|books| books.sent).sum::<u64>(), shop.received.get());
        assert_eq!(totals.traces_begun, shop.received.get());
        assert_eq!(totals.lateness.count(), shop.received.get());
        assert_eq!(shop.checks.get(), 0, "nothing died, so nothing needs to be checked");
        let spans = run.collector.spans.borrow();
        assert_eq!(spans.len() as u64, 2 * shop.received.get());
        for span in spans.iter().filter(|span| span.kind == SpanKind::Client) {
            let request = spans.iter().find(|other| Some(other.id) == span.parent).unwrap();
            assert_eq!((request.kind, request.trace, request.parent), (SpanKind::Request, span.trace, None));
            assert!(request.start_us <= span.start_us && span.end_us <= request.end_us);
            assert_eq!(span.peer, Some(shop.endpoint.life.clone()));
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_service_forgets_is_what_users_lose() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        let mut run = Run::start(4, &[&shop]).await;
        run.until_beliefs(4, opened).await;
        run.collector.until(|collector| collector.newest().operations.contains_key("cart.view")).await;
        let held: Vec<String> = std::mem::take(&mut *shop.sessions.borrow_mut()).into_keys().collect();
        run.until_beliefs(8, opened).await;
        let mut lost: Vec<String> = run.beliefs(logged_out).into_iter().map(|belief| belief.session.into()).collect();
        lost.sort();
        assert_eq!(lost, held, "each session once");
        let again = |kind: &BeliefKind| matches!(kind, BeliefKind::Opened { again: true, .. });
        assert_eq!(run.beliefs(again).len(), 4);
        let standings = run.settle(None).await;
        assert_eq!(standings.len(), 4);
        let totals = run.collector.newest();
        let failed: u64 = totals.operations.values().map(|books| books.failed_total()).sum();
        assert_eq!(failed, 4);
        assert!(totals.operations.values().all(|books| books.failed_idempotent == 0));
    })
    .await;
}

#[tokio::test]
async fn settling_checks_each_doubtful_session_once() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        let mut run = Run::start(6, &[&shop]).await;
        run.until_beliefs(6, opened).await;
        run.configure(|config| config.settings.journey.clear()).await;
        run.collector
            .until(|collector| collector.newest().operations.values().all(|books| books.in_flight() == 0))
            .await;
        let forgotten: Vec<String> = shop.sessions.borrow().keys().take(2).cloned().collect();
        shop.sessions.borrow_mut().retain(|id, _| !forgotten.contains(id));
        let death_us = run.now_us();
        let standings = run.settle(Some(death_us)).await;
        assert_eq!(shop.checks.get(), 6);
        assert_eq!(standings.len(), 4);
        assert!(standings.iter().all(|standing| standing.verified_us > Some(death_us)));
        assert_eq!(run.beliefs(logged_out).len(), 2);
        assert_eq!(run.collector.newest().operations["session.check"].ok, 4);
    })
    .await;
}

#[tokio::test]
async fn users_move_on_when_their_replica_dies() {
    locally(async {
        let (first, second) = (FakeShop::start("shop.1#1").await, FakeShop::start("shop.2#1").await);
        let mut run = Run::start(6, &[&first, &second]).await;
        run.until_beliefs(6, opened).await;
        let held = first.sessions.borrow().len();
        assert_eq!(held, 3, "users without a connection take turns");
        first.die();
        run.until_beliefs(held, logged_out).await;
        run.configure(|config| {
            config.upstreams[0].endpoints.remove(0);
        })
        .await;
        run.until_beliefs(6 + held, opened).await;
        let standings = run.settle(Some(run.now_us())).await;
        assert_eq!(standings.len(), 6);
        assert_eq!(second.sessions.borrow().len(), 6);
        assert_eq!(run.beliefs(logged_out).len(), held);
    })
    .await;
}

#[tokio::test]
async fn nobody_to_ask_is_no_attempt_and_refusal_sends_nothing() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        shop.die();
        let mut run = Run::start(2, &[&shop]).await;
        let failed = |cause| {
            move |collector: &crate::node::reporter::fake_collector::FakeCollector| {
                let newest = collector.newest();
                newest.operations.get("accounts.login").is_some_and(|books| books.failed.contains_key(&cause))
            }
        };
        run.collector.until(failed(Cause::Refused)).await;
        run.configure(|config| config.upstreams[0].endpoints.clear()).await;
        run.collector.until(failed(Cause::NoUpstream)).await;
        run.settle(None).await;
        let totals = run.collector.newest();
        let refused = totals.operations["accounts.login"].failed[&Cause::Refused];
        let attempts: Vec<(u64, u64)> = totals.sent.values().map(|books| (books.sent, books.failed)).collect();
        assert_eq!(attempts, [(0, refused)]);
    })
    .await;
}

#[tokio::test]
async fn a_service_that_hangs_times_users_out_and_cannot_hold_up_the_end() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        let mut run = Run::start(3, &[&shop]).await;
        run.until_beliefs(3, opened).await;
        shop.hangs.set(true);
        let hung_us = run.now_us();
        run.collector.until(|collector| collector.newest().operations.values().any(|books| books.timed_out > 0)).await;
        let standings = run.settle(Some(hung_us)).await;
        assert_eq!(standings.len(), 3, "still open, as far as anybody knows");
        assert!(standings.iter().all(|standing| standing.verified_us <= Some(hung_us)));
        let totals = run.collector.newest();
        assert!(totals.operations.values().all(|books| books.in_flight() == 0));
        assert!(totals.operations["session.check"].timed_out >= 3);
    })
    .await;
}

#[tokio::test]
async fn users_come_and_go() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        let mut run = Run::start(2, &[&shop]).await;
        run.until_beliefs(2, opened).await;
        run.configure(|config| config.settings.users = 5).await;
        run.until_beliefs(5, opened).await;
        run.configure(|config| config.settings.users = 1).await;
        run.until_beliefs(4, |kind| *kind == BeliefKind::Ended).await;
        let standings = run.settle(None).await;
        assert_eq!(standings.iter().map(|standing| standing.user).collect::<Vec<_>>(), [1]);
        run.terminate().await;
    })
    .await;
}

#[tokio::test]
async fn nothing_happens_before_the_beginning() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        let mut run = Run::idle(3, &[&shop]).await;
        assert!(run.settle(None).await.is_empty());
        assert_eq!(shop.received.get(), 0);
    })
    .await;
}

#[tokio::test]
async fn users_who_must_go_first_hear_the_end_of_what_they_asked() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        let run = Run::start(3, &[&shop]).await;
        run.until_beliefs(3, opened).await;
        shop.hangs.set(true);
        let in_flight = |books: &crate::telemetry::OperationBooks| books.in_flight() > 0;
        run.collector.until(|collector| collector.newest().operations.values().any(in_flight)).await;
        let collector = std::rc::Rc::clone(&run.collector);
        run.terminate().await;
        let totals = collector.newest();
        assert!(totals.operations.values().all(|books| books.in_flight() == 0), "{totals:#?}");
        assert!(totals.operations.values().any(|books| books.timed_out > 0), "{totals:#?}");
    })
    .await;
}
