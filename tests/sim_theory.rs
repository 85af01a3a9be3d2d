//! The engine against theory: what books on queues and on TCP say in closed form comes out of runs.
use keepalive::profile::{App, Chosen, Content};
use keepalive::protocol::{Request, Version};
use keepalive::sim::{
    Arrivals, Load, Network, Planned, Scenario, Service, Span, Start, Timeline, Tls, Us, run,
};
use keepalive::study::stats::Stats;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn get(work_ms: u64) -> Planned {
    Planned {
        start: Start::At(Us::ZERO),
        request: Request::new("GET", "/", Version::Http11).with("Host", "a.example"),
        app: App { content: Content::Known(5), after: Us::from_ms(work_ms), ..App::default() },
        ..Planned::default()
    }
}

fn closing() -> Chosen {
    Chosen::new("textbook", "").with("persistence", "off")
}

fn play(scenario: &Scenario) -> Timeline {
    run(scenario).expect("the scenario is well-formed")
}

/// Within so many percent of what theory says.
#[track_caller]
fn near(found: f64, theory: f64, percent: f64) {
    let off = (found - theory) / theory * 100.0;
    assert!(off.abs() <= percent, "{found} is {off:.2} % off {theory}");
}

/// The numbers of a run from `from_s` seconds on, when it has settled, to its last arrival.
fn settled(timeline: &Timeline, from_s: u64) -> Stats {
    let last = timeline.exchanges.iter().filter_map(|exchange| exchange.wanted).max();
    Stats::between(timeline, 0, Span::new(Us::from_secs(from_s), last.unwrap_or_default()))
}

/// Who closes keeps the port for 60 s: as many ports wait as connections are closed in a minute.
#[test_everywhere(unsupported = test)]
fn time_wait_holds_a_minute_of_closes() {
    for (gap_ms, arrivals, percent) in [
        (100, Arrivals::Every(Us::from_ms(100)), 0.01),
        (20, Arrivals::Every(Us::from_ms(20)), 0.01),
        (50, Arrivals::Poisson(Us::from_ms(50)), 2.0),
    ] {
        let scenario = Scenario {
            server: closing(),
            network: Network { rtt: Us::from_ms(20), ..Network::PLAIN },
            clients: 100,
            exchanges: vec![get(0)],
            load: Some(Load { count: 30_000, arrivals, service: Service::AsPlanned }),
            ..Scenario::default()
        };
        let stats = settled(&play(&scenario), 100);
        near(stats.time_wait[1].mean, 60.0 * 1_000.0 / gap_ms as f64, percent);
    }
}

/// A page and its images on so many connections: milliseconds until all are there.
fn page(images: usize, connections: u64, rtt_ms: u64, tls: Tls) -> f64 {
    let image = Planned { start: Start::After { exchange: 0, gap: Us::ZERO }, ..get(0) };
    let mut exchanges = vec![get(0)];
    exchanges.resize(images + 1, image);
    let most = "network.http.max-persistent-connections-per-server";
    let scenario = Scenario {
        client: Chosen::new("browser", "").with(most, &connections.to_string()),
        network: Network { rtt: Us::from_ms(rtt_ms), tls, ..Network::PLAIN },
        exchanges,
        ..Scenario::default()
    };
    let run = play(&scenario);
    let loaded = run.exchanges.iter().filter_map(|exchange| exchange.response_received);
    loaded.map(|span| span.to).max().unwrap_or_default().as_ms()
}

/// The first connection begins with the images at once, the others when their handshakes are done;
/// then each brings one image a round trip.
fn trips(images: u64, connections: u64, tls: Tls) -> u64 {
    let handshakes = 1 + tls.round_trips();
    let used = connections.min(images);
    let rest = images.saturating_sub(handshakes);
    let alone = images.min(handshakes);
    let shared = if used > 0 { rest.div_ceil(used) } else { 0 };
    handshakes + 1 + alone + shared
}

#[test_everywhere(unsupported = test)]
fn a_page_takes_as_many_round_trips_as_its_connections_need() {
    for tls in Tls::ALL {
        for images in [0, 1, 2, 3, 6, 7, 20, 61] {
            for connections in [1, 2, 6, 8, 32] {
                let found = page(usize::try_from(images).expect("few"), connections, 60, tls);
                let expected = 60.0 * trips(images, connections, tls) as f64;
                let case = format!("{images} images, {connections} connections, TLS {tls:?}");
                assert!((found - expected).abs() < 1e-9, "{case}: {found}, not {expected}");
            }
        }
    }
}

/// A body of so many segments in all, with its head.
fn segments(count: u64) -> Planned {
    let mut planned = get(0);
    planned.app.content = Content::Known((count - 1) * 1_460 + 100);
    planned
}

/// Round trips of an exchange on a new connection and of the same one behind it.
#[track_caller]
fn slow_start(count: u64, first: u64, second: u64) {
    let behind = Start::After { exchange: 0, gap: Us::from_ms(10) };
    let scenario = Scenario {
        network: Network { rtt: Us::from_ms(100), slow_start: true, ..Network::PLAIN },
        exchanges: vec![segments(count), Planned { start: behind, ..segments(count) }],
        ..Scenario::default()
    };
    let run = play(&scenario);
    let took = |index: usize| {
        let exchange = &run.exchanges[index];
        let (sent, received) = (exchange.request_sent, exchange.response_received);
        received.zip(sent).map(|(received, sent)| (received.to - sent.from).as_ms())
    };
    let trips = |trips: u64| Some(100.0 * trips as f64);
    assert_eq!((took(0), took(1)), (trips(first), trips(second)), "{count} segments");
}

/// Ten segments, then a round trip and twice as many, and so on: `n` segments need the smallest `r`
/// with 10 (2^r - 1) >= n. What has been confirmed widens the window, so that the same again goes at once.
#[test_everywhere(unsupported = test)]
fn slow_start_takes_the_round_trips_of_its_doubling() {
    let table = [(1, 1), (10, 1), (11, 2), (30, 2), (31, 3), (70, 3), (71, 4), (150, 4), (151, 5)];
    for (count, trips) in table {
        slow_start(count, trips, 1);
    }
}

/// Round trips to the first byte of the answer on the first connection and on the next.
#[track_caller]
fn handshakes(tls: Tls, resumes: bool, first: u64, next: u64) {
    let behind = Start::After { exchange: 0, gap: Us::from_secs(1) };
    let scenario = Scenario {
        server: closing(),
        network: Network { rtt: Us::from_ms(100), tls, resumes, ..Network::PLAIN },
        exchanges: vec![get(0), Planned { start: behind, ..get(0) }],
        ..Scenario::default()
    };
    let run = play(&scenario);
    assert_eq!(run.connections.len(), 2);
    let took = run.exchanges.iter().map(|exchange| {
        let (wanted, received) = (exchange.wanted, exchange.response_received);
        received.zip(wanted).map(|(received, wanted)| (received.from - wanted).0 / 100_000)
    });
    assert_eq!(took.collect::<Vec<_>>(), [Some(first), Some(next)], "{tls:?} {resumes}");
}

#[test_everywhere(unsupported = test)]
fn a_first_byte_takes_the_round_trips_of_its_handshakes() {
    handshakes(Tls::None, false, 2, 2);
    handshakes(Tls::None, true, 2, 2);
    handshakes(Tls::V12, false, 4, 4);
    handshakes(Tls::V12, true, 4, 3);
    handshakes(Tls::V13, false, 3, 3);
    handshakes(Tls::V13, true, 3, 2);
}

/// Long runs with chance in them: natively only, because a run is the same in both worlds and these
/// take seconds without optimisation.
#[cfg(not(target_arch = "wasm32"))]
mod long {
    use super::*;
    use keepalive::sim::Failure;

    fn load(count: u32, mean_ms: u64, service: Service) -> Option<Load> {
        Some(Load { count, arrivals: Arrivals::Poisson(Us::from_ms(mean_ms)), service })
    }

    /// M/G/infinity: each arrival is a client of its own, whose connection lives for its service and the
    /// server's idle limit. As many are open in the mean as arrive in one such life.
    #[test]
    fn open_connections_are_arrivals_times_service_and_idle_limit() {
        for (gap_ms, work_ms, idle_s, service) in [
            (100, 500, 15, Service::AsPlanned),
            (100, 0, 5, Service::AsPlanned),
            (50, 2_000, 15, Service::Exponential),
            (20, 0, 75, Service::AsPlanned),
        ] {
            let scenario = Scenario {
                server: Chosen::new("textbook", "").with("idle timeout", &idle_s.to_string()),
                clients: Scenario::MOST_CLIENTS,
                exchanges: vec![get(work_ms)],
                load: load(30_000, gap_ms, service),
                ..Scenario::default()
            };
            let stats = settled(&play(&scenario), 100);
            let per_second = 1_000.0 / gap_ms as f64;
            let life = work_ms as f64 / 1_000.0 + idle_s as f64;
            near(stats.open.mean, per_second * life, 2.0);
            near(stats.little(), stats.open.mean, 2.0);
        }
    }

    /// The share of calls that find all of `ports` lines taken (Erlang B), by its recursion.
    fn erlang_b(ports: u32, offered: f64) -> f64 {
        (1..=ports)
            .fold(1.0, |blocked, line| offered * blocked / (f64::from(line) + offered * blocked))
    }

    /// M/G/c/c: whoever finds no free port is turned away; each connection carries one exchange. What is
    /// turned away depends on the mean of the service alone, not on its distribution.
    #[test]
    fn who_finds_no_port_is_the_share_of_erlang_b() {
        assert!((erlang_b(2, 1.0) - 0.2).abs() < 1e-12);
        for service in [Service::AsPlanned, Service::Exponential] {
            for (ports, work_ms) in [(2, 100), (5, 500), (10, 800)] {
                let scenario = Scenario {
                    server: closing(),
                    client: Chosen::new("node-agent", "").with("keepAlive", "false"),
                    network: Network { ports: Some(ports), ..Network::PLAIN },
                    exchanges: vec![get(work_ms)],
                    load: load(100_000, 100, service),
                    ..Scenario::default()
                };
                let run = play(&scenario);
                let blocked = run.exchanges.iter().filter(|x| x.failure == Some(Failure::NoPort));
                let share = blocked.count() as f64 / run.exchanges.len() as f64;
                near(share, erlang_b(ports, work_ms as f64 / 100.0), 2.0);
            }
        }
    }

    /// M/D/1: one connection is one server, and those that wait for it wait as Pollaczek and Khinchine say.
    #[test]
    fn who_waits_for_the_one_connection_waits_as_in_a_queue() {
        for (work_ms, percent) in [(20, 2.0), (50, 2.0), (70, 2.0)] {
            let scenario = Scenario {
                server: Chosen::new("textbook", "").with("idle timeout", "0"),
                exchanges: vec![get(work_ms)],
                load: load(60_000, 100, Service::AsPlanned),
                ..Scenario::default()
            };
            let latency = Stats::of(&play(&scenario), 0).latency.expect("all are answered");
            let busy = work_ms as f64 / 100.0;
            let theory = work_ms as f64 * (1.0 + busy / (2.0 * (1.0 - busy)));
            near(latency.mean.as_ms(), theory, percent);
        }
    }
}
