//! Each claim's link shows what its card says: how many connections it takes, who closes, and when.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::catalogue::claims::CLAIMS;
use keepalive::share::link;
use keepalive::sim::{Connection, Outcome, Side, Timeline, Us, run};

/// The runs of a claim's link; in a comparison the upper one first.
fn shown(id: &str) -> Vec<Timeline> {
    let (text, number) = id.split_once('-').expect("a text and a number");
    let (_, claims) =
        CLAIMS.into_iter().find(|(name, _)| *name == text).expect("the text is known");
    let claim = &claims[number.parse::<usize>().expect("a number") - 1];
    let study = link::parse(claim.see).study;
    let runs = 0..study.run_count();
    runs.map(|index| run(&study.scenario_of(index)).expect("the scenario is sound")).collect()
}

/// Connections to what the clients speak to, of each run; behind a proxy those to the server.
const CONNECTIONS: [(&str, &[usize]); 49] = [
    ("iis4-1", &[1, 3]),
    ("iis4-2", &[2]),
    ("iis4-3", &[2]),
    ("iis4-4", &[2]),
    ("iis4-5", &[3, 1]),
    ("iis4-6", &[3]),
    ("iis4-7", &[1]),
    ("iis1-1", &[1]),
    ("iis1-2", &[8]),
    ("iis1-3", &[2]),
    ("iis1-4", &[8]),
    ("iis1-5", &[11, 1]),
    ("iis1-6", &[11, 1]),
    ("iis1-7", &[11, 1]),
    ("iis1-8", &[11, 1]),
    ("disable-1", &[11, 1]),
    ("disable-2", &[1]),
    ("disable-3", &[11, 6]),
    ("disable-4", &[1]),
    ("disable-5", &[1]),
    ("disable-6", &[6, 6]),
    ("disable-7", &[2]),
    ("disable-8", &[10]),
    ("crawlers-1", &[5, 1]),
    ("crawlers-2", &[2]),
    ("crawlers-3", &[2]),
    ("crawlers-4", &[2]),
    ("crawlers-5", &[3]),
    ("crawlers-6", &[11]),
    ("crawlers-7", &[6, 6]),
    ("crawlers-8", &[1]),
    ("crawlers-9", &[5, 5]),
    ("crawlers-10", &[6, 6]),
    ("crawlers-11", &[3, 1]),
    ("page1998-1", &[3]),
    ("page1998-2", &[3, 1]),
    ("page1998-3", &[2]),
    ("page1998-4", &[2]),
    ("page1998-5", &[2]),
    ("page1998-6", &[1]),
    ("page1998-7", &[2]),
    ("page1998-8", &[1]),
    ("page1998-9", &[1]),
    ("page1998-10", &[2]),
    ("page1998-11", &[2, 1]),
    ("page1998-12", &[1]),
    ("page1998-13", &[2, 1]),
    ("page1998-14", &[3, 1]),
    ("page1998-15", &[2]),
];

#[test]
fn every_claim_takes_as_many_connections_as_its_card_says() {
    let mut wrong = Vec::new();
    for (id, expected) in CONNECTIONS {
        let count = |timeline: &Timeline| {
            let last = u8::from(!timeline.forwarded.is_empty());
            timeline.connections.iter().filter(|it| it.hop == last).count()
        };
        let counts: Vec<usize> = shown(id).iter().map(count).collect();
        if counts != expected {
            wrong.push(format!("{id}: {counts:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_claim_is_counted() {
    let all: usize = CLAIMS.iter().map(|(_, claims)| claims.len()).sum();
    assert_eq!(CONNECTIONS.len(), all);
}

/// Who closes the first connection, and how long its last wait was.
fn first(id: &str) -> (Option<Side>, Option<Us>) {
    let timeline = shown(id).swap_remove(0);
    let connection: &Connection = &timeline.connections[0];
    let side = connection.close.as_ref().map(|close| close.by);
    let idle = connection.idle.iter().rev().find(|idle| Some(idle.side) == side);
    (side, idle.map(|idle| idle.span.length()))
}

#[test]
fn who_closes_and_when() {
    assert_eq!(first("iis1-3").0, Some(Side::Client));
    assert_eq!(first("crawlers-5").0, Some(Side::Client));
    assert_eq!(first("iis1-4"), (Some(Side::Server), Some(Us::from_secs(900))));
    assert_eq!(first("page1998-7"), (Some(Side::Client), Some(Us::from_secs(3))));
    assert_eq!(first("page1998-4"), (Some(Side::Server), Some(Us::from_secs(5))));
}

#[test]
fn a_longer_wait_changes_nothing_for_who_does_not_ask() {
    let runs = shown("crawlers-9");
    assert_eq!(runs[0].done(), runs[1].done());
}

#[test]
fn a_request_can_meet_a_close() {
    let timeline = shown("page1998-9").swap_remove(0);
    assert!(timeline.exchanges[1].lost.is_some());
    assert_ne!(timeline.exchanges[1].outcome, Outcome::Answered);
}
