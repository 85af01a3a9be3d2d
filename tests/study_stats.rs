//! A run in numbers, each worked out by hand here.
use keepalive::profile::{App, Chosen, Content};
use keepalive::protocol::{Request, Version};
use keepalive::sim::{Network, Planned, Scenario, Span, Start, Us, run};
use keepalive::study::stats::{
    EDGES, Latency, Level, Stats, gaps, histogram, level, percentile, steps,
};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn ms(ms: u64) -> Us {
    Us::from_ms(ms)
}

/// Requests at 0, 1 and 10 s; each is worked on for 100 ms, 100 ms of round trip away. The server
/// closes 5 s after its last byte: at 6.15 s and at 15.25 s.
fn three() -> Scenario {
    let get = |at: u64| Planned {
        start: Start::At(ms(at)),
        request: Request::new("GET", "/", Version::Http11).with("Host", "a.example"),
        app: App { content: Content::Known(5), after: ms(100), ..App::default() },
        ..Planned::default()
    };
    Scenario {
        server: Chosen::new("textbook", "").with("idle timeout", "5"),
        network: Network { rtt: ms(100), ..Network::PLAIN },
        exchanges: [0, 1_000, 10_000].map(get).to_vec(),
        until: Some(ms(20_000)),
        ..Scenario::default()
    }
}

fn stats(scenario: &Scenario) -> Stats {
    Stats::of(&run(scenario).expect("it runs"), 0)
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test_everywhere(unsupported = test)]
fn counts_are_means_over_time() {
    let stats = stats(&three());
    near(stats.open.mean, (6_150.0 + 5_250.0) / 20_000.0);
    // The server has a connection half a round trip after the client, and loses it when it closes.
    near(stats.held_by_connection.mean, (6_000.0 + 5_100.0) / 20_000.0);
    near(stats.held_by_request.mean, 300.0 / 20_000.0);
    // TIME_WAIT begins a round trip after the close, with who closed.
    near(stats.time_wait[1].mean, (13_750.0 + 4_650.0) / 20_000.0);
    assert_eq!((stats.time_wait[0].peak, stats.time_wait[1].peak), (0, 2));
    assert_eq!((stats.open.peak, stats.ports.peak), (1, 1));
}

#[test_everywhere(unsupported = test)]
fn waits_are_told_by_rank() {
    let stats = stats(&three());
    let latency = stats.latency.expect("three answers");
    assert_eq!([latency.p50, latency.p95, latency.max], [ms(300); 3]);
    assert_eq!(latency.mean, Us(266_667));
    assert_eq!((stats.outcomes.answered, stats.outcomes.all()), (3, 3));
    assert_eq!(Latency::of(Vec::new()), None);
    let hundred: Vec<Us> = (1..=100).map(Us).collect();
    assert_eq!(
        [1, 50, 95, 100].map(|rank| percentile(&hundred, rank)),
        [1, 50, 95, 100].map(|n| Some(Us(n)))
    );
    assert_eq!(percentile(&[], 50), None);
}

#[test_everywhere(unsupported = test)]
fn connections_opened_and_used_again() {
    let stats = stats(&three());
    assert_eq!((stats.opened, stats.closed), (2, 2));
    near(stats.opened_per_second(), 0.1);
    near(stats.reused, 1.0 / 3.0);
    assert_eq!(stats.lifetime, ms(5_700));
    // The law holds to the letter where every connection begins and ends in the stretch.
    near(stats.little(), stats.open.mean);
}

#[test_everywhere(unsupported = test)]
fn gaps_are_those_without_a_request_under_way() {
    let timeline = run(&three()).expect("it runs");
    let gaps = gaps(&timeline, 0);
    assert_eq!(gaps, [ms(700), ms(8_800)]);
    let counts = histogram(&gaps);
    let filled: Vec<usize> = (0..counts.len()).filter(|index| counts[*index] > 0).collect();
    assert_eq!(
        filled.iter().map(|index| EDGES[*index]).collect::<Vec<_>>(),
        [ms(1_000), ms(10_000)]
    );
    assert_eq!(
        histogram(&[EDGES[2], Us::NEVER]).iter().rposition(|count| *count == 1),
        Some(EDGES.len())
    );
    assert_eq!(histogram(&[EDGES[2]])[3], 1, "an edge belongs to what is above it");
}

#[test_everywhere(unsupported = test)]
fn requests_side_by_side_leave_no_gap() {
    let mut scenario = three();
    scenario.client = Chosen::new("browser", "");
    for planned in &mut scenario.exchanges {
        planned.start = Start::At(Us::ZERO);
    }
    let stats = stats(&scenario);
    assert_eq!((stats.open.peak, stats.ports.peak, stats.opened), (3, 3, 3));
    assert_eq!(gaps(&run(&scenario).expect("it runs"), 0), []);
}

#[test_everywhere(unsupported = test)]
fn a_part_of_the_run() {
    let timeline = run(&three()).expect("it runs");
    let stats = Stats::between(&timeline, 0, Span::new(ms(5_000), ms(15_000)));
    near(stats.open.mean, (1_150.0 + 5_000.0) / 10_000.0);
    assert_eq!((stats.opened, stats.closed, stats.outcomes.all()), (1, 1, 1));
    near(stats.reused, 0.0);
    let nothing = Stats::between(&timeline, 0, Span::new(ms(5_000), ms(5_000)));
    assert_eq!((nothing.open, nothing.latency), (Level::default(), None));
    near(nothing.opened_per_second(), 0.0);
    assert_eq!(
        Stats::of(&timeline, 1),
        Stats { over: Span::new(Us::ZERO, timeline.end), ..Stats::default() }
    );
}

#[test_everywhere(unsupported = test)]
fn one_ends_where_the_next_begins() {
    let spans = || {
        [(0, 10), (10, 20), (5, 20), (7, 7)]
            .map(|(from, to)| Span::new(Us(from), Us(to)))
            .into_iter()
    };
    assert_eq!(steps(spans()), [(Us(0), 1), (Us(5), 2), (Us(10), 2), (Us(20), 0)]);
    let level = level(spans(), Span::new(Us(0), Us(40)));
    assert_eq!(level.peak, 2);
    near(level.mean, 35.0 / 40.0);
}
