//! The meters below the lanes, and the line about the waits: both against counts made by hand.
use keepalive::scene::words::waits;
use keepalive::scene::{Mode, Scene, Viewport};
use keepalive::share::link;
use keepalive::sim::Us;
use keepalive::study::stats::Stats;

fn scene(text: &str, width: f64, meters: bool) -> Scene {
    let show = link::parse(text).study.show();
    Scene::build(&show, &Viewport { meters, ..Viewport::new(width, Mode::Page) })
}

/// What each meter says at these instants, in seconds.
#[track_caller]
fn check(text: &str, at: &[u64], expected: &[&[&str]]) {
    let scene = scene(text, 1216.0, true);
    let says = |at: u64| scene.meters.iter().map(move |meter| meter.value(Us::from_secs(at)));
    let all: Vec<Vec<String>> = at.iter().map(|at| says(*at).collect()).collect();
    assert_eq!(all, expected, "{text}");
    let lines = scene.back.iter().filter(|shape| shape.class() == "k-dim meter").count();
    assert_eq!(lines, scene.meters.len(), "each has its line");
}

/// Three clients, a request each, two seconds apart; the server closes after 15 s of idling.
const THREE: &str = "v=1&scenario=none&clients=3&exchanges=3&x2-3.gap=2s";

#[test]
fn a_meter_tells_how_many_there_are_at_the_playhead() {
    // Open, TIME_WAIT, ports; the textbook server has no limit of workers.
    check(
        THREE,
        &[0, 3, 5, 16, 18, 30],
        &[
            &["1", "0", "1"],
            &["2", "0", "2"],
            &["3", "0", "3"],
            &["2", "1", "2"],
            &["1", "2", "1"],
            &["0", "3", "0"],
        ],
    );
}

#[test]
fn a_meter_with_a_limit_says_of_how_many() {
    let one = "v=1&scenario=none&exchanges=3&x2-3.gap=2s&ports=9";
    check(one, &[1], &[&["1", "0", "1 of 9"]]);
    // The third connection is open, but not taken before a worker is free.
    check(
        &format!("{THREE}&server.workers=2"),
        &[1, 5],
        &[&["1", "1 of 2", "0", "1"], &["3", "2 of 2", "0", "3"]],
    );
    // Each client has ports of its own: of them all there is no limit.
    check(&format!("{THREE}&ports=9"), &[1], &[&["1", "0", "1"]]);
}

#[test]
fn behind_a_proxy_each_hop_has_its_meters() {
    let text = format!("{THREE}&proxy=textbook");
    let scene = scene(&text, 1216.0, true);
    // Three connections to the proxy, one from it to the server.
    let peaks: Vec<u32> = scene
        .meters
        .iter()
        .map(|meter| meter.steps.iter().map(|(_, count)| *count).max().unwrap_or(0))
        .collect();
    assert_eq!(peaks.first(), Some(&3));
    assert!(peaks[1..].contains(&1), "{peaks:?}");
    let words = |wanted: &str| scene.labels.iter().any(|label| label.text == wanted);
    assert!(words("clients to proxy") && words("proxy to server"));
}

#[test]
fn there_are_none_unless_they_are_asked_for_or_where_time_runs_down() {
    for (width, meters) in [(1216.0, false), (390.0, false), (390.0, true)] {
        assert!(scene(THREE, width, meters).meters.is_empty(), "{width} {meters}");
    }
}

#[test]
fn the_waits_of_a_run_stand_in_one_line() {
    let text = "v=1&scenario=none&exchanges=1&x1.delay=30ms&load=every:1s&load.count=21&rtt=20ms";
    let show = link::parse(text).study.show();
    let timeline = show.runs[0].timeline().expect("it runs");
    let line = waits(&Stats::of(timeline, 0)).expect("all are answered");
    // The first has to open a connection: one round trip more.
    assert!(
        line.starts_with("Waits: mean 51\u{a0}ms, p50 50\u{a0}ms, p95 50\u{a0}ms, p99 70\u{a0}ms."),
        "{line}"
    );
    assert!(line.contains("Little"), "{line}");
    let nothing = link::parse("v=1&scenario=none&exchanges=0").study.show();
    assert_eq!(waits(&Stats::of(nothing.runs[0].timeline().expect("it runs"), 0)), None);
}
