//! HAProxy: request, application, answer, verdict. What is expected here was measured on 2.6.12;
//! where other versions differ, their manuals say so.
#[path = "profiles/answers.rs"]
mod answers;
mod profiles;

use answers::{path, told};
use keepalive::profile::{After, Idle, StrayLine};
use keepalive::sim::{Planned, Scenario, Start, Us, run};
use profiles::{app, chosen, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// The answer of 2.6 with its default settings to a page of five bytes.
#[track_caller]
fn check(asked: &str, expected: &str) {
    with("haproxy 2.6", asked, "200 known 5", expected);
}

#[track_caller]
fn with(product: &str, asked: &str, application: &str, expected: &str) {
    let (request, app) = (request(asked), app(application));
    assert_eq!(told(&server(product).answer(&seen(&request, &app))), expected);
}

const KEPT: &str = "HTTP/1.1 200 | content-length: 5 -> keep, http11-default";
const NEGOTIATED: &str =
    "HTTP/1.1 200 | content-length: 5 | connection: keep-alive -> keep, http10-negotiated";
const CLOSED: &str =
    "HTTP/1.1 200 | content-length: 5 | connection: close -> close, close-in-request";
const NOT_ASKED: &str =
    "HTTP/1.1 200 | content-length: 5 | connection: close -> close, http10-not-asked";

#[test_everywhere(unsupported = test)]
fn only_what_differs_from_the_version_is_said() {
    check("GET / HTTP/1.1 | Host: a", KEPT);
    check("GET / HTTP/1.1 | Host: a | Connection: keep-alive", KEPT);
    check("GET / HTTP/1.1 | Host: a | Connection: Close", CLOSED);
    check("GET / HTTP/1.0", NOT_ASKED);
    check("GET / HTTP/1.0 | Connection: Keep-Alive", NEGOTIATED);
    check("GET / HTTP/1.0 | Proxy-Connection: keep-alive", NOT_ASKED);
    check("GET / HTTP/1.1 | Host: a | Proxy-Connection: close", KEPT);
    check("GET / HTTP/1.1 | Host: a | Connection: Upgrade | Upgrade: h2c", KEPT);
}

#[test_everywhere(unsupported = test)]
fn words_count_and_close_wins_on_whichever_line() {
    for text in ["close", "keep-alive, close", "close, keep-alive", ", close", "close,"] {
        check(&format!("GET / HTTP/1.1 | Host: a | Connection: {text}"), CLOSED);
        check(&format!("GET / HTTP/1.0 | Connection: {text}"), CLOSED);
    }
    for text in ["closed", "not-close", "close;x", "\"close\"", "keep-alive close", "foo", ""] {
        check(&format!("GET / HTTP/1.1 | Host: a | Connection: {text}"), KEPT);
        check(&format!("GET / HTTP/1.0 | Connection: {text}"), NOT_ASKED);
    }
    check("GET / HTTP/1.0 | Connection: close | Connection: keep-alive", CLOSED);
    check("GET / HTTP/1.0 | Connection: keep-alive | Connection: close", CLOSED);
    check("GET / HTTP/1.0 | Connection: keep-alive, TE", NEGOTIATED);
    check("GET / HTTP/1.1 | Host: a | Connection: keep-alive,\r\n close", CLOSED);
}

#[test_everywhere(unsupported = test)]
fn versions_and_a_missing_host_are_no_matter() {
    for version in ["HTTP/1.2", "HTTP/2.0", "HTTP/3.0"] {
        check(&format!("GET / {version} | Host: a"), KEPT);
    }
    check("GET / HTTP/0.8 | Connection: keep-alive", NEGOTIATED);
    check("GET / HTTP/1.1", KEPT);
    check("GET / HTTP/1.1 | Host:", KEPT);
    check("GET / HTTP/1.1 | Host: a b", KEPT);
    check("GET / HTTP/1.1 | Host: a | Host: A", KEPT);
}

#[test_everywhere(unsupported = test)]
fn what_cannot_be_read_gets_an_error_and_the_connection_ends() {
    for (asked, rule) in [
        ("GET /", "http09-refused"),
        ("GET / HTTP/1.10 | Host: a", "malformed-version"),
        ("GET / http/1.1 | Host: a", "malformed-version"),
        ("G@T / HTTP/1.1 | Host: a", "malformed-request-line"),
        ("GET /\u{e9} HTTP/1.1 | Host: a", "malformed-request-line"),
        ("CONNECT a HTTP/1.1 | Host: a", "malformed-request-line"),
        ("GET / HTTP/1.1 | Host: a | X Y: z", "malformed-field"),
        ("GET / HTTP/1.1 | Host: a | X : z", "space-before-colon"),
        ("GET / HTTP/1.1 | Host: a | Host: b", "host-missing-or-repeated"),
        ("GET http://b/ HTTP/1.1 | Host: a", "host-missing-or-repeated"),
        ("GET http://a:81/ HTTP/1.1 | Host: a", "host-missing-or-repeated"),
        ("GET app HTTP/1.1 | Host: a", "host-missing-or-repeated"),
        ("POST / HTTP/1.1 | Host: a | Content-Length: +5", "invalid-content-length"),
        ("POST / HTTP/1.1 | Host: a | Content-Length:", "invalid-content-length"),
        (
            "POST / HTTP/1.1 | Host: a | Content-Length: 5 | Content-Length: 6",
            "different-content-lengths",
        ),
        ("POST / HTTP/1.1 | Host: a | Transfer-Encoding: gzip", "not-chunked-last"),
        ("POST / HTTP/1.1 | Transfer-Encoding: chunked, chunked", "chunked-twice"),
        ("GET / HTTP/1.1 | Host: a | Connection: upgrade | Upgrade: websocket", "websocket-key"),
    ] {
        let page = "HTTP/1.1 400 | Content-length: 90 | Connection: close -> close, ";
        check(asked, &format!("{page}{rule}"));
    }
    // These two pages say nothing about the connection, and yet it ends.
    check(
        "GET / HTTP/1.0 | Connection: keep-alive | Content-Length: 5",
        "HTTP/1.1 413 | Content-length: 106 -> close, body-not-taken",
    );
    check(
        "POST / HTTP/1.1 | Host: a | Transfer-Encoding: gzip, chunked",
        "HTTP/1.1 422 | Content-length: 116 -> close, unknown-coding",
    );
    let long = |bytes| format!("GET / HTTP/1.1 | Host: a | X: {}", "b".repeat(bytes));
    check(&long(15_200), KEPT);
    check(
        &long(15_300),
        "HTTP/1.1 400 | Content-length: 90 | Connection: close -> close, request-too-large",
    );
    let many = |fields| format!("GET / HTTP/1.1 | Host: a{}", " | X: y".repeat(fields));
    check(&many(99), KEPT);
    check(
        &many(100),
        "HTTP/1.1 400 | Content-length: 90 | Connection: close -> close, request-too-large",
    );
}

#[test_everywhere(unsupported = test)]
fn lengths_that_contradict_each_other_end_the_connection() {
    let doubtful = "HTTP/1.1 200 | content-length: 5 | connection: close -> close, doubtful-length";
    check("POST / HTTP/1.1 | Host: a | Transfer-Encoding: chunked | Content-Length: 5", doubtful);
    check("POST / HTTP/1.0 | Connection: keep-alive | Transfer-Encoding: chunked", doubtful);
    check("POST / HTTP/1.1 | Host: a | Transfer-Encoding: chunked", KEPT);
    check("POST / HTTP/1.1 | Host: a | Content-Length: 0, 0", KEPT);
    check("POST / HTTP/1.1 | Host: a | Content-Length: 5 | Content-Length: 5", KEPT);
    check("GET / HTTP/1.1 | Host: a | Content-Length: 5", KEPT);
}

#[test_everywhere(unsupported = test)]
fn no_status_of_the_server_behind_it_ends_the_connection() {
    for status in [301, 400, 403, 404, 408, 411, 413, 414, 500, 501, 502, 503, 504] {
        let expected = format!("HTTP/1.1 {status} | content-length: 5 -> keep, http11-default");
        with("haproxy", "GET / HTTP/1.1 | Host: a", &format!("{status} known 5"), &expected);
    }
    for status in [204, 304] {
        let expected = format!("HTTP/1.1 {status} -> keep, http11-default");
        with("haproxy", "GET / HTTP/1.1 | Host: a", &format!("{status} known 5"), &expected);
    }
}

#[test_everywhere(unsupported = test)]
fn the_length_decides_for_old_clients() {
    let new = |method: &str| format!("{method} / HTTP/1.1 | Host: a");
    let old = |method: &str| format!("{method} / HTTP/1.0 | Connection: keep-alive");
    let chunked = "HTTP/1.1 200 | transfer-encoding: chunked -> keep, http11-default";
    for method in ["GET", "HEAD"] {
        with("haproxy", &new(method), "200 streamed 9", chunked);
    }
    with(
        "haproxy",
        &old("GET"),
        "200 streamed 9",
        "HTTP/1.1 200 | connection: close -> close, close-delimited",
    );
    with(
        "haproxy",
        &old("HEAD"),
        "200 streamed 9",
        "HTTP/1.1 200 | connection: keep-alive -> keep, http10-negotiated",
    );
    with(
        "haproxy",
        &new("GET"),
        "200 known 5 | Content-Length: 9",
        "HTTP/1.1 200 | content-length: 9 -> close, incomplete-answer",
    );
    with(
        "haproxy",
        &new("GET"),
        "200 known 5 | Content-Length: x",
        "HTTP/1.1 502 | content-length: 107 -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn words_that_haproxy_does_not_know_are_passed_on() {
    let told = |own: &str, expected: &str| {
        let application = format!("200 known 5 | {own}");
        with("haproxy", "GET / HTTP/1.1 | Host: a", &application, expected);
    };
    for own in ["close", "keep-alive", "keep-alive, close"] {
        told(&format!("Connection: {own}"), KEPT);
    }
    told(
        "Connection: foo, close",
        "HTTP/1.1 200 | connection: foo | content-length: 5 -> keep, http11-default",
    );
    told(
        "Keep-Alive: timeout=9",
        "HTTP/1.1 200 | keep-alive: timeout=9 | content-length: 5 -> keep, http11-default",
    );
    // An upgrade that the origin speaks of leaves no room for close.
    with(
        "haproxy",
        "GET / HTTP/1.1 | Host: a | Connection: close",
        "200 known 5 | Connection: upgrade",
        "HTTP/1.1 200 | connection: upgrade | content-length: 5 -> close, close-in-request",
    );
}

#[test_everywhere(unsupported = test)]
fn both_sides_have_to_want_another_protocol() {
    let own = "101 empty | Connection: upgrade | Upgrade: x";
    let wanted = "GET / HTTP/1.1 | Host: a | Connection: upgrade | Upgrade: x";
    let switched = "HTTP/1.1 101 | connection: upgrade | upgrade: x -> tunnel, switched-protocols";
    with("haproxy", wanted, own, switched);
    let bad = "HTTP/1.1 502 | content-length: 107 -> keep, http11-default";
    with("haproxy", "GET / HTTP/1.1 | Host: a", own, bad);
    with("haproxy", wanted, "101 empty", bad);
    with(
        "haproxy",
        "CONNECT a:80 HTTP/1.1 | Host: a:80",
        "200 empty",
        "HTTP/1.1 200 | content-length: 0 -> tunnel, tunnel",
    );
}

#[test_everywhere(unsupported = test)]
fn options() {
    let new = "GET / HTTP/1.1 | Host: a | Connection: keep-alive";
    let closed = "HTTP/1.1 200 | content-length: 5 | connection: close -> close, httpclose";
    with("haproxy 2.6; option httpclose", new, "200 known 5", closed);
    for kept in [
        "option http-server-close",
        "option http-keep-alive",
        "option http-pretend-keepalive",
        "option http-use-proxy-header",
        "option httpclose; option http-server-close",
        "option httpclose = off",
    ] {
        with(&format!("haproxy 2.6; {kept}"), new, "200 known 5", KEPT);
    }
    with("haproxy 2.6; option http-keep-alive; option httpclose", new, "200 known 5", closed);
}

#[test_everywhere(unsupported = test)]
fn earlier_versions() {
    let new = "GET / HTTP/1.1 | Host: a";
    let own = "200 known 5 | Connection: close";
    // The first request and answer only: the server behind it decides.
    let tunnel = "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, origin-closes";
    for version in ["1.3", "1.4", "1.5; option http-tunnel"] {
        with(&format!("haproxy {version}"), new, own, tunnel);
    }
    let kept = "HTTP/1.1 200 | Content-Length: 5 -> keep, http11-default";
    for version in ["1.4; option http-server-close", "1.5", "1.8.30"] {
        with(&format!("haproxy {version}"), new, own, kept);
    }
    let closed = "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, httpclose";
    with("haproxy 1.4; option forceclose", new, "200 known 5", closed);
    // Proxies were told by another field, if that was wanted.
    let proxied = "GET http://a/ HTTP/1.1 | Host: a | Proxy-Connection: close";
    let close = "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, close-in-request";
    with("haproxy 1.5; option http-use-proxy-header", proxied, "200 known 5", close);
    with("haproxy 1.5", proxied, "200 known 5", kept);
    with("haproxy 2.6; option http-use-proxy-header", proxied, "200 known 5", KEPT);
}

/// What the settings make of the two clocks: for the next request, and for one that has begun.
#[track_caller]
fn clocks(settings: &str, idle_ms: Option<u64>, head_ms: Option<u64>) {
    let rule = server(&format!("haproxy 2.6; {settings}"));
    let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
    let of = |ms: Option<u64>| Idle { limit: ms.map(Us::from_ms), checked_every: None };
    assert_eq!(rule.answer(&seen(&request, &app)).after, After::Keep(of(idle_ms)), "{settings}");
    assert_eq!(rule.stray_line(), StrayLine::Begins(of(head_ms)), "{settings}");
}

#[test_everywhere(unsupported = test)]
fn the_shorter_of_two_timeouts_ends_the_wait() {
    clocks("", Some(50_000), Some(50_000));
    clocks("timeout http-keep-alive = 700", Some(700), Some(50_000));
    clocks("timeout http-keep-alive = 2s", Some(2_000), Some(50_000));
    clocks("timeout http-request = 700ms", Some(700), Some(700));
    clocks("timeout client = 1m", Some(60_000), Some(60_000));
    clocks("timeout http-keep-alive = 1500; timeout client = 700", Some(700), Some(700));
    clocks("timeout http-keep-alive = 1s; timeout http-request = 400", Some(1_000), Some(400));
    clocks("timeout http-keep-alive = 0; timeout http-request = 500", Some(500), Some(500));
    // Nobody watches the clock of a client that may be silent without end.
    clocks("timeout client = 0", None, None);
    clocks(
        "timeout client = 0; timeout http-keep-alive = 1s; timeout http-request = 1s",
        None,
        None,
    );
}

/// The run of these exchanges: their outcomes, and when the connections closed, in ms.
fn told_run(server: &str, exchanges: Vec<Planned>) -> (Vec<&'static str>, Vec<Option<u64>>) {
    let until = Some(Us::from_secs(20));
    let scenario = Scenario { server: chosen(server), exchanges, until, ..Scenario::default() };
    let timeline = run(&scenario).expect("the scenario is right");
    let outcomes = timeline.exchanges.iter().map(|exchange| exchange.outcome.as_str()).collect();
    let close = |close: &keepalive::sim::Close| close.at.0 / 1_000;
    let closes = timeline.connections.iter().map(|link| link.close.as_ref().map(close)).collect();
    (outcomes, closes)
}

fn post(bytes: u64, sent: u64) -> Planned {
    let length = bytes.to_string();
    let request = request("POST / HTTP/1.1 | Host: a").with("Content-Length", &length);
    Planned { request, body_bytes: sent, ..Planned::default() }
}

#[test_everywhere(unsupported = test)]
fn a_line_end_after_a_body_sets_the_other_clock() {
    let server = "haproxy 2.6; timeout http-keep-alive = 1s; timeout http-request = 400";
    assert_eq!(told_run(server, vec![post(5, 5)]), (vec!["answered"], vec![Some(1_000)]));
    let stray = Planned { trailing_crlf: true, ..post(5, 5) };
    assert_eq!(told_run(server, vec![stray.clone()]), (vec!["answered"], vec![Some(400)]));
    let server = "haproxy 2.6; timeout http-keep-alive = 1s";
    assert_eq!(told_run(server, vec![stray.clone()]), (vec!["answered"], vec![None]));
    let server = "haproxy 2.6; timeout client = 3s; timeout http-keep-alive = 1s";
    assert_eq!(told_run(server, vec![stray]), (vec!["answered"], vec![Some(3_000)]));
}

#[test_everywhere(unsupported = test)]
fn a_silent_server_is_replaced_after_its_time() {
    let server = "haproxy 2.6; timeout server = 500; timeout http-keep-alive = 1s";
    let mut slow = Planned { request: request("GET / HTTP/1.1 | Host: a"), ..Planned::default() };
    slow.app.after = Us::from_secs(2);
    assert_eq!(told_run(server, vec![slow.clone()]), (vec!["answered"], vec![Some(1_500)]));
    slow.app.after = Us::from_ms(100);
    assert_eq!(told_run(server, vec![slow]), (vec!["answered"], vec![Some(1_100)]));
    // So is one that waits for a body that does not come; then the connection ends.
    assert_eq!(told_run(server, vec![post(9, 5)]), (vec!["answered"], vec![Some(500)]));
    let later = Planned { start: Start::At(Us::from_secs(1)), ..post(5, 5) };
    let waiting = told_run("haproxy 2.6; timeout server = 0", vec![post(9, 5), later]);
    assert_eq!(waiting, (vec!["unanswered", "unanswered"], vec![None]));
}

#[test_everywhere(unsupported = test)]
fn the_path_names_what_decided() {
    let (request, app) = (request("GET / HTTP/1.0"), app("200 known 5"));
    assert_eq!(
        path(&server("haproxy").answer(&seen(&request, &app))),
        [
            "Does a message say close? no",
            "Is it HTTP/1.1 or later? no",
            "Did both sides of HTTP/1.0 ask for keep-alive? no!",
        ]
    );
}
