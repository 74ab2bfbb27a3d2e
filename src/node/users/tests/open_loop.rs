//! Tests of the open loop: who sends what arrives, from when its latency counts, and what becomes of what nobody can send.

use super::fake_app::Run;
use super::fake_shop::FakeShop;
use super::{locally, opened};
use crate::telemetry::Totals;
use crate::topology::Arrivals;

async fn opens(run: &mut Run, rate: &str) {
    let arrivals = Arrivals::Rate(rate.parse().unwrap());
    run.configure(|config| config.settings.arrivals = arrivals).await;
}

fn issued(totals: &Totals) -> u64 {
    let asked = totals.operations.iter().filter(|(name, _)| *name != "session.check");
    asked.map(|(_, books)| books.issued).sum()
}

#[tokio::test]
async fn arrivals_are_sent_by_whoever_is_free_and_sessions_go_on() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        let mut run = Run::idle(5, &[&shop]).await;
        opens(&mut run, "400/s").await;
        run.begin().await;
        run.collector.until(|collector| issued(&collector.newest()) >= 200).await;
        let standings = run.settle(None).await;
        assert_eq!(standings.len(), 5, "one session each, from its first arrival to the end");
        let totals = run.collector.newest();
        assert_eq!(totals.operations["accounts.login"].issued, 5);
        assert_eq!(totals.arrivals.scheduled, issued(&totals) + totals.arrivals.unsent);
        assert!(totals.operations.values().all(|books| books.in_flight() == 0 && books.ok == books.issued));
        let items: Vec<u32> = standings.iter().map(|standing| standing.items).collect();
        assert!(items.iter().max().unwrap() - items.iter().min().unwrap() <= 3, "they take turns: {items:?}");
    })
    .await;
}

#[tokio::test]
async fn while_everybody_waits_arrivals_wait_too_and_then_are_not_sent() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        let mut run = Run::idle(3, &[&shop]).await;
        opens(&mut run, "200/s").await;
        run.begin().await;
        run.until_beliefs(3, opened).await;
        shop.hangs.set(true);
        run.collector.until(|collector| collector.newest().arrivals.unsent >= 20).await;
        let hung = run.collector.newest();
        let in_flight: u64 = hung.operations.values().map(|books| books.in_flight()).sum();
        let waiting = hung.arrivals.scheduled - issued(&hung) - hung.arrivals.unsent;
        assert!(in_flight <= 3 && waiting <= 3, "{in_flight} in flight, {waiting} waiting");
        shop.hangs.set(false);
        let ok = |totals: &Totals| totals.operations.values().map(|books| books.ok).sum::<u64>();
        run.collector.until(|collector| ok(&collector.newest()) > ok(&hung) + 50).await;
        run.settle(None).await;
        let totals = run.collector.newest();
        assert_eq!(totals.arrivals.scheduled, issued(&totals) + totals.arrivals.unsent);
        assert!(totals.arrivals.waited >= 3);
        // Those that came free after the hang had waited for a part of the users' patience of 300 ms.
        let longest = totals.operations.values().filter_map(|books| books.latency.max_us()).max().unwrap();
        assert!(longest > 100_000, "the wait is not left out: {longest} µs");
    })
    .await;
}

#[tokio::test]
async fn a_loop_opens_and_closes_while_it_runs() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        let mut run = Run::start(4, &[&shop]).await;
        run.until_beliefs(4, opened).await;
        opens(&mut run, "300/s").await;
        run.collector.until(|collector| collector.newest().arrivals.scheduled >= 50).await;
        run.configure(|config| config.settings.arrivals = Arrivals::None).await;
        let open = run.collector.newest();
        run.collector.until(|collector| issued(&collector.newest()) >= issued(&open) + 30).await;
        let standings = run.settle(None).await;
        assert_eq!(standings.len(), 4);
        let totals = run.collector.newest();
        assert_eq!(totals.operations["accounts.login"].issued, 4, "nobody lost a session over it");
        assert!(totals.arrivals.scheduled > 0 && issued(&totals) > totals.arrivals.scheduled);
    })
    .await;
}

#[tokio::test]
async fn a_loop_owes_nothing_for_the_time_in_which_it_was_not_open() {
    locally(async {
        let shop = FakeShop::start("shop.1#1").await;
        let mut run = Run::start(4, &[&shop]).await;
        run.until_beliefs(4, opened).await;
        // Opened for the first time, then closed and opened again.
        for _ in 0..2 {
            let (closed_us, totals) = (run.now_us(), run.collector.newest());
            run.collector.until(|collector| issued(&collector.newest()) >= issued(&totals) + 200).await;
            let opened_us = run.now_us();
            opens(&mut run, "100/s").await;
            run.collector.until(|collector| collector.newest().arrivals.scheduled > totals.arrivals.scheduled).await;
            let open_us = run.now_us() - opened_us;
            let came_us = (run.collector.newest().arrivals.scheduled - totals.arrivals.scheduled) * 10_000;
            let owed_us = (opened_us - closed_us) / 2;
            assert!(came_us < 2 * open_us + owed_us, "in {open_us} µs there came what comes in {came_us} µs");
            run.configure(|config| config.settings.arrivals = Arrivals::None).await;
        }
        run.settle(None).await;
    })
    .await;
}
