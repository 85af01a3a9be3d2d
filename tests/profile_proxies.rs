//! A proxy of the time of HTTP/1.0 that hands Connection on, and a balancer that somebody else runs.
mod profiles;

use keepalive::profile::Chosen;
use keepalive::sim::{Network, Outcome, Planned, Proxy, Scenario, Start, Timeline, Us, run};
use profiles::{app, chosen, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// A run through a proxy: each exchange is a moment in ms and a request.
fn through(proxy: &str, origin: &str, asked: &[(u64, &str)]) -> Timeline {
    let planned = asked.iter().map(|&(at, text)| Planned {
        start: Start::At(Us::from_ms(at)),
        request: request(text),
        ..Planned::default()
    });
    let network = Network { rtt: Us::from_ms(20), ..Network::PLAIN };
    let scenario = Scenario {
        server: chosen(origin),
        client: Chosen::new("script", ""),
        proxy: Some(Proxy { chosen: chosen(proxy), network }),
        exchanges: planned.collect(),
        until: Some(Us::from_secs(700)),
        ..Scenario::default()
    };
    run(&scenario).expect("the scenario is right")
}

/// `200 at 40 ms`, or how it ended.
fn told(timeline: &Timeline) -> Vec<String> {
    let one = |exchange: &keepalive::sim::Exchange| match (
        &exchange.answer,
        exchange.response_received,
    ) {
        (Some(answer), Some(span))
            if matches!(exchange.outcome, Outcome::Answered | Outcome::Retried) =>
        {
            format!("{} at {} ms", answer.response.status, span.to.0 / 1_000)
        }
        _ => exchange.outcome.as_str().into(),
    };
    timeline.exchanges.iter().map(one).collect()
}

const KEPT: &str = "GET / HTTP/1.0 | Host: a | Connection: keep-alive";
const PLAIN: &str = "GET / HTTP/1.0 | Host: a";
const NEW: &str = "GET / HTTP/1.1 | Host: a";
const POST: &str = "POST / HTTP/1.1 | Host: a | Content-Length: 0";

#[test_everywhere(unsupported = test)]
fn a_blind_proxy_waits_for_a_close_that_does_not_come() {
    let hangs = through("blind-proxy", "textbook; idle timeout = 15s", &[(0, KEPT), (1000, KEPT)]);
    assert_eq!(hangs.forwarded[0].request.headers.first("connection"), Some("keep-alive"));
    let says = hangs.exchanges[0].answer.as_ref().expect("an answer");
    assert_eq!(says.response.headers.first("connection"), Some("keep-alive"));
    // The second request is not read before the server has had enough of waiting.
    assert_eq!(told(&hangs), ["200 at 40 ms", "failed"]);
    let end = hangs.connections[0].close.as_ref().expect("it ends with the server's");
    assert_eq!(end.at.0 / 1_000_000, 15);
    let fine = through("blind-proxy", "textbook", &[(0, PLAIN), (1000, PLAIN)]);
    assert_eq!(told(&fine), ["200 at 40 ms", "200 at 1040 ms"]);
}

#[test_everywhere(unsupported = test)]
fn a_balancer_answers_502_when_the_server_closes_first() {
    let origin = "textbook; idle timeout = 5s";
    let race = |second: &str| {
        let timeline = through("load-balancer aws-alb", origin, &[(0, NEW), (5025, second)]);
        told(&timeline)
    };
    for method in [POST, NEW] {
        assert_eq!(race(method), ["200 at 40 ms", "502 at 5040 ms"], "{method}");
    }
    let waits = through("load-balancer", "textbook; idle timeout = 65s", &[(0, NEW), (5025, POST)]);
    assert_eq!(told(&waits), ["200 at 40 ms", "200 at 5045 ms"]);
}

#[test_everywhere(unsupported = test)]
fn a_balancer_keeps_a_server_s_connection_as_long_as_its_documentation_says() {
    let closed = |proxy: &str, origin: &str| {
        let timeline = through(proxy, origin, &[(0, NEW)]);
        let upstream = timeline.connections.iter().find(|one| one.hop == 1).expect("one");
        upstream.close.as_ref().map(|close| close.at.0 / 1_000_000)
    };
    let patient = "textbook; idle timeout = 0";
    assert_eq!(closed("load-balancer aws-alb", patient), Some(60));
    assert_eq!(closed("load-balancer aws-alb; idle_timeout = 30", patient), Some(30));
    assert_eq!(closed("load-balancer gcp", patient), Some(600));
}

#[test_everywhere(unsupported = test)]
fn a_client_s_connection_has_an_age() {
    let persists = |product: &str, age_s: u64| {
        let (asked, app) = (request(NEW), app("200 known 5"));
        let mut seen = seen(&asked, &app);
        seen.age = Us::from_secs(age_s);
        server(product).answer(&seen).persists()
    };
    assert!(persists("load-balancer", 3599));
    assert!(!persists("load-balancer", 3600));
    assert!(persists("load-balancer gcp", 3600));
    assert!(!persists("load-balancer; client_keep_alive.seconds = 60", 60));
}
