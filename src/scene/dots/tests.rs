//! No dot without a span, no child before its parent, order kept, and harm always shown.

use std::sync::Arc;

use crate::scene::Moved;

use super::journey::Journey;
use super::numbers::Numbers;
use super::plan::Plan;
use super::queue::Queues;
use super::tracks::Way;
use super::*;
use crate::control::Snapshot;
use crate::control::snapshot::{LifeState, SlotState};
use crate::scene::geometry::Rect;
use crate::scene::layout::Stage;
use crate::scene::timeline::Tree;
use crate::telemetry::{Span, SpanId, SpanKind};
use crate::topology::{Gateway, LifeId, Link, Node, Preset, Role, Service, Topology, Users};

/// Thirty shoppers, a gateway and three replicas.
pub(crate) fn sticky() -> Preset {
    sticky_with(3)
}

/// The same with so many replicas.
pub(crate) fn sticky_with(replicas: u32) -> Preset {
    let id = |text: &str| text.parse().unwrap();
    let nodes = vec![
        Node { id: id("shoppers"), role: Role::Users(Users { users: 30, ..Users::default() }) },
        Node { id: id("gate"), role: Role::Gateway(Gateway::default()) },
        Node { id: id("shop"), role: Role::Service(Service { replicas, ..Service::default() }) },
    ];
    let links = vec![Link { from: id("shoppers"), to: id("gate") }, Link { from: id("gate"), to: id("shop") }];
    let (topology, _, _) = Topology::new(Vec::new(), nodes, links);
    let layout = [("shoppers", 0.0), ("gate", 220.0), ("shop", 440.0)].map(|(node, x)| (id(node), [x, 0.0]));
    Preset { title: "Sticky".into(), topology, layout: layout.into(), ..Preset::default() }
}

struct Hop<'a> {
    id: u64,
    parent: Option<u64>,
    life: &'a str,
    kind: SpanKind,
    peer: Option<&'a str>,
    window_us: (u64, u64),
    outcome: Outcome,
}

fn span(trace: u128, hop: &Hop<'_>) -> Span {
    let peer: Option<LifeId> = hop.peer.map(|peer| peer.parse().unwrap());
    Span {
        trace: TraceId(trace),
        id: SpanId(hop.id),
        parent: hop.parent.map(SpanId),
        life: hop.life.parse().unwrap(),
        kind: hop.kind,
        name: "cart.add".into(),
        to: peer.as_ref().map(|life| life.node().clone()),
        peer,
        start_us: hop.window_us.0,
        end_us: hop.window_us.1,
        outcome: hop.outcome,
        status: if is_unanswered(hop.outcome) { 0 } else { 200 },
        attempt: 1,
        user: Some(7),
    }
}

fn is_unanswered(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Failed(Cause::Refused | Cause::UpstreamTimedOut))
}

/// A request that passes the gateway and is answered by shop.2.
pub(crate) fn request(trace: u128, start_us: u64, outcome: Outcome) -> Vec<Span> {
    use SpanKind::{Client, Request, Server};
    let answer = if outcome == Outcome::Failed(Cause::CartLost) { Outcome::Ok } else { outcome };
    let hop = |id, parent, life, kind, peer, late: u64| Hop {
        id,
        parent,
        life,
        kind,
        peer,
        window_us: (start_us + late, start_us + 10_000 - late),
        outcome: if id == 1 { outcome } else { answer },
    };
    let mut hops = vec![
        hop(1, None, "shoppers.1#1", Request, None, 0),
        hop(2, Some(1), "shoppers.1#1", Client, Some("gate.1#1"), 100),
        hop(3, Some(2), "gate.1#1", Server, None, 200),
        hop(4, Some(3), "gate.1#1", Client, Some("shop.2#1"), 300),
    ];
    if !is_unanswered(outcome) {
        hops.push(hop(5, Some(4), "shop.2#1", Server, None, 400));
    }
    hops.iter().map(|hop| span(trace, hop)).collect()
}

/// A replica that is ready and has done nothing yet, by its life.
pub(crate) fn slot_of(life: &str) -> SlotState {
    let life: LifeId = life.parse().unwrap();
    SlotState {
        slot: life.slot.clone(),
        life,
        state: LifeState::Ready,
        pid: None,
        address: None,
        restarts_us: None,
        cpu: 0.0,
        pss_kib: 0,
        requests: 0,
        sessions: 0,
        tables: Default::default(),
    }
}

pub(super) fn stage() -> Arc<Stage> {
    Arc::new(Stage::new(&sticky(), &Snapshot::default(), &Moved::default()))
}

/// Plans what has come, and moves on to this moment.
pub(crate) fn advance(traffic: &mut Traffic, stage: &Arc<Stage>, display_us: u64) -> Vec<SetOut> {
    traffic.plan(stage, 0, Some(display_us));
    traffic.advance(stage, display_us)
}

fn journey(tree: &Tree, numbers: &mut Numbers) -> Journey {
    Plan { tree, stage: &stage(), numbers, queues: &mut Queues::default() }.journey(0)
}

/// Dots by the numbers of their requests, whichever came into sight first.
pub(super) fn by_request(dots: &[Dot]) -> Vec<&Dot> {
    let mut dots: Vec<&Dot> = dots.iter().collect();
    dots.sort_by_key(|dot| dot.trace);
    dots
}

/// The legs of a request with this outcome, and their ways.
fn legs(outcome: Outcome) -> (Vec<Leg>, Vec<Way>) {
    let (tree, mut numbers) = (Tree::grow(request(1, 0, outcome)).unwrap(), Numbers::default());
    let legs = journey(&tree, &mut numbers).legs;
    let ways = legs.iter().map(|leg| numbers.tracks.way(leg.track).unwrap().clone()).collect();
    (legs.to_vec(), ways)
}

#[test]
fn there_is_no_dot_without_a_span() {
    let mut traffic = Traffic::default();
    advance(&mut traffic, &stage(), 5_000_000);
    assert!(traffic.is_empty() && traffic.dots(&stage(), 5_000_000).dots.is_empty());
}

#[test]
fn a_request_goes_out_in_and_back_in_order_and_a_child_never_before_its_parent() {
    let (legs, ways) = legs(Outcome::Ok);
    let word = |(leg, way): (&Leg, &Way)| match way {
        Way::Wire(link, _) => format!("{link}{}", if leg.kind == Kind::Back { " back" } else { "" }),
        Way::Outside(gateway, number) => format!("visitor {number} of {gateway}"),
        Way::Inside(slot) => slot.to_string(),
    };
    let ways: Vec<String> = legs.iter().zip(&ways).map(word).collect();
    let expected =
        ["shoppers->gate", "gate.1", "gate->shop", "shop.2", "gate->shop back", "gate.1", "shoppers->gate back"];
    assert_eq!(ways, expected);
    assert!(legs.windows(2).all(|pair| pair[0].to_us == pair[1].from_us));
}

#[test]
fn a_visitors_request_begins_and_ends_outside_the_gateway_and_is_no_users() {
    let mut spans = request(1, 0, Outcome::Ok);
    // As the gateway reports it: its own request, and what it served is that request's.
    spans.remove(1);
    spans[0].life = "gate.1#1".parse().unwrap();
    spans[1].parent = Some(spans[0].id);
    let (tree, mut numbers) = (Tree::grow(spans).unwrap(), Numbers::default());
    let journey = journey(&tree, &mut numbers);
    let way = |leg: Option<&Leg>| numbers.tracks.way(leg.unwrap().track).unwrap().clone();
    let outside = Way::Outside("gate.1".parse().unwrap(), 7);
    assert_eq!((way(journey.legs.first()), way(journey.legs.last())), (outside.clone(), outside));
    assert_eq!((journey.user_number(), journey.legs.last().unwrap().kind), (None, Kind::Back));
    assert!(journey.legs.iter().any(|leg| way(Some(leg)) == Way::Inside("shop.2".parse().unwrap())));
}

#[test]
fn one_dot_at_a_time_for_a_plain_request_and_none_after_its_end() {
    let mut traffic = Traffic::default();
    traffic.enter(request(1, 1_000, Outcome::Ok));
    for display_us in (1_000..4_000_000).step_by(16_000) {
        advance(&mut traffic, &stage(), display_us);
        let dots = traffic.dots(&stage(), display_us).dots;
        assert_eq!(dots.len(), usize::from(!traffic.is_empty()), "at {display_us}");
        assert!(dots.iter().all(|dot| dot.trace() == TraceId(1) && dot.user() == Some(7)));
    }
    assert!(traffic.is_empty());
}

#[test]
fn a_refused_attempt_stops_at_the_cell_and_nothing_comes_back() {
    let (legs, _) = legs(Outcome::Failed(Cause::Refused));
    let last = legs.last().unwrap();
    assert_eq!(last.kind, Kind::StoppedOn);
    assert_eq!((last.look, u64::from(last.to_us - last.from_us)), (Look::Failed, FADE_US));
    assert!(!legs.iter().any(|leg| leg.kind == Kind::Back));
}

#[test]
fn what_is_not_answered_in_time_waits_at_the_cell_before_it_fails() {
    let (legs, ways) = legs(Outcome::Failed(Cause::UpstreamTimedOut));
    let [.., waits, fails] = &legs[..] else { panic!("{legs:?}") };
    assert_eq!((waits.kind, fails.kind), (Kind::Inside, Kind::StoppedIn));
    assert!(ways[ways.len() - 2..].iter().all(|way| *way == Way::Inside("gate.1".parse().unwrap())));
}

#[test]
fn a_lost_session_and_a_lost_cart_come_back_hollow() {
    for cause in [Cause::UnknownSession, Cause::CartLost] {
        let (legs, _) = legs(Outcome::Failed(cause));
        assert_eq!(legs.last().map(|leg| leg.look), Some(Look::Lost), "{cause}");
    }
}

#[test]
fn requests_that_ended_before_a_kill_are_over_when_it_is_shown() {
    let mut traffic = Traffic::default();
    traffic.enter(request(1, 1_000, Outcome::Ok));
    advance(&mut traffic, &stage(), 1_000);
    traffic.hurry(&"shop.2#1".parse().unwrap(), 500_000);
    advance(&mut traffic, &stage(), 490_000);
    assert!(!traffic.is_empty());
    advance(&mut traffic, &stage(), 500_000);
    assert!(traffic.is_empty());
}

#[test]
fn a_crowd_is_sampled_openly_and_its_harm_is_always_shown() {
    let mut traffic = Traffic::default();
    (1..=1_000).for_each(|trace| traffic.enter(request(trace, 0, Outcome::Ok)));
    traffic.enter(request(1_001, 0, Outcome::Failed(Cause::Refused)));
    advance(&mut traffic, &stage(), 0);
    let dots = traffic.dots(&stage(), 1_000);
    assert_eq!(dots.one_of, 3);
    assert!((300..=LEGIBLE).contains(&dots.dots.len()), "{}", dots.dots.len());
}

#[test]
fn a_click_near_a_dot_finds_its_request_and_one_elsewhere_none() {
    let mut traffic = Traffic::default();
    traffic.enter([request(1, 0, Outcome::Ok), request(2, 90_000, Outcome::Ok)].concat());
    advance(&mut traffic, &stage(), 0);
    advance(&mut traffic, &stage(), 100_000);
    let dots = traffic.dots(&stage(), 200_000);
    for dot in &dots.dots {
        let beside = Point::new(dot.at().x + 1.0, dot.at().y);
        assert_eq!(dots.dot_at(beside, 12.0), Some(dot.trace()));
        assert_eq!(dots.dot_at(Point::new(dot.at().x, dot.at().y + 500.0), 12.0), None);
    }
    assert_eq!(dots.dots.len(), 2);
}

#[test]
fn what_the_clock_jumped_over_is_not_drawn_but_counted() {
    let mut traffic = Traffic::default();
    traffic.enter([request(1, 0, Outcome::Ok), request(2, 9_900_000, Outcome::Ok)].concat());
    let set_out = advance(&mut traffic, &stage(), 10_000_000);
    assert_eq!((set_out.len(), traffic.undrawn()), (1, 5));
}

#[test]
fn counts_are_those_of_the_last_second_and_end_with_it() {
    let mut traffic = Traffic::default();
    traffic.enter([request(1, 0, Outcome::Ok), request(2, 0, Outcome::Failed(Cause::UnknownSession))].concat());
    traffic.enter(request(3, 0, Outcome::Failed(Cause::Refused)));
    let mut most = std::collections::BTreeMap::new();
    for display_us in (0..6_000_000).step_by(20_000) {
        advance(&mut traffic, &stage(), display_us);
        for count in traffic.counts(&stage(), display_us) {
            let key = (count.link.to_string(), count.slot.map(|slot| slot.to_string()));
            let seen: &mut (u32, u32, u32) = most.entry(key).or_default();
            *seen = (seen.0.max(count.sent), seen.1.max(count.failed), seen.2.max(count.lost));
        }
    }
    let key = |link: &str, slot: &str| (link.to_owned(), Some(slot.to_owned()));
    assert_eq!(most[&key("gate->shop", "shop.2")], (2, 0, 1));
    // The third had no answer, and stopped at the gateway.
    assert_eq!(most[&key("shoppers->gate", "gate.1")], (3, 1, 1));
    assert!(traffic.counts(&stage(), 6_000_000).is_empty());
}

#[test]
fn dots_that_wait_in_one_cell_stand_apart_and_keep_their_places() {
    let mut traffic = Traffic::default();
    // All three ask at once, and are served for as long as it takes to stand side by side.
    for trace in 1..=3 {
        let mut spans = request(trace, 0, Outcome::Ok);
        spans.iter_mut().for_each(|span| span.end_us += 60_000);
        traffic.enter(spans);
    }
    let mut places: std::collections::BTreeMap<u128, Vec<Point>> = Default::default();
    for display_us in (0..2_000_000).step_by(10_000) {
        advance(&mut traffic, &stage(), display_us);
        let left = stage().cell(&"shop.2".parse().unwrap()).unwrap().min.x;
        for dot in traffic.dots(&stage(), display_us).dots {
            if dot.at().x == left {
                places.entry(dot.trace().0).or_default().push(dot.at());
            }
        }
    }
    let heights: Vec<f32> = places.values().map(|spots| spots[spots.len() / 2].y).collect();
    assert_eq!((heights[1] - heights[0], heights[2] - heights[0]), (11.0, -11.0));
    for spots in places.values() {
        let stays = spots.iter().filter(|spot| **spot == spots[spots.len() / 2]).count();
        assert!(stays + 8 >= spots.len(), "it stands but for coming and going: {spots:?}");
    }
}

#[test]
fn a_request_that_sets_out_after_a_death_became_known_is_over_by_it_too() {
    let mut traffic = Traffic::default();
    traffic.hurry(&"shop.2#1".parse().unwrap(), 500_000);
    traffic.enter([request(1, 450_000, Outcome::Ok), request(2, 495_000, Outcome::Failed(Cause::Refused))].concat());
    advance(&mut traffic, &stage(), 495_000);
    assert_eq!(traffic.dots(&stage(), 496_000).dots.len(), 2);
    advance(&mut traffic, &stage(), 500_000);
    let left: Vec<TraceId> = traffic.dots(&stage(), 501_000).dots.iter().map(Dot::trace).collect();
    assert_eq!(left, [TraceId(2)], "what had no answer goes on, to stop before the cell");
}

#[test]
fn a_dot_never_leaves_what_its_journey_is_known_to_stay_within() {
    let outcomes = [Outcome::Ok, Outcome::Failed(Cause::Refused), Outcome::Failed(Cause::UpstreamTimedOut)];
    for outcome in outcomes {
        let (tree, mut numbers) = (Tree::grow(request(1, 0, outcome)).unwrap(), Numbers::default());
        let journey = journey(&tree, &mut numbers);
        let within = journey.within.unwrap().shrunk(-0.01);
        let mut seen = 0;
        for display_us in (0..journey.ends_us()).step_by(5_000) {
            let dots: Vec<Dot> = journey.dots(&numbers.tracks, display_us).collect();
            assert!(dots.iter().all(|dot| within.contains(dot.at)), "{outcome:?} at {display_us}: {dots:?}");
            seen += dots.len();
        }
        assert!(seen > 100, "{seen}");
    }
}

#[test]
fn a_retry_that_is_seen_beside_what_failed_is_looked_up_leg_by_leg() {
    let (tree, mut numbers) = (Tree::grow(request(1, 0, Outcome::Ok)).unwrap(), Numbers::default());
    let mut journey = journey(&tree, &mut numbers);
    let mut legs = journey.legs.to_vec();
    legs[1].from_us -= 1_000;
    journey.legs = legs.into();
    journey.measure(&numbers.tracks);
    assert_eq!(journey.within, None);
}

#[test]
fn what_comes_into_sight_is_seen_from_its_first_moment_there() {
    let outcomes = [Outcome::Ok, Outcome::Failed(Cause::Refused), Outcome::Failed(Cause::UpstreamTimedOut)];
    let spans: Vec<Span> =
        (1..=60).flat_map(|trace| request(trace, 40_000 * trace as u64, outcomes[trace as usize % 3])).collect();
    let (stage, mut seen) = (stage(), 0);
    for part in [stage.cards[1].rect, stage.cards[2].rect, stage.wires[1].bounds] {
        let [mut all, mut some] = <[Traffic; 2]>::default();
        all.enter(spans.clone());
        some.enter(spans.clone());
        // Somebody looks at one part all the time, while most that goes on is elsewhere.
        some.show_within(Some(part));
        for display_us in (0..6_000_000).step_by(7_000) {
            advance(&mut all, &stage, display_us);
            advance(&mut some, &stage, display_us);
            let (all, found) = (all.dots(&stage, display_us), some.dots(&stage, display_us));
            let there: Vec<Dot> = all.dots.into_iter().filter(|dot| part.contains(dot.at)).collect();
            assert_eq!(found.all, all.all, "at {display_us}");
            assert_eq!(by_request(&found.dots), by_request(&there), "at {display_us} in {part:?}");
            seen += there.len();
        }
    }
    assert!(seen > 1_000, "{seen}");
}

#[test]
fn a_part_of_the_drawing_has_the_dots_that_all_of_it_has_there() {
    let mut traffic = Traffic::default();
    let outcomes = [Outcome::Ok, Outcome::Failed(Cause::Refused), Outcome::Failed(Cause::UnknownSession)];
    for trace in 1..=60 {
        traffic.enter(request(trace, 40_000 * trace as u64, outcomes[trace as usize % 3]));
    }
    let (stage, mut seen) = (stage(), 0);
    for display_us in (0..6_000_000).step_by(90_000) {
        advance(&mut traffic, &stage, display_us);
        traffic.show_within(None);
        let all = traffic.dots(&stage, display_us);
        for part in [stage.cards[0].rect, stage.cards[2].rect, stage.wires[1].bounds, Rect::new(9e4, 0.0, 1.0, 1.0)] {
            traffic.show_within(Some(part));
            let there: Vec<Dot> = all.dots.iter().filter(|dot| part.contains(dot.at)).cloned().collect();
            let found = traffic.dots(&stage, display_us);
            assert_eq!(found.all, all.dots.len(), "at {display_us}");
            assert_eq!(by_request(&found.dots), by_request(&there), "at {display_us} in {part:?}");
            seen += there.len();
        }
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn dots_follow_a_card_that_is_dragged() {
    let preset = sticky();
    let [mut dragged, mut anew] = <[Traffic; 2]>::default();
    for trace in 1..=60 {
        let spans = request(trace, 40_000 * trace as u64, Outcome::Ok);
        dragged.enter(spans.clone());
        anew.enter(spans);
    }
    let (mut stage, mut seen) = (stage(), 0);
    let part = Some(stage.cards[2].rect.shrunk(-60.0));
    for display_us in (0..6_000_000_u64).step_by(16_000) {
        let at = Point::new(440.0 + (display_us % 1_000_000) as f32 / 2_000.0, 40.0);
        let moved = Moved { nodes: [("shop".parse().unwrap(), at)].into(), ..Moved::default() };
        Arc::make_mut(&mut stage).drag(&preset, &moved);
        let other = Arc::new(Stage::new(&preset, &Snapshot::default(), &moved));
        dragged.show_within(part);
        anew.show_within(part);
        advance(&mut dragged, &stage, display_us);
        advance(&mut anew, &other, display_us);
        let (dragged, anew) = (dragged.dots(&stage, display_us), anew.dots(&other, display_us));
        assert_eq!(by_request(&dragged.dots), by_request(&anew.dots), "at {display_us}");
        seen += dragged.dots.len();
    }
    assert!(seen > 100, "{seen}");
}
