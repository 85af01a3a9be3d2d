//! Node's clients, http.Agent and fetch: what they send, what they make of an answer, which
//! connection they take. What is expected here was measured on 20.20.2.
mod profiles;

use keepalive::profile::{Answer, ClientAfter, ClientRule, ClientSees, Config, MakeRule};
use keepalive::protocol::{Response, Version};
use keepalive::sim::{Planned, Scenario, Side, Start, Us, run};
use profiles::{app, chosen, headers, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

const AGENT: &str = "node-agent 20.20.2; keepAlive = true; timeout = 5000";
const FETCH: &str = "node-fetch 20.20.2";

fn client(text: &str) -> Box<dyn ClientRule> {
    let config = Config::parse(&chosen(text)).expect("the product is known");
    match config.product.rule {
        MakeRule::Client(make) => make(&config).expect("the settings are right"),
        MakeRule::Server(_) => panic!("a server"),
    }
}

/// What stands on the wire, its lines joined with ` | `.
#[track_caller]
fn sends(product: &str, composed: &str, body_bytes: u64, expected: &str) {
    let composed = request(composed);
    let sent = client(product).rewrite_with_body(&composed, body_bytes).unwrap_or(composed);
    assert_eq!(sent.wire().trim_end().replace("\r\n", " | "), expected);
}

/// What a client makes of the answer with this head to what it sends for a request like this one.
#[track_caller]
fn makes(product: &str, composed: &str, answered: &str, expected: &str) {
    let rule = client(product);
    let composed = request(composed);
    let body_bytes = profiles::body_of(&composed);
    let sent = rule.rewrite_with_body(&composed, body_bytes).unwrap_or(composed);
    let mut lines = answered.split('|').map(str::trim);
    let start: Vec<_> = lines.next().unwrap_or("").split(' ').collect();
    let response = Response {
        version: Version::parse(start[0]),
        status: start[1].parse().expect("a status"),
        headers: headers(lines),
    };
    let template = app("200 known 5");
    let textbook = server("textbook").answer(&seen(&sent, &template));
    let answer = Answer { response, ..textbook };
    let told = match rule.after(&ClientSees { request: &sent, answer: &answer }) {
        ClientAfter::Keep { idle_limit: Some(limit) } => format!("keep {} ms", limit.0 / 1_000),
        ClientAfter::Keep { idle_limit: None } => "keep".into(),
        ClientAfter::Close(reason) => format!("close: {}", reason.rule),
        ClientAfter::AwaitClose => "await close".into(),
    };
    assert_eq!(told, expected);
}

#[track_caller]
fn check(product: &str, answered: &str, expected: &str) {
    makes(product, "GET / HTTP/1.1 | Host: a", answered, expected);
}

#[test_everywhere(unsupported = test)]
fn what_an_agent_sends() {
    sends(
        AGENT,
        "GET / HTTP/1.0 | Host: a",
        0,
        "GET / HTTP/1.1 | Host: a | Connection: keep-alive",
    );
    let none = "node-agent 20.20.2";
    sends(none, "GET / HTTP/1.1 | Host: a", 0, "GET / HTTP/1.1 | Host: a | Connection: close");
    sends(
        "node-agent 20.20.2; maxSockets = 1",
        "GET / HTTP/1.1 | Host: a",
        0,
        "GET / HTTP/1.1 | Host: a | Connection: keep-alive",
    );
    sends(
        AGENT,
        "POST / HTTP/1.1 | Host: a | Connection: foo",
        7,
        "POST / HTTP/1.1 | Host: a | Connection: foo | Content-Length: 7",
    );
    // A body without a length: whoever reads it takes it for the next request.
    sends(
        AGENT,
        "DELETE / HTTP/1.1 | Host: a",
        7,
        "DELETE / HTTP/1.1 | Host: a | Connection: keep-alive",
    );
}

/// What fetch adds to all its requests.
const FETCHED: &str = "accept: */* | accept-language: * | sec-fetch-mode: cors \
                       | user-agent: node | accept-encoding: gzip, deflate";

#[test_everywhere(unsupported = test)]
fn what_fetch_sends() {
    let sent = |product: &str, composed, body_bytes, start: &str, end: &str| {
        sends(product, composed, body_bytes, &format!("{start} | {FETCHED}{end}"));
    };
    let kept = "GET / HTTP/1.1 | host: a | connection: keep-alive";
    sent(FETCH, "GET / HTTP/1.0 | Host: a | Keep-Alive: 5", 0, kept, "");
    let closes = "GET / HTTP/1.1 | host: a | connection: close";
    sent(FETCH, "GET / HTTP/1.1 | Host: a | Connection: close", 0, closes, "");
    sent("node-fetch; pipelining = 0", "GET / HTTP/1.1 | Host: a", 0, closes, "");
    let head = "HEAD / HTTP/1.1 | host: a | connection: close";
    sent(FETCH, "HEAD / HTTP/1.1 | Host: a", 0, head, "");
    let post = "POST / HTTP/1.1 | host: a | connection: keep-alive";
    sent(FETCH, "POST / HTTP/1.1 | Host: a", 0, post, " | content-length: 0");
    sent(FETCH, "POST / HTTP/1.1 | Host: a", 7, post, " | content-length: 7");
}

#[test_everywhere(unsupported = test)]
fn both_read_answers_alike() {
    for (product, keep) in [(AGENT, "keep 5000 ms"), (FETCH, "keep 4000 ms")] {
        for answered in [
            "HTTP/1.1 200 | Content-Length: 5",
            "HTTP/1.1 200 | Transfer-Encoding: chunked",
            "HTTP/1.1 204",
            "HTTP/1.1 304",
            "HTTP/1.1 503 | Content-Length: 5",
            "HTTP/1.1 200 | Content-Length: 5 | Connection: closed",
            "HTTP/1.0 200 | Content-Length: 5 | Connection: Keep-Alive",
            "HTTP/1.0 200 | Content-Length: 5 | Connection: close, keep-alive",
            "HTTP/1.0 204 | Connection: keep-alive",
        ] {
            check(product, answered, keep);
        }
        for answered in [
            "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive, close",
            "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive | Connection: close",
            "HTTP/1.1 204 | Connection: Close",
        ] {
            check(product, answered, "close: close-in-response");
        }
        for answered in [
            "HTTP/1.0 200 | Content-Length: 5",
            "HTTP/1.0 200 | Content-Length: 5 | Connection: foo",
            "HTTP/2.0 200 | Content-Length: 5",
        ] {
            check(product, answered, "close: http10-not-confirmed");
        }
        check(product, "HTTP/1.1 200", "await close");
        check(product, "HTTP/1.0 200 | Connection: keep-alive", "await close");
    }
}

#[test_everywhere(unsupported = test)]
fn the_answer_to_head() {
    let head = "HEAD / HTTP/1.1 | Host: a";
    let length = "HTTP/1.1 200 | Content-Length: 5";
    makes(AGENT, head, length, "keep 5000 ms");
    makes(AGENT, head, "HTTP/1.1 200", "close: head-without-length");
    makes(FETCH, head, length, "close: last-request");
}

#[test_everywhere(unsupported = test)]
fn a_body_that_the_method_does_not_expect_ends_fetch() {
    let length = "HTTP/1.1 200 | Content-Length: 5";
    let delete = "DELETE / HTTP/1.1 | Host: a | Content-Length: 3";
    makes(FETCH, delete, length, "close: unexpected-body");
    makes(FETCH, "DELETE / HTTP/1.1 | Host: a", length, "keep 4000 ms");
    let put = "PUT / HTTP/1.1 | Host: a | Content-Length: 3";
    makes(FETCH, put, length, "keep 4000 ms");
    makes(AGENT, delete, length, "keep 5000 ms");
}

#[track_caller]
fn hinted(product: &str, hint: &str, expected: &str) {
    let lines = hint.replace(" / ", " | Keep-Alive: ");
    check(product, &format!("HTTP/1.1 200 | Content-Length: 5 | Keep-Alive: {lines}"), expected);
}

#[test_everywhere(unsupported = test)]
fn an_agent_heeds_a_hint_that_makes_the_wait_shorter() {
    hinted(AGENT, "timeout=1", "close: hint-too-short");
    hinted(AGENT, "timeout=2", "keep 1000 ms");
    hinted(AGENT, "timeout=3, max=5", "keep 2000 ms");
    hinted(AGENT, "timeout=3s", "keep 2000 ms");
    hinted(AGENT, "timeout=60", "keep 5000 ms");
    for nothing in
        ["max=5, timeout=3", "Timeout=3", "timeout = 3", "timeout=x", "max=1 / timeout=3"]
    {
        hinted(AGENT, nothing, "keep 5000 ms");
    }
    // Without a timeout of its own there is nothing to shorten.
    let endless = "node-agent 20.20.2; keepAlive = true";
    hinted(endless, "timeout=2", "keep");
    hinted(endless, "timeout=1", "close: hint-too-short");
    hinted("node-agent 20.9.0; keepAlive = true; timeout = 5000", "timeout=1", "keep 1000 ms");
    let wide = "; keepAlive = true; timeout = 9000; agentKeepAliveTimeoutBuffer = 4000";
    hinted(&format!("node-agent 24.7.0{wide}"), "timeout=5", "keep 1000 ms");
    hinted(&format!("node-agent 20.20.2{wide}"), "timeout=5", "keep 4000 ms");
}

#[test_everywhere(unsupported = test)]
fn fetch_follows_a_hint_both_ways() {
    hinted(FETCH, "timeout=2", "close: hint-too-short");
    hinted(FETCH, "timeout=3", "keep 1000 ms");
    hinted(FETCH, "timeout=60", "keep 58000 ms");
    hinted(FETCH, "timeout=9999", "keep 600000 ms");
    hinted(FETCH, "max=5, timeout=3", "keep 1000 ms");
    hinted(FETCH, "max=1 / timeout=3", "keep 1000 ms");
    hinted(FETCH, "Timeout=3", "keep 4000 ms");
    hinted("node-fetch 18.20.8", "timeout=3", "keep 2000 ms");
    hinted("node-fetch; keepAliveTimeoutThreshold = 500", "timeout=3", "keep 2500 ms");
    hinted("node-fetch; keepAliveMaxTimeout = 2000", "timeout=9", "keep 2000 ms");
    check("node-fetch; keepAliveTimeout = 600", "HTTP/1.1 200 | Content-Length: 5", "keep 600 ms");
}

#[test_everywhere(unsupported = test)]
fn an_agent_without_keep_alive() {
    let length = "HTTP/1.1 200 | Content-Length: 5";
    check("node-agent", length, "close: agent-keeps-none");
    check("node-agent; maxSockets = 1", length, "keep 0 ms");
}

#[test_everywhere(unsupported = test)]
fn neither_repeats_anything() {
    for product in [AGENT, FETCH] {
        assert!(!client(product).retries(&request("GET / HTTP/1.1")));
    }
}

/// Which exchanges each connection carried, and when and why the client closed it. Each exchange
/// begins at its millisecond and is answered so many later.
#[track_caller]
fn carried(product: &str, until_ms: u64, exchanges: &[(u64, u64)], expected: &[&str]) {
    let planned = exchanges.iter().map(|&(at_ms, after_ms)| Planned {
        start: Start::At(Us::from_ms(at_ms)),
        request: request("GET / HTTP/1.1 | Host: a"),
        app: keepalive::profile::App { after: Us::from_ms(after_ms), ..app("200 known 5") },
        ..Planned::default()
    });
    let scenario = Scenario {
        server: chosen("node; server.keepAliveTimeout = 0"),
        client: chosen(product),
        exchanges: planned.collect(),
        until: Some(Us::from_ms(until_ms)),
        ..Scenario::default()
    };
    let timeline = run(&scenario).expect("a run");
    let told: Vec<String> = timeline
        .connections
        .iter()
        .map(|connection| {
            let carried: Vec<_> = connection.exchanges.iter().map(u32::to_string).collect();
            let closed = connection.close.as_ref().map(|close| {
                assert_eq!(close.by, Side::Client);
                format!(", closed at {}: {}", close.at.0 / 1_000, close.because[0].rule)
            });
            carried.join(" ") + closed.as_deref().unwrap_or("")
        })
        .collect();
    assert_eq!(told, expected);
}

#[test_everywhere(unsupported = test)]
fn which_connection_an_agent_takes() {
    let endless = "node-agent 20.20.2; keepAlive = true";
    let three = [(0, 110), (0, 80), (0, 50), (500, 0), (700, 0), (900, 0)];
    carried(endless, 2_500, &three, &["0 3 4 5", "1", "2"]);
    carried(&format!("{endless}; scheduling = fifo"), 2_500, &three, &["0 5", "1 4", "2 3"]);
    carried(
        &format!("{endless}; maxFreeSockets = 2"),
        2_500,
        &[(0, 50), (0, 80), (0, 110), (0, 140), (600, 5), (600, 5), (600, 5)],
        &[
            "0 5",
            "1 4",
            "2, closed at 110: no-idle-room",
            "3, closed at 140: no-idle-room",
            "6, closed at 605: no-idle-room",
        ],
    );
    carried(
        &format!("{endless}; maxSockets = 2"),
        2_500,
        &[(0, 50), (0, 60), (0, 70), (0, 80), (0, 90)],
        &["0 2 4", "1 3"],
    );
    carried(
        "node-agent 20.20.2; maxSockets = 1",
        2_500,
        &[(0, 0), (200, 5), (200, 5)],
        &["0, closed at 0: agent-keeps-none", "1 2, closed at 210: agent-keeps-none"],
    );
}

#[test_everywhere(unsupported = test)]
fn which_connection_fetch_takes() {
    let three = [(0, 110), (0, 80), (0, 50), (500, 0), (700, 0), (900, 0)];
    carried(FETCH, 2_500, &three, &["0 3 4 5", "1", "2"]);
    // The first place is filled again although another connection is free.
    carried(
        "node-fetch; keepAliveTimeout = 300",
        900,
        &[(0, 100), (0, 300), (500, 0)],
        &[
            "0, closed at 400: client-idle-limit",
            "1, closed at 600: client-idle-limit",
            "2, closed at 800: client-idle-limit",
        ],
    );
    carried(
        "node-fetch; pipelining = 4; connections = 1",
        2_500,
        &[(0, 100), (0, 100), (0, 100), (0, 100), (0, 100), (900, 0)],
        &["0 1 2 3 4 5"],
    );
}

#[test_everywhere(unsupported = test)]
fn idle_limits() {
    carried(
        "node-agent 20.20.2; keepAlive = true; timeout = 500",
        2_500,
        &[(0, 0), (200, 0)],
        &["0 1, closed at 700: client-idle-limit"],
    );
    carried(FETCH, 9_000, &[(0, 0)], &["0, closed at 4000: client-idle-limit"]);
}

#[test_everywhere(unsupported = test)]
fn amounts_are_numbers_or_words() {
    assert_eq!(client(AGENT).max_connections(), u32::MAX);
    assert_eq!(client("node-agent; maxSockets = 3; maxTotalSockets = 2").max_connections(), 2);
    assert_eq!(client("node-fetch; connections = 3").max_connections(), 3);
    for (wrong, name) in [
        ("node-agent; maxSockets = many", "maxSockets"),
        ("node-fetch; connections = Infinity", "connections"),
    ] {
        let config = Config::parse(&chosen(wrong)).expect("the product is known");
        let MakeRule::Client(make) = config.product.rule else { panic!("a server") };
        assert_eq!(make(&config).err().map(|error| error.at).as_deref(), Some(name));
    }
}
